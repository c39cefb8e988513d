"""Probes of tokens: how many come, how many leave, where they begin and end."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    ad_hoc,
    call,
    compensate,
    end,
    flow,
    gateway,
    handled,
    io,
    main_line,
    process,
    say,
    script,
    signal,
    start,
    sub,
    throw,
    times,
    undoable,
    user,
)
from tests.engine.kernel.runtime.probes import Probe, handler

TWO_WAYS = (
    start()
    + gateway("parallel", "g")
    + user("a")
    + user("b")
    + end()
    + flow("s", "g")
    + flow("g", "a", "t")
    + flow("g", "b", "t")
    + flow("t", "e")
)
QUANTITIES = {
    "an activity that begins with two tokens": Probe(
        TWO_WAYS + say("t", attributes='startQuantity="2"'), ["t"], ["b", "a"]
    ),
    "two tokens by one flow are enough": Probe(
        main_line("a", "t")
        + say("a", attributes='completionQuantity="2"')
        + say("t", attributes='startQuantity="2"'),
        ["a", "t"],
    ),
    "a surplus waits for its like": Probe(
        main_line("a", "t")
        + say("a", attributes='completionQuantity="3"')
        + say("t", attributes='startQuantity="2"'),
        ["a", "t"],
        status="active",
        incidents=(("t", "stalled"),),
    ),
    "three tokens leave": Probe(
        main_line("a", "z") + say("a", attributes='completionQuantity="3"') + say("z"),
        ["a", "z", "z", "z"],
    ),
    "three leave on each flow": Probe(
        main_line("u", "z")
        + user("u", attributes='completionQuantity="3"')
        + say("z")
        + say("y")
        + flow("u", "y"),
        ["y", "y", "y", "z", "z", "z"],
        ["u"],
        ordered=False,
    ),
}

A_B_C = "".join(user(x) for x in "abc")
AD_HOC = {
    "all of an ad hoc subprocess, in any order": Probe(
        main_line("P", "z") + ad_hoc("P", A_B_C) + say("z"), ["z"], ["b", "c", "a"]
    ),
    "flows inside an ad hoc subprocess": Probe(
        main_line("P", "z") + ad_hoc("P", say("a"), say("b"), say("c"), flow("a", "b")) + say("z"),
        ["a", "b", "c", "z"],
    ),
    "one after the other": Probe(
        main_line("P", "z")
        + ad_hoc("P", user("a"), say("b"), user("c"), flow("a", "b"), sequential=True)
        + say("z"),
        ["b", "z"],
        ["a", "c"],
    ),
    "the condition cancels the rest": Probe(
        main_line("P", "z")
        + ad_hoc("P", user("a"), say("b"), user("c"), flow("a", "b"), until="=n = 1")
        + handled("x", "P", signal(), text="h")
        + script("z", "n"),
        [1],
        ["a"],
        variables={"n": 1},
    ),
    "the condition ends the sequence": Probe(
        main_line("P", "z")
        + ad_hoc("P", say("a"), say("b"), say("c"), sequential=True, until='=log = "b"')
        + say("z"),
        ["a", "b", "z"],
        variables={"log": ""},
    ),
    "the rest is waited for, and nothing begins": Probe(
        main_line("P", "z")
        + ad_hoc("P", user("a"), say("b"), user("c"), flow("a", "b"), until="=true", cancel=False)
        + say("z"),
        ["z"],
        ["a", "c"],
    ),
    "a condition that held once has ended it": Probe(
        main_line("P", "z")
        + ad_hoc(
            "P",
            script("a", "1", "n"),
            user("b", io(outputs={"n": "=5"})),
            say("bad"),
            flow("b", "bad"),
            until="=n = 1",
            cancel=False,
        )
        + say("z"),
        ["z"],
        ["b"],
        variables={"n": 0},
    ),
    "what has begun is not lost to a condition that holds at once": Probe(
        main_line("P", "z")
        + ad_hoc("P", say("a"), user("c"), until="=true", cancel=False)
        + say("z"),
        ["a", "z"],
        ["c"],
    ),
    "only those that are named": Probe(
        main_line("P", "z")
        + ad_hoc("P", say("a"), say("b"), say("c"), only="=who", sequential=True)
        + say("z"),
        ["c", "a", "z"],
        variables={"who": ["c", "a"]},
    ),
    "none is named": Probe(
        main_line("P", "z") + ad_hoc("P", say("a"), only="=[]") + say("z"), ["z"]
    ),
    "a name that cannot begin": Probe(
        main_line("P", "z")
        + ad_hoc("P", say("a"), say("b"), flow("a", "b"), only='=["b"]')
        + say("z"),
        [],
        status="active",
        incidents=(("P", "bad-collection"),),
    ),
    "a condition that is none": Probe(
        main_line("P", "z") + ad_hoc("P", user("a"), until="=n + 1") + say("z"),
        [],
        ["a"],
        status="active",
        incidents=(("a", "not-boolean"),),
        variables={"n": 1},
    ),
    "a boundary event ends an ad hoc subprocess": Probe(
        main_line("P", "z")
        + ad_hoc("P", user("a"), user("b"), sequential=True)
        + handled("x", "P", signal(), text="h")
        + say("z"),
        ["h"],
        ["!S1"],
    ),
    "an event subprocess inside an ad hoc subprocess": Probe(
        main_line("P", "z")
        + ad_hoc("P", user("a"), handler("E", signal(), interrupting=False), until="=true")
        + say("z"),
        ["h", "z"],
        ["!S1", "a"],
    ),
    "instances of an ad hoc subprocess": Probe(
        main_line("P", "z")
        + ad_hoc("P", user("a"), say("b"), sequential=True, loop=times("=2"))
        + say("z"),
        ["b", "b", "z"],
        ["a 1", "a 2"],
    ),
    "gateways inside an ad hoc subprocess": Probe(
        main_line("P", "z")
        + ad_hoc(
            "P",
            gateway("parallel", "g"),
            user("a"),
            user("b"),
            gateway("parallel", "j"),
            say("c"),
            flow("g", "a", "j", "c") + flow("g", "b", "j"),
        )
        + say("z"),
        ["c", "z"],
        ["b", "a"],
    ),
    "a finished ad hoc subprocess is compensated from inside": Probe(
        main_line("P", "t") + ad_hoc("P", undoable("A"), undoable("B")) + throw("t", compensate()),
        ["A", "B", "undo_B", "undo_A"],
    ),
    "a loop inside an ad hoc subprocess counts once": Probe(
        main_line("P", "z")
        + ad_hoc("P", say("a", loop=times("=2")), user("b"), until="=true")
        + say("z"),
        ["a", "a", "z"],
    ),
}

STARTS = {
    "without a start event all begins": Probe(
        user("a") + say("b") + say("c") + flow("a", "c"), ["b", "c"], ["a"]
    ),
    "a subprocess without a start event": Probe(
        main_line("P", "z") + sub("P", user("a"), say("b"), say("c"), flow("b", "c")) + say("z"),
        ["b", "c", "z"],
        ["a"],
    ),
    "a called process without a start event": Probe(
        main_line("c", "z") + call("c", "q") + say("z"),
        ["z"],
        ["qa", "qb", "qc"],
        more=process("q", user("qa"), user("qb"), user("qc"), flow("qa", "qb")),
    ),
}

PROBES = QUANTITIES | AD_HOC | STARTS
