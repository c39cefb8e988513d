"""What an applicant does with a claim after it was submitted: resubmit, withdraw, delete."""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction

from engine import api
from engine.errors import NotWaiting
from engine.types import TaskView
from workflows.accounts.models import User
from workflows.actions import audit, milestones
from workflows.actions.acting import acting
from workflows.actions.claims import (
    DRAFTS,
    editable,
    open_targets,
)
from workflows.actions.requests import once
from workflows.actions.submitting import freeze, refuse_incomplete, refuse_unread_notice
from workflows.errors import (
    ClaimChanged,
    IncompleteClaim,
    NotAllowed,
    TooLate,
)
from workflows.models import UNDER_REVIEW, Claim, CorrectionItem, Role, Status, Submission
from workflows.models.files import storage
from workflows.queries import roles

WITHDRAW_MESSAGE: Final = "withdraw_requested"


def resubmit_claim(claim: Claim, *, by: User, at: datetime, key: str = "") -> Claim:
    """重新上报: freeze the corrected claim and let its process go on.

    Raises:
        ClaimChanged: it is not with the applicant.
        TooLate: the deadline is over.
        IncompleteClaim: flagged parts are as they were, or something is missing.
    """

    def act() -> Claim:
        row = editable(claim, by, at=at)
        if row.status != Status.RETURNED:
            raise ClaimChanged(status=row.status)
        if row.correction_due_at is not None and at > row.correction_due_at:
            raise TooLate("correction", ended_at=row.correction_due_at)
        refuse_unread_notice(row)
        refuse_incomplete(row)
        before = row.submissions.get(number=row.submission_no)
        items = list(before.corrections.filter(resolved_in=None))
        if unchanged := untouched(row, before, items):
            raise IncompleteClaim(unchanged)
        submission = freeze(row, by=by, at=at)
        row.save(update_fields=["submission_no"])
        for item in items:
            CorrectionItem.objects.filter(pk=item.pk).update(resolved_in=submission)
        api.complete_task(with_applicant(row).id, outcome="resubmit", by=by.pk, at=at)
        row.refresh_from_db(fields=["correction_due_at"])
        milestones.close(row, "claim.resubmitted", by=by, at=at, submission=submission.number)
        return row

    return once(
        act,
        again=_claim,
        by=by,
        route="claim.resubmit",
        key=key,
        body={"claim": claim.pk},
        at=at,
    )


def untouched(claim: Claim, before: Submission, items: list[CorrectionItem]) -> list[str]:
    """Flagged parts that are still what they were; those the applicant cannot change are done.

    A part that no form of ours holds (an employer's report, say) is corrected elsewhere.
    """
    document = before.document
    old_files, old_answers = document["files"], document["answers"]
    still = []
    for target in sorted({item.target for item in items}):
        if target.startswith("file:"):
            spec = target.removeprefix("file:")
            row = claim.attachments.filter(spec=spec, removed_at=None).first()
            old = old_files.get(spec)
            same = row is None or (old is not None and old["sha256"] == row.sha256)
        elif target == "account":
            same = claim.account_id is not None and str(claim.account_id) == str(
                document["account"]["id"]
            )
        elif target == "phone":
            same = claim.person.phone == document["phone"]
        elif target in {question.name for question in claim.version.rules.questions}:
            same = claim.answers.get(target) == old_answers.get(target)
        else:
            same = False
        if same:
            still.append(target)
    return still


def withdraw_claim(claim: Claim, *, by: User, at: datetime, key: str = "") -> Claim:
    """撤回: end a claim that is not approved yet; everything is kept until its retention ends.

    Raises:
        ClaimChanged: it is approved, denied or ended; `status` says which.
    """

    def act() -> Claim:
        row = _own(claim.pk, by, at=at)
        if row.status == Status.RETURNED:
            api.complete_task(with_applicant(row).id, outcome="withdraw", by=by.pk, at=at)
        elif row.status in UNDER_REVIEW:
            _tell(row, by, at=at)
        else:
            raise ClaimChanged(status=row.status)
        milestones.close(row, "claim.withdrawn", by=by, at=at)
        return row

    return once(
        act,
        again=_claim,
        by=by,
        route="claim.withdraw",
        key=key,
        body={"claim": claim.pk},
        at=at,
    )


def _tell(claim: Claim, by: User, *, at: datetime) -> None:
    """Send the message that the diagram waits for while officers work."""
    try:
        api.correlate_message(WITHDRAW_MESSAGE, key=claim.number or "", by=by.pk, at=at)
    except NotWaiting:
        raise ClaimChanged(status=claim.status) from None


def delete_claim(claim: Claim, *, by: User, at: datetime) -> None:
    """删除: a draft goes without a trace of its content; a returned claim is no longer listed.

    Number, hashes, codes and the index for duplicates and attempts stay: deleting resets no
    counter. Files of a returned claim go when their retention ends.

    Raises:
        ClaimChanged: it is under review, approved or ended.
    """
    with acting():
        row = _own(claim.pk, by, at=at)
        if row.status == Status.DRAFT:
            _delete_draft(row, by, at=at)
        elif row.status == Status.RETURNED:
            api.complete_task(with_applicant(row).id, outcome="delete", by=by.pk, at=at)
            milestones.close(row, "claim.deleted", by=by, at=at)
        else:
            raise ClaimChanged(status=row.status)


def _delete_draft(claim: Claim, by: User, *, at: datetime) -> None:
    names = list(claim.attachments.values_list("stored_name", flat=True))
    programme = claim.programme.code
    claim.delete()
    files = storage()
    # After the commit: a file that stays behind is an orphan, one that went too early is a loss.
    transaction.on_commit(lambda: [files.delete(name) for name in names] and None, robust=True)
    audit.append(DRAFTS, "draft.deleted", by=by, at=at, programme=programme)


def with_applicant(claim: Claim) -> TaskView:
    """The user task that waits for the applicant.

    Raises:
        ClaimChanged: there is none.
    """
    assert claim.instance_id is not None
    for view in api.open_tasks(claim.instance_id):
        if "applicant" in view.groups:
            return view
    raise ClaimChanged(status=claim.status)


def attempts_left(claim: Claim) -> int:
    """How many more corrections are allowed before a supervisor has to agree."""
    limit = claim.version.rules.number("correction", "attempts", 3)
    return max(0, limit + 1 - rounds(claim))


def rounds(claim: Claim) -> int:
    """Submissions of the person in this programme, those of deleted claims included."""
    return Submission.objects.filter(
        claim__person=claim.person_id, claim__programme=claim.programme_id
    ).count()


def _own(claim_id: uuid.UUID, by: User, *, at: datetime) -> Claim:
    row = milestones.lock(claim_id)
    if row.person.user_id == by.pk:
        return row
    if by.is_officer and (
        roles.holds_for(by, [Role.CLERK], row, at=at) or row.entered_by_id == by.pk
    ):
        return row
    raise NotAllowed("not_own")


def _claim(pk: str) -> Claim:
    return Claim.objects.select_related("programme", "version", "office", "person").get(pk=pk)


__all__ = [
    "attempts_left",
    "delete_claim",
    "open_targets",
    "resubmit_claim",
    "rounds",
    "untouched",
    "with_applicant",
    "withdraw_claim",
]
