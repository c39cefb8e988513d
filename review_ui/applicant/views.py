"""The applicant's list of claims, where one stands, and the slip to print."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engine import clock
from review_ui.applicant import drafts
from review_ui.applicant.frame import Fact, own_claim, person, working_days_left
from review_ui.pages.keyed import new_key
from review_ui.pages.status import Look, look, month_look
from review_ui.templatetags.shenling import moment, weekday
from workflows import access
from workflows.queries import applicant, coming, processes
from workflows.queries import offices as office_query
from workflows.queries.applicant import ClaimRow, StatusView

if TYPE_CHECKING:
    from workflows.models import Claim


@dataclass(frozen=True, slots=True)
class Act:
    """A link to something the applicant may do now."""

    label: str
    url: str
    style: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim on the list."""

    row: ClaimRow
    look: Look
    url: str
    act_label: str
    needs_me: bool


@login_required
@require_safe
def my_claims(request: HttpRequest) -> HttpResponse:
    """All claims of this person, and what can be claimed."""
    user = person(request)
    if user.is_officer:
        return redirect("office-home")
    names = processes.programme_names()
    programmes = [{"code": code, "name": name, "key": new_key()} for code, name in names.items()]
    context = {
        "claims": [_listed(row) for row in applicant.own_claims(user)],
        "programmes": programmes,
        "identified": access.person_of(user) is not None,
    }
    return render(request, "applicant/claims.html", context)


def _listed(row: ClaimRow) -> Listed:
    name = "claim-notice" if "edit" in row.acts else "claim"
    label = {
        "edit": _("Go on"),
        "correct": _("Correct now"),
        "account": _("Give another account"),
    }
    first = row.acts[0] if row.acts else ""
    if first == "correct":
        name = "claim-correct"
    return Listed(
        row,
        look(row.standing),
        reverse(name, args=[row.id]),
        label.get(first, _("See the claim")),
        first in label,
    )


@login_required
@require_safe
def status(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Where a claim stands: what is next, by when, whom to call."""
    claim = own_claim(request, claim_id)
    if claim.status == "draft":
        return redirect("claim-notice", claim_id=claim.pk)
    view = applicant.status(claim)
    applicant.mark_read(claim, at=clock.now())
    months = [(row, month_look(row.status)) for row in view.months]
    context = {
        **state(claim, view),
        "months": months,
        "timeline": timeline(view),
        "facts": drafts.facts(claim, links=False),
        "acts": _acts(claim, view),
    }
    return render(request, "applicant/status.html", context)


def state(claim: "Claim", view: StatusView) -> dict[str, object]:
    """What the state card shows."""
    return {
        "claim": claim,
        "view": view,
        "look": look(view.row.standing),
        "programme_name": view.row.programme,
        "days_left": working_days_left(claim, view.due_at),
    }


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline: done, now or next."""

    state: str
    title: str
    text: str
    at: datetime | None = None


def timeline(view: StatusView) -> list[Happened]:
    """What was told so far, where the claim stands, and what comes next."""
    steps = [Happened("done", step.text, "", step.at) for step in view.timeline]
    if steps:
        last = view.timeline[-1]
        steps[-1] = Happened("now", last.text, "", last.at)
    return steps if view.is_closed else [*steps, Happened("next", view.next_step, _call(view))]


def _call(view: StatusView) -> str:
    """By when, and whom to call."""
    told = {"date": weekday(view.due_at), "office": view.office, "phone": view.phone}
    if view.due_at is None:
        return _("Questions: %(office)s, %(phone)s.") % told
    return _("At the latest on %(date)s. Questions: %(office)s, %(phone)s.") % told


def _acts(claim: "Claim", view: StatusView) -> list[Act]:
    known = {
        "correct": Act(_("Correct now"), "claim-correct", "btn-primary"),
        "account": Act(_("Give another account"), "claim-account", "btn-primary"),
        "appeal": Act(_("Appeal"), "claim-appeal", "btn-plain"),
        "withdraw": Act(_("Withdraw the claim"), "claim-withdraw", "btn-quiet is-danger"),
        "delete": Act(_("Delete the claim"), "claim-delete", "btn-quiet is-danger"),
    }
    slip = Act(
        _("Print the receipt"), reverse("claim-slip", args=[claim.pk]), "btn-plain", "print"
    )
    open_now = [known[name] for name in view.row.acts if name in known]
    links = [Act(a.label, reverse(a.url, args=[claim.pk]), a.style, a.icon) for a in open_now]
    return [*links[:1], slip, *links[1:]] if links else [slip]


@login_required
@require_safe
def slip(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The receipt: number, when it came in, until when an answer is expected, if it still is."""
    claim = own_claim(request, claim_id)
    if claim.number is None:
        return redirect("claim-notice", claim_id=claim.pk)
    submitted = claim.original_submitted_at or clock.now()
    office = office_query.name_of(claim.office) if claim.office else ""
    phone = claim.office.phone if claim.office else ""
    answer_at = coming.answer_due(claim)
    facts = [
        *drafts.facts(claim, links=False),
        Fact(_("Received"), moment(submitted)),
        *([Fact(_("Answer expected by"), weekday(answer_at))] if answer_at else []),
        Fact(_("Office and phone"), f"{office} {phone}"),
    ]
    context = {
        "claim": claim,
        "programme_name": applicant.programme_name(claim),
        "slip_facts": facts,
    }
    return render(request, "applicant/slip.html", context)
