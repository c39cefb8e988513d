"""A pay day from the due months to the reconciled batch, through the acts that people use."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from engine import api
from engine.errors import EngineError
from review_ui.demo.cast import OFFICERS
from workflows import access
from workflows.accounts.models import User
from workflows.actions import bank, batches, milestones
from workflows.errors import WorkflowsError
from workflows.ports import catalogue
from workflows.ports.bank_simulator import SimulatedBank
from workflows.queries import batches as batch_queries
from workflows.queries import rulebook

FORMAT = "csv_utf8"


@dataclass(frozen=True, slots=True)
class PayDay:
    """What a pay day moved."""

    number: str
    lines: int
    total_fen: int


def settle(at: datetime) -> None:
    """Let everything that is due run: timers, jobs, messages."""
    api.run_due(at)
    milestones.catch_up(at=at)


def run(programme_code: str, at: datetime, *, reconcile: bool = True) -> PayDay | None:
    """Pay what is due on this day; None when nothing is."""
    programme = rulebook.programme(programme_code)
    maker, checker, releaser = (_officer(role) for role in _MONEY)
    settle(at)
    cut_off = rulebook.local_day(at)
    preview = batches.preview_batch(programme, office=None, cut_off=cut_off, by=maker, at=at)
    if not preview.lines:
        return None
    batch = batches.create_batch(
        programme, office=None, cut_off=cut_off, bank_format=FORMAT, by=maker, at=at
    )
    settle(at)
    batches.check_batch(batch, right=True, by=checker, at=at)
    settle(at)
    batches.release_batch(batch, by=releaser, at=at)
    settle(at)
    batches.mark_sent(batch, by=maker, at=at)
    settle(at)
    answer_of_the_bank(batch.number, at)
    if reconcile:
        # Lines without an answer keep a batch open: that is what the page then shows.
        with suppress(WorkflowsError, EngineError):
            bank.reconcile(access.batch(maker, batch.number, at=at), by=maker, at=at)
        settle(at)
    return PayDay(batch.number, len(preview.lines), preview.total_fen)


_MONEY = ("payer", "payment_checker", "payment_releaser")


def _officer(role: str) -> User:
    username = next(member.username for member in OFFICERS if role in member.roles)
    return User.objects.get(username=username)


def answer_of_the_bank(number: str, at: datetime) -> None:
    """The simulated bank takes the released file, and its result file is loaded."""
    payer = _officer("payer")
    batch = access.batch(payer, number, at=at)
    files = batch_queries.batch_view(batch).files
    file = access.bank_file(payer, next(f.id for f in files if f.direction == "out"), at=at)
    sent = bank.download_file(file, by=payer, at=at)
    simulator = SimulatedBank(Path(settings.DATA_DIR) / "bank.sqlite3")
    result = simulator.take_file(
        catalogue.get("bank_format", batch.bank_format), sent, batch=number, on=at.date()
    )
    bank.load_results(batch, result, name=f"{number}-result.csv", by=payer, at=at)
    settle(at)
