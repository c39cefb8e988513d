"""Dates, times and durations from their ISO 8601 text, as `date("…")` and `@"…"` read them.

Every function answers None for a text that is not of its form. Fractions of a second are kept to
the microsecond, years run from 1 to 9999.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.values import FeelValue, YearsMonthsDuration

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(
    r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,30}))?"
    r"(?:(Z|z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@([A-Za-z0-9_+\-/]{1,64}))?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,10})Y)?(?:(\d{1,10})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,12})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{0,30}))?S)?)?",
    re.ASCII,
)
_MAX_OFFSET_HOURS = 18
_MAX_MINUTE = 59
MAX_MONTHS = 12 * 999_999_999


def parse_date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    zone = _zone(match)
    if zone is None and (match[6] or match[10]):
        return None
    micro = int((match[4] or "0").ljust(6, "0")[:6])
    try:
        return time(int(match[1]), int(match[2]), int(match[3]), micro, zone)
    except ValueError:
        return None


def parse_date_and_time(text: str) -> datetime | None:
    """A date alone is midnight of that day, local."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    moment = parse_time(time_text) if separator else time()
    return None if moment is None else datetime.combine(day, moment)


def parse_duration(text: str) -> timedelta | YearsMonthsDuration | None:
    if months := _MONTHS.fullmatch(text):
        count = int(months[2] or 0) * 12 + int(months[3] or 0)
        if count > MAX_MONTHS:
            return None
        return YearsMonthsDuration(-count if months[1] else count)
    match = _DAYS.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(match[group] or 0) for group in (2, 3, 4, 5))
    micro = int((match[6] or "0").ljust(6, "0")[:6])
    try:
        span = timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micro
        )
        return -span if match[1] else span
    except OverflowError:
        return None


def parse_at_literal(text: str) -> FeelValue:
    """The value of `@"…"`: whatever the text is the form of."""
    for parse in (parse_date, parse_date_and_time, parse_time, parse_duration):
        value = parse(text)
        if value is not None:
            return value
    return None


def offset_zone(offset: timedelta) -> timezone:
    return UTC if not offset else timezone(offset)


@lru_cache(maxsize=256)
def named_zone(name: str) -> tzinfo | None:
    """The zone of the IANA database, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(match: re.Match[str]) -> tzinfo | None:
    if match[5]:
        return UTC
    if match[10]:
        return named_zone(match[10])
    if not match[6]:
        return None
    hours, minutes, seconds = int(match[7]), int(match[8]), int(match[9] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset > timedelta(hours=_MAX_OFFSET_HOURS) or max(minutes, seconds) > _MAX_MINUTE:
        return None
    return offset_zone(-offset if match[6] == "-" else offset)
