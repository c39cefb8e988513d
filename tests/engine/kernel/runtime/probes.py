"""Semantic probes: a small diagram each, acts, and the trace that BPMN demands.

A script task writes the variable `log`; the trace is the sequence of these writes. An act is the
name of an open element, or `!` and the name of a signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.types import Variable
from tests.engine.kernel.diagrams import (
    CANCEL,
    TERMINATE,
    boundary,
    call,
    catch,
    compensate,
    condition,
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
    repeat,
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


@dataclass(frozen=True)
class Probe:
    body: str
    want: Sequence[Variable]
    acts: Sequence[str] = ()
    ordered: bool = True
    status: str = "completed"
    incidents: tuple[tuple[str, str], ...] = ()
    more: str = ""
    variables: dict[str, Variable] = field(default_factory=dict)


def inner(*ids: str, finish: str = "") -> str:
    """Start `ps`, end `pe`, and a flow through the nodes between them."""
    return start("ps") + end("pe", finish) + flow("ps", *ids, "pe")


def within(name: str, *ids: str, finish: str = "") -> str:
    """Start, end and a flow through the nodes of another subprocess."""
    return start(f"{name}s") + end(f"{name}e", finish) + flow(f"{name}s", *ids, f"{name}e")


def rounds(body: str, n: int = 3) -> str:
    """`m` begins a loop that `x` repeats while the variable n is below a number."""
    return (
        gateway("exclusive", "m")
        + body
        + gateway("exclusive", "x", "fx")
        + flow("x", "m", when=f"n < {n}")
    )


def handler(name: str, event: str, *ids: str, body: str = "", interrupting: bool = True) -> str:
    """An event subprocess that runs `ids`, or says `h`."""
    parts = body or say(f"{name}_h", "h")
    chain = ids or (f"{name}_h",)
    return event_sub(
        name,
        event,
        parts,
        end(f"{name}_end"),
        flow(f"{name}_start", *chain, f"{name}_end"),
        interrupting=interrupting,
    )


def half(name: str, body: str) -> str:
    return (
        sub(name, body)
        + handled(f"b{name}", name, error(), text=f"h{name}")
        + end(f"end{name}")
        + flow(name, f"end{name}")
    )


THROWER = sub("P", inner(finish=error()))


def rethrow(code: str) -> str:
    body = say("h") + end("Ee", error(code)) + flow("E_start", "h", "Ee")
    return sub("P", inner(finish=error()) + event_sub("E", error("E1"), body))


ERRORS = {
    "the error goes to the subprocess that threw it": Probe(
        start()
        + gateway("parallel", "g")
        + flow("s", "g")
        + flow("g", "A")
        + flow("g", "B")
        + half("A", start("a1") + user("ua") + end("a2", error()) + flow("a1", "ua", "a2"))
        + half("B", start("b1") + end("b2", error()) + flow("b1", "b2")),
        ["hB"],
        status="active",
    ),
    "an error out of an event subprocess reaches the boundary": Probe(
        main_line("P") + rethrow("E2") + handled("b", "P", error("E2"), text="k"), ["h", "k"]
    ),
    "a handler does not catch its own error": Probe(
        main_line("P") + rethrow("E1") + handled("b", "P", error("E1"), text="k"), ["h", "k"]
    ),
    "the specific handler goes before the general one": Probe(
        main_line("P")
        + THROWER
        + handled("b0", "P", error(""), text="any")
        + handled("b1", "P", error("E1"), text="E1"),
        ["E1"],
    ),
    "a boundary event on a call activity catches the error": Probe(
        main_line("c") + call("c", "q") + handled("b", "c", error(), text="h"),
        ["h"],
        more=process("q", start("qs"), end("qe", error()), flow("qs", "qe")),
    ),
    "escalation twice, not interrupting": Probe(
        main_line("P", "z")
        + sub(
            "P",
            inner("t1", "a", "t2", "b"),
            throw("t1", escalation()),
            say("a"),
            throw("t2", escalation()),
            say("b"),
        )
        + handled("bb", "P", escalation(), interrupting=False, text="h")
        + say("z"),
        ["a", "b", "h", "h", "z"],
        ordered=False,
    ),
    "an interrupting escalation ends the subprocess": Probe(
        main_line("P", "z")
        + sub("P", inner("t1", "bad"), throw("t1", escalation()), say("bad"))
        + handled("bb", "P", escalation(), text="h")
        + say("z"),
        ["h"],
    ),
}

SUBPROCESSES = {
    "an event subprocess fires three times, its scope waits": Probe(
        main_line("u")
        + handler(
            "E",
            signal(),
            "h",
            "uh",
            "k",
            body=say("h") + user("uh") + say("k"),
            interrupting=False,
        )
        + user("u"),
        ["h"] * 3 + ["k"] * 3,
        ["!S1", "!S1", "!S1", "u", "uh", "uh", "uh"],
    ),
    "an interrupting event subprocess ends what is nested": Probe(
        main_line("P", "bad2")
        + handler("E", signal())
        + sub("P", inner("u", "bad"), user("u"), say("bad"))
        + say("bad2"),
        ["h"],
        ["!S1"],
    ),
    "an event subprocess is armed again in every pass": Probe(
        start()
        + end()
        + rounds(
            sub("P", inner("u"), handler("E", signal()), user("u"))
            + script("c", "n + 1", "n")
            + user("w")
        )
        + flow("s", "m", "P", "c", "w", "x")
        + flow("x", "e", id="fx"),
        ["h", "h"],
        ["!S1", "!S1?", "w", "u", "w", "!S1", "w"],
        variables={"n": 0},
    ),
    "an event subprocess inside an event subprocess": Probe(
        main_line("u")
        + user("u")
        + event_sub(
            "E",
            signal("S1"),
            handler("F", signal("S2"), "k", body=say("k")),
            say("h") + user("v") + say("bad") + end("Ee"),
            flow("E_start", "h", "v", "bad", "Ee"),
        ),
        ["h", "k"],
        ["!S1", "!S2"],
    ),
    "a write inside is seen by a conditional event of the scope": Probe(
        main_line("P")
        + sub(
            "P",
            inner("w", "u", "bad"),
            handler("E", condition("n = 1")),
            script("w", "1", "n"),
            user("u"),
            say("bad"),
        ),
        ["h"],
        variables={"n": 0},
    ),
    "a conditional boundary event fires when it becomes true": Probe(
        main_line("u", "z")
        + user("u")
        + handled("b", "u", condition("n > 1"), text="h")
        + handler("E", signal(), "w", body=script("w", "2", "n"), interrupting=False)
        + say("z"),
        ["h"],
        ["!S1"],
        variables={"n": 0},
    ),
    "an interrupting conditional boundary that holds already fires on entry": Probe(
        main_line("u", "z")
        + user("u")
        + handled("b", "u", condition("n > 1"), text="h")
        + say("z"),
        ["h"],
        variables={"n": 5},
    ),
    "a signal boundary event fires three times": Probe(
        main_line("u", "z")
        + user("u")
        + handled("b", "u", signal(), interrupting=False, text="h")
        + say("z"),
        ["h", "h", "h", "z"],
        ["!S1", "!S1", "!S1", "u"],
    ),
    "terminate ends only its own subprocess": Probe(
        main_line("P", "z")
        + sub(
            "P",
            start("ps") + gateway("parallel", "g") + user("u") + end("pe") + end("pt", TERMINATE),
            flow("ps", "g") + flow("g", "u", "pe") + flow("g", "pt"),
        )
        + say("z"),
        ["z"],
    ),
    "a branch can signal its neighbour": Probe(
        start()
        + gateway("parallel", "g")
        + throw("t", signal())
        + catch("c", signal())
        + say("z")
        + end("e1")
        + end("e2")
        + flow("s", "g")
        + flow("g", "t", "e1")
        + flow("g", "c", "z", "e2"),
        ["z"],
    ),
}

LOOPS = {
    "an error in one instance ends all": Probe(
        main_line("P")
        + sub("P", inner("u", finish=error()), user("u"), loop=times("=3"))
        + handled("b", "P", error(), text="h"),
        ["h"],
        ["u"],
    ),
    "each instance has its own event subprocess": Probe(
        main_line("P", "z")
        + sub("P", inner("u"), user("u"), handler("E", signal()), loop=times("=3"))
        + say("z"),
        ["h"] * 3 + ["z"],
        ["!S1"],
    ),
    "a standard loop": Probe(
        main_line("A", "z")
        + script("A", "n + 1", "n", loop=repeat(10, "=n < 4"))
        + script("z", "n"),
        [4],
        variables={"n": 0},
    ),
    "a standard loop ends at its maximum": Probe(
        main_line("A", "z") + script("A", "n + 1", "n", loop=repeat(3)) + script("z", "n"),
        [3],
        variables={"n": 0},
    ),
    "a standard loop that tests before may not begin": Probe(
        main_line("A", "z")
        + script("A", "n + 1", "n", loop=repeat(3, "=n < 0", test_before=True))
        + script("z", "n"),
        [0],
        variables={"n": 0},
    ),
    "300 passes in one act": Probe(
        start()
        + end()
        + rounds(script("c", "n + 1", "n"), 300)
        + say("z")
        + flow("s", "m", "c", "x")
        + flow("x", "z", id="fx")
        + flow("z", "e"),
        ["z"],
        variables={"n": 0},
    ),
}

PAIR = undoable("A") + undoable("B")
COMPENSATION = {
    "compensation runs backwards": Probe(
        main_line("A", "B", "C", "t", "Z")
        + PAIR
        + undoable("C")
        + throw("t", compensate())
        + say("Z"),
        ["A", "B", "C", "undo_C", "undo_B", "undo_A", "Z"],
    ),
    "compensation happens once": Probe(
        main_line("A", "t", "t2")
        + undoable("A")
        + throw("t", compensate())
        + throw("t2", compensate()),
        ["A", "undo_A"],
    ),
    "compensation of one activity": Probe(
        main_line("A", "B", "t") + PAIR + throw("t", compensate("A")), ["A", "B", "undo_A"]
    ),
    "each instance is compensated": Probe(
        main_line("A", "t")
        + undoable("A").replace("</scriptTask>", times("=3", sequential=True) + "</scriptTask>", 1)
        + throw("t", compensate()),
        ["A"] * 3 + ["undo_A"] * 3,
    ),
    "compensation sees what the activity saw": Probe(
        start()
        + end()
        + rounds(script("A", "n + 1", "n") + script("l", '"A" + string(n)'))
        + boundary("bA", "A", compensate())
        + script("u", '"u" + string(n)', attributes='isForCompensation="true"')
        + '<association id="as" sourceRef="bA" targetRef="u"/>'
        + throw("t", compensate())
        + flow("s", "m", "A", "l", "x")
        + flow("x", "t", id="fx")
        + flow("t", "e"),
        ["A1", "A2", "A3", "u3", "u2", "u1"],
        variables={"n": 0},
    ),
    "a finished subprocess is compensated from inside": Probe(
        main_line("P", "t") + sub("P", inner("A", "B"), PAIR) + throw("t", compensate()),
        ["A", "B", "undo_B", "undo_A"],
    ),
    "a subprocess compensates with its event subprocess": Probe(
        main_line("P", "t")
        + throw("t", compensate())
        + sub(
            "P",
            inner("A", "B"),
            PAIR,
            handler("E", compensate(), "k", "ct", body=say("k") + throw("ct", compensate())),
        ),
        ["A", "B", "k", "undo_B", "undo_A"],
    ),
    "the throwing event waits for a compensation user task": Probe(
        main_line("A", "t", "Z")
        + say("A")
        + boundary("bA", "A", compensate())
        + user("undo", attributes='isForCompensation="true"')
        + '<association id="as" sourceRef="bA" targetRef="undo"/>'
        + throw("t", compensate())
        + say("Z"),
        ["A", "Z"],
        ["undo"],
    ),
    "a cancelled transaction": Probe(
        main_line("T")
        + sub("T", inner("A", "B", finish=CANCEL), PAIR, tag="transaction")
        + handled("bc", "T", CANCEL, text="h"),
        ["A", "B", "undo_B", "undo_A", "h"],
    ),
}

BRANCHES = (
    gateway("parallel", "f")
    + user("a")
    + user("b")
    + gateway("parallel", "j")
    + script("c", "n + 1", "n")
    + script("l", "n")
)
JOIN_IN_LOOP = (
    start()
    + end()
    + rounds(BRANCHES)
    + flow("s", "m", "f")
    + flow("f", "a", "j")
    + flow("f", "b", "j")
    + flow("j", "c", "l", "x")
    + flow("x", "e", id="fx")
)


def voters(activation: str) -> str:
    fired = f"<activationCondition>={activation}</activationCondition>"
    return (
        start()
        + gateway("parallel", "g")
        + "".join(user(x) for x in "abc")
        + gateway("complex", "k", "", fired)
        + say("z")
        + end()
        + flow("s", "g")
        + "".join(flow("g", x, "k") for x in "abc")
        + flow("k", "z", "e")
    )


GATEWAYS = {
    "a join in a loop": Probe(
        JOIN_IN_LOOP, [1, 2, 3], ["a", "b", "b", "a", "a", "b"], variables={"n": 0}
    ),
    "a join in a loop, half": Probe(
        JOIN_IN_LOOP, [1], ["a", "b", "b"], status="active", variables={"n": 0}
    ),
    "an inclusive join": Probe(
        start()
        + gateway("inclusive", "g", "gd")
        + user("a")
        + user("b")
        + gateway("inclusive", "k")
        + say("z")
        + end()
        + flow("s", "g")
        + flow("g", "a", when="true")
        + flow("g", "b", when="true")
        + flow("g", "k", id="gd")
        + flow("a", "k")
        + flow("b", "k")
        + flow("k", "z", "e"),
        ["z"],
        ["b", "a"],
    ),
    "two of three": Probe(voters("activationCount = 2"), ["z"], ["c", "a", "b"]),
    "the first event wins": Probe(
        start()
        + gateway("eventBased", "g")
        + catch("c1", message())
        + catch("c2", timer())
        + say("a")
        + say("b")
        + end("e1")
        + end("e2")
        + flow("s", "g")
        + flow("g", "c1", "a", "e1")
        + flow("g", "c2", "b", "e2"),
        ["a"],
        ["c1"],
        variables={"key": "K"},
    ),
    "several flows out of a task": Probe(
        start()
        + user("u")
        + "".join(say(x) + end(f"e{x}") + flow(x, f"e{x}") for x in "abc")
        + flow("s", "u")
        + flow("u", "a")
        + flow("u", "b", when="n = 1")
        + flow("u", "c", when="n = 2"),
        ["a", "b"],
        ["u"],
        variables={"n": 1},
    ),
    "a link": Probe(
        start()
        + throw("t", link("L"))
        + catch("c", link("L"))
        + say("z")
        + end()
        + flow("s", "t")
        + flow("c", "z", "e"),
        ["z"],
    ),
    "all of several events": Probe(
        main_line("c", "z")
        + catch("c", signal("S1") + signal("S2"), attributes='parallelMultiple="true"')
        + say("z"),
        ["z"],
        ["!S1", "!S1?", "!S2"],
    ),
    "one of several events": Probe(
        main_line("c", "z") + catch("c", signal("S1") + signal("S2")) + say("z"), ["z"], ["!S2"]
    ),
    "a later branch does not undo a write": Probe(
        start()
        + gateway("parallel", "f")
        + script("a", '"new"', "v")
        + user("u")
        + gateway("parallel", "j")
        + script("z", "v")
        + end()
        + flow("s", "f")
        + flow("f", "a", "j")
        + flow("f", "u", "j")
        + flow("j", "z", "e"),
        ["new"],
        ["u"],
        variables={"v": "old"},
    ),
}

INCIDENTS = {
    "an uncaught error is an incident": Probe(
        main_line("P", "bad") + THROWER + say("bad") + handled("b", "P", error("E2")),
        [],
        status="active",
        incidents=(("pe", "uncaught-error"),),
    ),
    "a surplus token stays at the join": Probe(
        start()
        + gateway("parallel", "f")
        + gateway("exclusive", "m")
        + say("a")
        + gateway("parallel", "j")
        + say("b")
        + say("z")
        + end()
        + flow("s", "f")
        + flow("f", "m")
        + flow("f", "m", id="f_m_2")
        + flow("m", "a", "j")
        + flow("f", "b", "j")
        + flow("j", "z", "e"),
        ["a", "a", "b", "z"],
        ordered=False,
        status="active",
        incidents=(("j", "stalled"),),
    ),
    "a bad activation condition is an incident": Probe(
        voters("activationCount + 0"),
        [],
        ["a"],
        status="active",
        incidents=(("k", "not-boolean"),),
    ),
}

PROBES = ERRORS | SUBPROCESSES | LOOPS | COMPENSATION | GATEWAYS | INCIDENTS
