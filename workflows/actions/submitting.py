"""The applicant's submission: what it lacks, its number, and the frozen answers."""

import hashlib
import json
from datetime import datetime

from engine import api
from workflows.accounts.models import User
from workflows.actions import milestones
from workflows.actions.claims import editable, refuse_duplicate, reread
from workflows.actions.requests import once
from workflows.errors import (
    ClaimChanged,
    IncompleteClaim,
    NoticeNotAccepted,
)
from workflows.models import (
    Attachment,
    Claim,
    NoticeAcceptance,
    NumberSeries,
    Programme,
    Status,
    Submission,
)
from workflows.queries import rulebook
from workflows.values.claim_number import ClaimNumber


def submit_claim(claim: Claim, *, by: User, at: datetime, key: str = "") -> Claim:
    """上报: number the claim, freeze what was entered, start its process.

    Raises:
        NoticeNotAccepted: the notice in force was not ticked.
        IncompleteClaim: what is missing, in the order of the form.
        DuplicateClaim: another claim in the same group is open.
    """

    def act() -> Claim:
        row = editable(claim, by, at=at)
        if row.status != Status.DRAFT:
            raise ClaimChanged(status=row.status)
        row.version = rulebook.version_in_force(row.programme, on=rulebook.local_day(at))
        refuse_unread_notice(row)
        refuse_incomplete(row)
        refuse_duplicate(row.person, row.programme, by=by, apart_from=row.pk)
        row.number = str(_next_number(row.programme, at=at))
        row.received_at = row.original_submitted_at = at
        freeze(row, by=by, at=at)
        row.save(
            update_fields=[
                "version",
                "number",
                "received_at",
                "original_submitted_at",
                "submission_no",
            ]
        )
        advance = api.start_instance(
            row.version.rules.processes["review"],
            business_key=row.number,
            scope=row.scope,
            group_scopes={"applicant": row.person.scope},
            variables={"claim": row.number, "claim_number": row.number},
            by=by.pk,
            at=at,
            key=row.version.rules.bundle_key,
        )
        row.instance_id = advance.instance_id
        row.save(update_fields=["instance"])
        row.refresh_from_db(fields=["correction_due_at", "appeal_due_at"])
        milestones.close(row, "claim.submitted", by=by, at=at, submission=row.submission_no)
        return row

    return once(
        act,
        again=reread,
        by=by,
        route="claim.submit",
        key=key,
        body={"claim": claim.pk},
        at=at,
    )


def freeze(claim: Claim, *, by: User, at: datetime) -> Submission:
    """The next submission of a claim from its draft; immutable from here on."""
    assert claim.account is not None
    claim.submission_no += 1
    files = claim.attachments.filter(removed_at=None).order_by("spec")
    document = {
        "answers": claim.answers,
        "account": {
            "id": str(claim.account.pk),
            "kind": claim.account.kind,
            "index": claim.account.number_index,
        },
        "phone": claim.person.phone,
        "name": claim.person.name,
        "office": claim.office.code if claim.office else "",
        "files": {row.spec: {"id": str(row.pk), "sha256": row.sha256} for row in files},
        "channel": claim.channel,
    }
    data = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    submission = Submission(
        claim=claim,
        number=claim.submission_no,
        data=data,
        sha256=hashlib.sha256(data.encode()).hexdigest(),
        account=claim.account,
        by=by,
        at=at,
    )
    submission.save(force_insert=True)
    return submission


def refuse_unread_notice(claim: Claim) -> None:
    """Raise NoticeNotAccepted unless one language of each notice in force was ticked."""
    wanted = set(claim.version.notices.values_list("code", flat=True))
    read = set(
        NoticeAcceptance.objects.filter(claim=claim, notice__version=claim.version).values_list(
            "notice__code", flat=True
        )
    )
    if missing := sorted(wanted - read):
        raise NoticeNotAccepted(missing[0])


def missing_parts(claim: Claim) -> list[str]:
    """What a claim still lacks: fields, then files as `file:<code>`."""
    rules = claim.version.rules
    missing = [] if claim.person.phone else ["phone"]
    missing += [] if claim.account_id else ["account"]
    missing += [] if claim.office_id else ["office"]
    answers = claim.answers
    missing += [
        question.name
        for question in rules.questions
        if question.required and answers.get(question.name) in (None, "")
    ]
    kind = claim.account.kind if claim.account else ""
    have = set(
        Attachment.objects.filter(claim=claim, removed_at=None).values_list("spec", flat=True)
    )
    return missing + [
        f"file:{spec.code}" for spec in rules.required_files(kind) if spec.code not in have
    ]


def refuse_incomplete(claim: Claim) -> None:
    """Raise IncompleteClaim while anything is missing."""
    if missing := missing_parts(claim):
        raise IncompleteClaim(missing)


def _next_number(programme: Programme, *, at: datetime) -> ClaimNumber:
    return ClaimNumber(
        programme.code,
        rulebook.local_day(at).year,
        next_serial(programme, "claim", at=at),
    )


def next_serial(programme: Programme, kind: str, *, at: datetime) -> int:
    """The next serial of a year; a rolled back act leaves no hole and gives none out twice."""
    year = rulebook.local_day(at).year
    NumberSeries.objects.get_or_create(programme=programme, kind=kind, year=year)
    row = NumberSeries.objects.select_for_update().get(programme=programme, kind=kind, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
