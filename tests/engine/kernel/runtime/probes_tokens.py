"""Probes of tokens: how many come, how many leave, where they begin and end."""

from __future__ import annotations

from tests.engine.kernel.diagrams import (
    end,
    flow,
    gateway,
    main_line,
    say,
    start,
    user,
)
from tests.engine.kernel.runtime.probes import Probe

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

PROBES = QUANTITIES
