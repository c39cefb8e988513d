"""Statements of a step, written once per process and sent together.

A step writes the same few shapes of rows thousands of times an hour, and compiling them in the
ORM costs more than executing them. Here their text is made once, and what nobody waits for an
answer to travels in one message where the database takes several statements at a time
(PostgreSQL does; SQLite gets them one by one). Only the engine's own tables are written so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import (
    DateTimeField,
    DurationField,
    Field,
    JSONField,
    Model,
    UUIDField,
)

# Fields whose values the driver does not take as they are.
ADAPTED = (DateTimeField, DurationField, JSONField, UUIDField)
# Rows of one statement: SQLite takes 32,766 parameters.
CHUNK = 500
Values = tuple[Any, ...]
Adapt = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and its parameters, ready for the driver."""

    sql: str
    parameters: Sequence[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Insert:
    """Rows of one table, given as tuples in the order of `columns`.

    The columns are attribute names; together with `constants` they must be all of the model's
    but its id, since the defaults of a model live in Python.
    """

    model: type[Model]
    columns: tuple[str, ...]
    constants: tuple[tuple[str, object], ...] = ()

    def __post_init__(self) -> None:
        named = {*self.columns, *(name for name, _ in self.constants)}
        fields = {each.attname for each in self.model._meta.concrete_fields}  # noqa: SLF001 - public by its documentation
        if missing := fields - named - {"id"}:
            raise TypeError(f"{self.model.__name__} is written without {sorted(missing)}")

    def of(self, rows: Sequence[Values], *, returning: str = "") -> Statement:
        """The statement for these rows; `returning` names a column to be answered, in order."""
        text, adapts, constants = insert_text(connection.vendor, self, len(rows))
        parameters: list[Any] = []
        for row in rows:
            parameters += [
                adapt(value) if adapt else value for adapt, value in zip(adapts, row, strict=True)
            ]
            parameters += constants
        return Statement(f"{text} RETURNING {returning}" if returning else text, parameters)


@lru_cache(maxsize=512)
def insert_text(
    _vendor: str, insert: Insert, rows: int
) -> tuple[str, tuple[Adapt | None, ...], tuple[Any, ...]]:
    """Text, adapters of the columns, adapted constants."""
    meta = insert.model._meta  # noqa: SLF001 - public by its documentation
    fields = {each.attname: each for each in meta.concrete_fields}
    chosen = [fields[name] for name in insert.columns]
    fixed = [(fields[name], value) for name, value in insert.constants]
    columns = ", ".join(f'"{each.column}"' for each in [*chosen, *(each for each, _ in fixed)])
    marks = ", ".join(["%s"] * (len(chosen) + len(fixed)))
    text = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ' + ", ".join([f"({marks})"] * rows)  # noqa: S608 - names of our own columns
    constants = tuple((adapt_of(each) or unchanged)(value) for each, value in fixed)
    return text, tuple(adapt_of(each) for each in chosen), constants


def adapt_of(column: "Field[Any, Any]") -> Adapt | None:
    """How this field prepares a value for the driver; None when the driver takes it as it is."""
    if not isinstance(column, ADAPTED):
        return None
    if isinstance(column, DateTimeField) and connection.vendor == "postgresql":
        return None
    return lambda value: column.get_db_prep_save(value, connection)


def unchanged(value: object) -> object:
    return value


@dataclass(slots=True)
class Batch:
    """Statements that wait to be sent, in order."""

    waiting: list[Statement] = field(default_factory=list)

    def add(self, sql: str, *parameters: object) -> None:
        """One statement, whose answer nobody needs."""
        self.waiting.append(Statement(sql, parameters))

    def insert(self, insert: Insert, rows: Sequence[Values]) -> None:
        """Add rows, whose ids nobody needs."""
        for start in range(0, len(rows), CHUNK):
            self.waiting.append(insert.of(rows[start : start + CHUNK]))

    def insert_ids(self, insert: Insert, rows: Sequence[Values]) -> list[int]:
        """Send everything, and answer the ids of these rows in their order."""
        ids: list[int] = []
        with connection.cursor() as cursor:
            for start in range(0, len(rows), CHUNK):
                self.waiting.append(insert.of(rows[start : start + CHUNK], returning="id"))
                self.send(cursor)
                ids += [int(row[0]) for row in cursor.fetchall()]
        return ids

    def flush(self) -> int:
        """Send everything; how many rows the last statement touched."""
        if not self.waiting:
            return 0
        with connection.cursor() as cursor:
            self.send(cursor)
            return int(cursor.rowcount)

    def send(self, cursor: Any) -> None:  # noqa: ANN401 - Django's cursor has no common type
        sent, self.waiting = self.waiting, []
        if connection.vendor == "postgresql":
            sent = [joined(sent)]
        for statement in sent:
            cursor.execute(statement.sql, statement.parameters)


def joined(statements: Iterable[Statement]) -> Statement:
    """Several statements as one message: psycopg2 puts parameters in on this side."""
    parts = list(statements)
    return Statement(
        "; ".join(part.sql for part in parts),
        [value for part in parts for value in part.parameters],
    )


def marks(values: Sequence[object]) -> str:
    """As many placeholders as there are values."""
    return ", ".join(["%s"] * len(values))
