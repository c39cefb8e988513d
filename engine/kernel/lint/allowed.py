"""Allow-lists: elements, attributes and extensions that mean something, each in its place."""

from __future__ import annotations

from collections import Counter

from lxml.etree import QName
from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import BPMN, CAMUNDA, SHENLING, ZEEBE, bpmn, kind, prefixed
from engine.kernel.drawing.report import Report
from engine.kernel.lint import support, vocabulary

OURS = frozenset({ZEEBE, SHENLING})
LISTENS = ("class", "expression", "delegateExpression")
# Engines whose elements change what a diagram does there, and mean nothing here.
OTHER_ENGINES = {
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
}


def check(drawing: Drawing, report: Report) -> None:
    for code, find in support.FINDERS.items():
        found = find(drawing.root)
        for element in found if isinstance(found, list) else ():
            if isinstance(element, Element):
                report.error(code, element)
    for process in drawing.processes:
        for element in process.iter(f"{{{BPMN}}}*"):
            check_place(element, report)
            check_plain_attributes(element, report)
    for element in drawing.root.iter():
        if kind(element) == "extensionElements":
            check_extensions(element, report)
        elif kind(element):
            check_foreign_attributes(element, report)
        elif QName(element).namespace in OURS:
            check_stray(element, report)


def check_place(element: Element, report: Report) -> None:
    tag, parent = kind(element), element.getparent()
    earlier = element.itersiblings(preceding=True) if tag in vocabulary.ONCE else ()
    if any(kind(other) == tag for other in earlier):
        report.error("element.twice", element, element=tag)
    around = kind(parent) if parent is not None else ""
    if tag in vocabulary.PARENTS:
        if around not in vocabulary.PARENTS[tag]:
            report.error("element.misplaced", element, element=tag, parent=around)
    elif tag in vocabulary.PERFORMER_PARTS:
        if not any(kind(e) in vocabulary.PERFORMERS for e in element.iterancestors()):
            report.error("element.unknown", element, element=tag)
    elif tag not in vocabulary.SILENT | vocabulary.PERFORMERS | {"process"}:
        report.error("element.unknown", element, element=tag)


def check_plain_attributes(element: Element, report: Report) -> None:
    known = vocabulary.ATTRIBUTES.get(kind(element))
    if known is None:
        return
    for name, value in element.attrib.items():
        if str(name).startswith("{"):
            continue
        if name not in known:
            report.error("attribute.unknown", element, attribute=str(name), element=kind(element))
        elif name in vocabulary.BOOLEANS and value not in ("true", "false", "1", "0"):
            report.error("attribute.boolean", element, attribute=str(name), value=str(value)[:80])


def check_foreign_attributes(element: Element, report: Report) -> None:
    for name in map(str, element.attrib):
        namespace = QName(name).namespace
        if namespace == CAMUNDA:
            refuse_camunda(QName(name).localname, element, report)
        elif namespace in OTHER_ENGINES:
            report.warning("foreign.engine", element, engine=OTHER_ENGINES[namespace])
        elif namespace in OURS and kind(element) not in support.ATTRIBUTES.get(prefixed(name), ()):
            report.error(
                "attribute.unknown", element, attribute=prefixed(name), element=kind(element)
            )


def refuse_camunda(name: str, element: Element, report: Report) -> None:
    if name in support.CAMUNDA_IGNORED:
        report.warning("camunda.ignored", element, name=f"camunda:{name}")
        return
    equivalent = support.CAMUNDA_EQUIVALENTS.get(name, "bpmn:serviceTask")
    report.error("camunda.element", element, name=f"camunda:{name}", equivalent=equivalent)


def does_nothing(part: Element) -> bool:
    """A listener that calls nothing: modellers leave them behind."""
    listens = QName(part).localname in ("executionListener", "taskListener")
    return listens and not len(part) and not any(map(part.get, LISTENS))


def check_extensions(holder: Element, report: Report) -> None:
    owner = holder.getparent()
    if owner is None or not kind(owner):
        return
    seen: Counter[tuple[str, str]] = Counter()
    for part in holder:
        namespace, name = QName(part).namespace or "", prefixed(part)
        if namespace == CAMUNDA and not does_nothing(part):
            refuse_camunda(QName(part).localname, part, report)
        elif namespace in OTHER_ENGINES:
            report.warning("foreign.engine", part, engine=OTHER_ENGINES[namespace])
        elif namespace in OURS:
            seen[name, part.get("lang", "")] += 1
            check_extension(part, name, kind(owner), report)
    for (name, _), times in seen.items():
        if times > 1:
            report.error("extension.twice", owner, name=name)


def check_extension(part: Element, name: str, owner: str, report: Report) -> None:
    rule = support.EXTENSIONS.get(name)
    if rule is None:
        report.error("extension.unknown", part, name=name)
        return
    if owner not in rule.owners and name in support.HARMLESS:
        report.warning("extension.misplaced", part, name=name, element=owner)
    elif owner not in rule.owners:
        report.error("extension.misplaced", part, name=name, element=owner)
    check_names(part, name, rule.attributes, report)
    for inner in part:
        tag = QName(inner).localname
        if QName(inner).namespace != ZEEBE or tag not in rule.children:
            report.error("extension.unknown", inner, name=f"{name}/{tag}")
        else:
            check_names(inner, f"{name}/{tag}", support.PARTS[tag], report)


def check_names(part: Element, name: str, known: frozenset[str], report: Report) -> None:
    for attribute in map(str, part.attrib):
        if not attribute.startswith("{") and attribute not in known:
            report.error("attribute.unknown", part, attribute=attribute, element=name)


def check_stray(element: Element, report: Report) -> None:
    """An extension element outside of extensionElements would be overlooked."""
    parent = element.getparent()
    if parent is not None and kind(parent) and parent.tag != bpmn("extensionElements"):
        report.error("extension.misplaced", element, name=prefixed(element), element=kind(parent))
