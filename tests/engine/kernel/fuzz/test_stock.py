"""Where SpiffWorkflow's own runtime is right, both runtimes agree."""

from __future__ import annotations

import random

import pytest

from tests.engine.kernel import diagrams
from tests.engine.kernel.fuzz.blocks import Block, Maker
from tests.engine.kernel.fuzz.stock import Stock
from tests.engine.kernel.fuzz.writer import bpmn
from tests.engine.kernel.runtime.play import Play

VARIABLES = {"a": 1, "b": 2, "c": 0, "d": 1}


class Simple(Maker):
    """One pass: no loops, no events, no data but what is there at the start."""

    def block(self, depth: int) -> Block:
        self.left -= 1
        kinds = ["user", "user"]
        if depth < 4 and self.left > 0:
            kinds += ["xor", "par", "par", "sub"]
        kind = self.rng.choice(kinds)
        if kind in ("xor", "par"):
            return self.structure(kind, depth)
        block = Block(kind, self.id(kind[0]))
        if kind == "sub":
            block.parts = [("", self.sequence(depth + 1))]
        return block


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_open_tasks_are_the_same(first: int) -> None:
    for seed in range(first, first + 10):
        rng = random.Random(seed)  # noqa: S311  # drawing diagrams is no secret
        xml = bpmn(Simple(rng, 12).sequence())
        ours, stock = Play(diagrams.model(xml), VARIABLES), Stock(xml, dict(VARIABLES))

        while ours.names():
            assert ours.names() == stock.open, f"seed {seed}"
            element = rng.choice(stock.open)
            ours.do(element)
            stock.complete(element)

        assert stock.completed, f"seed {seed}"
        assert ours.completed, f"seed {seed}"
