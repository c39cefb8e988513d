"""An account that the bank ruled out before any payment: the person is asked for another one."""

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import accounts, accounts_asked, batches, reviews
from workflows.errors import ClaimChanged, InvalidInput
from workflows.models import Claim, Instalment, PayeeAccount, PaymentInstruction, Status
from workflows.ports.bank import BankOutcome
from workflows.queries import applicant
from workflows.values import bank_card

pytestmark = pytest.mark.django_db
OTHER_CARD = bank_card.complete("990000000000777")
FROZEN_CARD = next(
    card
    for card in (bank_card.complete(f"99000000000{n:04}") for n in range(10_000))
    if card.endswith("0003")
)


def approved_with(card: str, cast: make.Cast, at: datetime) -> Claim:
    """The reviewer clears F02, and nothing else stands against the claim."""
    claim = make.conclude(make.checked(cast.wang, at=at, card=card), "pass", cast.qian, at=at)
    view = make.task(claim)
    reviews.take(view.id, by=cast.lin, at=at)
    reviews.answer_look(view.id, "F02", evidence="已与银行电话核实", by=cast.lin, at=at)
    claim = make.conclude(claim, "recommend_approval", cast.lin, at=at)
    claim = make.conclude(claim, "approve", cast.zhou, at=at)
    return make.conclude(claim, "confirm", cast.zheng, at=at)


def give(claim: Claim, card: str, cast: make.Cast, at: datetime) -> None:
    accounts.change_account(
        make.fresh(claim), account_kind="debit_card", account_text=card, by=cast.wang, at=at
    )


def test_month_is_paid_to_the_account_that_was_asked_for(at: datetime) -> None:
    make.shipped()
    cast = make.cast()
    claim = approved_with(make.CLOSED_CARD, cast, at)
    later = at + timedelta(days=15)
    make.settle(later)

    month = applicant.month_rows(claim)[0]
    assert (month.status, month.reason) == ("needs_account", "银行告知账户已销户，请更换账户。")
    assert applicant.own_claims(cast.wang)[0].acts == ("account",)
    assert "请更换" in applicant.status(make.fresh(claim)).sentence
    assert_healthy(later)

    give(claim, OTHER_CARD, cast, later)
    make.settle(later)
    accounts.confirm_account(claim, right=True, by=cast.feng, at=later)
    make.paid(cast, at=later)

    instruction = PaymentInstruction.objects.get()
    assert (instruction.account_number, instruction.status) == (OTHER_CARD, "confirmed")
    assert make.fresh(claim).status == Status.PAYING
    assert_healthy(later)


def test_account_that_takes_no_money_is_not_taken_instead(at: datetime) -> None:
    make.shipped()
    cast = make.cast()
    claim = approved_with(make.CLOSED_CARD, cast, at)
    later = at + timedelta(days=15)
    make.settle(later)

    with pytest.raises(InvalidInput) as refused:
        give(claim, FROZEN_CARD, cast, later)

    assert refused.value.fields == {"account": "unusable"}
    assert make.fresh(claim).account == PayeeAccount.objects.get()


def test_approval_is_undone_while_nothing_was_ever_sent(at: datetime) -> None:
    make.shipped()
    cast = make.cast()
    claim = approved_with(make.CLOSED_CARD, cast, at)
    later = at + timedelta(days=15)
    make.settle(later)
    assert make.fresh(claim).status == Status.PAYING

    reviews.undo_approval(claim, note="核定有误", by=cast.wu, at=later)
    make.settle(later)

    assert make.fresh(claim).status == Status.ELIGIBILITY_REVIEW
    assert applicant.own_claims(cast.wang)[0].acts == ("withdraw",)
    assert set(Instalment.objects.values_list("status", flat=True)) == {"void"}
    assert_healthy(later)


def test_approval_stands_once_a_payment_was_tried(at: datetime) -> None:
    make.shipped()
    cast = make.cast()
    claim = make.approved(cast, at=at)
    claim = make.conclude(claim, "confirm", cast.zheng, at=at)
    later = at + timedelta(days=15)
    make.paid(cast, at=later, outcome=BankOutcome.ACCOUNT_CLOSED)

    with pytest.raises(ClaimChanged):
        reviews.undo_approval(claim, note="核定有误", by=cast.wu, at=later)

    assert make.fresh(claim).status == Status.PAYING
    assert Instalment.objects.get(period="2026-11").status == "needs_account"


def two_due(cast: make.Cast, at: datetime) -> tuple[Claim, Claim]:
    """Two months wait for a batch; then the bank rules the first one's account out."""
    ruled_out = make.approved(cast, at=at)
    other = make.checked(cast.zhang, at=at, card=OTHER_CARD)
    for outcome, by in (
        ("pass", cast.qian),
        ("recommend_approval", cast.lin),
        ("approve", cast.zhou),
    ):
        other = make.conclude(other, outcome, by, at=at)
    make.settle(at + timedelta(days=15))
    PayeeAccount.objects.filter(person=ruled_out.person).update(verification="frozen")
    return ruled_out, other


def test_month_left_out_of_a_batch_is_asked_about_once(at: datetime) -> None:
    cast = make.cast()
    claim, other = two_due(cast, at)
    later = at + timedelta(days=15)
    row = make.batch(cast, at=later)

    make.settle(later)
    # The batch's job may come twice.
    assert accounts_asked.ask_for_left_out(row, at=later) == 0
    make.settle(later)

    assert PaymentInstruction.objects.get().instalment.entitlement.claim == other
    month = Instalment.objects.get(entitlement__claim=claim, period="2026-11")
    assert (month.status, month.reason, month.revision) == ("needs_account", "P03", 3)
    assert claim.messages.filter(milestone="payment_failed").count() == 1
    assert_healthy(later)

    give(claim, bank_card.complete("990000000000888"), cast, later)
    accounts.confirm_account(make.fresh(claim), right=True, by=cast.feng, at=later)
    make.settle(later)
    plan = batches.preview_batch(
        claim.programme, office=None, cut_off=later.date(), by=cast.feng, at=later
    )
    assert [line.claim_number for line in plan.lines] == [claim.number]
