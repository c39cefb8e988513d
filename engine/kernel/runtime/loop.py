"""The loop: what stands on the queue is worked off until nothing moves.

The queue is a stack: a branch runs until it waits, then the next in drawing order. Between two
items conditional events are looked at and empty scopes end, inner ones first. When the queue is
empty, inclusive joins that no token can reach any more fire.
"""

from __future__ import annotations

from typing import Any

from engine.kernel.model import JobWork, Node
from engine.kernel.runtime.core import ARMED
from engine.kernel.runtime.events import Events
from engine.kernel.runtime.gateways import THROWING
from engine.kernel.state import Execution

MAX_STEPS = 1_000
MAX_AUTOMATIC = 10_000
AUTOMATIC_LOOP = "automatic-loop"


class Runtime(Events):
    """One act on one instance."""

    def advance(self) -> None:
        """Run until nothing moves, or the budget is spent: then the instance is suspended."""
        state = self.state
        while state.status == "active":
            if self.steps > MAX_STEPS:
                state.suspended = AUTOMATIC_LOOP
                break
            if self.changed:
                self.fire_conditions()
            if state.queue:
                self._work_off(state.queue.pop())
            elif not self.touched and not self.fire_inclusive_join():
                break
            self._close_empty_scopes()
        state.automatic = state.automatic + self.steps if state.suspended else 0

    def _work_off(self, item: list[Any]) -> None:
        if item[0] == "token":
            self.steps += 1
            _, flow, target, scope = item
            self.queued[scope] -= 1
            self.touched.add(scope)
            self._enter(self.container(scope).nodes[target], scope, flow)
        # An instance that was cancelled before it began is gone.
        elif (e := self.executions.get(item[1])) is not None:
            self.begin(e)
            # An instance that waits is not automatic: a thousand of them are no loop.
            self.steps += e.id not in self.executions

    def _enter(self, node: Node, scope: int, flow: str) -> None:
        if node.kind == "eventBasedGateway":
            e = self.create(node, scope, "gateway")
            self.record("entered", e)
            self.attempt(e, self.open_event_gateway, entry=True)
        elif node.kind == "complexGateway":
            self.instant(node, scope, self.activate)
        elif node.kind.endswith("Gateway"):
            if self.joined(node, scope, flow):
                self.go_on(node, scope)
        elif node.kind in THROWING and not isinstance(node.work, JobWork):
            self.instant(node, scope, self.throw)
        elif node.kind == "intermediateCatchEvent" and not node.events:
            # The target of a link.
            self.go_on(node, scope)
        elif self.enough(node, scope, flow):
            self.begin(self.create(node, scope, "activity" if node.loop is None else "body"))

    def _close_empty_scopes(self) -> None:
        """A process or subprocess ends with its last token; inner ones first."""
        while self.touched and self.state.status == "active":
            number = max(self.touched)
            self.touched.discard(number)
            scope = self.scopes.get(number)
            if scope is None or scope.container is None or scope.joins:
                continue
            if self.queued.get(number) or any(
                e.role not in ARMED for e in self.executions.in_scope(number)
            ):
                continue
            if self.begin_next(number):
                continue
            self.empty(number)
            self.touched.discard(number)
            if scope.owner is None:
                self.state.status = "completed"
                # Instances that were cancelled before they began.
                self.state.queue.clear()
            else:
                owner = self.executions[scope.owner]
                self.leave(owner, self.results_of(owner))

    def repeat(self, e: Execution) -> None:
        """Retry: repeat exactly the entry or exit that failed."""
        node = self.node(e)
        if e.role in ARMED:
            # A condition could not be evaluated: it is looked at anew.
            self.look_anew(*e.arms)
        elif e.work is not None:
            # A failed job is open again.
            pass
        elif node.event_subprocess and e.inner is None and e.payload is not None:
            self.attempt(e, self.open_event_subprocess, entry=True)
        elif e.payload is not None:
            self.leave(e, e.payload)
        elif e.role == "throw":
            self.compensate_next(e)
        elif e.role == "gateway":
            self.attempt(e, self.open_event_gateway, entry=True)
        elif e.role == "stuck":
            self._repeat_stuck(e, node)
        elif e.role == "body" and e.counts is not None:
            self.repeat_body(e)
        else:
            self.begin(e)

    def _repeat_stuck(self, e: Execution, node: Node) -> None:
        if node.kind == "complexGateway":
            self.attempt(e, self.activate)
        elif node.kind in THROWING:
            self.attempt(e, self.throw)
        else:
            self.attempt(e, self.pass_on)
