"""Registers: what other authorities know about a person, fact by fact.

A fact has a value, is not on record, or cannot be asked for at the moment. The last is never
taken for a no.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

FactValue = bool | int | str
_MONTHS_AT_MOST: Final = 1_200
_TEXT_AT_MOST: Final = 200


class Verdict(StrEnum):
    """What became of the question about one fact."""

    VALUE = "value"
    NO_DATA = "no_data"
    UNAVAILABLE = "unavailable"


class FactKind(StrEnum):
    """How a fact is written."""

    FLAG = "flag"
    MONTHS = "months"
    HISTORY = "history"
    TEXT = "text"


UI_HISTORY: Final = frozenset({"never", "partly", "drawing", "exhausted"})

# A fact that is no flag, count or code is personal and may not become a process variable.
FACTS: Final[Mapping[str, FactKind]] = MappingProxyType(
    {
        "insured": FactKind.FLAG,
        "insured_here": FactKind.FLAG,
        "contribution_months": FactKind.MONTHS,
        "separation_voluntary": FactKind.FLAG,
        "headcount_reported": FactKind.FLAG,
        "ui_history": FactKind.HISTORY,
        "ui_available": FactKind.FLAG,
        "employed": FactKind.FLAG,
        "pension": FactKind.FLAG,
        "age_reached": FactKind.FLAG,
        "months_to_pension": FactKind.MONTHS,
        "drawn_in_group": FactKind.FLAG,
        "deceased": FactKind.FLAG,
        "imprisoned": FactKind.FLAG,
        "last_office": FactKind.TEXT,
        "register_name": FactKind.TEXT,
        "phone": FactKind.TEXT,
    }
)
PERSONAL: Final = frozenset({"register_name", "phone"})
_TRUE: Final = frozenset({"1", "true", "yes", "y", "是"})
_FALSE: Final = frozenset({"0", "false", "no", "n", "否"})


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """Whom the question is about; its `repr` shows the blind index only."""

    id_index: str
    id_number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """The answer to one question; `value` is set exactly if there is one."""

    verdict: Verdict
    value: FactValue | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a value without a verdict and a verdict without its value."""
        if (self.verdict is Verdict.VALUE) != (self.value is not None):
            raise ValueError(self.verdict)


NO_DATA: Final = FactAnswer(Verdict.NO_DATA)
UNAVAILABLE: Final = FactAnswer(Verdict.UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """One answer per fact that was asked for, and when it was fetched."""

    connector: str
    fetched_at: datetime
    facts: Mapping[str, FactAnswer] = field(hash=False)

    @property
    def unavailable(self) -> frozenset[str]:
        """The facts that could not be asked for."""
        return frozenset(
            name for name, fact in self.facts.items() if fact.verdict is Verdict.UNAVAILABLE
        )

    def value(self, name: str) -> FactValue | None:
        """The value of a fact, or None if there is none for whatever reason."""
        return self.facts[name].value


class RegisterConnector(Protocol):
    """A way to ask registers. It answers for every fact asked and raises for none of them."""

    @property
    def name(self) -> str:
        """The name under which the connector is chosen and recorded."""
        ...

    def query(
        self,
        facts_wanted: Collection[str],
        person_key: PersonQuery,
        *,
        at: datetime,
        key: str,
    ) -> RegisterAnswer:
        """Ask for facts as of `at`; `key` is the same for every attempt at one question."""
        ...


def check_wanted(facts_wanted: Collection[str]) -> None:
    """Refuse a fact that no register is known to keep: a mistake in a package, not in data."""
    unknown = sorted(set(facts_wanted) - FACTS.keys())
    if unknown:
        raise ValueError(", ".join(unknown))


def read_fact(name: str, text: str) -> FactAnswer:
    """A fact as a file or a service writes it; text that means nothing is no answer."""
    written = text.strip()
    if not written:
        return NO_DATA
    value = _value(FACTS[name], written)
    return UNAVAILABLE if value is None else FactAnswer(Verdict.VALUE, value)


def _value(kind: FactKind, written: str) -> FactValue | None:
    if kind is FactKind.FLAG:
        lower = written.lower()
        return True if lower in _TRUE else False if lower in _FALSE else None
    if kind is FactKind.MONTHS:
        if not re.fullmatch(r"[0-9]{1,4}", written) or int(written) > _MONTHS_AT_MOST:
            return None
        return int(written)
    if kind is FactKind.HISTORY:
        return written if written in UI_HISTORY else None
    return written if len(written) <= _TEXT_AT_MOST and written.isprintable() else None
