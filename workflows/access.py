"""The only place that turns a reference into a claim, task, file or batch for a user.

Missing and foreign look the same: NotFound. What a list shows and what a page opens start from
the same `…_visible_to`, by role, office, programme and dates. Reading a file and revealing a
masked value leave an AccessLog row.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from engine import api
from engine.errors import NotFound as EngineNotFound
from engine.types import Grant, TaskView
from workflows.accounts.models import User, Visitor
from workflows.errors import InvalidInput, NotFound
from workflows.models import (
    AccessLog,
    Attachment,
    AuditEntry,
    BankFile,
    Claim,
    DefinitionDraft,
    Letter,
    PaymentBatch,
    Person,
    Role,
    Status,
)
from workflows.models.files import storage
from workflows.queries import conflicts, roles
from workflows.queries.roles import MONEY_ROLES, OFFICE_ROLES, roles_of
from workflows.values import claim_number
from workflows.values.errors import InvalidClaimNumber

__all__ = ["roles_of"]
REVEALABLE = ("id_number", "phone", "name", "account")


@dataclass(frozen=True, slots=True)
class TaskAtHand:
    """A user task with what it is about: a claim, or a batch."""

    view: TaskView
    claim: Claim | None
    batch: PaymentBatch | None


# --------------------------------------------------------------------------- claims


def claims_visible_to(user: Visitor, *, at: datetime) -> QuerySet[Claim]:
    """Claims this person may see: the own ones, or those of the offices they work for.

    Officers see neither drafts nor deleted claims nor claims of their own; a clerk also sees
    the drafts they entered.
    """
    if not isinstance(user, User) or not user.is_active:
        return Claim.objects.none()
    if not user.is_officer:
        return Claim.objects.filter(person__user=user).exclude(status=Status.DELETED)
    places = Q(pk__in=())
    for row in roles.assignments(user, at=at):
        if row.role not in OFFICE_ROLES:
            continue
        place = Q()
        if row.office_id is not None:
            place &= Q(office=row.office_id)
        if row.programme_id is not None:
            place &= Q(programme=row.programme_id)
        if row.role == Role.CLERK:
            places |= Q(status=Status.DRAFT, entered_by=user)
        # An empty Q would match nothing when joined by "or".
        places |= (place or Q(pk__isnull=False)) & ~Q(status=Status.DRAFT)
    deleted = Q(status=Status.DELETED)
    if roles.holds(user, [Role.AUDITOR], at=at):
        deleted = Q(pk__in=())
    return (
        Claim.objects.filter(places).exclude(deleted).exclude(conflicts.excluded_claims(user.pk))
    )


def claim(user: Visitor, claim_id: uuid.UUID | str, *, at: datetime) -> Claim:
    """A claim by its id, with programme, version, office and person."""
    return _one(claims_visible_to(user, at=at).filter(pk=_uuid(claim_id)))


def claim_by_number(user: Visitor, number: str, *, at: datetime) -> Claim:
    """A claim by its number as typed or heard."""
    try:
        written = str(claim_number.parse(number))
    except InvalidClaimNumber:
        raise NotFound from None
    return _one(claims_visible_to(user, at=at).filter(number=written))


def own_claim(user: Visitor, claim_id: uuid.UUID | str, *, at: datetime) -> Claim:
    """A claim of the applicant who asks; officers' claims are not reached this way."""
    found = claims_visible_to(user, at=at).filter(person__user=user.pk)
    return _one(found.filter(pk=_uuid(claim_id)))


def person_of(user: Visitor) -> Person | None:
    """Who an applicant is, once they have said so."""
    return Person.objects.filter(user=user.pk).first() if isinstance(user, User) else None


# --------------------------------------------------------------------------- tasks


def task(user: User, task_id: int, *, at: datetime) -> TaskAtHand:
    """A user task whose queue this person works in, with its claim or batch.

    An open one must lie within a grant; a closed one is seen by whoever sees the claim.
    """
    if not user.is_active:
        raise NotFound
    try:
        view = api.task(task_id)
    except EngineNotFound:
        raise NotFound from None
    found = _about(view)
    granted = any(
        grant.group in view.groups and _covers(grant.scope, _scope(grant, found))
        for grant in roles.grants_of(user.pk, at=at)
    )
    own = found.claim is not None and found.claim.person.user_id == user.pk
    if own and "applicant" not in view.groups:
        raise NotFound
    sees = found.claim is not None and claims_visible_to(user, at=at).filter(pk=found.claim.pk)
    if not granted and not (view.status != "open" and sees):
        raise NotFound
    return found


def _about(view: TaskView) -> TaskAtHand:
    found = conflicts.claim_of_instance(view.instance_id)
    batch = None
    if found is None:
        batch = PaymentBatch.objects.filter(instance=view.instance_id).first()
        if batch is None:
            raise NotFound
    else:
        found = _one(Claim.objects.filter(pk=found.pk))
    return TaskAtHand(view, found, batch)


def _scope(grant: Grant, found: TaskAtHand) -> str:
    """The scope that a grant has to cover: the applicant's own, or where the work stands."""
    if found.claim is not None and grant.group == "applicant":
        return found.claim.person.scope
    return found.view.scope


def _covers(granted: str, scope: str) -> bool:
    return scope.startswith(granted[:-1]) if granted.endswith("/*") else granted == scope


# --------------------------------------------------------------------------- files and values


def attachment(user: User, attachment_id: uuid.UUID | str, *, at: datetime) -> Attachment:
    """A picture's row; officers only see what was scanned clean, applicants their own."""
    row = Attachment.objects.filter(pk=_uuid(attachment_id), erased_at=None).first()
    if row is None:
        raise NotFound
    if not claims_visible_to(user, at=at).filter(pk=row.claim_id).exists():
        raise NotFound
    if user.is_officer and row.scan != Attachment.Scan.CLEAN:
        raise NotFound
    return row


def attachment_bytes(
    user: User, attachment_id: uuid.UUID | str, *, at: datetime, purpose: str = "view"
) -> tuple[Attachment, bytes]:
    """A picture for a reader, who is written down unless it is their own."""
    row = attachment(user, attachment_id, at=at)
    data = storage().open(row.stored_name, sha256=row.sha256)
    if user.is_officer:
        log_access(user, row.claim_id, "file", str(row.pk), purpose=purpose, at=at)
    return row, data


def reveal(
    user: User, claim_id: uuid.UUID | str, field: str, *, purpose: str, at: datetime
) -> str:
    """A masked value in full, for a stated purpose, written down.

    Raises:
        InvalidInput: no purpose, or no such field.
    """
    if not purpose.strip():
        raise InvalidInput({"purpose": "required"})
    if field not in REVEALABLE:
        raise InvalidInput({"field": "unknown"})
    row = claim(user, claim_id, at=at)
    log_access(user, row.pk, "reveal", field, purpose=purpose.strip()[:100], at=at)
    if field == "account":
        return row.account.number if row.account else ""
    return str(getattr(row.person, field))


def log_access(
    user: User,
    claim_id: uuid.UUID | None,
    kind: str,
    target: str,
    *,
    at: datetime,
    purpose: str = "",
) -> None:
    """Write down that somebody read something."""
    AccessLog.objects.create(
        user=user, claim_id=claim_id, kind=kind, target=target, purpose=purpose, at=at
    )


def letter(user: User, letter_id: uuid.UUID | str, *, at: datetime) -> Letter:
    """A letter of a claim that this person sees."""
    row = Letter.objects.filter(pk=_uuid(letter_id)).select_related("claim").first()
    if row is None or not claims_visible_to(user, at=at).filter(pk=row.claim_id).exists():
        raise NotFound
    return row


# --------------------------------------------------------------------------- money and processes


def batches_visible_to(user: Visitor, *, at: datetime) -> QuerySet[PaymentBatch]:
    """Batches of the programmes and offices that somebody pays for, or audits."""
    places = Q(pk__in=())
    for row in roles.assignments(user, at=at):
        if row.role not in MONEY_ROLES | {Role.AUDITOR}:
            continue
        place = Q(pk__isnull=False)
        if row.office_id is not None:
            place &= Q(office=row.office_id)
        if row.programme_id is not None:
            place &= Q(programme=row.programme_id)
        places |= place
    return PaymentBatch.objects.filter(places)


def batch(user: User, number: str, *, at: datetime) -> PaymentBatch:
    """A batch by its number."""
    found = batches_visible_to(user, at=at).filter(number=number)
    row = found.select_related("programme", "office", "maker", "checker", "releaser").first()
    if row is None:
        raise NotFound
    return row


def bank_file(user: User, file_id: int, *, at: datetime) -> BankFile:
    """A file of a batch that this person sees."""
    row = BankFile.objects.filter(
        pk=file_id, batch__in=batches_visible_to(user, at=at)
    ).select_related("batch")
    found = row.first()
    if found is None:
        raise NotFound
    return found


def audit_visible_to(user: User, *, at: datetime) -> QuerySet[AuditEntry]:
    """The audit of claims one sees; auditors read all of it."""
    if roles.holds(user, [Role.AUDITOR], at=at):
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(claim_id__in=claims_visible_to(user, at=at).values("pk"))


def draft(user: User, draft_id: uuid.UUID | str, *, at: datetime) -> DefinitionDraft:
    """A draft of a diagram, for authors and publishers."""
    if not roles.holds(user, [Role.PROCESS_AUTHOR, Role.PROCESS_PUBLISHER], at=at):
        raise NotFound
    row = DefinitionDraft.objects.filter(pk=_uuid(draft_id)).select_related("author").first()
    if row is None:
        raise NotFound
    return row


def _one(found: QuerySet[Claim]) -> Claim:
    row = found.select_related("programme", "version", "office", "person", "account").first()
    if row is None:
        raise NotFound
    return row


def _uuid(text: uuid.UUID | str) -> uuid.UUID:
    if isinstance(text, uuid.UUID):
        return text
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None
