"""Ids are well formed and unique; every reference finds what it names."""

from __future__ import annotations

import re
from collections import Counter

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

MAX_LENGTH = 80
WELL_FORMED = re.compile(r"[^\W\d][\w.\-]*\Z")
NEED_ID = FLOW_NODES | {
    "sequenceFlow",
    "process",
    "message",
    "signal",
    "error",
    "escalation",
    "lane",
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


def check(drawing: Drawing, report: Report) -> None:
    elements = list(drawing.root.iter(f"{{{BPMN}}}*"))
    for name, times in Counter(e.get("id") for e in elements if e.get("id")).items():
        if times > 1:
            report.error("id.duplicate", name, id=str(name)[:MAX_LENGTH])
    for element in elements:
        check_id(element, report)
        check_references(element, drawing, report)
    for pointer in drawing.root.iter(bpmn("eventDefinitionRef")):
        missing(pointer, "eventDefinitionRef", pointer.text or "", report)
    check_lanes(drawing, report)


def check_id(element: Element, report: Report) -> None:
    name = element.get("id")
    if not name:
        if kind(element) in NEED_ID:
            report.error("id.missing", element, element=kind(element))
    elif kind(element) in NEED_ID and (len(name) > MAX_LENGTH or WELL_FORMED.match(name) is None):
        report.error("id.malformed", element, id=name[:MAX_LENGTH], limit=str(MAX_LENGTH))


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
            report.warning(
                "lane.unknown_member", member, id=(member.text or "").strip()[:MAX_LENGTH]
            )


def missing(element: Element, attribute: str, name: str, report: Report) -> None:
    report.error("reference.missing", element, attribute=attribute, id=name.strip()[:MAX_LENGTH])
