"""Moving an instance to another version of its bundle: which element becomes which, and doing it.

Pure, as every operation of the kernel. A *place* is (container, element). What is open keeps its
token, variables, due moments and work; only its place changes. Boundary events and event
subprocesses that the new version adds are armed, those it lacks are disarmed. Whatever cannot be
carried over is a problem with a code, and then nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import EngineError, MoveRefused
from engine.feel import Expression
from engine.kernel.model import EventDef, JobWork, Model, MultiInstance, Node, UserWork
from engine.kernel.opened import opened
from engine.kernel.runtime import Runtime
from engine.kernel.runtime.core import ARMED
from engine.kernel.scope import View
from engine.kernel.state import Execution, State
from engine.types import StepResult

Place = tuple[str, str]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an instance cannot be moved, and at which element."""

    reason: str
    element_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Which place of the old version becomes which of the new one; the rest has no counterpart."""

    old: Model
    new: Model
    places: Mapping[Place, Place]
    containers: Mapping[str, str]

    def place(self, container: str, element: str) -> Place | None:
        return self.places.get((container, element))


@dataclass(slots=True)
class Pairing:
    """Builds a plan container by container."""

    old: Model
    new: Model
    wanted: Mapping[Place, Place]
    places: dict[Place, Place] = field(default_factory=dict)
    containers: dict[str, str] = field(default_factory=dict)

    def pair(self, mine: str, theirs: str) -> None:
        """Pair the nodes of two containers, and what is inside of them."""
        if mine in self.containers:
            return
        self.containers[mine] = theirs
        for node in self.old.containers[mine].nodes.values():
            target = self.wanted.get((mine, node.id), (theirs, node.id))
            other = self.node(target)
            if other is None or not (alike(node, other) and self.same_trigger(node, other)):
                continue
            self.places[mine, node.id] = target
            if node.inner is not None and other.inner is not None:
                self.pair(node.inner, other.inner)

    def same_trigger(self, mine: Node, other: Node) -> bool:
        """Whether two event subprocesses wait for the same kind of event."""
        return not mine.event_subprocess or kinds(_start_events(self.old, mine)) == kinds(
            _start_events(self.new, other)
        )

    def node(self, place: Place) -> Node | None:
        container = self.new.containers.get(place[0])
        return None if container is None else container.nodes.get(place[1])


def plan(
    old: Model, new: Model, process: str, target: str, wanted: Mapping[Place, Place] | None = None
) -> Plan:
    """Pair by id and structure; `wanted` says where an element goes that has another id."""
    pairing = Pairing(old, new, wanted or {})
    pairing.pair(old.processes[process].container, new.processes[target].container)
    return Plan(old, new, pairing.places, pairing.containers)


def alike(mine: Node, other: Node) -> bool:
    """Whether what is open at one node can go on at the other."""
    return (
        work_of(mine) == work_of(other)
        and loop_of(mine) == loop_of(other)
        and (mine.inner is None) == (other.inner is None)
        and (mine.call is None) == (other.call is None)
        and mine.event_subprocess == other.event_subprocess
        and mine.for_compensation == other.for_compensation
        and mine.interrupting == other.interrupting
        and kinds(mine.events) == kinds(other.events)
    )


def kinds(events: Sequence[EventDef]) -> list[str]:
    return [event.kind for event in events]


def work_of(node: Node) -> str:
    """The kind of a node, tasks of a person or a handler being one kind each."""
    if isinstance(node.work, UserWork):
        return "person"
    return "handler" if isinstance(node.work, JobWork) else node.kind


def loop_of(node: Node) -> tuple[str, bool]:
    loop = node.loop
    if isinstance(loop, MultiInstance):
        return "multi_instance", loop.sequential
    return ("" if loop is None else "loop"), False


# --------------------------------------------------------------------------- may it move?


def trial(state: State, how: Plan, *, at: datetime) -> list[Problem]:
    """Everything that stands in the way of one instance; empty when it can be moved.

    What the new version would arm is tried, so the State must be thrown away afterwards.
    """
    found = problems(state, how)
    if found:
        return found
    try:
        migrate(state, how, at=at)
    except MoveRefused as refusal:
        return [Problem(refusal.reason, refusal.element_id)]
    return []


def problems(state: State, how: Plan) -> list[Problem]:
    """What of an instance has no place in the new version."""
    found = dict.fromkeys(
        [*_of_queue(state), *_of_executions(state, how), *_of_scopes(state, how)]
    )
    return list(found)


def _of_queue(state: State) -> Iterator[Problem]:
    if state.queue or state.suspended:
        yield Problem("out_of_budget", "")


def _of_executions(state: State, how: Plan) -> Iterator[Problem]:
    for e in state.executions.values():
        if e.role == "throw" or e.restores is not None or e.handles is not None:
            yield Problem("compensating", e.element)
            continue
        place = how.place(e.container, e.element)
        if place is None:
            # What is only armed may vanish.
            if e.role not in ARMED:
                yield Problem(_why(e, how), e.element)
            continue
        if how.containers.get(e.container) != place[0]:
            yield Problem("other_level", e.element)
        if e.host is not None and not _attached(e, place, state, how):
            yield Problem("attached_elsewhere", e.element)
        yield from _of_gateway(e, place, how)
        # What an ad hoc subprocess has still to begin.
        for name in e.todo or ():
            if how.place(_inner(e, how), name) is None:
                yield Problem("not_mapped", name)


def _inner(e: Execution, how: Plan) -> str:
    return how.old.node(e.container, e.element).inner or ""


def _why(e: Execution, how: Plan) -> str:
    theirs = how.containers.get(e.container)
    container = None if theirs is None else how.new.containers.get(theirs)
    return "kind_changed" if container and e.element in container.nodes else "not_mapped"


def _attached(e: Execution, place: Place, state: State, how: Plan) -> bool:
    assert e.host is not None
    host = state.executions[e.host]
    target = how.place(host.container, host.element)
    return target is None or place[1] in how.new.node(*target).boundaries


def _of_gateway(e: Execution, place: Place, how: Plan) -> Iterator[Problem]:
    """The events an event-based gateway waits for must still be behind it."""
    behind = {flow.target for flow in how.new.node(*place).flows}
    for arm in e.arms:
        if arm.to is not None:
            target = how.place(e.container, arm.to)
            if target is None or target[1] not in behind:
                yield Problem("not_mapped", arm.to)


def _of_scopes(state: State, how: Plan) -> Iterator[Problem]:
    for scope in state.scopes.values():
        if scope.container is None:
            continue
        if scope.container not in how.containers:
            yield Problem("not_mapped", scope.container)
            continue
        for join, waiting in scope.joins.items():
            for flow in waiting:
                if new_flow(how, scope.container, join, flow) is None:
                    yield Problem("join_changed", join)
        for join in scope.rounds:
            if how.place(scope.container, join) is None:
                yield Problem("join_changed", join)
        yield from _of_records(scope.container, scope.compensable, how)


def _of_records(container: str, records: list[Record], how: Plan) -> Iterator[Problem]:
    for record in records:
        place = how.place(container, record["element"])
        mine = how.old.node(container, record["element"])
        if place is None or (mine.handler is None) != (how.new.node(*place).handler is None):
            yield Problem("compensation_lost", record["element"])
        if record["sub"] is not None:
            yield from _of_records(record["sub"]["container"], record["sub"]["compensable"], how)


def new_flow(how: Plan, container: str, join: str, flow: str) -> str | None:
    """The incoming flow of the new join that a waiting token came by: same id, or same source."""
    place = how.place(container, join)
    if place is None:
        return None
    incoming = how.new.node(*place).incoming
    if flow in incoming:
        return flow
    source = next(
        (
            n.id
            for n in how.old.containers[container].nodes.values()
            for f in n.flows
            if f.id == flow
        ),
        "",
    )
    origin = how.place(container, source)
    found = [
        f.id
        for node in how.new.containers[place[0]].nodes.values()
        for f in node.flows
        if f.id in incoming and origin is not None and node.id == origin[1]
    ]
    return found[0] if len(found) == 1 else None


# --------------------------------------------------------------------------- moving


def migrate(state: State, how: Plan, *, at: datetime) -> StepResult:
    """Put an instance without problems onto the new version; everything open afterwards.

    Raises:
        MoveRefused: with these variables a new event cannot be waited for (`cannot_arm`), or
            the candidate groups cannot be evaluated (`cannot_assign`).
    """
    run = Runtime(how.new, state, at)
    for scope in state.scopes.values():
        if scope.container is not None:
            _move_scope(scope, how)
    for e in list(state.executions.values()):
        place = how.place(e.container, e.element)
        if place is None:
            state.executions.discard(e)
            continue
        before = how.old.node(e.container, e.element)
        _move_arms(e, place, how)
        if e.todo is not None:
            e.todo = [how.places[_inner(e, how), name][1] for name in e.todo]
        e.container, e.element = place
        _assign_anew(run, e, before)
        _arm_new_boundaries(run, e, before, how)
    root = how.containers[how.old.processes[state.process].container]
    state.process = how.new.containers[root].process
    for number in [n for n, scope in state.scopes.items() if scope.container is not None]:
        _arm_new_triggers(run, number, how)
    run.advance()
    return opened(how.new, state, run)


def _move_scope(scope: Any, how: Plan) -> None:
    mine = scope.container
    scope.joins = {
        how.places[mine, join][1]: {
            str(new_flow(how, mine, join, flow)): count for flow, count in waiting.items()
        }
        for join, waiting in scope.joins.items()
    }
    scope.rounds = {how.places[mine, join][1]: found for join, found in scope.rounds.items()}
    _move_records(mine, scope.compensable, how)
    scope.container = how.containers[mine]


def _move_records(container: str, records: list[Record], how: Plan) -> None:
    for record in records:
        record["element"] = how.places[container, record["element"]][1]
        if (sub := record["sub"]) is not None:
            _move_records(sub["container"], sub["compensable"], how)
            sub["container"] = how.containers[sub["container"]]


def _move_arms(e: Execution, place: Place, how: Plan) -> None:
    node = how.new.node(*place)
    for arm in e.arms:
        if arm.to is not None:
            arm.to = how.places[e.container, arm.to][1]
            events = how.new.node(place[0], arm.to).events
        else:
            events = node.events or _start_events(how.new, node)
        event = events[arm.index]
        if event.kind in ("message", "signal"):
            arm.name = event.name
        elif event.kind in ("error", "escalation"):
            arm.name = event.code


def _assign_anew(run: Runtime, e: Execution, before: Node) -> None:
    """Candidate groups as the new version draws them; the same expression keeps its value."""
    work, old = run.node(e).work, before.work
    if e.work is None or not isinstance(work, UserWork) or not isinstance(old, UserWork):
        return
    if source_of(work.groups) == source_of(old.groups):
        return
    kept = {name: value for name, value in e.work.items() if name != "groups"}
    try:
        e.work = {**kept, **run.assignment(UserWork(work.groups), run.view(e))}
    except EngineError as error:
        raise MoveRefused("cannot_assign", e.element) from error


def source_of(groups: Expression | tuple[str, ...]) -> str:
    """The text of the expression that names candidate groups; none when they are drawn."""
    return groups.source if isinstance(groups, Expression) else ""


def _start_events(model: Model, node: Node) -> Any:
    return model.containers[node.inner].starts[0].events if node.inner else ()


def _arm_new_boundaries(run: Runtime, e: Execution, before: Node, how: Plan) -> None:
    """Only those that the old version did not have: one that fired once is not armed again.

    An entry that failed arms all of them when it is repeated; a failed job has entered.
    """
    if e.role in ARMED or e.body is not None or (e.incident is not None and e.work is None):
        return
    node = run.node(e)
    old = {
        place[1]
        for name in before.boundaries
        if (place := how.place(before.container, name)) is not None
    }
    nodes = how.new.containers[node.container].nodes
    for name in node.boundaries:
        if name not in old:
            guard = run.create(nodes[name], e.scope, "boundary", host=e.id)
            _arm(run, guard, nodes[name].events, run.scope_of(e))


def _arm_new_triggers(run: Runtime, number: int, how: Plan) -> None:
    container = run.container(number)
    mine = next(name for name, other in how.containers.items() if other == container.id)
    old = {
        place[1]
        for node, _ in how.old.containers[mine].event_subprocesses
        if (place := how.place(mine, node.id)) is not None
    }
    for node, trigger in container.event_subprocesses:
        if node.id not in old:
            armed = run.create(node, number, "trigger")
            _arm(run, armed, trigger.events, number)


def _arm(run: Runtime, e: Execution, events: Sequence[EventDef], scope: int) -> None:
    try:
        run.arm(e, events, View(run.scopes, scope))
    except EngineError as error:
        raise MoveRefused("cannot_arm", e.element) from error
