"""Where flows lead: inside one process or subprocess, from a start to every node."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing, container_of, process_of
from engine.kernel.drawing.names import (
    ACTIVITIES,
    FLOW_NODES,
    bpmn,
    definitions,
    event_kind,
    is_set,
    kind,
)
from engine.kernel.drawing.report import Report

NO_WAY_IN = frozenset({"startEvent", "boundaryEvent"})


def check(drawing: Drawing, report: Report) -> None:
    for flow in drawing.flows:
        check_ends(flow, drawing, report)
    for process in drawing.processes:
        for container in drawing.containers(process):
            if check_starts(container, drawing, report):
                check_reached(container, drawing, report)
    for node in drawing.nodes:
        check_ways(node, drawing, report)
        check_implicit_end(node, drawing, report)


def check_ends(flow: Element, drawing: Drawing, report: Report) -> None:
    places = []
    for end in ("sourceRef", "targetRef"):
        node = drawing.by_id.get(flow.get(end) or "")
        if node is None or kind(node) not in FLOW_NODES:
            report.error("flow.dangling", flow, end=end, id=(flow.get(end) or "")[:80])
        else:
            places.append(node)
    if len(places) < 2:  # noqa: PLR2004  # a flow has two ends
        return
    source, target = places
    if process_of(source) is not process_of(target):
        report.error("flow.crosses_pool", flow)
    elif not container_of(source) is container_of(target) is container_of(flow):
        report.error("flow.crosses_border", flow)
    twins = [f for f in drawing.out[flow.get("sourceRef") or ""] if f is not flow]
    if any(f.get("targetRef") == flow.get("targetRef") for f in twins):
        report.warning("flow.twice", flow)


def check_starts(container: Element, drawing: Drawing, report: Report) -> bool:
    """Whether the container has nodes and a start at all."""
    nodes = drawing.nodes_of(container)
    starts = [node for node in nodes if kind(node) == "startEvent"]
    blank = [start for start in starts if not definitions(start)]
    if not nodes:
        report.error("todo.empty", container)
    elif kind(container) == "adHocSubProcess":
        return check_ad_hoc(container, nodes, drawing, report)
    elif not starts:
        return check_without_start(container, nodes, drawing, report)
    elif kind(container) == "process":
        if len(blank) > 1:
            report.warning("start.several_blank", container)
    elif len(starts) > 1:
        report.error("start.several", container)
    elif is_set(container, "triggeredByEvent"):
        if blank:
            report.error("start.without_event", blank[0])
    elif not blank:
        report.error("start.event_inside", starts[0])
    return bool(nodes) and bool(starts)


def check_ad_hoc(
    container: Element, nodes: list[Element], drawing: Drawing, report: Report
) -> bool:
    for node in nodes:
        if kind(node) in ("startEvent", "endEvent"):
            report.error("ad_hoc.start_or_end", node)
    begins = any(nothing_leads_to(node, drawing) for node in nodes)
    if not begins:
        report.error("start.missing", container)
    return begins


def check_without_start(
    container: Element, nodes: list[Element], drawing: Drawing, report: Report
) -> bool:
    """A message may start the process elsewhere; an end event demands a start event."""
    if kind(container) == "process" and any(is_set(node, "instantiate") for node in nodes):
        return True
    ends = any(kind(node) == "endEvent" for node in nodes)
    begins = any(nothing_leads_to(node, drawing) for node in nodes)
    if ends or not begins or is_set(container, "triggeredByEvent"):
        report.error("start.missing", container)
        return False
    report.warning("start.implicit", container)
    return True


def nothing_leads_to(node: Element, drawing: Drawing) -> bool:
    """Whether no flow or link leads to a node, and no event starts it."""
    aside = is_set(node, "triggeredByEvent") or is_set(node, "isForCompensation")
    jumped = bool(link_name(node)) and kind(node) == "intermediateCatchEvent"
    entered = bool(drawing.into[node.get("id") or ""])
    return not (aside or jumped or entered or kind(node) in NO_WAY_IN)


def check_reached(container: Element, drawing: Drawing, report: Report) -> None:
    """Every node can be reached from a start; handlers from what triggers them."""
    nodes = {node.get("id") or "": node for node in drawing.nodes_of(container)}
    handlers = set(drawing.associations.values())
    alone = not any(kind(n) == "startEvent" or is_set(n, "instantiate") for n in nodes.values())
    seen: set[str] = set()
    todo = [
        name
        for name, node in nodes.items()
        if kind(node) == "startEvent"
        or is_set(node, "instantiate")
        or (alone and nothing_leads_to(node, drawing))
        or is_set(node, "triggeredByEvent")
        or (is_set(node, "isForCompensation") and name in handlers)
    ]
    while todo:
        name = todo.pop()
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        todo += [flow.get("targetRef") or "" for flow in drawing.out[name]]
        todo += [event.get("id") or "" for event in drawing.attached[name]]
        todo += link_targets(nodes[name], nodes)
    for name, node in nodes.items():
        if name not in seen:
            report.error("node.unreachable", node)


def link_name(node: Element) -> str:
    found = [part for part in definitions(node) if event_kind(part) == "link"]
    return (found[0].get("name") or "").strip() if found else ""


def link_targets(node: Element, nodes: dict[str, Element]) -> list[str]:
    name = link_name(node) if kind(node) == "intermediateThrowEvent" else ""
    return [
        other
        for other, drawn in nodes.items()
        if name and kind(drawn) == "intermediateCatchEvent" and link_name(drawn) == name
    ]


def check_ways(node: Element, drawing: Drawing, report: Report) -> None:
    """Nodes that no flow may enter, or leave."""
    name, tag = node.get("id") or "", kind(node)
    links = bool(link_name(node))
    aside = is_set(node, "triggeredByEvent") or is_set(node, "isForCompensation")
    undoes = node.find(bpmn("compensateEventDefinition")) is not None and tag == "boundaryEvent"
    closed_in = tag in NO_WAY_IN or aside or (links and tag == "intermediateCatchEvent")
    closed_out = (
        tag == "endEvent" or aside or undoes or (links and tag == "intermediateThrowEvent")
    )
    if closed_in and drawing.into[name]:
        report.error("flow.not_into", drawing.into[name][0], element=tag)
    if closed_out and drawing.out[name]:
        report.error("flow.not_out_of", drawing.out[name][0], element=tag)


def check_implicit_end(node: Element, drawing: Drawing, report: Report) -> None:
    """A path that stops without an end event: it ends there, which is legal and often a slip."""
    aside = is_set(node, "triggeredByEvent") or is_set(node, "isForCompensation")
    undoes = node.find(bpmn("compensateEventDefinition")) is not None
    around = container_of(node)
    if around is not None and kind(around) == "adHocSubProcess":
        return
    stops = kind(node) in ACTIVITIES or kind(node) == "intermediateCatchEvent"
    if stops and not aside and not undoes and not drawing.out[node.get("id") or ""]:
        report.warning("node.implicit_end", node)
