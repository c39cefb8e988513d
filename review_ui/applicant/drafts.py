"""A claim in preparation: notice, details, pictures, check, submit."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from engine import clock
from review_ui.applicant import files as file_views
from review_ui.applicant import questions
from review_ui.applicant.forms import ACCOUNT_NAMES, Details
from review_ui.applicant.frame import Fact, own_claim, person, step
from review_ui.applicant.public import by_region
from review_ui.pages.keyed import Keyed
from workflows import access
from workflows.actions import claims, submitting
from workflows.errors import (
    DuplicateClaim,
    IncompleteClaim,
    InvalidInput,
    NoticeNotAccepted,
    PortUnavailable,
)
from workflows.queries import applicant, rulebook
from workflows.queries import home as home_query
from workflows.queries import offices as office_query
from workflows.queries.desk import masked_person
from workflows.queries.words import words as in_language

if TYPE_CHECKING:
    from workflows.models import Claim

DRAFT = "draft"


@login_required
@require_POST
def start(request: HttpRequest, programme: str) -> HttpResponse:
    """Begin, or go on with the draft there is."""
    user = person(request)
    who = access.person_of(user)
    if who is None:
        return redirect("my-claims")
    try:
        claim = claims.start_claim(
            who,
            rulebook.programme(programme),
            by=user,
            at=clock.now(),
            key=request.POST.get("key", ""),
        )
    except DuplicateClaim:
        messages.warning(request, _("You already have an open claim. Go on with it below."))
        return redirect("my-claims")
    return redirect("claim-notice", claim_id=claim.pk)


@login_required
def notice(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The notice, opened and ticked; version and text hash are kept."""
    claim = own_claim(request, claim_id)
    if claim.status != DRAFT:
        return redirect("claim", claim_id=claim.pk)
    notices = rulebook.notices(claim.version, get_language() or "zh-hans")
    form = Keyed(request.POST or None)
    if request.method == "POST":
        if request.POST.get("read") == "yes":
            claims.accept_notice(claim, notices, by=person(request), at=clock.now())
            return redirect("claim-details", claim_id=claim.pk)
        form.add_error(None, _("Tick that you have read the notice."))
    texts = "\n".join(row.text for row in notices)
    shown = {
        "title": notices[0].title if notices else "",
        "version": claim.version.number,
        "rules": home_query.notice_rules(texts),
        "uses": home_query.notice_uses(texts),
    }
    context = {**step(claim, "claim-notice"), "notice": shown, "form": form}
    return render(request, "applicant/notice.html", context)


@sensitive_post_parameters()
@login_required
def details(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Phone, account, office; the social security card can be taken over."""
    claim = own_claim(request, claim_id)
    if claim.status != DRAFT:
        return redirect("claim", claim_id=claim.pk)
    asked = claim.version.rules.questions
    form = Details(request.POST or None, initial=_entered(claim))
    form.fields.update(questions.fields(asked, claim.answers))
    if request.method == "POST":
        if request.POST.get("act") == "sync":
            if _synced(request, claim, form):
                return redirect("claim-details", claim_id=claim.pk)
        elif form.is_valid() and _saved(request, claim, form):
            return redirect("claim-files", claim_id=claim.pk)
    masked = masked_person(claim)
    rows = office_query.office_rows(on=rulebook.local_day(clock.now()))
    context = {
        **step(claim, "claim-details"),
        "form": form,
        "regions": by_region(rows),
        "masked": masked,
        "asked": set(questions.names(asked).values()),
    }
    return render(request, "applicant/details.html", context)


def _entered(claim: "Claim") -> dict[str, str]:
    return {
        "phone": claim.person.phone,
        "account_kind": claim.account.kind if claim.account else "",
        "office": claim.office.code if claim.office else "",
    }


def _synced(request: HttpRequest, claim: "Claim", form: Details) -> bool:
    try:
        claims.sync_social_card(claim, by=person(request), at=clock.now())
    except InvalidInput as wrong:
        form.is_valid()
        form.errors.clear()
        form.refuse(wrong.fields, ACCOUNT_NAMES)
        return False
    except PortUnavailable:
        messages.warning(
            request,
            _("The card register does not answer. Try again later, or enter a debit card."),
        )
        return True
    messages.success(request, _("Your social security card was taken over."))
    return True


def _saved(request: HttpRequest, claim: "Claim", form: Details) -> bool:
    given, at, user = form.cleaned_data, clock.now(), person(request)
    asked = claim.version.rules.questions
    kept = claim.account is not None and claim.account.kind == given["account_kind"]
    if not given["account_number"] and not kept:
        form.refuse({"account_number": "required"})
        return False
    try:
        claims.save_details(
            claim,
            phone_text=given["phone"],
            account_kind=given["account_kind"],
            account_text=given["account_number"],
            answers=questions.answers_of(asked, given),
            office_code=given["office"],
            by=user,
            at=at,
        )
    except InvalidInput as wrong:
        form.refuse(wrong.fields, ACCOUNT_NAMES | questions.names(asked))
        return False
    return True


@login_required
@require_safe
def files(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The pictures that this claim needs."""
    claim = own_claim(request, claim_id)
    if claim.status != DRAFT:
        return redirect("claim", claim_id=claim.pk)
    rows = file_views.rows(claim, back=reverse("claim-files", args=[claim.pk]))
    context = {
        **step(claim, "claim-files"),
        "files": rows,
        "missing": sum(1 for row in rows if not row.url),
    }
    return render(request, "applicant/files.html", context)


@login_required
def check(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Read everything once more, then submit (上报)."""
    claim = own_claim(request, claim_id)
    form = Keyed(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # A second press of the button repeats the key and gets the same answer.
        try:
            submitting.submit_claim(
                claim, by=person(request), at=clock.now(), key=form.cleaned_data["key"]
            )
        except IncompleteClaim as incomplete:
            return _check_page(request, claim, form, list(incomplete.missing))
        except NoticeNotAccepted:
            return _check_page(request, claim, form, ["notice", *submitting.missing_parts(claim)])
        return redirect("claim-slip", claim_id=claim.pk)
    if claim.status != DRAFT:
        return redirect("claim", claim_id=claim.pk)
    return _check_page(request, claim, form, submitting.missing_parts(claim))


def _check_page(
    request: HttpRequest, claim: "Claim", form: Keyed, missing: list[str]
) -> HttpResponse:
    context = {
        **step(claim, "claim-check"),
        "form": form if not form.is_bound else Keyed(),
        "facts": facts(claim, links=True),
        "missing": [_missing(claim, part) for part in missing],
    }
    return render(request, "applicant/check.html", context)


def _missing(claim: "Claim", part: str) -> dict[str, str]:
    names = {
        "notice": (_("Read and tick the notice"), "claim-notice"),
        "phone": (_("Enter your phone"), "claim-details"),
        "account": (_("Enter your account"), "claim-details"),
        "office": (_("Choose your office"), "claim-details"),
    }
    if part.startswith("file:"):
        spec = part.removeprefix("file:")
        text = _("Upload: %(file)s") % {"file": file_views.label(claim, spec)}
        return {"text": text, "url": reverse("claim-files", args=[claim.pk]) + f"#file-{spec}"}
    labels = {row.name: in_language(row.label) for row in claim.version.rules.questions}
    answer = _("Answer: %(question)s") % {"question": labels.get(part, part)}
    text, name = names.get(part, (answer, "claim-details"))
    return {"text": text, "url": reverse(name, args=[claim.pk])}


def facts(claim: "Claim", *, links: bool) -> list[Fact]:
    """What was entered, masked."""
    masked = masked_person(claim)
    change = reverse("claim-details", args=[claim.pk]) if links else ""
    pictures = reverse("claim-files", args=[claim.pk]) if links else ""
    found = file_views.rows(claim, back="")
    names = _(", ").join(row.label for row in found if row.url)
    office = office_query.name_of(claim.office) if claim.office else ""
    return [
        Fact(_("Programme"), applicant.programme_name(claim)),
        Fact(_("Name"), claim.person.name),
        Fact(_("ID number"), masked["id_number"]),
        Fact(_("Mobile phone"), masked["phone"], change),
        Fact(_("Account"), masked["account"], change),
        Fact(_("Office"), office, change),
        Fact(_("Pictures"), names or "–", pictures),
    ]
