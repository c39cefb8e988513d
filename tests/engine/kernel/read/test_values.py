"""Timers, numbers and names of variables: what is written down is checked before it runs."""

import pytest

from tests.engine.kernel.diagrams import (
    at_date,
    boundary,
    bpmn,
    catch,
    codes,
    cycle,
    deadline,
    each,
    end,
    flow,
    main_line,
    read,
    script,
    timer,
    user,
)


def timer_codes(drawn: str) -> list[tuple[str, str]]:
    return codes(read(bpmn(main_line("c"), catch("c", drawn))))


def cycle_codes(text: str) -> list[tuple[str, str]]:
    event = boundary("b", "u", cycle(text), interrupting=False) + end("be") + flow("b", "be")
    return codes(read(bpmn(main_line("u"), user("u"), event)))


class TestDuration:
    @pytest.mark.parametrize("text", ["P1D", "PT0S", "P1Y2M4DT5H6M7.5S", "P10Y", "PT90M", "P3W"])
    def test_is_read(self, text: str) -> None:
        assert timer_codes(timer(text)) == []

    @pytest.mark.parametrize(
        "text",
        [
            "P",
            "PT",
            "1D",
            "P1DT",
            "-P1D",
            "P1.5D",
            "P1S",
            "P1H",
            "５",
            "P99999999999D",
            "p1d",
            "P1W1D",
        ],
    )
    def test_is_refused_when_it_is_none(self, text: str) -> None:
        assert timer_codes(timer(text)) == [("timer.duration", "c")]

    @pytest.mark.parametrize("text", ["P10Y1M", "P11Y", "P9999Y", "PT999999H"])
    def test_is_refused_over_ten_years(self, text: str) -> None:
        assert timer_codes(timer(text)) == [("timer.too_long", "c")]


class TestCycle:
    @pytest.mark.parametrize(
        "text", ["R/PT1M", "R3/PT1S", "R/P1D", "R1/PT24H", "R3/2026-01-01T00:00:00Z/P1D"]
    )
    def test_is_read(self, text: str) -> None:
        assert cycle_codes(text) == []

    @pytest.mark.parametrize("text", ["R0/P1D", "3/P1D", "R3", "R00/P1D", "R-1/P1D", "0 9 * * *"])
    def test_is_refused_when_it_is_none(self, text: str) -> None:
        assert cycle_codes(text) == [("timer.cycle", "b")]

    @pytest.mark.parametrize("text", ["R/PT0S", "R/PT59S", "R/P0D", "R3/PT0.5S"])
    def test_is_refused_when_it_is_too_short(self, text: str) -> None:
        assert cycle_codes(text) == [("timer.too_often", "b")]


class TestDate:
    @pytest.mark.parametrize("text", ["2026-10-01", "2026-10-01T09:00", "2026-10-01T09:00:00Z"])
    def test_is_read(self, text: str) -> None:
        assert timer_codes(at_date(text)) == []

    @pytest.mark.parametrize("text", ["2026-02-30", "01.10.2026", "0000-01-01", "now", "20261001"])
    def test_is_refused_when_it_is_none(self, text: str) -> None:
        assert timer_codes(at_date(text)) == [("timer.date", "c")]


class TestNumber:
    @pytest.mark.parametrize("text", ["0", "5", "2600", "=days"])
    def test_of_working_days(self, text: str) -> None:
        assert codes(read(bpmn(main_line("u"), user("u", deadline(text))))) == []

    @pytest.mark.parametrize("text", ["-1", "2601", "5.0", "５", "1e3", "99999999999999999999"])
    def test_out_of_bounds(self, text: str) -> None:
        found = codes(read(bpmn(main_line("u"), user("u", deadline(text)))))

        assert found == [("value.number", "u")]


class TestVariable:
    @pytest.mark.parametrize("name", ["n", "_n", "amount_fen", "金额", "größe2"])
    def test_is_accepted(self, name: str) -> None:
        assert codes(read(bpmn(main_line("t"), script("t", "1", name)))) == []

    @pytest.mark.parametrize(
        "name", ["2n", "a b", "a.b", "a-b", "x" * 81, "null", "loopCounter", "numberOfInstances"]
    )
    def test_is_refused(self, name: str) -> None:
        found = codes(read(bpmn(main_line("t"), script("t", "1", name))))

        assert found == [("value.variable", "t")]

    def test_of_a_loop_is_checked_too(self) -> None:
        drawn = user("u", loop=each("=l", "1st", into="all of", result="=x"))

        assert codes(read(bpmn(main_line("u"), drawn))) == [("value.variable", "u")] * 2
