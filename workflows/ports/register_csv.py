"""Registers as files: a folder into which an office's nightly exports are put.

Each file is a table with the column `id_number` and one column per fact. A fact that no file has
a column for, a file that cannot be read, a row given twice with different values or a cell that
means nothing is "unavailable"; a person who is not in the file, or an empty cell, is "no data".
"""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from workflows.ports.registers import (
    FACTS,
    NO_DATA,
    UNAVAILABLE,
    FactAnswer,
    PersonQuery,
    RegisterAnswer,
    check_wanted,
    read_fact,
)
from workflows.ports.registry import required
from workflows.values.cipher import normalised

NAME: Final = "csv"
ID_COLUMN: Final = "id_number"
LARGEST_FILE: Final = 200_000_000
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class _Table:
    """One file in memory: the facts it has columns for, and a row per person."""

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]] = field(repr=False)
    contradicted: frozenset[str] = field(repr=False)


class CsvRegisters:
    """Reads the folder again when a file in it changed; a file is replaced whole."""

    name = NAME

    def __init__(self, folder: Path, *, max_age: timedelta | None = None) -> None:
        self._folder = folder
        self._max_age = max_age
        self._read: dict[Path, tuple[tuple[int, int], _Table | None]] = {}

    def query(
        self,
        facts_wanted: Collection[str],
        person_key: PersonQuery,
        *,
        at: datetime,
        key: str,  # noqa: ARG002 - the port's signature
    ) -> RegisterAnswer:
        """Look the person up in every file that has a column for a fact asked for."""
        check_wanted(facts_wanted)
        person = normalised(person_key.id_number)
        facts = dict.fromkeys(facts_wanted, UNAVAILABLE)
        for table in self._tables(at):
            for column in facts.keys() & set(table.columns):
                facts[column] = _cell(table, person, column)
        return RegisterAnswer(self.name, at, facts)

    def _tables(self, at: datetime) -> list[_Table]:
        """Every file that can be read and is not too old, in the order of their names."""
        found = []
        for path in sorted(self._folder.glob("*.csv")):
            table = self._table(path, at)
            if table is not None:
                found.append(table)
        return found

    def _table(self, path: Path, at: datetime) -> _Table | None:
        try:
            facts = path.stat()
        except OSError:
            return None
        written_at = datetime.fromtimestamp(facts.st_mtime, UTC)
        if self._max_age is not None and at - written_at > self._max_age:
            return None
        stamp = (facts.st_mtime_ns, facts.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, _read(path) if facts.st_size <= LARGEST_FILE else None)
            self._read[path] = known
        return known[1]


def _cell(table: _Table, person: str, column: str) -> FactAnswer:
    if person in table.contradicted:
        return UNAVAILABLE
    row = table.rows.get(person)
    return NO_DATA if row is None else read_fact(column, row[table.columns.index(column)])


def _read(path: Path) -> _Table | None:
    """The table, or None for a file that is none."""
    try:
        text = _decoded(path.read_bytes())
        lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        columns = tuple(name for name in lines.fieldnames or () if name in FACTS)
        if ID_COLUMN not in (lines.fieldnames or ()):
            return None
        return _rows(lines, columns)
    except (OSError, UnicodeError, csv.Error):
        return None


def _rows(lines: "csv.DictReader[str]", columns: tuple[str, ...]) -> _Table:
    rows: dict[str, tuple[str, ...]] = {}
    contradicted = set()
    for line in lines:
        person = normalised(line[ID_COLUMN] or "")
        row = tuple(line[column] or "" for column in columns)
        if rows.setdefault(person, row) != row:
            contradicted.add(person)
    return _Table(columns, rows, frozenset(contradicted))


def _decoded(raw: bytes) -> str:
    for encoding in _ENCODINGS[:-1]:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(_ENCODINGS[-1])


def csv_registers(options: Mapping[str, str]) -> CsvRegisters:
    """Files in the folder that the option `folder` names; `max_age_days` is optional."""
    days = options.get("max_age_days", "")
    folder = Path(required(options, "folder", kind="register"))
    return CsvRegisters(folder, max_age=timedelta(days=int(days)) if days else None)
