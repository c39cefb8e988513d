"""A bank for the demo and for tests, with books of its own that survive a restart of ours.

The last four digits of an account decide what becomes of a payment to it, the mode what goes
wrong on the way.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from workflows.errors import PortUnavailable
from workflows.ports.bank import BankAnswer, BankOutcome, PaymentLine
from workflows.ports.bank_format import BankFormat, BatchHead, Column, framed, read_payments

BY_SUFFIX: Final[Mapping[str, BankOutcome]] = MappingProxyType(
    {
        "0001": BankOutcome.ACCOUNT_CLOSED,
        "0002": BankOutcome.NAME_MISMATCH,
        "0003": BankOutcome.FROZEN,
        "0004": BankOutcome.NO_SUCH_ACCOUNT,
        "0005": BankOutcome.CLASS_LIMIT,
        "0006": BankOutcome.TIMEOUT_UNKNOWN,
    }
)
_KIND: Final = "bank"
_WAIT_SECONDS: Final = 5
_BOOK: Final = """
    create table if not exists payment (
        place integer primary key, end_to_end_id text not null, amount_fen integer not null,
        outcome text not null)
"""


class Mode(StrEnum):
    """What goes wrong between the bank and us."""

    OK = "ok"
    DUPLICATE_409 = "duplicate_409"
    TIMEOUT_AFTER_ACCEPT = "timeout_after_accept"
    TIMEOUT_BEFORE_ACCEPT = "timeout_before_accept"
    ERROR_AFTER_ACCEPT = "500_after_accept"
    SLOW = "slow"
    WRONG_AMOUNT = "wrong_amount"
    REJECT_FILE = "reject_file"


_SILENT: Final = frozenset({Mode.TIMEOUT_AFTER_ACCEPT, Mode.ERROR_AFTER_ACCEPT, Mode.SLOW})


class SimulatedBank:
    """Takes single payments and files; `drops_repeats` off shows what such a bank would do."""

    def __init__(
        self,
        book: Path,
        *,
        mode: Mode = Mode.OK,
        by_suffix: Mapping[str, BankOutcome] = BY_SUFFIX,
        drops_repeats: bool = True,
    ) -> None:
        self.mode = mode
        self._book = book
        self._by_suffix = by_suffix
        self._drops_repeats = drops_repeats
        with closing(self._connected()) as book_file:
            book_file.execute(_BOOK)

    def send(self, line: PaymentLine, *, key: str) -> BankAnswer:
        """Take one payment, then answer as the mode says; a slow bank outlasts our patience."""
        if key != line.end_to_end_id:
            raise PortUnavailable(_KIND, "key_differs")
        if self.mode is Mode.TIMEOUT_BEFORE_ACCEPT:
            raise PortUnavailable(_KIND, "timeout", outcome_unknown=True)
        known = self.query(line.end_to_end_id)
        answer = self._taken(line) if known is None or not self._drops_repeats else known
        if self.mode in _SILENT:
            raise PortUnavailable(_KIND, "timeout", outcome_unknown=True)
        if self.mode is Mode.DUPLICATE_409 or (known and self._drops_repeats):
            return BankAnswer(answer.end_to_end_id, BankOutcome.DUPLICATE, answer.amount_fen)
        return answer

    def query(self, end_to_end_id: str) -> BankAnswer | None:
        """The first payment taken under this id."""
        with closing(self._connected()) as book:
            row = book.execute(
                "select amount_fen, outcome from payment where end_to_end_id = ? order by place",
                (end_to_end_id,),
            ).fetchone()
        return None if row is None else BankAnswer(end_to_end_id, BankOutcome(row[1]), row[0])

    def payments(self, end_to_end_id: str) -> int:
        """How many payments under this id reached somebody: one is right, two is the disaster."""
        with closing(self._connected()) as book:
            count = book.execute(
                "select count(*) from payment where end_to_end_id = ? and outcome = ?",
                (end_to_end_id, BankOutcome.PAID.value),
            ).fetchone()[0]
        return int(count)

    def bounce(self, end_to_end_id: str) -> BankAnswer:
        """The money comes back days later."""
        with closing(self._connected()) as book, book:
            book.execute(
                "update payment set outcome = ? where end_to_end_id = ? and outcome = ?",
                (BankOutcome.RETURNED_LATER.value, end_to_end_id, BankOutcome.PAID.value),
            )
        answer = self.query(end_to_end_id)
        if answer is None:
            raise PortUnavailable(_KIND, "id_unknown")
        return answer

    def take_file(self, form: BankFormat, data: bytes, *, batch: str, on: date) -> bytes:
        """The result file for a payment file: each line once, whatever is handed in again."""
        answers = [self._file_answer(line) for line in read_payments(form, data)]
        return result_file(form, answers, batch=batch, on=on)

    def _file_answer(self, line: PaymentLine) -> BankAnswer:
        if self.mode is Mode.REJECT_FILE:
            return BankAnswer(line.end_to_end_id, BankOutcome.BANK_REJECT, line.amount_fen)
        known = self.query(line.end_to_end_id)
        if known is not None:
            return BankAnswer(line.end_to_end_id, BankOutcome.DUPLICATE, known.amount_fen)
        return self._taken(line)

    def _taken(self, line: PaymentLine) -> BankAnswer:
        outcome = self._by_suffix.get(line.account[-4:], BankOutcome.PAID)
        amount = line.amount_fen + (1 if self.mode is Mode.WRONG_AMOUNT else 0)
        with closing(self._connected()) as book, book:
            book.execute(
                "insert into payment (end_to_end_id, amount_fen, outcome) values (?, ?, ?)",
                (line.end_to_end_id, amount, outcome.value),
            )
        return BankAnswer(line.end_to_end_id, outcome, amount)

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._book, timeout=_WAIT_SECONDS)


def result_file(form: BankFormat, answers: Iterable[BankAnswer], *, batch: str, on: date) -> bytes:
    """Answers written as the bank would."""
    codes = {outcome: code for code, outcome in form.codes.items()}
    listed = list(answers)
    rows = []
    for answer in listed:
        cells = {
            Column.END_TO_END_ID: answer.end_to_end_id,
            Column.AMOUNT: form.amount(answer.amount_fen),
            Column.CODE: codes[answer.outcome],
            Column.TEXT: answer.outcome.value,
        }
        rows.append([cells[column] for column in form.result.columns])
    total = sum(answer.amount_fen for answer in listed)
    return framed(form, form.result, rows, batch=BatchHead(batch, on), total_fen=total)
