"""Reads of instances: views, variables, history, and the state drawn on the diagram."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

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
from engine.runtime.loaded import attach_definition, loaded_for
from engine.runtime.values import Json
from engine.types import TaskView, Variable

RUNNING = (ProcessInstance.Status.ACTIVE, ProcessInstance.Status.SUSPENDED)


def tasks() -> QuerySet[UserTask]:
    """User tasks with what their views need."""
    return UserTask.objects.select_related("instance__definition").defer(
        "instance__state", "instance__group_scopes"
    )


def task(task_id: int) -> TaskView:
    row = tasks().filter(pk=task_id).first()
    if row is None:
        raise NotFound(f"user task {task_id}")
    return views.task_view(row)


def open_tasks(instance_id: int | None, business_key: str | None) -> tuple[TaskView, ...]:
    found = tasks().filter(status=UserTask.Status.OPEN)
    if instance_id is not None:
        found = found.filter(instance=instance_id)
    else:
        found = found.filter(instance__business_key=business_key)
    return tuple(views.task_view(row) for row in found.order_by("pk"))


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
    """Running instances in which nothing is open and no incident says why."""
    mine = {"instance": OuterRef("pk")}
    found = (
        ProcessInstance.objects.select_related("definition")
        .defer("state")
        .filter(status__in=RUNNING)
        .exclude(Exists(UserTask.objects.filter(status="open", **mine)))
        .exclude(Exists(Job.objects.filter(status__in=["ready", "leased"], **mine)))
        .exclude(Exists(Timer.objects.filter(status="pending", host=None, **mine)))
        .exclude(Exists(Subscription.objects.filter(status="open", host=None, **mine)))
        .exclude(Exists(Incident.objects.filter(resolved_at=None, **mine)))
        .order_by("pk")
    )
    return tuple(views.instance_view(row) for row in found[:200])


# --------------------------------------------------------------------------- on the diagram


def diagram_state(instance_id: int) -> dict[str, Json]:
    """What the viewer draws on the diagram.

    `{"elements": {id: {"state": active|incident|completed|cancelled, "open": n, "done": n,
    "at": last time}}, "flows": [ids of the flows that were taken]}`
    """
    if not ProcessInstance.objects.filter(pk=instance_id).exists():
        raise NotFound(f"instance {instance_id}")
    elements: dict[str, dict[str, Json]] = {}
    flows: list[Json] = []
    for element_id, kind, count, last in passages(instance_id):
        if kind == "taken":
            flows.append(element_id)
        elif kind in ("completed", "cancelled"):
            drawn = elements.setdefault(element_id, {"state": kind, "open": 0, "done": 0})
            drawn["done"] = count
            drawn["at"] = last.isoformat()
            drawn["state"] = "completed" if kind == "completed" else drawn["state"]
    broken = set(unresolved(instance_id))
    for element_id, count in (waiting(instance_id) - armed_starts(instance_id)).items():
        drawn = elements.setdefault(element_id, {"state": "active", "open": 0, "done": 0})
        drawn["state"], drawn["open"] = "active", count
    for element_id in broken:
        drawn = elements.setdefault(element_id, {"state": "incident", "open": 1, "done": 0})
        drawn["state"] = "incident"
    return {"elements": dict(elements), "flows": flows}


def passages(instance_id: int) -> list[tuple[str, str, int, datetime]]:
    """How often each element was completed or cancelled and each flow taken, and when last."""
    rows = (
        HistoryEvent.objects.filter(
            instance=instance_id, kind__in=["taken", "completed", "cancelled"]
        )
        .values_list("element_id", "kind")
        .annotate(count=Count("pk"), last=Max("at"))
        .order_by("element_id", "kind")
    )
    return list(rows)


def waiting(instance_id: int) -> Counter[str]:
    """Elements that something waits at, boundary events left out."""
    counts: Counter[str] = Counter()
    for found in (
        UserTask.objects.filter(status="open"),
        Job.objects.filter(status__in=["ready", "leased"]),
        Timer.objects.filter(status="pending", host=None),
        Subscription.objects.filter(status="open", host=None),
    ):
        counts.update(found.filter(instance=instance_id).values_list("element_id", flat=True))
    return counts


def armed_starts(instance_id: int) -> Counter[str]:
    """Starts of event subprocesses that listen: nothing stands there, so no token is drawn."""
    instance = ProcessInstance.objects.select_related("definition__deployment").get(pk=instance_id)
    nodes = loaded_for(instance.definition).nodes.items()
    starts = {element for (_, element), node in nodes if node.kind == "startEvent"}
    return Counter(dict.fromkeys(starts, 1000))


def unresolved(instance_id: int) -> list[str]:
    return list(
        Incident.objects.filter(instance=instance_id, resolved_at=None)
        .exclude(element_id="")
        .values_list("element_id", flat=True)
    )
