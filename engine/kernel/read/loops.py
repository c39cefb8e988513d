"""Loops: multi-instance over a collection or a number, and the standard loop."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import (
    DEFINITION,
    FLOW_NODES,
    NS,
    body,
    bpmn,
    child,
    definitions,
    event_kind,
    extension,
    is_set,
    kind,
)
from engine.kernel.drawing.report import Report
from engine.kernel.model import Announcement, EventDef, Loop, MultiInstance, StandardLoop
from engine.kernel.read.data import referred, variable_at, variable_of
from engine.kernel.read.events import Events
from engine.kernel.read.values import VARIABLE, Values, shown

MOST_PASSES = 1000
BEHAVIORS = frozenset({"All", "None", "One", "Complex"})
ANNOUNCED = frozenset({"signal", "message", "escalation"})
# Elements of BPMN -> what `zeebe:loopCharacteristics` calls them.
DATA = {
    "loopDataInputRef": "inputCollection",
    "inputDataItem": "inputElement",
    "loopDataOutputRef": "outputCollection",
    "outputDataItem": "outputElement",
}
FEEL = frozenset({"inputCollection", "outputElement"})
DETAILS = "bpmn:extensionElements/zeebe:loopCharacteristics"


def loop_of(node: Element, events: Events) -> Loop | None:
    values = Values(node, events.report)
    standard = child(node, "standardLoopCharacteristics")
    multiple = child(node, "multiInstanceLoopCharacteristics")
    if standard is not None and multiple is not None:
        values.error("loop.two_kinds")
        return None
    if standard is not None:
        return standard_loop(standard, values)
    return None if multiple is None else multi_instance(multiple, events, values)


def standard_loop(drawn: Element, values: Values) -> StandardLoop | None:
    maximum = (drawn.get("loopMaximum") or "").strip()
    condition = values.feel(body(child(drawn, "loopCondition")), "loopCondition")
    if not maximum and condition is not None:
        return StandardLoop(None, condition, is_set(drawn, "testBefore"))
    if not (maximum.isascii() and maximum.isdigit() and 1 <= int(maximum[:9]) <= MOST_PASSES):
        values.error("loop.no_maximum", most=str(MOST_PASSES))
        return None
    return StandardLoop(int(maximum), condition, is_set(drawn, "testBefore"))


def multi_instance(drawn: Element, events: Events, values: Values) -> MultiInstance | None:
    details = extension(drawn, "zeebe:loopCharacteristics")
    referred_to = data(drawn, events, values)

    def detail(name: str) -> str | None:
        return (None if details is None else details.get(name)) or referred_to.get(name)

    collection = values.feel(detail("inputCollection"), "inputCollection")
    cardinality = cardinality_of(drawn, values)
    if details is not None and details.get("inputCollection") and "inputCollection" in referred_to:
        values.error("loop.no_collection")
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
        announces=announcements(drawn, events, values),
    )


def data(drawn: Element, events: Events, values: Values) -> dict[str, str]:
    """References to data, as what `zeebe:loopCharacteristics` would say."""
    found = {}
    for tag, name in DATA.items():
        part = child(drawn, tag)
        if part is None:
            continue
        if tag.endswith("Ref"):
            variable = variable_at(part.text, values.element, events.drawing)
        else:
            variable = variable_of(part, events.drawing)
        if not variable:
            shown_as = (part.text or part.get("name") or part.get("id") or "").strip()
            values.error("loop.data", name=shown(shown_as))
        found[name] = f"={variable}" if name in FEEL else variable
    return found


def announcements(drawn: Element, events: Events, values: Values) -> tuple[Announcement, ...]:
    """What is thrown when an instance completes: never, always, once, or on conditions."""
    behavior = drawn.get("behavior") or "All"
    complexes = list(drawn.iterfind(bpmn("complexBehaviorDefinition")))
    if behavior not in BEHAVIORS or (behavior == "Complex" and not complexes):
        values.error("loop.behavior", value=shown(behavior))
    if behavior == "Complex":
        return tuple(a for part in complexes if (a := on_condition(part, events, values)))
    name = drawn.get(f"{behavior.lower()}BehaviorEventRef")
    if behavior == "All" or not name:
        return ()
    definition = referred(name, events.drawing)
    if definition is None or not kind(definition).endswith(DEFINITION):
        values.error("loop.behavior", value=shown(behavior))
        return ()
    event = announced(definition, events, values)
    return () if event is None else (Announcement(event, first=behavior == "One"),)


def on_condition(part: Element, events: Events, values: Values) -> Announcement | None:
    condition = values.feel(body(child(part, "condition")), "condition")
    thrown = child(part, "event")
    inside = [] if thrown is None else definitions(thrown)
    if condition is None or len(inside) != 1:
        values.error("loop.behavior", value="Complex")
        return None
    event = announced(inside[0], events, values)
    return None if event is None else Announcement(event, condition=condition)


def announced(definition: Element, events: Events, values: Values) -> EventDef | None:
    what = event_kind(definition)
    if what not in ANNOUNCED:
        values.error("loop.event", event=what)
        return None
    return events.read(definition, values.element, throws=True)


def check_outputs(drawing: Drawing, report: Report) -> None:
    """An output collection grows in its loop's own scope; nothing inside may write that name."""
    for node in drawing.nodes:
        name = output_of(node, drawing)
        if not name:
            continue
        for inner in (e for e in node.iter() if kind(e) in FLOW_NODES and e is not node):
            if name in written(inner):
                report.error("loop.output_taken", inner, name=shown(name))


def output_of(node: Element, drawing: Drawing) -> str:
    """The variable that collects the results of a multi-instance activity."""
    details = node.find(f"bpmn:multiInstanceLoopCharacteristics/{DETAILS}", NS)
    name = "" if details is None else (details.get("outputCollection") or "").strip()
    drawn = node.find("bpmn:multiInstanceLoopCharacteristics/bpmn:loopDataOutputRef", NS)
    return name if name or drawn is None else variable_at(drawn.text, node, drawing)


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
