"""Multi-instance activities and loops.

The body holds the output collection, filled with null and visible inside; each instance has its
input element, `loopCounter` (from 1), and what its output element reads as null. Results go by
index. The input collection is read once, also when the instances run one after the other.
"""

from __future__ import annotations

from typing import Any

from engine.kernel.model import MultiInstance, Node, StandardLoop
from engine.kernel.runtime import clocks
from engine.kernel.runtime.activities import Activities, Collected
from engine.kernel.runtime.failures import Failure
from engine.kernel.scope import View
from engine.kernel.state import Execution
from engine.kernel.values import MAX_VARIABLES, canonical, check_size

MAX_INSTANCES = 1_000


class Multiples(Activities):
    """Bodies and their instances."""

    def open_body(self, e: Execution) -> None:
        node = self.node(e)
        loop = node.loop
        self.reach(node)
        items = self._items(e, loop) if isinstance(loop, MultiInstance) else []
        into = loop.output_collection if isinstance(loop, MultiInstance) else None
        result = {into: [None] * len(items)} if into else {}
        e.own = self.open_scope(e.around, owner=e.id, variables=result, limit=MAX_VARIABLES)
        e.items, e.counts = items, [0, 0]
        self.arm_boundaries(e, node)
        first = self._first_instances(e, node)
        if not first:
            self.leave(e, {})
        for instance in reversed(first):
            self.state.queue.append(["begin", instance.id])

    def _items(self, e: Execution, loop: MultiInstance) -> list[Any]:
        if loop.collection is not None:
            items, reasons = self.explained(loop.collection, self.view(e))
            if not isinstance(items, list):
                raise Failure("bad-collection", reasons or "not a list")
        else:
            number = clocks.whole(self.value(loop.cardinality or "", self.view(e)))
            if number is None or number < 0:
                raise Failure("bad-collection", "not a number of instances")
            items = list(range(1, min(number, MAX_INSTANCES + 1) + 1))
        if len(items) > MAX_INSTANCES:
            raise Failure("too-many-instances", f"more than {MAX_INSTANCES}")
        kept: list[Any] = canonical(items)
        check_size("input collection", kept, MAX_VARIABLES)
        return kept

    def _first_instances(self, body: Execution, node: Node) -> list[Execution]:
        loop, items = node.loop, body.items or []
        if isinstance(loop, StandardLoop):
            wanted = not loop.test_before or self.again(body, loop)
            return [self._instance(body, node)] if wanted else []
        sequential = isinstance(loop, MultiInstance) and loop.sequential
        count = min(1, len(items)) if sequential else len(items)
        return [self._instance(body, node) for _ in range(count)]

    def _instance(self, body: Execution, node: Node) -> Execution:
        assert body.counts is not None
        assert body.own is not None
        values: dict[str, Any] = {}
        if isinstance(node.loop, MultiInstance):
            if node.loop.private:
                values[node.loop.private] = None
            if node.loop.input_element and body.items:
                values[node.loop.input_element] = body.items[body.counts[0]]
        body.counts[0] += 1
        values["loopCounter"] = body.counts[0]
        e = self.create(node, body.scope, around=body.own, body=body.id)
        e.snapshot = body.snapshot
        e.own = self.open_scope(body.own, owner=e.id, variables=values)
        return e

    def again(self, body: Execution, loop: StandardLoop) -> bool:
        """Whether a loop makes another pass."""
        assert body.counts is not None
        if loop.maximum is not None and body.counts[1] >= loop.maximum:
            return False
        if loop.condition is None:
            return True
        view = self.view(body)
        passes = View(view.scopes, view.number, {**view.extra, "loopCounter": body.counts[0]})
        goes_on = self.truth(loop.condition, passes, "loop condition")
        if goes_on and body.counts[1] >= MAX_INSTANCES:
            raise Failure("too-many-instances", f"more than {MAX_INSTANCES} passes")
        return goes_on

    def collect(self, body: Execution, e: Execution) -> Collected:
        """Store the result of an instance by its index; whether that is the end, and the news."""
        loop = self.node(body).loop
        if not isinstance(loop, MultiInstance):
            return False, []
        assert body.own is not None
        assert body.counts is not None
        assert body.items is not None
        assert e.own is not None
        if loop.output_collection and loop.output_element is not None:
            results = list(self.scopes[body.own].variables[loop.output_collection])
            index = self.scopes[e.own].variables["loopCounter"] - 1
            results[index] = canonical(self.value(loop.output_element, self.view(e)), 1)
            check_size(loop.output_collection, results[index])
            self.set(body.own, loop.output_collection, results, MAX_VARIABLES)
        if loop.completion is None and not loop.announces:
            return False, []
        size, done = len(body.items), body.counts[1] + 1
        numbers = {
            "numberOfInstances": size,
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": 0 if loop.sequential else size - done,
            "numberOfTerminatedInstances": 0,
        }
        view = View(self.scopes, e.own, numbers)
        events = [
            news.event
            for news in loop.announces
            if (done == 1 or not news.first)
            and (news.condition is None or self.truth(news.condition, view, "complex behavior"))
        ]
        stop = loop.completion is not None and self.truth(
            loop.completion, view, "completion condition"
        )
        return stop, events

    def instance_done(self, body: Execution, *, stop: bool) -> None:
        # What an instance has announced may have ended the activity.
        if self.executions.get(body.id) is not body:
            return
        node = self.node(body)
        assert body.counts is not None
        body.counts[1] += 1
        if isinstance(node.loop, StandardLoop):
            self.attempt(body, self.next_pass)
        elif stop or body.counts[1] == len(body.items or []):
            for other in self.executions.instances(body.id):
                self.kill(other)
            self.leave(body, {})
        elif isinstance(node.loop, MultiInstance) and node.loop.sequential:
            self.attempt(body, self.next_instance)

    def next_pass(self, body: Execution) -> None:
        node = self.node(body)
        if isinstance(node.loop, StandardLoop) and self.again(body, node.loop):
            self.next_instance(body)
        else:
            self.leave(body, {})

    def next_instance(self, body: Execution) -> None:
        self.state.queue.append(["begin", self._instance(body, self.node(body)).id])

    def repeat_body(self, body: Execution) -> None:
        """Retry of a body that failed between two instances."""
        loop = self.node(body).loop
        self.attempt(
            body, self.next_pass if isinstance(loop, StandardLoop) else self.next_instance
        )

    def close_body(self, e: Execution) -> None:
        node = self.node(e)
        assert e.own is not None
        if isinstance(node.loop, MultiInstance) and (into := node.loop.output_collection):
            results = self.scopes[e.own].variables[into]
            self.propagate(e.around, {into: results}, MAX_VARIABLES)
        flows = self.choose(node, View(self.scopes, e.around)) if e.handles is None else ()
        over = e.handles is None and self.ends_ad_hoc(e, node)
        self.record("completed", e)
        self.remove(e)
        if e.handles is not None:
            self.compensate_next(self.executions[e.handles])
        else:
            self.go_on_unless(e, node, flows, over=over)
