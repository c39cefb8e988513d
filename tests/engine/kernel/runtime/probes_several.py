"""Probes of events with several definitions, one of which changes the course of things."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    TERMINATE,
    boundary,
    end,
    error,
    escalation,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    say,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.kernel.runtime.probes import Probe, inner

# Two branches in `o`: a person works, and at `go` it ends with these definitions.
ENDING = signal() + escalation() + TERMINATE


def branches(definitions: str) -> str:
    return (
        start("os") + gateway("parallel", "g") + user("u") + user("go") + end("ue")
        + end("oe", definitions) + flow("os", "g", "u", "ue") + flow("g", "go", "oe")
    )  # fmt: skip


def woken(name: str) -> str:
    """An event subprocess of the process that a signal starts, and that says so."""
    return event_sub(
        "X", signal(), end("xe"), flow("X_start", name, "xe"), say(name), interrupting=False
    )


FAILS = sub("f", start("fs") + end("fe", error()) + flow("fs", "fe"))

PROBES = {
    "a signal goes out before everything is terminated": Probe(
        main_line("o", "z") + sub("o", branches(signal() + TERMINATE)) + woken("h") + say("z"),
        ["h", "z"],
        ["go"],
        ordered=False,
    ),
    "an escalation beside a terminate is caught outside": Probe(
        main_line("o", "bad")
        + sub("o", branches(ENDING))
        + handled("b", "o", escalation(), text="caught")
        + woken("h")
        + say("bad"),
        ["caught", "h"],
        ["go"],
        ordered=False,
    ),
    "a signal that ends the subprocess leaves nothing to terminate": Probe(
        main_line("o", "bad")
        + sub("o", branches(signal() + TERMINATE))
        + handled("b", "o", signal(), text="caught")
        + say("bad"),
        ["caught"],
        ["go"],
    ),
    "an error or a timer at one border: the error": Probe(
        main_line("o")
        + sub("o", inner("f"), FAILS)
        + handled("b", "o", error() + timer(), text="h"),
        ["h"],
    ),
    "an error or a timer at one border: the timer": Probe(
        main_line("a") + service("a") + handled("b", "a", error() + timer(), text="h"),
        ["h"],
        ["b"],
    ),
    "an escalation or a signal starts an event subprocess": Probe(
        main_line("x", "u")
        + throw("x", escalation())
        + user("u")
        + event_sub(
            "X",
            escalation() + signal(),
            end("xe"),
            flow("X_start", "h", "xe"),
            say("h"),
            interrupting=False,
        ),
        ["h", "h"],
        ["!S1", "u"],
    ),
    "a signal and an escalation in one end event": Probe(
        main_line("o", "z")
        + sub("o", inner("a", finish=signal() + escalation()), say("a"))
        + boundary("b", "o", escalation(), interrupting=False)
        + say("e1")
        + end("be")
        + flow("b", "e1", "be")
        + woken("h")
        + say("z"),
        ["a", "e1", "h", "z"],
        ordered=False,
    ),
}
