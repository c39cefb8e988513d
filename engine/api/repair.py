"""Repairs: failed work is tried again or skipped, tokens move, times change.

Every act names its actor and reason; what would leave an instance stuck is refused.
"""

from datetime import datetime

from engine.errors import NotFound
from engine.kernel.moving import MovePlan
from engine.models import Incident
from engine.runtime import deadlines, moving, repairing
from engine.runtime.deadlines import MovedDeadline
from engine.runtime.moving import TokenView
from engine.runtime.repairing import Retried
from engine.runtime.transaction import step_transaction
from engine.types import Advance, Variable, Variables


def resolve_incident(
    incident_id: int,
    *,
    action: str = "retry",
    patch: Variables | None = None,
    by: int | None,
    at: datetime,
    note: str = "",
) -> Advance:
    """Repair an incident.

    `retry` writes `patch` and repeats exactly what failed; `skip` goes on behind the activity as
    if `patch` had been its result.

    Raises:
        NotWaiting: the incident is resolved, or its element cannot be skipped (a gateway: move
            the token instead).
    """
    with step_transaction():
        return repairing.resolve(
            incident_id, action=action, patch=patch or {}, by=by, at=at, note=note
        )


def retry_job(job_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """Try a failed job again, with its key and all its retries."""
    incident = Incident.objects.filter(job=job_id, resolved_at=None).first()
    if incident is None:
        raise NotFound(f"failed job {job_id}")
    return resolve_incident(incident.pk, action="retry", by=by, at=at, note=note)


def retry_incidents(
    *,
    code: str = "",
    element_id: str = "",
    definition_id: int | None = None,
    limit: int = 1_000,
    by: int | None,
    at: datetime,
    note: str,
) -> Retried:
    """Retry the open incidents of a code, element or version, a transaction each."""
    found = repairing.matching(
        code=code, element_id=element_id, definition_id=definition_id, limit=limit
    )
    return repairing.retry_many(found, by=by, at=at, note=note)


def recalculate_deadlines(
    definition_id: int, *, by: int | None, at: datetime, note: str, limit: int = 10_000
) -> tuple[MovedDeadline, ...]:
    """Count the working days of running instances anew, from when each deadline began.

    After instances moved to a bundle with another calendar, or when a deadline depends on a
    variable that changed. Deadlines that stay are not listed; an instance that somebody holds
    right now is passed over and found by the next call.
    """
    return deadlines.recalculate(definition_id, by=by, at=at, note=note, limit=limit)


def tokens(instance_id: int) -> tuple[TokenView, ...]:
    """Everything open in an instance, by token: what the repairs below are told about."""
    return moving.tokens(instance_id)


def plan_move(instance_id: int, token: int, target: str) -> MovePlan:
    """What moving a token would cancel and what to think of before; changes nothing.

    Raises:
        NotWaiting: there is no such token, or it is an armed event.
        MoveRefused: `elsewhere` (another process or subprocess), `not_enterable`, `join`, or
            `join_would_wait` with the join that would wait for ever.
    """
    return moving.plan(instance_id, token, target)


def move_token(
    instance_id: int, token: int, target: str, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Take a token from where it waits, with everything inside, to another element.

    Raises:
        NotWaiting, MoveRefused: as for `plan_move`.
        InstanceNotActive: the instance is suspended or has ended.
    """
    with step_transaction():
        return moving.move(instance_id, token, target, by=by, at=at, note=note)


def add_instance(
    instance_id: int, token: int, item: Variable, *, by: int | None, at: datetime, note: str
) -> Advance:
    """One more instance, with this item, of the multi-instance activity that a token is in.

    Raises:
        NotWaiting: the token is in none.
        MoveRefused: `too_many_instances`.
    """
    with step_transaction():
        return moving.add_instance(instance_id, token, item, by=by, at=at, note=note)


def remove_instance(
    instance_id: int, token: int, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Take one instance out of its multi-instance activity; its result stays null."""
    with step_transaction():
        return moving.remove_instance(instance_id, token, by=by, at=at, note=note)


def reschedule_timer(
    timer_id: int, due: datetime, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Give a pending timer another moment."""
    with step_transaction():
        return moving.reschedule_timer(timer_id, due, by=by, at=at, note=note)


def postpone_task(
    task_id: int, due: datetime | None, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Give an open user task another due date, or none; its timers stay as they are."""
    with step_transaction():
        return moving.postpone_task(task_id, due, by=by, at=at, note=note)
