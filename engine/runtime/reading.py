"""Reads of instances: views, variables, history, and the state drawn on the diagram."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from engine.errors import NotFound
from engine.kernel import state as codec
from engine.kernel.state import State
from engine.models import (
    HistoryEvent,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    Timer,
    UserTask,
)
from engine.runtime import views
from engine.runtime.loaded import attach_definition
from engine.runtime.work_rows import TASKS
from engine.types import TaskView, Variable

TASK_ROWS = f"""
SELECT {TASKS.columns}, d.id, d.version FROM engine_usertask t
 JOIN engine_processinstance i ON i.id = t.instance_id
 JOIN engine_processdefinition d ON d.id = i.definition_id"""  # noqa: S608 - our columns
RUNNING = (ProcessInstance.Status.ACTIVE, ProcessInstance.Status.SUSPENDED)


def tasks() -> QuerySet[UserTask]:
    """User tasks with what their views need."""
    return UserTask.objects.select_related("instance__definition").defer(
        "instance__state", "instance__group_scopes"
    )


def task(task_id: int) -> TaskView:
    found = task_views("t.id = %s", task_id)
    if not found:
        raise NotFound(f"user task {task_id}")
    return found[0]


def open_tasks(instance_id: int | None, business_key: str | None) -> tuple[TaskView, ...]:
    if instance_id is not None:
        return task_views("t.instance_id = %s AND t.status = 'open'", instance_id)
    return task_views("i.business_key = %s AND t.status = 'open'", business_key)


def task_views(condition: str, value: int | str | None) -> tuple[TaskView, ...]:
    """Tasks by a condition of ours, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"{TASK_ROWS} WHERE {condition} ORDER BY t.id", [value])
        return tuple(
            views.view_of_task(TASKS.row(row[: TASKS.width]), *row[TASKS.width :])
            for row in cursor.fetchall()
        )


def instance(instance_id: int | None, business_key: str | None) -> views.InstanceView:
    """By id, or the latest one with this business key."""
    found = ProcessInstance.objects.select_related("definition").defer("state")
    found = (
        found.filter(pk=instance_id)
        if instance_id is not None
        else found.filter(business_key=business_key).order_by("-pk")
    )
    row = found.first()
    if row is None:
        raise NotFound("instance")
    return views.instance_view(row)


def state_of(instance_id: int) -> tuple[ProcessInstance, State]:
    """An instance and its state, without a lock."""
    row = ProcessInstance.objects.filter(pk=instance_id).first()
    if row is None:
        raise NotFound(f"instance {instance_id}")
    return attach_definition(row), codec.loads(bytes(row.state))


def variables(instance_id: int) -> dict[str, Variable]:
    """The variables of the instance's own scope."""
    _, state = state_of(instance_id)
    return dict(state.scopes[state.root].variables)


def history(instance_id: int) -> tuple[views.HistoryView, ...]:
    rows = HistoryEvent.objects.filter(instance=instance_id).order_by("revision", "seq")
    return tuple(views.history_view(row) for row in rows)


def incidents(
    instance_id: int | None = None, *, resolved: bool = False, limit: int = 200
) -> tuple[views.IncidentView, ...]:
    found = Incident.objects.select_related("instance").defer("instance__state")
    found = found.filter(resolved_at__isnull=not resolved)
    if instance_id is not None:
        found = found.filter(instance=instance_id)
    return tuple(views.incident_view(row) for row in found.order_by("-last_at", "-pk")[:limit])


def jobs(
    instance_id: int | None = None, *, statuses: Collection[str] = (), limit: int = 200
) -> tuple[views.JobView, ...]:
    found = Job.objects.defer("inputs", "answer")
    if instance_id is not None:
        found = found.filter(instance=instance_id)
    if statuses:
        found = found.filter(status__in=list(statuses))
    return tuple(views.job_view(row) for row in found.order_by("-pk")[:limit])


def timers(
    instance_id: int | None = None, *, status: str | None = "pending", limit: int = 200
) -> tuple[views.TimerView, ...]:
    found = Timer.objects.all()
    if instance_id is not None:
        found = found.filter(instance=instance_id)
    if status is not None:
        found = found.filter(status=status)
    return tuple(views.timer_view(row) for row in found.order_by("due_at", "pk")[:limit])


def stalled() -> tuple[views.InstanceView, ...]:
    """Running instances that wait for nothing, while no incident says why.

    A message that could interrupt them (`host`) is nothing to wait for; a timer comes by itself.
    """
    mine = {"instance": OuterRef("pk")}
    found = (
        ProcessInstance.objects.select_related("definition")
        .defer("state")
        .filter(status__in=RUNNING)
        .exclude(Exists(UserTask.objects.filter(status="open", **mine)))
        .exclude(Exists(Job.objects.filter(status__in=["ready", "leased"], **mine)))
        .exclude(Exists(Timer.objects.filter(status="pending", **mine)))
        .exclude(Exists(Subscription.objects.filter(status="open", host=None, **mine)))
        .exclude(Exists(Incident.objects.filter(resolved_at=None, **mine)))
        .order_by("pk")
    )
    return tuple(views.instance_view(row) for row in found[:200])
