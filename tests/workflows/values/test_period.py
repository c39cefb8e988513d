from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.values.errors import InvalidPeriod
from workflows.values.period import Period

periods = st.builds(Period, st.integers(1950, 2100), st.integers(1, 12))


class TestPeriod:
    def test_runs_over_the_end_of_a_year(self) -> None:
        six = Period(2020, 11).run(6)

        assert [str(period) for period in six][::5] == ["2020-11", "2021-04"]
        assert list(Period(2020, 11).through(Period(2021, 4))) == list(six)

    def test_ends_in_shanghai(self) -> None:
        assert Period(2020, 12).ends_at == datetime(2020, 12, 31, 16, tzinfo=UTC)
        assert Period(2020, 2).last_day == date(2020, 2, 29)

    def test_of_an_instant_is_the_month_in_shanghai(self) -> None:
        assert Period.of(datetime(2020, 12, 31, 15, 59, tzinfo=UTC)) == Period(2020, 12)
        assert Period.of(datetime(2020, 12, 31, 16, 0, tzinfo=UTC)) == Period(2021, 1)
        assert Period.of(date(2020, 12, 31)) == Period(2020, 12)

    @pytest.mark.parametrize(
        ("text", "code"),
        [("2020-8", "shape"), ("202008", "shape"), ("2020-13", "month"), ("0000-01", "month")],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidPeriod) as refused:
            Period.parse(text)

        assert refused.value.code == code

    def test_of_refuses_an_instant_without_zone(self) -> None:
        with pytest.raises(InvalidPeriod):
            Period.of(datetime(2020, 9, 29))  # noqa: DTZ001 - the naive time is the point

    @given(periods, st.integers(-500, 500))
    def test_counts_months_both_ways(self, period: Period, months: int) -> None:
        later = period.plus(months)

        assert later.months_since(period) == months
        assert (later > period) == (months > 0)
        assert Period.parse(str(period)) == period
        assert period.next().begins_at == period.ends_at
