"""Roles of lanes exist; the people named by a four-eyes rule do their tasks in this bundle."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import PEOPLE, SHENLING, bpmn, extension, kind
from engine.kernel.drawing.report import Report
from engine.types import Catalogue

ROLE = f"{{{SHENLING}}}role"


def check(drawing: Drawing, catalogue: Catalogue, report: Report) -> None:
    for lane in drawing.root.iter(bpmn("lane")):
        role = (lane.get(ROLE) or "").strip()
        if role and role not in catalogue.groups:
            report.error("group.unknown", lane, group=role[:80])
    check_members(drawing, report)


def check_members(drawing: Drawing, report: Report) -> None:
    """A node drawn in two lanes of the same depth has no role that all would agree on.

    Several lane sets that sort the same nodes, without roles or with the same, are only drawings.
    """
    seen: dict[tuple[str, int], Element] = {}
    for lane in drawing.root.iter(bpmn("lane")):
        depth = sum(1 for e in lane.iterancestors() if kind(e) == "lane")
        for member in lane.iterfind(bpmn("flowNodeRef")):
            name = (member.text or "").strip()
            other = seen.setdefault((name, depth), lane)
            if other is lane:
                continue
            lanes = f"{other.get('id') or ''}, {lane.get('id') or ''}"
            if (other.get(ROLE) or "").strip() == (lane.get(ROLE) or "").strip():
                report.warning("lane.twice", name, lanes=lanes)
            else:
                report.error("lane.twice", name, lanes=lanes)


def check_four_eyes(drawings: list[tuple[Drawing, Report]]) -> None:
    """Targets are tasks of people: in the same process, or in exactly one other."""
    homes: dict[str, list[str]] = {}
    for drawing, _ in drawings:
        for node in drawing.nodes:
            if kind(node) in PEOPLE:
                home = next(iter(node.iterancestors(bpmn("process"))))
                homes.setdefault(node.get("id") or "", []).append(home.get("id") or "")
    for drawing, report in drawings:
        for node in drawing.nodes:
            rule = extension(node, "shenling:fourEyes") if kind(node) in PEOPLE else None
            if rule is not None:
                check_rule(node, (rule.get("notSameAs") or "").split(), homes, report)


def check_rule(
    node: Element, others: list[str], homes: dict[str, list[str]], report: Report
) -> None:
    if not others:
        report.error("todo.four_eyes", node)
    here = next(iter(node.iterancestors(bpmn("process")))).get("id") or ""
    for other in others:
        found = homes.get(other, [])
        if other == node.get("id"):
            report.error("four_eyes.itself", node)
        elif not found:
            report.error("four_eyes.target", node, id=other[:80])
        elif here not in found and len(found) > 1:
            report.error("four_eyes.ambiguous", node, id=other[:80])
