"""Probes of cancel end events: the transaction around ends, whatever lies between."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    CANCEL,
    boundary,
    catch,
    compensate,
    end,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    say,
    signal,
    start,
    sub,
    times,
    undoable,
    user,
)
from tests.engine.kernel.runtime.probes import Probe, inner

CAUGHT = handled("b", "T", CANCEL, text="h")
# Undone by a person: the transaction waits for it.
SLOWLY = (
    say("A")
    + boundary("bA", "A", compensate())
    + user("undo", attributes='isForCompensation="true"')
    + '<association id="as" sourceRef="bA" targetRef="undo"/>'
)


def nested(*ids: str) -> str:
    """Start, these, and a cancel end event."""
    return start("ns") + end("ne", CANCEL) + flow("ns", *ids, "ne")


PROBES = {
    "a nested subprocess cancels the transaction": Probe(
        main_line("T")
        + sub(
            "T",
            inner("A", "N", "bad"),
            undoable("A"),
            sub("N", nested("B"), undoable("B")),
            say("bad"),
            tag="transaction",
        )
        + CAUGHT,
        ["A", "B", "undo_B", "undo_A", "h"],
    ),
    "one of several nested instances cancels the transaction": Probe(
        main_line("T")
        + sub(
            "T",
            inner("A", "N"),
            undoable("A"),
            sub("N", nested("u"), user("u"), loop=times("3")),
            tag="transaction",
        )
        + CAUGHT,
        ["A", "undo_A", "h"],
        ["u 2"],
    ),
    "an event subprocess that does not interrupt cancels the transaction": Probe(
        main_line("T")
        + sub(
            "T",
            inner("A", "u"),
            undoable("A"),
            user("u"),
            event_sub("X", signal(), end("xe", CANCEL), flow("X_start", "xe"), interrupting=False),
            tag="transaction",
        )
        + CAUGHT,
        ["A", "undo_A", "h"],
        ["!S1"],
    ),
    "what still runs ends before anything is undone": Probe(
        main_line("T")
        + sub(
            "T",
            start("ts") + gateway("parallel", "g") + SLOWLY + end("tc", CANCEL),
            catch("c", signal()) + say("bad") + end("te"),
            flow("ts", "g", "A", "tc") + flow("g", "c", "bad", "te"),
            tag="transaction",
        )
        + CAUGHT,
        ["A", "h"],
        ["!S1?", "undo"],
    ),
    "an inner transaction is the one that is cancelled": Probe(
        main_line("T", "z")
        + sub(
            "T",
            inner("A", "I", "bad"),
            undoable("A"),
            sub("I", nested("B"), undoable("B"), tag="transaction"),
            handled("ib", "I", CANCEL, text="inner"),
            say("bad"),
            tag="transaction",
        )
        + CAUGHT
        + say("z"),
        ["A", "B", "undo_B", "inner", "z"],
    ),
}
