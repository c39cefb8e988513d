"""Waiting for events: timers, subscriptions, conditions, caught codes.

Values are evaluated once, when the event is armed. Timers see the activity's scope, correlation
keys the one around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from engine.kernel.model import EventDef, Node
from engine.kernel.runtime import clocks
from engine.kernel.runtime.failures import Failure
from engine.kernel.runtime.gateways import Gateways
from engine.kernel.scope import View
from engine.kernel.state import Arm, Execution

CODED = frozenset({"error", "escalation"})
# The column that holds keys.
LONGEST_KEY = 200
NAMED = frozenset({"message", "signal"})


class Arming(Gateways):
    """Executions that wait."""

    def arm_boundaries(self, e: Execution, node: Node) -> None:
        nodes = self.model.containers[node.container].nodes
        for name in node.boundaries:
            guard = self.create(nodes[name], e.scope, "boundary", host=e.id)
            self.arm(guard, nodes[name].events, View(self.scopes, self.scope_of(e)))

    def arm(
        self, e: Execution, events: Sequence[EventDef], timer_view: View, to: str | None = None
    ) -> None:
        key_view = View(self.scopes, e.scope) if e.role in ("boundary", "trigger") else timer_view
        for index, event in enumerate(events):
            arm = Arm(event.kind, index, to)
            if event.kind in CODED:
                arm.name = event.code
            elif event.kind in NAMED:
                arm.name = event.name
            if event.kind == "timer":
                self.set_timer(arm, event, timer_view)
            elif event.kind == "message":
                arm.key = self.correlation_key(event, key_view)
            elif event.kind == "conditional":
                self.look_anew(arm)
            e.arms.append(arm)

    def set_timer(self, arm: Arm, event: EventDef, view: View) -> None:
        value = None if event.value is None else self.value(event.value, view)
        calendar = self.model.calendar
        if event.timer == "date":
            due = clocks.moment(value, self.at, calendar)
        elif event.timer == "working_days":
            due = clocks.working_days(value, self.at, calendar)
        elif event.timer == "cycle":
            due, arm.left, arm.every = clocks.cycle(value, self.at, calendar)
        else:
            zone = clocks.zone_of(calendar, self.at)
            due = clocks.later(clocks.span(value), self.at, zone, self.at + clocks.LONGEST)
        arm.due = due.astimezone(UTC).isoformat()

    def look_anew(self, *arms: Arm) -> None:
        """Conditional events that must be looked at, whatever they watch."""
        self.changed = True
        self.fresh.extend(arms)

    def rearm(self, e: Execution, arm: Arm) -> None:
        """A non-interrupting event stays armed; a timer only as often as its cycle says."""
        if arm.kind != "timer":
            return
        if arm.left > 0:
            arm.left -= 1
        if arm.left == 0:
            e.arms.remove(arm)
            if not e.arms:
                self.executions.discard(e)
            return
        zone = clocks.zone_of(self.model.calendar, self.at)
        due = clocks.span(arm.every).after(datetime.fromisoformat(arm.due), zone)
        arm.due = due.isoformat()

    def correlation_key(self, event: EventDef, view: View) -> str:
        """Text or a whole number; a message without an expression has the empty key."""
        if event.correlation_key is None:
            return ""
        key, reasons = self.explained(event.correlation_key, view)
        if isinstance(key, str) and 0 < len(key) <= LONGEST_KEY:
            return key
        number = clocks.whole(key) if isinstance(key, (int, Decimal)) else None
        if number is None:
            raise Failure("bad-correlation-key", f"{event.name} {reasons}".strip())
        return str(number)

    def open_event_gateway(self, e: Execution) -> None:
        self.reach(self.node(e))
        nodes = self.container(e.scope).nodes
        for flow in self.node(e).flows:
            self.arm(e, nodes[flow.target].events, View(self.scopes, e.scope), flow.target)
