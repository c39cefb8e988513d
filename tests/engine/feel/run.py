"""Evaluating one text against the literal it should come to."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from engine.feel import FeelValue, compile_expression, compile_unary_tests, format_value

AT = datetime(2026, 11, 10, 2, 30, tzinfo=UTC)


class WeekDays:
    """A calendar whose only days off are Saturday and Sunday."""

    def is_working_day(self, day: date, /) -> bool:
        return day.isoweekday() < 6

    def add_working_days(self, day: date, count: int, /) -> date:
        step = 1 if count >= 0 else -1
        while count:
            day += timedelta(days=step)
            count -= step * self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date, /) -> int:
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_working_day, days))


def value(
    source: str,
    variables: Mapping[str, object] | None = None,
    *,
    warnings: list[str] | None = None,
) -> FeelValue:
    known = variables or {}
    return compile_expression(source, names=known).evaluate(
        known, at=AT, calendar=WeekDays(), warnings=warnings
    )


def text(source: str, variables: Mapping[str, object] | None = None) -> str:
    return format_value(value(source, variables))


def passes(
    tests: str, tested: object, variables: Mapping[str, object] | None = None
) -> bool | None:
    known = variables or {}
    return compile_unary_tests(tests, names=known).test(tested, known, at=AT)
