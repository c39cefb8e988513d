"""A claim that is sent back and resubmitted 260 times costs the same each time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.kernel import operations
from engine.kernel.state import dumps, loads
from tests.engine.kernel import diagrams
from tests.engine.kernel.claim import FORM, claim
from tests.engine.kernel.diagrams import each, main_line, user
from tests.engine.kernel.runtime.play import AT, Play

RESUBMISSIONS = 260


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How many calls are made: the same on every machine, unlike time."""
    calls = [0]

    def count(_frame: object, event: str, _arg: object) -> None:
        calls[0] += event in ("call", "c_call")

    before = sys.getprofile()
    # A collection in between would call the finalizers of whatever earlier tests have left.
    gc.disable()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        gc.enable()


def test_resubmissions_leave_nothing_behind() -> None:
    run = Play(diagrams.model(claim()))
    run.do("submit", **FORM)
    sizes, costs = [], []

    for number in range(RESUBMISSIONS):
        sizes.append(len(dumps(run.state)))
        with counted_calls() as calls:
            run.do("review", outcome="return", reasons=["card"])
        costs.append(calls[0])
        run.do("edit", action="resubmit", months=8 + number % 2)
        assert len(run.state.executions) == 2
        assert len(run.state.scopes) == 1

    # The first pass makes the variables that all later ones have.
    assert abs(sizes[-1] - sizes[1]) <= sizes[1] * 0.01
    assert max(costs[1:]) - min(costs[1:]) <= costs[1] * 0.01
    run.do("review", outcome="approve")
    assert run.completed


def test_acts_among_400_open_executions_stay_cheap() -> None:
    model = diagrams.model_of(
        main_line("u") + user("u", loop=each("=for i in 1..n return i", "one"))
    )
    costs = []
    for count in (100, 400):
        run = Play(model, {"n": count})
        raw, token = dumps(run.state), run.find(f"u {count}").token
        with counted_calls() as calls:
            state = loads(raw)
            operations.complete_user_task(model, state, token, {}, at=AT)
            dumps(state)
        costs.append(calls[0])
        assert token not in state.executions

    # Loading and showing what is open are linear; nothing is worse.
    assert costs[1] < costs[0] * 4.2
