"""Loops: multi-instance over a collection or a number, and the standard loop."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import FLOW_NODES, NS, body, child, extension, is_set, kind
from engine.kernel.drawing.report import Report
from engine.kernel.model import Loop, MultiInstance, StandardLoop
from engine.kernel.read.values import VARIABLE, Values, shown

MOST_PASSES = 1000
DETAILS = "bpmn:extensionElements/zeebe:loopCharacteristics"


def loop_of(node: Element, report: Report) -> Loop | None:
    values = Values(node, report)
    standard = child(node, "standardLoopCharacteristics")
    multiple = child(node, "multiInstanceLoopCharacteristics")
    if standard is not None and multiple is not None:
        values.error("loop.two_kinds")
        return None
    if standard is not None:
        return standard_loop(standard, values)
    return None if multiple is None else multi_instance(multiple, values)


def standard_loop(drawn: Element, values: Values) -> StandardLoop | None:
    maximum = drawn.get("loopMaximum") or ""
    condition = values.feel(body(child(drawn, "loopCondition")), "loopCondition")
    if not (maximum.isascii() and maximum.isdigit() and 1 <= int(maximum[:9]) <= MOST_PASSES):
        values.error("loop.no_maximum", most=str(MOST_PASSES))
        return None
    return StandardLoop(int(maximum), condition, is_set(drawn, "testBefore"))


def multi_instance(drawn: Element, values: Values) -> MultiInstance | None:
    details = extension(drawn, "zeebe:loopCharacteristics")

    def detail(name: str) -> str | None:
        return None if details is None else details.get(name)

    collection = values.feel(detail("inputCollection"), "inputCollection")
    cardinality = cardinality_of(drawn, values)
    if bool(detail("inputCollection")) == (
        body(child(drawn, "loopCardinality")) not in (None, "")
    ):
        values.error("loop.no_collection")
    item = values.variable(detail("inputElement"), "inputElement")
    into = values.variable(detail("outputCollection"), "outputCollection")
    element = values.feel(detail("outputElement"), "outputElement")
    if bool(detail("outputCollection")) != bool(detail("outputElement")):
        values.error("loop.half_output")
    return MultiInstance(
        sequential=is_set(drawn, "isSequential"),
        collection=collection,
        cardinality=cardinality,
        input_element=item,
        output_collection=into,
        output_element=element,
        private=private_variable(element, item),
        completion=values.feel(body(child(drawn, "completionCondition")), "completionCondition"),
    )


def check_outputs(drawing: Drawing, report: Report) -> None:
    """An output collection grows in its loop's own scope; nothing inside may write that name."""
    for node in drawing.nodes:
        details = node.find(f"bpmn:multiInstanceLoopCharacteristics/{DETAILS}", NS)
        name = None if details is None else (details.get("outputCollection") or "").strip()
        if not name:
            continue
        for inner in (e for e in node.iter() if kind(e) in FLOW_NODES and e is not node):
            if name in written(inner):
                report.error("loop.output_taken", inner, name=shown(name))


def written(node: Element) -> set[str]:
    """Variables that a node writes by name."""
    extensions = "bpmn:extensionElements"
    values = [
        *node.xpath(f"{extensions}/zeebe:script/@resultVariable", namespaces=NS),
        *node.xpath(f"{extensions}/zeebe:calledDecision/@resultVariable", namespaces=NS),
        *node.xpath(f"{extensions}/zeebe:ioMapping/zeebe:output/@target", namespaces=NS),
        *node.xpath(
            f"bpmn:multiInstanceLoopCharacteristics/{DETAILS}/@outputCollection", namespaces=NS
        ),
    ]
    return {str(value).strip() for value in values}


def cardinality_of(drawn: Element, values: Values) -> Expression | str | None:
    cardinality = values.either(body(child(drawn, "loopCardinality")))
    if isinstance(cardinality, str):
        number = values.number(cardinality, "loopCardinality", 0, MOST_PASSES)
        return None if number is None else cardinality
    return cardinality


def private_variable(element: Expression | None, item: str | None) -> str | None:
    """`vote` of `=vote` or `=vote.score`: each instance has its own, null at first."""
    if element is None:
        return None
    head = element.source.strip().split(".")[0].strip()
    return head if VARIABLE.match(head) and head != item else None
