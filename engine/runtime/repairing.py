"""Repairing incidents: repeat what failed, or go on with given outputs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.errors import EngineError, NotFound, NotWaiting
from engine.kernel import moving, operations
from engine.models import Incident
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step, begin, refuse_unless_active
from engine.runtime.transaction import step_transaction
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


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of many: repaired, broken again at once, and refused by code."""

    repaired: int
    broken_again: int
    refused: Mapping[str, int]


def retry_many(incident_ids: Iterable[int], *, by: int | None, at: datetime, note: str) -> Retried:
    """Retry incidents, a transaction each; one that cannot be retried keeps nobody waiting."""
    repaired = again = 0
    refused: Counter[str] = Counter()
    for incident_id in incident_ids:
        try:
            with step_transaction():
                resolve(incident_id, action="retry", patch={}, by=by, at=at, note=note)
        except EngineError as error:
            refused[error.code] += 1
            continue
        broken = Incident.objects.filter(pk=incident_id, resolved_at=None).exists()
        again, repaired = again + broken, repaired + (not broken)
    return Retried(repaired, again, refused)


def matching(*, code: str, element_id: str, definition_id: int | None, limit: int) -> list[int]:
    """Open incidents, the oldest first; an empty filter is none."""
    found = Incident.objects.filter(resolved_at=None)
    if code:
        found = found.filter(code=code)
    if element_id:
        found = found.filter(element_id=element_id)
    if definition_id is not None:
        found = found.filter(instance__definition=definition_id)
    return list(found.order_by("first_at", "pk").values_list("pk", flat=True)[:limit])


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
