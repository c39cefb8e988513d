"""Work outside FEEL counts, too: calls, conversions, boxes, tables."""

import pytest

from engine.decisions import evaluate
from engine.feel import FeelBudgetExceeded
from tests.engine.decisions.dmn import decision, file, literal, requires, table
from tests.engine.feel.run import AT

NUMBERS = '<itemDefinition name="t" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
MANY = decision("many", literal("for i in 1..10000 return i"))


def model(logic: str, parameter: str = "") -> str:
    return (
        '<businessKnowledgeModel id="m" name="m"><encapsulatedLogic>'
        f'<formalParameter name="n"{parameter}/>{logic}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )


def test_calls_count() -> None:
    # 40,000 calls of the cheapest model are more than an evaluation may do.
    text = "some i in 1..400, j in 1..100 satisfies m(i) = -1"
    needs = requires("m", kind="Knowledge")

    with pytest.raises(FeelBudgetExceeded):
        evaluate(
            file(model(literal("n")), decision("d", literal(text), required=needs)), "d", {}, at=AT
        )


def test_conversions_count() -> None:
    text = "some i in 1..100 satisfies m(many) = -1"
    needs = requires("m", kind="Knowledge") + requires("many")
    graph = file(
        NUMBERS,
        MANY,
        model(literal("1"), ' typeRef="t"'),
        decision("d", literal(text), required=needs),
    )

    with pytest.raises(FeelBudgetExceeded):
        evaluate(graph, "d", {}, at=AT)


def test_cells_count() -> None:
    logic = table(["n", "n", "n"], ["o"], [["1", "2", "3", "1"]] * 100)
    text = "some i in 1..10000 satisfies m(i) = -1"
    needs = requires("m", kind="Knowledge")

    with pytest.raises(FeelBudgetExceeded):
        evaluate(file(model(logic), decision("d", literal(text), required=needs)), "d", {}, at=AT)


def test_rounds_count() -> None:
    inner = f"<filter><in>{literal('many')}</in><match>{literal('false')}</match></filter>"
    outer = f"<in>{literal('many')}</in><satisfies>{inner}</satisfies>"
    logic = f'<some iteratorVariable="i">{outer}</some>'

    with pytest.raises(FeelBudgetExceeded):
        evaluate(file(MANY, decision("d", logic, required=requires("many"))), "d", {}, at=AT)
