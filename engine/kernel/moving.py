"""Repairs that change where an instance stands: move a token, skip, add or take out an instance.

Each is an operation like those of `engine.kernel.operations`: it changes the State it is given
and answers everything that is open afterwards. What would leave an instance stuck is refused
before anything has changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.errors import MoveRefused, NotWaiting
from engine.feel import Expression
from engine.kernel.model import Container, Model, MultiInstance, UserWork
from engine.kernel.operations import finish, payload_of, runtime_of
from engine.kernel.runtime import Runtime, clocks
from engine.kernel.runtime.core import ARMED, element_of
from engine.kernel.runtime.multi_instance import MAX_INSTANCES
from engine.kernel.scope import View
from engine.kernel.state import Execution, State
from engine.kernel.values import MAX_VARIABLES, canonical, check_variables
from engine.types import StepResult, Variable, Variables

JOINS = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What moving a token would do: which elements it cancels, and what to think of before."""

    source: str
    target: str
    cancelled: tuple[str, ...]
    # "parallel": other tokens of the same process or subprocess stay where they are.
    warnings: tuple[str, ...]


def plan_move(model: Model, state: State, token: int, target: str) -> MovePlan:
    """What `move_token` would do.

    Raises:
        NotWaiting: there is no such token, or it is an armed event.
        MoveRefused: the target cannot be entered, or a join would wait for ever.
    """
    e = mover(state, token)
    container = model.containers[e.container]
    refuse_target(container, target)
    refuse_waiting_joins(state, e, container, target)
    others = [
        other
        for other in state.executions.in_scope(e.scope)
        if other is not e and other.role not in ARMED and other.body != e.id
    ]
    return MovePlan(
        e.element,
        target,
        tuple(below(state, e)),
        ("parallel",) if others else (),
    )


def move_token(model: Model, state: State, token: int, target: str, *, at: datetime) -> StepResult:
    """Take a token out of where it waits, with everything inside, and enter another element.

    Both stand in the same process or subprocess. Of a multi-instance activity the whole moves.
    """
    run = runtime_of(model, state, at)
    plan_move(model, state, token, target)
    e = mover(state, token)
    run.kill(e)
    state.queue.append(["token", "", target, e.scope])
    run.queued[e.scope] = run.queued.get(e.scope, 0) + 1
    return finish(run)


def mover(state: State, token: int) -> Execution:
    """The execution that moves: the body stands for its instances."""
    e = state.executions.get(token)
    if e is None or e.role in ARMED or e.handles is not None:
        raise NotWaiting(f"token {token} cannot be moved")
    return e if e.body is None else state.executions[e.body]


def below(state: State, e: Execution) -> Iterable[str]:
    """The element of an execution and of everything that ends with it."""
    yield e.element
    for instance in state.executions.instances(e.id):
        yield from below(state, instance)
    if e.inner is not None:
        for inside in state.executions.in_scope(e.inner):
            if inside.role not in ARMED:
                yield from below(state, inside)


def refuse_target(container: Container, target: str) -> None:
    node = container.nodes.get(target)
    if node is None:
        raise MoveRefused("elsewhere", target)
    if node.kind in ("startEvent", "boundaryEvent") or node.event_subprocess:
        raise MoveRefused("not_enterable", target)
    if node.for_compensation:
        raise MoveRefused("not_enterable", target)
    if node.kind in JOINS and len(node.incoming) > 1:
        raise MoveRefused("join", target)


def refuse_waiting_joins(state: State, e: Execution, container: Container, target: str) -> None:
    """A join that has tokens and counts on this one must still be reached."""
    waiting = state.scopes[e.scope].joins
    for join in waiting:
        empty = set(container.nodes[join].incoming) - set(waiting[join])
        if container.nodes[join].kind != "parallelGateway" or not empty:
            continue
        others = {
            flow
            for other in state.executions.in_scope(e.scope)
            if other is not e
            for flow in flows_ahead(container, other.element)
        }
        lost = empty & flows_ahead(container, e.element) - others
        if lost - flows_ahead(container, target):
            raise MoveRefused("join_would_wait", join)


def flows_ahead(container: Container, element: str) -> set[str]:
    """Every sequence flow that a token at this element may still take."""
    found: set[str] = set()
    seen = {element}
    todo = deque([element])
    while todo:
        node = container.nodes[todo.popleft()]
        for name in node.boundaries:
            if name not in seen:
                seen.add(name)
                todo.append(name)
        for flow in node.flows:
            found.add(flow.id)
            if flow.target not in seen:
                seen.add(flow.target)
                todo.append(flow.target)
    return found


def skip(
    model: Model, state: State, token: int, variables: Variables, *, at: datetime
) -> StepResult:
    """Resolve an incident of an activity by going on as if it had delivered `variables`.

    Raises:
        NotWaiting: the token has no incident, or is no activity: a gateway cannot be skipped,
            since nobody has said which way to go.
    """
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    if e is None or e.incident is None:
        raise NotWaiting(f"token {token} has no incident")
    if e.role not in ("activity", "body"):
        raise NotWaiting("only an activity can be skipped")
    payload = payload_of(run, variables)
    e.incident, e.work = None, None
    if e.role == "body":
        finish_body(run, e, payload)
    run.end_inner(e)
    run.leave(e, payload)
    return finish(run)


def finish_body(run: Runtime, body: Execution, payload: Variables) -> None:
    """End the instances of a body, and write what it delivers; its entry may have failed."""
    for instance in run.executions.instances(body.id):
        run.kill(instance)
    loop = run.node(body).loop
    into = loop.output_collection if isinstance(loop, MultiInstance) else None
    if body.own is None:
        results: dict[str, Any] = {into: []} if into else {}
        body.own = run.open_scope(body.around, owner=body.id, variables=results)
    if into and into in payload:
        run.set(body.own, into, payload[into], MAX_VARIABLES)
    rest = {name: value for name, value in payload.items() if name != into}
    run.propagate(body.around, rest)


def add_instance(
    model: Model, state: State, token: int, item: Variable, *, at: datetime
) -> StepResult:
    """One more instance of a running multi-instance activity; `token` is the body or an instance.

    `item` is its input element; without a collection it is not used. Sequential activities run
    it last.
    """
    run = runtime_of(model, state, at)
    body, loop = body_of(run, token)
    assert body.items is not None
    assert body.own is not None
    if len(body.items) >= MAX_INSTANCES:
        raise MoveRefused("too_many_instances", body.element)
    kept = check_variables({"item": item})["item"]
    body.items.append(canonical(kept) if loop.collection is not None else len(body.items) + 1)
    if loop.output_collection:
        results = [*state.scopes[body.own].variables[loop.output_collection], None]
        run.set(body.own, loop.output_collection, results, MAX_VARIABLES)
    if not loop.sequential:
        run.next_instance(body)
    return finish(run)


def remove_instance(model: Model, state: State, token: int, *, at: datetime) -> StepResult:
    """Take one running instance out of a multi-instance activity; its result stays null."""
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    if e is None or e.body is None:
        raise NotWaiting(f"token {token} is no instance")
    body, _ = body_of(run, token)
    run.kill(e)
    run.instance_done(body, stop=False)
    return finish(run)


def body_of(run: Runtime, token: int) -> tuple[Execution, MultiInstance]:
    e = run.executions.get(token)
    body = e if e is None or e.body is None else run.executions[e.body]
    if body is None or body.role != "body" or body.counts is None:
        raise NotWaiting(f"token {token} is no multi-instance activity")
    loop = run.node(body).loop
    if not isinstance(loop, MultiInstance):
        raise NotWaiting(f"token {token} is no multi-instance activity")
    return body, loop


def reschedule(
    model: Model, state: State, token: int, element_id: str, due: datetime, *, at: datetime
) -> StepResult:
    """Give an armed timer another moment.

    Raises:
        NotWaiting: no such timer is armed.
    """
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    arms = [
        arm
        for arm in ([] if e is None else e.arms)
        if e is not None
        and arm.kind == "timer"
        and arm.fired is None
        and element_of(model, e, arm) == element_id
    ]
    if not arms:
        raise NotWaiting(f"token {token} waits for no timer {element_id}")
    min(arms, key=lambda arm: arm.due).due = due.astimezone(UTC).isoformat()
    return finish(run)


def postpone(
    model: Model, state: State, token: int, due: datetime | None, *, at: datetime
) -> StepResult:
    """Give an open user task another due date, or none."""
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    if e is None or e.work is None:
        raise NotWaiting(f"token {token} is no open user task")
    e.work = {**e.work, "due": None if due is None else due.astimezone(UTC).isoformat()}
    return finish(run)


def working_days_from(
    model: Model, state: State, token: int, element_id: str, since: datetime
) -> datetime | None:
    """When a deadline in working days would be due had it begun at `since`.

    `element_id` is a timer of the token or the user task itself. None when it is no such
    deadline; its number of days is evaluated anew.
    """
    e = state.executions.get(token)
    if e is None:
        return None
    run = Runtime(model, state, since)
    work = run.node(e).work
    days: Expression | str | int | None
    if isinstance(work, UserWork) and e.element == element_id and e.work is not None:
        days, view = work.working_days, run.view(e)
    else:
        found = _deadline(run, e, element_id)
        if found is None:
            return None
        days, view = found
    if days is None:
        return None
    value = days if isinstance(days, int) else run.value(days, view)
    return clocks.working_days(value, since, model.calendar)


def _deadline(
    run: Runtime, e: Execution, element_id: str
) -> tuple[Expression | str | None, View] | None:
    for arm in e.arms:
        if arm.kind != "timer" or element_of(run.model, e, arm) != element_id:
            continue
        container = run.model.containers[e.container]
        node = container.nodes[arm.to or e.element]
        events = node.events or run.start_of(node).events
        event = events[arm.index]
        if event.timer != "working_days":
            return None
        host = e if e.host is None else run.executions[e.host]
        return event.value, View(run.scopes, run.scope_of(host))
    return None
