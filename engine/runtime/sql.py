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

import orjson
from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

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
    constants: tuple[tuple[str, str | int | None], ...] = ()

    def __post_init__(self) -> None:
        named = {*self.columns, *(name for name, _ in self.constants)}
        fields = {each.attname for each in self.model._meta.concrete_fields}  # noqa: SLF001 - public by its documentation
        if missing := fields - named - {"id"}:
            raise TypeError(f"{self.model.__name__} is written without {sorted(missing)}")

    def of(self, rows: Sequence[Values], *, returning: str = "") -> Statement:
        """The statement for these rows; `returning` names a column to be answered, in order."""
        text, adapts = insert_text(connection.vendor, self, len(rows))
        parameters: list[Any] = [value for row in rows for value in row]
        for place, adapt in adapts:
            for at in range(place, len(parameters), len(self.columns)):
                if parameters[at] is not None:
                    parameters[at] = adapt(parameters[at])
        return Statement(f"{text} RETURNING {returning}" if returning else text, parameters)


@lru_cache(maxsize=512)
def insert_text(
    _vendor: str, insert: Insert, rows: int
) -> tuple[str, tuple[tuple[int, Adapt], ...]]:
    """The text, and the places of columns whose values are to be adapted."""
    meta = insert.model._meta  # noqa: SLF001 - public by its documentation
    fields = {each.attname: each for each in meta.concrete_fields}
    names = [*insert.columns, *(name for name, _ in insert.constants)]
    columns = ", ".join(f'"{fields[name].column}"' for name in names)
    row = ", ".join(
        ["%s"] * len(insert.columns) + [literal(value) for _, value in insert.constants]
    )
    text = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ' + ", ".join([f"({row})"] * rows)  # noqa: S608 - names of our own columns
    adapts = ((place, adapt_of(fields[name])) for place, name in enumerate(insert.columns))
    return text, tuple((place, adapt) for place, adapt in adapts if adapt is not None)


def literal(value: str | int | None) -> str:
    """A constant of our own as it stands in the text."""
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(value)


def adapt_of(column: "Field[Any, Any]") -> Adapt | None:
    """How this field prepares a value for the driver; None when the driver takes it as it is."""
    if isinstance(column, JSONField):
        return json_text
    if isinstance(column, DateTimeField) and connection.vendor != "postgresql":
        return connection.ops.adapt_datetimefield_value
    return None


def json_text(value: object) -> str:
    """A JSON column's value; both databases take it as text."""
    return orjson.dumps(value).decode()


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
