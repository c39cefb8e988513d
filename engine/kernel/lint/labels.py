"""What people read has a name, in both languages."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import NS, PEOPLE, body, bpmn, kind
from engine.kernel.drawing.report import Report

DECIDES = frozenset({"exclusiveGateway", "inclusiveGateway"})
ENGLISH = 'bpmn:extensionElements/shenling:text[@lang="en"]'


def check(drawing: Drawing, report: Report) -> None:
    """Processes, lanes, tasks of people and the answers to a gateway's question."""
    named: list[Element] = [*drawing.processes, *drawing.root.iter(bpmn("lane"))]
    for node in drawing.nodes:
        leaving = drawing.out[node.get("id") or ""]
        if kind(node) in PEOPLE:
            named.append(node)
        elif kind(node) in DECIDES and len(leaving) > 1:
            named.extend(leaving)
    for element in named:
        if not (element.get("name") or "").strip():
            report.warning("name.missing", element)
        elif not body(element.find(ENGLISH, NS)):
            report.warning("name.no_english", element)
