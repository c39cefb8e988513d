"""Reading a package strictly: every problem is noted, none of them stops the reading."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from string import Formatter
from typing import Final

from engine.types import Text
from workflows.errors import WorkflowsError

LANGUAGES: Final = ("zh-hans", "en")
CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a package: file, place in it, code, and what was found there."""

    file: str
    place: str
    code: str
    detail: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.file, self.place, self.code, self.detail) if part)


class PackageInvalid(WorkflowsError):
    """A package cannot be used; `problems` lists everything that is wrong, file by file."""

    code = "package_invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Report:
    """The problems of one package, as they are found."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, place: str, code: str, detail: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(file, place, code, detail))

    def check(self) -> None:
        """Refuse the package if anything was noted.

        Raises:
            PackageInvalid: with all problems.
        """
        if self.problems:
            raise PackageInvalid(self.problems)


class Part:
    """A table of a file: each key is read once, with its type; `close` names the others."""

    def __init__(self, report: Report, file: str, place: str, plain: Mapping[str, object]) -> None:
        self.report, self.file, self.place = report, file, place
        self._plain = dict(plain)

    def _problem(self, key: str, code: str, detail: str = "") -> None:
        place = f"{self.place}.{key}" if self.place and key else self.place or key
        self.report.add(self.file, place, code, detail)

    def unread(self) -> list[str]:
        """What has not been read yet, in the order of the file."""
        return list(self._plain)

    def take(self, key: str, kind: type, *, required: bool = True) -> object:
        """A value of this type; None where it is missing or something else."""
        if key not in self._plain:
            if required:
                self._problem(key, "missing")
            return None
        value = self._plain.pop(key)
        # True is an int, and a datetime is a date, to Python only.
        if type(value) is not kind:
            self._problem(key, "wrong_type", type(value).__name__)
            return None
        return value

    def string(self, key: str, *, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self.take(key, str, required=default is None)
        if value == "" and default is None:
            self._problem(key, "empty")
        return value if isinstance(value, str) else default or ""

    def code(self, key: str, known: Iterable[str] = ()) -> str:
        """A name of letters, digits and underscores; one of `known`, if there are any."""
        value = self.string(key)
        allowed = tuple(known)
        if value and not CODE.fullmatch(value):
            self._problem(key, "bad_code", value)
        elif value and allowed and value not in allowed:
            self._problem(key, "unknown", value)
        return value

    def integer(self, key: str, *, default: int | None = None, at_least: int = 0) -> int:
        """A whole number."""
        value = self.take(key, int, required=default is None)
        found = value if isinstance(value, int) else default or at_least
        if found < at_least:
            self._problem(key, "too_small", str(found))
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.take(key, bool, required=False)
        return value if isinstance(value, bool) else default

    def day(self, key: str) -> date:
        """A date."""
        value = self.take(key, date)
        return value if isinstance(value, date) else date.min

    def number(self, key: str) -> Decimal:
        """An exact figure, written as text."""
        value = self.string(key)
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite():
            return found
        self._problem(key, "not_a_number", value)
        return Decimal(0)

    def text(self, key: str) -> Text:
        """A sentence in both languages, with the same placeholders."""
        part = self.part(key)
        zh, en = (part.string(language) for language in LANGUAGES)
        part.close()
        names = placeholders(zh), placeholders(en)
        if None in names:
            self._problem(key, "bad_placeholder")
        elif zh and en and names[0] != names[1]:
            self._problem(key, "placeholders_differ")
        return Text(zh, en)

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of sentences in both languages."""
        found = []
        for number, row in enumerate(self._rows(key), 1):
            holder = Part(self.report, self.file, self.place, {f"{key}.{number}": row})
            found.append(holder.text(f"{key}.{number}"))
        return tuple(found)

    def part(self, key: str, *, required: bool = True) -> "Part":
        """A table inside this one; an empty one where it is missing."""
        value = self.take(key, dict, required=required)
        place = f"{self.place}.{key}" if self.place else key
        # Every key of a TOML or JSON table is a text.
        plain = {str(k): v for k, v in value.items()} if isinstance(value, dict) else {}
        return Part(self.report, self.file, place, plain)

    def parts(self, key: str) -> "list[Part]":
        """A list of tables."""
        place = f"{self.place}.{key}" if self.place else key
        return [
            Part(self.report, self.file, f"{place}.{number}", row)
            for number, row in enumerate(self._rows(key), 1)
        ]

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings; none where it is missing."""
        value = self.take(key, list, required=False)
        rows = value if isinstance(value, list) else []
        if not all(isinstance(row, str) for row in rows):
            self._problem(key, "wrong_type")
        return tuple(str(row) for row in rows)

    def _rows(self, key: str) -> list[dict[str, object]]:
        value = self.take(key, list, required=False)
        rows = value if isinstance(value, list) else []
        if not all(isinstance(row, dict) for row in rows):
            self._problem(key, "wrong_type")
        return [row for row in rows if isinstance(row, dict)]

    def close(self) -> None:
        """Name the keys that nothing reads."""
        for key in self._plain:
            self._problem(key, "unknown_key")


def placeholders(sentence: str) -> frozenset[str] | None:
    """The names in braces; None where the braces do not match or hold more than a name."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return None
    return frozenset(names) if all(CODE.fullmatch(name) for name in names) else None


def toml(report: Report, folder: Path, name: str) -> Part:
    """A TOML file of the folder, floats read exactly; an empty table where it cannot be read."""
    plain: dict[str, object] = {}
    try:
        plain = tomllib.loads((folder / name).read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        report.add(name, "", "file_missing")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        report.add(name, "", "not_toml", str(error))
    return Part(report, name, "", plain)
