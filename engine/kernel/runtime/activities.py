"""Activities: entry, work, exit.

Entry: input mapping, clocks of the boundary events, then what this kind of activity does. Exit:
output mapping or propagation, the result of a multi-instance instance, then the token moves on.
The flows behind an activity are chosen before it ends, so a failing condition is an incident on
the activity and its results are put back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from engine.decisions import evaluate
from engine.feel import Expression
from engine.kernel.model import (
    DecisionWork,
    EventDef,
    IoMapping,
    JobWork,
    Node,
    ScriptWork,
    UserWork,
)
from engine.kernel.runtime import clocks
from engine.kernel.runtime.beginnings import Beginnings
from engine.kernel.runtime.failures import Failure
from engine.kernel.runtime.gateways import THROWING
from engine.kernel.scope import View
from engine.kernel.state import Execution
from engine.kernel.values import MAX_VALUE, MAX_VARIABLES, canonical
from engine.types import DecisionTrace, Thrown

MAX_CALLS = 32
# Processes and subprocesses inside each other; cancelling goes down as many levels.
MAX_LEVELS = 100
MAX_PRIORITY = 100
WAITING = frozenset({"receiveTask", "intermediateCatchEvent"})
NO_MAPPING = IoMapping()
# What leaves with an event: messages and signals, escalations, and what goes with them.
Outgoing = tuple[list[Thrown], list[EventDef], dict[str, Any]]
# Whether an instance ends its activity, and what the activity then throws.
Collected = tuple[bool, list[EventDef]]


class Activities(Beginnings, ABC):
    """Everything that is entered, works, and is left."""

    # What other topics add to entry and exit.

    @abstractmethod
    def open_body(self, e: Execution) -> None: ...

    @abstractmethod
    def close_body(self, e: Execution) -> None: ...

    @abstractmethod
    def collect(self, body: Execution, e: Execution) -> Collected: ...

    @abstractmethod
    def instance_done(self, body: Execution, *, stop: bool) -> None: ...

    @abstractmethod
    def remember(self, e: Execution, node: Node) -> None: ...

    @abstractmethod
    def undo_call(self, e: Execution) -> None: ...

    @abstractmethod
    def compensate_next(self, e: Execution) -> None: ...

    @abstractmethod
    def publish(self, e: Execution, node: Node) -> None: ...

    @abstractmethod
    def payload_of(self, e: Execution) -> dict[str, Any]: ...

    @abstractmethod
    def outgoing(
        self, e: Execution, node: Node, events: Sequence[EventDef], payload: dict[str, Any]
    ) -> Outgoing: ...

    @abstractmethod
    def send(self, e: Execution, outgoing: Outgoing) -> None: ...

    # ------------------------------------------------------------------ entry

    def begin(self, e: Execution) -> None:
        self.record("entered", e)
        enter = self.open_body if e.role == "body" else self.open_activity
        self.attempt(e, self.undo_call if self.undoes_call(e) else enter, entry=True)

    def undoes_call(self, e: Execution) -> bool:
        return e.restores is not None and self.node(e).call is not None

    def open_activity(self, e: Execution) -> None:
        node = self.node(e)
        io = node.io or NO_MAPPING
        if e.body is None:
            self.reach(node)
        values = self.mapped(io.inputs, self.view(e))
        holds = node.io is not None or node.inner is not None or node.call is not None
        if e.own is None and holds:
            e.own = self.open_scope(e.around, owner=e.id)
        if values and e.own is not None:
            self.set_all(e.own, values)
        if e.body is None:
            self.arm_boundaries(e, node)
        self.perform(e, node)

    def perform(self, e: Execution, node: Node) -> None:
        work = node.work
        if node.call is not None and node.call.chosen is not None:
            self.open_inner(e, node, self.chosen(node.call.chosen, self.view(e)))
        elif node.inner is not None:
            self.open_inner(e, node, node.inner)
        elif isinstance(work, UserWork):
            e.work = self.assignment(work, self.view(e))
        elif isinstance(work, JobWork):
            e.work = {}
        elif isinstance(work, DecisionWork):
            self.leave(e, {work.result_variable: self.decide(e, work)})
        elif isinstance(work, ScriptWork):
            value = canonical(self.value(work.expression, self.view(e)))
            self.leave(e, {work.result_variable: value})
        elif node.kind in WAITING and node.events:
            self.arm(e, node.events, self.view(e))
        else:
            self.publish(e, node)
            self.leave(e, {})

    def assignment(self, work: UserWork, view: View) -> dict[str, Any]:
        """What is evaluated when a user task opens; literal values stay in the diagram."""
        found: dict[str, Any] = {}
        if isinstance(work.groups, Expression):
            found["groups"] = self._groups(work.groups, view)
        if work.assignee is not None:
            found["assignee"] = self._assignee(work.assignee, view)
        if isinstance(work.priority, Expression):
            found["priority"] = self._priority(work.priority, view)
        if work.working_days is not None:
            days = work.working_days
            value = days if isinstance(days, int) else self.value(days, view)
            due = clocks.working_days(value, self.at, self.model.calendar)
            found["due"] = due.isoformat()
        elif work.due_date is not None:
            value = self.value(work.due_date, view)
            found["due"] = clocks.moment(value, self.at, self.model.calendar).isoformat()
        return found

    def _groups(self, source: Expression, view: View) -> list[str]:
        value, reasons = self.explained(source, view)
        groups = [value] if isinstance(value, str) else value
        if not isinstance(groups, list) or not groups:
            raise Failure("bad-assignment", f"groups {reasons}".strip())
        if not all(isinstance(group, str) and group for group in groups):
            raise Failure("bad-assignment", "groups must be texts")
        return list(dict.fromkeys(groups))

    def _assignee(self, source: Expression | str, view: View) -> str | None:
        value = self.value(source, view)
        if value is None or isinstance(value, str):
            return value or None
        number = clocks.whole(value)
        if number is None:
            raise Failure("bad-assignment", "assignee must be text or a whole number")
        return str(number)

    def _priority(self, source: Expression, view: View) -> int:
        number = clocks.whole(self.value(source, view))
        if number is None or not 0 <= number <= MAX_PRIORITY:
            raise Failure("bad-assignment", f"priority must be from 0 to {MAX_PRIORITY}")
        return number

    def decide(self, e: Execution, work: DecisionWork) -> Any:
        """The value of a decision; strict: nothing decided is a failure, not null."""
        result = evaluate(
            self.model.decisions,
            work.decision_id,
            self.view(e),
            at=self.at,
            calendar=self.model.calendar,
        )
        if result.error is not None:
            raise Failure(f"decision-{result.error.code}", ", ".join(result.error.args))
        value = canonical(result.value)
        if value is None and not result.fired and not work.no_match_null:
            raise Failure("no-match", work.decision_id)
        inputs = canonical(dict(result.inputs))
        trace = DecisionTrace(e.element, work.decision_id, inputs, tuple(result.fired), value)
        self.decisions.append(trace)
        return value

    # ------------------------------------------------------------------ subprocesses

    def chosen(self, source: Expression, view: View) -> str:
        """The process of the bundle that an expression names."""
        name, reasons = self.explained(source, view)
        if not isinstance(name, str) or name not in self.model.processes:
            raise Failure("unknown-process", reasons)
        container = self.model.containers[name]
        if all(start.events for start in container.starts) and not container.firsts:
            raise Failure("unknown-process", "no plain start")
        return name

    def open_inner(self, e: Execution, node: Node, inner: str) -> None:
        assert e.own is not None
        number = e.own
        calls, levels = self.scopes.depth(e.own)
        if levels >= MAX_LEVELS or (node.call is not None and calls >= MAX_CALLS):
            raise Failure("call-depth", f"{calls} processes, {levels} levels")
        if node.call is not None:
            own = self.scopes[e.own].variables
            seen = self.scopes.visible(e.own) if node.call.all_parent_variables else own
            number = self.open_scope(
                e.own, owner=e.id, isolated=True, variables=seen, limit=MAX_VARIABLES
            )
        elif e.restores is not None:
            # Compensation: the subprocess's variables and its records come back.
            self.set_all(number, e.restores["variables"])
            self.scopes[number].compensable = e.restores["compensable"]
        e.inner = number
        self.run_container(number, inner)

    def pass_event(self, node: Node, scope: int, payload: dict[str, Any]) -> None:
        """A token goes through an event that has happened."""
        e = self.create(node, scope)
        self.record("entered", e)
        self.reach(node)
        self.leave(e, payload)

    def results_of(self, e: Execution) -> dict[str, Any]:
        """What a subprocess (nothing) or a called process hands over when it ends."""
        node = self.node(e)
        if node.call is None or e.inner is None:
            return {}
        outputs = node.io is not None and node.io.outputs
        if not (node.call.all_child_variables or outputs):
            return {}
        return dict(sorted(self.scopes[e.inner].variables.items()))

    # ------------------------------------------------------------------ exit

    def leave(self, e: Execution, payload: dict[str, Any]) -> None:
        e.payload = payload
        self.attempt(e, self.close_body if e.role == "body" else self.close_activity)

    def close_activity(self, e: Execution) -> None:
        node = self.node(e)
        if not self.undoes_call(e):
            self.write_results(e, node, e.payload or {})
        body = None if e.body is None else self.executions[e.body]
        stop, news = (False, []) if body is None else self.collect(body, e)
        if node.kind in THROWING:
            outgoing = self.outgoing(e, node, node.events, self.payload_of(e))
        else:
            outgoing = self.outgoing(e, node, news, {})
        if body is not None or e.handles is not None:
            flows: Any = ()
        else:
            flows = self.choose(node, View(self.scopes, e.around))
        over = body is None and e.handles is None and self.ends_ad_hoc(e, node)
        self.remember(e, node)
        self.record("completed", e)
        self.remove(e)
        if e.handles is not None:
            self.compensate_next(self.executions[e.handles])
        elif body is not None:
            self.send(e, outgoing)
            self.instance_done(body, stop=stop)
        else:
            self.go_on_unless(e, node, flows, over=over)
            self.send(e, outgoing)

    def write_results(self, e: Execution, node: Node, payload: dict[str, Any]) -> None:
        """With outputs only their targets leave; without, a mapped input catches the result."""
        outputs = node.io.outputs if node.io is not None else ()
        limit = MAX_VARIABLES if node.call else MAX_VALUE
        if not outputs:
            self.propagate(self.scope_of(e), payload, limit)
            return
        if e.own is None:
            e.own = self.open_scope(e.around, owner=e.id)
        self.set_all(e.own, payload, limit)
        target = e.around if e.body is None else e.own
        self.propagate(target, self.mapped(outputs, self.view(e)))
