"""Repairing incidents: repeat what failed, or go on with given outputs."""

from datetime import datetime

from engine.errors import NotFound, NotWaiting
from engine.kernel import moving, operations
from engine.models import Incident
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step, begin, refuse_unless_active
from engine.types import Advance, Variables


def resolve(
    incident_id: int, *, action: str, patch: Variables, by: int | None, at: datetime, note: str
) -> Advance:
    """Repair one incident, inside the caller's transaction.

    `retry` repeats the entry, exit or job that failed; `skip` leaves the activity as if `patch`
    had been its result.
    """
    if action not in ("retry", "skip"):
        raise NotWaiting(f"unknown action {action!r}")
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        raise NotFound(f"incident {incident_id}")
    step = begin(incident.instance_id, at=at, by=by, note=note, running=False)
    if incident_id not in step.before.incidents.values():
        raise NotWaiting(f"incident {incident_id} is resolved")
    repair(step, incident, action=action, patch=patch)
    step.closing.resolution = action
    settle(step)
    return step.save(
        Act("incident_resolved", incident.element_id, incident.token, data={"action": action}),
        tried=(incident.token,),
    )


def repair(step: Step, incident: Incident, *, action: str, patch: Variables) -> None:
    model, state, token, at = step.loaded.model, step.state, incident.token, step.at
    if operations.open_items(model, state).status == "suspended":
        # The kernel spent its budget; going on is the only repair there is.
        step.apply(Operation("repair"), operations.resume(model, state, at=at))
        return
    refuse_unless_active(step.instance)
    if action == "skip":
        skipped = Operation("job", incident.element_id, patch)
        step.apply(skipped, moving.skip(model, state, token, patch, at=at))
        return
    retried = Operation("repair", incident.element_id, patch)
    step.apply(retried, operations.retry(model, state, token, patch, at=at))
