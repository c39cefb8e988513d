"""Reads of open incidents, however many: one by its id, by cause, and page by page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from engine.errors import NotFound
from engine.models import Incident
from engine.runtime import views


@dataclass(frozen=True, slots=True)
class CauseView:
    """Open incidents of one code at one element; `definition_id` is the newest version's."""

    code: str
    element_id: str
    definition_id: int
    incident_id: int
    count: int
    first_at: datetime
    last_at: datetime


def incident(incident_id: int) -> views.IncidentView:
    row = Incident.objects.select_related("instance").defer("instance__state")
    found = row.filter(pk=incident_id).first()
    if found is None:
        raise NotFound(f"incident {incident_id}")
    return views.incident_view(found)


def causes() -> tuple[CauseView, ...]:
    """Open incidents by cause, the most frequent first; one grouped read."""
    rows = (
        Incident.objects.filter(resolved_at=None)
        .values_list("code", "element_id")
        .annotate(
            definition=Max("instance__definition"),
            latest=Max("pk"),
            count=Count("pk"),
            first=Min("first_at"),
            last=Max("last_at"),
        )
        .order_by("-count", "first", "code", "element_id")
    )
    return tuple(CauseView(*row) for row in rows)


def of_cause(
    code: str, element_id: str, *, before: int | None, limit: int
) -> tuple[views.IncidentView, ...]:
    """Open incidents of a cause, the latest first; `before` is the last one of the page before."""
    found = Incident.objects.filter(resolved_at=None, code=code, element_id=element_id)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = found.select_related("instance").defer("instance__state").order_by("-pk")[:limit]
    return tuple(views.incident_view(row) for row in rows)
