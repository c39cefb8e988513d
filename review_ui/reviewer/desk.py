"""The desk: one user task of any diagram with everything about its claim."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from engine import clock
from review_ui.pages.office import roles_required
from review_ui.reviewer import bench
from review_ui.reviewer.access import WORK, person
from workflows import access

PAYERS_STEP = "confirm_account"


@roles_required(*WORK)
@require_safe
def desk(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task at hand; money has pages of its own, a closed task shows its claim."""
    at, user = clock.now(), person(request)
    found = access.task(user, task_id, at=at)
    if found.batch is not None:
        return redirect("payer-batch", found.batch.number)
    assert found.claim is not None
    if found.view.status != "open":
        return redirect("reviewer-claim", found.claim.pk)
    if found.view.element_id == PAYERS_STEP:
        return redirect("payer-account", task_id)
    shown = bench.context(request, found, bench.bound_form(found), at=at)
    return render(request, "reviewer/desk.html", shown)
