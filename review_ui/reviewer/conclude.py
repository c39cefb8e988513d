"""A conclusion from the desk, and what is said when it cannot be taken."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engine import clock
from engine.errors import NotPermitted, OutcomeUnknown, TaskNotOpen
from review_ui.pages.bundle_forms import TaskForm
from review_ui.pages.office import frame, roles_required
from review_ui.reviewer import acts, bench, words
from review_ui.reviewer.access import WORK, person
from workflows import access
from workflows.access import TaskAtHand
from workflows.accounts.models import User
from workflows.actions import reviews
from workflows.errors import ClaimChanged, InvalidInput, Refused
from workflows.queries.people import display_name

UNPROCESSABLE, CONFLICT, FORBIDDEN = 422, 409, 403
REFUSALS = (NotPermitted, Refused, ClaimChanged, OutcomeUnknown, InvalidInput)


@roles_required(*WORK)
@require_POST
def conclude(request: HttpRequest, task_id: int) -> HttpResponse:
    """Complete the task and go on with the next one."""
    at, user = clock.now(), person(request)
    found = access.task(user, task_id, at=at)
    if found.batch is not None:
        return redirect("payer-batch", found.batch.number)
    form = bench.bound_form(found, request.POST)
    try:
        _complete(request, found, form, by=user, at=at)
    except TaskNotOpen as error:
        return _late(request, found, error)
    except REFUSALS as error:
        status = _explain(form, error)
        shown = bench.context(request, found, form, at=at)
        return render(request, "reviewer/desk.html", shown, status=status)
    messages.success(request, _done(found))
    return acts.go_on(request)


def _explain(form: TaskForm, error: Exception) -> int:
    """Put a refusal into words on the form; the status that the page answers with."""
    if isinstance(error, NotPermitted):
        form.add_error(None, str(words.refusal_words(error.reason)))
        return FORBIDDEN
    if isinstance(error, Refused):
        form.add_error("outcome", _("Reasons stand against this conclusion; clear them first."))
        return CONFLICT
    if isinstance(error, ClaimChanged):
        form.add_error(None, _held(error))
        return CONFLICT
    if isinstance(error, OutcomeUnknown):
        form.add_error("outcome", _("This step has no such conclusion."))
    if isinstance(error, InvalidInput):
        _say(form, error)
    return UNPROCESSABLE


def _complete(
    request: HttpRequest, found: TaskAtHand, form: TaskForm, *, by: User, at: datetime
) -> None:
    """One act. A closed task is left to the engine to refuse: a second click is not late."""
    if not form.is_valid():
        _refuse_late(found)
        raise InvalidInput({})
    outcome = form.cleaned_data["outcome"]
    returning = outcome in reviews.RETURNING
    reviews.complete_review(
        found.view.id,
        outcome=outcome,
        reasons=request.POST.getlist("reasons") if _asks_reasons(found, outcome) else [],
        items=bench.flags_of(found, request.POST) if returning else [],
        note=form.cleaned_data["note"],
        fields=bench.variables_of(form),
        submission_sha256=request.POST.get("submission_sha256", ""),
        by=by,
        at=at,
        key=bench.key_of(request.POST),
    )


def _refuse_late(found: TaskAtHand) -> None:
    """Who was too late corrects nothing any more."""
    view = found.view
    if view.status != "open":
        raise TaskNotOpen(view.id, by_id=view.closed_by_id, closed_at=view.closed_at)


def _asks_reasons(found: TaskAtHand, outcome: str) -> bool:
    """Whether ticked reasons belong to this outcome; preselected ones must not ride along."""
    declared = any(
        choice.code == outcome and "reasons" in choice.requires for choice in found.view.outcomes
    )
    return declared or outcome in reviews.NEEDS_REASONS


def _late(request: HttpRequest, found: TaskAtHand, error: TaskNotOpen) -> HttpResponse:
    """Who was faster and when; what was typed stays on the page."""
    return render(
        request,
        "reviewer/late.html",
        {
            "office": frame(request),
            "claim": found.claim,
            "who": display_name(error.by_id),
            "when": error.closed_at,
            "on_another_desk": error.code == "task_assigned_elsewhere",
            "note": request.POST.get("note", ""),
        },
        status=CONFLICT,
    )


def _held(error: ClaimChanged) -> str:
    if error.status == "held":
        return _("The claim is on hold. Release the hold first.")
    return _("The claim was changed meanwhile. Look at it again before you conclude.")


def _say(form: TaskForm, error: InvalidInput) -> None:
    """Codes of the domain as sentences on the form."""
    sentences = {
        "reasons": _("Choose at least one reason."),
        "note": _("Write a note for this conclusion."),
        "items": _("Mark at least one part that the applicant must correct."),
    }
    for name in error.fields:
        where = name if name in form.fields else None
        form.add_error(where, sentences.get(name, _("Check this entry.")))


def _done(found: TaskAtHand) -> str:
    number = found.claim.number if found.claim is not None else ""
    return _("%(number)s is concluded.") % {"number": number}
