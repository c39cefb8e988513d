"""Repairing what stands still, one by one or all of a cause."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from celery import current_app

from engine import api
from engine.errors import NotFound as NoSuchThing
from engine.types import Advance, Variables
from workflows.accounts.models import User
from workflows.actions import audit, milestones
from workflows.actions.acting import acting
from workflows.actions.audit import Fact
from workflows.errors import InvalidInput, NotAllowed, NotFound
from workflows.models import Entitlement, PaymentBatch, Role
from workflows.queries import conflicts, roles

AREA: Final = "area:operations"
# What one task of the background takes on; more of a cause than that is asked for again.
AT_ONCE: Final = 5_000
# Where a step out of turn could pay twice or not at all: whatever failed is only tried again.
MONEY: Final = frozenset({"payout", "pay_instalment", "payment_batch"})


def is_about_money(instance_id: int) -> bool:
    """Whether an instance pays: a payout or a batch, whatever its programme calls them."""
    return (
        api.instance(instance_id).process_id in MONEY
        or Entitlement.objects.filter(instance=instance_id).exists()
        or PaymentBatch.objects.filter(instance=instance_id).exists()
    )


def retry_incident(
    incident_id: int,
    *,
    note: str,
    by: User,
    at: datetime,
    action: str = "retry",
    patch: Variables | None = None,
) -> Advance:
    """Repeat what failed, or skip a failed job; the note says why.

    Raises:
        NotAllowed: no operator, or a step of a payment is to be skipped.
        InvalidInput: no note.
        NotWaiting: it was repaired meanwhile; from the engine.
    """
    _refuse(by, note, at=at)
    if action != "retry":
        _refuse_money(_found(incident_id).instance_id)

    def act() -> Advance:
        return api.resolve_incident(
            incident_id, action=action, patch=patch, by=by.pk, at=at, note=note.strip()
        )

    return _repair(act, "incident.resolved", by=by, at=at, incident=incident_id, how=action)


def move_token(
    instance_id: int, token: int, target: str, *, note: str, by: User, at: datetime
) -> Advance:
    """Take a token to another step; `api.plan_move` says before what that does.

    Raises:
        NotAllowed: no operator, or the instance pays.
        InvalidInput: no note.
        NotWaiting, MoveRefused: from the engine.
    """
    _refuse(by, note, at=at)
    _refuse_money(instance_id)

    def act() -> Advance:
        return api.move_token(instance_id, token, target, by=by.pk, at=at, note=note.strip())

    return _repair(act, "instance.token_moved", by=by, at=at, to=target)


def suspend(instance_id: int, *, note: str, by: User, at: datetime) -> Advance:
    """Stop an instance where it stands.

    Raises:
        NotAllowed: no operator, or the instance pays.
        InvalidInput: no note.
        InstanceNotActive: from the engine.
    """
    _refuse(by, note, at=at)
    _refuse_money(instance_id)

    def act() -> Advance:
        return api.suspend_instance(instance_id, by=by.pk, at=at, note=note.strip())

    return _repair(act, "instance.suspended", by=by, at=at)


def resume(instance_id: int, *, note: str, by: User, at: datetime) -> Advance:
    """Let a suspended instance go on; one that pays too, whoever suspended it.

    Raises:
        NotAllowed: no operator.
        InvalidInput: no note.
        InstanceNotActive: from the engine.
    """
    _refuse(by, note, at=at)

    def act() -> Advance:
        return api.resume_instance(instance_id, by=by.pk, at=at, note=note.strip())

    return _repair(act, "instance.resumed", by=by, at=at)


def retry_others(incident_id: int) -> bool:
    """Have the background retry all incidents like one that was retried; whether it was told.

    The message holds the id alone: who asks, and why, stands in the row of that incident.
    """
    try:
        current_app.send_task("workflows.retry_others", kwargs={"incident_id": incident_id})
    except Exception:  # noqa: BLE001 - each transport has its own errors
        return False
    return True


def retry_like(incident_id: int, *, at: datetime) -> api.Retried | None:
    """Retry the open incidents of a cause, a transaction each; claims catch up by themselves.

    None when the first one was not retried, or by somebody who is no operator any more.
    """
    first = _found(incident_id)
    by = User.objects.filter(pk=first.resolved_by_id or 0).first()
    if by is None or first.resolution != "retry" or not _is_operator(by, at=at):
        return None
    done = api.retry_incidents(
        code=first.code,
        element_id=first.element_id,
        limit=AT_ONCE,
        by=by.pk,
        at=at,
        note=first.note,
    )
    with acting():
        audit.append(
            AREA,
            "incidents.retried",
            by=by,
            at=at,
            code=first.code,
            element=first.element_id,
            repaired=done.repaired,
            broken_again=done.broken_again,
            refused=sum(done.refused.values()),
        )
    return done


def _found(incident_id: int) -> api.IncidentView:
    try:
        return api.incident(incident_id)
    except NoSuchThing:
        raise NotFound from None


def _is_operator(by: User, *, at: datetime) -> bool:
    return Role.OPERATOR in roles.roles_of(by, at=at)


def _refuse(by: User, note: str, *, at: datetime) -> None:
    if not _is_operator(by, at=at):
        raise NotAllowed("not_operator")
    if not note.strip():
        raise InvalidInput({"note": "required"})


def _refuse_money(instance_id: int) -> None:
    if is_about_money(instance_id):
        raise NotAllowed("money_is_only_retried")


def _repair(
    act: Callable[[], Advance], name: str, *, by: User, at: datetime, **facts: Fact
) -> Advance:
    """An act of the engine with its audit row: the claim's own, if it is about one."""
    with acting():
        advance = act()
        claim = conflicts.claim_of_instance(advance.instance_id)
        if claim is not None:
            milestones.close(milestones.lock(claim.pk), name, by=by, at=at, **facts)
        else:
            audit.append(AREA, name, by=by, at=at, about=None, **facts)
    return advance
