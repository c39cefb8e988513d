"""Probes of constructs that meet: calls, transactions, borders, joins and loops."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    CANCEL,
    ad_hoc,
    boundary,
    call,
    catch,
    compensate,
    condition,
    end,
    error,
    escalation,
    flow,
    gateway,
    handled,
    main_line,
    process,
    receive,
    say,
    script,
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

TALKING = process(
    "q",
    start("qs") + throw("qt", escalation()) + say("more") + end("qe"),
    flow("qs", "qt", "more", "qe"),
)
PROBES = {
    "an escalation out of a called process ends the call": Probe(
        main_line("c", "bad")
        + call("c", "q", child=False)
        + handled("b", "c", escalation(), text="h")
        + say("bad"),
        ["h"],
        more=TALKING,
    ),
    "an escalation to the process itself": Probe(
        main_line("t", "z")
        + throw("t", escalation())
        + say("z")
        + handler("E", escalation(), interrupting=False),
        ["h", "z"],
        ordered=False,
    ),
    "an error end event of the process itself": Probe(
        start() + end("e", error()) + flow("s", "e") + handler("E", error()), ["h"]
    ),
    "a signal end event wakes an event subprocess of its own process": Probe(
        start() + end("e", signal()) + flow("s", "e") + handler("E", signal(), interrupting=False),
        ["h"],
    ),
    "a timer at a receive task": Probe(
        main_line("r", "bad") + receive("r") + handled("b", "r", timer(), text="h") + say("bad"),
        ["h"],
        ["b"],
        variables={"key": "K"},
    ),
    "a condition behind an event-based gateway holds already": Probe(
        start()
        + gateway("eventBased", "g")
        + catch("c1", condition("n > 1"))
        + catch("c2", timer())
        + say("a")
        + end("e1")
        + end("e2")
        + flow("s", "g")
        + flow("g", "c1", "a", "e1")
        + flow("g", "c2", "e2"),
        ["a"],
        variables={"n": 2},
    ),
    "a boundary event in every pass of a loop": Probe(
        start()
        + end()
        + rounds(
            user("u") + boundary("b", "u", timer()) + say("late") + script("c", "n + 1", "n"),
            2,
        )
        + flow("s", "m", "u", "c", "x")
        + flow("b", "late", "c")
        + flow("x", "e", id="fx"),
        ["late"],
        ["b", "u"],
        variables={"n": 0},
    ),
    "an event subprocess of a called process": Probe(
        main_line("c", "z") + call("c", "q", child=False) + say("z"),
        ["h", "z"],
        ["!S1", "qu"],
        more=process(
            "q",
            start("qs") + user("qu") + end("qe") + flow("qs", "qu", "qe"),
            handler("E", signal(), interrupting=False),
        ),
    ),
    "an error in an ad hoc subprocess": Probe(
        main_line("P", "bad")
        + ad_hoc(
            "P",
            user("a"),
            sub("x", within("x", "u"), user("u")),
            sub("y", within("y", "v", finish=error()), user("v")),
        )
        + handled("b", "P", error(), text="h")
        + say("bad"),
        ["h"],
        ["v"],
    ),
    "instances of a call, one fails": Probe(
        main_line("c", "bad")
        + call("c", "q", loop=times("=3"))
        + handled("b", "c", error(), text="h")
        + say("bad"),
        ["h"],
        ["qu"],
        more=process("q", start("qs"), user("qu"), end("qe", error()), flow("qs", "qu", "qe")),
    ),
    "a subprocess with two ends and an open branch": Probe(
        main_line("P", "z")
        + sub(
            "P",
            start("ps")
            + gateway("parallel", "g")
            + say("a")
            + user("b")
            + end("pe")
            + flow("ps", "g", "a", "pe")
            + flow("g", "b"),
        )
        + say("z"),
        ["a", "z"],
        ["b"],
    ),
    "two firings of a border run side by side": Probe(
        main_line("u", "z")
        + user("u")
        + boundary("b", "u", signal(), interrupting=False)
        + user("v")
        + say("h")
        + end("eb")
        + flow("b", "v", "h", "eb")
        + say("z"),
        ["h", "z", "h"],
        ["!S1", "!S1", "v", "u", "v"],
    ),
    "an interrupting border ends the branch, the other branch goes on": Probe(
        start()
        + gateway("parallel", "f")
        + user("a")
        + user("b")
        + gateway("exclusive", "m")
        + gateway("parallel", "j")
        + boundary("x", "a", timer())
        + say("late")
        + say("z")
        + end()
        + flow("s", "f", "a", "m", "j", "z", "e")
        + flow("x", "late", "m")
        + flow("f", "b", "j"),
        ["late", "z"],
        ["x", "b"],
    ),
    "all of several events at the border": Probe(
        main_line("u", "bad")
        + user("u")
        + boundary("b", "u", signal("S1") + signal("S2")).replace(
            "<boundaryEvent", '<boundaryEvent parallelMultiple="true"'
        )
        + say("h")
        + end("eb")
        + flow("b", "h", "eb")
        + say("bad"),
        ["h"],
        ["!S2", "!S1"],
    ),
    "a complex join in a loop fires once a round": Probe(
        start()
        + end()
        + rounds(
            gateway("parallel", "g")
            + user("a")
            + user("b")
            + user("d")
            + gateway(
                "complex",
                "k",
                "",
                "<activationCondition>=activationCount = 2</activationCondition>",
            )
            + script("c", "n + 1", "n")
            + script("l", "n"),
            2,
        )
        + flow("s", "m", "g")
        + "".join(flow("g", name, "k") for name in "abd")
        + flow("k", "c", "l", "x")
        + flow("x", "e", id="fx"),
        [1, 2],
        ["a", "b", "d", "a", "d", "b"],
        variables={"n": 0},
    ),
    "a transaction in a called process is cancelled": Probe(
        main_line("c", "z") + call("c", "q", child=False) + say("z"),
        ["A", "undo_A", "h", "z"],
        more=process(
            "q",
            start("qs")
            + sub("T", within("t", "A", finish=CANCEL), undoable("A"), tag="transaction")
            + end("qe")
            + flow("qs", "T", "qe")
            + handled("bc", "T", CANCEL, text="h"),
        ),
    ),
    "a compensation event subprocess of the process undoes a call": Probe(
        main_line("P", "t")
        + sub(
            "P",
            inner("c"),
            call("c", "q", child=False),
            handler("E", compensate(), "k", "ct", body=say("k") + throw("ct", compensate())),
        )
        + throw("t", compensate()),
        ["A", "B", "k", "undo_B", "undo_A"],
        more=process("q", start("qs"), PAIR, end("qe"), flow("qs", "A", "B", "qe")),
    ),
}
