"""Joins: what is sound passes without a word, what waits for ever is found."""

import pytest

from tests.engine.kernel.diagrams import (
    CANCEL,
    TERMINATE,
    boundary,
    bpmn,
    catch,
    end,
    error,
    flow,
    gateway,
    handled,
    link,
    main_line,
    message,
    read,
    repeat,
    say,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)

ABOUT_JOINS = ("join.", "merge.")
XY = say("x") + say("y")


def found(*body: str) -> list[tuple[str, str]]:
    result = read(bpmn(*body))
    assert not [f for f in result.errors if not f.code.startswith(ABOUT_JOINS)], result.errors
    return [(f.code, f.element_id) for f in result.findings if f.code.startswith(ABOUT_JOINS)]


def both(split: str, join: str, default: str = "") -> str:
    """A split `g` into x and y, and a join `j`."""
    when = ("n = 1", "n = 2") if split != "parallel" else ("", "")
    return (
        start() + end() + XY + gateway(split, "g", default) + gateway(join, "j")
        + flow("s", "g") + flow("g", "x", when=when[0]) + flow("x", "j")
        + flow("g", "y", when=when[1]) + flow("y", "j") + flow("j", "e")
    )  # fmt: skip


AGAIN = (
    gateway("exclusive", "m") + gateway("exclusive", "k", "done") + flow("k", "m", when="n = 1")
)
SOUND = {
    "parallel": both("parallel", "parallel"),
    "exclusive": both("exclusive", "exclusive"),
    "inclusive": both("inclusive", "inclusive"),
    "parallel into inclusive": both("parallel", "inclusive"),
    "exclusive into inclusive": both("exclusive", "inclusive"),
    "a join inside a loop": start() + end() + XY + AGAIN + gateway("parallel", "g")
    + gateway("parallel", "j") + flow("s", "m", "g", "x", "j", "k") + flow("g", "y", "j")
    + flow("k", "e", id="done"),
    "a loop inside a branch": start() + end() + XY + AGAIN + gateway("parallel", "g")
    + gateway("parallel", "j") + flow("s", "g", "m", "x", "k") + flow("k", "j", id="done")
    + flow("g", "y", "j", "e"),
    "a branch that a boundary event leaves for good": both("parallel", "parallel").replace(
        say("x"), user("x")) + boundary("b", "x", timer()) + end("be", TERMINATE)
        + flow("b", "be"),
    "a boundary event that comes back to the branch": start() + end() + user("x") + say("y")
    + say("z") + gateway("parallel", "g") + gateway("parallel", "j") + gateway("exclusive", "m")
    + flow("s", "g", "x", "m", "j", "e") + flow("g", "y", "j") + boundary("b", "x", timer())
    + flow("b", "z", "m"),
    "a side branch that only reminds": main_line("u") + user("u")
    + handled("b", "u", timer(), interrupting=False),
    "a race of events": start() + end() + gateway("eventBased", "g") + catch("c", message())
    + catch("t", timer()) + gateway("exclusive", "m") + flow("s", "g", "c", "m", "e")
    + flow("g", "t", "m"),
    "links": start() + end() + throw("t", link("L")) + catch("c", link("L")) + XY
    + gateway("parallel", "g") + gateway("parallel", "j")
    + flow("s", "g", "x", "t")
    + flow("c", "j", "e") + flow("g", "y", "j"),
    "conditions behind an activity": start() + end() + user("u") + XY + gateway("inclusive", "j")
    + flow("s", "u", "x", "j", "e") + flow("u", "y", when="n = 1") + flow("y", "j"),
    "an error that ends a branch with all": both("parallel", "parallel").replace(
        flow("y", "j"), gateway("exclusive", "k", "kj") + flow("y", "k") + end("bad", error())
        + flow("k", "bad", when="n = 1") + flow("k", "j", id="kj")),
    "two starts": start() + start("m", message("M0")) + end() + gateway("exclusive", "k")
    + flow("s", "k", "e") + flow("m", "k"),
    "a cancelled transaction": main_line("t") + handled("b", "t", CANCEL) + sub(
        "t", both("parallel", "parallel").replace('"s', '"ts').replace('"e"', '"te"')
        .replace("j_e", "j_te"), tag="transaction"),
    "a standard loop": main_line("u") + user("u", loop=repeat(2)),
}  # fmt: skip
UNSOUND = {
    "exclusive into parallel": (both("exclusive", "parallel"), ("join.never", "j")),
    "a join that also waits for its own end": (
        start() + end() + gateway("parallel", "j") + gateway("exclusive", "k", "ke") + say("x")
        + flow("s", "j", "x", "k") + flow("k", "j", when="n = 1") + flow("k", "e", id="ke"),
        ("join.never", "j"),
    ),
    "inclusive into parallel": (both("inclusive", "parallel"), ("join.may_wait", "j")),
    "parallel into exclusive": (both("parallel", "exclusive"), ("merge.doubles", "j")),
    "a branch that may end early": (
        both("parallel", "parallel").replace(flow("y", "j"), gateway("exclusive", "k", "kj")
        + flow("y", "k") + end("out") + flow("k", "out", when="n = 1") + flow("k", "j", id="kj")),
        ("join.may_wait", "j"),
    ),
    "a boundary event that leaves its branch": (
        both("parallel", "parallel").replace(say("x"), user("x")) + handled("b", "x", timer()),
        ("join.may_wait", "j"),
    ),
    "a repeated event into a join": (
        start() + end() + user("u") + say("y") + gateway("parallel", "j")
        + flow("s", "u", "j", "e")
        + boundary("b", "u", signal(), interrupting=False) + flow("b", "y", "j"),
        ("join.pairs", "j"),
    ),
}  # fmt: skip


class TestJoins:
    @pytest.mark.parametrize("name", SOUND)
    def test_are_not_complained_about_when_sound(self, name: str) -> None:
        assert found(SOUND[name]) == []

    @pytest.mark.parametrize("name", UNSOUND)
    def test_are_found_when_they_wait(self, name: str) -> None:
        body, finding = UNSOUND[name]

        assert finding in found(body)

    def test_inside_subprocesses_are_looked_at_too(self) -> None:
        inner = both("exclusive", "parallel").replace('"s', '"ps').replace('"e"', '"pe"')
        inner = inner.replace("j_e", "j_pe")

        assert found(main_line("p1"), sub("p1", inner)) == [("join.never", "j")]
