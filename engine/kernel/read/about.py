"""Everything a drawn node says about itself, read once and with all problems reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import (
    ACTIVITIES,
    EVENTS,
    PEOPLE,
    body,
    child,
    definitions,
    event_kind,
    extension,
    is_set,
    kind,
)
from engine.kernel.drawing.report import Report
from engine.kernel.model import AdHoc, Call, EventDef, IoMapping, Loop, Work
from engine.kernel.read.events import THROWS, Events, waits_for_all
from engine.kernel.read.loops import loop_of
from engine.kernel.read.texts import name_of, properties_of, texts_of
from engine.kernel.read.values import Values, shown
from engine.kernel.read.work import (
    Surroundings,
    call_of,
    form_of,
    mapping_of,
    role_of,
    work_of,
)
from engine.types import Text

MOST_TOKENS = 1000
WITH_EVENTS = EVENTS | {"receiveTask", "sendTask"}


@dataclass(frozen=True, slots=True)
class About:
    """A node without its connections; those come from the library's specs."""

    name: Text
    texts: Mapping[str, str]
    properties: Mapping[str, str]
    milestone: str
    lane_role: str
    events: tuple[EventDef, ...]
    # Name of a link event.
    link: str
    parallel: bool
    interrupting: bool
    loop: Loop | None
    io: IoMapping | None
    work: Work | None
    call: Call | None
    activation: Expression | None
    quantities: tuple[int, int]
    instantiates: bool
    for_compensation: bool
    event_subprocess: bool


def abouts(drawing: Drawing, around: Surroundings, report: Report) -> dict[str, About]:
    """Node id -> what it says, for every flow node of a diagram."""
    events = Events(drawing, report)
    return {
        node.get("id") or "": about(node, drawing, events, around, report)
        for node in drawing.nodes
    }


def about(
    node: Element, drawing: Drawing, events: Events, around: Surroundings, report: Report
) -> About:
    values, tag = Values(node, report), kind(node)
    activity = tag in ACTIVITIES
    return About(
        name=name_of(node),
        texts=texts_of(node),
        properties=properties_of(node),
        milestone=milestone_of(node, around, values),
        lane_role=role_of(node, drawing),
        events=events.of(node) if tag in WITH_EVENTS else (),
        link=link_of(node),
        parallel=waits_for_all(node),
        interrupting=interrupts(node),
        loop=loop_of(node, events) if activity else None,
        io=mapping_of(node, drawing, values),
        work=work_of(node, drawing, around, report) if activity or tag in THROWS else None,
        call=call_of(node, values) if tag == "callActivity" else None,
        activation=activation_of(node, values),
        quantities=(
            quantity(node, "startQuantity", values),
            quantity(node, "completionQuantity", values),
        ),
        instantiates=tag == "receiveTask" and is_set(node, "instantiate"),
        for_compensation=activity and is_set(node, "isForCompensation"),
        event_subprocess=tag == "subProcess" and is_set(node, "triggeredByEvent"),
    )


def quantity(node: Element, attribute: str, values: Values) -> int:
    number = values.number(node.get(attribute) or "1", attribute, 1, MOST_TOKENS)
    if isinstance(number, Expression):
        values.error("value.dynamic", what=attribute, value=shown(number.source))
    return number if isinstance(number, int) else 1


def milestone_of(node: Element, around: Surroundings, values: Values) -> str:
    drawn = extension(node, "shenling:milestone")
    if drawn is None:
        return ""
    code = (drawn.get("code") or "").strip()
    if not code:
        values.error("todo.milestone")
    elif code not in around.catalogue.milestones:
        values.error("milestone.unknown", milestone=shown(code))
    return code


def link_of(node: Element) -> str:
    links = [part for part in definitions(node) if event_kind(part) == "link"]
    return (links[0].get("name") or "").strip() if links else ""


def interrupts(node: Element) -> bool:
    return is_set(node, "isInterrupting", default=True) and is_set(
        node, "cancelActivity", default=True
    )


def activation_of(node: Element, values: Values) -> Expression | None:
    if kind(node) != "complexGateway":
        return None
    return values.feel(body(child(node, "activationCondition")), "activationCondition")


def conditions(drawing: Drawing, report: Report) -> dict[str, Expression]:
    """Flow id -> its condition."""
    found = {}
    for flow in drawing.flows:
        text = body(child(flow, "conditionExpression"))
        if text is None:
            continue
        if not text:
            report.error("todo.condition", flow)
        condition = Values(flow, report).feel(text, "condition")
        if condition is not None:
            found[flow.get("id") or ""] = condition
    return found


def ad_hocs(drawing: Drawing, report: Report) -> dict[str, AdHoc]:
    """Ad hoc subprocess -> how it begins and ends."""
    return {
        node.get("id") or "": ad_hoc(node, Values(node, report))
        for node in drawing.nodes
        if kind(node) == "adHocSubProcess"
    }


def ad_hoc(node: Element, values: Values) -> AdHoc:
    ordering, chosen = node.get("ordering") or "Parallel", extension(node, "zeebe:adHoc")
    if ordering not in ("Parallel", "Sequential"):
        values.error("ad_hoc.ordering", value=shown(ordering))
    return AdHoc(
        sequential=ordering == "Sequential",
        completion=values.feel(body(child(node, "completionCondition")), "completionCondition"),
        cancel_remaining=is_set(node, "cancelRemainingInstances", default=True),
        active=None
        if chosen is None
        else values.feel(chosen.get("activeElementsCollection"), "activeElementsCollection"),
    )


def starting_gateways(drawing: Drawing) -> dict[str, bool]:
    """Event-based gateways that start a process -> whether they wait for all of their events."""
    return {
        node.get("id") or "": node.get("eventGatewayType") == "Parallel"
        for node in drawing.nodes
        if kind(node) == "eventBasedGateway" and is_set(node, "instantiate")
    }


def start_forms(
    drawing: Drawing, process: Element, around: Surroundings, report: Report
) -> dict[str, str]:
    """Start event -> form, for the starts of a process."""
    found = {}
    for node in drawing.nodes_of(process):
        if kind(node) == "startEvent":
            form = form_of(node, around, Values(node, report))
            if form:
                found[node.get("id") or ""] = form
    return found


def four_eyes_targets(drawing: Drawing) -> dict[str, frozenset[str]]:
    """Process -> ids of the tasks that people do in it."""
    return {
        process.get("id") or "": frozenset(
            node.get("id") or "" for node in process.iter() if kind(node) in PEOPLE
        )
        for process in drawing.processes
    }
