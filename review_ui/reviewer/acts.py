"""Small acts around the desk: take, release, next, answer a reason, leave a note."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engine import clock
from review_ui.pages.office import roles_required
from review_ui.reviewer.access import WORK, person
from review_ui.reviewer.bench import clean
from workflows import access
from workflows.actions import reviews
from workflows.errors import InvalidInput


@roles_required(*WORK)
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """The best free task of one's queues, on the desk."""
    return go_on(request)


def go_on(request: HttpRequest) -> HttpResponse:
    """To the next task, or to the empty list with a kind word."""
    view = reviews.take_next(by=person(request), at=clock.now())
    if view is not None:
        return redirect("reviewer-desk", view.id)
    messages.info(request, _("Nothing is waiting for you. All done for now."))
    return redirect("reviewer-mine")


@roles_required(*WORK)
@require_POST
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """Put a task on the desk."""
    at, user = clock.now(), person(request)
    found = access.task(user, task_id, at=at)
    reviews.take(found.view.id, by=user, at=at)
    return redirect("reviewer-desk", task_id)


@roles_required(*WORK)
@require_POST
def release(request: HttpRequest, task_id: int) -> HttpResponse:
    """Give a task back to its queue."""
    at, user = clock.now(), person(request)
    found = access.task(user, task_id, at=at)
    reviews.release(found.view.id, by=user, at=at)
    messages.success(request, _("Given back to the queue."))
    return redirect("reviewer-queue")


@roles_required(*WORK)
@require_POST
def answer(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say what was looked at, so that a reason no longer stands."""
    at, user = clock.now(), person(request)
    found = access.task(user, task_id, at=at)
    reason, evidence = request.POST.get("reason", ""), clean(request.POST.get("evidence", ""))
    try:
        reviews.answer_look(found.view.id, reason, evidence=evidence, by=user, at=at)
    except InvalidInput as error:
        if "note" in error.fields:
            messages.error(request, _("Write what you looked at, and where."))
        else:
            messages.error(request, _("This reason cannot be answered here."))
    else:
        messages.success(request, _("The answer to %(code)s is kept.") % {"code": reason})
    return redirect("reviewer-desk", task_id)


@roles_required(*WORK)
@require_POST
def note(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Leave a remark for colleagues."""
    at, user = clock.now(), person(request)
    claim = access.claim(user, claim_id, at=at)
    try:
        reviews.add_note(claim, clean(request.POST.get("text", "")), by=user, at=at)
    except InvalidInput:
        messages.error(request, _("Write something first."))
    else:
        messages.success(request, _("The note is kept."))
    task_id = request.POST.get("task", "")
    if task_id.isdecimal() and len(task_id) < len(str(2**53)):
        return redirect("reviewer-desk", int(task_id))
    return redirect("reviewer-claim", claim.pk)
