from datetime import date

import pytest

from workflows.ports.calendar import china_calendar
from workflows.values.working_days import WorkingCalendar

CALENDAR = china_calendar([2020, 2021])


class TestChinaCalendar:
    @pytest.mark.parametrize(
        "day",
        ["2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10"],
    )
    def test_knows_the_days_that_are_made_up_for(self, day: str) -> None:
        assert CALENDAR.is_working_day(date.fromisoformat(day))

    @pytest.mark.parametrize(
        ("start", "count", "due"),
        [
            ("2020-09-25", 15, "2020-10-22"),
            ("2020-09-29", 3, "2020-10-10"),
            ("2020-09-30", 1, "2020-10-09"),
            ("2020-09-26", 1, "2020-09-27"),
            ("2020-04-30", 5, "2020-05-11"),
            ("2020-06-24", 3, "2020-06-30"),
            ("2020-12-30", 15, "2021-01-21"),
        ],
    )
    def test_gives_the_worked_examples(self, start: str, count: int, due: str) -> None:
        start_day, due_day = date.fromisoformat(start), date.fromisoformat(due)

        assert CALENDAR.add_working_days(start_day, count) == due_day

    def test_ends_with_the_last_year_that_was_published_whole(self) -> None:
        assert china_calendar([2026, 2027]).known_until == date(2026, 12, 31)
        assert china_calendar([2020], date(2020, 6, 30)).known_until == date(2020, 6, 30)

    def test_travels_as_plain_text(self) -> None:
        assert WorkingCalendar.from_mapping(CALENDAR.to_mapping()) == CALENDAR

    def test_needs_a_year(self) -> None:
        with pytest.raises(ValueError, match=r"\[\]"):
            china_calendar([])
