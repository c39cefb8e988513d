"""A claim that was sent back: what can be changed is open, and what cannot says what to do."""

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
from review_ui.applicant import files, questions, views
from review_ui.applicant.forms import ACCOUNT_NAMES, Correction
from review_ui.applicant.frame import own_claim, person
from workflows.actions import claims, corrections
from workflows.errors import IncompleteClaim, InvalidInput
from workflows.queries import applicant
from workflows.queries.words import words as in_language

if TYPE_CHECKING:
    from workflows.models import Claim
    from workflows.models.rules import Question

FIELDS = {"account": ("account_kind", "account_number"), "phone": ("phone",)}


@dataclass(frozen=True, slots=True)
class Item:
    """Something other than a file that was sent back: fields to change, or advice what to do."""

    label: str
    text: str
    note: str
    old: str
    fields: tuple[str, ...]
    advice: str


@sensitive_post_parameters()
@login_required
def correct(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Only what was flagged is open; then the claim goes on where it was."""
    claim = own_claim(request, claim_id)
    if claim.status != "returned" and request.method != "POST":
        return redirect("claim", claim_id=claim.pk)
    view = applicant.status(claim)
    targets = {row.target for row in view.corrections}
    asked = [row for row in claim.version.rules.questions if row.name in targets]
    form = Correction(
        request.POST or None,
        named={name for target in targets for name in FIELDS.get(target, ())},
        asked=questions.fields(asked, claim.answers),
    )
    if request.method == "POST" and form.is_valid() and _resubmitted(request, claim, form, asked):
        messages.success(request, _("Submitted again. The claim goes on."))
        return redirect("claim", claim_id=claim.pk)
    rows = files.rows(claim, back=reverse("claim-correct", args=[claim.pk]), only_flagged=True)
    replaced = {f"file:{row.spec}" for row in rows if row.replaced}
    context = {
        **views.state(claim, view),
        "form": form,
        "files": rows,
        "items": [_item(claim, view, row) for row in view.corrections if not _is_file(row.target)],
        "count": sum(row.target not in replaced for row in view.corrections),
        "attempts_left": corrections.attempts_left(claim),
    }
    return render(request, "applicant/correct.html", context)


def _is_file(target: str) -> bool:
    return target.startswith("file:")


def _item(claim: "Claim", view: applicant.StatusView, row: applicant.CorrectionRow) -> Item:
    asked = questions.names(claim.version.rules.questions)
    fields = FIELDS.get(row.target) or tuple(
        field for name, field in asked.items() if name == row.target
    )
    return Item(
        _part(claim, row.target),
        row.text,
        row.note,
        view.account if row.target == "account" else "",
        fields,
        "" if fields else _advice(row.target),
    )


def _advice(target: str) -> str:
    """What to do about a fact that is not the applicant's to enter."""
    known = {
        "name": _(
            "Your name cannot be changed on this page. Call the office, or go there with your ID "
            "card; then submit again."
        ),
        "office": _("The office moves a claim itself. There is nothing to enter: submit again."),
        "employer": _(
            "Your former employer reports this, not you. Ask them to report it; then submit again."
        ),
    }
    return known.get(target) or _(
        "There is nothing to enter here. Do what is written above, or ask the office; then submit "
        "again."
    )


def _part(claim: "Claim", target: str) -> str:
    """What a part of a claim is called."""
    if _is_file(target):
        return files.label(claim, target.removeprefix("file:"))
    asked = {row.name: in_language(row.label) for row in claim.version.rules.questions}
    known = {
        "account": _("Account"),
        "phone": _("Mobile phone"),
        "name": _("Name"),
        "office": _("Office"),
        "employer": _("Your employer"),
    }
    return known.get(target) or asked.get(target) or _("To settle")


def _resubmitted(
    request: HttpRequest, claim: "Claim", form: Correction, asked: "list[Question]"
) -> bool:
    at, user = clock.now(), person(request)
    given = form.cleaned_data
    try:
        if len(form.fields) > 1 and claim.status == "returned":
            claims.save_details(
                claim,
                phone_text=given.get("phone", claim.person.phone),
                account_kind=given.get(
                    "account_kind", claim.account.kind if claim.account else ""
                ),
                account_text=given.get("account_number", ""),
                answers=questions.answers_of(asked, given),
                by=user,
                at=at,
            )
        corrections.resubmit_claim(claim, by=user, at=at, key=given["key"])
    except InvalidInput as wrong:
        form.refuse(wrong.fields, ACCOUNT_NAMES | questions.names(asked))
        return False
    except IncompleteClaim as incomplete:
        parts = _(", ").join(_part(claim, part) for part in incomplete.missing)
        form.add_error(None, _("Still to change: %(parts)s") % {"parts": parts})
        return False
    return True
