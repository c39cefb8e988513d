"""Events stand where they can happen, and what they need is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing, container_of
from engine.kernel.drawing.messages import message_flows
from engine.kernel.drawing.names import (
    ACTIVITIES,
    EVENTS,
    SUBPROCESSES,
    bpmn,
    definitions,
    event_kind,
    is_set,
    kind,
    reference,
)
from engine.kernel.drawing.report import Report
from engine.kernel.lint.flows import link_name

WAITS = frozenset({"message", "timer", "signal", "conditional"})
ALARMS = frozenset({"error", "escalation", "compensate"})
POSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "start": WAITS,
        "event subprocess start": WAITS | ALARMS,
        "subprocess start": frozenset(),
        "intermediateCatchEvent": WAITS | {"link"},
        "intermediateThrowEvent": frozenset(
            {"message", "signal", "escalation", "compensate", "link"}
        ),
        "endEvent": frozenset(
            {
                "message",
                "signal",
                "error",
                "escalation",
                "compensate",
                "cancel",
                "terminate",
            }
        ),
        "boundaryEvent": WAITS | ALARMS | {"cancel"},
    }
)
# These change the course of things; beside another definition their order would matter. What is
# caught comes one at a time, so an error or escalation may be one of several.
ALONE_WHEN_CAUGHT = frozenset({"compensate", "cancel", "link"})
ALONE_WHEN_THROWN = frozenset({"error", "compensate", "cancel", "link"})
# Compensation interrupts nothing, whatever the attribute says.
ALWAYS_INTERRUPT = frozenset({"error", "cancel"})


def check(drawing: Drawing, report: Report) -> None:
    for node in drawing.nodes:
        if kind(node) in EVENTS:
            check_event(node, drawing, report)
            check_links(node, drawing, report)
        if is_set(node, "instantiate"):
            check_instantiates(node, drawing, report)
    for process in drawing.processes:
        check_start_messages(process, drawing, report)
    check_message_flows(drawing, report)
    for node in drawing.nodes:
        if is_set(node, "isForCompensation"):
            check_handler(node, drawing, report)


def check_event(node: Element, drawing: Drawing, report: Report) -> None:
    kinds = [event_kind(part) for part in definitions(node)]
    allowed = POSITIONS[position(node)]
    for what in kinds:
        if what not in allowed and position(node) != "subprocess start":
            report.error("event.misplaced", node, event=what, place=kind(node))
    if len(kinds) > 1 and set(kinds) & alone(node):
        report.error("event.mixed", node)
    if is_set(node, "parallelMultiple") and len(kinds) > 1 and position(node) == "start":
        report.error("start.parallel_multiple", node)
    if not kinds and kind(node) in ("intermediateCatchEvent", "boundaryEvent"):
        report.error("todo.event", node)
    if "cancel" in kinds:
        check_cancel(node, drawing, report)
    if "compensate" in kinds:
        check_compensation(node, drawing, report)
    flag = "isInterrupting" if kind(node) == "startEvent" else "cancelActivity"
    if set(kinds) & ALWAYS_INTERRUPT and not is_set(node, flag, default=True):
        report.error("event.must_interrupt", node, event=kinds[0])
    if kind(node) == "boundaryEvent":
        check_attachment(node, drawing, report)


def alone(node: Element) -> frozenset[str]:
    """The kinds that no other may stand beside in this event."""
    if kind(node) in ("endEvent", "intermediateThrowEvent"):
        return ALONE_WHEN_THROWN
    together = is_set(node, "parallelMultiple")
    return ALONE_WHEN_CAUGHT | ({"error", "escalation"} if together else set())


def check_message_flows(drawing: Drawing, report: Report) -> None:
    """A message that is drawn from one process to another has the same name at both ends."""
    for flow, holders in message_flows(drawing.root):
        ends = [drawing.by_id.get(reference(holder, "messageRef")) for holder in holders]
        names = {(end.get("name") or "").strip() for end in ends if end is not None}
        if len(names) > 1:
            report.warning("message.flow_differs", flow, names=", ".join(sorted(names))[:160])


def check_start_messages(process: Element, drawing: Drawing, report: Report) -> None:
    """One message starts a process at one place."""
    seen: set[str] = set()
    for node in drawing.nodes_of(process):
        for part in starting(node, drawing):
            message = drawing.by_id.get(reference(part, "messageRef"))
            name = "" if message is None else (message.get("name") or "").strip()
            if name and name in seen:
                report.error("start.same_message", node, name=name[:80])
            seen.add(name)


def starting(node: Element, drawing: Drawing) -> list[Element]:
    """What refers to the messages that start the process at this node."""
    if kind(node) == "receiveTask" and is_set(node, "instantiate"):
        return [node]
    behind = any(
        is_set(gateway, "instantiate")
        for flow in drawing.into[node.get("id") or ""]
        if (gateway := drawing.by_id.get(flow.get("sourceRef") or "")) is not None
    )
    if behind and kind(node) == "receiveTask":
        return [node]
    starts = kind(node) == "startEvent" or behind
    return list(node.iterfind(bpmn("messageEventDefinition"))) if starts else []


def check_instantiates(node: Element, drawing: Drawing, report: Report) -> None:
    """A receive task or gateway that starts the process stands where a start event may."""
    around = container_of(node)
    loops = any(kind(part).endswith("LoopCharacteristics") for part in node)
    if around is None or kind(around) != "process" or loops or drawing.into[node.get("id") or ""]:
        report.error("start.instantiate", node)
    if kind(node) != "eventBasedGateway":
        return
    for flow in drawing.out[node.get("id") or ""]:
        target = drawing.by_id.get(flow.get("targetRef") or "")
        kinds = [] if target is None else [event_kind(part) for part in definitions(target)]
        if target is not None and kind(target) != "receiveTask" and kinds != ["message"]:
            report.error("start.instantiating_gateway", flow)


def position(node: Element) -> str:
    if kind(node) != "startEvent":
        return kind(node)
    container = container_of(node)
    if container is None or kind(container) == "process":
        return "start"
    return (
        "event subprocess start" if is_set(container, "triggeredByEvent") else "subprocess start"
    )


def check_attachment(node: Element, drawing: Drawing, report: Report) -> None:
    host = drawing.by_id.get(reference(node, "attachedToRef"))
    if host is None or kind(host) not in ACTIVITIES:
        if not node.get("attachedToRef"):
            report.error("boundary.detached", node)
    elif host.getparent() is not node.getparent() or is_set(host, "triggeredByEvent"):
        report.error("boundary.detached", node)


def check_cancel(node: Element, drawing: Drawing, report: Report) -> None:
    """Cancel events belong to a transaction: on its border, or as an end inside."""
    if kind(node) == "boundaryEvent":
        host = drawing.by_id.get(reference(node, "attachedToRef"))
        inside = host is not None and kind(host) == "transaction"
    else:
        inside = next(node.iterancestors(bpmn("transaction")), None) is not None
    if not inside:
        report.error("event.cancel_outside", node)


def check_compensation(node: Element, drawing: Drawing, report: Report) -> None:
    if kind(node) == "boundaryEvent":
        handler = drawing.by_id.get(drawing.associations.get(node.get("id") or "", ""))
        beside = handler is not None and handler.getparent() is node.getparent()
        if handler is None or not beside or not is_set(handler, "isForCompensation"):
            report.error("compensation.no_handler", node)
        return
    name = next(
        (reference(part, "activityRef") for part in node.iter(bpmn("compensateEventDefinition"))),
        "",
    )
    target = drawing.by_id.get(name)
    if kind(node) == "startEvent" or not name:
        return
    if target is None or not compensable(name, drawing) or not same_scope(node, target):
        report.error("compensation.target", node, id=name[:80])


def compensable(name: str, drawing: Drawing) -> bool:
    target = drawing.by_id[name]
    handlers = [
        event
        for event in drawing.attached[name]
        if event.find(bpmn("compensateEventDefinition")) is not None
    ]
    return bool(handlers) or kind(target) in SUBPROCESSES | {"callActivity"}


def same_scope(node: Element, target: Element) -> bool:
    """The activity lies beside the throwing event, or beside the event subprocess around it."""
    around = container_of(node)
    scopes = [around]
    if around is not None and is_set(around, "triggeredByEvent"):
        scopes.append(container_of(around))
    return container_of(target) in scopes


def check_handler(node: Element, drawing: Drawing, report: Report) -> None:
    if node.get("id") not in drawing.associations.values():
        report.error("compensation.unused_handler", node)
    if drawing.attached[node.get("id") or ""]:
        report.error("compensation.boundary", node)


def check_links(node: Element, drawing: Drawing, report: Report) -> None:
    if "link" not in [event_kind(part) for part in definitions(node)]:
        return
    name, container = link_name(node), node.getparent()
    if not name:
        report.error("todo.link", node)
        return
    beside = [] if container is None else drawing.nodes_of(container)
    catches = [
        other
        for other in beside
        if kind(other) == "intermediateCatchEvent" and link_name(other) == name
    ]
    if len(catches) != 1:
        report.error("link.targets", node, link=name[:80], count=str(len(catches)))
