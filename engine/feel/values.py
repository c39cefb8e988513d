"""The values of FEEL and how Python's values become them.

| FEEL | Python |
|---|---|
| null, boolean, string | None, bool, str |
| number | decimal.Decimal, 34 significant digits |
| date, time, date and time | datetime.date, time, datetime |
| days and time duration | datetime.timedelta |
| years and months duration | YearsMonthsDuration |
| list, context | list, dict with text keys |
| range, function | Range, Function |

Values are never changed in place: every operation builds another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Protocol, TypeAlias

from engine.feel.errors import FeelBudgetExceeded
from engine.feel.signatures import UNKNOWN, Type

# One of the Python types of the table above. A recursive union would say so to mypy, but lists
# are invariant: every call would need a cast. `kind()` is the check at run time.
FeelValue: TypeAlias = object

# IEEE 754 decimal128, as the standard asks.
DECIMAL = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
ZERO = Decimal(0)

MAX_LIST = 10_000
MAX_TEXT = 10_000
MAX_NESTING = 32
MAX_RESULT = 100_000
_MAX_INT = 10**6000


class Calendar(Protocol):
    """Working days as data; the bundle's calendar implements it."""

    def is_working_day(self, day: date, /) -> bool: ...
    def add_working_days(self, day: date, count: int, /) -> date: ...
    def working_days_between(self, start: date, end: date, /) -> int: ...


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A duration in whole months; days have no place in it."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is unbounded (and then never included).

    `sign` is "=" or "!=" where a test such as `(!= 5)` stands for a range.
    """

    low: FeelValue
    high: FeelValue
    low_closed: bool = True
    high_closed: bool = True
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in, a lambda, a knowledge model or a decision service.

    `call` takes the running frame (an opaque object to everybody but the compiler) and the
    arguments in the order of `parameters`.
    """

    parameters: tuple[str, ...]
    call: Callable[[object, Sequence[FeelValue]], FeelValue] = field(compare=False)
    types: tuple[Type, ...] = ()
    result: Type = UNKNOWN
    variadic: bool = False
    name: str = ""


KINDS: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_AS_THEY_ARE = frozenset(KINDS) - {list, dict, Decimal, str}


def kind(value: FeelValue) -> str:
    return KINDS.get(type(value), "unknown")


def to_feel(value: object, depth: int = 0) -> FeelValue:
    """The FEEL value of a Python value; what FEEL has no kind for becomes null."""
    known = type(value)
    if known in _AS_THEY_ARE:
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (date, time, timedelta)):
        return _plain_temporal(value)
    if depth >= MAX_NESTING:
        raise FeelBudgetExceeded("depth")
    return _collection(value, depth)


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise FeelBudgetExceeded("text")
    return value if type(value) is str else str.__str__(value)


def _number(value: float | Decimal) -> FeelValue:
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return DECIMAL.create_decimal(value) if -_MAX_INT < value < _MAX_INT else None
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not number.is_finite():
        return None
    try:
        return DECIMAL.plus(number)
    except ArithmeticError:
        return None


def _plain_temporal(value: date | time | timedelta) -> FeelValue:
    """A subclass (a frozen clock of a test, a database type) as the plain type."""
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, timedelta):
        return timedelta(value.days, value.seconds, value.microseconds)
    return time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo)


def _collection(value: object, depth: int) -> FeelValue:
    if isinstance(value, Mapping):
        if len(value) > MAX_LIST:
            raise FeelBudgetExceeded("list")
        return {str(key): to_feel(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if len(value) > MAX_LIST:
            raise FeelBudgetExceeded("list")
        return [to_feel(item, depth + 1) for item in value]
    return None


def measure(value: FeelValue, *, limit: int = MAX_RESULT) -> int:
    """How many values a value holds, shared parts counted each time they occur.

    Raises:
        FeelBudgetExceeded: more than `limit` values, or nested too deep to be stored.
    """
    total = 0
    stack: list[tuple[FeelValue, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        total += 1
        if depth > MAX_NESTING:
            raise FeelBudgetExceeded("depth")
        parts = _parts(item)
        if total + len(stack) + len(parts) > limit:
            raise FeelBudgetExceeded("size")
        stack.extend((part, depth + 1) for part in parts)
    return total


def _parts(value: FeelValue) -> Sequence[FeelValue]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, Range):
        return (value.low, value.high)
    return ()
