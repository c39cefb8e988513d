"""Gateways choose, split and join as drawn."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import (
    CHOOSING,
    CONDITIONAL,
    GATEWAYS,
    body,
    bpmn,
    child,
    definitions,
    event_kind,
    is_set,
    kind,
)
from engine.kernel.drawing.report import Report
from engine.kernel.lint.covering import cover

RACE = frozenset({"message", "timer", "signal", "conditional"})
LEAST_RACERS = 2


def check(drawing: Drawing, report: Report) -> None:
    for node in drawing.nodes:
        name = node.get("id") or ""
        leaving, arriving = drawing.out[name], drawing.into[name]
        check_default(node, leaving, report)
        if kind(node) not in CONDITIONAL:
            check_no_conditions(node, leaving, report)
        if kind(node) in CHOOSING:
            check_choice(node, leaving, report)
        if kind(node) in GATEWAYS:
            check_gateway(node, leaving, arriving, report)
        if kind(node) == "eventBasedGateway":
            check_race(node, leaving, drawing, report)
        if kind(node) == "task":
            report.warning("task.abstract", node)


def check_no_conditions(node: Element, leaving: list[Element], report: Report) -> None:
    for flow in leaving:
        if child(flow, "conditionExpression") is not None:
            report.error("flow.condition_here", flow, element=kind(node))


def check_gateway(
    node: Element, leaving: list[Element], arriving: list[Element], report: Report
) -> None:
    if not leaving and len(arriving) > 1 and kind(node) != "eventBasedGateway":
        report.warning("node.implicit_end", node)
    elif not leaving:
        report.error("gateway.no_way_out", node)
    if len(arriving) > 1 and len(leaving) > 1:
        report.warning("gateway.joins_and_splits", node)
    joins = kind(node) == "complexGateway" and len(arriving) > 1
    if joins and not body(child(node, "activationCondition")):
        report.error("todo.activation", node)


def check_default(node: Element, leaving: list[Element], report: Report) -> None:
    default = node.get("default")
    if not default:
        return
    flow = next((flow for flow in leaving if flow.get("id") == default), None)
    if flow is None:
        report.error("gateway.default_elsewhere", node, id=default[:80])
    elif child(flow, "conditionExpression") is not None:
        report.warning("flow.default_condition", flow)


def check_choice(node: Element, leaving: list[Element], report: Report) -> None:
    """Every flow out of a choice has a condition or is the default."""
    asked = [body(child(flow, "conditionExpression")) or "" for flow in leaving]
    if len(leaving) > 1 and not node.get("default") and not cover(asked):
        report.warning("gateway.no_default", node)
    for flow in leaving:
        conditional = child(flow, "conditionExpression") is not None
        if len(leaving) > 1 and not conditional and flow.get("id") != node.get("default"):
            report.error("flow.no_condition", flow)


def check_race(node: Element, leaving: list[Element], drawing: Drawing, report: Report) -> None:
    if node.get("eventGatewayType") == "Parallel" and not is_set(node, "instantiate"):
        report.error("event_gateway.parallel", node)
    if len(leaving) < LEAST_RACERS:
        report.error("event_gateway.too_few", node)
    kinds = set()
    for flow in leaving:
        name = flow.get("targetRef") or ""
        target = drawing.by_id.get(name)
        if target is None:
            continue
        events = {event_kind(part) for part in definitions(target)}
        waits = kind(target) == "receiveTask" or (
            kind(target) == "intermediateCatchEvent" and events and events <= RACE
        )
        if not waits or len(drawing.into[name]) > 1 or drawing.attached[name]:
            report.error("event_gateway.target", flow)
        if target.find(bpmn("multiInstanceLoopCharacteristics")) is not None:
            report.error("event_gateway.target", flow)
        kinds.add("receive" if kind(target) == "receiveTask" else "catch")
        if kind(target) == "intermediateCatchEvent" and "message" in events:
            kinds.add("message")
    if {"receive", "message"} <= kinds:
        report.error("event_gateway.mixed", node)
