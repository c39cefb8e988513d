"""Working days: Monday to Friday, except where a published list says otherwise.

The day something happens does not count; what is due in n working days is due at the end of the
n-th. A published list ends: after `known_until` every date is an estimate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.values.errors import InvalidCalendar

LARGEST_COUNT: Final = 5_000
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_LAST_MOMENT: Final = time(23, 59, 59, 999_999)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked; `overrides` maps a date to True (worked) or False (off)."""

    code: str
    known_until: date
    overrides: Mapping[date, bool] = field(
        default_factory=lambda: MappingProxyType({}), hash=False, repr=False
    )
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        """Keep a copy of the overrides that nobody can change."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise InvalidCalendar("zone") from None
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))

    @classmethod
    def from_mapping(cls, plain: Mapping[str, object]) -> Self:
        """Read {"code", "known_until", "zone", "off": [dates], "on": [dates]}."""
        off, on = _dates(plain.get("off")), _dates(plain.get("on"))
        if set(off) & set(on):
            raise InvalidCalendar("contradiction")
        return cls(
            code=str(plain.get("code", "")),
            known_until=_date(plain.get("known_until")),
            overrides=dict.fromkeys(off, False) | dict.fromkeys(on, True),
            zone=str(plain.get("zone", "Asia/Shanghai")),
        )

    def to_mapping(self) -> dict[str, object]:
        """What `from_mapping` reads: text only, in order, ready for a bundle."""
        return {
            "code": self.code,
            "known_until": self.known_until.isoformat(),
            "zone": self.zone,
            "off": [day.isoformat() for day in sorted(self.overrides) if not self.overrides[day]],
            "on": [day.isoformat() for day in sorted(self.overrides) if self.overrides[day]],
        }

    def with_overrides(self, changes: Mapping[date, bool]) -> Self:
        """The calendar of an office that is closed, or open, on other days."""
        merged = {**self.overrides, **changes}
        return type(self)(self.code, self.known_until, merged, self.zone)

    def is_working_day(self, day: date) -> bool:
        """Whether the offices work on that day."""
        return self.overrides.get(day, day.weekday() < _SATURDAY)

    def is_estimate(self, day: date) -> bool:
        """Whether no list published so far covers the day."""
        return day > self.known_until

    def add_working_days(self, day: date, count: int) -> date:
        """The day on which the count is reached; zero gives the day itself.

        2020-09-29 + 3 -> 2020-10-10, a Saturday that was worked to make up for the holiday.
        """
        if not 0 <= count <= LARGEST_COUNT:
            raise ValueError(count)
        while count:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; negative backwards."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + _DAY * step for step in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first one after it that is."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def day_of(self, at: datetime) -> date:
        """The date that the clock in the calendar's zone shows at that instant."""
        if at.tzinfo is None:
            raise ValueError(at)
        return at.astimezone(ZoneInfo(self.zone)).date()

    def due_at(self, at: datetime, count: int) -> datetime:
        """The last moment of the day on which the count is reached."""
        last = self.add_working_days(self.day_of(at), count)
        return datetime.combine(last, _LAST_MOMENT, ZoneInfo(self.zone))


def _dates(plain: object) -> list[date]:
    if plain is None:
        return []
    if isinstance(plain, str) or not isinstance(plain, Iterable):
        raise InvalidCalendar("date")
    return [_date(item) for item in plain]


def _date(plain: object) -> date:
    # TOML gives dates, JSON gives text.
    if isinstance(plain, date) and not isinstance(plain, datetime):
        return plain
    try:
        return date.fromisoformat(str(plain))
    except ValueError:
        raise InvalidCalendar("date") from None
