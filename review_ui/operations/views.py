"""Operations: what stands still and why, what is due, and the acts that repair it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engine import api, clock
from engine.errors import EngineError
from review_ui.operations import causes
from review_ui.pages.office import frame, roles_required
from workflows.accounts.models import User
from workflows.actions import incidents as acts
from workflows.errors import NotFound, WorkflowsError

ROLE = "operator"
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Cause:
    """Incidents of one code at one element."""

    code: str
    element_id: str
    words: str
    remedy: str
    count: int
    first_at: datetime
    last_at: datetime
    incident_id: int


@roles_required(ROLE)
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """Open incidents grouped by cause, worst first, with the figures of the machine room."""
    at = clock.now()
    figures = api.figures(at)
    open_incidents = api.incidents()
    grouped: dict[tuple[str, str], list[api.IncidentView]] = defaultdict(list)
    for incident in open_incidents:
        grouped[incident.code, incident.element_id].append(incident)
    rows = [_cause(code, element, group) for (code, element), group in grouped.items()]
    rows.sort(key=lambda row: (-row.count, row.first_at))
    return render(
        request,
        "operations/incidents.html",
        {
            "office": frame(request),
            "causes": rows,
            "total": figures["incidents_open"],
            "figures": figures,
            "stalled": api.stalled(),
            "at": at,
        },
    )


def _cause(code: str, element: str, group: list[api.IncidentView]) -> Cause:
    words = causes.explain(code)
    return Cause(
        code,
        element,
        str(words.title),
        str(words.remedy),
        len(group),
        min(i.first_at for i in group),
        max(i.last_at for i in group),
        group[0].id,
    )


@roles_required(ROLE)
@require_safe
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """One incident with its diagram, and the others of the same cause."""
    found = _open(incident_id)
    same = [i for i in api.incidents() if (i.code, i.element_id) == (found.code, found.element_id)]
    return render(
        request,
        "operations/incident.html",
        {
            "office": frame(request),
            "incident": found,
            "words": causes.explain(found.code),
            "same": same[:SHOWN],
            "count": len(same),
            "instance": api.instance(found.instance_id),
            "state": api.diagram_state(found.instance_id),
        },
    )


def _open(incident_id: int) -> api.IncidentView:
    for found in api.incidents():
        if found.id == incident_id:
            return found
    raise NotFound


@roles_required(ROLE)
@require_POST
def retry(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Retry one incident, or every one of its cause; each in its own transaction."""
    found = _open(incident_id)
    chosen = [found]
    if request.POST.get("all") == "yes":
        chosen = [
            i for i in api.incidents() if (i.code, i.element_id) == (found.code, found.element_id)
        ]
    note = request.POST.get("note", "").strip()
    if not note:
        messages.error(request, _("Say why you retry; it goes into the audit record."))
        return redirect("operations-incident", incident_id=incident_id)
    failed = sum(not _retried(i.id, request, note) for i in chosen)
    done = len(chosen) - failed
    messages.success(request, ngettext("%(n)d retried.", "%(n)d retried.", done) % {"n": done})
    if failed:
        messages.warning(
            request,
            ngettext("%(n)d could not be retried.", "%(n)d could not be retried.", failed)
            % {"n": failed},
        )
    return redirect("operations-incidents")


def _retried(incident_id: int, request: HttpRequest, note: str) -> bool:
    assert isinstance(request.user, User)
    try:
        acts.retry_incident(incident_id, by=request.user, at=clock.now(), note=note)
    except (EngineError, WorkflowsError):
        # One that meanwhile moved on must not stop the others; the page counts it.
        return False
    return True


@roles_required(ROLE)
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Jobs that wait or failed, and timers in the order they are due."""
    return render(
        request,
        "operations/work.html",
        {
            "office": frame(request),
            "jobs": api.jobs(statuses=("ready", "leased", "failed"), limit=SHOWN),
            "timers": api.timers(limit=SHOWN),
            "figures": api.figures(clock.now()),
        },
    )
