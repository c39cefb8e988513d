"""Operations: what stands still and why, what is due, and the acts that repair it."""

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
from engine.errors import NotFound as NoSuchThing
from review_ui.operations import causes
from review_ui.operations.named import names_of
from review_ui.pages.office import frame, roles_required
from review_ui.pages.proof import person
from workflows.actions import incidents as acts
from workflows.errors import InvalidInput, NotAllowed, NotFound, WorkflowsError

ROLE = "operator"
SHOWN = 200
# As many are retried while the operator waits; more than that in the background.
AT_HAND = 20


@dataclass(frozen=True, slots=True)
class Cause:
    """Incidents of one code at one element."""

    code: str
    element_id: str
    element: str
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
    return render(
        request,
        "operations/incidents.html",
        {
            "office": frame(request),
            "causes": [_cause(row) for row in api.causes()],
            "total": figures["incidents_open"],
            "figures": figures,
            "stalled": api.stalled(),
            "at": at,
        },
    )


def _cause(row: api.CauseView) -> Cause:
    words = causes.explain(row.code)
    return Cause(
        row.code,
        row.element_id,
        names_of(row.definition_id).get(row.element_id, row.element_id),
        str(words.title),
        str(words.remedy),
        row.count,
        row.first_at,
        row.last_at,
        row.incident_id,
    )


@roles_required(ROLE)
@require_safe
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """One incident with its diagram, and a page of the others of the same cause."""
    found = _open(incident_id)
    before = request.GET.get("before", "")
    same = api.incidents_of(
        found.code,
        found.element_id,
        before=int(before) if before.isdecimal() else None,
        limit=SHOWN + 1,
    )
    instance = api.instance(found.instance_id)
    return render(
        request,
        "operations/incident.html",
        {
            "office": frame(request),
            "incident": found,
            "element": names_of(instance.definition_id).get(found.element_id, found.element_id),
            "words": causes.explain(found.code),
            "same": same[:SHOWN],
            "more": same[SHOWN - 1].id if len(same) > SHOWN else None,
            "count": _count(found),
            "instance": instance,
            "is_money": acts.is_about_money(instance.id),
            "state": api.diagram_state(found.instance_id),
        },
    )


def _count(found: api.IncidentView) -> int:
    cause = (found.code, found.element_id)
    return next(row.count for row in api.causes() if (row.code, row.element_id) == cause)


def _open(incident_id: int) -> api.IncidentView:
    try:
        found = api.incident(incident_id)
    except NoSuchThing:
        raise NotFound from None
    if found.resolved_at is not None:
        raise NotFound
    return found


@roles_required(ROLE)
@require_POST
def retry(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Retry one incident, or every one of its cause; each in its own transaction."""
    found = _open(incident_id)
    note = request.POST.get("note", "").strip()
    if not note:
        messages.error(request, _("Say why you retry; it goes into the audit record."))
        return redirect("operations-incident", incident_id=incident_id)
    chosen = [found]
    if request.POST.get("all") == "yes":
        others = api.incidents_of(found.code, found.element_id, limit=AT_HAND + 1)
        # An incident without a step has no filter of its own: its fellows are tried one by one.
        if len(others) > AT_HAND and found.element_id:
            return _retried_in_background(request, found, note)
        chosen = list(others)
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


def _retried_in_background(
    request: HttpRequest, found: api.IncidentView, note: str
) -> HttpResponse:
    """The first one at once; only if that could be retried, the others behind it."""
    if not _retried(found.id, request, note) or not acts.retry_others(found.id):
        messages.error(request, _("The others could not be retried now. Try again later."))
    else:
        messages.success(request, _("All of this cause are retried in the background."))
    return redirect("operations-incidents")


def _retried(incident_id: int, request: HttpRequest, note: str) -> bool:
    try:
        acts.retry_incident(incident_id, by=person(request), at=clock.now(), note=note)
    except (EngineError, WorkflowsError):
        # One that meanwhile moved on must not stop the others; the page counts it.
        return False
    return True


@roles_required(ROLE)
@require_POST
def skip(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Go on behind the step that failed, as if it had been done without a result."""
    _open(incident_id)
    note = request.POST.get("note", "")
    try:
        acts.retry_incident(
            incident_id, action="skip", by=person(request), at=clock.now(), note=note
        )
    except InvalidInput:
        messages.error(request, _("Say why; it goes into the audit record."))
    except NotAllowed:
        messages.error(request, _("This one pays money: what failed is only tried again."))
    except EngineError:
        messages.error(request, _("This step cannot be skipped. Move it to another step instead."))
    else:
        messages.success(request, _("Skipped. The audit record says who did it and why."))
        return redirect("operations-incidents")
    return redirect("operations-incident", incident_id=incident_id)


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
