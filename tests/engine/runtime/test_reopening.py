"""Repairs at odd moments: what reopens keeps its row, what is over is refused."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.errors import BpmnError, InstanceNotActive, NotWaiting
from engine.models import Job, Timer
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast: Cast) -> int:
    return cast.person("officer", "officers")


def test_job_whose_error_nobody_caught_is_tried_again(
    register: Register, officer: int, at: datetime
) -> None:
    pay = register("pay", answer=BpmnError("no_account"))
    deploy(
        d.bundle(
            "claim", d.start(), d.service("pay", "pay"), d.end(), d.line("start", "pay", "end")
        ),
        at,
    )
    instance_id = begin("claim", at).instance_id
    api.run_due(at)
    (incident,) = api.incidents(instance_id)
    pay.answer = {}

    api.resolve_incident(incident.id, by=officer, at=at)
    api.run_due(at)

    assert api.instance(instance_id).status == "completed"
    assert [(job.status, job.attempts) for job in Job.objects.all()] == [("done", 2)]


REMINDER = """<bpmn:boundaryEvent id="remind" attachedToRef="check" cancelActivity="false">
<bpmn:timerEventDefinition>
<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/P1D</bpmn:timeCycle>
</bpmn:timerEventDefinition></bpmn:boundaryEvent>"""


def reminding(at: datetime) -> int:
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("check"),
            REMINDER,
            d.end(),
            d.end("told"),
            d.line("start", "check", "end"),
            d.line("remind", "told"),
        ),
        at,
    )
    return begin("claim", at).instance_id


def test_reminder_that_came_is_not_rescheduled(officer: int, at: datetime) -> None:
    instance_id = reminding(at)
    (first,) = api.timers(instance_id)
    api.run_due(first.due_at)

    with pytest.raises(NotWaiting):
        api.reschedule_timer(first.id, at + timedelta(days=9), by=officer, at=at, note="")

    assert Timer.objects.get(pk=first.id).due_at == first.due_at


def test_task_that_is_over_is_not_postponed(officer: int, at: datetime) -> None:
    instance_id = reminding(at)
    task = only_task(instance_id)
    api.complete_task(task.id, outcome="done", by=officer, at=at)

    with pytest.raises(InstanceNotActive):
        api.postpone_task(task.id, at + timedelta(days=9), by=officer, at=at, note="")


def two_messages(at: datetime) -> int:
    """Two messages of one name behind an event-based gateway, told apart by their keys."""
    deploy(
        d.bundle(
            "claim",
            d.start(),
            '<bpmn:eventBasedGateway id="gate"/>',
            d.receive("first", "one"),
            d.receive("second", "two"),
            d.end("end_first"),
            d.end("end_second"),
            d.line("start", "gate", "first", "end_first"),
            d.line("gate", "second", "end_second"),
            around=d.message("one", "=a").replace('name="one"', 'name="paid"')
            + d.message("two", "=b").replace('name="two"', 'name="paid"'),
        ),
        at,
    )
    return begin("claim", at, a="A", b="B").instance_id


def ended_at(instance_id: int) -> list[str]:
    passed = [row.element_id for row in api.history(instance_id) if row.kind == "entered"]
    return [element for element in passed if element.startswith("end_")]


def test_message_reaches_the_event_of_its_key(at: datetime) -> None:
    instance_id = two_messages(at)

    api.correlate_message("paid", key="B", by=None, at=at)

    assert ended_at(instance_id) == ["end_second"]


def test_message_that_was_early_reaches_the_event_of_its_key(at: datetime) -> None:
    two_messages(at)
    api.cancel_instance(api.instance(business_key="SL-1").id, by=None, at=at)
    api.correlate_message("paid", key="B", by=None, at=at, ttl_s=3_600)

    instance_id = begin("claim", at, a="A", b="B").instance_id

    assert ended_at(instance_id) == ["end_second"]
