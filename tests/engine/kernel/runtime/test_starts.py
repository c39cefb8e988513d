"""Where an instance begins: what a message starts, and what it then still waits for."""

from __future__ import annotations

import pytest

from engine.errors import NotFound
from tests.engine.kernel import diagrams
from tests.engine.kernel.diagrams import (
    catch,
    element,
    end,
    flow,
    main_line,
    message,
    receive,
    say,
    start,
    user,
)
from tests.engine.kernel.runtime.play import Play

RECEIVES = (
    receive("r1", "M0", attributes='instantiate="true"')
    + receive("r2", "M1", attributes='instantiate="true"')
    + say("one")
    + say("two")
    + end()
    + flow("r1", "one", "e")
    + flow("r2", "two", "e")
)


def gateway(attributes: str) -> str:
    return (
        element("eventBasedGateway", "g", f'instantiate="true" {attributes}')
        + catch("c1", message("M1"))
        + catch("r2", message("M2"))
        + say("one")
        + say("two")
        + end()
        + flow("g", "c1", "one", "e")
        + flow("g", "r2", "two", "e")
    )


def started(body: str, at: str) -> Play:
    return Play(diagrams.model_of(body), {"key": "K"}, start_event=at)


class TestReceiveTask:
    @pytest.mark.parametrize(("at", "log"), [("r1", ["one"]), ("r2", ["two"])])
    def test_its_message_starts_the_process(self, at: str, log: list[str]) -> None:
        run = started(RECEIVES, at)

        assert (run.log, run.completed) == (log, True)
        assert (at, "completed") in run.history

    def test_beside_a_start_event(self) -> None:
        body = start() + flow("s", "one") + RECEIVES

        assert Play(diagrams.model_of(body)).log == ["one"]
        assert started(body, "r2").log == ["two"]


class TestGateway:
    @pytest.mark.parametrize(("at", "log"), [("c1", ["one"]), ("r2", ["two"])])
    def test_one_message_is_enough(self, at: str, log: list[str]) -> None:
        run = started(gateway(""), at)

        assert (run.log, run.completed) == (log, True)

    @pytest.mark.parametrize(("at", "other"), [("c1", "r2"), ("r2", "c1")])
    def test_parallel_waits_for_the_others(self, at: str, other: str) -> None:
        run = started(gateway('eventGatewayType="Parallel"'), at)
        assert (run.names(), run.completed) == ([other], False)
        assert [s.key for s in run.result.subscriptions] == ["K"]

        run.do(other)

        assert (sorted(map(str, run.log)), run.completed) == (["one", "two"], True)

    def test_only_the_parallel_one_needs_keys(self) -> None:
        def without_keys(attributes: str) -> list[tuple[str, str]]:
            body = gateway(attributes).replace('messageRef="M1"', 'messageRef="M0"')
            return diagrams.codes(diagrams.read(diagrams.bpmn(body)))

        assert without_keys("") == []
        assert without_keys('eventGatewayType="Parallel"') == [("message.no_key", "c1")]


def test_what_begins_by_itself_cannot_be_named() -> None:
    model = diagrams.model_of(user("a") + user("b"))

    assert Play(model).names() == ["a", "b"]
    with pytest.raises(NotFound):
        Play(model, start_event="a")


def test_several_plain_starts_begin_where_they_are_told() -> None:
    model = diagrams.model_of(
        main_line("a", "b") + user("a") + user("b") + start("late") + flow("late", "b")
    )

    first = Play(model)
    second = Play(model, start_event="late")

    assert first.names() == ["a"]
    assert second.names() == ["b"]
