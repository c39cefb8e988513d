"""Lists of work: on the desk, in the queue, overdue, done."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import is_aware
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from engine import api, clock
from engine.errors import EngineError
from review_ui.pages import status
from review_ui.pages.office import frame, roles_required
from review_ui.reviewer import deadlines
from review_ui.reviewer.access import WORK, person
from workflows.accounts.models import User
from workflows.errors import InvalidInput
from workflows.queries import processes, worklist
from workflows.values.period import SHANGHAI

DONE_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter with its count."""

    title: str | Promise
    query: str
    count: int
    current: bool
    alarm: bool = False


@roles_required(*WORK)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is on this person's desk."""
    return _list(request, _("My work"), mine=True)


@roles_required(*WORK)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Everything this person may work on."""
    return _list(request, _("My queue"))


@roles_required(*WORK)
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """What is late."""
    return _list(request, _("Overdue"), late=True)


def _list(
    request: HttpRequest, title: str | Promise, *, mine: bool = False, late: bool = False
) -> HttpResponse:
    at, user = clock.now(), person(request)
    element, wanted = request.GET.get("step", ""), request.GET.get("due", "")
    page = _page(
        user,
        at=at,
        mine=mine,
        element=element,
        due=at if late or wanted == "over" else _tonight(at) if wanted == "today" else None,
        after=request.GET.get("after", ""),
    )
    language = get_language() or "zh-hans"
    names = {row.task.element_id: row.task.name.in_language(language) for row in page.rows}
    more = {"step": element, "due": wanted, "after": page.next_cursor or ""}
    return render(
        request,
        "reviewer/queue.html",
        {
            "office": frame(request),
            "title": title,
            "sections": deadlines.sections(page.rows, at=at),
            "shown": len(page.rows),
            "tabs": [] if late else _tabs(user, mine=mine, step=element, due=wanted, at=at),
            "steps": sorted(names.items()),
            "step": element,
            "due": wanted,
            "names": processes.programme_names(),
            "looks": {row.task.id: status.look(row.status) for row in page.rows},
            "more": urlencode(more) if page.next_cursor else "",
            "mine": mine,
        },
    )


def _page(
    user: User, *, at: datetime, mine: bool, element: str, due: datetime | None, after: str
) -> worklist.WorkPage:
    """The page behind a cursor; a cursor of one's own making starts at the top."""
    try:
        return worklist.work_page(
            by=user, at=at, mine=mine, element=element or None, due=due, after=after or None
        )
    except (EngineError, InvalidInput, ValueError):
        return worklist.work_page(by=user, at=at, mine=mine, element=element or None, due=due)


def _tonight(at: datetime) -> datetime:
    local = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return local + timedelta(days=1)


def _tabs(user: User, *, mine: bool, step: str, due: str, at: datetime) -> list[Tab]:
    """All, overdue, due today; counts of the queue, not of the desk."""
    totals: Counter[str] = Counter()
    for (_group, element), count in api.counts(by=user.pk, at=at).items():
        if not step or step == element:
            totals["all"] += count.mine if mine else count.open
            totals["over"] += count.overdue
            totals["today"] += count.due_today
    keep = {"step": step} if step else {}
    found = [Tab(_("All"), urlencode(keep), totals["all"], current=not due)]
    if mine:
        return found
    return [
        *found,
        Tab(
            _("Overdue"),
            urlencode(keep | {"due": "over"}),
            totals["over"],
            current=due == "over",
            alarm=True,
        ),
        Tab(
            _("Due today"),
            urlencode(keep | {"due": "today"}),
            totals["today"],
            current=due == "today",
        ),
    ]


@roles_required(*WORK)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """One's own conclusions, the latest first."""
    user = person(request)
    rows = worklist.done_by(user, before=_instant(request.GET.get("before", "")))
    more = urlencode({"before": rows[-1].at.isoformat()}) if len(rows) == DONE_LIMIT else ""
    return render(
        request,
        "reviewer/done.html",
        {"office": frame(request), "rows": rows, "more": more},
    )


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None
