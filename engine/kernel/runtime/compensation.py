"""Compensation: completed activities of a scope are undone, latest first, each once.

A handler reads what its activity saw when it completed, and writes the live scopes. A finished
subprocess is undone by its compensation event subprocess, or else from inside. A called process is
undone in the same way, with variables of its own once more.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from engine.kernel.model import EventDef, Node
from engine.kernel.runtime.core import seen_by
from engine.kernel.runtime.failures import Failure
from engine.kernel.runtime.multi_instance import Multiples
from engine.kernel.state import Arm, Execution, Role
from engine.kernel.values import MAX_VARIABLES, VariableTooLarge, size_of

MAX_RECORDS = 100
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
Record = dict[str, Any]


class Compensation(Multiples):
    """Records of what can be undone, and undoing it."""

    @abstractmethod
    def fire(self, e: Execution, arm: Arm, payload: dict[str, Any]) -> None: ...

    def remember(self, e: Execution, node: Node) -> None:
        """Record a completed activity that has a handler, or something to undo inside."""
        if e.handles is not None or node.event_subprocess:
            return
        inside = self._inside(e, node)
        if node.handler is None and inside is None:
            return
        record = {"element": node.id, "seen": seen_by(self.scopes, e), "sub": inside}
        records = self.scopes[e.scope].compensable
        if len(records) >= MAX_RECORDS:
            raise Failure("too-many-to-compensate", f"more than {MAX_RECORDS}")
        if sum(map(size_of, records)) + size_of(record) > MAX_VARIABLES:
            raise VariableTooLarge("what compensation would have to remember")
        records.append(record)

    def _inside(self, e: Execution, node: Node) -> Record | None:
        if e.inner is None or not (node.kind in SUBPROCESSES or node.call):
            return None
        scope = self.scopes[e.inner]
        name = scope.container
        assert name is not None
        if not scope.compensable and self.model.containers[name].compensation is None:
            return None
        return {
            "container": name,
            "variables": dict(sorted(scope.variables.items())),
            "compensable": scope.compensable,
        }

    def compensable(self, number: int, name: str) -> list[Any]:
        """What is to be undone, latest first; an empty name means everything of the scope.

        In a compensation event subprocess: what happened in the subprocess it belongs to. In any
        other event subprocess: what has happened there, then in the scope around it.
        """
        scope = self.scopes[number]
        owner = None if scope.owner is None else self.executions.get(scope.owner)
        if owner is not None and owner.restores is not None:
            return self._handlers(owner.restores["container"], scope.compensable, name)
        assert scope.container is not None
        found = self._handlers(scope.container, scope.compensable, name)
        if owner is not None and self.node(owner).event_subprocess:
            found += self.compensable(owner.scope, name)
        return found

    def _handlers(self, container: str, records: list[Record], name: str = "") -> list[Any]:
        """Records -> [container, handler, record]; each record is used once."""
        nodes = self.model.containers[container].nodes
        found: list[Any] = []
        for record in [r for r in reversed(records) if name in ("", r["element"])]:
            records.remove(record)
            handler, sub = nodes[record["element"]].handler, record["sub"]
            if handler is not None:
                found.append([container, handler, record])
            elif nodes[record["element"]].call is not None:
                found.append([container, record["element"], record])
            elif self.model.containers[sub["container"]].compensation is not None:
                undo = self.model.containers[sub["container"]].compensation
                found.append([sub["container"], undo, record])
            else:
                found += self._handlers(sub["container"], sub["compensable"])
        return found

    def begin_compensation(self, e: Execution, event: EventDef) -> None:
        todo = self.compensable(e.scope, event.name)
        if not event.waits:
            node = self.node(e)
            flows = self.choose(node, self.view(e))
            self.record("completed", e)
            self.put_tokens(e, node, flows)
        e.role, e.todo = "throw", todo
        self.compensate_next(e)

    def begin_cancel(self, e: Execution) -> None:
        """The transaction around ends: what runs in it is cancelled, what is done is undone."""
        number, todo = e.scope, self.compensable(e.scope, "")
        while self.node(self._owner(number)).kind != "transaction":
            number = self._owner(number).scope
            todo += self.compensable(number, "")
        self.executions.discard(e)
        self.drop_tokens(number)
        for other in list(self.executions.in_scope(number)):
            self.kill(other)
        thrower = self.create(self.node(e), number, "throw")
        thrower.todo = todo
        self.compensate_next(thrower)

    def compensate_next(self, e: Execution) -> None:
        if not e.todo:
            self._compensated(e)
            return
        container, name, record = e.todo.pop(0)
        node = self.model.containers[container].nodes[name]
        role: Role = "activity" if node.loop is None or name == record["element"] else "body"
        handler = self.create(node, e.scope, role, handles=e.id)
        handler.snapshot = record["seen"]
        if node.event_subprocess or name == record["element"]:
            handler.restores = record["sub"]
        # Not begun at once: a hundred handlers would be a hundred levels of calls.
        self.state.queue.append(["begin", handler.id])

    def undo_call(self, e: Execution) -> None:
        """A finished call: its process is there again, only to be undone."""
        assert e.restores is not None
        name, records = e.restores["container"], e.restores["compensable"]
        e.inner = self.open_scope(
            e.around,
            owner=e.id,
            isolated=True,
            variables=e.restores["variables"],
            limit=MAX_VARIABLES,
        )
        self.scopes[e.inner].container = name
        thrower = self.create(self.node(e), e.inner, "throw")
        undo = self.model.containers[name].compensation
        if undo is None:
            thrower.todo = self._handlers(name, records)
        else:
            record = {
                "element": e.element,
                "seen": e.restores["variables"],
                "sub": e.restores | {"variables": {}},
            }
            thrower.todo = [[name, undo, record]]
        self.compensate_next(thrower)

    def _compensated(self, e: Execution) -> None:
        events = self.node(e).events
        if not events or not events[0].waits:
            # It was only there to see the handlers out.
            self.remove(e)
            return
        if events[0].kind != "cancel":
            self.attempt(e, self.move_on)
            return
        owner = self.scopes[e.scope].owner
        host = None if owner is None else self.executions[owner]
        for boundary in [] if host is None else self.executions.boundaries(host.body or host.id):
            if boundary.arms and boundary.arms[0].kind == "cancel":
                self.fire(boundary, boundary.arms[0], {})
                return
        e.incident = ["uncaught-cancel", ""]
        self.record("failed", e)
