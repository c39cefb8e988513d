"""Event definitions of events, receive tasks and send tasks."""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing, container_of
from engine.kernel.drawing.names import (
    body,
    child,
    definitions,
    event_kind,
    extension,
    is_set,
    kind,
    reference,
)
from engine.kernel.drawing.report import Report
from engine.kernel.model import EventDef
from engine.kernel.read.texts import LONGEST
from engine.kernel.read.timers import timer
from engine.kernel.read.values import Values, shown

# What can happen to a variable; none is ever deleted.
CHANGES = frozenset({"create", "update"})
THROWS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})


class Events:
    """Reads event definitions; names and codes come from the elements they refer to."""

    def __init__(self, drawing: Drawing, report: Report) -> None:
        self.drawing = drawing
        self.report = report

    def of(self, node: Element) -> tuple[EventDef, ...]:
        """All definitions of a node in drawn order, links left out."""
        found = [self.read(part, node) for part in definitions(node) if event_kind(part) != "link"]
        if kind(node) == "receiveTask" or (kind(node) == "sendTask" and node.get("messageRef")):
            found.append(self.message(node, node, throws=kind(node) in THROWS))
        if kind(node).endswith("Event") and not found:
            deadline = extension(node, "shenling:deadline")
            if deadline is not None:
                self.report.error("deadline.without_timer", node)
        return tuple(event for event in found if event is not None)

    def read(
        self, definition: Element, node: Element, *, throws: bool | None = None
    ) -> EventDef | None:
        """One definition; whether it is thrown shows in the node, unless it is said."""
        values = Values(node, self.report)
        throws = kind(node) in THROWS if throws is None else throws
        match event_kind(definition):
            case "timer":
                found = timer(definition, values)
            case "message":
                found = self.message(definition, node, throws=throws)
            case "signal":
                found = self.signal(definition, values)
            case "conditional":
                found = self.conditional(definition, values)
            case "error" | "escalation" as what:
                found = EventDef(what, code=self.code(definition, what, node, throws=throws))
            case "cancel" | "terminate" as what:
                found = EventDef(what)
            case "compensate":
                waits = is_set(definition, "waitForCompletion", default=True)
                name = reference(definition, "activityRef")
                found = EventDef("compensate", name=name, waits=waits)
            case _:
                found = None
        return found

    def conditional(self, definition: Element, values: Values) -> EventDef | None:
        text = body(child(definition, "condition"))
        if not text:
            values.error("todo.condition")
        condition = values.feel(text, "condition")
        if condition is None:
            return None
        return EventDef("conditional", condition=condition, watches=watches(definition, values))

    def message(self, holder: Element, node: Element, *, throws: bool) -> EventDef | None:
        values = Values(node, self.report)
        message = self.drawing.by_id.get(reference(holder, "messageRef"))
        if message is None or kind(message) != "message":
            # A handler of its own needs no name: it knows what it sends.
            if not holder.get("messageRef") and extension(node, "zeebe:taskDefinition") is None:
                values.error("todo.message")
            return None
        name = fitting(Values(message, self.report).fixed(message.get("name"), "message"), values)
        if name is None:
            return None
        key = self.correlation_key(message)
        if key is None and not throws and self.needs_key(node):
            values.error("message.no_key", name=name)
        return EventDef("message", name=name, correlation_key=key)

    def needs_key(self, node: Element) -> bool:
        """Whatever waits inside an instance must say which instance a message is for."""
        around = container_of(node)
        if is_set(node, "instantiate"):
            return False
        for flow in self.drawing.into[node.get("id") or ""]:
            gateway = self.drawing.by_id.get(flow.get("sourceRef") or "")
            if gateway is not None and is_set(gateway, "instantiate"):
                return gateway.get("eventGatewayType") == "Parallel"
        starts = kind(node) == "startEvent" and around is not None and kind(around) == "process"
        return not starts

    def correlation_key(self, message: Element) -> Expression | None:
        subscription = extension(message, "zeebe:subscription")
        text = None if subscription is None else subscription.get("correlationKey")
        return Values(message, self.report).feel(text, "correlationKey")

    def signal(self, definition: Element, values: Values) -> EventDef | None:
        signal = self.drawing.by_id.get(reference(definition, "signalRef"))
        if signal is None or kind(signal) != "signal":
            if not definition.get("signalRef"):
                values.error("todo.signal")
            return None
        name = fitting(values.fixed(signal.get("name"), "signal"), values)
        return None if name is None else EventDef("signal", name=name)

    def code(self, definition: Element, what: str, node: Element, *, throws: bool) -> str | None:
        """The code; for one without a code its name, then its id. None catches everything."""
        target = self.drawing.by_id.get(reference(definition, f"{what}Ref"))
        if target is None:
            if throws and not definition.get(f"{what}Ref"):
                self.report.error(f"todo.{what}", node)
            return None
        code = target.get(f"{what}Code") or target.get("name") or target.get("id")
        return Values(node, self.report).fixed(code, what)


def fitting(name: str | None, values: Values) -> str | None:
    """A name that is short enough to be stored where messages wait."""
    if name is None or len(name) <= LONGEST:
        return name
    values.error("event.long_name", name=shown(name), most=str(LONGEST))
    return None


def watches(definition: Element, values: Values) -> tuple[frozenset[str], frozenset[str]] | None:
    """The filter of a conditional event: names of variables, and what must happen to them."""
    drawn = extension(definition, "zeebe:conditionalFilter")
    if drawn is None:
        return None
    names, events = (
        frozenset(part.strip() for part in (drawn.get(name) or "").split(",") if part.strip())
        for name in ("variableNames", "variableEvents")
    )
    if not events <= CHANGES:
        values.error("event.filter", value=shown(drawn.get("variableEvents") or ""))
    return (names, events or CHANGES) if names or events else None


def waits_for_all(node: Element) -> bool:
    return is_set(node, "parallelMultiple") and len(definitions(node)) > 1
