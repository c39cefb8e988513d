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
