"""Events that happen: due timers, messages, signals, errors, escalations, conditions.

Errors and escalations walk outwards: boundary events of the activity, event subprocesses of its
scope, then the next scope. Specific codes go before general ones; a handler never catches its own.
Conditional events fire when their condition becomes true; they are looked at after writes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import EngineError
from engine.kernel.model import EventDef, JobWork, Node
from engine.kernel.runtime.activities import NO_MAPPING, Outgoing
from engine.kernel.runtime.compensation import Compensation
from engine.kernel.runtime.failures import Failure, describe
from engine.kernel.runtime.gateways import THROWING
from engine.kernel.scope import View
from engine.kernel.state import Arm, Execution
from engine.types import Thrown


class Events(Compensation):
    """Firing and throwing."""

    # ------------------------------------------------------------------ firing

    def fire(self, e: Execution, arm: Arm, payload: dict[str, Any]) -> None:
        """A timer is due, a message or signal has come, an error was thrown."""
        node = self.start_of(self.node(e)) if e.role == "trigger" else self.node(e)
        if node.parallel:
            arm.fired = payload
            if any(other.fired is None for other in e.arms):
                return
            payload = {}
            for other in e.arms:
                payload |= other.fired or {}
                other.fired = None
        if e.role in ("boundary", "trigger") and not node.interrupting:
            self.rearm(e, arm)
        if e.role == "boundary":
            self._fire_boundary(e, node, payload)
        elif e.role == "trigger":
            self._fire_trigger(e, node, payload)
        elif e.role == "gateway":
            self._fire_gateway(e, arm, payload)
        else:
            e.arms = []
            self.leave(e, payload)

    def _fire_boundary(self, e: Execution, node: Node, payload: dict[str, Any]) -> None:
        if node.interrupting and e.host is not None:
            self.kill(self.executions[e.host])
        self.pass_event(node, e.scope, payload)

    def _fire_trigger(self, e: Execution, start: Node, payload: dict[str, Any]) -> None:
        node = self.node(e)
        if start.interrupting:
            self.empty(e.scope)
        self.steps += 1
        run = self.create(node, e.scope)
        run.payload = payload
        self.record("entered", run)
        self.attempt(run, self.open_event_subprocess, entry=True)

    def open_event_subprocess(self, e: Execution) -> None:
        """Input mapping, then a token at the start event; a retry finds the payload kept."""
        node = self.node(e)
        assert node.inner is not None
        payload = e.payload or {}
        self.reach(node)
        values = self.mapped((node.io or NO_MAPPING).inputs, self.view(e))
        e.own = e.inner = self.open_scope(e.scope, owner=e.id, variables=values)
        self.run_container(e.own, node.inner, self.start_of(node), payload)
        e.payload = None

    def _fire_gateway(self, e: Execution, arm: Arm, payload: dict[str, Any]) -> None:
        nodes, node = self.container(e.scope).nodes, self.node(e)
        self.record("completed", e)
        self.remove(e)
        flow = next(flow for flow in node.flows if flow.target == arm.to)
        self.take(e, flow)
        self.pass_event(nodes[flow.target], e.scope, payload)

    def fire_all(self, found: Sequence[tuple[Execution, Arm]], payload: dict[str, Any]) -> None:
        """Several events happen at once; then their branches run, in this order."""
        queue = self.state.queue
        before, fired = list(queue), list[list[Any]]()
        for e, arm in found:
            if self.executions.get(e.id) is not e or not any(arm is a for a in e.arms):
                continue
            self.fire(e, arm, dict(payload))
            # The queue is a stack: what an earlier event has put there goes back on top. Tokens
            # may also have left it, with a scope that was cancelled.
            known = {id(item) for item in (*before, *fired)}
            left = {id(item) for item in queue}
            fresh = [item for item in queue if id(item) not in known]
            fired = fresh + [item for item in fired if id(item) in left]
            queue[:] = [item for item in before if id(item) in left] + fired

    def signal(self, name: str, payload: dict[str, Any]) -> int:
        """Everything in this instance that waits for a signal; how many there were."""
        found = [
            (e, arm)
            for e in self.executions.values()
            if e.incident is None and (arm := _hearing(e, name)) is not None
        ]
        self.fire_all(found, payload)
        return len(found)

    # ------------------------------------------------------------------ conditions

    def fire_conditions(self) -> None:
        armed = [
            (e, arm)
            for e in self.executions.values()
            for arm in e.arms
            if arm.kind == "conditional" and e.incident is None and self._watched(e, arm)
        ]
        self.changed, self.written, self.fresh = False, {}, []
        self.fire_all([(e, arm) for e, arm in armed if self._became_true(e, arm)], {})

    def _watched(self, e: Execution, arm: Arm) -> bool:
        """Whether something has happened that a conditional event is looked at for."""
        filtered = self._conditional(e, arm).watches
        if filtered is None or any(arm is new for new in self.fresh):
            return True
        names, changes = filtered
        return any(
            not changes.isdisjoint(happened)
            for name, happened in self.written.items()
            if not names or name in names
        )

    def _conditional(self, e: Execution, arm: Arm) -> EventDef:
        node = self.node(e)
        if arm.to is not None:
            node = self.container(e.scope).nodes[arm.to]
        elif e.role == "trigger":
            node = self.start_of(node)
        return node.events[arm.index]

    def _became_true(self, e: Execution, arm: Arm) -> bool:
        condition = self._conditional(e, arm).condition
        before = arm.was
        try:
            arm.was = condition is not None and self.value(condition, self.view(e)) is True
        except EngineError as error:
            e.incident = describe(error)
            self.record("failed", e)
            return False
        return arm.was and not before

    # ------------------------------------------------------------------ throwing

    def throw(self, e: Execution) -> None:
        """End event or intermediate throw event."""
        node = self.node(e)
        kinds = {event.kind for event in node.events}
        self.reach(node)
        if "terminate" in kinds:
            self._terminate(e, node)
        elif "cancel" in kinds:
            self.begin_cancel(e)
        elif "compensate" in kinds:
            self.begin_compensation(e, node.events[0])
        elif "error" in kinds:
            self._throw_error(e, next(event for event in node.events if event.kind == "error"))
        else:
            self._throw_others(e, node)

    def _terminate(self, e: Execution, node: Node) -> None:
        """What the event says besides goes out first; then its scope ends, if that has not."""
        others = [event for event in node.events if event.kind != "terminate"]
        if others:
            self.send(e, self.outgoing(e, node, others, self.payload_of(e)))
        if e.id in self.executions:
            self.record("completed", e)
            self.executions.discard(e)
            self.empty(e.scope)

    def _throw_error(self, e: Execution, event: EventDef) -> None:
        if not self.raise_code(event, e, self.payload_of(e)):
            raise Failure("uncaught-error", event.code or "")

    def _throw_others(self, e: Execution, node: Node) -> None:
        outgoing = self.outgoing(e, node, node.events, self.payload_of(e))
        self.move_on(e)
        self.send(e, outgoing)

    def publish(self, e: Execution, node: Node) -> None:
        """Send task: its message leaves."""
        self.send(e, self.outgoing(e, node, node.events, self.payload_of(e)))

    def send(self, e: Execution, outgoing: Outgoing) -> None:
        """What an event has to say; its token has gone on. Signals also to this instance."""
        found, escalations, payload = outgoing
        for event in escalations:
            self.raise_code(event, e, payload)
        for thrown in found:
            self.thrown.append(thrown)
            if thrown.kind == "signal":
                self.signal(thrown.name, dict(thrown.variables))

    def outgoing(
        self, e: Execution, node: Node, events: Sequence[EventDef], payload: dict[str, Any]
    ) -> Outgoing:
        """Evaluated before the token goes on. A handler sends the messages of its event itself."""
        view = View(self.scopes, self.scope_of(e), payload)
        by_handler = node.kind in THROWING and isinstance(node.work, JobWork)
        found: list[Thrown] = []
        for event in events:
            if event.kind == "message" and not by_handler:
                key = self.correlation_key(event, view)
                found.append(Thrown("message", node.id, event.name, key, payload))
            elif event.kind == "signal":
                found.append(Thrown("signal", node.id, event.name, "", payload))
        return found, [event for event in events if event.kind == "escalation"], payload

    def payload_of(self, e: Execution) -> dict[str, Any]:
        """What goes with a thrown event: its mapped inputs, nothing else."""
        io = self.node(e).io or NO_MAPPING
        if e.own is not None:
            kept = self.scopes[e.own].variables
            return {pair.target: kept[pair.target] for pair in io.inputs}
        return self.mapped(io.inputs, self.view(e)) if io.inputs else {}

    def raise_code(self, event: EventDef, thrower: Execution, payload: dict[str, Any]) -> bool:
        """Let an error or escalation walk outwards; whether anything caught it."""
        below, number = thrower, thrower.scope
        while True:
            found = self._catcher(event, below, number)
            if found is not None:
                if thrower.role == "stuck" and thrower.id in self.executions:
                    # An error end event: its token is used up.
                    self.record("completed", thrower)
                    self.remove(thrower)
                self.fire(*found, payload)
                return True
            owner = self.scopes[number].owner
            if owner is None:
                return False
            below = self.executions[owner]
            number = below.scope

    def _catcher(
        self, event: EventDef, below: Execution, number: int
    ) -> tuple[Execution, Arm] | None:
        found = self.executions.boundaries(below.body or below.id)
        catching = [(e, arm) for e in found for arm in e.arms if _catches(arm, event)]
        if not catching:
            # An event subprocess does not catch what comes out of itself.
            triggers = [
                e
                for e in self.executions.in_scope(number)
                if e.role == "trigger" and e.element != below.element
            ]
            catching = [(e, arm) for e in triggers for arm in e.arms if _catches(arm, event)]
        return min(catching, key=lambda pair: pair[1].name is None, default=None)


def _catches(arm: Arm, event: EventDef) -> bool:
    return arm.kind == event.kind and arm.name in (None, event.code)


def _hearing(e: Execution, signal: str) -> Arm | None:
    """The first arm that waits for a signal."""
    for arm in e.arms:
        if arm.kind == "signal" and arm.name == signal and arm.fired is None:
            return arm
    return None
