"""The officers' part: conclude a user task on a claim, answer reasons, keep notes, hold work.

A conclusion is one transaction: the engine completes the task, the Review row, the flagged parts
and the claim's status follow from it, and the audit row closes it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine import api
from engine.errors import NotPermitted, NotWaiting
from engine.types import OutcomeChoice, TaskView, Text, Variable
from workflows.accounts.models import User
from workflows.actions import audit, entitlements, milestones
from workflows.actions.acting import acting
from workflows.actions.requests import once
from workflows.errors import (
    ClaimChanged,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
)
from workflows.models import (
    APPLICANT,
    Answer,
    Claim,
    ConflictDeclaration,
    CorrectionItem,
    Note,
    Review,
    Role,
    Status,
    Submission,
)
from workflows.queries import conflicts, roles, rulebook
from workflows.queries.blocking import blocking_reasons

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
APPROVING: Final = frozenset({"approve", "recommend_approval", "reverse"})
RETURNING: Final = frozenset({"return"})
NEEDS_REASONS: Final = frozenset(
    {"return", "deny", "recommend_denial", "deny_proposed", "stop", "uphold"}
)
NOTE_LIMIT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Flag:
    """A part of the claim that is sent back: a field, or `file:<code>`."""

    target: str
    reason: str
    note: str = ""


def complete_review(
    task_id: int,
    *,
    outcome: str,
    reasons: Sequence[str] = (),
    items: Sequence[Flag] = (),
    note: str = "",
    fields: Mapping[str, Variable] | None = None,
    submission_sha256: str = "",
    by: User,
    at: datetime,
    key: str = "",
) -> Review:
    """Conclude a user task on a claim.

    `items` are the parts sent back, `reasons` the codes of a return, denial or stop (those of the
    items count). `submission_sha256` is what the page showed: another one is refused.

    Raises:
        Refused: reasons of the programme stand against an approval.
        InvalidInput: a reason is missing or unknown, or a note that the outcome asks for.
        ClaimChanged: the claim was resubmitted meanwhile, or is on hold.
        NotAllowed: the task is the applicant's.
        TaskNotOpen, TaskAssignedElsewhere, NotPermitted, OutcomeUnknown: from the engine.
    """

    def act() -> Review:
        return _conclude(
            task_id,
            outcome=outcome,
            reasons=list(reasons),
            items=list(items),
            note=note,
            fields=dict(fields or {}),
            shown=submission_sha256,
            by=by,
            at=at,
        )

    return once(
        act,
        again=lambda pk: Review.objects.get(pk=pk),
        by=by,
        route="review.complete",
        key=key,
        body={
            "task": task_id,
            "outcome": outcome,
            "reasons": list(reasons),
            "items": [(item.target, item.reason, item.note) for item in items],
            "note": note,
            "fields": dict(fields or {}),
        },
        at=at,
    )


def _conclude(
    task_id: int,
    *,
    outcome: str,
    reasons: list[str],
    items: list[Flag],
    note: str,
    fields: dict[str, Variable],
    shown: str,
    by: User,
    at: datetime,
) -> Review:
    view = api.task(task_id)
    if APPLICANT in view.groups:
        # Resubmitting freezes and checks first: corrections.py.
        raise NotAllowed("applicants_task")
    claim = _locked_claim(view)
    submission = claim.submissions.get(number=claim.submission_no)
    if view.status == "open":
        codes = list(dict.fromkeys([*reasons, *(item.reason for item in items)]))
        _check(claim, view, outcome, codes=codes, items=items, note=note, at=at)
        _refuse_stale(claim, submission, shown)
        flag(submission, items, by=by, at=at)
    else:
        # The engine says who was faster, and when.
        codes = reasons
    api.complete_task(task_id, outcome=outcome, variables=fields, by=by.pk, at=at)
    review = Review(
        claim=claim,
        submission=submission,
        submission_sha256=submission.sha256,
        task_id=task_id,
        element_id=view.element_id,
        stage=view.groups[0] if view.groups else "",
        outcome=outcome,
        tone=_choice(view, outcome).tone,
        reasons=codes,
        note=note[:NOTE_LIMIT],
        definition_hash=api.definition(view.definition_id).content_hash,
        by=by,
        at=at,
    )
    review.save(force_insert=True)
    claim.refresh_from_db(
        fields=["correction_due_at", "appeal_due_at", "account", "projected_revision"]
    )
    milestones.close(
        claim,
        "review.completed",
        by=by,
        at=at,
        element=view.element_id,
        outcome=outcome,
        reasons=codes,
        submission=submission.sha256[:16],
        definition=view.definition_version,
    )
    return review


def _check(
    claim: Claim,
    view: TaskView,
    outcome: str,
    *,
    codes: list[str],
    items: list[Flag],
    note: str,
    at: datetime,
) -> None:
    """What the programme asks of a conclusion; the engine checks the person."""
    choice = _choice(view, outcome)
    known = claim.version.rules.reasons
    wrong: dict[str, str] = {}
    if any(code not in known for code in codes):
        wrong["reasons"] = "unknown"
    elif not codes and (outcome in NEEDS_REASONS or "reasons" in choice.requires):
        wrong["reasons"] = "required"
    if "note" in choice.requires and not note.strip():
        wrong["note"] = "required"
    if outcome in RETURNING and not items and "items" in choice.requires:
        wrong["items"] = "required"
    if wrong:
        raise InvalidInput(wrong)
    if on_hold(claim, at=at):
        raise ClaimChanged(status="held")
    if outcome in APPROVING and (standing := blocking_reasons(claim)):
        raise Refused(item.reason.code for item in standing)


def on_hold(claim: Claim, *, at: datetime) -> bool:
    """Whether somebody holds the claim; a timed hold ends by itself."""
    if not claim.hold_reason:
        return False
    return claim.hold_until is None or claim.hold_until > at


def _choice(view: TaskView, outcome: str) -> OutcomeChoice:
    """The declared outcome; an unknown one is the engine's to refuse."""
    for choice in view.outcomes:
        if choice.code == outcome:
            return choice
    return OutcomeChoice(outcome, Text(outcome))


def _refuse_stale(claim: Claim, submission: Submission, shown: str) -> None:
    if shown and shown != submission.sha256:
        raise ClaimChanged(by_id=submission.by_id, at=submission.at, status=claim.status)


def flag(submission: Submission, items: Sequence[Flag], *, by: User | None, at: datetime) -> None:
    """Note parts to be sent back; the same part with the same reason is one row."""
    for item in items:
        CorrectionItem.objects.get_or_create(
            submission=submission,
            target=item.target,
            reason=item.reason,
            defaults={"note": item.note[:NOTE_LIMIT], "by": by, "at": at},
        )


def _locked_claim(view: TaskView) -> Claim:
    found = conflicts.claim_of_instance(view.instance_id)
    if found is None:
        raise NotFound
    return milestones.lock(found.pk)


# --------------------------------------------------------------------------- reasons and notes


def answer_look(task_id: int, reason: str, *, evidence: str, by: User, at: datetime) -> Answer:
    """Answer a reason that a person must look at: what was looked at, and where.

    Raises:
        InvalidInput: no evidence, or the reason does not stand or is none to look at.
        NotPermitted: somebody else's task.
    """
    with acting():
        view = api.task(task_id)
        claim = _locked_claim(view)
        if view.assignee_id != by.pk or view.status != "open":
            raise NotPermitted("not_on_your_desk")
        return _keep_answer(claim, reason, evidence, Answer.Kind.EVIDENCE, by=by, at=at)


def override_reason(claim: Claim, reason: str, *, note: str, by: User, at: datetime) -> Answer:
    """A supervisor sets a standing reason aside, with a reason of their own.

    Raises:
        NotAllowed: no supervisor where the claim stands, or an earlier hand in it.
        InvalidInput: no note, or the reason does not stand.
    """
    with acting():
        row = milestones.lock(claim.pk)
        if not roles.holds_for(by, [Role.SUPERVISOR], row, at=at):
            raise NotAllowed("not_supervisor")
        if objection := conflicts.objection_to_claim(by.pk, row, ("supervisor",), at=at):
            raise NotAllowed(objection)
        return _keep_answer(row, reason, note, Answer.Kind.OVERRIDE, by=by, at=at)


def _keep_answer(
    claim: Claim, reason: str, note: str, kind: Answer.Kind, *, by: User, at: datetime
) -> Answer:
    if not note.strip():
        raise InvalidInput({"note": "required"})
    standing = {item.reason.code: item for item in blocking_reasons(claim)}
    item = standing.get(reason)
    if item is None:
        raise InvalidInput({"reason": "not_standing"})
    if kind == Answer.Kind.EVIDENCE and item.cleared_by != "evidence":
        raise InvalidInput({"reason": "supervisor_only"})
    answer = Answer(
        submission=claim.submissions.get(number=claim.submission_no),
        reason=reason,
        kind=kind,
        note=note.strip()[:NOTE_LIMIT],
        by=by,
        at=at,
    )
    answer.save(force_insert=True)
    audit.record(claim, f"reason.{kind}", by=by, at=at, reason=reason)
    return answer


def add_note(claim: Claim, text: str, *, by: User, at: datetime) -> Note:
    """A remark for colleagues.

    Raises:
        InvalidInput: it is empty.
    """
    if not text.strip():
        raise InvalidInput({"note": "required"})
    with acting():
        row = milestones.lock(claim.pk)
        note = Note(claim=row, text=text.strip()[:NOTE_LIMIT], by=by, at=at)
        note.save(force_insert=True)
        audit.record(row, "note.added", by=by, at=at)
    return note


def declare_conflict(claim: Claim, *, kind: str, by: User, at: datetime) -> None:
    """回避: keep oneself away from a person's claims; what is on the desk goes back."""
    with acting():
        row = milestones.lock(claim.pk)
        ConflictDeclaration.objects.get_or_create(
            user=by,
            person=row.person,
            lifted_at=None,
            defaults={"kind": kind[:30] or "declared", "declared_at": at},
        )
        if row.instance_id is not None:
            for view in api.open_tasks(row.instance_id):
                if view.assignee_id == by.pk:
                    api.unassign_task(view.id, by=by.pk, at=at)
        audit.record(row, "conflict.declared", by=by, at=at, kind=kind[:30])


def hold(claim: Claim, *, reason: str, until: datetime | None, by: User, at: datetime) -> None:
    """Keep a claim from being concluded, for a while or until `release_hold`.

    Raises:
        NotAllowed: nobody who works on it there.
        InvalidInput: no reason, or a time that has passed.
    """
    if not reason.strip():
        raise InvalidInput({"reason": "required"})
    if until is not None and until <= at:
        raise InvalidInput({"until": "past"})
    with acting():
        row = _officers_claim(claim, by, at=at)
        row.hold_reason, row.hold_until = reason.strip()[:40], until
        row.save(update_fields=["hold_reason", "hold_until"])
        audit.record(row, "claim.held", by=by, at=at, until=until.isoformat() if until else None)


def release_hold(claim: Claim, *, by: User, at: datetime) -> None:
    """Let a held claim be concluded again."""
    with acting():
        row = _officers_claim(claim, by, at=at)
        row.hold_reason, row.hold_until = "", None
        row.save(update_fields=["hold_reason", "hold_until"])
        audit.record(row, "claim.hold_released", by=by, at=at)


def transfer(claim: Claim, office_code: str, *, by: User, at: datetime) -> None:
    """转办: hand a claim to another office; its number and dates stay.

    Raises:
        NotAllowed: nobody who works on it there.
        ClaimChanged: it is not under review.
    """
    office = rulebook.office(office_code, on=rulebook.local_day(at))
    with acting():
        row = _officers_claim(claim, by, at=at)
        if row.instance_id is None or row.is_final:
            raise ClaimChanged(status=row.status)
        row.office = office
        row.save(update_fields=["office"])
        api.set_scope(row.instance_id, row.scope, by=by.pk, at=at)
        milestones.close(row, "claim.transferred", by=by, at=at, office=office.code)


def _officers_claim(claim: Claim, by: User, *, at: datetime) -> Claim:
    row = milestones.lock(claim.pk)
    working = [Role.ATTACHMENT_CHECKER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR]
    if not roles.holds_for(by, working, row, at=at):
        raise NotAllowed("not_here")
    if row.person.user_id == by.pk:
        raise NotAllowed(conflicts.OWN_CLAIM)
    return row


# --------------------------------------------------------------------------- work in hand


def take(task_id: int, *, by: User, at: datetime) -> TaskView:
    """Put a user task on one's desk; errors are those of `engine.api.assign_task`."""
    return api.assign_task(task_id, by=by.pk, at=at)


def release(task_id: int, *, by: User, at: datetime) -> TaskView:
    """Give a user task back to its queue; the draft stays with it."""
    return api.unassign_task(task_id, by=by.pk, at=at)


def take_next(
    *, by: User, at: datetime, groups: Sequence[str] | None = None, skip: Sequence[int] = ()
) -> TaskView | None:
    """Put the best free user task of one's queues on the desk; None when there is none."""
    return api.next_task(by=by.pk, at=at, groups=groups, skip=skip)


def save_draft(
    task_id: int,
    *,
    outcome: str = "",
    reasons: Sequence[str] = (),
    items: Sequence[Flag] = (),
    by: User,
    at: datetime,
) -> TaskView:
    """Keep a conclusion that is not given yet; free text stays out of the engine's tables."""
    draft: dict[str, Json] = {
        "outcome": outcome,
        "reasons": list(reasons),
        "items": [[item.target, item.reason] for item in items],
    }
    return api.save_draft(task_id, draft, by=by.pk, at=at)


def undo_approval(claim: Claim, *, note: str, by: User, at: datetime) -> Claim:
    """Take an approval back before any of its money is in a batch; by another person.

    A claim that waits for another account is being paid in name only: nothing was sent for it.

    Raises:
        ClaimChanged: money moves or moved already, or the claim is not approved.
        NotAllowed: no supervisor there, or the one who approved.
        InvalidInput: no reason given.
    """
    if not note.strip():
        raise InvalidInput({"note": "required"})
    with acting():
        row = milestones.lock(claim.pk)
        if row.status not in {Status.APPROVED, Status.PAYING}:
            raise ClaimChanged(status=row.status)
        if not roles.holds_for(by, [Role.SUPERVISOR], row, at=at):
            raise NotAllowed("not_supervisor")
        standing = row.reviews.filter(undone_at=None, outcome__in=["approve", "confirm"])
        if standing.filter(by=by).exists():
            raise NotAllowed(conflicts.FOUR_EYES)
        if any(entitlements.money_moves(one) for one in row.entitlements.order_by("pk")):
            raise ClaimChanged(status=row.status)
        standing.update(undone_at=at, undone_by=by)
        try:
            api.correlate_message("approval_undone", key=row.number or "", by=by.pk, at=at)
        except NotWaiting:
            # A batch took the money up and was dissolved: the review is over.
            raise ClaimChanged(status=row.status) from None
        remark = Note(claim=row, text=note.strip()[:NOTE_LIMIT], by=by, at=at)
        remark.save(force_insert=True)
        milestones.close(row, "approval.undone", by=by, at=at)
    return row


def appeal_claim(claim: Claim, *, text: str, by: User, at: datetime, key: str = "") -> Claim:
    """申请复核: ask for another person's look at a denial, within its period.

    Raises:
        ClaimChanged: the claim is not denied.
        InvalidInput: no words of why.
    """

    def act() -> Claim:
        if not text.strip():
            raise InvalidInput({"text": "required"})
        row = milestones.lock(claim.pk)
        if row.person.user_id != by.pk:
            raise NotAllowed("not_own")
        if row.status != Status.DENIED:
            raise ClaimChanged(status=row.status)
        remark = Note(claim=row, text=text.strip()[:NOTE_LIMIT], by=by, at=at)
        remark.save(force_insert=True)
        api.correlate_message("appeal_lodged", key=row.number or "", by=by.pk, at=at)
        milestones.close(row, "claim.appealed", by=by, at=at)
        return row

    return once(
        act,
        again=lambda pk: Claim.objects.get(pk=uuid.UUID(pk)),
        by=by,
        route="claim.appeal",
        key=key,
        body={"claim": claim.pk, "text": text},
        at=at,
    )
