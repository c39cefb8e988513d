"""The demo's people: every way of a claim can be walked at one office, and by role."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine import api
from engine.errors import NotPermitted
from review_ui.demo import seed
from review_ui.demo.cast import CHANGCHUN, OFFICERS, PROVINCE
from tests import make
from workflows.accounts.models import User
from workflows.actions import accounts, bank, batches, reviews
from workflows.errors import NotAllowed
from workflows.models import Claim, PaymentBatch, Status
from workflows.ports.bank import BankOutcome
from workflows.queries import applicant
from workflows.values import bank_card

pytestmark = pytest.mark.django_db
REFUSALS = (NotPermitted, NotAllowed)


@pytest.fixture
def members(at: datetime) -> list[User]:
    """Who works at Changchun or everywhere, in the order of the list."""
    make.shipped()
    seed.officers(at)
    here = [member.username for member in OFFICERS if member.office in {CHANGCHUN, PROVINCE}]
    return [User.objects.get(username=name) for name in here]


def by_anybody(members: list[User], act: Callable[[User], object]) -> str:
    """Let the first act who may; the name of that member."""
    for member in members:
        try:
            act(member)
        except REFUSALS:
            continue
        return str(member.username)
    pytest.fail("nobody there may do it")


def walk(claim: Claim, way: str, members: list[User], at: datetime) -> list[str]:
    """Conclude the steps of a way, `step:outcome step:outcome`; who did."""
    done = []
    for step in way.split():
        element, _, outcome = step.partition(":")
        view = make.task(claim)
        assert view.element_id == element
        reasons = ["E04"] if "den" in outcome or outcome == "uphold" else []

        def conclude(by: User, outcome: str = outcome, reasons: list[str] = reasons) -> None:
            make.conclude(claim, outcome, by, reasons=reasons, note="示例", at=at)

        done.append(by_anybody(members, conclude))
    return done


def test_denial_is_decided_anew_on_appeal(members: list[User], at: datetime) -> None:
    wang = make.applicant("wang")
    claim = make.checked(wang, at=at)
    way = "check_attachments:pass review_eligibility:recommend_denial approve_claim:deny"
    first = walk(claim, way, members, at)
    reviews.appeal_claim(make.fresh(claim), text="已离职", by=wang, at=at)

    second = walk(claim, "review_appeal:uphold", members, at)

    assert make.fresh(claim).status == Status.DENIED_FINAL
    assert not set(first) & set(second)


def test_denial_that_the_supervisor_proposes_is_confirmed(
    members: list[User], at: datetime
) -> None:
    wang = make.applicant("wang")
    claim = make.checked(wang, at=at)

    walk(
        claim,
        "check_attachments:suspect look_into:deny_proposed confirm_denial:deny",
        members,
        at,
    )
    reviews.appeal_claim(make.fresh(claim), text="材料属实", by=wang, at=at)
    walk(claim, "review_appeal:reopen", members, at)

    assert make.fresh(claim).status == Status.ELIGIBILITY_REVIEW


def test_approved_claim_is_paid_to_a_new_account(members: list[User], at: datetime) -> None:
    wang = make.applicant("wang")
    claim = make.checked(wang, at=at)
    way = (
        "check_attachments:pass review_eligibility:recommend_approval approve_claim:approve"
        " quality_check:confirm"
    )
    walk(claim, way, members, at)
    later = at + timedelta(days=15)
    three = pay(members, later, BankOutcome.ACCOUNT_CLOSED)
    assert len(set(three)) == 3
    accounts.change_account(
        make.fresh(claim),
        account_kind="debit_card",
        account_text=bank_card.complete("990000000000777"),
        by=wang,
        at=later,
    )

    by_anybody(members, lambda by: accounts.confirm_account(claim, right=True, by=by, at=later))
    make.settle(later)
    pay(members, later, BankOutcome.PAID)

    assert applicant.month_rows(claim)[0].status == "paid"


def pay(members: list[User], at: datetime, outcome: BankOutcome) -> list[str]:
    """A batch from maker to books; who made, checked and released it."""
    make.settle(at)
    made: list[PaymentBatch] = []

    def create(by: User) -> None:
        made.append(
            batches.create_batch(make.programme(), office=None, cut_off=at.date(), by=by, at=at)
        )

    three = [by_anybody(members, create)]
    (row,) = made
    make.settle(at)
    three.append(
        by_anybody(members, lambda by: batches.check_batch(row, right=True, by=by, at=at))
    )
    make.settle(at)
    three.append(by_anybody(members, lambda by: batches.release_batch(row, by=by, at=at)))
    by_anybody(members, lambda by: batches.mark_sent(row, by=by, at=at))
    make.settle(at)
    by_anybody(
        members, lambda by: bank.load_results(row, make.answers(row, outcome), by=by, at=at)
    )
    make.settle(at)
    by_anybody(members, lambda by: bank.reconcile(row, by=by, at=at))
    assert not api.incidents()
    return three
