"""Steps that repair where an instance stands, and the times it waits for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import NotFound, NotWaiting
from engine.kernel import moving, operations
from engine.kernel.moving import MovePlan
from engine.models import NEVER, Timer, UserTask, UserTaskCandidate
from engine.runtime.loaded import loaded_for
from engine.runtime.reading import state_of
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step, begin
from engine.types import Advance, StepResult, Variable


@dataclass(frozen=True, slots=True)
class TokenView:
    """Something open in an instance, by the token it belongs to.

    `kind` is user_task, job, timer, message, signal or incident; `path` holds the loop counters
    from outside in.
    """

    token: int
    element_id: str
    kind: str
    path: tuple[int, ...] = ()


def tokens(instance_id: int) -> tuple[TokenView, ...]:
    """Everything open in an instance."""
    row, state = state_of(instance_id)
    found = operations.open_items(loaded_for(row.definition).model, state)
    return (
        *(TokenView(i.token, i.element_id, "user_task", i.path) for i in found.user_tasks),
        *(TokenView(i.token, i.element_id, "job", i.path) for i in found.jobs),
        *(TokenView(i.token, i.element_id, "timer") for i in found.timers),
        *(TokenView(i.token, i.element_id, i.kind) for i in found.subscriptions),
        *(TokenView(i.token, i.element_id, "incident") for i in found.incidents),
    )


def plan(instance_id: int, token: int, target: str) -> MovePlan:
    """What moving this token would do."""
    row, state = state_of(instance_id)
    return moving.plan_move(loaded_for(row.definition).model, state, token, target)


def move(
    instance_id: int, token: int, target: str, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Move a token, inside the caller's transaction."""
    step = begin(instance_id, at=at, by=by, note=note)
    source = step.state.executions[token].element if token in step.state.executions else ""
    result = moving.move_token(step.loaded.model, step.state, token, target, at=at)
    return apply(step, result, Act("token_moved", source, token, data={"to": target}))


def add_instance(
    instance_id: int, token: int, item: Variable, *, by: int | None, at: datetime, note: str
) -> Advance:
    """One more instance of a multi-instance activity, inside the caller's transaction."""
    return change(
        instance_id,
        token,
        "instance_added",
        lambda step: moving.add_instance(step.loaded.model, step.state, token, item, at=at),
        by=by,
        at=at,
        note=note,
    )


def remove_instance(
    instance_id: int, token: int, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Take an instance out of a multi-instance activity, inside the caller's transaction."""
    return change(
        instance_id,
        token,
        "instance_removed",
        lambda step: moving.remove_instance(step.loaded.model, step.state, token, at=at),
        by=by,
        at=at,
        note=note,
    )


def reschedule_timer(
    timer_id: int, due: datetime, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Give a pending timer another moment, inside the caller's transaction."""
    found = Timer.objects.filter(pk=timer_id).first()
    if found is None:
        raise NotFound(f"timer {timer_id}")
    step = begin(found.instance_id, at=at, by=by, note=note)
    # Behind the lock: somebody may have moved or fired it since.
    timer = Timer.objects.filter(pk=timer_id, status=Timer.Status.PENDING).first()
    if timer is None:
        raise NotWaiting(f"timer {timer_id} is over")
    set_due(step, timer, due)
    return step.save(Act("timer_rescheduled", timer.element_id, timer.token))


def set_due(step: Step, timer: Timer, due: datetime) -> None:
    """Another moment for a pending timer; its row stays, and with it when it began."""
    token, element = timer.token, timer.element_id
    model, state = step.loaded.model, step.state
    result = moving.reschedule(model, state, token, element, due, at=step.at)
    step.apply(Operation("repair", element), result)
    Timer.objects.filter(pk=timer.pk).update(due_at=due)
    step.before.timers[token, element, due] = step.before.timers.pop(
        (token, element, timer.due_at)
    )


def postpone_task(
    task_id: int, due: datetime | None, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Give an open user task another due date, inside the caller's transaction."""
    row = UserTask.objects.filter(pk=task_id).first()
    if row is None:
        raise NotFound(f"user task {task_id}")
    advance = change(
        row.instance_id,
        row.token,
        "task_postponed",
        lambda step: moving.postpone(step.loaded.model, step.state, row.token, due, at=at),
        by=by,
        at=at,
        note=note,
    )
    UserTask.objects.filter(pk=task_id).update(due_at=due)
    UserTaskCandidate.objects.filter(task=task_id).update(due_at=due or NEVER)
    return advance


def change(
    instance_id: int,
    token: int,
    kind: str,
    operation: Callable[[Step], StepResult],
    *,
    by: int | None,
    at: datetime,
    note: str,
) -> Advance:
    step = begin(instance_id, at=at, by=by, note=note)
    found = step.state.executions.get(token)
    element = "" if found is None else found.element
    return apply(step, operation(step), Act(kind, element, token))


def apply(step: Step, result: StepResult, act: Act) -> Advance:
    step.apply(Operation("repair", act.element_id), result)
    settle(step)
    return step.save(act)
