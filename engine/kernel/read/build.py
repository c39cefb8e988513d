"""The library's specs and what the nodes say about themselves become containers of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import SHENLING, SUBPROCESSES, bpmn, extension, is_set, kind
from engine.kernel.model import AdHoc, Container, Flow, Lane, Node, Process
from engine.kernel.read.about import About
from engine.kernel.read.specs import MARK, Drawn, specs_of
from engine.kernel.read.texts import name_of, properties_of, texts_of


@dataclass(frozen=True, slots=True)
class Parts:
    """One diagram, read: what building its containers needs."""

    drawing: Drawing
    abouts: Mapping[str, About]
    conditions: Mapping[str, Expression]
    start_forms: Mapping[str, Mapping[str, str]]
    ad_hocs: Mapping[str, AdHoc]
    # Event-based gateways that start a process -> whether they wait for all of their events.
    gateways: Mapping[str, bool]
    processes: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is drawn."""

    container: str
    process: str


def processes_of(parts: Parts) -> dict[str, Process]:
    return {p.get("id") or "": process(p, parts) for p in parts.processes}


def process(drawn: Element, parts: Parts) -> Process:
    name, tag = drawn.get("id") or "", extension(drawn, "zeebe:versionTag")
    return Process(
        id=name,
        name=name_of(drawn),
        container=name,
        file=parts.drawing.file,
        is_executable=is_set(drawn, "isExecutable", default=True),
        start_forms=MappingProxyType(dict(parts.start_forms.get(name, {}))),
        lanes=tuple(lane(e) for e in drawn.iter(bpmn("lane"))),
        version_tag="" if tag is None else tag.get("value") or "",
        texts=texts_of(drawn),
        properties=properties_of(drawn),
    )


def lane(drawn: Element) -> Lane:
    around = next((e for e in drawn.iterancestors(bpmn("lane"))), None)
    role = (drawn.get(f"{{{SHENLING}}}role") or "").strip()
    parent = None if around is None else around.get("id")
    return Lane(drawn.get("id") or "", name_of(drawn), role, parent)


def containers_of(parts: Parts) -> dict[str, Container]:
    specs = specs_of(parts.drawing, tuple(p.get("id") or "" for p in parts.processes))
    drawn = {
        name: {
            task.name.removeprefix(MARK): task.extensions
            for task in spec.task_specs.values()
            if task.name.startswith(MARK)
        }
        for name, spec in specs.items()
    }
    nodes = {name: nodes_of(name, inside, parts) for name, inside in drawn.items()}
    return {name: container(name, inside, nodes, parts) for name, inside in nodes.items()}


def nodes_of(name: str, drawn: Mapping[str, Drawn], parts: Parts) -> dict[str, Node]:
    place = Place(name, process_id(name, parts.drawing))
    catches = {
        parts.abouts[node].link: node
        for node, spec in drawn.items()
        if spec.tag == "intermediateCatchEvent" and parts.abouts[node].link
    }
    flows = {node: flows_of(node, spec, catches, parts) for node, spec in drawn.items()}
    into: dict[str, list[str]] = {node: [] for node in drawn}
    for leaving in flows.values():
        for flow in leaving:
            into[flow.target].append(flow.id)
    return {
        node: build_node(node, spec, parts.abouts[node], place, flows[node], into[node])
        for node, spec in drawn.items()
    }


def process_id(container: str, drawing: Drawing) -> str:
    element = drawing.by_id[container]
    around = (
        element if kind(element) == "process" else next(element.iterancestors(bpmn("process")))
    )
    return around.get("id") or ""


def flows_of(node: str, spec: Drawn, catches: Mapping[str, str], parts: Parts) -> tuple[Flow, ...]:
    flows = [
        Flow(
            id=flow,
            name=name_of(parts.drawing.by_id[flow]),
            source=node,
            target=target,
            condition=None if flow == spec.default else parts.conditions.get(flow),
        )
        for flow, target in spec.flows
    ]
    link = parts.abouts[node].link
    if link and spec.tag == "intermediateThrowEvent":
        jump = parts.abouts[node].name
        flows.append(Flow(f"{node}->{catches[link]}", jump, node, catches[link]))
    return tuple(flows)


def build_node(  # noqa: PLR0917  # six parts of one node, in the order of their origin
    node: str,
    spec: Drawn,
    about: About,
    place: Place,
    flows: tuple[Flow, ...],
    incoming: list[str],
) -> Node:
    tag = spec.tag
    if tag == "complexGateway" and about.activation is None:
        tag = "inclusiveGateway"
    inner = node if tag in SUBPROCESSES else None
    return Node(
        id=node,
        kind=tag,
        name=about.name,
        container=place.container,
        process=place.process,
        flows=flows,
        default=spec.default,
        incoming=tuple(incoming),
        boundaries=tuple(spec.boundaries),
        handler=spec.handler,
        events=about.events,
        parallel=about.parallel,
        interrupting=about.interrupting,
        attached_to=spec.attached_to,
        inner=(about.call.process_id or None) if about.call else inner,
        call=about.call,
        loop=about.loop,
        io=about.io,
        work=about.work,
        activation=about.activation,
        start_quantity=about.quantities[0],
        completion_quantity=about.quantities[1],
        instantiates=about.instantiates,
        for_compensation=about.for_compensation,
        event_subprocess=about.event_subprocess,
        milestone=about.milestone,
        texts=about.texts,
        lane_role=about.lane_role,
        properties=about.properties,
    )


def container(
    name: str,
    nodes: Mapping[str, Node],
    everything: Mapping[str, Mapping[str, Node]],
    parts: Parts,
) -> Container:
    triggered = [
        (node, next(s for s in everything[node.id].values() if s.kind == "startEvent"))
        for node in nodes.values()
        if node.event_subprocess
    ]
    joins = [n for n in nodes.values() if n.kind == "inclusiveGateway" and len(n.incoming) > 1]
    behind = predecessors(nodes) if joins else {}
    starts = starts_of(nodes, parts.gateways)
    return Container(
        id=name,
        process=process_id(name, parts.drawing),
        nodes=MappingProxyType(dict(nodes)),
        starts=starts,
        firsts=() if starts else tuple(node for node in nodes.values() if begins(node)),
        together=together(nodes, parts.gateways),
        ad_hoc=parts.ad_hocs.get(name),
        event_subprocesses=tuple(pair for pair in triggered if not compensates(pair[1])),
        compensation=next((n.id for n, start in triggered if compensates(start)), None),
        ahead=MappingProxyType({join.id: ahead(join, nodes, behind) for join in joins}),
    )


def starts_of(nodes: Mapping[str, Node], gateways: Mapping[str, bool]) -> tuple[Node, ...]:
    """Start events, receive tasks that start the process, and events behind such a gateway."""
    behind = {flow.target for name in gateways if name in nodes for flow in nodes[name].flows}
    return tuple(
        node
        for node in nodes.values()
        if node.kind == "startEvent" or node.instantiates or node.id in behind
    )


def together(
    nodes: Mapping[str, Node], gateways: Mapping[str, bool]
) -> Mapping[str, tuple[str, ...]]:
    """Of gateways that wait for all: each event behind one -> the others."""
    found = {}
    for name in (name for name, waits in gateways.items() if waits and name in nodes):
        targets = [flow.target for flow in nodes[name].flows]
        found.update({t: tuple(o for o in targets if o != t) for t in targets})
    return MappingProxyType(found)


def begins(node: Node) -> bool:
    aside = node.event_subprocess or node.for_compensation or node.kind == "boundaryEvent"
    return not node.incoming and not aside


def compensates(start: Node) -> bool:
    return [event.kind for event in start.events] == ["compensate"]


def ahead(
    join: Node, nodes: Mapping[str, Node], behind: Mapping[str, list[str]]
) -> Mapping[str, frozenset[str]]:
    """For each node the incoming flows of the join that a token there can come to.

    Flows are followed backwards; a token that passes the join itself does not count.
    """
    found: dict[str, set[str]] = {name: set() for name in nodes}
    todo: list[str] = []
    for name, node in nodes.items():
        found[name].update(f.id for f in node.flows if f.target == join.id and name != join.id)
        todo.extend([name] if found[name] else [])
    while todo:
        name = todo.pop()
        for before in behind[name]:
            if before != join.id and not found[name] <= found[before]:
                found[before] |= found[name]
                todo.append(before)
    found[join.id] = set()
    return MappingProxyType({name: frozenset(flows) for name, flows in found.items()})


def predecessors(nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    """Node -> nodes from which a token comes: along flows, or by a boundary event."""
    found: dict[str, list[str]] = {name: [] for name in nodes}
    for name, node in nodes.items():
        for after in (*(flow.target for flow in node.flows), *node.boundaries):
            found[after].append(name)
    return found


def any_condition(containers: Mapping[str, Any]) -> bool:
    return any(
        event.kind == "conditional"
        for inside in containers.values()
        for node in inside.nodes.values()
        for event in node.events
    )
