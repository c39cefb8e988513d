"""Moments and durations: what a timer or a due date evaluates to, as an instant.

A text is ISO 8601. A date or time without an offset means the calendar's zone. Months are counted
on the calendar's wall clock: a month after 31 January is the last day of February.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from engine.feel import YearsMonthsDuration
from engine.kernel.runtime.failures import Failure
from engine.types import Calendar

LONGEST = timedelta(days=3653)
# A cycle without an end, and one with a number of times.
SHORTEST_CYCLE = timedelta(minutes=1)
SHORTEST_COUNTED = timedelta(seconds=1)
MOST_WORKING_DAYS = 2_600
FOR_EVER = -1
DURATION = re.compile(
    r"(-)?P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?\Z"
)
CYCLE = re.compile(r"R(\d{0,4})/(?:([^/P]+)/)?(P[^/]+)\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """A duration of months and of a fixed length."""

    months: int
    rest: timedelta

    def after(self, start: datetime, zone: tzinfo) -> datetime:
        """The instant this long after another."""
        local = start.astimezone(zone)
        index = local.year * 12 + local.month - 1 + self.months
        year, month = divmod(index, 12)
        day = min(local.day, monthrange(year, month + 1)[1])
        moved = local.replace(year=year, month=month + 1, day=day) if self.months else local
        return moved.astimezone(UTC) + self.rest


def span(value: Any) -> Span:
    """A duration from a FEEL value or an ISO 8601 text."""
    if isinstance(value, timedelta):
        return Span(0, value)
    if isinstance(value, YearsMonthsDuration):
        return Span(value.months, timedelta(0))
    found = DURATION.match(value) if isinstance(value, str) else None
    if found is None:
        raise Failure("bad-timer", "not a duration")
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups()[1:7])
    seconds = Decimal(found[8] or 0)
    rest = timedelta(
        weeks=weeks,
        days=days,
        hours=hours,
        minutes=minutes,
        microseconds=int(seconds * 1_000_000),
    )
    sign = -1 if found[1] else 1
    return Span(sign * (years * 12 + months), sign * rest)


def zone_of(calendar: Calendar, at: datetime) -> tzinfo:
    """The zone in which the calendar's days begin and end."""
    return calendar.due_at(at, 0).tzinfo or UTC


def moment(value: object, at: datetime, calendar: Calendar) -> datetime:
    """An instant from a date, a date and time, or an ISO 8601 text; a date means its beginning."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise Failure("bad-timer", "not a date") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise Failure("bad-timer", "not a date")
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone_of(calendar, at))
    return value.astimezone(UTC)


def later(value: Span, start: datetime, zone: tzinfo, limit: datetime) -> datetime:
    """The instant after a span; refused when it is further away than ten years."""
    try:
        due = value.after(start, zone)
    except (OverflowError, ValueError):
        raise Failure("bad-timer", "too far away") from None
    if due > limit:
        raise Failure("bad-timer", "longer than ten years")
    return due


def cycle(value: Any, at: datetime, calendar: Calendar) -> tuple[datetime, int, str]:
    """First instant, number of firings (-1: for ever), and the time between them as text."""
    found = CYCLE.match(value) if isinstance(value, str) else None
    if found is None or (found[1] and int(found[1]) == 0):
        raise Failure("bad-timer", "not a cycle")
    every, zone, limit = span(found[3]), zone_of(calendar, at), at + LONGEST
    count = int(found[1]) if found[1] else FOR_EVER
    shortest = SHORTEST_CYCLE if count == FOR_EVER else SHORTEST_COUNTED
    if later(every, at, zone, limit) - at < shortest:
        raise Failure("bad-timer", "a cycle that is too short")
    first = moment(found[2], at, calendar) if found[2] else later(every, at, zone, limit)
    return first, count, found[3]


def working_days(value: Any, at: datetime, calendar: Calendar) -> datetime:
    """The end of the n-th working day after `at`."""
    count = whole(value)
    if count is None or not 0 <= count <= MOST_WORKING_DAYS:
        raise Failure("bad-timer", "not a number of working days")
    return calendar.due_at(at, count).astimezone(UTC)


def whole(value: Any) -> int | None:
    """A whole number, or None when the value is none; text of digits counts."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:  # noqa: PLR2004  # fits any limit
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return int(value) if value == int(value) else None
