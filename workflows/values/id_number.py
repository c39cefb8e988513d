"""Resident identity numbers after GB 11643: seventeen digits and a check character.

Area codes change and people keep theirs, so a code that no list knows is a note, never a refusal;
it says where the number was first issued, not where somebody lives.
"""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from workflows.values.errors import InvalidIdNumber
from workflows.values.text import is_digits, joined

LENGTH: Final = 18
OLD_LENGTH: Final = 15
OLDEST_PLAUSIBLE_YEARS: Final = 120
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_PROVINCES: Final = frozenset(
    (
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35",
        "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54",
        "61", "62", "63", "64", "65", "71", "81", "82", "83",
    )
)  # fmt: skip
_RESIDENCE_PERMITS: Final = frozenset({"810000", "820000", "830000"})


class Sex(StrEnum):
    """As the seventeenth digit tells it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number whose check character and birth date are right. Its `repr` hides it.

    Notes: unknown_province, unknown_area, residence_permit, foreigner, implausible_age.
    """

    value: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    area_code: str = field(repr=False)
    notes: tuple[str, ...] = ()


def parse(text: str, *, on: date, areas: Container[str] | None = None) -> IdNumber:
    """Read a number as typed; `on` is the day after which nobody can have been born.

    `areas` is an office's list of area codes; without one only the province is looked at.

    Raises:
        InvalidIdNumber: with the first reason that holds, in the order the class lists them.
    """
    value = joined(text).upper()
    if len(value) == OLD_LENGTH and is_digits(value):
        raise InvalidIdNumber("old_number")
    if len(value) != LENGTH:
        raise InvalidIdNumber("length")
    if not is_digits(value[:-1]) or not (is_digits(value[-1]) or value[-1] == "X"):
        raise InvalidIdNumber("characters")
    if check_character(value[:-1]) != value[-1]:
        raise InvalidIdNumber("check_digit")
    born = _birth_date(value)
    if born > on:
        raise InvalidIdNumber("future_date")
    sex = Sex.MALE if int(value[16]) % 2 else Sex.FEMALE
    return IdNumber(value, born, sex, value[:6], _notes(value, born=born, on=on, areas=areas))


def check_character(first17: str) -> str:
    """The eighteenth character for seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def complete(first17: str) -> str:
    """Seventeen digits with their check character."""
    if len(first17) != LENGTH - 1:
        raise InvalidIdNumber("length")
    if not is_digits(first17):
        raise InvalidIdNumber("characters")
    return first17 + check_character(first17)


def from_old(text: str) -> str:
    """The eighteen characters that a fifteen-digit number became; for searching only.

    The old form was issued to people born in the twentieth century.
    """
    old = joined(text)
    if len(old) != OLD_LENGTH:
        raise InvalidIdNumber("length")
    if not is_digits(old):
        raise InvalidIdNumber("characters")
    return complete(f"{old[:6]}19{old[6:]}")


def mask(value: str) -> str:
    """229901********1249: the area and the last four stay readable."""
    return f"{value[:6]}{'*' * (LENGTH - 10)}{value[-4:]}" if len(value) == LENGTH else "*" * 8


def _birth_date(value: str) -> date:
    try:
        return date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise InvalidIdNumber("impossible_date") from None


def _notes(value: str, *, born: date, on: date, areas: Container[str] | None) -> tuple[str, ...]:
    notes = []
    if value[0] == "9":
        notes.append("foreigner")
    elif value[:6] in _RESIDENCE_PERMITS:
        notes.append("residence_permit")
    elif value[:2] not in _PROVINCES:
        notes.append("unknown_province")
    elif areas is not None and value[:6] not in areas:
        notes.append("unknown_area")
    if on.year - born.year > OLDEST_PLAUSIBLE_YEARS:
        notes.append("implausible_age")
    return tuple(notes)
