"""Spoiled diagrams: each is read or refused with sentences; nothing raises, nothing hangs."""

import time
from random import Random

import pytest

from engine.kernel.lint import explain
from tests.engine.kernel import diagrams as d
from tests.engine.kernel.read.mutations import spoiled

SEEDS = 40
PER_SEED = 25

SMALL = d.bpmn(
    d.main_line("A", "u", "t"), d.user("u"), d.undoable("A"), d.throw("t", d.compensate())
)
LARGE = d.bpmn(
    '<laneSet id="ls"><lane id="l" shenling:role="staff"><flowNodeRef>u</flowNodeRef>'
    "<flowNodeRef>v</flowNodeRef></lane></laneSet>",
    d.start() + d.end() + d.end("stop", d.TERMINATE) + d.flow("s", "u", "g"),
    d.user("u", d.milestone("submitted"), d.deadline("5"), d.english("x"), groups=""),
    d.gateway("inclusive", "g", "gd") + d.gateway("inclusive", "j") + d.flow("g", "j", id="gd"),
    d.flow("g", "x", when="n = 1") + d.flow("x", "j") + d.flow("g", "t", when="n = 2"),
    d.service("t", d.io(inputs={"a": "=b"}, outputs={"c": "=d"}), loop=d.each("=l", "i")),
    d.flow("t", "j", "race"),
    d.sub("x", d.start("xs") + d.user("v", d.four_eyes("u")) + d.end("xe", d.error())
          + d.flow("xs", "v", "xe"), loop=d.times("2")),
    d.handled("b", "x", d.error()) + d.handled("b2", "u", d.timer(), interrupting=False),
    d.gateway("eventBased", "race") + d.catch("c1", d.message()) + d.catch("c2", d.timer()),
    d.flow("race", "c1", "call", "e") + d.flow("race", "c2", "lt") + d.call("call", "q"),
    d.throw("lt", d.link("L")) + d.catch("lc", d.link("L")) + d.flow("lc", "stop"),
    d.event_sub("es", d.signal(), d.say("y"), d.end("ese"), d.flow("es_start", "y", "ese"),
                interrupting=False),
    more=d.process("q", d.start("qs"), d.script("qt", "1 + 1"), d.end("qe"),
                   d.flow("qs", "qt", "qe")),
)  # fmt: skip
DIAGRAMS = [SMALL, LARGE, LARGE, LARGE]


class TestSpoiledDiagram:
    def test_was_right_before(self) -> None:
        assert [d.codes(d.read(raw)) for raw in DIAGRAMS] == [[]] * len(DIAGRAMS)

    @pytest.mark.parametrize("seed", range(SEEDS))
    def test_is_read_or_refused(self, seed: int) -> None:
        random = Random(seed)  # noqa: S311  # the same mutations every time
        for _ in range(PER_SEED):
            raw = spoiled(random.choice(DIAGRAMS), random, DIAGRAMS)
            began = time.process_time()

            result = d.read(raw)

            assert time.process_time() - began < 2
            assert (result.model is None) == bool(result.errors)
            assert all(text.zh and text.en for f in result.findings for text in explain(f))
            # Lint has to notice before the library does.
            assert "library.refused" not in [f.code for f in result.findings]

    def test_truncated_anywhere_is_refused(self) -> None:
        for length in range(0, len(LARGE), 97):
            assert d.read(LARGE[:length]).model is None


NEXT = [(i, j) for i in range(200) for j in range(i + 1, min(i + 5, 200))]


class TestLargeDiagram:
    """The largest diagrams that are looked at, in shapes made to be slow."""

    INCLUSIVE = [
        *(d.gateway("inclusive", f"n{i}") for i in range(200)),
        *(d.flow(f"n{i}", f"n{j}", when="n = 1") for i, j in NEXT),
        d.start() + d.end() + d.flow("s", "n0") + d.flow("n199", "e"),
    ]  # fmt: skip
    FORKS = [
        *(d.user(f"n{i}") for i in range(200)),
        *(d.flow(f"n{i}", f"n{j}", when="n = 1") for i, j in NEXT),
        d.start() + d.end() + d.flow("s", "n0") + d.flow("n199", "e"),
    ]  # fmt: skip
    CALLS = [d.main_line(), *(d.call(f"c{i}", "p") for i in range(290))]
    LINKS = [d.main_line(), *(
        d.throw(f"t{i}", d.link("L")) + d.catch(f"c{i}", d.link("L")) for i in range(140)
    )]  # fmt: skip

    @pytest.mark.parametrize("shape", ["INCLUSIVE", "FORKS", "CALLS", "LINKS"])
    def test_takes_less_than_two_seconds(self, shape: str) -> None:
        raw = d.bpmn(*getattr(self, shape))

        began = time.process_time()
        d.read(raw)

        assert time.process_time() - began < 2
