"""The working calendar: worked examples of the published 2020 list, and files that are none."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import orjson
import pytest

from engine.kernel.drawing.report import Report
from engine.kernel.read.calendar import WorkingCalendar, read_calendar
from engine.types import Calendar
from tests.engine.kernel.diagrams import bpmn, main_line, read

OFF_2020 = [
    *(f"2020-04-{day:02}" for day in (4, 5, 6)),
    *(f"2020-05-{day:02}" for day in range(1, 6)),
    *(f"2020-06-{day:02}" for day in (25, 26, 27)),
    *(f"2020-10-{day:02}" for day in range(1, 9)),
    "2021-01-01",
]
ON_2020 = ["2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10"]
LISTED = {"code": "CN", "known_until": "2020-12-31", "off": OFF_2020, "on": ON_2020}


def calendar(plain: object) -> WorkingCalendar:
    report = Report()
    found = read_calendar({"calendar.json": orjson.dumps(plain)}, report)
    assert not report.findings
    return found


CHINA = calendar(LISTED)


class TestAddWorkingDays:
    @pytest.mark.parametrize(
        ("day", "count", "last"),
        [
            ("2020-09-25", 15, "2020-10-22"),
            ("2020-09-29", 3, "2020-10-10"),
            ("2020-09-30", 1, "2020-10-09"),
            ("2020-09-26", 1, "2020-09-27"),
            ("2020-04-30", 5, "2020-05-11"),
            ("2020-06-24", 3, "2020-06-30"),
            ("2020-12-30", 15, "2021-01-21"),
            ("2020-10-10", 0, "2020-10-10"),
            ("2020-10-09", -1, "2020-09-30"),
        ],
    )
    def test_follows_the_published_list(self, day: str, count: int, last: str) -> None:
        assert CHINA.add_working_days(date.fromisoformat(day), count) == date.fromisoformat(last)

    def test_refuses_a_count_beyond_reason(self) -> None:
        with pytest.raises(ValueError, match="5001"):
            CHINA.add_working_days(date(2020, 1, 1), 5001)


class TestWorkingDaysBetween:
    def test_counts_what_add_working_days_walks(self) -> None:
        random = Random(7)  # noqa: S311  # the same dates every time
        for _ in range(300):
            day = date(2020, 1, 1) + timedelta(days=random.randrange(500))
            count = random.randrange(1, 90)

            assert CHINA.working_days_between(day, CHINA.add_working_days(day, count)) == count

    def test_is_negative_backwards(self) -> None:
        assert CHINA.working_days_between(date(2020, 10, 9), date(2020, 9, 30)) == -1

    def test_of_all_time_is_arithmetic(self) -> None:
        assert CHINA.working_days_between(date.min, date.max) > 2_600_000


class TestDueAt:
    def test_is_the_end_of_the_day_in_the_calendars_zone(self) -> None:
        # 23:30 in Shanghai on the 29th; the third working day after it is 10 October.
        due = CHINA.due_at(datetime(2020, 9, 29, 15, 30, tzinfo=UTC), 3)

        assert due == datetime(2020, 10, 10, 23, 59, 59, 999_999, ZoneInfo("Asia/Shanghai"))

    def test_counts_from_the_day_there(self) -> None:
        # 00:30 in Shanghai on the 30th.
        due = CHINA.due_at(datetime(2020, 9, 29, 16, 30, tzinfo=UTC), 1)

        assert due.date() == date(2020, 10, 9)

    def test_refuses_a_naive_time(self) -> None:
        with pytest.raises(ValueError, match="2020"):
            CHINA.due_at(datetime(2020, 9, 29, 16, 30), 1)  # noqa: DTZ001  # what is refused


class TestReadCalendar:
    def test_without_a_file_is_monday_to_friday(self) -> None:
        plain: Calendar = read_calendar({}, Report())

        assert plain.add_working_days(date(2026, 10, 2), 1) == date(2026, 10, 5)

    def test_stands_in_the_model(self) -> None:
        found = read(bpmn(main_line()), calendar_json=orjson.dumps(LISTED)).model

        assert found is not None
        assert not found.calendar.is_working_day(date(2020, 10, 1))

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"[]",
            b'"x"',
            b"\xff",
            b"[" * 100_000,
            b'{"off": "2020-10-01"}',
            b'{"off": {"2020-10-01": 1}}',
            b'{"off": [20201001.5]}',
            b'{"off": ["2020-10-01"], "on": ["2020-10-01"]}',
            b'{"zone": "Mars/Olympus"}',
            b'{"zone": "../etc/passwd"}',
            b'{"zone": ""}',
            b'{"known_until": "soon"}',
            b'{"holidays": []}',
        ],
    )
    def test_reports_what_is_no_calendar(self, raw: bytes) -> None:
        report = Report()

        read_calendar({"calendar.json": raw}, report)

        assert [f.code for f in report.findings] == ["calendar.invalid"]
