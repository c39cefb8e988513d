"""An instance on its diagram: where tokens stand and what they have passed, now and then."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Max

from engine.errors import NotFound
from engine.models import (
    HistoryEvent,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    Timer,
    UserTask,
)
from engine.runtime.values import Json

MOVES = ("entered", "failed", "completed", "cancelled")


def diagram_state(instance_id: int, revision: int | None = None) -> dict[str, Json]:
    """What the viewer draws on the diagram, now or after a step of the past.

    `{"elements": {id: {"state": active|incident|completed|cancelled, "open": n, "done": n,
    "at": last time}}, "flows": [ids of the flows that were taken]}`
    """
    if not ProcessInstance.objects.filter(pk=instance_id).exists():
        raise NotFound(f"instance {instance_id}")
    return present(instance_id) if revision is None else past(instance_id, revision)


def present(instance_id: int) -> dict[str, Json]:
    """From the open rows: where tokens stand now; events that merely listen are left out."""
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
    for element_id, count in waiting(instance_id).items():
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
    """Elements that a token waits at; what is merely armed is left out."""
    counts: Counter[str] = Counter()
    for found in (
        UserTask.objects.filter(status="open"),
        Job.objects.filter(status__in=["ready", "leased"]),
        Timer.objects.filter(status="pending", host=None),
        Subscription.objects.filter(status="open", host=None),
    ):
        counts.update(found.filter(instance=instance_id).values_list("element_id", flat=True))
    return counts


def unresolved(instance_id: int) -> list[str]:
    return list(
        Incident.objects.filter(instance=instance_id, resolved_at=None)
        .exclude(element_id="")
        .values_list("element_id", flat=True)
    )


def past(instance_id: int, revision: int) -> dict[str, Json]:
    """From history alone: where the tokens stood when this revision was written."""
    rows = (
        HistoryEvent.objects.filter(
            instance=instance_id, revision__lte=revision, kind__in=[*MOVES, "taken"]
        )
        .order_by("revision", "seq")
        .values_list("kind", "element_id", "token", "at")
    )
    elements: dict[str, dict[str, Json]] = {}
    flows: dict[str, None] = {}
    # Token -> element and whether it is broken; the latest row of a token decides.
    open_tokens: dict[tuple[int | None, str], bool] = {}
    for kind, element_id, token, at in rows:
        if kind == "taken":
            flows[element_id] = None
            continue
        if kind in ("entered", "failed"):
            open_tokens[token, element_id] = kind == "failed"
            continue
        if open_tokens.pop((token, element_id), None) is None:
            # The instance has moved to a version that calls the element otherwise.
            for key in [key for key in open_tokens if token and key[0] == token]:
                del open_tokens[key]
        drawn = elements.setdefault(element_id, {"state": kind, "open": 0, "done": 0})
        drawn["done"] = int(str(drawn["done"])) + 1
        drawn["at"] = at.isoformat()
        drawn["state"] = "completed" if kind == "completed" else drawn["state"]
    for (_, element_id), broken in open_tokens.items():
        drawn = elements.setdefault(element_id, {"state": "active", "open": 0, "done": 0})
        drawn["open"] = int(str(drawn["open"])) + 1
        drawn["state"] = "incident" if broken or drawn["state"] == "incident" else "active"
    return {"elements": dict(elements), "flows": list(flows)}
