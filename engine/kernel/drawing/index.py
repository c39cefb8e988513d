"""An index over one parsed diagram: who flows where, who is attached to whom, whose lane it is.

Building it also evens out spellings, in the tree that is ours: references lose a prefix
(`tns:m1`), `1` and `0` become `true` and `false`, positions that are no numbers go, and an
`eventDefinitionRef` becomes a copy of the definition that it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from math import isfinite

from lxml.etree import _Element as Element

from engine.kernel.drawing.messages import tie_messages
from engine.kernel.drawing.names import (
    BPMN,
    CONDITIONAL,
    CONTAINERS,
    DC,
    DEFINITION,
    FLOW_NODES,
    body,
    bpmn,
    child,
    is_set,
    kind,
    reference,
)

REFERENCES = (
    "sourceRef", "targetRef", "default", "attachedToRef", "messageRef", "signalRef", "errorRef",
    "escalationRef", "activityRef", "processRef", "calledElement",
)  # fmt: skip
# Modellers leave these empty; it means the same as to leave them out.
LEFT_EMPTY = ("default", "messageRef", "signalRef", "dataObjectRef")
CONDITIONS = (
    "conditionExpression", "condition", "completionCondition", "activationCondition",
    "loopCondition", "loopCardinality", "transformation",
)  # fmt: skip
BOOLEANS = (
    "isExecutable", "isForCompensation", "triggeredByEvent", "instantiate", "parallelMultiple",
    "isInterrupting", "cancelActivity", "waitForCompletion", "testBefore", "isSequential",
)  # fmt: skip


class Drawing:
    """One diagram. Flow nodes and flows are those with an id, of all its processes."""

    def __init__(self, root: Element, file: str) -> None:
        self.root = root
        self.file = file
        even_out(root)
        inline_definitions(root)
        tie_messages(root)
        self.by_id: dict[str, Element] = {}
        for element in root.iter(f"{{{BPMN}}}*"):
            self.by_id.setdefault(element.get("id") or "", element)
        self.by_id.pop("", None)
        self.processes = tuple(e for e in root.iterfind(bpmn("process")) if e.get("id"))
        self._drop_empty_conditions()
        self.nodes = tuple(self._of_processes(FLOW_NODES))
        self.flows = tuple(self._of_processes(frozenset({"sequenceFlow"})))
        self.out: dict[str, list[Element]] = defaultdict(list)
        self.into: dict[str, list[Element]] = defaultdict(list)
        for flow in self.flows:
            self.out[flow.get("sourceRef") or ""].append(flow)
            self.into[flow.get("targetRef") or ""].append(flow)
        self.attached: dict[str, list[Element]] = defaultdict(list)
        for node in self.nodes:
            if kind(node) == "boundaryEvent":
                self.attached[node.get("attachedToRef") or ""].append(node)
        self.associations = dict(self._handlers())
        self.lanes = lanes(root)

    def _drop_empty_conditions(self) -> None:
        """Modellers write them everywhere; where no condition may stand they say nothing."""
        for flow in self._of_processes(frozenset({"sequenceFlow"})):
            condition = child(flow, "conditionExpression")
            source = self.by_id.get(flow.get("sourceRef") or "")
            if condition is None or source is None or body(condition):
                continue
            if kind(source) not in CONDITIONAL or source.get("default") == flow.get("id"):
                flow.remove(condition)

    def _of_processes(self, tags: frozenset[str]) -> Iterator[Element]:
        for process in self.processes:
            for element in process.iter(f"{{{BPMN}}}*"):
                if kind(element) in tags and element.get("id"):
                    yield element

    def _handlers(self) -> Iterator[tuple[str, str]]:
        """Boundary event -> compensation activity, drawn either way; others are for readers."""
        for association in self.root.iter(bpmn("association")):
            ends = (reference(association, "sourceRef"), reference(association, "targetRef"))
            for event, activity in (ends, ends[::-1]):
                target = self.by_id.get(activity)
                if target is not None and is_set(target, "isForCompensation"):
                    yield event, activity

    def containers(self, process: Element) -> Iterator[Element]:
        """The process, then the subprocesses inside it."""
        for element in process.iter(f"{{{BPMN}}}*"):
            if kind(element) in CONTAINERS and element.get("id"):
                yield element

    def nodes_of(self, container: Element) -> list[Element]:
        """The flow nodes drawn directly in a process or subprocess."""
        return [e for e in container if kind(e) in FLOW_NODES and e.get("id")]

    def lane_of(self, node: Element) -> Element | None:
        """The innermost lane of a node; inside a subprocess without lanes, the subprocess's."""
        found: Element | None = node
        while found is not None and kind(found) != "process":
            lane = self.lanes.get(found.get("id") or "")
            if lane is not None:
                return lane
            found = found.getparent()
        return None


def process_of(element: Element) -> Element:
    """The process around an element, or the element when there is none."""
    return next((e for e in element.iterancestors(bpmn("process"))), element)


def container_of(element: Element) -> Element | None:
    """The process or subprocess in which an element is drawn."""
    return next((e for e in element.iterancestors() if kind(e) in CONTAINERS), None)


def lanes(root: Element) -> dict[str, Element]:
    """Node id -> its innermost lane."""
    found: dict[str, tuple[int, Element]] = {}
    for lane in root.iter(bpmn("lane")):
        depth = sum(1 for e in lane.iterancestors() if kind(e) == "lane")
        for member in lane.iterfind(bpmn("flowNodeRef")):
            name = (member.text or "").strip()
            if name not in found or depth >= found[name][0]:
                found[name] = (depth, lane)
    return {name: lane for name, (_, lane) in found.items()}


def even_out(root: Element) -> None:
    for element in root.iter(f"{{{BPMN}}}*"):
        even_out_attributes(element)
    for expression in root.iter(*map(bpmn, CONDITIONS)):
        mark_feel(expression, root)
    for bounds in root.iter(f"{{{DC}}}Bounds"):
        for axis in ("x", "y"):
            if not is_number(bounds.get(axis)):
                bounds.attrib.pop(axis, None)


def even_out_attributes(element: Element) -> None:
    for name in REFERENCES:
        if ":" in (element.get(name) or ""):
            element.set(name, reference(element, name))
    for name in LEFT_EMPTY:
        if not (element.get(name) or "").strip():
            element.attrib.pop(name, None)
    for name in BOOLEANS:
        if element.get(name) in ("1", "0"):
            element.set(name, "true" if element.get(name) == "1" else "false")


def mark_feel(expression: Element, root: Element) -> None:
    """What says in BPMN's own way that it is FEEL needs no sign."""
    language = expression.get("language") or root.get("expressionLanguage") or ""
    text = (expression.text or "").strip()
    if "feel" in language.lower() and text and not text.startswith("="):
        expression.text = f"={text}"


def is_number(text: str | None) -> bool:
    try:
        return isfinite(float(text or ""))
    except ValueError:
        return False


def inline_definitions(root: Element) -> None:
    """Definitions at the top of the file move to where events refer to them, without their id."""
    shared = {e.get("id"): e for e in root if kind(e).endswith(DEFINITION)}
    for pointer in list(root.iter(bpmn("eventDefinitionRef"))):
        definition = shared.get((pointer.text or "").strip().rpartition(":")[2])
        event = pointer.getparent()
        if definition is not None and event is not None:
            copy = deepcopy(definition)
            copy.attrib.pop("id", None)
            copy.tail = None
            event.replace(pointer, copy)
