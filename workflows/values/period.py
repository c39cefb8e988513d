"""Months for which money is due, such as 2020-08. A month begins and ends in Shanghai."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from workflows.values.errors import InvalidPeriod
from workflows.values.text import narrow

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_SHAPE: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9998
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One month; periods compare by time, `str` gives 2020-08."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse what is no month."""
        if not 1 <= self.month <= _MONTHS or not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise InvalidPeriod("month")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2020-08."""
        match = _SHAPE.fullmatch(narrow(text))
        if not match:
            raise InvalidPeriod("shape")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, moment: date) -> Self:
        """The month of a day, or of an aware instant as the clock in Shanghai shows it."""
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise InvalidPeriod("shape")
            moment = moment.astimezone(SHANGHAI)
        return cls(moment.year, moment.month)

    def plus(self, months: int) -> Self:
        """The month so many months later, or earlier for a negative number."""
        year, month = divmod(self.year * _MONTHS + self.month - 1 + months, _MONTHS)
        return type(self)(year, month + 1)

    def next(self) -> Self:
        """The month after this one."""
        return self.plus(1)

    def months_since(self, earlier: Self) -> int:
        """How many months lie between: 2021-01 since 2020-12 is 1."""
        return (self.year - earlier.year) * _MONTHS + self.month - earlier.month

    def run(self, count: int) -> tuple[Self, ...]:
        """This month and the following ones, `count` in all."""
        return tuple(self.plus(months) for months in range(count))

    def through(self, last: Self) -> Iterator[Self]:
        """Every month from this one to `last`, both included."""
        return (self.plus(months) for months in range(last.months_since(self) + 1))

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.next().first_day - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """Midnight in Shanghai at the beginning of the first day."""
        return datetime.combine(self.first_day, time.min, SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """The first instant that no longer belongs to the month."""
        return self.next().begins_at
