"""Repairing what stands still."""

from datetime import datetime

from engine import api
from engine.types import Advance, Variables
from workflows.accounts.models import User
from workflows.actions import audit, milestones
from workflows.actions.acting import acting
from workflows.errors import InvalidInput, NotAllowed
from workflows.models import Role
from workflows.queries import conflicts, roles


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
        NotAllowed: no operator.
        InvalidInput: no note.
        NotWaiting: it was repaired meanwhile; from the engine.
    """
    if not roles.roles_of(by, at=at) & {Role.OPERATOR}:
        raise NotAllowed("not_operator")
    if not note.strip():
        raise InvalidInput({"note": "required"})
    with acting():
        advance = api.resolve_incident(
            incident_id, action=action, patch=patch, by=by.pk, at=at, note=note.strip()
        )
        claim = conflicts.claim_of_instance(advance.instance_id)
        if claim is not None:
            row = milestones.lock(claim.pk)
            milestones.close(
                row, "incident.resolved", by=by, at=at, incident=incident_id, how=action
            )
        else:
            audit.append(
                "area:operations",
                "incident.resolved",
                by=by,
                at=at,
                incident=incident_id,
                how=action,
            )
    return advance
