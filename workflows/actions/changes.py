"""What happens to a claim from outside its review: stops, reopening, undone denials, deaths.

Each is a message that the claim's diagram waits for; one that nobody waits for is refused.
"""

import uuid
from datetime import datetime
from typing import Final

from engine import api
from engine.errors import NotWaiting
from engine.types import Variables
from workflows.accounts.models import User
from workflows.actions import milestones
from workflows.actions.acting import acting
from workflows.actions.claims import refuse_duplicate
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed
from workflows.models import Claim, Entitlement, Note, Role, Status
from workflows.queries import conflicts, roles
from workflows.values.errors import InvalidPeriod
from workflows.values.period import Period

NOTE_LIMIT: Final = 2_000
OFFICERS: Final = (Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)


def request_stop(
    claim: Claim, *, reason: str, month: str, note: str = "", by: User, at: datetime
) -> Claim:
    """停发: say that something ends the payments, from the month it happened in.

    The applicant reports it, or an officer finds it; two officers then decide.

    Raises:
        InvalidInput: no such reason, or no month.
        ClaimChanged: no payment of this claim is waiting.
    """
    known = claim.version.rules.reasons.get(reason)
    if known is None or known.severity != "stop":
        raise InvalidInput({"reason": "unknown"})
    try:
        period = str(Period.parse(month))
    except InvalidPeriod:
        raise InvalidInput({"month": "shape"}) from None
    with acting():
        row = milestones.lock(claim.pk)
        _refuse_strangers(row, by, at=at)
        entitlement = row.entitlements.filter(status=Entitlement.Status.ACTIVE).first()
        if entitlement is None:
            raise ClaimChanged(status=row.status)
        variables = {"stop_reason": reason, "stop_month": period}
        _tell("stop_requested", str(entitlement.pk), row, variables, by=by, at=at)
        _remark(row, note, by=by, at=at)
        milestones.close(row, "stop.requested", by=by, at=at, reason=reason, month=period)
    return row


def reopen_claim(claim: Claim, *, note: str, by: User, at: datetime) -> Claim:
    """Open an expired claim again, by a supervisor and with a reason.

    Raises:
        ClaimChanged: it is not expired, or its waiting period is over.
        DuplicateClaim: the person has begun another one meanwhile.
    """
    with acting():
        row = _supervised(claim.pk, note, Status.EXPIRED, by=by, at=at)
        refuse_duplicate(row.person, row.programme, by=by, apart_from=row.pk)
        _tell("reopened", row.number or "", row, {}, by=by, at=at)
        _remark(row, note, by=by, at=at)
        row.refresh_from_db(fields=["correction_due_at"])
        milestones.close(row, "claim.reopened", by=by, at=at)
    return row


def undo_denial(claim: Claim, *, note: str, by: User, at: datetime) -> Claim:
    """Take a denial back before its letter is sent, by somebody who did not conclude it.

    Raises:
        ClaimChanged: it is not denied, or the letter is out.
        NotAllowed: no supervisor there, or one of those who denied.
    """
    with acting():
        row = _supervised(claim.pk, note, Status.DENIED, by=by, at=at)
        standing = row.reviews.filter(
            undone_at=None,
            outcome__in=["deny", "recommend_denial"],
            submission__number=row.submission_no,
        )
        if standing.filter(by=by).exists():
            raise NotAllowed(conflicts.FOUR_EYES)
        standing.update(undone_at=at, undone_by=by)
        _tell("denial_undone", row.number or "", row, {}, by=by, at=at)
        _remark(row, note, by=by, at=at)
        milestones.close(row, "denial.undone", by=by, at=at)
    return row


def report_death(claim: Claim, *, note: str, by: User, at: datetime) -> Claim:
    """Say that the applicant died, as heirs reported at the counter.

    Raises:
        ClaimChanged: nothing of the claim waits for it.
    """
    with acting():
        row = milestones.lock(claim.pk)
        if not roles.holds_for(by, OFFICERS, row, at=at):
            raise NotAllowed("not_here")
        _tell("death_reported", row.number or "", row, {}, by=by, at=at)
        _remark(row, note, by=by, at=at)
        milestones.close(row, "death.reported", by=by, at=at)
    return row


def _supervised(
    claim_id: uuid.UUID, note: str, status: Status, *, by: User, at: datetime
) -> Claim:
    if not note.strip():
        raise InvalidInput({"note": "required"})
    row = milestones.lock(claim_id)
    if row.status != status:
        raise ClaimChanged(status=row.status)
    if not roles.holds_for(by, [Role.SUPERVISOR], row, at=at):
        raise NotAllowed("not_supervisor")
    if row.person.user_id == by.pk:
        raise NotAllowed(conflicts.OWN_CLAIM)
    return row


def _refuse_strangers(claim: Claim, by: User, *, at: datetime) -> None:
    if claim.person.user_id != by.pk and not roles.holds_for(by, OFFICERS, claim, at=at):
        raise NotAllowed("not_own")


def _tell(
    name: str, key: str, claim: Claim, variables: Variables, *, by: User, at: datetime
) -> None:
    try:
        api.correlate_message(name, key=key, variables=variables, by=by.pk, at=at)
    except NotWaiting:
        raise ClaimChanged(status=claim.status) from None


def _remark(claim: Claim, note: str, *, by: User, at: datetime) -> None:
    if note.strip():
        row = Note(claim=claim, text=note.strip()[:NOTE_LIMIT], by=by, at=at)
        row.save(force_insert=True)
