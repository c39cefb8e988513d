"""Deadlines in working days, counted anew when the calendar or what they depend on has changed."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.errors import EngineError
from engine.kernel import moving
from engine.models import ProcessInstance, Timer, UserTask, UserTaskCandidate
from engine.runtime.moving import set_due
from engine.runtime.open_rows import open_rows
from engine.runtime.step import Act, Operation, Step, lock_instance, step_on
from engine.runtime.transaction import step_transaction
from engine.runtime.values import Json

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """A timer or user task whose due moment has changed."""

    instance_id: int
    business_key: str
    element_id: str
    was: datetime
    now: datetime


def recalculate(
    definition_id: int, *, by: int | None, at: datetime, note: str, limit: int
) -> tuple[MovedDeadline, ...]:
    """Go through the running instances of a version, a transaction each."""
    ids = ProcessInstance.objects.filter(definition=definition_id, ended_at=None).order_by("pk")
    moved: list[MovedDeadline] = []
    for instance_id in list(ids.values_list("pk", flat=True)[:limit]):
        with step_transaction():
            instance = lock_instance(instance_id, skip_locked=True)
            if instance is not None and instance.status == ProcessInstance.Status.ACTIVE:
                step = step_on(instance, open_rows(instance_id), at=at, by=by, note=note)
                moved += of_instance(step)
    return tuple(moved)


def of_instance(step: Step) -> list[MovedDeadline]:
    """Move what is due at another moment; the step is saved only if something is."""
    found = [*timers(step), *tasks(step)]
    if found:
        listed: list[Json] = [
            [one.element_id, one.was.isoformat(), one.now.isoformat()] for one in found
        ]
        step.save(Act("deadlines_moved", data={"moved": listed}))
    return found


def counted_anew(step: Step, row: Timer | UserTask) -> datetime | None:
    """When it would be due; None when it is no such deadline, or its days cannot be evaluated."""
    model, state = step.loaded.model, step.state
    try:
        return moving.working_days_from(model, state, row.token, row.element_id, row.created_at)
    except EngineError as error:
        log.warning("deadline %s of instance %s: %s", row.element_id, step.instance.pk, error.code)
        return None


def timers(step: Step) -> Iterator[MovedDeadline]:
    for row in Timer.objects.filter(instance=step.instance, status="pending").order_by("pk"):
        due = counted_anew(step, row)
        if due is not None and due != row.due_at:
            set_due(step, row, due)
            yield moved(step, row.element_id, row.due_at, due)


def tasks(step: Step) -> Iterator[MovedDeadline]:
    model, instance = step.loaded.model, step.instance
    for row in UserTask.objects.filter(instance=instance, status="open").order_by("pk"):
        due = counted_anew(step, row)
        if due is not None and row.due_at is not None and due != row.due_at:
            step.apply(
                Operation("repair", row.element_id),
                moving.postpone(model, step.state, row.token, due, at=step.at),
            )
            UserTask.objects.filter(pk=row.pk).update(due_at=due)
            UserTaskCandidate.objects.filter(task=row).update(due_at=due)
            yield moved(step, row.element_id, row.due_at, due)


def moved(step: Step, element_id: str, was: datetime, now: datetime) -> MovedDeadline:
    instance = step.instance
    return MovedDeadline(instance.pk, instance.business_key, element_id, was, now)
