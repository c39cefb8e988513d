from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import clock
from engine.runtime import ring
from tests.broker.bench import Bench
from tests.broker.diagram import JOB, one_job
from tests.engine.fixtures import Register, cast, register
from tests.engine.worlds import deploy

__all__ = ["cast", "register"]
BROKERS = [
    pytest.param("amqp://guest:guest@127.0.0.1:5672//", marks=pytest.mark.rabbitmq, id="rabbitmq"),
    pytest.param("redis://127.0.0.1:6379/9", marks=pytest.mark.redis, id="redis"),
]


@pytest.fixture(params=BROKERS)
def bench(
    request: pytest.FixtureRequest,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Bench]:
    """The deployed diagram and a broker. The handler answers in the worker only."""
    register(JOB)
    deploy(one_job(), clock.now())
    made = Bench(str(request.param), monkeypatch, tmp_path)
    yield made
    made.remove()
    ring.ring_again()
