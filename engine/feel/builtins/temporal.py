"""Calendar facts, the step's clock, and working days by the calendar of the bundle."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.frame import Frame
from engine.feel.values import FeelValue

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MAX_WORKING_DAYS = 10_000


@builtin("now()", group="temporal", en="The time of the step.", zh="本步骤的时刻。")
def now(frame: Frame) -> FeelValue:
    return frame.at


@builtin("today()", group="temporal", en="The day of the step.", zh="本步骤的日期。")
def today(frame: Frame) -> FeelValue:
    return frame.at.date()


@builtin(
    "day of year(date: date|date and time)",
    group="temporal",
    en="The number of the day in its year.",
    zh="一年中的第几天。",
)
def day_of_year(_frame: Frame, day: date) -> FeelValue:
    return Decimal(day.timetuple().tm_yday)


@builtin(
    "day of week(date: date|date and time)",
    group="temporal",
    en="The English name of the weekday.",
    zh="星期几（英文名）。",
)
def day_of_week(_frame: Frame, day: date) -> FeelValue:
    return _DAYS[day.weekday()]


@builtin(
    "month of year(date: date|date and time)",
    group="temporal",
    en="The English name of the month.",
    zh="月份（英文名）。",
)
def month_of_year(_frame: Frame, day: date) -> FeelValue:
    return _MONTHS[day.month - 1]


@builtin(
    "week of year(date: date|date and time)",
    group="temporal",
    en="The number of the week by ISO 8601.",
    zh="ISO 8601 周数。",
)
def week_of_year(_frame: Frame, day: date) -> FeelValue:
    return Decimal(day.isocalendar().week)


@builtin(
    "working days(from: date|date and time, to: date|date and time)",
    group="own",
    en="The working days between two dates, by the calendar of the bundle.",
    zh="两个日期之间的工作日数（按发布包的日历）。",
)
def working_days(frame: Frame, start: date, end: date) -> FeelValue:
    if frame.calendar is None:
        frame.warn("no-calendar")
        return None
    return Decimal(frame.calendar.working_days_between(_day(start), _day(end)))


@builtin(
    "add working days(date: date|date and time, days: number)",
    group="own",
    en="The date so many working days later, by the calendar of the bundle.",
    zh="若干工作日之后的日期（按发布包的日历）。",
)
def add_working_days(frame: Frame, start: date, days: Decimal) -> FeelValue:
    if frame.calendar is None:
        frame.warn("no-calendar")
        return None
    if days != days.to_integral_value() or abs(days) > _MAX_WORKING_DAYS:
        frame.warn("argument-kind", "add working days: days")
        return None
    return frame.calendar.add_working_days(_day(start), int(days))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
