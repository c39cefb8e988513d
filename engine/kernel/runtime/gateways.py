"""Gateways: which flows get a token, and when a join fires.

Joins count tokens per sequence flow in the scope; a surplus stays. An inclusive join fires when no
token elsewhere can still reach one of its empty flows, unless that token can as well reach a
filled one. A complex gateway fires once per round, when its condition holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.kernel.model import Flow, Node
from engine.kernel.runtime.core import ARMED, Core
from engine.kernel.runtime.failures import Failure
from engine.kernel.scope import View
from engine.kernel.state import Execution
from engine.types import HistoryEntry

THROWING = frozenset({"endEvent", "intermediateThrowEvent"})


class Gateways(Core):
    """Elements that never wait."""

    # ------------------------------------------------------------------ tokens on flows

    def put_tokens(self, e: Execution, node: Node, flows: Sequence[Flow]) -> None:
        """Send tokens on; the execution is over. A stack: the first flow runs until it waits.

        Signal catch events are armed before any branch runs, so that a branch can signal its
        neighbour.
        """
        nodes = self.model.containers[node.container].nodes
        for flow in flows:
            self.take(e, flow)
        if len(flows) > 1:
            flows = sorted(flows, key=lambda flow: not nodes[flow.target].listens_at_once)
        for flow in reversed(flows):
            for _ in range(node.completion_quantity):
                self.state.queue.append(["token", flow.id, flow.target, e.scope])
        number = len(flows) * node.completion_quantity
        self.queued[e.scope] = self.queued.get(e.scope, 0) + number
        self.touched.add(e.scope)

    def take(self, e: Execution, flow: Flow) -> None:
        # A link's jump is no drawn flow.
        if "->" not in flow.id:
            self.history.append(HistoryEntry(flow.id, "taken", e.id, e.scope))

    def choose(self, node: Node, view: View) -> Sequence[Flow]:
        """Outgoing flows that get a token; also behind activities and events."""
        exclusive = node.kind == "exclusiveGateway"
        if node.kind == "parallelGateway" or all(
            flow.condition is None and flow.id != node.default for flow in node.flows
        ):
            return node.flows[:1] if exclusive else node.flows
        hit: list[Flow] = []
        for flow in node.flows:
            if flow.id == node.default:
                continue
            if flow.condition is None or self.truth(flow.condition, view, flow.id):
                hit.append(flow)
                if exclusive:
                    break
        hit = hit or [flow for flow in node.flows if flow.id == node.default]
        if not hit:
            raise Failure("no-flow", "no condition holds and there is no default flow")
        return hit

    # ------------------------------------------------------------------ instants

    def instant(self, node: Node, scope: int, step: Callable[[Execution], None]) -> None:
        """Pass an element that never waits; a failure leaves a token stuck in it."""
        e = self.create(node, scope, "stuck")
        self.record("entered", e)
        self.attempt(e, step)

    def go_on(self, node: Node, scope: int) -> None:
        self.instant(node, scope, self.pass_on)

    def pass_on(self, e: Execution) -> None:
        self.reach(self.node(e))
        self.move_on(e)

    def move_on(self, e: Execution) -> None:
        node = self.node(e)
        flows = self.choose(node, self.view(e))
        self.record("completed", e)
        self.remove(e)
        self.put_tokens(e, node, flows)

    # ------------------------------------------------------------------ joins

    def joined(self, node: Node, scope: int, flow: str) -> bool:
        """Count a token in; True when the gateway fires."""
        if node.kind == "exclusiveGateway" or len(node.incoming) < 2:  # noqa: PLR2004  # one flow joins nothing
            return True
        waiting = self.scopes[scope].joins.setdefault(node.id, {})
        waiting[flow] = waiting.get(flow, 0) + 1
        if node.kind == "parallelGateway":
            fires = len(waiting) == len(node.incoming)
        else:
            fires = self.inclusive_may_fire(node.id, scope)
        if fires:
            self.consume(node.id, scope)
        return fires

    def enough(self, node: Node, scope: int, flow: str) -> bool:
        """Count a token in before an activity that begins with several; True when it may.

        One that came by no flow, moved by hand, is enough.
        """
        if node.start_quantity == 1 or not flow:
            return True
        joins = self.scopes[scope].joins
        waiting = joins.setdefault(node.id, {})
        waiting[flow] = waiting.get(flow, 0) + 1
        if sum(waiting.values()) < node.start_quantity:
            return False
        del joins[node.id]
        return True

    def consume(self, join: str, scope: int) -> None:
        """Take one token from each flow; a surplus stays."""
        joins = self.scopes[scope].joins
        left = {flow: count - 1 for flow, count in joins.pop(join).items() if count > 1}
        if left:
            joins[join] = left

    def inclusive_may_fire(self, join: str, scope: int) -> bool:
        ahead, filled = self.container(scope).ahead[join], set(self.scopes[scope].joins[join])
        reached = [
            ahead[e.element]
            for e in self.executions.in_scope(scope)
            if e.role not in ARMED and e.element in ahead
        ]
        reached += [ahead[other] for other in self.scopes[scope].joins if other != join]
        if self.queued.get(scope):
            reached += [
                frozenset({item[1]}) if item[2] == join else ahead[item[2]]
                for item in self.state.queue
                if item[0] == "token" and item[3] == scope
            ]
        return not any(flows - filled and not flows & filled for flows in reached)

    def fire_inclusive_join(self) -> bool:
        """When nothing else moves: fire one join that no token can reach any more."""
        for number, scope in self.scopes.items():
            for join in sorted(scope.joins):
                node = self.container(number).nodes[join]
                if node.kind == "inclusiveGateway" and self.inclusive_may_fire(join, number):
                    self.consume(join, number)
                    self.go_on(node, number)
                    return True
        return False

    def activate(self, e: Execution) -> None:
        """Complex gateway: a round ends with a token from each flow."""
        node, rounds = self.node(e), self.scopes[e.scope].rounds
        before, fired = rounds.get(node.id, (0, 0))
        count, fires = before + 1, False
        if not fired and node.activation is not None:
            view = View(self.scopes, e.scope, {"activationCount": count})
            fires = self.truth(node.activation, view, "activation")
        flows = self.choose(node, self.view(e)) if fires else ()
        if fires:
            self.reach(node)
        rounds.pop(node.id, None)
        if count < len(node.incoming):
            rounds[node.id] = [count, int(fired or fires)]
        self.record("completed", e)
        self.remove(e)
        self.put_tokens(e, node, flows)
