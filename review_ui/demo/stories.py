"""What happens to one invented claim, step by step, through the acts that people use.

A story is a generator: it acts, then yields the instant of its next act. The stage keeps time and
lets timers, jobs and messages run in between, so that deadlines, returns and payments interleave
as they do in an office.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine import api
from engine.types import TaskView
from review_ui.demo import invented
from review_ui.demo.invented import Invented
from workflows import access
from workflows.accounts.models import User
from workflows.actions import attachments, claims, corrections, people, reviews, submitting
from workflows.actions.reviews import Flag
from workflows.queries import blocking, rulebook

if TYPE_CHECKING:
    from workflows.models import Claim

Story = Iterator[datetime]
RETURNS = (
    ("file:id_front", "A02", "左下角看不清"),
    ("file:id_back", "A03", "有效期被反光挡住"),
    ("account", "F04", ""),
)


@dataclass(slots=True)
class Stage:
    """Who plays, when it is, and what the registers were told about whom."""

    now: datetime
    programme: str
    officers: dict[tuple[str, str], User]
    facts: dict[str, dict[str, object]] = field(default_factory=dict)

    def officer(self, role: str, office: str) -> User:
        return self.officers[role, office]


def next_working_time(after: datetime, days: int, draw: random.Random) -> datetime:
    """Some office hour `days` working days later."""
    at = after
    for _ in range(days):
        at += timedelta(days=1)
        while at.weekday() >= 5:  # noqa: PLR2004 - Saturday and Sunday
            at += timedelta(days=1)
    morning = at.replace(hour=1, minute=0, second=0, microsecond=0)
    later = morning + timedelta(minutes=draw.randrange(8 * 60), seconds=draw.randrange(60))
    return max(later, after + timedelta(minutes=5))


class Claimant:
    """One person's claim from the first click on."""

    def __init__(self, stage: Stage, number: int, office: str, *, card_ends: str = "") -> None:
        self.stage = stage
        self.draw = random.Random(number * 7919)  # noqa: S311 - invented data
        self.who: Invented = invented.person(number, card_ends=card_ends)
        self.office = office
        self.user: User | None = None
        self.by: User | None = None

    @property
    def now(self) -> datetime:
        return self.stage.now

    def enter(self) -> None:
        """Three of four claim online; the rest at the counter of Changchun."""
        clerk = self.stage.officers.get(("clerk", self.office))
        programme = rulebook.programme(self.stage.programme)
        if clerk is not None and self.draw.random() < 0.25:  # noqa: PLR2004 - a quarter
            self.by = clerk
            person = people.enter_person(
                name_text=self.who.name,
                id_text=self.who.id_number,
                phone_text=self.who.phone,
                by=clerk,
                at=self.now,
            )
        else:
            username = f"demo{self.who.number:04}"
            self.user = self.by = people.register(username, DEMO_PASSWORD, at=self.now)
            person = people.identify(
                self.user,
                name_text=self.who.name,
                id_text=self.who.id_number,
                phone_text=self.who.phone,
                at=self.now,
            )
        self.claim = claims.start_claim(person, programme, by=self.by, at=self.now)

    def fill_in(self) -> None:
        """Notice, phone, account, office."""
        assert self.by is not None
        notices = rulebook.notices(self.claim.version, "zh-hans")
        claims.accept_notice(self.claim, notices, by=self.by, at=self.now)
        claims.save_details(
            self.claim,
            phone_text=self.who.phone,
            account_kind="debit_card",
            account_text=self.who.card,
            by=self.by,
            at=self.now,
        )
        claims.choose_office(self.claim, self.office, by=self.by, at=self.now)

    def upload(self, *specs: str) -> None:
        assert self.by is not None
        for place, spec in enumerate(specs):
            shade = (self.who.number % 4) * 6 + place * 2
            attachments.add_attachment(
                self.claim,
                spec,
                invented.picture(spec, shade),
                declared_name=f"{spec}.jpg",
                by=self.by,
                at=self.now,
            )

    def submit(self) -> None:
        assert self.by is not None
        self.claim = submitting.submit_claim(self.claim, by=self.by, at=self.now)

    def task(self) -> TaskView | None:
        """The open task of an officer, or None while machines or the applicant have the ball."""
        for view in api.open_tasks(business_key=self.claim.number):
            if "applicant" not in view.groups:
                return view
        return None

    def conclude(
        self,
        outcome: str,
        *,
        reasons: tuple[str, ...] = (),
        items: tuple[Flag, ...] = (),
        note: str = "",
    ) -> None:
        view = self.task()
        if view is None:
            return
        officer = self.stage.officer(view.groups[0], self.office)
        reviews.take(view.id, by=officer, at=self.now)
        for standing in self.looks():
            reviews.answer_look(
                view.id, standing, evidence="已与登记部门电话核实", by=officer, at=self.now
            )
        reviews.complete_review(
            view.id,
            outcome=outcome,
            reasons=list(reasons),
            items=list(items),
            note=note,
            by=officer,
            at=self.now,
        )

    def standing(self, *severities: str) -> tuple[str, ...]:
        """Codes of these severities that stand against approval."""
        found = blocking.blocking_reasons(self.refreshed())
        return tuple(s.reason.code for s in found if s.reason.severity in severities)

    def looks(self) -> tuple[str, ...]:
        view = self.task()
        if view is None or "reviewer" not in view.groups:
            return ()
        return self.standing("look")

    def refreshed(self) -> "Claim":
        assert self.by is not None
        found = access.claim_by_number(self.by, self.claim.number or "", at=self.now)
        self.claim = found
        return found

    def wait(self, fewest: int, most: int) -> datetime:
        """The next act: some working days later; one in twelve takes a week longer."""
        days = self.draw.randint(fewest, most)
        if self.draw.random() < 1 / 12:
            days += 5
        return next_working_time(self.now, days, self.draw)


DEMO_PASSWORD = "shenling-demo"  # noqa: S105 - demo mode serves loopback only


def draft(claimant: Claimant) -> Story:
    """Somebody who stopped in the middle."""
    claimant.enter()
    claimant.fill_in()
    if claimant.draw.random() < 0.5:  # noqa: PLR2004 - every other one
        claimant.upload("id_front")
    yield claimant.wait(1, 1)


def claim(claimant: Claimant, *, turn: str = "") -> Story:
    """From the first click to approval, denial or withdrawal, as the registers and `turn` say."""
    claimant.enter()
    claimant.fill_in()
    claimant.upload("id_front", "id_back", "card_picture")
    claimant.submit()
    yield claimant.wait(1, 2)
    if turn == "withdraw" and claimant.user is not None:
        corrections.withdraw_claim(claimant.claim, by=claimant.user, at=claimant.now)
        return
    if turn in {"return", "delete", "silent"}:
        target, reason, note = RETURNS[claimant.who.number % len(RETURNS)]
        claimant.conclude("return", items=(Flag(target, reason, note),))
        if turn == "silent":
            return
        yield claimant.wait(2, 6)
        if not _corrected(claimant, target, turn):
            return
        yield claimant.wait(1, 2)
    claimant.conclude("pass")
    yield claimant.wait(1, 3)
    yield from _reviewed(claimant)


def _corrected(claimant: Claimant, target: str, turn: str) -> bool:
    """The applicant edits and submits again, or deletes; False when the claim has ended."""
    assert claimant.by is not None
    row = claimant.refreshed()
    if row.status != "returned":
        return False
    if turn == "delete":
        corrections.delete_claim(row, by=claimant.by, at=claimant.now)
        return False
    if target.startswith("file:"):
        claimant.who = invented.person(claimant.who.number + 1)
        claimant.upload(target.removeprefix("file:"))
    else:
        other = invented.person(claimant.who.number + 5000)
        claims.save_details(
            row,
            phone_text=claimant.who.phone,
            account_kind="debit_card",
            account_text=other.card,
            by=claimant.by,
            at=claimant.now,
        )
        claimant.who = invented.person(claimant.who.number + 2)
        claimant.upload("card_picture")
    claimant.claim = corrections.resubmit_claim(row, by=claimant.by, at=claimant.now)
    return True


def _reviewed(claimant: Claimant) -> Story:
    """Review and approval, or denial by two, as the standing reasons say."""
    if blocks := claimant.standing("block", "redirect"):
        claimant.conclude("recommend_denial", reasons=blocks)
        yield claimant.wait(1, 2)
        claimant.conclude("deny", reasons=blocks)
        return
    if fixes := claimant.standing("fix"):
        claimant.conclude("return", reasons=fixes)
        return
    claimant.conclude("recommend_approval")
    yield claimant.wait(1, 2)
    claimant.conclude("approve")
    yield claimant.wait(1, 1)
    view = claimant.task()
    if view is not None and "quality_checker" in view.groups:
        claimant.conclude("confirm")
