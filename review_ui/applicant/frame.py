"""What the steps of a claim share: the way through them, and who may be on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from engine import clock
from workflows import access
from workflows.accounts.models import User
from workflows.queries import applicant, rulebook

if TYPE_CHECKING:
    from workflows.models import Claim

STEPS = ("claim-notice", "claim-details", "claim-files", "claim-check")


def person(request: HttpRequest) -> User:
    """The logged-in person; views are behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def own_claim(request: HttpRequest, claim_id: UUID) -> "Claim":
    """The person's own claim; missing and foreign look the same."""
    return access.own_claim(person(request), claim_id, at=clock.now())


def step(claim: "Claim", name: str) -> dict[str, object]:
    """Where a step stands on the way, and where "back" leads."""
    place = STEPS.index(name)
    states = ["is-done"] * place + ["is-now"] + [""] * (len(STEPS) - place - 1)
    back = reverse(STEPS[place - 1], args=[claim.pk]) if place else reverse("my-claims")
    following = reverse(STEPS[place + 1], args=[claim.pk]) if place + 1 < len(STEPS) else ""
    return {
        "claim": claim,
        "programme_name": applicant.programme_name(claim),
        "step_states": states,
        "step_number": place + 1,
        "step_count": len(STEPS),
        "back_url": back,
        "next_url": following,
    }


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of what was entered; `url` leads to where it can be changed."""

    label: str
    value: str
    url: str = ""


def working_days_left(claim: "Claim", due: datetime | None) -> int | None:
    """Working days until a deadline, or None without one."""
    if due is None:
        return None
    calendar = rulebook.calendar(claim.version)
    return calendar.working_days_between(rulebook.local_day(clock.now()), rulebook.local_day(due))
