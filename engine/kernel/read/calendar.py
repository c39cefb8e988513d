"""The working calendar of a bundle: Monday to Friday, except where `calendar.json` says otherwise.

The day something happens does not count; what is due in n working days is due at the end of the
n-th. All of it is arithmetic on dates: no list has to be walked, so no count is slow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.kernel.drawing.report import Report

FILE = "calendar.json"
ZONE = "Asia/Shanghai"
MOST_DAYS_LISTED = 10_000
MOST_DAYS_COUNTED = 5_000
SATURDAY = 5
DAY = timedelta(days=1)
LAST_MOMENT = time(23, 59, 59, 999_999)
KEYS = frozenset({"code", "known_until", "zone", "off", "on"})


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`overrides` maps a date to whether it is worked; dates after `known_until` are estimates."""

    code: str = "weekdays"
    known_until: date | None = None
    overrides: Mapping[date, bool] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    zone: tzinfo = field(default_factory=lambda: ZoneInfo(ZONE), hash=False)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        return self.overrides.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, day: date, count: int) -> date:
        """The last of `count` working days after `day`; zero gives the day, negative goes back.

        2020-09-29 + 3 → 2020-10-10, a Saturday that was worked to make up for the holiday.
        """
        if abs(count) > MOST_DAYS_COUNTED:
            raise ValueError(count)
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when reversed."""
        if last < first:
            return -self.working_days_between(last, first)
        moved = sum(
            worked - (day.weekday() < SATURDAY)
            for day, worked in self.overrides.items()
            if first < day <= last
        )
        return weekdays_until(last) - weekdays_until(first) + moved

    def due_at(self, start: datetime, count: int) -> datetime:
        """The end of the last of `count` working days after `start`, as an aware instant."""
        if start.tzinfo is None:
            raise ValueError(start)
        last = self.add_working_days(start.astimezone(self.zone).date(), count)
        return datetime.combine(last, LAST_MOMENT, self.zone)


def weekdays_until(day: date) -> int:
    """Mondays to Fridays from 0001-01-01, a Monday, up to and including the day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def read_calendar(files: Mapping[str, bytes], report: Report) -> WorkingCalendar:
    """The calendar of a bundle; Monday to Friday in China when it brings none."""
    raw = files.get(FILE)
    if raw is None:
        return WorkingCalendar()
    try:
        return from_plain(json.loads(raw))
    except (ValueError, RecursionError, ZoneInfoNotFoundError) as problem:
        report.error("calendar.invalid", reason=str(problem)[:120])
        return WorkingCalendar(zone=UTC)


def from_plain(plain: object) -> WorkingCalendar:
    """{"code", "known_until", "zone", "off": [dates], "on": [dates]}; ValueError otherwise."""
    if not isinstance(plain, dict):
        raise ValueError("not an object")  # noqa: TRY004  # one kind of error for one kind of file
    if unknown := set(plain) - KEYS:
        raise ValueError(f"unknown key {min(map(str, unknown))}")
    off, on = days(plain.get("off")), days(plain.get("on"))
    if both := set(off) & set(on):
        raise ValueError(f"{min(both)} is off and on")
    until = plain.get("known_until")
    return WorkingCalendar(
        code=str(plain.get("code", "")),
        known_until=None if until is None else day(until),
        overrides=MappingProxyType(dict.fromkeys(off, False) | dict.fromkeys(on, True)),
        zone=ZoneInfo(str(plain.get("zone", ZONE))),
    )


def day(plain: object) -> date:
    if not isinstance(plain, str):
        raise ValueError(f"{plain} is no date")  # noqa: TRY004  # as above
    return date.fromisoformat(plain)


def days(plain: object) -> list[date]:
    if plain is None:
        return []
    if isinstance(plain, (str, Mapping)) or not isinstance(plain, Iterable):
        raise ValueError("a list of dates is expected")  # noqa: TRY004  # as above
    found = [day(item) for item in plain]
    if len(found) > MOST_DAYS_LISTED:
        raise ValueError(f"more than {MOST_DAYS_LISTED} dates")
    return found
