"""Fixtures for engine tests on any database."""

from collections.abc import Callable, Iterator

import pytest
from celery import current_app

from engine import api
from engine.runtime import handlers, people, ring
from engine.types import Text
from tests.engine.worlds import Answer, Cast, Recorder

Register = Callable[..., Recorder]


@pytest.fixture(autouse=True)
def cast() -> Iterator[Cast]:
    """People whose grants a test writes down itself; the engine asks nobody else meanwhile."""
    before = list(people._registered)
    world = Cast()
    api.register_people(world)
    yield world
    people._registered[:] = before


@pytest.fixture
def register() -> Iterator[Register]:
    """Registers recording handlers for one test."""
    before = dict(handlers._registered)

    def one(
        name: str,
        *,
        transactional: bool = False,
        answer: Answer = None,
        recorder: Recorder | None = None,
    ) -> Recorder:
        recorder = recorder or Recorder(answer)
        handlers._registered.pop(name, None)
        api.handler(name, transactional=transactional, description=Text(name, name))(
            recorder.__call__
        )
        return recorder

    yield one
    handlers._registered.clear()
    handlers._registered.update(before)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, int]]]:
    """Bells that were rung, instead of a broker."""
    rung: list[tuple[str, dict[str, int]]] = []

    def send(name: str, kwargs: dict[str, int]) -> None:
        rung.append((name, kwargs))

    monkeypatch.setattr(current_app, "send_task", send)
    ring.ring_again()
    return rung
