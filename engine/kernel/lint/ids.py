"""Ids are unique; every reference finds what it names."""

from __future__ import annotations

from collections import defaultdict

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import (
    ACTIVITIES,
    BPMN,
    FLOW_NODES,
    bpmn,
    kind,
)
from engine.kernel.drawing.report import Report

SHOWN = 80
# Two of these by one id would be mixed up; two data states would not.
COUNT = FLOW_NODES | {
    "sequenceFlow",
    "process",
    "message",
    "signal",
    "error",
    "escalation",
    "lane",
    "dataObject",
    "dataObjectReference",
    "dataInput",
    "dataOutput",
    "property",
}

# Attribute -> the tags it may point to.
TARGETS = {
    "messageRef": {"message"},
    "signalRef": {"signal"},
    "errorRef": {"error"},
    "escalationRef": {"escalation"},
    "attachedToRef": ACTIVITIES,
    "default": {"sequenceFlow"},
    "dataObjectRef": {"dataObject"},
}
# What only documents may point to nothing.
DOCUMENTS = frozenset({"dataObjectRef"})


def check(drawing: Drawing, report: Report) -> None:
    elements = list(drawing.root.iter(f"{{{BPMN}}}*"))
    check_unique(elements, report)
    for element in elements:
        check_references(element, drawing, report)
    for pointer in drawing.root.iter(bpmn("eventDefinitionRef")):
        missing(pointer, "eventDefinitionRef", pointer.text or "", report)
    check_lanes(drawing, report)


def check_unique(elements: list[Element], report: Report) -> None:
    named: dict[str, list[Element]] = defaultdict(list)
    for element in elements:
        if kind(element) == "process" and not element.get("id"):
            report.error("process.no_id", element)
        named[element.get("id") or ""].append(element)
    named.pop("", None)
    for name, twins in named.items():
        if len(twins) == 1:
            continue
        if any(kind(twin) in COUNT for twin in twins):
            report.error("id.duplicate", name, id=name[:SHOWN])
        else:
            report.warning("id.duplicate", name, id=name[:SHOWN])


def check_references(element: Element, drawing: Drawing, report: Report) -> None:
    for attribute, tags in TARGETS.items():
        name = element.get(attribute)
        if name is None:
            continue
        target = drawing.by_id.get(name)
        if target is None or kind(target) not in tags:
            missing(element, attribute, name, report)


def check_lanes(drawing: Drawing, report: Report) -> None:
    for member in drawing.root.iter(bpmn("flowNodeRef")):
        target = drawing.by_id.get((member.text or "").strip())
        if target is None or kind(target) not in FLOW_NODES:
            report.warning("lane.unknown_member", member, id=(member.text or "").strip()[:SHOWN])


def missing(element: Element, attribute: str, name: str, report: Report) -> None:
    if attribute in DOCUMENTS:
        report.warning("reference.missing", element, attribute=attribute, id=name.strip()[:SHOWN])
    else:
        report.error("reference.missing", element, attribute=attribute, id=name.strip()[:SHOWN])
