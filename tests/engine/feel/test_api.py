"""The promises of the package: problems, warnings, names, conversion, literals."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.feel import (
    Expression,
    FeelBudgetExceeded,
    FeelValue,
    Range,
    YearsMonthsDuration,
    compile_expression,
    format_value,
    from_feel,
    to_feel,
)
from tests.engine.feel.run import AT, value


class TestProblems:
    @pytest.mark.parametrize(
        ("source", "code"),
        [
            ("nofn(1)", "unknown-function"),
            ("1 + count()", "arity"),
            ('substring("a")', "arity"),
            ('substring(text: "a", start position: 1)', "argument-names"),
            ("1 instance of Nothing", "unknown-type"),
            ("{a: 1, a: 2}", "duplicate-key"),
        ],
    )
    def test_name_what_a_deployment_should_refuse(self, source: str, code: str) -> None:
        expression = compile_expression(source)

        assert [problem.code for problem in expression.problems] == [code]
        assert value(source) is None

    def test_are_none_for_sound_text(self) -> None:
        assert compile_expression("for f in [function(x) x] return f(1)").problems == ()


class TestWarnings:
    def warnings(self, source: str) -> list[str]:
        recorded: list[str] = []
        value(source, {"a": 1}, warnings=recorded)
        return recorded

    def test_say_why_a_value_is_null(self) -> None:
        assert self.warnings("1 / 0") == ["division-by-zero: /"]
        assert self.warnings("missing") == ["unknown-name: missing"]
        assert self.warnings('a < "x"') == ["operand-kinds: number < string"]
        assert self.warnings("string length(1)") == ["argument-kind: string length: string"]

    def test_hold_no_values(self) -> None:
        assert "secret" not in " ".join(self.warnings('"secret" * 2'))

    def test_are_none_when_all_is_well(self) -> None:
        assert self.warnings("a + 1") == []


class TestNamesRead:
    @pytest.mark.parametrize(
        ("source", "names"),
        [
            ("a + b.c", {"a", "b"}),
            ("for x in xs return x + y", {"xs", "y"}),
            ("xs[amount > limit]", {"xs"}),
            ("count(xs)", {"xs"}),
            ("{a: 1, b: a}.b", set()),
        ],
    )
    def test_are_the_free_ones(self, source: str, names: set[str]) -> None:
        assert compile_expression(source).names == names

    def test_include_declared_names_inside_filters(self) -> None:
        expression = compile_expression("xs[amount > limit]", names=["xs", "limit"])

        assert expression.names == {"xs", "limit"}


def test_same_text_and_names_are_compiled_once() -> None:
    assert compile_expression("a + 1", names=["a"]) is compile_expression("a + 1", names=["a"])


def test_longer_text_needs_a_higher_limit() -> None:
    source = "[" + ", ".join(["1"] * 700) + "]"

    with pytest.raises(FeelBudgetExceeded):
        compile_expression(source)
    assert isinstance(compile_expression(source, limit=20_000), Expression)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1, Decimal(1)),
        (True, True),
        (0.1, Decimal("0.1")),
        (float("nan"), None),
        (Decimal("NaN"), None),
        ((1, "a"), [Decimal(1), "a"]),
        ({"a": {"b": 2}}, {"a": {"b": Decimal(2)}}),
        (object(), None),
        (date(2020, 1, 1), date(2020, 1, 1)),
        (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_to_feel(given: object, expected: FeelValue) -> None:
    converted = to_feel(given)

    assert converted == expected
    assert type(converted) is type(expected)


def test_to_feel_refuses_bottomless_data() -> None:
    loop: list[object] = []
    loop.append(loop)

    with pytest.raises(FeelBudgetExceeded):
        to_feel(loop)


def test_from_feel_keeps_plain_values_and_drops_functions() -> None:
    result = from_feel({"a": [Decimal(1), timedelta(1)], "f": value("function(x) x")})

    assert result == {"a": [Decimal(1), timedelta(1)], "f": None}
    assert from_feel(Range(Decimal(1), Decimal(2))) == "[1..2]"


@pytest.mark.parametrize(
    "literal",
    [
        "null",
        "true",
        "1.50",
        '"a\\"b\\\\\\n"',
        '@"2020-01-01"',
        '@"10:00:00+08:00"',
        '@"2020-01-01T10:00:00@Asia/Shanghai"',
        '@"-P1DT2H"',
        '@"P1Y2M"',
        '[1, ["a"], {}]',
        '{a: 1, "b-c": null}',
        "(1..2]",
        "(<=5)",
        "(>5)",
    ],
)
def test_format_value_reads_back(literal: str) -> None:
    assert format_value(value(literal)) == literal


def test_years_months_duration_shows_its_iso_form() -> None:
    assert str(YearsMonthsDuration(-14)) == "-P1Y2M"


def test_lambda_outlives_its_loop() -> None:
    assert value("(for x in [1, 2] return function(y) x + y)[1](10)") == Decimal(11)


def test_expression_is_shared_without_state() -> None:
    expression = compile_expression("for i in 1..2 return i + n", names=["n"])

    results = [expression.evaluate({"n": n}, at=AT) for n in (1, 10)]

    assert results == [[Decimal(2), Decimal(3)], [Decimal(11), Decimal(12)]]
