"""Overlaps, gaps, unreachable and duplicate rules."""

from collections.abc import Sequence
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import Decision, TableFinding, analyse
from engine.feel import compile_expression, compile_unary_tests
from tests.engine.decisions.dmn import decision, file, literal, table
from tests.engine.feel.run import AT


def one(logic: str) -> Decision:
    return file(decision("d", logic)).decisions["d"]


def findings(
    inputs: Sequence[str | tuple[str, str]], rules: Sequence[Sequence[str]], policy: str = "UNIQUE"
) -> list[TableFinding]:
    return list(analyse(one(table(inputs, ["n"], rules, policy=policy))))


def found(code: str, items: list[TableFinding]) -> list[TableFinding]:
    return [item for item in items if item.code == code]


def test_sound_table_has_no_findings() -> None:
    rules = [["< 3", "-", "1"], [">= 3", "true", "2"], [">= 3", "false", "3"]]

    assert findings(["x", "y"], rules) == []


def test_overlap_names_both_rules_and_a_case() -> None:
    (overlap,) = found("overlap", findings(["x"], [["<= 3", "1"], [">= 3", "2"]]))

    assert overlap.rules == ("r1", "r2")
    assert overlap.example == {"x": "3"}


def test_gap_shows_a_case() -> None:
    (gap,) = findings(["x"], [["< 3", "1"], ["> 3", "2"]])

    assert (gap.code, gap.example) == ("gap", {"x": "3"})


@pytest.mark.parametrize(
    ("column", "rules", "example"),
    [
        (("x", '"a", "b"'), [['"a"', "1"]], '"b"'),
        ("x", [["true", "1"]], "false"),
        ("x", [['< date("2020-01-01")', "1"], ['> date("2020-01-01")', "2"]], '@"2020-01-01"'),
        ("x", [['< @"2020-01-01"', "1"], ['> @"2020-01-01"', "2"]], '@"2020-01-01"'),
        ("x", [["not(2)", "1"]], "2"),
        ("x", [["[1..5)", "1"], ["< 1, > 5", "2"]], "5"),
    ],
)
def test_gap_by_kind_of_column(
    column: str | tuple[str, str], rules: list[list[str]], example: str
) -> None:
    (gap,) = findings([column], rules)

    assert list(gap.example.values()) == [example]


def test_any_table_may_overlap_with_equal_answers() -> None:
    assert findings(["x"], [["<= 3", "1"], [">= 3", "1"]], "ANY") == []
    assert len(found("overlap", findings(["x"], [["<= 3", "1"], [">= 3", "2"]], "ANY"))) == 1


def test_rule_hidden_by_those_above_is_unreachable_when_first_wins() -> None:
    rules = [["< 3", "1"], [">= 3", "2"], ["5", "3"]]

    (hidden,) = findings(["x"], rules, "FIRST")

    assert (hidden.code, hidden.rules) == ("unreachable", ("r3",))


def test_test_that_nothing_passes_is_unreachable() -> None:
    items = findings([("x", '"a", "b"')], [['"a"', "1"], ['"b"', "2"], ['"c"', "3"]])

    assert [(item.code, item.rules) for item in items] == [("unreachable", ("r3",))]


class TestMissingValue:
    ROWS = (["< 3", "1"], [">= 3", "2"], ["null", "3"])

    def test_rule_for_it_can_match(self) -> None:
        assert findings(["x"], self.ROWS) == []
        assert findings(["x"], self.ROWS, "FIRST") == []

    def test_rule_for_it_may_overlap(self) -> None:
        (both,) = findings(["x"], [["null", "1"], ["-", "2"]])

        assert (both.code, both.example) == ("overlap", {"x": "null"})

    def test_rule_for_it_may_be_hidden(self) -> None:
        (hidden,) = findings(["x"], [["not(1)", "1"], ["1", "2"], ["null", "3"]], "FIRST")

        assert (hidden.code, hidden.rules) == ("unreachable", ("r3",))

    def test_is_no_gap_for_who_does_not_ask(self) -> None:
        assert findings(["x"], self.ROWS[:2]) == []


def test_duplicate_names_both_rules() -> None:
    items = findings(["x"], [["1, 2", "1"], ["2, 1", "1"], ["not(1, 2)", "2"]])

    assert found("duplicate", items)[0].rules == ("r1", "r2")


def test_column_with_expressions_is_said_to_be_unknown() -> None:
    (unknown,) = findings(["x", "y"], [["> y", "-", "1"]])

    assert (unknown.code, unknown.columns) == ("not-analysed", ("in1",))


def test_default_fills_the_gaps() -> None:
    logic = table(["x"], [("n", "", "0")], [["1", "1"]])

    assert analyse(one(logic)) == ()


def test_other_logic_has_no_findings() -> None:
    assert analyse(one(literal("1"))) == ()


def test_large_table_is_analysed_within_bounds() -> None:
    columns = [f"x{n}" for n in range(8)]
    rules = [[str(row * (n + 1) % 7) for n in range(8)] + ["1"] for row in range(120)]

    assert len(findings(columns, rules)) <= 200


CELLS = st.sampled_from(["-", "1", "2", "1, 2", "< 2", ">= 2", "[1..3]", "not(1)", "> 3"])
POINTS = ["0", "1", "1.5", "2", "2.5", "3", "3.5", "4"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_findings_agree_with_brute_force(cells: list[tuple[str, str]]) -> None:
    items = findings(["x", "y"], [[a, b, str(n)] for n, (a, b) in enumerate(cells)])

    def passes(cell: str, literal_: str) -> bool:
        value = compile_expression(literal_).evaluate({}, at=AT)
        return compile_unary_tests(cell).test(value, {}, at=AT) is True

    hits = {
        point: [n for n, (a, b) in enumerate(cells) if passes(a, point[0]) and passes(b, point[1])]
        for point in product(POINTS, POINTS)
    }
    pairs = {pair for rules in hits.values() for pair in combinations(rules, 2)}
    assert {item.rules for item in found("overlap", items)} == {
        (f"r{a + 1}", f"r{b + 1}") for a, b in pairs
    }
    assert bool(found("gap", items)) == any(not rules for rules in hits.values())
    for gap in found("gap", items):
        x, y = gap.example["x"], gap.example["y"]
        x, y = ("0" if v == '"…"' else v for v in (x, y))
        assert not any(passes(a, x) and passes(b, y) for a, b in cells)
