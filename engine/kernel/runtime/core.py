"""What every topic of the runtime stands on: variables, attempts, scopes and executions.

An entry or exit of an element is an *attempt*: it evaluates first and moves tokens last. When it
fails, the variables are put back, a failed entry is taken back, and the execution keeps an
incident; the other branches go on. Only errors of the engine's tree are failures of a diagram:
anything else is a defect of ours and leaves the act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.errors import EngineError
from engine.feel import Expression
from engine.kernel.model import Assignment, Container, Model, Node
from engine.kernel.runtime.failures import Failure, describe
from engine.kernel.scope import Scope, Scopes, View
from engine.kernel.state import Arm, Execution, Role, State
from engine.kernel.values import (
    MAX_VALUE,
    MAX_VARIABLES,
    VariableTooLarge,
    canonical,
    check_size,
    size_of,
)
from engine.types import DecisionTrace, HistoryEntry, Milestone, Thrown, VariableChange

MAX_WARNINGS = 3
# Roles that are armed rather than working: cancelling them is no news, and they hold nothing up.
ARMED: frozenset[Role] = frozenset({"trigger", "boundary"})


class Core:
    """One act on one instance, and what happened in it."""

    def __init__(self, model: Model, state: State, at: datetime) -> None:
        self.model = model
        self.state = state
        self.at = at
        self.scopes = state.scopes
        self.executions = state.executions
        self.history: list[HistoryEntry] = []
        self.changes: list[VariableChange] = []
        self.thrown: list[Thrown] = []
        self.decisions: list[DecisionTrace] = []
        self.milestones: list[Milestone] = []
        # Writes of the running attempt: scope, name, whether it was there, its value then.
        self.undo: list[tuple[int, str, bool, Any]] = []
        # Scopes that may have become empty.
        self.touched: set[int] = set()
        # Tokens of the queue per scope.
        self.queued: dict[int, int] = {}
        for item in state.queue:
            if item[0] == "token":
                self.queued[item[3]] = self.queued.get(item[3], 0) + 1
        # Whether a conditional event has to be looked at.
        self.changed = model.has_conditions
        # What has been written since they were looked at last: name -> "create", "update".
        self.written: dict[str, set[str]] = {}
        # Conditional events that have not been looked at yet, whatever they watch.
        self.fresh: list[Arm] = []
        self.steps = 0

    # ------------------------------------------------------------------ looking things up

    def container(self, scope: int) -> Container:
        """The process or subprocess whose tokens move in this scope."""
        name = self.scopes[scope].container
        assert name is not None
        return self.model.containers[name]

    def node(self, e: Execution) -> Node:
        return self.model.containers[e.container].nodes[e.element]

    @staticmethod
    def scope_of(e: Execution) -> int:
        """The scope an execution reads from."""
        return e.around if e.own is None else e.own

    def view(self, e: Execution) -> View:
        if e.snapshot is None:
            return View(self.scopes, self.scope_of(e))
        return View(self.scopes, self.scope_of(e), seen_by(self.scopes, e))

    def start_of(self, node: Node) -> Node:
        """The start event of an event subprocess."""
        assert node.inner is not None
        return self.model.containers[node.inner].starts[0]

    # ------------------------------------------------------------------ what happened

    def record(self, kind: str, e: Execution) -> None:
        self.history.append(HistoryEntry(e.element, kind, e.id, e.scope))

    def reach(self, node: Node) -> None:
        if node.milestone:
            self.milestones.append(Milestone(node.milestone, node.id))

    # ------------------------------------------------------------------ expressions

    def value(self, source: Expression | str, view: View) -> Any:
        """The value of FEEL, or the text itself."""
        if isinstance(source, str):
            return source
        return source.evaluate(view, at=self.at, calendar=self.model.calendar)

    def explained(self, source: Expression, view: View) -> tuple[Any, str]:
        """The value, and why it is null if it is: codes and names, no values."""
        warnings: list[str] = []
        value = source.evaluate(view, at=self.at, calendar=self.model.calendar, warnings=warnings)
        return value, "; ".join(warnings[:MAX_WARNINGS])

    def truth(self, condition: Expression, view: View, what: str) -> bool:
        """Strict: what is neither true nor false is a failure, never "false"."""
        value, reasons = self.explained(condition, view)
        if not isinstance(value, bool):
            raise Failure("not-boolean", f"{what} {reasons}".strip())
        return value

    def mapped(self, pairs: Iterable[Assignment], view: View) -> dict[str, Any]:
        """Mappings in order; later ones see the results of earlier ones."""
        view = View(view.scopes, view.number, view.extra)
        values: dict[str, Any] = {}
        for pair in pairs:
            found = canonical(self.value(pair.source, view))
            values[pair.target] = view.extra[pair.target] = found
        return values

    # ------------------------------------------------------------------ variables

    def set(self, number: int, name: str, value: object, limit: int = MAX_VALUE) -> None:
        """Assign in this very scope."""
        variables = self.scopes[number].variables
        kept = canonical(value)
        size = check_size(name, kept, limit)
        existed = name in variables
        before = variables.get(name)
        self.grow(size - (size_of(before) + len(name) if existed else 0))
        self.undo.append((number, name, existed, before))
        self.changes.append(VariableChange(number, name, kept))
        variables[name] = kept
        if self.model.has_conditions:
            self.changed = True
            self.written.setdefault(name, set()).add("update" if existed else "create")

    def set_all(self, number: int, values: Mapping[str, object], limit: int = MAX_VALUE) -> None:
        for name, value in values.items():
            self.set(number, name, value, limit)

    def propagate(self, number: int, values: Mapping[str, object], limit: int = MAX_VALUE) -> None:
        """Write each variable to where it is, else to the topmost scope."""
        for name, value in values.items():
            self.set(self.scopes.target(number, name).id, name, value, limit)

    def grow(self, size: int) -> None:
        total = self.state.size + size
        if size > 0 and total > MAX_VARIABLES:
            raise VariableTooLarge(f"{total} bytes of variables, allowed are {MAX_VARIABLES}")
        self.state.size = total

    def _put_back(self, undo: list[tuple[int, str, bool, Any]]) -> None:
        for number, name, existed, value in reversed(undo):
            scope = self.scopes.get(number)
            if scope is None:
                continue
            self.state.size -= size_of(scope.variables[name]) + len(name)
            if existed:
                scope.variables[name] = value
                self.state.size += size_of(value) + len(name)
            else:
                del scope.variables[name]

    # ------------------------------------------------------------------ attempts

    def attempt(
        self, e: Execution, step: Callable[[Execution], None], *, entry: bool = False
    ) -> None:
        """Run a step of an execution; a failure leaves it with an incident, all else as it was."""
        outer, self.undo = self.undo, []
        changes, milestones = len(self.changes), len(self.milestones)
        e.incident = None
        try:
            step(e)
        except EngineError as error:
            self._put_back(self.undo)
            self.undo = []
            del self.changes[changes:]
            del self.milestones[milestones:]
            if entry:
                self.dismantle(e)
            e.incident = describe(error)
            self.record("failed", e)
        outer.extend(self.undo)
        self.undo = outer

    def dismantle(self, e: Execution) -> None:
        """Take back a failed entry, so that a retry begins anew."""
        for other in (*self.executions.boundaries(e.id), *self.executions.instances(e.id)):
            self.kill(other)
        self.end_inner(e)
        if e.body is None:
            self.close_own(e)
        e.arms, e.work, e.items, e.counts, e.todo = [], None, None, None, None

    # ------------------------------------------------------------------ scopes and executions

    def open_scope(
        self,
        parent: int | None,
        *,
        owner: int | None = None,
        isolated: bool = False,
        variables: Mapping[str, object] | None = None,
        limit: int = MAX_VALUE,
    ) -> int:
        kept = {name: canonical(value) for name, value in (variables or {}).items()}
        self.grow(sum(check_size(name, value, limit) for name, value in kept.items()))
        number = self.state.new_id()
        self.scopes[number] = Scope(number, parent, kept, isolated=isolated, owner=owner)
        return number

    def close_scope(self, number: int) -> None:
        scope = self.scopes.pop(number)
        self.grow(-sum(size_of(v) + len(name) for name, v in scope.variables.items()))

    def close_own(self, e: Execution) -> None:
        if e.own is not None and e.own in self.scopes:
            self.close_scope(e.own)
        e.own = None

    def create(
        self,
        node: Node,
        scope: int,
        role: Role = "activity",
        *,
        around: int | None = None,
        host: int | None = None,
        body: int | None = None,
        handles: int | None = None,
    ) -> Execution:
        e = Execution(
            self.state.new_id(),
            node.id,
            node.container,
            scope,
            scope if around is None else around,
            role,
            host=host,
            body=body,
            handles=handles,
        )
        self.executions.add(e)
        return e

    def remove(self, e: Execution) -> None:
        """The execution is over: its boundary events and its scope go with it."""
        self.executions.discard(e)
        for boundary in self.executions.boundaries(e.id):
            self.executions.discard(boundary)
        self.end_inner(e)
        self.close_own(e)
        self.touched.add(e.scope)

    def kill(self, e: Execution) -> None:
        """Cancel an execution and everything below it."""
        if self.executions.get(e.id) is not e:
            return
        if e.role not in ARMED:
            self.record("cancelled", e)
        for below in (*self.executions.instances(e.id), *self.executions.handlers(e.id)):
            self.kill(below)
        self.remove(e)

    def end_inner(self, e: Execution) -> None:
        """End its subprocess or called process, with everything in it."""
        if e.inner is None:
            return
        self.empty(e.inner)
        self.touched.discard(e.inner)
        self.scopes[e.inner].container = None
        if e.inner != e.own:
            self.close_scope(e.inner)
        e.inner = None

    def empty(self, number: int) -> None:
        """Take every token out of a scope."""
        self.drop_tokens(number)
        for e in list(self.executions.in_scope(number)):
            self.kill(e)
        self.touched.add(number)

    def drop_tokens(self, number: int) -> None:
        """Take away tokens that are on flows or wait at joins."""
        scope = self.scopes[number]
        scope.joins.clear()
        scope.rounds.clear()
        if self.queued.pop(number, 0):
            self.state.queue[:] = [
                item for item in self.state.queue if item[0] != "token" or item[3] != number
            ]


def seen_by(scopes: Scopes, e: Execution) -> dict[str, Any]:
    """All variables an execution sees; for a compensation handler as its activity saw them."""
    found = scopes.visible(Core.scope_of(e))
    if e.snapshot is not None:
        found |= e.snapshot
        found |= {} if e.own is None else scopes[e.own].variables
    return found


def element_of(model: Model, e: Execution, arm: Arm) -> str:
    """The drawn event behind an arm: for an event subprocess its start event."""
    if arm.to is not None:
        return arm.to
    if e.role != "trigger":
        return e.element
    inner = model.containers[e.container].nodes[e.element].inner
    assert inner is not None
    return model.containers[inner].starts[0].id
