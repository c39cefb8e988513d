"""Invariants: SQL files of the installed apps, and checks in code.

An app keeps statements in `<app>/invariants/*.sql`, and deep checks in
`<app>/management/deep.py` as a function `problems() -> Iterator[Violation]`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.db import connection

LATE = timedelta(minutes=2)
VERY_LATE = timedelta(minutes=15)
STATEMENT = re.compile(
    r"^-- ([A-Z]\d+) \| (R\d+) \| (.*)\n((?:(?!-- [A-Z]\d+ \|).*\n?)*)", re.MULTILINE
)
PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Invariant:
    """One statement that returns no row in a healthy system."""

    number: str
    promise: str
    title: str
    sql: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Rows that should not be there, or what a deep check found."""

    number: str
    promise: str
    title: str
    rows: tuple[tuple[str, ...], ...]


def collect() -> list[Invariant]:
    """The statements of all installed apps, by number."""
    found = []
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "invariants").glob("*.sql")):
            found += parse(file.read_text(encoding="utf-8"))
    return sorted(found, key=lambda invariant: invariant.number)


def parse(text: str) -> list[Invariant]:
    return [
        Invariant(number, promise, title.strip(), sql.strip().rstrip(";"))
        for number, promise, title, sql in STATEMENT.findall(text)
    ]


def violations(
    invariants: list[Invariant], *, at: datetime, real: datetime
) -> Iterator[Violation]:
    """Run the statements; `real` is the real clock, which leases are counted in."""
    moments = {"late": at - LATE, "very_late": at - VERY_LATE, "lease_late": real - LATE}
    for invariant in invariants:
        names = PARAMETER.findall(invariant.sql)
        parameters = [connection.ops.adapt_datetimefield_value(moments[name]) for name in names]
        with connection.cursor() as cursor:
            cursor.execute(PARAMETER.sub("%s", invariant.sql), parameters)
            rows = cursor.fetchmany(20)
        if rows:
            yield Violation(
                invariant.number,
                invariant.promise,
                invariant.title,
                tuple(tuple(str(value) for value in row) for row in rows),
            )


def deep_violations() -> Iterator[Violation]:
    """What the deep checks of all installed apps find."""
    for app in apps.get_app_configs():
        name = f"{app.name}.management.deep"
        if has_module(name):
            yield from import_module(name).problems()


def has_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
