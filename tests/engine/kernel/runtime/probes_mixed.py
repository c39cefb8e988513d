"""Probes of constructs that meet: gateways, loops, scopes and events in one diagram."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    CANCEL,
    TERMINATE,
    boundary,
    call,
    catch,
    compensate,
    condition,
    cycle,
    end,
    error,
    escalation,
    event_sub,
    flow,
    gateway,
    handled,
    link,
    main_line,
    message,
    process,
    receive,
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
from tests.engine.kernel.runtime.probes import PAIR, Probe, handler, inner, rounds


def within(name: str, *ids: str, finish: str = "") -> str:
    """Start, end and a flow through the nodes of another subprocess."""
    return start(f"{name}s") + end(f"{name}e", finish) + flow(f"{name}s", *ids, f"{name}e")


def inclusive(*branches: str, body: str, default: str = "") -> str:
    """`g` chooses among conditions, `k` joins, `z` follows."""
    return (
        start()
        + gateway("inclusive", "g", default)
        + gateway("inclusive", "k")
        + say("z")
        + end()
        + flow("s", "g")
        + "".join(branches)
        + body
        + flow("k", "z", "e")
    )


GATEWAYS = {
    "an inclusive join does not wait for a branch that ended": Probe(
        inclusive(
            flow("g", "a", when="true"),
            flow("g", "b", when="true"),
            flow("g", "k", id="gd"),
            default="gd",
            body=user("a")
            + user("b")
            + gateway("exclusive", "x", "x_k")
            + end("stop")
            + flow("a", "k")
            + flow("b", "x")
            + flow("x", "k", id="x_k")
            + flow("x", "stop", when="n = 1"),
        ),
        ["z"],
        ["a", "b"],
        variables={"n": 1},
    ),
    "an inclusive join waits for a token two steps away": Probe(
        inclusive(
            flow("g", "a", when="true"),
            flow("g", "b", when="true"),
            flow("g", "k", id="gd"),
            default="gd",
            body=say("a") + user("b") + user("c") + flow("a", "k") + flow("b", "c", "k"),
        ),
        ["a", "z"],
        ["b", "c"],
    ),
    "an inclusive join inside a loop fires once a round": Probe(
        start()
        + end()
        + rounds(
            gateway("inclusive", "g", "gd")
            + user("a")
            + user("b")
            + gateway("inclusive", "k")
            + script("c", "n + 1", "n")
            + script("l", "n"),
            2,
        )
        + flow("s", "m", "g")
        + flow("g", "a", when="true")
        + flow("a", "k")
        + flow("g", "b", when="n = 0")
        + flow("b", "k")
        + flow("g", "k", id="gd")
        + flow("k", "c", "l", "x")
        + flow("x", "e", id="fx"),
        [1, 2],
        ["b", "a", "a"],
        variables={"n": 0},
    ),
    "an inclusive join sees an interrupted activity": Probe(
        inclusive(
            flow("g", "a", when="true"),
            flow("g", "b", when="true"),
            flow("g", "k", id="gd"),
            default="gd",
            body=user("a")
            + user("b")
            + handled("x", "b", signal(), text="h")
            + flow("a", "k")
            + flow("b", "k"),
        ),
        ["h", "z"],
        ["a", "!S1"],
    ),
    "an inclusive split without a true condition takes the default": Probe(
        inclusive(
            flow("g", "a", when="n = 2"),
            flow("g", "b", id="gb"),
            default="gb",
            body=say("a") + say("b") + flow("a", "k") + flow("b", "k"),
        ),
        ["b", "z"],
        variables={"n": 1},
    ),
    "parallel branches inside an inclusive one": Probe(
        inclusive(
            flow("g", "f", when="true"),
            flow("g", "k", id="gd"),
            default="gd",
            body=gateway("parallel", "f")
            + gateway("parallel", "j")
            + user("a")
            + user("b")
            + flow("f", "a", "j")
            + flow("f", "b", "j")
            + flow("j", "k"),
        ),
        ["z"],
        ["b", "a"],
    ),
    "a complex gateway splits by conditions": Probe(
        start()
        + gateway("complex", "g", "gc")
        + "".join(say(x) + end(f"e{x}") + flow(x, f"e{x}") for x in "abc")
        + flow("s", "g")
        + flow("g", "a", when="n > 0")
        + flow("g", "b", when="n > 1")
        + flow("g", "c", id="gc"),
        ["a", "b"],
        variables={"n": 2},
    ),
    "an event-based gateway in a loop": Probe(
        start()
        + end()
        + gateway("exclusive", "m")
        + gateway("eventBased", "g")
        + catch("c1", message())
        + catch("c2", signal())
        + say("again")
        + flow("s", "m", "g")
        + flow("g", "c1", "again", "m")
        + flow("g", "c2", "e"),
        ["again", "again"],
        ["c1", "c1", "!S1"],
        variables={"key": "K"},
    ),
    "an event-based gateway with a condition": Probe(
        start()
        + gateway("parallel", "f")
        + gateway("eventBased", "g")
        + catch("c1", condition("n > 1"))
        + catch("c2", timer())
        + user("w")
        + script("v", "2", "n")
        + say("a")
        + end("e1")
        + end("e2")
        + end("e3")
        + flow("s", "f", "g")
        + flow("g", "c1", "a", "e1")
        + flow("g", "c2", "e2")
        + flow("f", "w", "v", "e3"),
        ["a"],
        ["w"],
        variables={"n": 0},
    ),
    "an event-based gateway with receive tasks": Probe(
        start()
        + gateway("eventBased", "g")
        + receive("r1", "M1")
        + receive("r2", "M2")
        + say("a")
        + say("b")
        + end("e1")
        + end("e2")
        + flow("s", "g")
        + flow("g", "r1", "a", "e1")
        + flow("g", "r2", "b", "e2"),
        ["b"],
        ["r2"],
        variables={"key": "K"},
    ),
    "several links lead to one place": Probe(
        start()
        + gateway("parallel", "g")
        + throw("t1", link("L"))
        + throw("t2", link("L"))
        + catch("c", link("L"))
        + say("z")
        + end()
        + flow("s", "g")
        + flow("g", "t1")
        + flow("g", "t2")
        + flow("c", "z", "e"),
        ["z", "z"],
    ),
    "a link leads back": Probe(
        start()
        + end()
        + catch("c", link("L"))
        + gateway("exclusive", "m")
        + script("a", "n + 1", "n")
        + gateway("exclusive", "x", "fx")
        + throw("t", link("L"))
        + script("z", "n")
        + flow("s", "m")
        + flow("c", "m", "a", "x")
        + flow("x", "t", when="n < 3")
        + flow("x", "z", id="fx")
        + flow("z", "e"),
        [3],
        variables={"n": 0},
    ),
    "a condition that says it is FEEL": Probe(
        start()
        + gateway("exclusive", "g", "gb")
        + say("a")
        + say("b")
        + end()
        + flow("s", "g")
        + flow("g", "a", when="n > 1").replace("Expression>=", 'Expression language="feel">')
        + flow("g", "b", id="gb")
        + flow("a", "e")
        + flow("b", "e"),
        ["a"],
        variables={"n": 2},
    ),
    "the default flow of an activity": Probe(
        start()
        + script("a", "1", "n", attributes='default="ac"')
        + say("b")
        + say("c")
        + end("e1")
        + end("e2")
        + flow("s", "a")
        + flow("a", "b", when="n = 2")
        + flow("a", "c", id="ac")
        + flow("b", "e1")
        + flow("c", "e2"),
        ["c"],
    ),
    "two flows into an activity run it twice": Probe(
        start()
        + gateway("parallel", "g")
        + user("a")
        + user("b")
        + say("z")
        + end()
        + flow("s", "g")
        + flow("g", "a", "z")
        + flow("g", "b", "z")
        + flow("z", "e"),
        ["z", "z"],
        ["a", "b"],
    ),
}

SCOPES = {
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

PROBES = GATEWAYS | SCOPES | LOOPS | UNDOING
