"""The process of these tests: one job, then a user task."""

from engine.types import Bundle
from tests.engine import diagrams

JOB = "broker_tests.answer"
PROCESS = "broker_tests"


def one_job() -> Bundle:
    return diagrams.bundle(
        PROCESS,
        diagrams.start(),
        diagrams.service("ask", JOB),
        diagrams.user("look"),
        diagrams.end(),
        diagrams.line("start", "ask", "look", "end"),
    )
