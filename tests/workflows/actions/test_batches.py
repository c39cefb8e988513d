"""Batches: three people, equal totals, nothing slips in between check and release."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from engine.errors import NotPermitted
from tests import make
from workflows.accounts.models import User
from workflows.actions import bank, batches
from workflows.actions.claims import new_account
from workflows.errors import BatchChanged, ClaimChanged, InvalidInput, NotAllowed
from workflows.models import (
    Claim,
    Instalment,
    LedgerEntry,
    PayeeAccount,
    PaymentBatch,
    PaymentInstruction,
)
from workflows.ports.bank import BankOutcome
from workflows.values import bank_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(days=15)


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def due(cast: make.Cast, at: datetime, later: datetime) -> Claim:
    """One approved claim whose first month is due."""
    claim = make.approved(cast, at=at)
    make.settle(later)
    return make.fresh(claim)


def other_account(claim: Claim, by: User, at: datetime) -> PayeeAccount:
    number = bank_card.complete("990000000000888")
    return new_account(claim.person, "debit_card", number, "王五", "ok", by=by, at=at)


class TestPreview:
    def test_lists_what_is_due_and_changes_nothing(
        self, cast: make.Cast, due: Claim, later: datetime
    ) -> None:
        plan = batches.preview_batch(
            due.programme, office=None, cut_off=later.date(), by=cast.feng, at=later
        )

        assert [(line.claim_number, line.period) for line in plan.lines] == [
            (due.number, "2026-11")
        ]
        assert plan.total_fen == 80_000
        assert not PaymentBatch.objects.exists()

    def test_names_why_a_month_stays_out(
        self, cast: make.Cast, due: Claim, later: datetime
    ) -> None:
        PayeeAccount.objects.update(verification="closed")

        plan = batches.preview_batch(
            due.programme, office=None, cut_off=later.date(), by=cast.feng, at=later
        )

        assert not plan.lines
        assert [row.why for row in plan.excluded] == ["account_closed"]

    @pytest.mark.parametrize("who", ["chen", "chu", "lin", "wang"])
    def test_others_are_refused(
        self, cast: make.Cast, due: Claim, later: datetime, who: str
    ) -> None:
        with pytest.raises(NotAllowed):
            batches.preview_batch(
                due.programme,
                office=None,
                cut_off=later.date(),
                by=getattr(cast, who),
                at=later,
            )


class TestCreateBatch:
    def test_month_is_in_one_batch_only(
        self, cast: make.Cast, due: Claim, later: datetime
    ) -> None:
        make.batch(cast, at=later)

        with pytest.raises(InvalidInput) as refused:
            make.batch(cast, at=later)

        assert refused.value.fields == {"lines": "none"}
        assert make.fresh(due).instance is not None

    def test_review_of_the_claim_is_over_once_money_moves(
        self, cast: make.Cast, due: Claim, later: datetime
    ) -> None:
        make.batch(cast, at=later)
        make.settle(later)

        instance = make.fresh(due).instance
        assert instance is not None
        assert instance.status == "completed"

    @pytest.mark.usefixtures("due")
    def test_database_refuses_a_second_live_instruction(
        self, cast: make.Cast, later: datetime
    ) -> None:
        row = make.batch(cast, at=later)
        line = row.instructions.get()
        copy = PaymentInstruction(
            instalment=line.instalment,
            batch=row,
            line=2,
            issue=2,
            end_to_end_id="OTHER",
            amount_fen=line.amount_fen,
            account=line.account,
            account_number="1",
            holder="x",
            snapshot_sha256="",
            status_at=later,
        )

        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)


@pytest.mark.usefixtures("due")
class TestCheckBatch:
    def test_maker_does_not_check(self, cast: make.Cast, later: datetime) -> None:
        make.officer("feng", "payment_checker", place=None)
        row = make.batch(cast, at=later)
        make.settle(later)

        with pytest.raises(NotAllowed, match="maker"):
            batches.check_batch(row, right=True, by=cast.feng, at=later)

        row.refresh_from_db()
        assert row.status == "draft"

    def test_refused_batch_gives_its_months_back(self, cast: make.Cast, later: datetime) -> None:
        row = make.batch(cast, at=later)
        make.settle(later)

        batches.check_batch(row, right=False, note="金额有误", by=cast.chen, at=later)

        row.refresh_from_db()
        assert row.status == "void"
        assert Instalment.objects.get(period="2026-11").status == "payable"
        again = make.batch(cast, at=later)
        assert again.instructions.get().issue == 2

    def test_changed_account_is_seen(self, cast: make.Cast, later: datetime) -> None:
        row = make.batch(cast, at=later)
        claim = Claim.objects.get()
        claim.account = other_account(claim, cast.wang, later)
        claim.save(update_fields=["account"])

        with pytest.raises(BatchChanged) as refused:
            batches.check_batch(row, right=True, by=cast.chen, at=later)

        assert refused.value.lines == {1: "account"}


@pytest.mark.usefixtures("due")
class TestReleaseBatch:
    @pytest.fixture
    def checked(self, cast: make.Cast, later: datetime) -> PaymentBatch:
        row = make.batch(cast, at=later)
        make.settle(later)
        batches.check_batch(row, right=True, by=cast.chen, at=later)
        make.settle(later)
        return row

    @pytest.mark.parametrize(("who", "refusal"), [("feng", NotAllowed), ("chen", NotPermitted)])
    def test_neither_maker_nor_checker_releases(
        self,
        cast: make.Cast,
        checked: PaymentBatch,
        later: datetime,
        who: str,
        refusal: type[Exception],
    ) -> None:
        make.officer(who, "payment_releaser", place=None)

        with pytest.raises(refusal):
            batches.release_batch(checked, by=getattr(cast, who), at=later)

        checked.refresh_from_db()
        assert (checked.status, checked.releaser) == ("checked", None)

    def test_account_changed_after_the_check_is_seen(
        self, cast: make.Cast, checked: PaymentBatch, later: datetime
    ) -> None:
        claim = Claim.objects.get()
        claim.account = other_account(claim, cast.wang, later)
        claim.save(update_fields=["account"])

        with pytest.raises(BatchChanged):
            batches.release_batch(checked, by=cast.chu, at=later)

    def test_same_key_releases_once(
        self, cast: make.Cast, checked: PaymentBatch, later: datetime
    ) -> None:
        batches.release_batch(checked, by=cast.chu, at=later, key="k")
        batches.release_batch(checked, by=cast.chu, at=later, key="k")

        with pytest.raises(ClaimChanged):
            batches.release_batch(checked, by=cast.chu, at=later, key="other")
        assert bank.totals(checked) == bank.Totals(80_000, 80_000, 80_000)

    def test_file_is_closed_until_the_release(
        self, cast: make.Cast, checked: PaymentBatch, later: datetime
    ) -> None:
        file = checked.files.get()

        with pytest.raises(NotAllowed):
            bank.download_file(file, by=cast.feng, at=later)


def balances() -> dict[str, int]:
    """What stands on each account, debits less credits."""
    found: dict[str, int] = {}
    for entry in LedgerEntry.objects.all():
        sign = 1 if entry.side == "debit" else -1
        found[entry.account] = found.get(entry.account, 0) + sign * entry.amount_fen
    return found


@pytest.mark.usefixtures("due")
class TestResults:
    @pytest.mark.parametrize(
        ("outcome", "standing"),
        [
            (None, {"subsidy": 80_000, "bank_transit": -80_000}),
            (BankOutcome.PAID, {"subsidy": 80_000, "bank_transit": 0, "bank": -80_000}),
            (BankOutcome.ACCOUNT_CLOSED, {"subsidy": 0, "bank_transit": 0}),
            (BankOutcome.TIMEOUT_UNKNOWN, {"subsidy": 80_000, "bank_transit": -80_000}),
        ],
    )
    def test_books_follow_what_the_bank_says(
        self,
        cast: make.Cast,
        later: datetime,
        outcome: BankOutcome | None,
        standing: dict[str, int],
    ) -> None:
        if outcome is None:
            make.released(cast, at=later)
        else:
            make.paid(cast, at=later, outcome=outcome)

        assert balances() == standing

    def test_money_that_comes_back_is_booked_back(self, cast: make.Cast, later: datetime) -> None:
        row = make.paid(cast, at=later)
        back = make.answers(row, BankOutcome.RETURNED_LATER)

        bank.load_results(row, back, by=cast.feng, at=later + timedelta(days=10))

        assert balances() == {"subsidy": 0, "bank_transit": 0, "bank": 0}
        assert row.instructions.get().status == "bounced"
        assert Instalment.objects.get(period="2026-11").status == "needs_account"

    def test_open_line_keeps_the_books_open(self, cast: make.Cast, later: datetime) -> None:
        row = make.paid(cast, at=later, outcome=BankOutcome.TIMEOUT_UNKNOWN)

        with pytest.raises(InvalidInput) as refused:
            bank.reconcile(row, by=cast.feng, at=later)

        assert refused.value.fields == {"lines": "open"}
