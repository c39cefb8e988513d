"""Between kinds: number, string, date, time, date and time, duration, range; and `not`, `is`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import syntax
from engine.feel.builtins.registry import builtin
from engine.feel.errors import FeelSyntaxError
from engine.feel.frame import Frame
from engine.feel.literals import (
    offset_zone,
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_time,
)
from engine.feel.operators import compare, equal
from engine.feel.parser import parse_expression
from engine.feel.temporal import months_duration, offset_of, whole_months
from engine.feel.text import string_value
from engine.feel.values import DECIMAL, FeelValue, Function, Range, YearsMonthsDuration

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,5})?", re.ASCII)
_NO_LOW = re.compile(r"^(\s*[\[(\]]\s*)\.\.")
_NO_HIGH = re.compile(r"\.\.(\s*[\])\[]\s*)$")
_MAX_OFFSET = timedelta(hours=18)


def _read(frame: Frame, value: FeelValue) -> FeelValue:
    if value is None:
        frame.warn("not-readable")
    return value


@builtin(
    "date(from: string|date|date and time)",
    group="conversion",
    en="The date in a text, or the day of a date and time.",
    zh="由文本得到日期，或取日期时间中的日期。",
)
def to_date(frame: Frame, source: str | date) -> FeelValue:
    if isinstance(source, str):
        return _read(frame, parse_date(source))
    return source.date() if isinstance(source, datetime) else source


@builtin("date(year: number, month: number, day: number)")
def date_of(_frame: Frame, year: Decimal, month: Decimal, day: Decimal) -> FeelValue:
    return date(int(year), int(month), int(day))


@builtin(
    "time(from: string|time|date|date and time)",
    group="conversion",
    en="The time in a text, or the time of a date and time.",
    zh="由文本得到时间，或取日期时间中的时间。",
)
def to_time(frame: Frame, source: str | time | date) -> FeelValue:
    if isinstance(source, str):
        return _read(frame, parse_time(source.removeprefix("T")))
    if isinstance(source, datetime):
        return source.timetz()
    return time(tzinfo=UTC) if isinstance(source, date) else source


@builtin("time(hour: number, minute: number, second: number, offset?: any)")
def time_of(
    _frame: Frame, hour: Decimal, minute: Decimal, second: Decimal, offset: FeelValue = None
) -> FeelValue:
    if offset is not None and not isinstance(offset, timedelta):
        return None
    if isinstance(offset, timedelta) and abs(offset) > _MAX_OFFSET:
        return None
    micro = int(DECIMAL.multiply(DECIMAL.remainder(second, Decimal(1)), Decimal(1_000_000)))
    zone = None if offset is None else offset_zone(offset)
    return time(int(hour), int(minute), int(second), micro, zone)


@builtin(
    "date and time(from: string|date|date and time)",
    group="conversion",
    en="The date and time in a text.",
    zh="由文本得到日期时间。",
)
def to_moment(frame: Frame, source: str | date) -> FeelValue:
    if isinstance(source, str):
        return _read(frame, parse_date_and_time(source))
    return source if isinstance(source, datetime) else datetime.combine(source, time())


@builtin("date and time(date: date|date and time, time: time)")
def moment_of(_frame: Frame, day: date, clock: time) -> FeelValue:
    return datetime.combine(day, clock)


@builtin(
    "duration(from: string|duration)",
    group="conversion",
    en="The duration in a text such as P3D or P1Y2M.",
    zh="由 P3D、P1Y2M 一类文本得到时长。",
)
def to_duration(frame: Frame, source: str | timedelta | YearsMonthsDuration) -> FeelValue:
    return _read(frame, parse_duration(source)) if isinstance(source, str) else source


@builtin(
    "years and months duration(from: date|date and time, to: date|date and time)",
    group="conversion",
    en="The whole months between two dates.",
    zh="两个日期之间的整月时长。",
)
def months_between(_frame: Frame, start: date, end: date) -> FeelValue:
    return months_duration(whole_months(start, end))


@builtin(
    "number(from: string|number)",
    group="conversion",
    en="The number in a text; optionally with the separators it is written with.",
    zh="由文本得到数字；可指定分组符和小数点。",
)
def to_number(frame: Frame, source: str | Decimal) -> FeelValue:
    if isinstance(source, Decimal):
        return source
    if not _NUMBER.fullmatch(source):
        return _read(frame, None)
    return DECIMAL.create_decimal(source)


@builtin("number(from: string, grouping separator: any, decimal separator?: any)")
def number_of(
    frame: Frame, source: str, grouping: FeelValue, decimal: FeelValue = None
) -> FeelValue:
    allowed = grouping in (None, " ", ",", ".") and decimal in (None, ",", ".")
    if not allowed or (grouping is not None and grouping == decimal):
        return _read(frame, None)
    text = source.replace(grouping, "") if isinstance(grouping, str) else source
    if isinstance(decimal, str) and decimal != ".":
        if "." in text:
            return _read(frame, None)
        text = text.replace(decimal, ".")
    return to_number(frame, text)


@builtin("string(from: any)", group="conversion", en="The value as text.", zh="把值转换为文本。")
def to_string(_frame: Frame, value: FeelValue) -> FeelValue:
    return None if value is None else string_value(value)


@builtin(
    "range(from: string)",
    group="conversion",
    en='The range in a text such as "[1..10)".',
    zh="由 [1..10) 一类文本得到区间。",
)
def to_range(frame: Frame, source: str) -> FeelValue:
    # An end left out is written as null for the parser.
    text = _NO_HIGH.sub(r"..null\1", _NO_LOW.sub(r"\1null..", source))
    try:
        tree = parse_expression(text)
    except FeelSyntaxError:
        return _read(frame, None)
    if not isinstance(tree, syntax.Interval):
        return _read(frame, None)
    known_low, low = _endpoint(tree.low)
    known_high, high = _endpoint(tree.high)
    if not (known_low and known_high) or (low is None and high is None):
        return _read(frame, None)
    if (low is None and tree.low_closed) or (high is None and tree.high_closed):
        return _read(frame, None)
    ordered = low is None or high is None or compare(frame, "<=", low, high)
    return Range(low, high, tree.low_closed, tree.high_closed) if ordered else None


def _endpoint(node: syntax.Node) -> tuple[bool, FeelValue]:
    if isinstance(node, syntax.Literal):
        return True, node.value
    if not (isinstance(node, syntax.Call) and isinstance(node.callee, syntax.Name)):
        return False, None
    parse = _PARSERS.get(node.callee.name)
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if parse is None or not isinstance(argument, syntax.Literal):
        return False, None
    value = parse(argument.value) if isinstance(argument.value, str) else None
    return value is not None, value


_PARSERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_and_time,
    "duration": parse_duration,
}


@builtin("not(negand: any)", group="boolean", en="The opposite of a boolean.", zh="逻辑非。")
def negation(_frame: Frame, value: FeelValue) -> FeelValue:
    return not value if isinstance(value, bool) else None


@builtin(
    "is(value1: any, value2: any)",
    group="boolean",
    en="Are both the very same value, offset from UTC included?",
    zh="两个值是否完全相同（包括时区）。",
)
def identical(frame: Frame, left: FeelValue, right: FeelValue) -> FeelValue:
    if isinstance(left, Function) or isinstance(right, Function):
        return left is right
    if isinstance(left, (time, datetime)) and isinstance(right, (time, datetime)):
        named = isinstance(left.tzinfo, ZoneInfo) or isinstance(right.tzinfo, ZoneInfo)
        same_zone = left.tzinfo is right.tzinfo or (
            not named and offset_of(left) == offset_of(right)
        )
        return type(left) is type(right) and same_zone and equal(frame, left, right)
    return type(left) is type(right) and equal(frame, left, right)
