"""What an applicant does to a submitted claim: withdraw, delete, appeal, another account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from engine import clock
from review_ui.applicant.forms import ACCOUNT_NAMES, Account, Appeal
from review_ui.applicant.frame import own_claim, person
from review_ui.pages.keyed import Keyed
from workflows.actions import accounts, corrections, reviews
from workflows.errors import InvalidInput


@login_required
def withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Say before the click what it means; then withdraw."""
    claim = own_claim(request, claim_id)
    form = Keyed(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.withdraw_claim(
            claim, by=person(request), at=clock.now(), key=form.cleaned_data["key"]
        )
        messages.success(request, _("The claim was withdrawn."))
        return redirect("claim", claim_id=claim.pk)
    context = {
        "form": form,
        "back_url": reverse("claim", args=[claim.pk]),
        "heading": _("Withdraw the claim?"),
        "consequence": _("The office stops working on it. You may claim again later."),
        "kept": [_("What you submitted is kept as long as the law asks, then erased.")],
        "act_label": _("Withdraw"),
    }
    return render(request, "applicant/confirm.html", context)


@login_required
def delete(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Say what is erased and what law keeps; then delete."""
    claim = own_claim(request, claim_id)
    form = Keyed(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.delete_claim(claim, by=person(request), at=clock.now())
        messages.success(request, _("The claim was deleted."))
        return redirect("my-claims")
    draft = claim.status == "draft"
    kept = [] if draft else [_("Number, decisions and check sums are kept: the law asks for it.")]
    kept += [] if draft else [_("Returns already made still count if you claim again.")]
    context = {
        "form": form,
        "back_url": reverse("my-claims" if draft else "claim", args=[] if draft else [claim.pk]),
        "heading": _("Delete the claim?"),
        "consequence": _("It disappears from your list, and its pictures are erased."),
        "kept": kept,
        "act_label": _("Delete"),
    }
    return render(request, "applicant/confirm.html", context)


@login_required
def appeal(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Another officer looks at a denial."""
    claim = own_claim(request, claim_id)
    form = Appeal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reviews.appeal_claim(
            claim,
            text=form.cleaned_data["text"],
            by=person(request),
            at=clock.now(),
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("We have your appeal. Another officer will look at it."))
        return redirect("claim", claim_id=claim.pk)
    context = {
        "form": form,
        "back_url": reverse("claim", args=[claim.pk]),
        "heading": _("Appeal"),
        "act_label": _("Send the appeal"),
    }
    return render(request, "applicant/one_form.html", context)


@sensitive_post_parameters()
@login_required
def account(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Another account after a payment that did not arrive."""
    claim = own_claim(request, claim_id)
    form = Account(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_account(
                claim,
                account_kind=form.cleaned_data["account_kind"],
                account_text=form.cleaned_data["account_number"],
                by=person(request),
                at=clock.now(),
                key=form.cleaned_data["key"],
            )
        except InvalidInput as wrong:
            form.refuse(wrong.fields, ACCOUNT_NAMES)
        else:
            messages.success(request, _("Thank you. A second person confirms the account."))
            return redirect("claim", claim_id=claim.pk)
    context = {
        "form": form,
        "back_url": reverse("claim", args=[claim.pk]),
        "heading": _("Give another account"),
        "act_label": _("Save the account"),
    }
    return render(request, "applicant/one_form.html", context)
