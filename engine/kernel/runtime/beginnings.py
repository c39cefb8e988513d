"""Where tokens begin in a process or subprocess, and how an ad hoc subprocess goes on and ends.

With a start event, there. Without one, everything that no flow leads to begins together; an ad hoc
subprocess begins with those that are named, all at once or one after the other. Its condition is
looked at each time something inside completes; then nothing further begins, and what still runs is
cancelled or waited for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from engine.kernel.model import Container, Flow, Node
from engine.kernel.runtime.arming import Arming
from engine.kernel.runtime.failures import Failure
from engine.kernel.runtime.gateways import THROWING
from engine.kernel.scope import View
from engine.kernel.state import Execution


class Beginnings(Arming, ABC):
    """First tokens of a scope; the last ones of an ad hoc subprocess."""

    @abstractmethod
    def pass_event(self, node: Node, scope: int, payload: dict[str, Any]) -> None: ...

    def run_container(
        self,
        number: int,
        name: str,
        start: Node | None = None,
        payload: dict[str, Any] | None = None,
    ) -> None:
        """Let tokens move in a scope: arm its event subprocesses, then begin."""
        container = self.model.containers[name]
        self.scopes[number].container = name
        for node, trigger in container.event_subprocesses:
            armed = self.create(node, number, "trigger")
            self.arm(armed, trigger.events, View(self.scopes, number))
        if start is None and container.firsts:
            self._begin_together(number, container)
            return
        if start is None:
            plain = [node for node in container.starts if not node.events]
            start = (plain or container.starts)[0]
        self.pass_event(start, number, payload or {})
        others = container.together.get(start.id, ())
        self.begin_at([container.nodes[other] for other in others], number)

    def _begin_together(self, number: int, container: Container) -> None:
        nodes: Sequence[Node] = container.firsts
        if container.ad_hoc is not None:
            owner = self._owner(number)
            nodes, owner.todo = self._chosen(number, container), []
            if container.ad_hoc.sequential:
                owner.todo = [node.id for node in nodes[1:]]
                nodes = nodes[:1]
        self.begin_at(nodes, number)
        self.touched.add(number)

    def begin_at(self, nodes: Sequence[Node], number: int) -> None:
        """Tokens that came by no flow. Signal catch events first, as behind a split."""
        items: list[list[Any]] = []
        for node in sorted(nodes, key=lambda node: not node.listens_at_once):
            if node.kind.endswith("Gateway") or node.kind in THROWING:
                items.append(["token", "", node.id, number])
                self.queued[number] = self.queued.get(number, 0) + 1
            else:
                e = self.create(node, number, "activity" if node.loop is None else "body")
                items.append(["begin", e.id])
        self.state.queue.extend(reversed(items))

    # ------------------------------------------------------------------ ad hoc

    def _owner(self, number: int) -> Execution:
        owner = self.scopes[number].owner
        assert owner is not None
        return self.executions[owner]

    def _chosen(self, number: int, container: Container) -> Sequence[Node]:
        """Those that begin: the ones named by the collection, in its order, or all."""
        wanted = None if container.ad_hoc is None else container.ad_hoc.active
        if wanted is None:
            return container.firsts
        names, reasons = self.explained(wanted, View(self.scopes, number))
        if not isinstance(names, list):
            raise Failure("bad-collection", f"elements to begin {reasons}".strip())
        firsts = {node.id: node for node in container.firsts}
        if not all(isinstance(name, str) and name in firsts for name in names):
            raise Failure("bad-collection", "not all of these can begin here")
        return [firsts[name] for name in dict.fromkeys(names)]

    def ends_ad_hoc(self, e: Execution, node: Node) -> bool:
        """Whether, with this done, nothing further begins in the ad hoc subprocess around."""
        ad_hoc = self.container(e.scope).ad_hoc
        if ad_hoc is None or node.kind == "boundaryEvent" or node.event_subprocess:
            return False
        if self._owner(e.scope).todo is None:
            return True
        return ad_hoc.completion is not None and self.truth(
            ad_hoc.completion, View(self.scopes, e.scope), "completion condition"
        )

    def go_on_unless(self, e: Execution, node: Node, flows: Sequence[Flow], *, over: bool) -> None:
        """Tokens move on, or the ad hoc subprocess around begins nothing further."""
        if not over:
            self.put_tokens(e, node, flows)
            return
        ad_hoc = self.container(e.scope).ad_hoc
        self._owner(e.scope).todo = None
        self.touched.add(e.scope)
        if ad_hoc is not None and ad_hoc.cancel_remaining:
            self.empty(e.scope)
        else:
            self.drop_tokens(e.scope)

    def begin_next(self, number: int) -> bool:
        """Sequential: when one is done, the next; False when there is none."""
        if self.container(number).ad_hoc is None:
            return False
        owner = self._owner(number)
        if not owner.todo:
            return False
        self.begin_at([self.container(number).nodes[owner.todo.pop(0)]], number)
        return True
