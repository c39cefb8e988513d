"""Decision tables from XML."""

from __future__ import annotations

from engine.decisions.item_types import allowed_values
from engine.decisions.model import Logic
from engine.decisions.reading import Names, Reading, element_id, tests_of
from engine.decisions.table import AGGREGATIONS, HIT_POLICIES, Input, Output, Rule, Table
from engine.decisions.xml import Element, attribute, child, children, text_of
from engine.feel import Expression, FeelBudgetExceeded, FeelSyntaxError
from engine.feel.parser import parse_unary_tests

_SINGLE = ("", "UNIQUE", "ANY", "FIRST", "PRIORITY")


def read_table(reading: Reading, element: Element, names: Names) -> Logic:
    policy = attribute(element, "hitPolicy") or "UNIQUE"
    if policy not in HIT_POLICIES:
        reading.expression_problem("hit-policy", element, policy)
        policy = "UNIQUE"
    aggregation = attribute(element, "aggregation") if policy == "COLLECT" else ""
    if aggregation and aggregation not in AGGREGATIONS:
        reading.expression_problem("aggregation", element, aggregation)
        aggregation = ""
    inputs = tuple(_input(reading, item, names) for item in children(element, "input"))
    holders = children(element, "output")
    outputs = tuple(_output(reading, item, element, names) for item in holders)
    _check_outputs(reading, element, policy, outputs)
    rules = tuple(
        rule
        for index, item in enumerate(children(element, "rule"), 1)
        if (rule := _rule(reading, item, index, (inputs, outputs), names)) is not None
    )
    annotations = tuple(attribute(item, "name") for item in children(element, "annotation"))
    answer = reading.type_ref(element) if policy in _SINGLE and len(outputs) > 1 else ""
    return Table(
        element_id(element), policy, aggregation, inputs, outputs, rules, annotations, answer
    )


def _check_outputs(
    reading: Reading, element: Element, policy: str, outputs: tuple[Output, ...]
) -> None:
    if not outputs:
        reading.expression_problem("no-output", element)
    if policy in ("PRIORITY", "OUTPUT ORDER") and not any(column.order for column in outputs):
        reading.expression_problem("no-output-values", element, policy)
    names = [column.name for column in outputs]
    if len(names) > 1 and (len(set(names)) < len(names) or "" in names):
        reading.expression_problem("output-names", element)


def _input(reading: Reading, element: Element, names: Names) -> Input:
    holder = child(element, "inputExpression")
    text = text_of(holder)
    if holder is None or not text:
        reading.expression_problem("no-input-expression", element)
        holder, text = element, "null"
    expression = reading.expression(holder, text, names)
    return Input(
        element_id(element),
        attribute(element, "label") or text,
        expression,
        reading.type_ref(holder),
        tests_of(reading, child(element, "inputValues"), names),
    )


def _output(reading: Reading, element: Element, table: Element, names: Names) -> Output:
    default = child(element, "defaultOutputEntry")
    reference = reading.type_ref(element)
    # The table's own type is that of its answer, not of a row, where several rules answer.
    single = attribute(table, "hitPolicy") in _SINGLE and len(children(table, "output")) == 1
    if single and not reference:
        reference = reading.type_ref(element, table)
    values = child(element, "outputValues")
    allowed = tests_of(reading, values, names)
    # Where the column does not say in which order its values come, its type may.
    order = allowed or allowed_values(reference, reading.types)
    return Output(
        element_id(element),
        attribute(element, "name"),
        attribute(element, "label") or attribute(element, "name"),
        reference,
        allowed,
        () if order is None else _one_by_one(reading, element, order.source, names),
        None if default is None else reading.expression(default, text_of(default), names),
    )


def _one_by_one(
    reading: Reading, element: Element, text: str, names: Names
) -> tuple[Expression, ...]:
    """OutputValues is a list of unary tests; its order is the priority of the values."""
    try:
        tests = parse_unary_tests(text, names).tests
    except (FeelSyntaxError, FeelBudgetExceeded):
        return ()
    starts = [test.at for test in tests]
    ends = [*starts[1:], len(text)]
    parts = [text[a:b].strip().rstrip(",").strip() for a, b in zip(starts, ends, strict=True)]
    return tuple(reading.expression(element, part, names) for part in parts)


def _rule(
    reading: Reading,
    element: Element,
    index: int,
    columns: tuple[tuple[Input, ...], tuple[Output, ...]],
    names: Names,
) -> Rule | None:
    tests, entries = children(element, "inputEntry"), children(element, "outputEntry")
    inputs, outputs = columns
    if len(tests) != len(inputs) or len(entries) != len(outputs):
        reading.expression_problem("row-length", element, str(index))
        return None
    return Rule(
        attribute(element, "id") or f"{element_id(element)}#{index}",
        tuple(reading.tests(test, text_of(test) or "-", names) for test in tests),
        tuple(_entry(reading, entry, names) for entry in entries),
        tuple(reading.type_ref(entry) for entry in entries),
        tuple(text_of(note) for note in children(element, "annotationEntry"))
        or tuple("".join(note.itertext()).strip() for note in children(element, "description")),
    )


def _entry(reading: Reading, element: Element, names: Names) -> Expression:
    """An output cell; an empty one or `-` is null."""
    text = text_of(element)
    return reading.expression(element, "null" if text in ("", "-") else text, names)
