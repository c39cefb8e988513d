"""Values as text: what `string()` answers, and the FEEL literal that reads back as the value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.errors import FeelBudgetExceeded
from engine.feel.values import (
    MAX_TEXT,
    FeelValue,
    Function,
    Range,
    YearsMonthsDuration,
    measure,
)

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_NAME_SYMBOLS = frozenset(" _")


def format_value(value: FeelValue) -> str:
    """The FEEL literal of a value: text in quotes, dates as `@"…"` would read them."""
    measure(value, limit=MAX_TEXT)
    return _limited(_literal(value))


def string_value(value: FeelValue) -> str:
    """What `string(value)` answers: like the literal, but text and dates bare."""
    if isinstance(value, str):
        return value
    scalar = _SCALARS.get(type(value))
    return _limited(scalar(value)) if scalar else format_value(value)


def _limited(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FeelBudgetExceeded("text")
    return text


def _literal(value: FeelValue) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(key)}: {_literal(item)}" for key, item in value.items())
        return "{" + inside + "}"
    scalar = _SCALARS[type(value)](value)
    temporal = isinstance(value, (date, time, timedelta, YearsMonthsDuration))
    return f'@"{scalar}"' if temporal else scalar


def _key(key: str) -> str:
    plain = key[:1].isalpha() and all(c.isalnum() or c in _NAME_SYMBOLS for c in key)
    return key if plain else f'"{key.translate(_ESCAPES)}"'


def _number(value: FeelValue) -> str:
    assert isinstance(value, Decimal)
    return format(value, "f") if value else "0"


def _date(value: FeelValue) -> str:
    assert isinstance(value, date)
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def _time(value: FeelValue) -> str:
    assert isinstance(value, time)
    return _clock(value) + _zone(value.tzinfo)


def _date_and_time(value: FeelValue) -> str:
    assert isinstance(value, datetime)
    return f"{_date(value)}T{_clock(value)}{_zone(value.tzinfo)}"


def _clock(value: time | datetime) -> str:
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    return text + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")


def _zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if not offset:
        return "Z"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    sign = "-" if offset < timedelta() else "+"
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return text + (f":{seconds:02d}" if seconds else "")


def _duration(value: FeelValue) -> str:
    assert isinstance(value, timedelta)
    span = abs(value)
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{span.microseconds:06d}".rstrip("0") if span.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{span.days}D" if span.days else ""
    text = days + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (text or "T0S")


def _range(value: FeelValue) -> str:
    assert isinstance(value, Range)
    if value.sign:
        return f"({value.sign}{_literal(value.low)})"
    if value.low is None and value.high is not None:
        return f"(<{'=' if value.high_closed else ''}{_literal(value.high)})"
    if value.high is None and value.low is not None:
        return f"(>{'=' if value.low_closed else ''}{_literal(value.low)})"
    left, right = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{left}{_literal(value.low)}..{_literal(value.high)}{right}"


def _function(value: FeelValue) -> str:
    assert isinstance(value, Function)
    return f"function({', '.join(value.parameters)})"


_SCALARS: dict[type, Callable[[FeelValue], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    Decimal: _number,
    date: _date,
    time: _time,
    datetime: _date_and_time,
    timedelta: _duration,
    YearsMonthsDuration: str,
    Range: _range,
    Function: _function,
}
