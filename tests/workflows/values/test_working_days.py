from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values.errors import InvalidCalendar
from workflows.values.working_days import WorkingCalendar

OFF_2020 = (
    *("2020-01-01", "2020-01-24", "2020-01-27", "2020-01-28", "2020-01-29", "2020-01-30"),
    *("2020-01-31", "2020-04-06", "2020-05-01", "2020-05-04", "2020-05-05", "2020-06-25"),
    *("2020-06-26", "2020-10-01", "2020-10-02", "2020-10-05", "2020-10-06", "2020-10-07"),
    *("2020-10-08", "2021-01-01"),
)
ON_2020 = ("2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10")
PLAIN = {
    "code": "CN",
    "known_until": "2020-12-31",
    "zone": "Asia/Shanghai",
    "off": list(OFF_2020),
    "on": list(ON_2020),
}
CALENDAR = WorkingCalendar.from_mapping(PLAIN)
days = st.dates(min_value=date(2019, 12, 1), max_value=date(2021, 3, 1))


class TestAddWorkingDays:
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
            ("2020-10-01", 0, "2020-10-01"),
        ],
    )
    def test_gives_the_worked_examples(self, start: str, count: int, due: str) -> None:
        assert CALENDAR.add_working_days(date.fromisoformat(start), count) == (
            date.fromisoformat(due)
        )

    @pytest.mark.parametrize("count", [-1, 5_001])
    def test_refuses_a_senseless_count(self, count: int) -> None:
        with pytest.raises(ValueError, match=str(count)):
            CALENDAR.add_working_days(date(2020, 9, 1), count)

    @given(days, st.integers(1, 80))
    def test_counts_as_working_days_between_does(self, start: date, count: int) -> None:
        due = CALENDAR.add_working_days(start, count)

        assert CALENDAR.working_days_between(start, due) == count
        assert CALENDAR.working_days_between(due, start) == -count
        assert CALENDAR.is_working_day(due)

    @given(days, st.integers(0, 40), st.integers(0, 40))
    def test_adds_up(self, start: date, one: int, other: int) -> None:
        step = CALENDAR.add_working_days(CALENDAR.add_working_days(start, one), other)

        assert step == CALENDAR.add_working_days(start, one + other)


class TestDueAt:
    def test_is_the_last_moment_of_the_day_in_shanghai(self) -> None:
        at = datetime(2020, 9, 28, 17, 0, tzinfo=UTC)  # the 29th in Shanghai

        due = CALENDAR.due_at(at, 3)

        assert due.isoformat() == "2020-10-10T23:59:59.999999+08:00"
        assert due + timedelta(microseconds=1) == datetime(2020, 10, 10, 16, tzinfo=UTC)

    def test_refuses_an_instant_without_zone(self) -> None:
        with pytest.raises(ValueError, match="2020"):
            CALENDAR.due_at(datetime(2020, 9, 29), 1)  # noqa: DTZ001 - the naive time is the point


class TestCalendar:
    def test_knows_where_its_list_ends(self) -> None:
        assert not CALENDAR.is_estimate(date(2020, 12, 31))
        assert CALENDAR.is_estimate(date(2021, 1, 1))

    def test_is_written_as_it_was_read(self) -> None:
        assert CALENDAR.to_mapping() == PLAIN
        assert WorkingCalendar.from_mapping(CALENDAR.to_mapping()) == CALENDAR

    def test_closes_an_office_for_a_day(self) -> None:
        closed = CALENDAR.with_overrides({date(2020, 9, 30): False})

        assert closed.add_working_days(date(2020, 9, 29), 1) == date(2020, 10, 9)
        assert CALENDAR.add_working_days(date(2020, 9, 29), 1) == date(2020, 9, 30)

    def test_moves_a_pay_day_to_a_working_day(self) -> None:
        assert CALENDAR.next_working_day(date(2020, 10, 3)) == date(2020, 10, 9)
        assert CALENDAR.next_working_day(date(2020, 10, 10)) == date(2020, 10, 10)

    def test_cannot_be_changed_through_what_it_was_made_of(self) -> None:
        overrides = {date(2020, 9, 30): False}
        calendar = WorkingCalendar("CN", date(2020, 12, 31), overrides)

        overrides.clear()

        assert not calendar.is_working_day(date(2020, 9, 30))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"zone": "Asia/Changchun"}, "zone"),
            ({"known_until": "soon"}, "date"),
            ({"off": "2020-01-01"}, "date"),
            ({"off": ["2020-02-30"]}, "date"),
            ({"off": ["2020-01-19"]}, "contradiction"),
        ],
    )
    def test_refuses_a_senseless_mapping(self, changes: dict[str, object], code: str) -> None:
        with pytest.raises(InvalidCalendar) as refused:
            WorkingCalendar.from_mapping(PLAIN | changes)

        assert refused.value.code == code
