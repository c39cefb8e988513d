"""Hit policies and columns of decision tables."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import DecisionResult, evaluate
from engine.feel import FeelValue, compile_unary_tests, format_value
from tests.engine.decisions.dmn import decision, file, input_data, requires, table
from tests.engine.feel.run import AT

INPUTS = input_data("x", "x") + input_data("y", "y")
NEEDS = requires("x", "y", kind="Input")


def decide(logic: str, inputs: Mapping[str, object]) -> DecisionResult:
    return evaluate(file(INPUTS, decision("d", logic, required=NEEDS)), "d", inputs, at=AT)


ANSWERS = ('"low", "high"', '"high", "low"')
RULES = [["> 1", '"low"'], ["> 2", '"high"'], ["> 3", '"low"']]


@pytest.mark.parametrize(
    ("policy", "aggregation", "x", "expected", "fired"),
    [
        ("UNIQUE", "", 2, '"low"', ("r1",)),
        ("UNIQUE", "", 0, "null", ()),
        ("FIRST", "", 5, '"low"', ("r1",)),
        ("PRIORITY", "", 5, '"high"', ("r2",)),
        ("RULE ORDER", "", 5, '["low", "high", "low"]', ("r1", "r2", "r3")),
        ("OUTPUT ORDER", "", 5, '["high", "low", "low"]', ("r2", "r1", "r3")),
        ("COLLECT", "", 5, '["low", "high", "low"]', ("r1", "r2", "r3")),
        ("COLLECT", "", 0, "[]", ()),
        ("COLLECT", "COUNT", 5, "2", ("r1", "r2", "r3")),
        ("COLLECT", "COUNT", 0, "0", ()),
        ("COLLECT", "MIN", 5, '"high"', ("r1", "r2", "r3")),
        ("COLLECT", "MAX", 5, '"low"', ("r1", "r2", "r3")),
        ("COLLECT", "SUM", 0, "null", ()),
    ],
)
def test_hit_policy(
    policy: str, aggregation: str, x: int, expected: str, fired: tuple[str, ...]
) -> None:
    logic = table(
        ["x"],
        [("level", '"high", "low"', "")],
        RULES,
        policy=policy,
        aggregation=aggregation,
    )

    result = decide(logic, {"x": x})

    assert format_value(result.value) == expected
    assert result.fired == fired
    assert result.error is None
    assert result.hit_policy == policy


def test_sum_of_numbers() -> None:
    logic = table(["x"], ["n"], [["> 1", "10"], ["> 2", "x"]], policy="COLLECT", aggregation="SUM")

    assert decide(logic, {"x": 5}).value == Decimal(15)


class TestConflicts:
    def test_unique_names_both_rules(self) -> None:
        result = decide(table(["x"], ["level"], RULES), {"x": 3})

        assert result.value is None
        assert result.error is not None
        assert (result.error.code, result.error.args) == ("unique", ("d", "r1", "r2"))

    def test_any_accepts_equal_answers(self) -> None:
        rules = [["> 1", "1"], ["> 2", "1.0"]]

        result = decide(table(["x"], ["n"], rules, policy="ANY"), {"x": 3})

        assert (result.value, result.fired) == (Decimal(1), ("r1", "r2"))

    def test_any_refuses_unequal_answers(self) -> None:
        rules = [["> 1", "1"], ["> 2", "2"]]

        result = decide(table(["x"], ["n"], rules, policy="ANY"), {"x": 3})

        assert result.value is None
        assert result.error is not None
        assert result.error.code == "any"

    def test_value_outside_the_input_values_is_named(self) -> None:
        logic = table([("x", '"a", "b"')], ["n"], [["-", "1"]])

        assert decide(logic, {"x": "a"}).value == Decimal(1)
        result = decide(logic, {"x": "c"})

        assert result.error is not None
        assert (result.error.code, result.error.args) == ("input-not-allowed", ("d", "in1"))

    def test_value_outside_the_input_values_is_null_to_the_cells(self) -> None:
        logic = table([("x", '"a", "b"')], ["n"], [['"a", "c"', "1"], ["null", "2"]])

        result = decide(logic, {"x": "c"})

        assert (result.value, result.fired) == (Decimal(2), ("r2",))
        assert result.error is not None

    def test_answer_outside_the_output_values_is_null_in_its_column(self) -> None:
        logic = table(["x"], [("level", '"a"', ""), "n"], [["-", '"b"', "1"]])

        result = decide(logic, {})

        assert result.value == {"level": None, "n": 1}
        assert result.error is not None

    def test_missing_input_is_not_outside_the_input_values(self) -> None:
        assert decide(table([("x", '"a"')], ["n"], [["-", "1"]]), {}).value == Decimal(1)

    def test_answer_outside_the_output_values_is_named(self) -> None:
        logic = table(["x"], [("level", '"a"', "")], [["-", '"b"']])

        result = decide(logic, {})

        assert result.error is not None
        assert result.error.code == "output-not-allowed"


class TestOutputs:
    def test_several_are_a_context(self) -> None:
        result = decide(table(["x"], ["a", "b"], [["1", "10", '"z"']]), {"x": 1})

        assert result.value == {"a": Decimal(10), "b": "z"}
        assert result.outputs == ({"a": Decimal(10), "b": "z"},)

    def test_default_answers_when_no_rule_fires(self) -> None:
        logic = table(["x"], [("a", "", '"none"')], [["1", '"one"']])

        result = decide(logic, {"x": 2})

        assert (result.value, result.fired) == ("none", ())

    def test_priority_of_several_columns_goes_left_to_right(self) -> None:
        outputs = [("a", '"A", "B"', ""), ("b", '"1", "2"', "")]
        rules = [["-", '"B"', '"1"'], ["-", '"A"', '"2"'], ["-", '"A"', '"1"']]

        result = decide(table(["x"], outputs, rules, policy="PRIORITY"), {})

        assert result.fired == ("r3",)

    def test_cell_reads_other_inputs(self) -> None:
        assert decide(table(["x"], ["n"], [["> y", "x - y"]]), {"x": 5, "y": 2}).value == Decimal(
            3
        )


class TestExplanation:
    def test_holds_each_cell(self) -> None:
        rules = [["> 1", "-", "1"], ["< 1", "true", "2"], ["[5..9]", "false", "3"]]

        result = decide(table(["x", "y"], ["n"], rules), {"x": 5})

        assert result.cells == ((True, True), (False, False), (True, False))
        assert result.inputs == {"x": Decimal(5), "y": None}

    def test_missing_data_is_not_no(self) -> None:
        result = decide(table(["x"], ["n"], [[">= 12", '"yes"'], ["< 12", '"no"']]), {})

        assert result.value is None
        assert result.cells == ((None,), (None,))
        assert "operand-kinds: null >= number" in result.warnings


CELLS = st.sampled_from(
    ["-", "1", "2, 3", "< 2", ">= 2", "[1..3)", "not(2)", "not(< 2)", "? = 1 or ? = 3", "null"]
)


@given(
    rules=st.lists(st.tuples(CELLS, CELLS), max_size=6),
    x=st.sampled_from([None, 0, 1, 2, 3, 4]),
    y=st.sampled_from([None, 1, 2, 3]),
)
def test_fired_rules_are_those_whose_every_cell_is_true(
    rules: list[tuple[str, str]], x: int | None, y: int | None
) -> None:
    rows = [[a, b, str(index)] for index, (a, b) in enumerate(rules)]
    result = decide(
        table(["x", "y"], ["n"], rows or [["1", "1", "1"]], policy="COLLECT"), {"x": x, "y": y}
    )

    def holds(cell: str, value: FeelValue) -> bool:
        return compile_unary_tests(cell).test(value, {}, at=AT) is True

    if rules:
        expected = [i for i, (a, b) in enumerate(rules) if holds(a, x) and holds(b, y)]
        assert result.value == [Decimal(index) for index in expected]


class TestOrder:
    LEVEL = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues>'
        '<text>"high", "low"</text></allowedValues></itemDefinition>'
    )

    @pytest.mark.parametrize(
        ("policy", "expected"), [("PRIORITY", "high"), ("OUTPUT ORDER", ["high", "low"])]
    )
    def test_comes_from_the_type_where_the_column_has_none(
        self, policy: str, expected: object
    ) -> None:
        logic = table(["x"], ["level"], [["-", '"low"'], ["-", '"high"']], policy=policy).replace(
            'name="level"', 'name="level" typeRef="tLevel"'
        )

        assert evaluate(file(self.LEVEL, decision("d", logic)), "d", {}, at=AT).value == expected
