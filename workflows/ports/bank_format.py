"""Bank files as data: one class describes a bank's layout, two functions write and read it.

The same batch gives the same bytes. A line that the layout cannot hold is left out and named;
the file never stops for it and never holds a question mark in somebody's name.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from workflows.errors import ResultFileRejected
from workflows.ports.bank import NAME_NOT_WRITABLE, BankOutcome, PaymentLine
from workflows.values import money
from workflows.values.errors import InvalidMoney

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@")


class Unit(StrEnum):
    """How amounts are written."""

    YUAN = "yuan"
    FEN = "fen"


class Column(StrEnum):
    """What a column holds, in files to the bank and from it."""

    SEQUENCE = "sequence"
    END_TO_END_ID = "end_to_end_id"
    ACCOUNT = "account"
    HOLDER = "holder"
    AMOUNT = "amount"
    PURPOSE = "purpose"
    CNAPS = "cnaps"
    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of one direction: columns in order, and the lines around them.

    `lead` and `trail` are cells of a line before and after, in which {batch}, {date}, {count}
    and {total} stand for those values; empty means no such line.
    """

    columns: tuple[Column, ...]
    titles: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankFormat:
    """How one bank wants its files."""

    code: str
    encoding: str
    separator: str
    unit: Unit
    payment: Layout
    result: Layout
    codes: Mapping[str, BankOutcome] = field(hash=False)
    name_length: int = 70
    lines_per_file: int = 50_000
    line_end: str = "\r\n"

    def amount(self, fen: int) -> str:
        """An amount as the bank reads it."""
        return str(fen) if self.unit is Unit.FEN else money.plain_text(fen)

    def fen(self, text: str) -> int:
        """An amount as the bank wrote it."""
        if self.unit is Unit.YUAN:
            return money.parse(text)
        fen = money.parse(text)
        if fen % money.FEN_PER_YUAN or "." in text:
            raise InvalidMoney("decimals")
        return fen // money.FEN_PER_YUAN


@dataclass(frozen=True, slots=True)
class BatchHead:
    """What a file says about its batch."""

    number: str
    made_on: date


@dataclass(frozen=True, slots=True)
class StoppedLine:
    """A payment that is not in the file; `code` is the reason told to the person."""

    end_to_end_id: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A payment file; count and total are of the lines in it."""

    data: bytes = field(repr=False)
    sha256: str
    count: int
    total_fen: int
    stopped: tuple[StoppedLine, ...] = ()


def write(form: BankFormat, batch: BatchHead, lines: Iterable[PaymentLine]) -> WrittenFile:
    """The file for the bank, in the order of the lines.

    Raises:
        ValueError: more lines than one file of this bank holds.
    """
    kept: list[PaymentLine] = []
    stopped = []
    for line in lines:
        detail = _why_not(form, line)
        if detail:
            stopped.append(StoppedLine(line.end_to_end_id, NAME_NOT_WRITABLE, detail))
        else:
            kept.append(line)
    if len(kept) > form.lines_per_file:
        raise ValueError(len(kept))
    total = sum(line.amount_fen for line in kept)
    rows = [_payment_row(form, place, line) for place, line in enumerate(kept, start=1)]
    data = framed(form, form.payment, rows, batch=batch, total_fen=total)
    return WrittenFile(data, hashlib.sha256(data).hexdigest(), len(kept), total, tuple(stopped))


def read_payments(form: BankFormat, data: bytes) -> list[PaymentLine]:
    """The lines of a file that `write` made; the third of the three totals.

    Raises:
        ResultFileRejected: the file is not of this format.
    """
    lines = []
    for number, cells in table(form, form.payment, data):
        if len(cells) != len(form.payment.columns):
            raise ResultFileRejected("columns_missing", line=number)
        row = dict(zip(form.payment.columns, cells, strict=True))
        try:
            amount = form.fen(row[Column.AMOUNT])
        except InvalidMoney:
            raise ResultFileRejected("not_a_table", line=number) from None
        lines.append(
            PaymentLine(
                end_to_end_id=row[Column.END_TO_END_ID],
                amount_fen=amount,
                account=row[Column.ACCOUNT],
                holder=row[Column.HOLDER],
                purpose=row.get(Column.PURPOSE, ""),
                cnaps=row.get(Column.CNAPS, ""),
            )
        )
    return lines


def framed(
    form: BankFormat,
    layout: Layout,
    rows: Sequence[Sequence[str]],
    *,
    batch: BatchHead,
    total_fen: int,
) -> bytes:
    """Rows with the lines before and after them, in the bank's encoding."""
    words = {
        "{batch}": batch.number,
        "{date}": f"{batch.made_on:%Y%m%d}",
        "{count}": str(len(rows)),
        "{total}": form.amount(total_fen),
    }
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=form.separator,
        lineterminator=form.line_end,
        quoting=csv.QUOTE_MINIMAL if form.separator == "," else csv.QUOTE_NONE,
    )
    around = ([words.get(cell, cell) for cell in cells] for cells in (layout.lead, layout.trail))
    lead, trail = around
    writer.writerows(line for line in (lead, layout.titles, *rows, trail) if line)
    return out.getvalue().encode(form.encoding)


def table(form: BankFormat, layout: Layout, data: bytes) -> list[tuple[int, list[str]]]:
    """The rows between the lines around them, each with its number in the file.

    Raises:
        ResultFileRejected: empty, encoding, not_a_table, columns_missing or totals_differ.
    """
    rows = _all_rows(form, data)
    for expected in (layout.lead, layout.titles):
        if expected and (not rows or not _is_frame(expected, rows.pop(0)[1])):
            raise ResultFileRejected("columns_missing", line=1)
    if layout.trail:
        if not rows or not _is_frame(layout.trail, rows[-1][1]):
            raise ResultFileRejected("totals_differ", line=len(rows))
        _check_totals(form, layout, rows.pop()[1], rows)
    return rows


def _all_rows(form: BankFormat, data: bytes) -> list[tuple[int, list[str]]]:
    if not data.strip():
        raise ResultFileRejected("empty")
    try:
        text = data.decode(form.encoding)
    except UnicodeDecodeError:
        raise ResultFileRejected("encoding") from None
    if "\0" in text:
        raise ResultFileRejected("encoding")
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=form.separator,
        quoting=csv.QUOTE_MINIMAL if form.separator == "," else csv.QUOTE_NONE,
        strict=True,
    )
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error:
        raise ResultFileRejected("not_a_table", line=reader.line_num) from None


def _is_frame(expected: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a line is the one expected, whatever stands for the values in braces."""
    return len(expected) == len(cells) and all(
        want.startswith("{") or want == cell.strip()
        for want, cell in zip(expected, cells, strict=True)
    )


def _check_totals(
    form: BankFormat,
    layout: Layout,
    trail: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
) -> None:
    said = dict(zip(layout.trail, trail, strict=True))
    place = layout.columns.index(Column.AMOUNT)
    try:
        total = sum(form.fen(cells[place]) for _, cells in rows)
        count_agrees = int(said.get("{count}", len(rows))) == len(rows)
        total_agrees = "{total}" not in said or form.fen(said["{total}"]) == total
    except (ValueError, IndexError):
        raise ResultFileRejected("totals_differ") from None
    if not count_agrees or not total_agrees:
        raise ResultFileRejected("totals_differ")


def _why_not(form: BankFormat, line: PaymentLine) -> str:
    """Why the file cannot hold the line, or an empty text."""
    try:
        line.holder.encode(form.encoding)
        line.purpose.encode(form.encoding)
    except UnicodeEncodeError:
        return "not_encodable"
    if len(line.holder) > form.name_length:
        return "too_long"
    for cell in (line.holder, line.purpose):
        if cell.startswith(_FORMULA_SIGNS):
            return "formula_sign"
        if not cell.isprintable() or (form.separator != "," and set(cell) & {form.separator, '"'}):
            return "separator"
    return ""


def _payment_row(form: BankFormat, place: int, line: PaymentLine) -> list[str]:
    cells = {
        Column.SEQUENCE: str(place),
        Column.END_TO_END_ID: line.end_to_end_id,
        Column.ACCOUNT: line.account,
        Column.HOLDER: line.holder,
        Column.AMOUNT: form.amount(line.amount_fen),
        Column.PURPOSE: line.purpose,
        Column.CNAPS: line.cnaps,
    }
    return [cells[column] for column in form.payment.columns]
