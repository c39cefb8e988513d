"""Arithmetic, order and parts of dates, times and durations."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.literals import MAX_MONTHS
from engine.feel.values import DECIMAL, FeelValue, Range, YearsMonthsDuration

# A time has no date from which a named zone could tell its offset; winter time stands in for it.
_REFERENCE_DAY = date(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_DAY_MICROSECONDS = 24 * 3600 * 1_000_000


def offset_of(value: time | datetime) -> timedelta | None:
    if value.tzinfo is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.combine(_REFERENCE_DAY, value)
    return moment.utcoffset()


def instant(value: datetime) -> datetime:
    """The moment in UTC; a local one stays local. Python compares equal zones by wall clock."""
    return value if value.tzinfo is None else value.astimezone(UTC)


def time_key(value: time) -> timedelta:
    wall = timedelta(
        hours=value.hour,
        minutes=value.minute,
        seconds=value.second,
        microseconds=value.microsecond,
    )
    return wall - (offset_of(value) or timedelta())


def comparable(left: time | datetime, right: time | datetime) -> bool:
    return (left.tzinfo is None) == (right.tzinfo is None)


def midnight(day: date, zone: tzinfo | None = None) -> datetime:
    return datetime.combine(day, time(tzinfo=zone))


# -- arithmetic --------------------------------------------------------------------------------


def add_months(value: date, months: int) -> date:
    """The same day so many months on, or the month's last day if it is shorter."""
    count = value.year * 12 + value.month - 1 + months
    year, month = count // 12, count % 12 + 1
    last = monthrange(year, month)[1] if 1 <= year <= 9999 else 28  # noqa: PLR2004  # Python's years
    return value.replace(year=year, month=month, day=min(value.day, last))


def add_duration(value: FeelValue, span: FeelValue) -> FeelValue:
    if isinstance(span, YearsMonthsDuration):
        assert isinstance(value, date)
        return add_months(value, span.months)
    assert isinstance(span, timedelta)
    if isinstance(value, datetime):
        return _shift(value, span)
    if isinstance(value, date):
        return (midnight(value) + span).date()
    assert isinstance(value, time)
    return (
        (datetime.combine(date(2000, 1, 1), value.replace(tzinfo=None)) + span % timedelta(1))
        .time()
        .replace(tzinfo=value.tzinfo)
    )


def _shift(value: datetime, span: timedelta) -> datetime:
    if value.tzinfo is None:
        return value + span
    return (value.astimezone(UTC) + span).astimezone(value.tzinfo)


def subtract_duration(value: FeelValue, span: FeelValue) -> FeelValue:
    return add_duration(value, negate(span))


def negate(span: FeelValue) -> FeelValue:
    if isinstance(span, YearsMonthsDuration):
        return YearsMonthsDuration(-span.months)
    assert isinstance(span, timedelta)
    return -span


def difference(left: FeelValue, right: FeelValue) -> FeelValue:
    """Left - right; None for one with and one without a zone. A date counts as UTC midnight."""
    if isinstance(left, time) and isinstance(right, time):
        return time_key(left) - time_key(right) if comparable(left, right) else None
    assert isinstance(left, date)
    assert isinstance(right, date)
    start, end = as_moment(right), as_moment(left)
    return instant(end) - instant(start) if comparable(start, end) else None


def as_moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else midnight(value, UTC)


def scale(span: FeelValue, factor: Decimal) -> FeelValue:
    """A duration times a number; months are cut to whole ones."""
    if isinstance(span, YearsMonthsDuration):
        return _months(DECIMAL.multiply(Decimal(span.months), factor))
    assert isinstance(span, timedelta)
    return _span(DECIMAL.multiply(Decimal(span // _MICROSECOND), factor))


def divide(span: FeelValue, divisor: Decimal) -> FeelValue:
    if isinstance(span, YearsMonthsDuration):
        return _months(DECIMAL.divide(Decimal(span.months), divisor))
    assert isinstance(span, timedelta)
    return _span(DECIMAL.divide(Decimal(span // _MICROSECOND), divisor))


def ratio(left: FeelValue, right: FeelValue) -> FeelValue:
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return DECIMAL.divide(Decimal(left.months), Decimal(right.months))
    assert isinstance(left, timedelta)
    assert isinstance(right, timedelta)
    return DECIMAL.divide(Decimal(left // _MICROSECOND), Decimal(right // _MICROSECOND))


def sum_of(left: FeelValue, right: FeelValue) -> FeelValue:
    """Two durations of one kind."""
    if isinstance(left, YearsMonthsDuration) and isinstance(right, YearsMonthsDuration):
        return months_duration(left.months + right.months)
    assert isinstance(left, timedelta)
    assert isinstance(right, timedelta)
    return left + right


def months_duration(months: int) -> YearsMonthsDuration | None:
    return YearsMonthsDuration(months) if abs(months) <= MAX_MONTHS else None


def _months(count: Decimal) -> YearsMonthsDuration | None:
    return months_duration(int(count)) if abs(count) <= MAX_MONTHS else None


def _span(microseconds: Decimal) -> timedelta | None:
    if abs(microseconds) > Decimal(999_999_999) * _DAY_MICROSECONDS:
        return None
    return timedelta(microseconds=int(microseconds))


def whole_months(start: date, end: date) -> int:
    """Whole months from start to end, negative if end comes first.

    From 2020-03-15 to 2020-06-14 → 2 months, to 2020-06-15 → 3 months.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    late, early = _in_month(end), _in_month(start)
    if months > 0 and late < early:
        return months - 1
    if months < 0 and late > early:
        return months + 1
    return months


def _in_month(value: date) -> tuple[int, time]:
    clock = value.time() if isinstance(value, datetime) else time()
    return value.day, clock


# -- properties --------------------------------------------------------------------------------


def _zone_name(value: time | datetime) -> str | None:
    zone = value.tzinfo
    if zone is None:
        return None
    if isinstance(zone, ZoneInfo):
        return zone.key
    return "Etc/UTC" if zone is UTC else None


def _seconds(value: time | datetime) -> Decimal:
    return _decimal_seconds(value.second, value.microsecond)


def _decimal_seconds(whole: int, micro: int) -> Decimal:
    return Decimal(whole) + Decimal(micro).scaleb(-6).normalize() if micro else Decimal(whole)


def _part(read: Callable[[timedelta], int]) -> Callable[[timedelta], Decimal]:
    """A part of a duration, with the duration's sign."""
    return lambda span: Decimal(read(span) if span >= timedelta() else -read(-span))


def _span_seconds(span: timedelta) -> Decimal:
    whole = abs(span)
    seconds = _decimal_seconds(whole.seconds % 60, whole.microseconds)
    return seconds if span >= timedelta() else -seconds


def _signed(months: int, part: int) -> Decimal:
    return Decimal(part if months >= 0 else -part)


_DATE_PARTS: Mapping[str, Callable[[date], FeelValue]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_CLOCK_PARTS: Mapping[str, Callable[[time | datetime], FeelValue]] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": _seconds,
    "time offset": offset_of,
    "timezone": _zone_name,
}
_SPAN_PARTS: Mapping[str, Callable[[timedelta], FeelValue]] = {
    "days": _part(lambda span: span.days),
    "hours": _part(lambda span: span.seconds // 3600),
    "minutes": _part(lambda span: span.seconds // 60 % 60),
    "seconds": _span_seconds,
}
_MONTHS_PARTS: Mapping[str, Callable[[YearsMonthsDuration], FeelValue]] = {
    "years": lambda span: _signed(span.months, abs(span.months) // 12),
    "months": lambda span: _signed(span.months, abs(span.months) % 12),
}
_RANGE_PARTS: Mapping[str, Callable[[Range], FeelValue]] = {
    "start": lambda value: None if value.sign == "!=" else value.low,
    "end": lambda value: None if value.sign == "!=" else value.high,
    "start included": lambda value: value.low_closed and value.sign != "!=",
    "end included": lambda value: value.high_closed and value.sign != "!=",
}
PROPERTIES: Mapping[type, Mapping[str, Callable[..., FeelValue]]] = {
    date: _DATE_PARTS,
    time: _CLOCK_PARTS,
    datetime: {**_DATE_PARTS, **_CLOCK_PARTS},
    timedelta: _SPAN_PARTS,
    YearsMonthsDuration: _MONTHS_PARTS,
    Range: _RANGE_PARTS,
}
