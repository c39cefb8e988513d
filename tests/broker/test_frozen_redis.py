"""An acknowledgement that Redis did not hear takes nothing away from what a worker may do."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection, Consumer, Message, Producer, Queue

from tests.broker import brokers
from tests.broker.brokers import Broker

pytestmark = [pytest.mark.redis, pytest.mark.faults]
log = logging.getLogger(__name__)
BELLS = Queue("bells")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Broker]:
    made = brokers.redis(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def line(server: Broker) -> Iterator[Connection]:
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    with Connection(server.url, transport_options=options) as made:
        yield made


@pytest.mark.parametrize("answer", ["ack_log_error", "reject_log_error"])
def test_failed_acknowledgement_does_not_fill_the_window(
    server: Broker, line: Connection, answer: str
) -> None:
    got: list[Message] = []
    consumer = Consumer(line, [BELLS], on_message=got.append, prefetch_count=1)
    producer = Producer(line)
    for number in range(2):
        producer.publish({"number": number}, routing_key="bells", declare=[BELLS])
    with consumer:
        line.drain_events(timeout=5)
        with server.frozen():
            getattr(got[0], answer)(log, line.connection_errors)
        line.drain_events(timeout=5)

    assert [message.payload["number"] for message in got] == [0, 1]
