"""Result files: read, and matched with what was sent. Every anomaly is counted and named."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflows.errors import ResultFileRejected
from workflows.ports.bank import BankAnswer, BankOutcome
from workflows.ports.bank_format import BankFormat, Column, table
from workflows.values.errors import InvalidMoney

LARGEST_FILE: Final = 50_000_000


class AnomalyKind(StrEnum):
    """Why a line of a result file settles nothing."""

    MALFORMED = "malformed"
    AMOUNT_UNREADABLE = "amount_unreadable"
    CODE_UNKNOWN = "code_unknown"
    REPEATED = "repeated"
    ID_UNKNOWN = "id_unknown"
    OTHER_BATCH = "other_batch"
    AMOUNT_DIFFERS = "amount_differs"
    ALREADY_SETTLED = "already_settled"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One line that settles nothing; `line` counts from 1."""

    line: int
    kind: AnomalyKind
    end_to_end_id: str = ""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One readable line."""

    line: int
    answer: BankAnswer


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A result file as read; its hash is accepted once."""

    sha256: str
    lines: tuple[ResultLine, ...]
    anomalies: tuple[Anomaly, ...]

    @property
    def is_rejected_whole(self) -> bool:
        """Whether the bank took none of the payments: same lines, same ids, once it is mended."""
        return bool(self.lines) and all(
            line.answer.outcome is BankOutcome.BANK_REJECT for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class SentLine:
    """What is known about a payment that a result may speak of.

    `outcome` is the one that stands, or None while the bank has not answered.
    """

    amount_fen: int
    batch: str
    outcome: BankOutcome | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """What a result file settles, what it does not, and what still waits for the bank."""

    settled: tuple[BankAnswer, ...]
    anomalies: tuple[Anomaly, ...]
    waiting: frozenset[str]


def read(form: BankFormat, data: bytes) -> ResultFile:
    """Read a result file; a bad line is an anomaly, a bad file is refused.

    Raises:
        ResultFileRejected: the file cannot be used as a whole.
    """
    if len(data) > LARGEST_FILE:
        raise ResultFileRejected("too_large")
    lines: list[ResultLine] = []
    anomalies: list[Anomaly] = []
    seen: set[str] = set()
    for number, cells in table(form, form.result, data):
        found = _line(form, number, cells)
        if isinstance(found, ResultLine):
            end_to_end_id = found.answer.end_to_end_id
            if end_to_end_id in seen:
                found = Anomaly(number, AnomalyKind.REPEATED, end_to_end_id)
            seen.add(end_to_end_id)
        if isinstance(found, ResultLine):
            lines.append(found)
        else:
            anomalies.append(found)
    return ResultFile(hashlib.sha256(data).hexdigest(), tuple(lines), tuple(anomalies))


def match(result: ResultFile, sent: Mapping[str, SentLine], *, batch: str) -> Matched:
    """Compare with what was sent; `sent` maps end-to-end ids, of this batch and of others."""
    settled: list[BankAnswer] = []
    anomalies = list(result.anomalies)
    for line in result.lines:
        kind = _mismatch(line.answer, sent.get(line.answer.end_to_end_id), batch=batch)
        if kind is None:
            settled.append(line.answer)
        else:
            anomalies.append(Anomaly(line.line, kind, line.answer.end_to_end_id))
    answered = {
        answer.end_to_end_id
        for answer in settled
        if answer.outcome not in {BankOutcome.TIMEOUT_UNKNOWN, BankOutcome.DUPLICATE}
    }
    waiting = {
        end_to_end_id
        for end_to_end_id, line in sent.items()
        if line.batch == batch and line.outcome is None
    }
    ordered = tuple(sorted(anomalies, key=lambda anomaly: anomaly.line))
    return Matched(tuple(settled), ordered, frozenset(waiting - answered))


def _line(form: BankFormat, number: int, cells: list[str]) -> ResultLine | Anomaly:
    if len(cells) != len(form.result.columns):
        return Anomaly(number, AnomalyKind.MALFORMED)
    row = dict(zip(form.result.columns, (cell.strip() for cell in cells), strict=True))
    end_to_end_id = row[Column.END_TO_END_ID]
    outcome = form.codes.get(row[Column.CODE])
    if outcome is None:
        return Anomaly(number, AnomalyKind.CODE_UNKNOWN, end_to_end_id)
    try:
        amount_fen = form.fen(row[Column.AMOUNT])
    except InvalidMoney:
        return Anomaly(number, AnomalyKind.AMOUNT_UNREADABLE, end_to_end_id)
    return ResultLine(number, BankAnswer(end_to_end_id, outcome, amount_fen))


def _mismatch(answer: BankAnswer, sent: SentLine | None, *, batch: str) -> AnomalyKind | None:
    if sent is None:
        return AnomalyKind.ID_UNKNOWN
    if sent.batch != batch:
        return AnomalyKind.OTHER_BATCH
    if sent.amount_fen != answer.amount_fen:
        return AnomalyKind.AMOUNT_DIFFERS
    if sent.outcome is None or sent.outcome is BankOutcome.TIMEOUT_UNKNOWN:
        return None
    # Money may come back days after it was paid; nothing else may follow a settled line.
    bounced = answer.outcome is BankOutcome.RETURNED_LATER and sent.outcome is BankOutcome.PAID
    return None if bounced else AnomalyKind.ALREADY_SETTLED
