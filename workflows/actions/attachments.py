"""Pictures of a claim: add, replace, take away, swap front and back."""

from datetime import datetime
from typing import BinaryIO, Final

from workflows.accounts.models import User
from workflows.actions import audit, milestones, outside
from workflows.actions.acting import acting
from workflows.actions.claims import editable, refuse_closed
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed, UploadRefused
from workflows.models import UNDER_REVIEW, Attachment, Claim, Role
from workflows.models.files import storage
from workflows.ports.scanner import ScanOutcome
from workflows.queries import roles
from workflows.uploads import pictures

FILES_PER_PERSON: Final = 60
BYTES_PER_PERSON: Final = 200_000_000
AREA: Final = "attachments"


def add_attachment(
    claim: Claim, spec: str, data: bytes | BinaryIO, *, declared_name: str, by: User, at: datetime
) -> Attachment:
    """Take a picture, drawn anew by us and looked at by the scanner; replaces the one before.

    The same file for two kinds is refused: somebody photographed the front twice.

    Raises:
        UploadRefused: with the reason; `quota` when a person keeps too many files.
        InvalidInput: no such kind of file, or one that is not open in this correction.
    """
    known = {item.code for item in claim.version.rules.attachments}
    if spec not in known:
        raise InvalidInput({"spec": "unknown"})
    picture = pictures.prepare(data, declared_name=declared_name)
    scan = _scanned(picture.jpeg)
    files = storage()
    name = files.new_name(AREA, "jpg")
    with acting():
        row = editable(claim, by, at=at)
        refuse_closed(row, {f"file:{spec}"})
        _refuse_over_quota(row, len(picture.jpeg))
        current = row.attachments.filter(removed_at=None)
        if current.exclude(spec=spec).filter(source_sha256=picture.source_sha256).exists():
            raise InvalidInput({"file": "same_as_another"})
        before = current.filter(spec=spec).first()
        if before is not None:
            Attachment.objects.filter(pk=before.pk).update(removed_at=at)
        attachment = Attachment.objects.create(
            claim=row,
            spec=spec,
            stored_name=name,
            sha256=picture.sha256,
            source_sha256=picture.source_sha256,
            size=len(picture.jpeg),
            width=picture.width,
            height=picture.height,
            flags=list(picture.flags),
            scan=scan,
            supersedes=before,
            by=by,
            at=at,
        )
        # The row first, the file second: a file without a row is an orphan a sweeper finds.
        files.write(name, picture.jpeg)
        audit.record(
            row, "attachment.added", by=by, at=at, spec=spec, sha256=picture.sha256, scan=scan
        )
    return attachment


def remove_attachment(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take a picture away; what was submitted stays stored until its retention ends."""
    with acting():
        row = editable(attachment.claim, by, at=at)
        refuse_closed(row, {f"file:{attachment.spec}"})
        Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at)
        audit.record(row, "attachment.removed", by=by, at=at, spec=attachment.spec)


def swap_sides(claim: Claim, first: str, second: str, *, by: User, at: datetime) -> None:
    """Exchange two pictures that were uploaded the wrong way round; no return is needed.

    Raises:
        NotAllowed: only who checks papers where the claim stands.
        ClaimChanged: the claim is not under review.
    """
    with acting():
        row = milestones.lock(claim.pk)
        if not roles.holds_for(by, [Role.ATTACHMENT_CHECKER, Role.REVIEWER], row, at=at):
            raise NotAllowed("not_checker")
        if row.status not in UNDER_REVIEW:
            raise ClaimChanged(status=row.status)
        pair = {
            item.spec: item
            for item in row.attachments.filter(removed_at=None, spec__in=[first, second])
        }
        if set(pair) != {first, second}:
            raise InvalidInput({"spec": "missing"})
        Attachment.objects.filter(pk=pair[first].pk).update(spec="")
        Attachment.objects.filter(pk=pair[second].pk).update(spec=first)
        Attachment.objects.filter(pk=pair[first].pk).update(spec=second)
        audit.record(row, "attachment.swapped", by=by, at=at, specs=[first, second])


def _scanned(jpeg: bytes) -> str:
    """What the scanner says; without an answer the file waits and no officer can open it."""
    result = outside.scanner().scan(jpeg)
    if result.outcome is ScanOutcome.INFECTED:
        raise UploadRefused("infected")
    clean = result.outcome is ScanOutcome.CLEAN
    return Attachment.Scan.CLEAN if clean else Attachment.Scan.QUEUED


def _refuse_over_quota(claim: Claim, size: int) -> None:
    rows = Attachment.objects.filter(claim__person=claim.person, erased_at=None)
    sizes = list(rows.values_list("size", flat=True))
    if len(sizes) >= FILES_PER_PERSON or sum(sizes) + size > BYTES_PER_PERSON:
        raise UploadRefused("quota", limit=FILES_PER_PERSON)
