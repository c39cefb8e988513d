"""Probes of gateways, links and choices, in loops and inside each other."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    catch,
    condition,
    end,
    flow,
    gateway,
    handled,
    link,
    message,
    receive,
    say,
    script,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.engine.kernel.runtime.probes import Probe, rounds


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


PROBES = {
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
