"""Requirement graphs, knowledge models, services, boxed expressions, types."""

from decimal import Decimal

import pytest

from engine.decisions import NoSuchDecision, evaluate
from engine.feel import FeelBudgetExceeded, FeelValue, format_value
from tests.engine.decisions.dmn import (
    decision,
    file,
    input_data,
    literal,
    requires,
    table,
    text,
)
from tests.engine.feel.run import AT, WeekDays


def model(key: str, parameters: str, logic: str, *, required: str = "") -> str:
    formal = "".join(f'<formalParameter name="{name}"/>' for name in parameters.split())
    return (
        f'<businessKnowledgeModel id="{key}" name="{key}"><variable name="{key}"/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{required}"
        "</businessKnowledgeModel>"
    )


def boxed(logic: str, **inputs: object) -> FeelValue:
    data = "".join(input_data(name, name) for name in inputs)
    needs = requires(*inputs, kind="Input")
    return evaluate(file(data, decision("d", logic, required=needs)), "d", inputs, at=AT).value


class TestGraph:
    FILE = (
        input_data("m", "失业 月数"),
        decision("months", literal("失业 月数 * 2"), required=requires("m", kind="Input")),
        decision("left", literal("months + 1"), required=requires("months")),
        decision("right", literal("months + 2"), required=requires("months")),
        decision("top", literal("left + right"), required=requires("left", "right")),
    )

    def test_is_evaluated_from_the_bottom(self) -> None:
        result = evaluate(file(*self.FILE), "top", {"失业 月数": 3}, at=AT)

        assert result.value == Decimal(15)
        assert set(result.required) == {"left", "right"}

    def test_evaluates_each_decision_once(self) -> None:
        result = evaluate(file(*self.FILE), "top", {"失业 月数": 3}, at=AT)

        left, right = result.required["left"], result.required["right"]
        assert left.required["months"] is right.required["months"]

    def test_decisions_of_several_files_go_together(self) -> None:
        first = file(*self.FILE)
        second = file(decision("other", literal("1")))

        merged = {**first.decisions, **second.decisions}

        assert evaluate(merged, "other", {}, at=AT).value == Decimal(1)
        assert evaluate(merged, "top", {"失业 月数": 1}, at=AT).value == Decimal(7)

    def test_failure_below_is_named_above(self) -> None:
        broken = table(["1"], ["n"], [["-", "1"], ["1", "2"]])
        graph = file(
            decision("low", broken), decision("up", literal("1"), required=requires("low"))
        )

        result = evaluate(graph, "up", {}, at=AT)

        assert result.error is not None
        assert (result.error.code, result.error.args) == ("required", ("low", "unique"))

    def test_unknown_decision_is_a_typed_error(self) -> None:
        with pytest.raises(NoSuchDecision):
            evaluate(file(*self.FILE), "nothing", {}, at=AT)

    def test_clock_and_calendar_are_arguments(self) -> None:
        graph = file(decision("d", literal("add working days(today(), 4)")))

        result = evaluate(graph, "d", {}, at=AT, calendar=WeekDays())

        assert format_value(result.value) == '@"2026-11-16"'


class TestKnowledge:
    FACTORIAL = model(
        "fact",
        "n",
        literal("if n <= 1 then 1 else n * fact(n - 1)"),
        required=requires("fact", kind="Knowledge"),
    )

    def test_is_a_function(self) -> None:
        graph = file(
            model("double", "x", literal("x * 2")),
            decision("d", literal("double(4)"), required=requires("double", kind="Knowledge")),
        )

        assert evaluate(graph, "d", {}, at=AT).value == Decimal(8)

    def test_may_call_itself(self) -> None:
        needs = requires("fact", kind="Knowledge")
        graph = file(self.FACTORIAL, decision("d", literal("fact(10)"), required=needs))

        assert evaluate(graph, "d", {}, at=AT).value == Decimal(3628800)

    @pytest.mark.parametrize(
        "body", ["f(n + 1)", "f(n + 1) + f(n + 2)", "for i in 1..100 return f(n + i)"]
    )
    def test_endless_recursion_is_a_typed_refusal(self, body: str) -> None:
        needs = requires("f", kind="Knowledge")
        graph = file(
            model("f", "n", literal(body), required=needs),
            decision("d", literal("f(1)"), required=needs),
        )

        with pytest.raises(FeelBudgetExceeded):
            evaluate(graph, "d", {}, at=AT)

    def test_holds_a_table(self) -> None:
        logic = table(["n"], ["size"], [["< 10", '"small"'], [">= 10", '"large"']])
        needs = requires("size", kind="Knowledge")
        graph = file(
            model("size", "n", logic),
            decision("d", literal("for n in [1, 20] return size(n)"), required=needs),
        )

        assert evaluate(graph, "d", {}, at=AT).value == ["small", "large"]

    def test_conflict_inside_is_the_decisions_error(self) -> None:
        logic = table(["n"], ["size"], [["-", "1"], ["-", "2"]])
        needs = requires("size", kind="Knowledge")
        graph = file(model("size", "n", logic), decision("d", literal("size(1)"), required=needs))

        result = evaluate(graph, "d", {}, at=AT)

        assert result.error is not None
        assert result.error.code == "unique"

    def test_invocation_passes_arguments_by_name(self) -> None:
        binding = '<binding><parameter name="x"/>' + literal("7") + "</binding>"
        needs = requires("double", kind="Knowledge")
        graph = file(
            model("double", "x", literal("x * 2")),
            decision(
                "d", f"<invocation>{literal('double')}{binding}</invocation>", required=needs
            ),
        )

        assert evaluate(graph, "d", {}, at=AT).value == Decimal(14)


def test_decision_service_is_a_function_over_its_decisions() -> None:
    service = (
        '<decisionService id="svc" name="svc"><variable name="svc"/>'
        '<outputDecision href="#sum"/><inputData href="#a"/></decisionService>'
    )
    graph = file(
        input_data("a", "a"),
        decision("sum", literal("a + 1"), required=requires("a", kind="Input")),
        service,
        decision("d", literal("svc(41)"), required=requires("svc", kind="Knowledge")),
    )

    assert evaluate(graph, "d", {}, at=AT).value == Decimal(42)
    assert evaluate(graph, "svc", {"a": 1}, at=AT).value == Decimal(2)


def test_service_answers_in_its_declared_type() -> None:
    service = (
        '<itemDefinition name="tService"><functionItem outputTypeRef="string"/></itemDefinition>'
        '<decisionService id="svc" name="svc"><variable name="svc" typeRef="tService"/>'
        '<outputDecision href="#n"/></decisionService>'
    )
    graph = file(decision("n", literal("1000")), service)

    assert evaluate(graph, "svc", {}, at=AT).value is None


def entry(name: str, logic: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def quantifier(kind: str, feel: str, source: str = "[1, 5]") -> str:
    body = f"<in>{literal(source)}</in><satisfies>{literal(feel)}</satisfies>"
    return f'<{kind} iteratorVariable="i">{body}</{kind}>'


PAIR = entry("a", literal("x")) + entry("b", literal("a + 1"))
RESULT = entry("a", literal("x")) + entry("", literal("a * 2"))
COLUMNS = '<column name="k"/><column name="v"/>'
BRANCHES = f"<if>{literal('x > 3')}</if><then>{literal('1')}</then><else>{literal('2')}</else>"
FILTER = f"<in>{literal('[1, 5, 9]')}</in><match>{literal('item > 4')}</match>"
LOOP = f"<in>{literal('[1, 2]')}</in><return>{literal('i * x')}</return>"
ADD = f'<functionDefinition><formalParameter name="a"/>{literal("a + x")}</functionDefinition>'


def chosen(condition: str) -> str:
    parts = f"<then>{literal('1')}</then><else>{literal('2')}</else>"
    return f"<conditional><if>{literal(condition)}</if>{parts}</conditional>"


def kept(source: str, match: str) -> str:
    return f"<filter><in>{literal(source)}</in><match>{literal(match)}</match></filter>"


def collected(source: str, feel: str) -> str:
    parts = f"<in>{literal(source)}</in><return>{literal(feel)}</return>"
    return f'<for iteratorVariable="each one">{parts}</for>'


def invoked(function: str, *names: str) -> str:
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{literal("x")}</binding>' for name in names
    )
    return f"<invocation>{literal(function)}{bindings}</invocation>"


NAMED = entry("first day", literal("1")) + entry("月份", literal("2")) + entry("a+b", literal("3"))
ALL_NAMES = entry("", literal("[first day, 月份, a+b]"))
NESTED = entry("outer", f"<context>{entry('inner', literal('x'))}</context>")


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (chosen("true"), "1"),
        (chosen("false"), "2"),
        (chosen("null"), "2"),
        (chosen('"yes"'), "2"),
        (kept("[1, 5, 9]", "item > 9"), "[]"),
        (kept("[{a: 1}, {a: 2}, {b: 3}]", "a > 1"), "[{a: 2}]"),
        (kept("[{item: 1}]", "item = 1"), "[{item: 1}]"),
        (kept("[1, 2]", '"no boolean"'), "null"),
        (kept("[1, 2]", 'if item = 1 then true else "no boolean"'), "null"),
        (kept("5", "item = 5"), "[5]"),
        (kept("null", "true"), "null"),
        (kept("[1..4]", "even(item)"), "[2, 4]"),
        (collected("[1, 2]", "each one * x"), "[5, 10]"),
        (collected("[]", "each one"), "[]"),
        (collected("null", "each one"), "null"),
        (collected("(1..4]", "each one"), "[2, 3, 4]"),
        (collected("[1, 2, 3]", "each one + sum(partial)"), "[null, null, null]"),
        (collected("[1, 2, 3]", "count(partial)"), "[0, 1, 2]"),
        (quantifier("some", "i > 5"), "false"),
        (quantifier("some", '"no boolean"'), "null"),
        (quantifier("every", "i > 0"), "true"),
        (quantifier("every", '"no boolean"'), "null"),
        (quantifier("every", 'if i = 1 then true else "no boolean"'), "null"),
        (quantifier("every", "true", "[]"), "true"),
        (quantifier("some", "true", "[]"), "false"),
        (f"<context>{NAMED}{ALL_NAMES}</context>", "[1, 2, 3]"),
        (f"<context>{NESTED}{entry('', literal('outer.inner'))}</context>", "5"),
        (invoked("function(a, b) [a, b]", "a", "b"), "[5, 5]"),
        (invoked("function(a, b) [a, b]", "a"), "null"),
        (invoked("function(a) a", "a", "c"), "null"),
        (invoked("x", "a"), "null"),
        (f"<context>{PAIR}</context>", "{a: 5, b: 6}"),
        (f"<context>{RESULT}</context>", "10"),
        (f"<list>{literal('1')}{literal('x')}</list>", "[1, 5]"),
        (
            f"<relation>{COLUMNS}<row>{literal('1')}{literal('x')}</row></relation>",
            "[{k: 1, v: 5}]",
        ),
        (f"<conditional>{BRANCHES}</conditional>", "1"),
        (f"<filter>{FILTER}</filter>", "[5, 9]"),
        (f'<for iteratorVariable="i">{LOOP}</for>', "[5, 10]"),
        (quantifier("some", "i = x"), "true"),
        (quantifier("every", "i = x"), "false"),
        (f"<context>{entry('f', ADD)}{entry('', literal('f(1)'))}</context>", "6"),
    ],
)
def test_boxed_expression(logic: str, expected: str) -> None:
    assert format_value(boxed(logic, x=5)) == expected


class TestTypes:
    PERSON = (
        '<itemDefinition name="tPerson">'
        '<itemComponent name="first name"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>'
        '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
        + text("allowedValues", '"low", "high"')
        + "</itemDefinition>"
        '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef>'
        "</itemDefinition>"
    )

    @pytest.mark.parametrize(
        ("type_ref", "given", "expected"),
        [
            ("number", 1, "1"),
            ("number", "1", "null"),
            ("feel:number", [1], "1"),
            ("tLevel", "low", '"low"'),
            ("tLevel", "other", "null"),
            ("tNumbers", 1, "[1]"),
            ("tNumbers", [1, 2], "[1, 2]"),
            ("tNumbers", ["a"], "null"),
            ("tPerson", {"first name": "A", "age": 3}, '{first name: "A", age: 3}'),
            ("tPerson", {"first name": "A", "age": "x"}, "null"),
            ("tPerson", "A", "null"),
            ("tPerson", {"first name": "A"}, "null"),
            ("tPerson", {"first name": "A", "age": None}, '{first name: "A", age: null}'),
            ("Any", "A", '"A"'),
        ],
    )
    def test_value_of_a_decision_conforms_or_is_null(
        self, type_ref: str, given: object, expected: str
    ) -> None:
        graph = file(
            self.PERSON,
            input_data("x", "x"),
            decision("d", literal("x"), required=requires("x", kind="Input"), type_ref=type_ref),
        )

        assert format_value(evaluate(graph, "d", {"x": given}, at=AT).value) == expected

    def test_any_box_may_be_typed(self) -> None:
        logic = f'<list typeRef="number">{literal("1")}</list>'

        assert evaluate(file(decision("d", logic)), "d", {}, at=AT).value == Decimal(1)

    def test_type_of_a_collecting_table_is_that_of_its_list(self) -> None:
        logic = table(["1"], ["n"], [["-", "7"]], policy="COLLECT").replace(
            "<decisionTable", '<decisionTable typeRef="tNumbers"'
        )

        assert evaluate(file(self.PERSON, decision("d", logic)), "d", {}, at=AT).value == [7]

    def test_components_with_spaces_are_read(self) -> None:
        graph = file(
            self.PERSON,
            input_data("p", "p"),
            decision("d", literal("p.first name"), required=requires("p", kind="Input")),
        )

        assert evaluate(graph, "d", {"p": {"first name": "A"}}, at=AT).value == "A"
