"""Arithmetic, equality, order and membership over values of any kind.

Every function is total: kinds that do not go together answer None and leave a warning.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import temporal
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.frame import Frame
from engine.feel.values import (
    DECIMAL,
    MAX_TEXT,
    FeelValue,
    Function,
    Range,
    YearsMonthsDuration,
    kind,
)

MAX_EXPONENT = 1_000

Operation = Callable[..., FeelValue]


def _concatenate(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT:
        raise FeelBudgetExceeded("text")
    return left + right


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > MAX_EXPONENT:
        raise FeelBudgetExceeded("exponent")
    return DECIMAL.power(base, exponent)


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_MOMENTS = (date, datetime)
_SPANS = (timedelta, YearsMonthsDuration)


def _arithmetic_table() -> dict[tuple[str, type, type], Operation]:
    table: dict[tuple[str, type, type], Operation] = {
        ("+", Decimal, Decimal): DECIMAL.add,
        ("-", Decimal, Decimal): DECIMAL.subtract,
        ("*", Decimal, Decimal): DECIMAL.multiply,
        ("/", Decimal, Decimal): DECIMAL.divide,
        ("**", Decimal, Decimal): _power,
        ("+", str, str): _concatenate,
        ("-", time, time): temporal.difference,
    }
    for left in _MOMENTS:
        for right in _MOMENTS:
            table["-", left, right] = temporal.difference
    pairs = [(moment, span) for moment in _MOMENTS for span in _SPANS] + [(time, timedelta)]
    for moment, span in pairs:
        table["+", moment, span] = temporal.add_duration
        table["+", span, moment] = _swapped(temporal.add_duration)
        table["-", moment, span] = temporal.subtract_duration
    for span in _SPANS:
        table["+", span, span] = temporal.sum_of
        table["-", span, span] = lambda a, b: temporal.sum_of(a, temporal.negate(b))
        table["*", span, Decimal] = temporal.scale
        table["*", Decimal, span] = _swapped(temporal.scale)
        table["/", span, Decimal] = temporal.divide
        table["/", span, span] = temporal.ratio
    return table


ARITHMETIC: Mapping[tuple[str, type, type], Operation] = _arithmetic_table()


def arithmetic(frame: Frame, sign: str, left: FeelValue, right: FeelValue) -> FeelValue:
    operation = ARITHMETIC.get((sign, type(left), type(right)))
    if operation is None:
        frame.warn("operand-kinds", f"{kind(left)} {sign} {kind(right)}")
        return None
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        code = "division-by-zero" if sign == "/" and not right else "arithmetic"
        frame.warn(code, sign)
        return None


def negative(frame: Frame, value: FeelValue) -> FeelValue:
    if isinstance(value, Decimal):
        return DECIMAL.minus(value)
    if isinstance(value, (timedelta, YearsMonthsDuration)):
        return temporal.negate(value)
    frame.warn("operand-kinds", f"- {kind(value)}")
    return None


# -- equality ----------------------------------------------------------------------------------

# Offsets are subtracted as durations: astimezone() overflows at the ends of the calendar.
_FIRST_MOMENT = datetime(1, 1, 1)  # noqa: DTZ001  # local like what it is subtracted from
_BY_VALUE = frozenset(
    [bool, Decimal, str, date, timedelta, YearsMonthsDuration, type(None), Function]
)


def equal(frame: Frame, left: FeelValue, right: FeelValue) -> bool | None:
    """Equality by the standard: null equals only null, unlike kinds are neither."""
    known = type(left)
    if known is not type(right):
        if left is None or right is None:
            return False
        if isinstance(left, date) and isinstance(right, date):
            return _moments(frame, temporal.as_moment(left), temporal.as_moment(right))
        frame.warn("operand-kinds", f"{kind(left)} = {kind(right)}")
        return None
    if known in _BY_VALUE:
        return left == right
    return _EQUALITY[known](frame, left, right)


def same(frame: Frame, left: FeelValue, right: FeelValue) -> bool:
    """Equality as lists and contexts use it for their parts: unlike kinds are different."""
    return type(left) is type(right) and equal(frame, left, right) is True


def _lists(frame: Frame, left: list[FeelValue], right: list[FeelValue]) -> bool:
    frame.spend(len(left))
    return len(left) == len(right) and all(
        same(frame, a, b) for a, b in zip(left, right, strict=True)
    )


def _contexts(frame: Frame, left: dict[str, FeelValue], right: dict[str, FeelValue]) -> bool:
    frame.spend(len(left))
    return left.keys() == right.keys() and all(
        same(frame, value, right[key]) for key, value in left.items()
    )


def _ranges(frame: Frame, left: Range, right: Range) -> bool:
    return (
        left.sign == right.sign
        and left.low_closed == right.low_closed
        and left.high_closed == right.high_closed
        and same(frame, left.low, right.low)
        and same(frame, left.high, right.high)
    )


def _moments(_frame: Frame, left: datetime, right: datetime) -> bool:
    return temporal.comparable(left, right) and _moment(left) == _moment(right)


def _times(_frame: Frame, left: time, right: time) -> bool:
    return temporal.comparable(left, right) and temporal.time_key(left) == temporal.time_key(right)


def _moment(value: datetime) -> datetime | timedelta:
    """An orderable form that does not overflow at the ends of the calendar."""
    offset = temporal.offset_of(value)
    if offset is None:
        return value
    return value.replace(tzinfo=None) - _FIRST_MOMENT - offset


_EQUALITY: Mapping[type, Callable[..., bool]] = {
    list: _lists,
    dict: _contexts,
    Range: _ranges,
    datetime: _moments,
    time: _times,
}

# -- order -------------------------------------------------------------------------------------

_ORDERED = frozenset([Decimal, str, date, timedelta, YearsMonthsDuration])
ORDER: Mapping[str, Callable[..., bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(frame: Frame, sign: str, left: FeelValue, right: FeelValue) -> bool | None:
    if sign == "=":
        return equal(frame, left, right)
    if sign == "!=":
        answer = equal(frame, left, right)
        return None if answer is None else not answer
    known = type(left)
    if known is type(right) and known in _ORDERED:
        return ORDER[sign](left, right)
    keys = _clock_keys(left, right)
    if keys is None:
        frame.warn("operand-kinds", f"{kind(left)} {sign} {kind(right)}")
        return None
    return ORDER[sign](*keys)


def _clock_keys(left: FeelValue, right: FeelValue) -> tuple[object, object] | None:
    """Orderable forms of two times or two moments; None for one with and one without a zone."""
    if isinstance(left, time) and isinstance(right, time):
        keys = temporal.time_key(left), temporal.time_key(right)
        return keys if temporal.comparable(left, right) else None
    if isinstance(left, date) and isinstance(right, date):
        start, end = temporal.as_moment(left), temporal.as_moment(right)
        return (_moment(start), _moment(end)) if temporal.comparable(start, end) else None
    return None


def contains(frame: Frame, interval: Range, value: FeelValue) -> bool | None:
    """Is the value within the range? null where the two cannot be compared."""
    if interval.sign:
        return compare(frame, interval.sign, value, interval.low)
    if interval.low is None and interval.high is None:
        return None
    above: bool | None = True
    below: bool | None = True
    if interval.low is not None:
        above = compare(frame, ">=" if interval.low_closed else ">", value, interval.low)
    if interval.high is not None:
        below = compare(frame, "<=" if interval.high_closed else "<", value, interval.high)
    return both(above, below)


def both(left: FeelValue, right: FeelValue) -> bool | None:
    """Three-valued and."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def matches_test(frame: Frame, value: FeelValue, test: FeelValue) -> bool | None:
    """`value in test`, the test being what an expression yielded."""
    if isinstance(test, Range):
        return contains(frame, test, value)
    if isinstance(test, list):
        frame.spend(len(test))
        if isinstance(value, list) and _lists(frame, value, test):
            return True
        return any(_in_list(frame, value, item) for item in test)
    if test is None or value is None:
        return test is value
    return equal(frame, value, test)


def _in_list(frame: Frame, value: FeelValue, item: FeelValue) -> bool:
    if isinstance(item, Range):
        if value is None or isinstance(value, Range):
            return same(frame, value, item)
        return contains(frame, item, value) is True
    return same(frame, value, item)
