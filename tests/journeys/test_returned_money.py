"""Money that the bank sends back after it was paid: another account, and the next issue, once."""

from datetime import datetime, timedelta

import pytest

from engine import api
from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import accounts, bank, changes, reviews
from workflows.models import (
    Claim,
    Entitlement,
    Instalment,
    Overpayment,
    PaymentBatch,
    PaymentInstruction,
    Status,
)
from workflows.ports.bank import BankAnswer, BankOutcome
from workflows.ports.bank_formats import CSV_UTF8
from workflows.ports.bank_simulator import result_file
from workflows.queries import applicant
from workflows.values import bank_card

pytestmark = pytest.mark.django_db
OTHER_CARD = bank_card.complete("990000000000777")
PAY_DAY = timedelta(days=15)


@pytest.fixture
def cast() -> make.Cast:
    make.shipped()
    return make.cast()


def approved(cast: make.Cast, at: datetime) -> Claim:
    """The reviewer's first approval is always drawn for a quality check."""
    return make.conclude(make.approved(cast, at=at), "confirm", cast.zheng, at=at)


def send_back(row: PaymentBatch, cast: make.Cast, at: datetime, claim: Claim) -> None:
    """The bank's late file says so of the claim's line."""
    line = row.instructions.get(instalment__entitlement__claim=claim)
    answer = BankAnswer(line.end_to_end_id, BankOutcome.RETURNED_LATER, line.amount_fen)
    data = result_file(CSV_UTF8, [answer], batch=row.number, on=at.date())
    bank.load_results(row, data, by=cast.feng, at=at)
    # The claim catches up, the payout goes on, and whoever looks again asks nobody again.
    for _ in range(3):
        make.settle(at)


def give_another(claim: Claim, cast: make.Cast, at: datetime) -> None:
    accounts.change_account(
        make.fresh(claim), account_kind="debit_card", account_text=OTHER_CARD, by=cast.wang, at=at
    )
    make.settle(at)
    assert applicant.status(make.fresh(claim)).sentence == "已收到您的新账户。"
    accounts.confirm_account(claim, right=True, by=cast.feng, at=at)
    make.settle(at)


def assert_paid_again(claim: Claim) -> None:
    first, second = PaymentInstruction.objects.filter(
        instalment__entitlement__claim=claim, instalment__period="2026-11"
    ).order_by("issue")
    assert (first.status, second.status) == ("bounced", "confirmed")
    assert second.end_to_end_id == first.end_to_end_id[:-1] + "2"
    assert (first.account_number, second.account_number) == (make.GOOD_CARD, OTHER_CARD)
    assert Instalment.objects.get(entitlement__claim=claim, period="2026-11").status == "paid"


def asked(claim: Claim) -> list[str]:
    views = [api.open_tasks(row.instance_id) for row in claim.entitlements.all()]
    return [view.element_id for found in views for view in found]


def told(claim: Claim) -> list[str]:
    return list(claim.messages.order_by("pk").values_list("milestone", flat=True))


def test_payout_that_waits_for_the_next_month_pays_again_first(
    cast: make.Cast, at: datetime
) -> None:
    claim = approved(cast, at)
    row = make.paid(cast, at=at + PAY_DAY)
    later = at + PAY_DAY + timedelta(days=3)

    send_back(row, cast, later, claim)

    assert asked(claim) == ["change_account"]
    assert told(claim)[-2:] == ["came_back", "payment_failed"]
    assert applicant.own_claims(cast.wang)[0].acts == ("account",)
    assert_healthy(later)

    give_another(claim, cast, later)
    make.paid(cast, at=later)

    assert_paid_again(claim)
    assert make.fresh(claim).status == Status.PAYING
    assert_healthy(later)


def test_payout_that_is_at_another_month_finds_the_returned_one_behind_it(
    cast: make.Cast, at: datetime
) -> None:
    claim = approved(cast, at)
    first = make.paid(cast, at=at + PAY_DAY)
    later = at + PAY_DAY + timedelta(days=33)
    second = make.released(cast, at=later)

    send_back(first, cast, later, claim)

    assert asked(claim) == []
    view = applicant.status(make.fresh(claim))
    assert view.next_step == "2026-11的补助未能到账。如何补发会再通知您。"
    assert view.row.acts == ()
    assert_healthy(later)

    bank.load_results(second, make.answers(second), by=cast.feng, at=later)
    make.settle(later)
    assert asked(claim) == ["change_account"]
    give_another(claim, cast, later)
    make.paid(cast, at=later)
    assert_paid_again(claim)
    assert_healthy(later)


def paid_in_full(cast: make.Cast, at: datetime) -> tuple[Claim, PaymentBatch]:
    """All but the first month are taken out, so that one payment completes the claim."""
    claim = approved(cast, at)
    Instalment.objects.exclude(period="2026-11").update(status="cancelled")
    row = make.paid(cast, at=at + PAY_DAY)
    assert make.fresh(claim).status == Status.COMPLETED
    return claim, row


def test_payout_that_has_ended_begins_again(cast: make.Cast, at: datetime) -> None:
    claim, row = paid_in_full(cast, at)
    over = Entitlement.objects.get().instance_id
    later = at + PAY_DAY + timedelta(days=10)

    send_back(row, cast, later, claim)

    assert asked(claim) == ["change_account"]
    claim = make.fresh(claim)
    assert (claim.status, claim.ended_at) == (Status.PAYING, None)
    assert Entitlement.objects.get().instance_id != over
    assert_healthy(later)

    give_another(claim, cast, later)
    make.paid(cast, at=later)
    assert_paid_again(claim)
    assert make.fresh(claim).status == Status.COMPLETED
    assert told(claim).count("came_back") == 1
    assert_healthy(later)


def test_month_of_a_stopped_claim_is_paid_again_and_no_other(
    cast: make.Cast, at: datetime
) -> None:
    claim = approved(cast, at)
    row = make.paid(cast, at=at + PAY_DAY)
    later = at + PAY_DAY + timedelta(days=3)
    changes.request_stop(make.fresh(claim), reason="T01", month="2026-12", by=cast.wang, at=later)
    make.settle(later)
    for officer in (cast.lin, cast.zhou):
        [view] = api.open_tasks(claim.entitlements.get().instance_id)
        reviews.complete_review(
            view.id, outcome="stop", reasons=["T01"], note="已核实", by=officer, at=later
        )
        make.settle(later)
    assert make.fresh(claim).status == Status.STOPPED

    send_back(row, cast, later, claim)
    give_another(claim, cast, later)
    make.paid(cast, at=later)

    assert_paid_again(claim)
    assert make.fresh(claim).status == Status.STOPPED
    statuses = Instalment.objects.order_by("period").values_list("status", flat=True)
    assert list(statuses) == ["paid", *["cancelled"] * 5]
    assert_healthy(later)


def test_another_line_that_comes_back_later_books_nothing_again(
    cast: make.Cast, at: datetime
) -> None:
    claim = approved(cast, at)
    other = make.checked(cast.zhang, at=at, card=bank_card.complete("990000000000888"))
    for outcome, by in (
        ("pass", cast.qian),
        ("recommend_approval", cast.lin),
        ("approve", cast.zhou),
    ):
        other = make.conclude(other, outcome, by, at=at)
    row = make.paid(cast, at=at + PAY_DAY)
    later = at + PAY_DAY + timedelta(days=3)

    send_back(row, cast, later, claim)
    give_another(claim, cast, later)
    make.paid(cast, at=later)
    send_back(row, cast, later + timedelta(days=1), other)

    assert_paid_again(claim)
    assert asked(other) == ["change_account"]
    assert_healthy(later)


def test_overpaid_month_that_comes_back_is_not_paid_again(cast: make.Cast, at: datetime) -> None:
    claim, row = paid_in_full(cast, at)
    month = Instalment.objects.get(period="2026-11")
    Instalment.objects.filter(pk=month.pk).update(status="overpaid")
    later = at + PAY_DAY + timedelta(days=10)
    Overpayment.objects.create(instalment=month, amount_fen=month.amount_fen, opened_at=later)

    send_back(row, cast, later, claim)

    month.refresh_from_db()
    assert (month.status, asked(claim)) == ("cancelled", [])
    assert Overpayment.objects.get().closed_at == later
    assert_healthy(later)
