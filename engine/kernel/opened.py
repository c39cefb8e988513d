"""What is open: full sets, projected from the state, with what one act did beside them."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.model import JobWork, Model, Node, UserWork
from engine.kernel.runtime.core import ARMED, Core, element_of, seen_by
from engine.kernel.state import Arm, Execution, State
from engine.types import (
    OpenIncident,
    OpenJob,
    OpenSubscription,
    OpenTimer,
    OpenUserTask,
    StepResult,
    Variables,
)

STALLED = "stalled"


class _Open:
    """Collects the open sets of one state."""

    def __init__(self, model: Model, state: State) -> None:
        self.model = model
        self.state = state
        self.user_tasks: list[OpenUserTask] = []
        self.jobs: list[OpenJob] = []
        self.timers: list[OpenTimer] = []
        self.subscriptions: list[OpenSubscription] = []
        self.incidents: list[OpenIncident] = []
        self._paths: dict[int, tuple[int, ...]] = {}

    def look(self) -> None:
        """Everything, and why nothing is open where nothing is."""
        state, waits = self.state, False
        for e in state.executions.values():
            self._add(e)
            waits = waits or _waits(e)
        if state.suspended:
            self.incidents.append(OpenIncident(0, "", state.suspended))
        elif state.status == "active" and not (waits or self._anything()):
            self.incidents.append(self._stalled())

    def user_task(self, token: int) -> OpenUserTask | None:
        """One open user task; None when the token is none."""
        e = self.state.executions.get(token)
        if e is not None and e.work is not None and e.incident is None:
            node = self.model.node(e.container, e.element)
            if isinstance(node.work, UserWork):
                return self._user_task(e, node, node.work, e.work)
        return None

    def _anything(self) -> bool:
        return bool(self.user_tasks or self.jobs or self.incidents)

    def _add(self, e: Execution) -> None:
        if e.incident is not None:
            code, detail = e.incident
            self.incidents.append(OpenIncident(e.id, e.element, code, detail))
            return
        node = self.model.containers[e.container].nodes[e.element]
        if e.work is not None:
            if isinstance(node.work, UserWork):
                self.user_tasks.append(self._user_task(e, node, node.work, e.work))
            elif isinstance(node.work, JobWork):
                self.jobs.append(self._job(e, node, node.work))
        for arm in e.arms:
            self._add_arm(e, arm)

    def _add_arm(self, e: Execution, arm: Arm) -> None:
        if arm.fired is not None:
            return
        if arm.kind == "timer":
            due, left = datetime.fromisoformat(arm.due), arm.left if arm.every else None
            element = element_of(self.model, e, arm)
            self.timers.append(OpenTimer(e.id, element, due, _host(e), left))
        elif arm.kind in ("message", "signal"):
            self.subscriptions.append(
                OpenSubscription(
                    e.id,
                    element_of(self.model, e, arm),
                    "message" if arm.kind == "message" else "signal",
                    arm.name or "",
                    arm.key,
                    _host(e),
                )
            )

    def _user_task(
        self, e: Execution, node: Node, work: UserWork, found: dict[str, object]
    ) -> OpenUserTask:
        groups = found.get("groups", work.groups)
        assignee = found.get("assignee")
        priority = found.get("priority", work.priority)
        due = found.get("due")
        return OpenUserTask(
            token=e.id,
            element_id=e.element,
            process_id=node.process,
            path=self._path(e),
            groups=tuple(map(str, groups)) if isinstance(groups, (list, tuple)) else (),
            assignee=assignee if isinstance(assignee, str) else None,
            form_id=work.form_id,
            priority=priority if isinstance(priority, int) else 0,
            due_at=datetime.fromisoformat(due) if isinstance(due, str) else None,
            not_same_as=work.not_same_as,
        )

    def _job(self, e: Execution, node: Node, work: JobWork) -> OpenJob:
        return OpenJob(
            token=e.id,
            element_id=e.element,
            path=self._path(e),
            type=work.type,
            retries=work.retries,
            headers=work.headers,
            inputs=self._inputs(e, node),
        )

    def _inputs(self, e: Execution, node: Node) -> Variables:
        """The mapped inputs, or all that the element sees when it has none."""
        if node.io is not None and node.io.inputs and e.own is not None:
            return dict(self.state.scopes[e.own].variables)
        return seen_by(self.state.scopes, e)

    def _path(self, e: Execution) -> tuple[int, ...]:
        """Loop counters from outside in: they tell instances of one element apart."""
        scopes = self.state.scopes
        mine: tuple[int, ...] = ()
        if e.body is not None and e.own is not None:
            mine = (scopes[e.own].variables["loopCounter"],)
        owner = scopes[e.scope].owner
        if owner is None:
            return mine
        if owner not in self._paths:
            self._paths[owner] = self._path(self.state.executions[owner])
        return self._paths[owner] + mine

    def _stalled(self) -> OpenIncident:
        """Nothing is open and nothing can happen: the joins that wait in vain."""
        joins = sorted({join for scope in self.state.scopes.values() for join in scope.joins})
        return OpenIncident(0, joins[0] if joins else "", STALLED, " ".join(joins[:10]))


def _waits(e: Execution) -> bool:
    """Whether something will come, or is what a token stands for.

    A message or signal that merely could interrupt keeps nothing alive: where it is all that is
    left, the instance stands still. A timer comes by itself.
    """
    return any(arm.kind == "timer" for arm in e.arms) or (bool(e.arms) and e.role not in ARMED)


def _host(e: Execution) -> int | None:
    """What an armed event belongs to; nothing stands at an event subprocess that listens."""
    return e.id if e.role == "trigger" else e.host


def opened(model: Model, state: State, run: Core | None = None) -> StepResult:
    """Everything that is open, and what the act did that led here."""
    found = _Open(model, state)
    found.look()
    return StepResult(
        history=tuple(run.history) if run else (),
        changes=tuple(run.changes) if run else (),
        thrown=tuple(run.thrown) if run else (),
        decisions=tuple(run.decisions) if run else (),
        milestones=tuple(run.milestones) if run else (),
        user_tasks=tuple(found.user_tasks),
        jobs=tuple(found.jobs),
        timers=tuple(found.timers),
        subscriptions=tuple(found.subscriptions),
        incidents=tuple(found.incidents),
        status="suspended" if state.suspended else state.status,
    )


def open_user_task(model: Model, state: State, token: int) -> OpenUserTask | None:
    """The user task that is open at this token; None when there is none."""
    return _Open(model, state).user_task(token)
