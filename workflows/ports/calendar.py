"""China's working calendar, from the published lists that the `holidays` package carries."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import holidays

from workflows.values.working_days import WorkingCalendar

CODE: Final = "CN"
_SATURDAY: Final = 5


def china_calendar(years: Iterable[int], known_until: date | None = None) -> WorkingCalendar:
    """Days off and days worked to make up for them (调休) in these years.

    Without `known_until` the calendar is taken as known to the end of the last year in which a
    make-up day was published: the State Council publishes both in one list, year by year.
    """
    wanted = sorted(set(years))
    if not wanted:
        raise ValueError(wanted)
    published = holidays.country_holidays(CODE, years=wanted)
    overrides = {}
    day = date(wanted[0], 1, 1)
    while day.year <= wanted[-1]:
        works = bool(published.is_working_day(day))
        if day.year in wanted and works != (day.weekday() < _SATURDAY):
            overrides[day] = works
        day += timedelta(days=1)
    return WorkingCalendar(CODE, known_until or _known_until(overrides, wanted), overrides)


def _known_until(overrides: dict[date, bool], years: list[int]) -> date:
    made_up = [day.year for day, works in overrides.items() if works]
    return date(max(made_up, default=years[0] - 1), 12, 31)
