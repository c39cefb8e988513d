"""What an applicant does to a submitted claim: correct, withdraw, delete, appeal, new account."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from engine import clock
from review_ui.applicant import files, views
from review_ui.applicant.forms import Account, AccountAndPhone, Appeal, Phone
from review_ui.applicant.frame import own_claim, person
from review_ui.pages.keyed import Keyed
from workflows.actions import accounts, claims, corrections, reviews
from workflows.errors import IncompleteClaim, InvalidInput
from workflows.queries import applicant

if TYPE_CHECKING:
    from workflows.models import Claim

NAMES = {"account": "account_number", "number": "account_number"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something other than a file that was sent back."""

    label: str
    text: str
    note: str
    old: str
    target: str
    fields: tuple[str, ...]


@sensitive_post_parameters()
@login_required
def correct(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Only what was flagged is open; then the claim goes on where it was."""
    claim = own_claim(request, claim_id)
    if claim.status != "returned" and request.method != "POST":
        return redirect("claim", claim_id=claim.pk)
    view = applicant.status(claim)
    items = _items(claim, view)
    form = _form(frozenset(item.target for item in items))(request.POST or None)
    if request.method == "POST" and form.is_valid() and _resubmitted(request, claim, form):
        messages.success(request, _("Submitted again. The claim goes on."))
        return redirect("claim", claim_id=claim.pk)
    context = {
        **views.state(claim, view),
        "form": form,
        "files": files.rows(
            claim, back=reverse("claim-correct", args=[claim.pk]), only_flagged=True
        ),
        "items": items,
        "count": len(view.corrections),
        "attempts_left": corrections.attempts_left(claim),
    }
    return render(request, "applicant/correct.html", context)


FIELDS = {"account": ("account_kind", "account_number"), "phone": ("phone",)}


def _form(targets: frozenset[str]) -> type[Keyed]:
    """The fields that were sent back, and no others."""
    if {"account", "phone"} <= targets:
        return AccountAndPhone
    if "account" in targets:
        return Account
    return Phone if "phone" in targets else Keyed


def _items(claim: "Claim", view: applicant.StatusView) -> list[Item]:
    labels = {"account": _("Account"), "phone": _("Mobile phone"), "employer": _("Your employer")}
    return [
        Item(
            labels.get(row.target, _("To settle")),
            row.text,
            row.note,
            view.account if row.target == "account" else "",
            row.target,
            FIELDS.get(row.target, ()),
        )
        for row in view.corrections
        if not row.target.startswith("file:")
    ]


def _resubmitted(request: HttpRequest, claim: "Claim", form: Keyed) -> bool:
    at, user = clock.now(), person(request)
    try:
        if isinstance(form, Account | Phone) and claim.status == "returned":
            given = form.cleaned_data
            kept = claim.account.kind if claim.account else ""
            claims.save_details(
                claim,
                phone_text=given.get("phone", claim.person.phone),
                account_kind=given.get("account_kind", kept),
                account_text=given.get("account_number", ""),
                by=user,
                at=at,
            )
        corrections.resubmit_claim(claim, by=user, at=at, key=form.cleaned_data["key"])
    except InvalidInput as wrong:
        form.refuse(wrong.fields, NAMES)
        return False
    except IncompleteClaim as incomplete:
        names = _(", ").join(_part(claim, part) for part in incomplete.missing)
        form.add_error(None, _("Still to change: %(parts)s") % {"parts": names})
        return False
    return True


def _part(claim: "Claim", part: str) -> str:
    if part.startswith("file:"):
        return files.label(claim, part.removeprefix("file:"))
    return {"account": _("Account"), "phone": _("Mobile phone")}.get(part, part)


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
            form.refuse(wrong.fields, NAMES)
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
