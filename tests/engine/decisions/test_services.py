"""Decision services: parameters in order, types, scopes, and evaluation by name."""

import pytest

from engine.decisions import evaluate
from engine.feel import format_value
from tests.engine.decisions.dmn import decision, file, input_data, literal, requires
from tests.engine.feel.run import AT

INPUTS = input_data("x", "x", "string") + input_data("y", "y", "string")
NEEDS = requires("x", "y", kind="Input") + requires("p", "q")
GRAPH = (
    INPUTS,
    decision("p", literal('"never"'), type_ref="string"),
    decision("q", literal('"never"'), type_ref="string"),
    decision("joined", literal('x + " " + y + " " + p + " " + q'), required=NEEDS),
    decision("told", literal("p = null"), required=requires("p")),
    (
        '<decisionService id="s" name="all four"><outputDecision href="#joined"/>'
        '<encapsulatedDecision href="#joined"/>'
        '<inputDecision href="#p"/><inputDecision href="#q"/>'
        '<inputData href="#x"/><inputData href="#y"/></decisionService>'
    ),
    (
        '<decisionService id="one" name="one"><outputDecision href="#told"/>'
        '<inputDecision href="#p"/></decisionService>'
    ),
    (
        '<decisionService id="two" name="two"><outputDecision href="#told"/>'
        '<outputDecision href="#p"/></decisionService>'
    ),
)


def answer(feel: str, **given: object) -> str:
    needs = requires("s", "one", "two", kind="Knowledge") + requires("x", kind="Input")
    graph = file(*GRAPH, decision("d", literal(feel), required=needs + requires("p")))
    return format_value(evaluate(graph, "d", given, at=AT).value)


@pytest.mark.parametrize(
    ("feel", "expected"),
    [
        # Input data come before input decisions.
        ('all four("A", "B", "C", "D")', '"A B C D"'),
        ('all four(p: "C", x: "A", q: "D", y: "B")', '"A B C D"'),
        ('all four("A", "B", "C")', "null"),
        ('all four("A", "B", "C", "D", "E")', "null"),
        ('all four(p: "C", x: "A", q: "D", z: "B")', "null"),
        ('all four("A", "B", "C", 4)', "null"),
        ('one("A")', "false"),
        ("one(1)", "true"),
        ("one(null)", "true"),
        ("one()", "null"),
        ("two()", '{told: false, p: "never"}'),
        # What a service is given stays in it.
        ('[all four("A", "B", "C", "D"), x, p]', '["A B C D", "own", "never"]'),
        ('[p, x, all four("A", "B", "C", "D")]', '["never", "own", "A B C D"]'),
    ],
)
def test_service_is_called_like_a_function(feel: str, expected: str) -> None:
    assert answer(feel, x="own") == expected


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("all four", {"x": "A", "y": "B", "p": "C", "q": "D"}, '"A B C D"'),
        ("s", {"x": "A", "y": "B", "p": "C", "q": "D"}, '"A B C D"'),
        ("one", {"p": "A"}, "false"),
        ("one", {"p": 1}, "true"),
        ("one", {}, "true"),
        ("two", {"p": 1}, '{told: false, p: "never"}'),
    ],
)
def test_service_is_evaluated_by_id_or_name(
    name: str, given: dict[str, object], expected: str
) -> None:
    assert format_value(evaluate(file(*GRAPH), name, given, at=AT).value) == expected


def test_type_of_a_service_may_restrict_its_parameters() -> None:
    wanted = (
        '<itemDefinition name="t"><functionItem><parameters name="p" typeRef="number"/>'
        "</functionItem></itemDefinition>"
    )
    service = (
        '<decisionService id="s" name="s"><variable name="s" typeRef="t"/>'
        '<outputDecision href="#e"/><inputDecision href="#p"/></decisionService>'
    )
    graph = file(
        wanted,
        service,
        decision("p", literal("1")),
        decision("e", literal("p"), required=requires("p")),
    )

    assert format_value(evaluate(graph, "s", {"p": 2}, at=AT).value) == "2"
    assert evaluate(graph, "s", {"p": "a"}, at=AT).value is None


class TestScope:
    def test_decision_sees_only_what_it_requires(self) -> None:
        graph = file(
            input_data("x", "x"),
            input_data("y", "y"),
            decision("e", literal("1")),
            decision("d", literal("[x, y, e]"), required=requires("x", kind="Input")),
        )

        value = evaluate(graph, "d", {"x": 1, "y": 2, "e": 3}, at=AT).value

        assert format_value(value) == "[1, null, null]"

    def test_names_the_graph_does_not_know_are_seen(self) -> None:
        graph = file(input_data("x", "x"), decision("d", literal("free + 1")))

        assert format_value(evaluate(graph, "d", {"free": 1}, at=AT).value) == "2"

    def test_required_decision_is_computed_whatever_is_given(self) -> None:
        graph = file(
            decision("e", literal("1")), decision("d", literal("e"), required=requires("e"))
        )

        assert format_value(evaluate(graph, "d", {"e": 9}, at=AT).value) == "1"

    def test_knowledge_sees_no_data(self) -> None:
        model = (
            '<businessKnowledgeModel id="m" name="m"><encapsulatedLogic>'
            f"{literal('[x, e]')}</encapsulatedLogic></businessKnowledgeModel>"
        )
        needs = requires("x", kind="Input") + requires("e") + requires("m", kind="Knowledge")
        graph = file(
            input_data("x", "x"),
            decision("e", literal("1")),
            model,
            decision("d", literal("m()"), required=needs),
        )

        assert format_value(evaluate(graph, "d", {"x": 1}, at=AT).value) == "[null, null]"


def test_knowledge_may_not_require_data() -> None:
    needs = requires("x", kind="Input")
    model = (
        '<businessKnowledgeModel id="m" name="m"><encapsulatedLogic>'
        f"{literal('1')}</encapsulatedLogic>{needs}</businessKnowledgeModel>"
    )
    graph = file(
        input_data("x", "x"),
        model,
        decision("d", literal("m()"), required=requires("m", kind="Knowledge")),
    )

    assert format_value(evaluate(graph, "d", {"x": 1}, at=AT).value) == "1"
