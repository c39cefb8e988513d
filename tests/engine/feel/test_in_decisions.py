"""What FEEL knows of the file around it: its types, and the names a function was written among."""

from datetime import UTC, datetime

import pytest

from engine.decisions import evaluate
from engine.feel import FeelValue
from tests.engine.decisions.dmn import decision, file, literal, requires

AT = datetime(2026, 1, 5, tzinfo=UTC)
TYPES = (
    '<itemDefinition name="tPerson">'
    '<itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>tAge</typeRef></itemComponent>'
    "</itemDefinition>"
    '<itemDefinition name="tAge"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..150]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tPeople" isCollection="true"><typeRef>tPerson</typeRef>'
    "</itemDefinition>"
    '<itemDefinition name="tTest"><functionItem outputTypeRef="boolean">'
    '<parameters name="who" typeRef="tPerson"/></functionItem></itemDefinition>'
)
MODEL = (
    '<businessKnowledgeModel id="times" name="times"><variable name="times"/>'
    '<encapsulatedLogic><formalParameter name="a" typeRef="number"/>'
    "<literalExpression><text>function(b) a * b</text></literalExpression>"
    "</encapsulatedLogic></businessKnowledgeModel>"
)


def answer(feel: str, *others: str, required: str = "") -> FeelValue:
    return evaluate(
        file(*others, decision("d", literal(feel), required=required)), "d", {}, at=AT
    ).value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{name: "Li", age: 200} instance of tPerson', True),
        ('{name: "Li"} instance of tPerson', False),
        ('{name: "Li", age: "x"} instance of tPerson', False),
        ('[{name: "Li", age: 1}] instance of tPeople', True),
        ('[{name: "Li", age: 1}] instance of list<tPerson>', True),
        ("1 instance of tPeople", False),
        ("151 instance of tAge", True),
        ("(function(p: tPerson) p.age > 1) instance of tTest", True),
        ("(function(p: tPerson) p.name) instance of tTest", True),
        ('(function(p: tPerson) "yes") instance of tTest', False),
        ("(function(p: number) true) instance of tTest", False),
        ('(function(p: tPerson) 1)({name: "Li"})', 1),
    ],
)
def test_types_of_the_file_are_known_in_its_expressions(source: str, expected: FeelValue) -> None:
    assert answer(source, TYPES) == expected


def test_type_that_holds_itself_may_be_anything_inside() -> None:
    tree = (
        '<itemDefinition name="tTree"><itemComponent name="left"><typeRef>tTree</typeRef>'
        '</itemComponent><itemComponent name="right"><typeRef>tTree</typeRef></itemComponent>'
        "</itemDefinition>"
    )

    assert answer("{left: null, right: {left: null, right: null}} instance of tTree", tree) is True
    assert answer("{left: null} instance of tTree", tree) is False


def test_function_of_a_model_reads_the_models_names() -> None:
    knows = requires("times", kind="Knowledge")

    assert answer("times(10)(2)", MODEL, required=knows) == 20
    assert answer("{a: 3, r: times(10)(a)}.r", MODEL, required=knows) == 30
