"""Probes of loops and instances with events, and of what is undone after them."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    CANCEL,
    boundary,
    compensate,
    end,
    error,
    flow,
    handled,
    main_line,
    repeat,
    say,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    times,
    undoable,
    user,
)
from tests.engine.kernel.runtime.probes import PAIR, Probe, handler, inner, rounds, within

LOOPS = {
    "a boundary event without interrupting on instances": Probe(
        main_line("u", "z")
        + user("u", loop=times("=2", sequential=True))
        + handled("b", "u", signal(), interrupting=False, text="h")
        + say("z"),
        ["h", "h", "z"],
        ["!S1", "u", "!S1", "u"],
    ),
    "a boundary event ends sequential instances": Probe(
        main_line("u", "bad")
        + user("u", loop=times("=3", sequential=True))
        + handled("b", "u", signal(), text="h")
        + say("bad"),
        ["h"],
        ["u", "!S1"],
    ),
    "the completion condition of sequential instances": Probe(
        main_line("u", "z")
        + user("u", loop=times("=5", sequential=True, until="=numberOfCompletedInstances = 2"))
        + say("z"),
        ["z"],
        ["u", "u"],
    ),
    "a loop around a subprocess": Probe(
        main_line("P", "z")
        + sub("P", inner("a"), script("a", "n + 1", "n"), loop=repeat(10, "=n < 3"))
        + script("z", "n"),
        [3],
        variables={"n": 0},
    ),
    "a loop without a maximum": Probe(
        main_line("a", "z")
        + script("a", "n + 1", "n", loop=repeat(0, "=n < 7").replace('loopMaximum="0"', ""))
        + script("z", "n"),
        [7],
        variables={"n": 0},
    ),
    "a loop that does not end": Probe(
        main_line("t")
        + script("t", "1", "n", loop=repeat(0, "=true").replace('loopMaximum="0"', "")),
        [],
        status="suspended",
        incidents=(("t", "too-many-instances"), ("", "automatic-loop")),
    ),
    "a boundary event ends a loop": Probe(
        main_line("u", "bad")
        + user("u", loop=repeat(5))
        + handled("b", "u", timer(), text="h")
        + say("bad"),
        ["h"],
        ["u", "b"],
    ),
    "instances within instances": Probe(
        main_line("P", "z")
        + sub("P", inner("u"), user("u", loop=times("=2")), loop=times("=2"))
        + say("z"),
        ["z"],
        ["u 1 1", "u 2 2", "u 2 1", "u 1 2"],
    ),
    "no instance at all": Probe(
        main_line("u", "z") + user("u", loop=times("=0")) + say("z"), ["z"]
    ),
    "an event subprocess of one instance": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("u", "bad"),
            user("u"),
            say("bad"),
            handler("E", timer()),
            loop=times("=2", sequential=True),
        )
        + say("z"),
        ["h", "bad", "z"],
        ["E_start", "u"],
    ),
    "an error inside one instance ends all of a subprocess": Probe(
        main_line("P", "bad")
        + sub(
            "P",
            inner("u", "x"),
            user("u"),
            sub("x", within("x", finish=error())),
            loop=times("=3"),
        )
        + handled("b", "P", error(), text="h")
        + say("bad"),
        ["h"],
        ["u"],
    ),
}

UNDOING = {
    "an association drawn from the handler": Probe(
        main_line("A", "t")
        + undoable("A").replace(
            'sourceRef="b_A" targetRef="undo_A"', 'sourceRef="undo_A" targetRef="b_A"'
        )
        + throw("t", compensate()),
        ["A", "undo_A"],
    ),
    "handlers in a loop, latest first": Probe(
        start()
        + end()
        + rounds(undoable("A") + script("c", "n + 1", "n"), 2)
        + throw("t", compensate())
        + flow("s", "m", "A", "c", "x")
        + flow("x", "t", id="fx")
        + flow("t", "e"),
        ["A", "A", "undo_A", "undo_A"],
        variables={"n": 0},
    ),
    "a handler that is a subprocess": Probe(
        main_line("A", "t", "z")
        + say("A")
        + boundary("bA", "A", compensate())
        + sub(
            "U",
            within("u", "u1", "u2"),
            user("u1"),
            say("u2"),
            attributes='isForCompensation="true"',
        )
        + '<association id="as" sourceRef="bA" targetRef="U"/>'
        + throw("t", compensate())
        + say("z"),
        ["A", "u2", "z"],
        ["u1"],
    ),
    "two levels are undone from inside out": Probe(
        main_line("P", "C", "t")
        + sub("P", inner("A", "Q"), undoable("A"), sub("Q", within("q", "B"), undoable("B")))
        + undoable("C")
        + throw("t", compensate()),
        ["A", "B", "C", "undo_C", "undo_B", "undo_A"],
    ),
    "a named subprocess is undone, the rest is not": Probe(
        main_line("A", "P", "t")
        + undoable("A")
        + sub("P", inner("B"), undoable("B"))
        + throw("t", compensate("P")),
        ["A", "B", "undo_B"],
    ),
    "a handler of its own goes before what is inside": Probe(
        main_line("P", "t")
        + sub("P", inner("B"), undoable("B"))
        + boundary("bP", "P", compensate())
        + say("undo_P", attributes='isForCompensation="true"')
        + '<association id="aP" sourceRef="bP" targetRef="undo_P"/>'
        + throw("t", compensate()),
        ["B", "undo_P"],
    ),
    "a compensation end event": Probe(
        start() + PAIR + end("x", compensate()) + flow("s", "A", "B", "x"),
        ["A", "B", "undo_B", "undo_A"],
    ),
    "an instance of a subprocess undoes only its own": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("A", "u", "t"),
            undoable("A"),
            user("u"),
            throw("t", compensate()),
            loop=times("=2"),
        )
        + say("z"),
        ["A", "A", "undo_A", "undo_A", "z"],
        ["u", "u"],
    ),
    "finished instances of a subprocess are undone": Probe(
        main_line("P", "t")
        + sub("P", inner("A"), undoable("A"), loop=times("=2"))
        + throw("t", compensate()),
        ["A", "A", "undo_A", "undo_A"],
    ),
    "cancelling undoes nested subprocesses": Probe(
        main_line("T", "bad")
        + sub(
            "T",
            inner("P", "B", finish=CANCEL),
            sub("P", within("p2", "A"), undoable("A")),
            undoable("B"),
            tag="transaction",
        )
        + handled("bc", "T", CANCEL, text="h")
        + say("bad"),
        ["A", "B", "undo_B", "undo_A", "h"],
    ),
    "a job that was interrupted is not undone": Probe(
        main_line("j", "t")
        + service("j")
        + boundary("bj", "j", compensate())
        + say("undo_j", attributes='isForCompensation="true"')
        + '<association id="aj" sourceRef="bj" targetRef="undo_j"/>'
        + boundary("b", "j", signal())
        + throw("t", compensate())
        + say("z")
        + flow("b", "z", "t"),
        ["z"],
        ["!S1"],
    ),
}

PROBES = LOOPS | UNDOING
