"""A new account after a failed payment: the payer looks at it and confirms or refuses it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from engine import clock
from review_ui.pages.office import frame, roles_required
from review_ui.pages.proof import person
from review_ui.payer import words
from workflows import access
from workflows.access import TaskAtHand
from workflows.actions import accounts as acts
from workflows.errors import NotFound
from workflows.queries import desk

KINDS: words.Words = {
    "social_card": gettext_lazy("Social security card"),
    "debit_card": gettext_lazy("Debit card"),
    "passbook": gettext_lazy("Passbook"),
}
VERIFIED: words.Words = {
    "": gettext_lazy("Not verified"),
    "ok": gettext_lazy("Verified by the bank"),
    "verified": gettext_lazy("Verified by the bank"),
    "unavailable": gettext_lazy("The bank could not be asked"),
    "closed": gettext_lazy("The account is closed."),
    "name_mismatch": gettext_lazy("The account belongs to another name."),
    "frozen": gettext_lazy("The account is frozen."),
    "no_such_account": gettext_lazy("There is no such account."),
}


@roles_required("payer")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, task_id: int) -> HttpResponse:
    """The account that waits, masked; confirming it lets the payment go into the next batch."""
    at = clock.now()
    user = person(request)
    found = access.task(user, task_id, at=at)
    claim = found.claim
    if claim is None or found.view.element_id != acts.CONFIRM:
        raise NotFound
    if request.method != "POST":
        return _page(request, found)
    verdict = request.POST.get("verdict", "")
    if verdict not in {"right", "wrong"}:
        return _page(request, found, error=_("Say whether the account is right."), status=422)
    right = verdict == "right"
    try:
        acts.confirm_account(claim, right=right, by=user, at=at, key=request.POST.get("key", ""))
    except words.Shown as error:
        return _page(request, found, error=words.sentence(error), status=words.status_of(error))
    said = _("Confirmed.") if right else _("Refused. The applicant is asked again.")
    messages.success(request, said)
    return redirect("payer-batches")


def _page(
    request: HttpRequest, found: TaskAtHand, *, error: str = "", status: int = 200
) -> HttpResponse:
    claim = found.claim
    assert claim is not None
    shown = desk.desk(claim).person
    own = claim.account is not None and claim.account.entered_by_id == request.user.pk
    return render(
        request,
        "payer/account.html",
        {
            "office": frame(request),
            "claim": claim,
            "person": shown,
            "kind": words.word(KINDS, shown.get("account_kind", "")),
            "verified": words.word(VERIFIED, shown.get("verification", "")),
            "entered_at": claim.account.entered_at if claim.account else None,
            "is_own": own,
            "is_open": found.view.status == "open",
            "key": uuid.uuid4(),
            "error": error,
        },
        status=status,
    )
