"""The bank refuses a payment: another account, confirmed by somebody else, and the next issue."""

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import accounts, bank
from workflows.errors import NotAllowed, ResultFileRejected
from workflows.models import (
    BankResult,
    Claim,
    Instalment,
    PayeeAccount,
    PaymentBatch,
    PaymentInstruction,
    Status,
)
from workflows.ports.bank import BankOutcome
from workflows.queries import applicant
from workflows.values import bank_card

pytestmark = pytest.mark.django_db
OTHER_CARD = bank_card.complete("990000000000777")


def failed(cast: make.Cast, at: datetime) -> tuple[Claim, PaymentBatch]:
    claim = make.approved(cast, at=at)
    row = make.paid(cast, at=at + timedelta(days=15), outcome=BankOutcome.ACCOUNT_CLOSED)
    return make.fresh(claim), row


def test_money_goes_to_the_new_account_under_the_next_issue(at: datetime) -> None:
    cast = make.cast()
    claim, row = failed(cast, at)
    later = at + timedelta(days=16)
    bank.reconcile(row, by=cast.feng, at=later)
    month = applicant.month_rows(claim)[0]
    assert (month.status, month.reason) == ("needs_account", "账户已销户，请处理。")
    assert applicant.own_claims(cast.wang)[0].acts == ("account",)

    for _ in range(2):
        # The second click meets a claim that has the account already.
        accounts.change_account(
            make.fresh(claim),
            account_kind="debit_card",
            account_text=OTHER_CARD,
            by=cast.wang,
            at=later,
            key="c",
        )
    make.settle(later)
    accounts.confirm_account(claim, right=True, by=cast.feng, at=later)
    make.settle(later)
    make.paid(cast, at=later)

    first, second = PaymentInstruction.objects.order_by("issue")
    assert (first.status, first.reason) == ("rejected", "P01")
    assert second.status == "confirmed"
    assert second.end_to_end_id == first.end_to_end_id[:-1] + "2"
    assert second.account_number == OTHER_CARD
    assert make.fresh(claim).status == Status.PAYING
    assert_healthy(later)


def test_whoever_gave_the_account_does_not_confirm_it(at: datetime) -> None:
    cast = make.cast()
    claim, _ = failed(cast, at)
    both = make.officer("both", "clerk")
    make.officer("both", "payer", place=None)
    later = at + timedelta(days=16)
    accounts.change_account(
        claim, account_kind="debit_card", account_text=OTHER_CARD, by=cast.wang, at=later
    )
    PayeeAccount.objects.update(entered_by=both)

    with pytest.raises(NotAllowed):
        accounts.confirm_account(claim, right=True, by=both, at=later)


def test_same_result_file_changes_nothing(at: datetime) -> None:
    cast = make.cast()
    make.approved(cast, at=at)
    later = at + timedelta(days=15)
    row = make.released(cast, at=later)
    answers = make.answers(row)
    bank.load_results(row, answers, by=cast.feng, at=later)

    with pytest.raises(ResultFileRejected) as refused:
        bank.load_results(row, answers, by=cast.feng, at=later)

    assert refused.value.reason == "already_loaded"
    assert BankResult.objects.count() == 1


def test_other_amount_settles_nothing_and_is_counted(at: datetime) -> None:
    cast = make.cast()
    make.approved(cast, at=at)
    later = at + timedelta(days=15)
    row = make.released(cast, at=later)
    wrong = make.answers(row).replace(b"800.00", b"800.01")

    bank.load_results(row, wrong, by=cast.feng, at=later)
    make.settle(later)

    assert BankResult.objects.get().anomaly == "amount_differs"
    assert Instalment.objects.get(period="2026-11").status == "released"
    assert bank.open_anomalies(row) == 1
    assert_healthy(later)


def test_unknown_outcome_is_neither_paid_nor_failed(at: datetime) -> None:
    cast = make.cast()
    make.approved(cast, at=at)
    later = at + timedelta(days=15)

    row = make.paid(cast, at=later, outcome=BankOutcome.TIMEOUT_UNKNOWN)

    assert row.status == "partly_confirmed"
    assert PaymentInstruction.objects.get().status == "unknown"
    assert Instalment.objects.get(period="2026-11").status == "released"


def test_bank_file_is_written_once(at: datetime) -> None:
    cast = make.cast()
    make.approved(cast, at=at)
    row = make.released(cast, at=at + timedelta(days=15))
    file = row.files.get(direction="out")

    first = bank.download_file(file, by=cast.feng, at=at)
    second = bank.download_file(file, by=cast.chu, at=at)

    assert first == second == bank.written(row).data
    file.refresh_from_db()
    assert file.downloads == 2
