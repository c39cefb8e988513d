"""Firing due timers, one step each."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError

from engine.errors import BeingProcessed
from engine.kernel import operations
from engine.models import Incident, ProcessInstance, Timer
from engine.runtime.open_rows import open_rows
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, lock_instance, step_on
from engine.runtime.transaction import step_transaction

log = logging.getLogger(__name__)
BATCH = 100


def due_timers(at: datetime) -> Iterator[int]:
    """Ids of due timers of active instances, earliest first, read in batches.

    No lock: a step locks its instance before its timers, so a lock on timers taken here first
    could meet it head on.
    """
    last: tuple[datetime, int] | None = None
    while True:
        due = Timer.objects.filter(
            status=Timer.Status.PENDING,
            due_at__lte=at,
            instance__status=ProcessInstance.Status.ACTIVE,
        ).order_by("due_at", "pk")
        if last is not None:
            due = due.filter(due_at__gte=last[0]).exclude(due_at=last[0], pk__lte=last[1])
        rows = list(due.values_list("due_at", "pk")[:BATCH])
        yield from (pk for _, pk in rows)
        if len(rows) < BATCH:
            return
        last = rows[-1]


def fire_timer(timer_id: int, *, at: datetime) -> bool:
    """Fire one timer if it is due and nobody holds its instance; whether it fired.

    A timer that cannot be fired leaves an incident and stays due.
    """
    try:
        with step_transaction():
            return _fire(timer_id, at=at)
    except BeingProcessed:
        return False
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("timer %s cannot be fired", timer_id)
        note_failure(timer_id, getattr(error, "code", "timer_failed"), at=at)
        return False


def _fire(timer_id: int, *, at: datetime) -> bool:
    timer = Timer.objects.filter(pk=timer_id, status=Timer.Status.PENDING, due_at__lte=at).first()
    if timer is None:
        return False
    # Another sweeper holds it, or a person: the next sweep finds it again if need be.
    instance = lock_instance(timer.instance_id, skip_locked=True)
    if instance is None or instance.status != ProcessInstance.Status.ACTIVE:
        return False
    rows = open_rows(instance.pk)
    # As it is called behind the lock: the instance may just have come to another version.
    found = rows.timer(timer_id)
    if found is None:
        return False
    token, element, _ = found
    step = step_on(instance, rows, at=at, by=None)
    step.apply(
        Operation("timer", element),
        operations.fire_timer(step.loaded.model, step.state, token, element, at=at),
    )
    step.closing.timer_id = timer_id
    settle(step)
    step.save(Act("timer_fired", element, token))
    return True


def note_failure(timer_id: int, code: str, *, at: datetime) -> None:
    """An incident of the timer's element; repeated failures count up."""
    timer = Timer.objects.get(pk=timer_id)
    incident, is_new = Incident.objects.get_or_create(
        instance_id=timer.instance_id,
        token=timer.token,
        element_id=timer.element_id,
        resolved_at=None,
        defaults={"code": code, "first_at": at, "last_at": at},
    )
    if not is_new:
        incident.count += 1
        incident.last_at = at
        incident.save(update_fields=["count", "last_at"])
