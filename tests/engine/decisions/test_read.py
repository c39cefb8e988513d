"""Files that are refused, with every reason; and what a page is shown."""

from decimal import Decimal

import pytest

from engine.decisions import DecisionsInvalid, describe, evaluate, read_decisions
from tests.engine.decisions.dmn import (
    NAMESPACE,
    decision,
    definitions,
    file,
    input_data,
    literal,
    requires,
    table,
    text,
)
from tests.engine.feel.run import AT


def codes(*elements: str) -> list[str]:
    with pytest.raises(DecisionsInvalid) as caught:
        file(*elements)
    return [problem.code for problem in caught.value.findings]


def refused(xml: bytes) -> list[str]:
    with pytest.raises(DecisionsInvalid) as caught:
        read_decisions(xml)
    return [problem.code for problem in caught.value.findings]


D = decision("d", literal("1"))


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "http://www.omg.org/spec/DMN/20230324/MODEL",
    ],
)
def test_every_version_is_read(namespace: str) -> None:
    assert "d" in read_decisions(definitions(D, namespace=namespace)).decisions


def test_root_in_the_namespace_of_the_model_is_read() -> None:
    xml = definitions(D).replace(b"xmlns=", b'xmlns="urn:model" xmlns:dmn=', 1)

    assert "d" in read_decisions(xml).decisions


def test_utf_16_is_read() -> None:
    xml = definitions(input_data("x", "失业"), D).decode()

    assert "d" in read_decisions(xml.encode("utf-16")).decisions


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "not-xml"),
        (b"<a", "not-xml"),
        (b"<a/>", "not-dmn"),
        (b"<definitions/>", "not-dmn"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/DMNDI/"/>', "not-dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not-dmn"),
        (b"\xff\xfe\x00", "not-xml"),
        (b" " * 1_000_001, "too-large"),
        (f'<!DOCTYPE d><definitions xmlns="{NAMESPACE}"/>'.encode(), "doctype"),
        (
            f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            f'<definitions xmlns="{NAMESPACE}">&x;</definitions>'.encode(),
            "doctype",
        ),
        (
            f'<!DOCTYPE d [<!ENTITY a0 "ha">{LAUGHS}]>'
            f'<definitions xmlns="{NAMESPACE}">&a9;</definitions>'.encode(),
            "doctype",
        ),
        (definitions("<x>" * 150 + "</x>" * 150), "too-deep"),
        (definitions("<x/>" * 20_001), "too-many-elements"),
        (definitions(), "no-decision"),
    ],
)
def test_hostile_or_foreign_xml_is_refused(xml: bytes, code: str) -> None:
    assert refused(xml) == [code]


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ((decision("d", "<list><context><contextEntry/></context></list>"),), "no-logic"),
        ((decision("d", literal("1") + literal("2")),), "several-logics"),
        ((decision("d", literal("1 +")),), "feel"),
        ((decision("d", literal("(" * 50 + "1" + ")" * 50)),), "feel-budget"),
        ((decision("d", literal("")),), "empty-expression"),
        ((decision("d", literal("1"), required=requires("z")),), "unknown-reference"),
        ((decision("d", literal("1"), required=requires("d")),), "cycle"),
        ((decision("d", literal("1"), type_ref="tNothing"),), "unknown-type"),
        ((D, D), "duplicate-id"),
        ((D, '<import namespace="urn:x" importType="urn:y"/>'), "import"),
        ((decision("d", table(["x"], ["a"], [], policy="BEST")),), "hit-policy"),
        ((decision("d", table(["x"], [], [])),), "no-output"),
        ((decision("d", table(["x"], ["a"], [["1"]])),), "row-length"),
        (
            (decision("d", table(["x"], ["a"], [["1", "1"]], policy="PRIORITY")),),
            "no-output-values",
        ),
        ((decision("d", table([""], ["a"], [])),), "no-input-expression"),
        (
            (decision("d", '<functionDefinition kind="Java"><context/></functionDefinition>'),),
            "external-function",
        ),
        (
            (
                decision(
                    "d",
                    '<literalExpression expressionLanguage="urn:python"><text>1</text>'
                    "</literalExpression>",
                ),
            ),
            "expression-language",
        ),
        (
            (D, '<itemDefinition name="tA"><typeRef>tA</typeRef></itemDefinition>'),
            "type-cycle",
        ),
    ],
)
def test_what_cannot_be_executed_is_refused(elements: tuple[str, ...], code: str) -> None:
    assert codes(*elements) == [code]


def test_all_problems_are_told_at_once() -> None:
    broken = table(["x +"], ["a"], [["<", "1"], ["1", ")"]], policy="BEST")

    assert codes(decision("d", broken)) == [
        "hit-policy",
        "feel",
        "feel",
        "feel",
    ]


def test_unknown_function_is_refused_like_a_syntax_error() -> None:
    with pytest.raises(DecisionsInvalid) as caught:
        file(decision("d", literal("nofn(1)")))

    assert [problem.args[0] for problem in caught.value.findings] == ["unknown-function"]


def test_decision_without_logic_is_null_and_remarked() -> None:
    graph = file(decision("d", ""))

    assert [(remark.code, remark.element_id) for remark in graph.remarks] == [("no-logic", "d")]
    assert evaluate(graph, "d", {}, at=AT).value is None


def test_draft_keeps_what_is_sound() -> None:
    xml = definitions(decision("d", literal("1 +")), decision("e", literal("2")))

    draft = read_decisions(xml, strict=False)

    assert [problem.element_id for problem in draft.problems] == ["d"]
    assert evaluate(draft, "d", {}, at=AT).value is None
    assert evaluate(draft, "e", {}, at=AT).value == Decimal(2)


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        ('<functionDefinition kind="Java"><context/></functionDefinition>', "external-function"),
        ('<functionDefinition kind="PMML"><context/></functionDefinition>', "external-function"),
        ("<literalExpression/>", "empty-expression"),
        (table(["x"], [], [["1"]]), "no-output"),
        (table(["x"], ["a", "a"], [["1", "1", "2"]]), "output-names"),
        (table(["1"], ["a"], [["1"]]), "row-length"),
        (text("literalExpression", "1", ' typeRef="t"'), "unknown-type"),
    ],
)
def test_draft_has_null_or_nothing_in_the_place_of_a_problem(logic: str, code: str) -> None:
    xml = definitions(decision("d", logic))

    draft = read_decisions(xml, strict=False)

    assert [problem.code for problem in draft.problems] == [code]
    assert evaluate(draft, "d", {}, at=AT).decision_id == "d"


@pytest.mark.parametrize("href", ["d", "#d", "urn:x#d"])
def test_reference_is_read_however_it_is_written(href: str) -> None:
    needs = requires("d").replace("#d", href)
    xml = definitions(D, decision("e", literal("d + 1"), required=needs))
    xml = xml.replace(b' name="test"', b' name="test" namespace="urn:x"')

    assert evaluate(read_decisions(xml), "e", {}, at=AT).value == Decimal(2)


def test_what_is_not_executed_is_passed_over() -> None:
    around = (
        '<extensionElements><decision id="x" name="x"/></extensionElements>'
        '<knowledgeSource id="k" name="k"/><textAnnotation id="t"><text>!</text></textAnnotation>'
        '<association id="a"><sourceRef href="#t"/><targetRef href="#d"/></association>'
        '<performanceIndicator id="p" name="p"/><organizationUnit id="o" name="o"/>'
        '<group id="g"/><elementCollection id="c"/><nothing xmlns="urn:other"/>'
        '<DMNDI xmlns="https://www.omg.org/spec/DMN/20191111/DMNDI/"><unknown/></DMNDI>'
    )
    needs = '<authorityRequirement id="r"><requiredAuthority href="#k"/></authorityRequirement>'

    graph = file(around, decision("d", literal("1"), required=needs))

    assert list(graph.decisions) == ["d"]


def test_names_stand_for_missing_ids_and_variables() -> None:
    graph = file(
        f'<decision name="first one">{literal("1")}</decision>',
        decision("d", literal("first one + 1"), required=requires("first one")),
    )

    assert evaluate(graph, "d", {}, at=AT).value == Decimal(2)


def test_cross_table_is_a_table() -> None:
    logic = table(["1"], ["a"], [["1", "7"]]).replace(
        "<decisionTable", '<decisionTable preferredOrientation="CrossTable"'
    )

    assert evaluate(file(decision("d", logic)), "d", {}, at=AT).value == Decimal(7)


def test_problem_names_its_element() -> None:
    with pytest.raises(DecisionsInvalid) as caught:
        file(decision("d", table(["x"], ["a"], [["1", "1 +"]])))

    (problem,) = caught.value.findings
    assert problem.element_id == "r1"
    assert problem.args[0] == "syntax"


def test_cycle_names_its_members_only() -> None:
    with pytest.raises(DecisionsInvalid) as caught:
        file(
            decision("a", literal("1"), required=requires("b")),
            decision("b", literal("1"), required=requires("a")),
            decision("c", literal("1"), required=requires("a")),
        )

    assert {problem.element_id for problem in caught.value.findings} == {"a", "b"}


def test_decision_is_found_by_name() -> None:
    assert file(D).find("d").id == "d"


class TestDescribe:
    def test_shows_the_table_as_written(self) -> None:
        logic = table([("x", "1, 2")], [("a", "", '"none"')], [["1", '"one"'], ["-", "x"]])

        view = describe(file(decision("d", logic)).decisions["d"])

        assert [rule.tests for rule in view.rules] == [("1",), ("-",)]
        assert [rule.entries for rule in view.rules] == [('"one"',), ("x",)]
        assert (view.inputs[0].expression, view.inputs[0].allowed) == ("x", "1, 2")
        assert view.hit_policy == "UNIQUE"

    def test_other_logic_has_no_columns(self) -> None:
        view = describe(file(D).decisions["d"])

        assert (view.inputs, view.rules) == ((), ())
