"""Claim.status is what the diagrams' milestones say, and nothing else sets it.

Milestones and evaluated decisions are taken over from the history of the claim's instances: at
the end of the act that caused them, or by `catch_up` when a timer or a background job did.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, transaction
from django.db.models import F, Model, Q

from workflows.accounts.models import User
from workflows.actions import audit, payouts
from workflows.actions.audit import Fact
from workflows.errors import NotFound, WorkflowsError
from workflows.models import FINAL, CheckItem, Claim, Entitlement, Message, Status, Submission
from workflows.queries.words import milestone_words

if TYPE_CHECKING:
    from engine.models import HistoryEvent

log = logging.getLogger(__name__)
KINDS = ("milestone", "decided")
AT_ONCE = 500


def close(claim: Claim, act: str, *, by: User | int | None, at: datetime, **facts: Fact) -> None:
    """End an act on a claim: take over what its diagrams reached, then write the audit row."""
    reached = take_over(claim)
    audit.record(claim, act, by=by, at=at, milestones=reached, status=claim.status, **facts)


def take_over(claim: Claim) -> list[str]:
    """Take over milestones and decisions not seen so far; the codes of the milestones."""
    reached = []
    for event, entitlement in _events(claim):
        data: dict[str, Any] = event.data or {}
        if event.kind == "decided":
            _keep_decision(claim, event, data)
        else:
            code = str(data["code"])
            _reach(claim, event, code, entitlement)
            reached.append(code)
    return reached


def _events(claim: Claim) -> list[tuple["HistoryEvent", Entitlement | None]]:
    """Unseen events of review and payouts in the order they happened; marks them as seen."""
    found: list[tuple[HistoryEvent, Entitlement | None]] = []
    if claim.instance is not None:
        claim.instance.refresh_from_db(fields=["revision"])
        rows = claim.instance.history.filter(revision__gt=claim.projected_revision, kind__in=KINDS)
        found += [(row, None) for row in rows.order_by("revision", "seq")]
        claim.projected_revision = claim.instance.revision
        Claim.objects.filter(pk=claim.pk).update(projected_revision=claim.projected_revision)
    for entitlement in claim.entitlements.exclude(instance=None).select_related("instance"):
        assert entitlement.instance is not None
        rows = entitlement.instance.history.filter(
            revision__gt=entitlement.projected_revision, kind="milestone"
        )
        found += [(row, entitlement) for row in rows.order_by("revision", "seq")]
        revision = entitlement.instance.revision
        Entitlement.objects.filter(pk=entitlement.pk).update(projected_revision=revision)
    return sorted(found, key=lambda pair: pair[0].at)


def _reach(
    claim: Claim, event: "HistoryEvent", code: str, entitlement: Entitlement | None
) -> None:
    declared = claim.version.rules.milestones.get(code)
    status = declared.status if declared is not None else ""
    Message.objects.get_or_create(
        source=f"{event.instance_id}:{event.revision}:{event.seq}",
        defaults={
            "claim": claim,
            "milestone": code,
            "status": status,
            "words": milestone_words(claim, code, entitlement),
            "at": event.at,
        },
    )
    if not status or status == claim.status:
        return
    claim.status, claim.status_at = Status(status), event.at
    claim.ended_at = event.at if claim.status in FINAL else None
    claim.save(update_fields=["status", "status_at", "ended_at"])


def _keep_decision(claim: Claim, event: "HistoryEvent", data: dict[str, Any]) -> None:
    submission = latest_submission(claim)
    if submission is None:
        return
    CheckItem.objects.get_or_create(
        claim=claim,
        revision=event.revision,
        seq=event.seq,
        defaults={
            "submission": submission,
            "element_id": event.element_id,
            "decision_id": str(data.get("decision", "")),
            "inputs": data.get("inputs", {}),
            "fired": data.get("fired", []),
            "value": data.get("value"),
            "reasons": reason_codes(data.get("value"), claim.version.rules.reasons),
            "at": event.at,
        },
    )


def reason_codes(value: object, known: Iterable[str]) -> list[str]:
    """The reason codes in what a decision gave: texts, or objects with a `code` or `reason`."""
    codes = set(known)
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        code = item.get("code", item.get("reason")) if isinstance(item, dict) else item
        if isinstance(code, str) and code in codes and code not in found:
            found.append(code)
    return found


def latest_submission(claim: Claim) -> Submission | None:
    """What reviews speak about: the submission with the highest number."""
    return claim.submissions.order_by("-number").first()


def lock(claim_id: uuid.UUID) -> Claim:
    """The claim with its instance locked first, re-read behind the locks.

    Raises:
        NotFound: it was a draft, and somebody deleted it meanwhile.
    """
    seen = Claim.objects.only("instance").filter(pk=claim_id).first()
    if seen is None:
        raise NotFound
    if seen.instance_id is not None:
        instances = type(seen)._meta.get_field("instance").related_model  # noqa: SLF001 - documented, in spite of its line
        assert isinstance(instances, type)
        assert issubclass(instances, Model)
        instances._default_manager.select_for_update(no_key=True).get(pk=seen.instance_id)  # noqa: SLF001 - documented, in spite of its line
    related = ("programme", "version", "office", "person", "account", "instance")
    if not Claim.objects.select_for_update(no_key=True).filter(pk=claim_id):
        raise NotFound
    return Claim.objects.select_related(*related).get(pk=claim_id)


def behind() -> list[uuid.UUID]:
    """Claims whose instances went on in the background since they were last looked at."""
    found = Claim.objects.filter(
        Q(instance__revision__gt=F("projected_revision"))
        | Q(entitlements__instance__revision__gt=F("entitlements__projected_revision"))
        | Q(entitlements__in=payouts.came_back())
    )
    return list(found.order_by("pk").values_list("pk", flat=True).distinct()[:AT_ONCE])


def of_job(job_id: int) -> list[uuid.UUID]:
    """The claim that a background job of the engine belongs to, if it is one's."""
    found = Q(instance__jobs=job_id) | Q(entitlements__instance__jobs=job_id)
    return list(Claim.objects.filter(found).values_list("pk", flat=True).distinct())


def catch_up(*, at: datetime, only: Iterable[uuid.UUID] | None = None) -> int:
    """Take over what timers and background jobs did; how many claims. A transaction each.

    One claim that cannot be caught up with stops no other; it is tried again next time.
    """
    done = 0
    for claim_id in behind() if only is None else only:
        try:
            with transaction.atomic():
                done += _catch_up_with(claim_id, at=at)
        except (WorkflowsError, OperationalError):
            log.warning("claim %s is not caught up with", claim_id, exc_info=True)
    return done


def _catch_up_with(claim_id: uuid.UUID, *, at: datetime) -> bool:
    claim = lock(claim_id)
    before = claim.projected_revision, claim.messages.count()
    reached = take_over(claim)
    if payouts.pay_again(claim, at=at):
        reached += take_over(claim)
    if before == (claim.projected_revision, claim.messages.count()):
        return False
    audit.record(claim, "claim.moved_on", by=None, at=at, milestones=reached, status=claim.status)
    return True
