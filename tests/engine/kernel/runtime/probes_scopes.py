"""Probes of events at borders and in event subprocesses, and what they end or leave."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    TERMINATE,
    boundary,
    call,
    catch,
    condition,
    cycle,
    end,
    error,
    escalation,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    message,
    process,
    say,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    times,
    user,
)
from tests.engine.kernel.runtime.probes import Probe, handler, inner, within

PROBES = {
    "a cycle at the border fires as often as it says": Probe(
        main_line("u", "z")
        + user("u")
        + handled("b", "u", cycle("R2/PT1H"), interrupting=False, text="h")
        + say("z"),
        ["h", "h", "z"],
        ["b", "b", "u"],
    ),
    "a message at the border comes again and again": Probe(
        main_line("u", "z")
        + user("u")
        + handled("b", "u", message(), interrupting=False, text="h")
        + say("z"),
        ["h", "h", "z"],
        ["b", "b", "u"],
        variables={"key": "K"},
    ),
    "a boundary event is gone with its activity": Probe(
        main_line("u", "v") + user("u") + handled("b", "u", signal(), text="h") + user("v"),
        [],
        ["u", "!S1?", "v"],
    ),
    "what runs behind a boundary event holds the process": Probe(
        main_line("u")
        + user("u")
        + boundary("b", "u", signal(), interrupting=False)
        + user("v")
        + say("h")
        + end("eb")
        + flow("b", "v", "h", "eb"),
        ["h"],
        ["!S1", "u", "v"],
    ),
    "one signal reaches everybody in the instance": Probe(
        start()
        + gateway("parallel", "g")
        + user("u")
        + handled("b", "u", signal(), text="boundary")
        + catch("c", signal())
        + say("caught")
        + end("e1")
        + end("e2")
        + flow("s", "g")
        + flow("g", "u", "e1")
        + flow("g", "c", "caught", "e2")
        + handler("E", signal(), body=say("E_h", "handler"), interrupting=False),
        ["boundary", "caught", "handler"],
        ["!S1"],
        ordered=False,
    ),
    "a signal that nobody waits for is lost": Probe(
        main_line("t", "c", "z") + throw("t", signal()) + catch("c", signal()) + say("z"),
        ["z"],
        ["!S1"],
    ),
    "a signal from a called process reaches the caller": Probe(
        start()
        + gateway("parallel", "g")
        + catch("w", signal())
        + say("z")
        + call("c", "q")
        + end("e1")
        + end("e2")
        + flow("s", "g")
        + flow("g", "c", "e1")
        + flow("g", "w", "z", "e2"),
        ["z"],
        more=process("q", start("qs"), end("qe", signal()), flow("qs", "qe")),
    ),
    "an interrupting event subprocess ends another that runs": Probe(
        main_line("u", "bad")
        + user("u")
        + say("bad")
        + handler("E", signal("S1"), "v", "bad2", body=user("v") + say("bad2"), interrupting=False)
        + handler("F", signal("S2"), "k", body=say("k")),
        ["k"],
        ["!S1", "!S2"],
    ),
    "after an interrupting event subprocess the subprocess goes on": Probe(
        main_line("P", "z") + sub("P", inner("u"), user("u"), handler("E", signal())) + say("z"),
        ["h", "z"],
        ["!S1"],
    ),
    "an event subprocess whose timer is due": Probe(
        main_line("u", "bad") + user("u") + say("bad") + handler("E", timer()), ["h"], ["E_start"]
    ),
    "an event subprocess whose timer is due beside the work": Probe(
        main_line("u", "z") + user("u") + say("z") + handler("E", timer(), interrupting=False),
        ["h", "z"],
        ["E_start", "u"],
    ),
    "an event subprocess with a message": Probe(
        main_line("u", "z") + user("u") + say("z") + handler("E", message(), interrupting=False),
        ["h", "h", "z"],
        ["E_start", "E_start", "u"],
        variables={"key": "K"},
    ),
    "terminate inside an event subprocess ends only that": Probe(
        main_line("u", "z")
        + user("u")
        + say("z")
        + event_sub(
            "E",
            signal(),
            gateway("parallel", "eg"),
            user("v"),
            end("e1"),
            end("e2", TERMINATE),
            flow("E_start", "eg", "v", "e1"),
            flow("eg", "e2"),
            interrupting=False,
        ),
        ["z"],
        ["!S1", "u"],
    ),
    "terminate in one instance leaves the others": Probe(
        main_line("P", "z")
        + sub(
            "P",
            start("ps")
            + user("u")
            + gateway("parallel", "g")
            + user("v")
            + end("pe")
            + end("pt", TERMINATE)
            + flow("ps", "u", "g", "v", "pe")
            + flow("g", "pt"),
            loop=times("=2"),
        )
        + say("z"),
        ["z"],
        ["u", "u"],
    ),
    "terminate in the process ends everything": Probe(
        start()
        + gateway("parallel", "g")
        + sub("P", inner("u"), user("u"), handler("E", signal(), interrupting=False))
        + user("v")
        + end("e1")
        + end("e2", TERMINATE)
        + flow("s", "g", "P", "e1")
        + flow("g", "v", "e2"),
        [],
        ["v"],
    ),
    "a timer at a call activity ends the called process": Probe(
        main_line("c", "bad") + call("c", "q") + handled("b", "c", timer(), text="h") + say("bad"),
        ["h"],
        ["b"],
        more=process("q", start("qs"), user("qu"), end("qe"), flow("qs", "qu", "qe")),
    ),
    "a condition fires each time it becomes true": Probe(
        main_line("u", "z")
        + user("u")
        + handled("b", "u", condition("n > 1"), interrupting=False, text="h")
        + handler(
            "E", signal(), "w", body=script("w", "if n > 1 then 0 else 2", "n"), interrupting=False
        )
        + say("z"),
        ["h", "h", "z"],
        ["!S1", "!S1", "!S1", "u"],
        variables={"n": 0},
    ),
    "an event subprocess with a condition, once per change": Probe(
        main_line("u", "z")
        + user("u")
        + handler("E", condition("n > 1"), interrupting=False)
        + handler("F", signal(), "w", body=script("w", "n + 2", "n"), interrupting=False)
        + say("z"),
        ["h", "z"],
        ["!S1", "!S1", "u"],
        variables={"n": 0},
    ),
    "an escalation inside a nested subprocess reaches the outer border": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("Q", "more"),
            sub("Q", within("q", "t"), throw("t", escalation())),
            say("more"),
        )
        + handled("b", "P", escalation(), interrupting=False, text="h")
        + say("z"),
        ["h", "more", "z"],
        ordered=False,
    ),
    "an interrupting event subprocess on an escalation": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("t", "bad"),
            throw("t", escalation()),
            say("bad"),
            handler("E", escalation()),
        )
        + say("z"),
        ["h", "z"],
    ),
    "all escalations are caught by one without a code": Probe(
        main_line("P", "z")
        + sub("P", inner("t1", "t2"), throw("t1", escalation("X1")), throw("t2", escalation("X2")))
        + handled("b", "P", escalation(""), interrupting=False, text="h")
        + say("z"),
        ["h", "h", "z"],
        ordered=False,
    ),
    "an error of a handler of an event subprocess goes out": Probe(
        main_line("P", "bad")
        + sub(
            "P",
            inner("u"),
            user("u"),
            event_sub("E", signal(), say("k"), end("Ee", error()), flow("E_start", "k", "Ee")),
        )
        + handled("b", "P", error(), text="h")
        + say("bad"),
        ["k", "h"],
        ["!S1"],
    ),
}
