"""Where a declared type meets a value that is not of it: the value is null there."""

import pytest

from engine.decisions import evaluate
from engine.feel import format_value
from tests.engine.decisions.dmn import decision, file, input_data, literal, requires, text
from tests.engine.feel.run import AT


def item(name: str, base: str = "", *, more: str = "", attributes: str = "") -> str:
    reference = f"<typeRef>{base}</typeRef>" if base else ""
    return f'<itemDefinition name="{name}"{attributes}>{reference}{more}</itemDefinition>'


LIST = ' isCollection="true"'
PART = '<itemComponent name="part"><typeRef>tColour</typeRef></itemComponent>'
TYPES = "".join(
    [
        item("tColour", "string", more=text("allowedValues", '"red", "blue"')),
        item("tOther", "tColour", more=text("allowedValues", '"green"')),
        item("tSame", "tColour"),
        item("tColours", "tColour", attributes=LIST),
        item("tWarm", "string", more=text("allowedValues", '"red", "pink"'), attributes=LIST),
        item("tShort", "number", more=text("typeConstraint", "count(?) < 3"), attributes=LIST),
        item("tEven", "number", more=text("allowedValues", "even(?)")),
        item("tBox", more=PART),
        item("tBoxes", more=PART, attributes=LIST),
        item("tAnswersColour", more='<functionItem outputTypeRef="tColour"/>'),
        item(
            "tTakesColour",
            more='<functionItem><parameters name="a" typeRef="tColour"/></functionItem>',
        ),
    ]
)
ROW = f"<row>{literal('x')}</row>"
ENTRY = f'<contextEntry><variable name="part" typeRef="tColour"/>{literal("x")}</contextEntry>'
PLAIN = f'<contextEntry><variable name="part"/>{literal("x")}</contextEntry>'
RULE = f"<rule>{text('outputEntry', 'x')}{text('outputEntry', 'x')}</rule>"
COLUMNS = '<output name="a"/><output name="b"/>'


def call(function: str, binding: str = "", attributes: str = "") -> str:
    bound = f'<binding><parameter name="a"{binding}/>{literal("x")}</binding>'
    return f"<invocation{attributes}>{function}{bound}</invocation>"


def defined(attributes: str = "", parameter: str = "") -> str:
    formal = f'<formalParameter name="a"{parameter}/>'
    return f"<functionDefinition{attributes}>{formal}{literal('a')}</functionDefinition>"


COLOUR = ' typeRef="tColour"'
TYPED = f"<rule>{text('outputEntry', 'x', COLOUR)}{text('outputEntry', 'x')}</rule>"
ANSWERS = ' typeRef="tAnswersColour"'
TAKES = ' typeRef="tTakesColour"'


@pytest.mark.parametrize(
    ("logic", "given", "expected"),
    [
        (
            literal("x").replace("<literalExpression", f"<literalExpression{COLOUR}"),
            "red",
            '"red"',
        ),
        (literal("x").replace("<literalExpression", f"<literalExpression{COLOUR}"), "tea", "null"),
        (f"<context>{ENTRY}</context>", "tea", "{part: null}"),
        (f'<context typeRef="tBox">{PLAIN}</context>', "red", '{part: "red"}'),
        (f'<context typeRef="tBox">{PLAIN}</context>', "tea", "null"),
        (f'<list typeRef="tColours">{literal("x")}</list>', "tea", "null"),
        (f'<relation typeRef="tBoxes"><column name="part"/>{ROW}</relation>', "tea", "null"),
        (f"<relation><column name='part'{COLOUR}/>{ROW}</relation>", "tea", "[{part: null}]"),
        (f"<decisionTable>{COLUMNS}{TYPED}</decisionTable>", "tea", '{a: null, b: "tea"}'),
        (f"<decisionTable>{COLUMNS}{TYPED}</decisionTable>", "red", '{a: "red", b: "red"}'),
        (
            (
                "<decisionTable typeRef='tBox'><output name='part'/><output name='b'/>"
                f"{RULE}</decisionTable>"
            ),
            "tea",
            "null",
        ),
        (call(defined(), COLOUR), "tea", "null"),
        (call(defined(), "", COLOUR), "tea", "null"),
        (call(defined(), COLOUR), "red", '"red"'),
        (call(defined("", COLOUR)), "tea", "null"),
        (call(defined(ANSWERS)), "tea", "null"),
        (call(defined(ANSWERS)), "red", '"red"'),
        (call(defined(TAKES)), "tea", "null"),
        (call(defined(TAKES)), "red", '"red"'),
        (
            call(
                literal("function(a) a").replace(
                    "<literalExpression", f"<literalExpression{ANSWERS}"
                )
            ),
            "tea",
            "null",
        ),
    ],
)
def test_boxes(logic: str, given: str, expected: str) -> None:
    graph = file(
        TYPES,
        input_data("x", "x"),
        decision("d", logic, required=requires("x", kind="Input")),
    )

    assert format_value(evaluate(graph, "d", {"x": given}, at=AT).value) == expected


@pytest.mark.parametrize(
    ("type_ref", "feel", "expected"),
    [
        ("tSame", '"red"', '"red"'),
        ("tSame", '"green"', "null"),
        ("tOther", '"green"', '"green"'),
        ("tOther", '"red"', "null"),
        ("tColours", '["red", "blue", "red"]', '["red", "blue", "red"]'),
        ("tColours", '["red", "tea"]', "null"),
        ("tColours", '"red"', '["red"]'),
        ("tWarm", '["pink"]', '["pink"]'),
        ("tWarm", '["pink", "blue"]', "null"),
        ("tShort", "[1, 2]", "[1, 2]"),
        ("tShort", "[1, 2, 3]", "null"),
        ("tEven", "4", "4"),
        ("tEven", "3", "null"),
        ("tBoxes", '[{part: "red"}]', '[{part: "red"}]'),
        ("tBoxes", '{part: "red"}', '[{part: "red"}]'),
        ("date and time", 'date("2000-01-02")', '@"2000-01-02T00:00:00Z"'),
        ("date", 'date and time("2000-01-02T00:00:00")', "null"),
        ("list", "1", "[1]"),
        ("string", '["a"]', '"a"'),
        ("string", '["a", "b"]', "null"),
        ("string", "[1]", "null"),
        ("tns:tSame", '"red"', '"red"'),
        ("integer", "1", "1"),
        ("xsd:double", '"1"', "null"),
    ],
)
def test_answer_of_a_decision(type_ref: str, feel: str, expected: str) -> None:
    graph = file(TYPES, decision("d", literal(feel), type_ref=type_ref))

    assert format_value(evaluate(graph, "d", {}, at=AT).value) == expected


class TestKnowledge:
    @staticmethod
    def model(variable: str, logic: str, parameter: str, body: str = "") -> str:
        return (
            f'<businessKnowledgeModel id="m" name="m"><variable name="m"{variable}/>'
            f"<encapsulatedLogic{logic}><formalParameter name='a'{parameter}/>"
            f"<literalExpression{body}><text>a</text></literalExpression>"
            "</encapsulatedLogic></businessKnowledgeModel>"
        )

    @pytest.mark.parametrize(
        "parts",
        [
            (COLOUR, "", "", ""),
            (ANSWERS, "", "", ""),
            (TAKES, "", "", ""),
            ("", COLOUR, "", ""),
            ("", ANSWERS, "", ""),
            ("", "", COLOUR, ""),
            ("", "", "", COLOUR),
        ],
    )
    def test_types_stand_in_many_places(self, parts: tuple[str, str, str, str]) -> None:
        needs = requires("m", kind="Knowledge")
        graph = file(
            TYPES,
            self.model(*parts),
            decision("d", literal('[m("red"), m("tea")]'), required=needs),
        )

        assert evaluate(graph, "d", {}, at=AT).value == ["red", None]
        assert evaluate(graph, "m", {"a": "red"}, at=AT).value == "red"
        assert evaluate(graph, "m", {"a": "tea"}, at=AT).value is None
