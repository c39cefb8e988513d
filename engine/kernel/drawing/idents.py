"""Ids and names as the engine needs them: missing ones are given, odd ones are replaced.

What an id is made of is derived from the drawing alone, so that it is the same at each reading.
Findings name the id that is drawn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from lxml.etree import QName
from lxml.etree import _Element as Element

from engine.kernel.drawing.names import BPMN, FLOW_NODES, bpmn, kind
from engine.kernel.drawing.report import Report

# The columns that hold ids.
MAX_LENGTH = 100
# What XML allows in a name, and digits, dots and dashes in front too. A colon parts a prefix.
LETTERS = (
    r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
OTHERS = r"0-9.\-\u00b7\u0300-\u036f\u203f\u2040"
WELL_FORMED = re.compile(rf"[{LETTERS}{OTHERS}]{{1,{MAX_LENGTH}}}\Z")
ODD = re.compile(rf"[^{LETTERS}{OTHERS}]")
GIVEN = FLOW_NODES | {"sequenceFlow", "lane"}
KEPT_IN_COLUMNS = GIVEN | {"process"}
REFERRED = frozenset({"message", "signal", "error", "escalation"})
NAMED = frozenset({"message", "signal"})
CALLED = frozenset({"calledElement", "processId"})
POINTERS = frozenset({"id", "default", "bpmnElement"}) | CALLED
POINTING = frozenset({"incoming", "outgoing"})


def settle(root: Element, report: Report) -> None:
    """Give and replace ids in the tree that is ours; each is a warning."""
    name_events(root, report)
    give(root, report)
    names: dict[str, str] = {}
    for element in root.iter(f"{{{BPMN}}}*"):
        name = element.get("id") or ""
        if kind(element) in KEPT_IN_COLUMNS and name and WELL_FORMED.match(name) is None:
            names[name] = settled(name)
            report.warning("id.malformed", element, id=name[:MAX_LENGTH], used=names[name])
    for element, attribute, name in called(root):
        if WELL_FORMED.match(name) is None:
            element.set(attribute, settled(name))
    if names:
        rename(root, names)
        report.drawn |= {new: old for old, new in names.items()}


def name_events(root: Element, report: Report) -> None:
    """What has no id cannot be referred to; what has no name is known by its id."""
    nameless = 0
    for element in root.iter(*map(bpmn, REFERRED)):
        if not element.get("id"):
            nameless += 1
            element.set("id", f"{kind(element)}.{nameless}")
        elif kind(element) in NAMED and not (element.get("name") or "").strip():
            report.warning("event.no_name", element, id=element.get("id") or "")
            element.set("name", element.get("id") or "")


def settled(name: str) -> str:
    """An id that can be stored, and no other's."""
    mark = sha256(name.encode()).hexdigest()[:8]
    return f"{ODD.sub('_', name)[: MAX_LENGTH - 9]}.{mark}"


def called(root: Element) -> Iterator[tuple[Element, str, str]]:
    """Processes that are named by calls, in this file or another; FEEL is none."""
    for activity in root.iter(bpmn("callActivity")):
        for element in activity.iter():
            for attribute in CALLED:
                name = (element.get(attribute) or "").rpartition(":")[2].strip()
                if name and "=" not in name and "$" not in name:
                    yield element, attribute, name


def give(root: Element, report: Report) -> None:
    taken = {element.get("id") for element in root.iter()}
    numbers: Counter[str] = Counter()
    for process in root.iterfind(bpmn("process")):
        for element in process.iter(f"{{{BPMN}}}*"):
            tag = kind(element)
            if tag not in GIVEN or element.get("id"):
                continue
            around = next((e.get("id") or "" for e in element.iterancestors() if e.get("id")), "")
            while True:
                numbers[f"{around}.{tag}"] += 1
                name = f"{around}.{tag}{numbers[f'{around}.{tag}']}"
                if name not in taken:
                    break
            report.warning("id.missing", element, element=tag, used=name)
            element.set("id", name)
            report.drawn[name] = around


def rename(root: Element, names: dict[str, str]) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute, value in element.attrib.items():
            if points(str(attribute)) and (new := found(str(value), names)):
                element.set(attribute, new)
        tag = QName(element).localname
        if (tag in POINTING or tag.endswith("Ref")) and (new := found(element.text, names)):
            element.text = new


def points(attribute: str) -> bool:
    return attribute in POINTERS or attribute.endswith("Ref")


def found(text: str | None, names: dict[str, str]) -> str | None:
    text = (text or "").strip()
    return names.get(text) or names.get(text.rpartition(":")[2])
