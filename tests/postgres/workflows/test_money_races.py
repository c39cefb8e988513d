"""Two people act on the same money at the same moment: it moves once, the other is told why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from engine.errors import BeingProcessed
from tests import make
from tests.postgres.workflows.turns import (
    Act,
    amid,
    assert_healthy,
    in_turn,
    of_batch,
    of_claim,
)
from workflows.accounts.models import User
from workflows.actions import accounts, bank, batches, reviews
from workflows.errors import ClaimChanged, InvalidInput, ResultFileRejected
from workflows.models import (
    AuditEntry,
    BankFile,
    BankResult,
    Claim,
    Instalment,
    LedgerEntry,
    NumberSeries,
    PaymentBatch,
    PaymentInstruction,
    Status,
)
from workflows.ports.bank import BankOutcome
from workflows.values import bank_card

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres", "bells")]
NEW_CARD, OTHER_CARD = (bank_card.complete(f"990000000000{n}") for n in (555, 777))


@pytest.fixture
def due(at: datetime) -> datetime:
    return at + timedelta(days=15)


@pytest.fixture
def claim(cast: make.Cast, at: datetime, due: datetime) -> Claim:
    """Approved; its first month is due."""
    claim = make.approved(cast, at=at)
    make.settle(due)
    return make.fresh(claim)


# --------------------------------------------------------------------------- one batch


def checked(cast: make.Cast, due: datetime) -> PaymentBatch:
    row = make.batch(cast, at=due)
    make.settle(due)
    batches.check_batch(row, right=True, by=cast.chen, at=due)
    make.settle(due)
    return row


def at_release(cast: make.Cast, due: datetime) -> PaymentBatch:
    row = checked(cast, due)
    batches.release_batch(row, by=cast.chu, at=due)
    return row


def settled(cast: make.Cast, due: datetime) -> PaymentBatch:
    return make.paid(cast, at=due)


Button = Callable[[PaymentBatch, User, datetime], object]
BUTTONS: dict[str, tuple[Callable[[make.Cast, datetime], PaymentBatch], str, Button]] = {
    "batch.checked": (
        lambda cast, due: make.batch(cast, at=due),
        "payment_checker",
        lambda row, by, at: batches.check_batch(row, right=True, by=by, at=at, key=by.username),
    ),
    "batch.released": (
        checked,
        "payment_releaser",
        lambda row, by, at: batches.release_batch(row, by=by, at=at, key=by.username),
    ),
    "batch.sent": (
        at_release,
        "payer",
        lambda row, by, at: batches.mark_sent(row, by=by, at=at, key=by.username),
    ),
    "batch.reconciled": (
        settled,
        "payer",
        lambda row, by, at: bank.reconcile(row, by=by, at=at, key=by.username),
    ),
}


@pytest.mark.usefixtures("claim")
class TestOneBatch:
    @pytest.mark.parametrize("act", BUTTONS)
    def test_two_people_press_the_same_button(
        self, postgres: str, cast: make.Cast, due: datetime, act: str
    ) -> None:
        prepare, role, press = BUTTONS[act]
        row = prepare(cast, due)
        one, other = (make.officer(name, role, place=None) for name in ("one", "other"))

        won, lost = in_turn(
            postgres, of_batch(row), partial(press, row, one, due), partial(press, row, other, due)
        )

        assert isinstance(won, PaymentBatch)
        assert isinstance(lost, ClaimChanged)
        assert AuditEntry.objects.filter(act=act).count() == 1
        assert LedgerEntry.objects.filter(posting__startswith="released:").count() in {0, 2}
        make.settle(due)
        assert_healthy(due)

    def test_check_meets_a_refusal(self, postgres: str, cast: make.Cast, due: datetime) -> None:
        row = make.batch(cast, at=due)
        other = make.officer("chen2", "payment_checker", place=None)

        won, lost = in_turn(
            postgres,
            of_batch(row),
            partial(batches.check_batch, row, right=False, note="有误", by=other, at=due),
            partial(batches.check_batch, row, right=True, by=cast.chen, at=due),
        )

        assert isinstance(won, PaymentBatch)
        assert isinstance(lost, ClaimChanged)
        row.refresh_from_db()
        assert (row.status, row.checker) == ("void", other)
        assert Instalment.objects.get(period="2026-11").status == "payable"
        assert_healthy(due)


# --------------------------------------------------------------------------- result files


@pytest.mark.usefixtures("claim")
class TestResultFiles:
    def test_same_file_is_booked_once(self, postgres: str, cast: make.Cast, due: datetime) -> None:
        row = make.released(cast, at=due)
        load = partial(bank.load_results, row, make.answers(row), by=cast.feng, at=due)

        won, lost = in_turn(postgres, of_batch(row), load, load)

        assert isinstance(won, BankFile)
        assert isinstance(lost, ResultFileRejected)
        assert lost.reason == "already_loaded"
        make.settle(due)
        assert BankResult.objects.count() == 1
        assert LedgerEntry.objects.filter(posting__startswith="paid:").count() == 2
        assert_healthy(due)

    def test_second_answer_about_a_payment_is_an_anomaly(
        self, postgres: str, cast: make.Cast, due: datetime
    ) -> None:
        row = make.released(cast, at=due)
        load = partial(bank.load_results, row, by=cast.feng, at=due)

        won, second = in_turn(
            postgres,
            of_batch(row),
            partial(load, make.answers(row)),
            partial(load, make.answers(row, BankOutcome.ACCOUNT_CLOSED)),
        )

        assert isinstance(won, BankFile)
        assert isinstance(second, BankFile)
        make.settle(due)
        assert PaymentInstruction.objects.get().status == "confirmed"
        assert Instalment.objects.get(period="2026-11").status == "paid"
        assert bank.open_anomalies(row) == 1
        assert_healthy(due)

    def test_one_file_for_two_batches_is_taken_by_one(
        self, postgres: str, cast: make.Cast, at: datetime, due: datetime
    ) -> None:
        row = make.released(cast, at=due)
        make.conclude(make.checked(cast.zhang, at=at), "pass", cast.qian, at=at)
        claim = make.conclude(
            Claim.objects.get(person__user=cast.zhang), "recommend_approval", cast.lin, at=at
        )
        make.conclude(claim, "approve", cast.zhou, at=at)
        second = make.released(cast, at=due)
        line = row.instructions.get()
        unknown = make.answers(row).replace(line.end_to_end_id.encode(), b"NOBODY-KNOWS-THIS")
        load = partial(bank.load_results, data=unknown, by=cast.feng, at=due)
        # The audit head comes last: the first file is stored by then, and not committed.

        won, lost = in_turn(
            postgres,
            f"workflows_audithead WHERE chain = 'batch:{row.number}'",
            partial(load, row),
            partial(load, second),
        )

        assert isinstance(won, BankFile)
        assert isinstance(lost, ResultFileRejected)
        assert lost.reason == "already_loaded"
        assert_healthy(due)


# --------------------------------------------------------------------------- building batches


class TestBuilding:
    @pytest.fixture
    def series(self, claim: Claim, due: datetime) -> str:
        """The row that gives batches their numbers; it is where two of them meet."""
        row = NumberSeries.objects.create(programme=claim.programme, kind="batch", year=due.year)
        return f"workflows_numberseries WHERE id = {row.pk}"

    def test_two_payers_build_one_batch(
        self, postgres: str, cast: make.Cast, due: datetime, series: str
    ) -> None:
        other = make.officer("feng2", "payer", place=None)

        won, lost = in_turn(postgres, series, build(cast.feng, due), build(other, due))

        assert isinstance(won, PaymentBatch)
        assert isinstance(lost, ClaimChanged)
        assert PaymentInstruction.objects.count() == 1
        assert PaymentBatch.objects.get().maker == cast.feng
        make.settle(due)
        assert_healthy(due)

    @pytest.mark.parametrize("winner", ["build", "undo"])
    def test_batch_meets_an_approval_that_is_taken_back(
        self, postgres: str, cast: make.Cast, claim: Claim, due: datetime, winner: str
    ) -> None:
        month = Instalment.objects.get(period="2026-11")
        acts: dict[str, Act] = {
            "build": build(cast.feng, due),
            "undo": partial(reviews.undo_approval, claim, note="复核有误", by=cast.wu, at=due),
        }
        loser = next(name for name in acts if name != winner)

        results = in_turn(
            postgres,
            f"workflows_instalment WHERE id = {month.pk}",
            acts[winner],
            acts[loser],
        )

        refused = [one for one in results if isinstance(one, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], ClaimChanged | BeingProcessed)
        make.settle(due)
        paying = PaymentInstruction.objects.exists()
        month.refresh_from_db()
        assert (month.status, make.fresh(claim).status) == (
            ("batched", Status.APPROVED) if paying else ("void", Status.ELIGIBILITY_REVIEW)
        )
        assert_healthy(due)


def build(by: User, at: datetime) -> Act:
    return partial(
        batches.create_batch,
        make.programme(),
        office=None,
        cut_off=at.date(),
        by=by,
        at=at,
        key=by.username,
    )


# --------------------------------------------------------------------------- other accounts


class TestAccounts:
    @pytest.fixture
    def failed(self, cast: make.Cast, claim: Claim, due: datetime) -> Claim:
        """The account was closed; the person is asked for another one."""
        make.paid(cast, at=due, outcome=BankOutcome.ACCOUNT_CLOSED)
        return make.fresh(claim)

    def test_two_tabs_give_one_account(
        self, postgres: str, cast: make.Cast, failed: Claim, due: datetime
    ) -> None:
        won, lost = in_turn(
            postgres,
            of_claim(failed),
            change(failed, NEW_CARD, cast.wang, due),
            change(failed, OTHER_CARD, cast.wang, due),
        )

        assert isinstance(won, Claim)
        assert isinstance(lost, ClaimChanged)
        account = make.fresh(failed).account
        assert account is not None
        assert account.number == NEW_CARD
        make.settle(due)
        assert_healthy(due)

    def test_batch_passes_by_an_account_that_is_being_changed(
        self, postgres: str, cast: make.Cast, failed: Claim, due: datetime
    ) -> None:
        changed, refused = amid(
            postgres,
            change(failed, NEW_CARD, cast.wang, due),
            build(cast.feng, due),
            blocked=False,
        )

        assert isinstance(changed, Claim)
        assert isinstance(refused, InvalidInput)
        assert refused.fields == {"lines": "none"}
        assert_healthy(due)

    def test_batch_has_the_new_account_once_it_is_confirmed(
        self, postgres: str, cast: make.Cast, failed: Claim, due: datetime
    ) -> None:
        change(failed, NEW_CARD, cast.wang, due)()
        make.settle(due)

        confirmed, refused = amid(
            postgres,
            partial(accounts.confirm_account, failed, right=True, by=cast.feng, at=due),
            build(cast.feng, due),
            blocked=False,
        )

        assert isinstance(confirmed, Claim)
        assert isinstance(refused, InvalidInput)
        make.settle(due)
        row = batches.create_batch(
            make.programme(), office=None, cut_off=due.date(), by=cast.feng, at=due
        )
        line = row.instructions.get()
        assert (line.issue, line.account_number) == (2, NEW_CARD)
        assert_healthy(due)


def change(claim: Claim, card: str, by: User, at: datetime) -> Act:
    return partial(
        accounts.change_account,
        claim,
        account_kind="debit_card",
        account_text=card,
        by=by,
        at=at,
        key=card[-4:],
    )
