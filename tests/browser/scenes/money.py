"""A batch at each of its steps, payments that failed, and another account that waits."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from engine import clock
from review_ui.demo import invented, seed
from review_ui.demo.stories import Claimant
from tests.browser.scenes.people import Company
from workflows.actions import accounts, bank, batches
from workflows.models import PaymentBatch
from workflows.ports.bank import BankAnswer, BankOutcome
from workflows.ports.bank_formats import CSV_UTF8
from workflows.ports.bank_simulator import result_file
from workflows.queries import rulebook

# Past the longest holiday that can begin on a pay day.
HOLIDAYS = timedelta(days=8)
STEPS = ("draft", "checked", "released", "sent", "settled")


def set_up(company: Company) -> None:
    """Approve some claims, let their pay day come, and stop a batch at each of its steps."""
    answered = [company.approved() for _payee in range(3)]
    alone = [company.approved() for _payee in range(5)]
    company.stage.now = seed.next_pay_day(company.at) + HOLIDAYS
    clock.shift_to(company.at)
    company.settle()
    void(company, alone[:1])
    for step, payee in zip(STEPS, alone[1:], strict=False):
        company.places[f"batch_{step}"] = batch(company, [payee], upto=step).number
    settled = batch(company, answered, upto="sent")
    company.places["batch_settled"] = settled.number
    two_fail(company, settled)
    give_another_account(company, answered)


def batch(company: Company, payees: Sequence[Claimant], *, upto: str) -> PaymentBatch:
    """A batch of these payees' months, as far as this step."""
    payer, at = company.officer("payer"), company.at
    row = made(company, payees)
    acts: tuple[Callable[[], object], ...] = (
        lambda: batches.check_batch(row, right=True, by=company.officer("payment_checker"), at=at),
        lambda: batches.release_batch(row, by=company.officer("payment_releaser"), at=at),
        lambda: batches.mark_sent(row, by=payer, at=at),
    )
    for act in acts[: STEPS.index(upto)]:
        act()
        company.settle()
    row.refresh_from_db()
    return row


def made(company: Company, payees: Sequence[Claimant]) -> PaymentBatch:
    programme = rulebook.programme(company.stage.programme)
    day, payer, at = rulebook.local_day(company.at), company.officer("payer"), company.at
    numbers = {payee.claim.number for payee in payees}
    due = batches.preview_batch(programme, office=None, cut_off=day, by=payer, at=at).lines
    chosen = [line.instalment_id for line in due if line.claim_number in numbers]
    row = batches.create_batch(programme, office=None, cut_off=day, only=chosen, by=payer, at=at)
    company.settle()
    return row


def void(company: Company, payees: Sequence[Claimant]) -> None:
    """The checker finds it wrong; its months are due once more."""
    row = made(company, payees)
    checker = company.officer("payment_checker")
    batches.check_batch(row, right=False, note="账户未核对", by=checker, at=company.at)
    company.settle()
    company.places["batch_void"] = row.number


def two_fail(company: Company, row: PaymentBatch) -> None:
    """The bank pays one person; two accounts are closed, and one line is nobody's."""
    lines = list(row.instructions.order_by("line"))
    first = lines[0].instalment.entitlement_id
    answers = [
        BankAnswer(
            line.end_to_end_id,
            BankOutcome.PAID
            if line.instalment.entitlement_id == first
            else BankOutcome.ACCOUNT_CLOSED,
            line.amount_fen,
        )
        for line in lines
    ]
    stranger = BankAnswer("SYBZ-2020-0000000-202003-1", BankOutcome.PAID, 100)
    data = result_file(CSV_UTF8, [*answers, stranger], batch=row.number, on=company.at.date())
    payer = company.officer("payer")
    bank.load_results(row, data, name="answer.csv", by=payer, at=company.at)
    company.settle()


def give_another_account(company: Company, payees: Sequence[Claimant]) -> None:
    """Of the two who were not paid one gives another account, which waits for the payer."""
    paid, failed, waiting = (somebody for somebody in payees)
    company.remember("paid", paid)
    company.remember("failed", failed)
    company.remember("waiting", waiting)
    assert waiting.user is not None
    accounts.change_account(
        waiting.refreshed(),
        account_kind="debit_card",
        account_text=invented.person(waiting.who.number + 500).card,
        by=waiting.user,
        at=company.at,
    )
    company.settle()
    task = accounts.waiting_task(waiting.refreshed(), accounts.CONFIRM)
    company.places["account_task"] = str(task.id)
