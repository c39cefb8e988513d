"""The pages of the payments: the list, the plan of a batch, one batch."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engine import clock
from review_ui.pages.office import MONEY, frame, roles_required
from review_ui.pages.proof import person
from review_ui.payer import stage, words
from review_ui.payer.forms import PlanForm, ResultForm
from workflows import access
from workflows.actions import batches as acts
from workflows.errors import InvalidInput, NotAllowed
from workflows.queries import batches as reading
from workflows.queries import processes, rulebook, worklist

READERS = (*sorted(MONEY), "auditor")
LINES = 100
LARGEST_PLACE = 10**9


def number_of(text: str) -> int:
    """A place in the file out of an address; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < len(str(LARGEST_PLACE)) else 0


@roles_required(*READERS)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """Batches that this person sees, and accounts that wait for a payer."""
    at = clock.now()
    user = person(request)
    rows = reading.batch_rows(access.batches_visible_to(user, at=at))
    held = access.roles_of(user, at=at)
    accounts = worklist.work_page(by=user, at=at, element="confirm_account").rows
    return render(
        request,
        "payer/batches.html",
        {
            "office": frame(request),
            "rows": [(row, words.badge(words.BATCH, row.status)) for row in rows],
            "names": processes.programme_names(),
            "accounts": accounts if "payer" in held else (),
            "may_make": "payer" in held,
        },
    )


@roles_required("payer")
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """What a batch would hold and what would stay out; nothing is written."""
    at = clock.now()
    today = rulebook.local_day(at)
    form = PlanForm(request.GET or None, on=today)
    shown = None
    if form.is_bound and form.is_valid():
        shown = _preview(request, form)
    return _plan_page(request, form, shown)


def _preview(request: HttpRequest, form: PlanForm) -> acts.Preview | None:
    at = clock.now()
    chosen = form.cleaned_data
    day = rulebook.local_day(at)
    try:
        return acts.preview_batch(
            rulebook.programme(chosen["programme"]),
            office=rulebook.office(chosen["office"], on=day) if chosen["office"] else None,
            cut_off=chosen["cut_off"],
            by=person(request),
            at=at,
        )
    except NotAllowed:
        form.add_error("office", _("You make batches for another office or programme."))
    return None


def _plan_page(
    request: HttpRequest, form: PlanForm, shown: acts.Preview | None, *, status: int = 200
) -> HttpResponse:
    out = [(row, words.word(words.EXCLUDED, row.why)) for row in shown.excluded] if shown else []
    return render(
        request,
        "payer/plan.html",
        {
            "office": frame(request),
            "form": form,
            "plan": shown,
            "excluded": out,
            "excluded_fen": sum(row.amount_fen for row, _why in out),
            "key": uuid.uuid4(),
        },
        status=422 if form.errors else status,
    )


@roles_required("payer")
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Make the batch that the plan showed."""
    at = clock.now()
    form = PlanForm(request.POST, on=rulebook.local_day(at))
    if not form.is_valid():
        return _plan_page(request, form, None)
    chosen = form.cleaned_data
    day = rulebook.local_day(at)
    try:
        made = acts.create_batch(
            rulebook.programme(chosen["programme"]),
            office=rulebook.office(chosen["office"], on=day) if chosen["office"] else None,
            cut_off=chosen["cut_off"],
            by=person(request),
            at=at,
            key=request.POST.get("key", ""),
        )
    except (InvalidInput, NotAllowed) as error:
        form.add_error(None, words.sentence(error))
        return _plan_page(request, form, None)
    messages.success(request, _("Batch %(number)s is made.") % {"number": made.number})
    return redirect("payer-batch", number=made.number)


@roles_required(*READERS)
@require_safe
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch."""
    return batch_page(request, number)


def batch_page(
    request: HttpRequest, number: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Totals, lines, files, anomalies and the one act that is next; `error` is said first."""
    at = clock.now()
    user = person(request)
    found = reading.batch_view(access.batch(user, number, at=at))
    totals = stage.sums(found)
    after = number_of(request.GET.get("after", ""))
    lines = reading.line_rows(found.batch, after=after, limit=LINES)
    return render(
        request,
        "payer/batch.html",
        {
            "office": frame(request),
            "view": found,
            "badge": words.badge(words.BATCH, found.row.status),
            "programme": processes.programme_names().get(found.row.programme, ""),
            "steps": stage.steps(found),
            "sums": totals,
            "act": stage.act_of(found, totals, user, at=at),
            "may_load": stage.may_load(found, user, at=at),
            "may_download": stage.may_download(found, user, at=at),
            "may_explain": stage.may_explain(found, user, at=at),
            "lines": [
                (row, words.badge(words.LINE, row.status), words.OUTCOMES.get(row.outcome, ""))
                for row in lines
            ],
            "next_after": lines[-1].line if len(lines) == LINES else None,
            "after": after,
            "anomalies": [(row, words.word(words.ANOMALIES, row.kind)) for row in found.anomalies],
            "result_form": ResultForm(),
            "key": uuid.uuid4(),
            "error": error,
            "at": at,
        },
        status=status,
    )
