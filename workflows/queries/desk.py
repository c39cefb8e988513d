"""The officer's desk: one claim beside the registers, and all that speaks for or against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.types import Text
from workflows.models import (
    Answer,
    Attachment,
    Claim,
    CorrectionItem,
    Duplicate,
    Note,
    RegisterMatch,
    Review,
    Submission,
)
from workflows.models.rules import Rules
from workflows.queries.blocking import Standing, blocking_reasons, latest_checks
from workflows.queries.words import words
from workflows.values import bank_card, id_number, name, phone

ORDER = ("mismatch", "unavailable", "no_data", "match")


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact: claimed, register, verdict. Differences come first."""

    fact: str
    claimed: str
    register: str
    verdict: str
    connector: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """One picture; `changed` since the submission before."""

    id: UUID
    spec: str
    name: str
    scan: str
    flags: tuple[str, ...]
    width: int
    height: int
    changed: bool
    flagged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """One evaluated decision and the reasons that it gave."""

    element_id: str
    decision_id: str
    reasons: tuple[str, ...]
    fired: tuple[str, ...]
    inputs: Mapping[str, Any] = field(hash=False)
    value: Any = field(hash=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Concluded:
    """An earlier conclusion; one that is undone, or about an earlier submission, says so."""

    element_id: str
    stage: str
    outcome: str
    tone: str
    reasons: tuple[str, ...]
    note: str
    by: str
    at: datetime
    submission: int
    is_current: bool
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, or an answer to a reason."""

    kind: str
    text: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A reason an officer may give, with the exact text the applicant will read."""

    code: str
    severity: str
    officer: str
    citizen: str
    field: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything beside the outcome bar."""

    claim: Claim
    submission: Submission
    person: Mapping[str, str] = field(hash=False)
    answers: Mapping[str, Any] = field(hash=False)
    compared: tuple[Compared, ...]
    evidence: tuple[Evidence, ...]
    rules: tuple[Fired, ...]
    blocking: tuple[Standing, ...]
    history: tuple[Concluded, ...]
    remarks: tuple[Remark, ...]
    duplicates: tuple[str, ...]
    chips: tuple[Chip, ...]
    changed: tuple[str, ...]


def desk(claim: Claim) -> DeskView:
    """The claim as its officer sees it, masked; a fixed number of reads."""
    submissions = list(
        Submission.objects.filter(
            claim=claim, number__in=[claim.submission_no, claim.submission_no - 1]
        ).order_by("-number")
    )
    latest = submissions[0]
    before = submissions[1].document if len(submissions) > 1 else {}
    document = latest.document
    items = list(CorrectionItem.objects.filter(submission__claim=claim).order_by("at"))
    return DeskView(
        claim=claim,
        submission=latest,
        person=masked_person(claim),
        answers=document["answers"],
        compared=tuple(compared(latest)),
        evidence=tuple(_evidence(claim, document, before, items)),
        rules=tuple(_fired(latest, claim.version.rules)),
        blocking=tuple(blocking_reasons(claim)),
        history=tuple(history(claim)),
        remarks=tuple(remarks(claim, latest)),
        duplicates=tuple(_duplicates(claim)),
        chips=tuple(chips(claim)),
        changed=tuple(_changed(document, before)),
    )


def masked_person(claim: Claim) -> dict[str, str]:
    """Name, ID number, phone and account, masked; `access.reveal` gives one in full."""
    account = claim.account
    return {
        "name": name.mask(claim.person.name),
        "id_number": id_number.mask(claim.person.id_number),
        "phone": phone.mask_mobile(claim.person.phone),
        "account": bank_card.mask(account.number) if account else "",
        "account_kind": account.kind if account else "",
        "bank": account.bank if account else "",
        "verification": account.verification if account else "",
    }


def compared(submission: Submission) -> list[Compared]:
    """The latest answer per fact, differences first; the person's name stays masked."""
    latest: dict[str, RegisterMatch] = {}
    for row in RegisterMatch.objects.filter(submission=submission).order_by("fetched_at"):
        latest[row.fact] = row
    rows = [
        Compared(
            row.fact,
            name.mask(row.claimed) if row.fact == "register_name" else row.claimed,
            name.mask(row.register)
            if row.fact == "register_name" and row.register
            else row.register,
            row.verdict,
            row.connector,
            row.fetched_at,
        )
        for row in latest.values()
    ]
    return sorted(rows, key=lambda row: (ORDER.index(row.verdict), row.fact))


def _evidence(
    claim: Claim,
    document: Mapping[str, Any],
    before: Mapping[str, Any],
    items: list[CorrectionItem],
) -> list[Evidence]:
    """The submitted pictures in the order of the programme."""
    ids = {value["id"]: spec for spec, value in document["files"].items()}
    rows = {str(row.pk): row for row in Attachment.objects.filter(pk__in=ids, erased_at=None)}
    old = before.get("files", {})
    found = []
    for spec in claim.version.rules.attachments:
        value = document["files"].get(spec.code)
        row = rows.get(value["id"]) if value else None
        if row is None:
            continue
        changed = bool(old) and old.get(spec.code, {}).get("sha256") != row.sha256
        flagged = tuple(item.reason for item in items if item.target == f"file:{spec.code}")
        found.append(
            Evidence(
                row.pk,
                spec.code,
                words(spec.name),
                row.scan,
                tuple(row.flags),
                row.width,
                row.height,
                changed,
                flagged,
            )
        )
    return found


def _fired(submission: Submission, rules: Rules) -> list[Fired]:
    return [
        Fired(
            row.element_id,
            row.decision_id,
            tuple(row.reasons),
            tuple(row.fired),
            {_column(rules, label): value for label, value in row.inputs.items()},
            row.value,
            row.at,
        )
        for row in sorted(latest_checks(submission), key=lambda row: (row.revision, row.seq))
    ]


def _column(rules: Rules, label: str) -> str:
    """What a column of a table is called in the reader's language."""
    return words(Text(label, rules.labels.get(label, label)))


def history(claim: Claim) -> list[Concluded]:
    """All conclusions on a claim, the latest first."""
    rows = Review.objects.filter(claim=claim).select_related("by", "submission")
    return [
        Concluded(
            row.element_id,
            row.stage,
            row.outcome,
            row.tone,
            tuple(row.reasons),
            row.note,
            row.by.get_full_name(),
            row.at,
            row.submission.number,
            row.submission.number == claim.submission_no and row.undone_at is None,
            row.undone_at is not None,
        )
        for row in rows.order_by("-at", "-pk")
    ]


def remarks(claim: Claim, submission: Submission) -> list[Remark]:
    """Notes of colleagues and answers to reasons, the latest first."""
    found = [
        Remark("note", row.text, row.by.get_full_name(), row.at)
        for row in Note.objects.filter(claim=claim).select_related("by")
    ] + [
        Remark(row.kind, row.note, row.by.get_full_name(), row.at, row.reason)
        for row in Answer.objects.filter(submission=submission).select_related("by")
    ]
    return sorted(found, key=lambda remark: remark.at, reverse=True)


def _duplicates(claim: Claim) -> list[str]:
    rows = Duplicate.objects.filter(claim=claim).select_related("other").order_by("pk")
    return [f"{row.kind}:{row.other.number}" for row in rows]


def chips(claim: Claim) -> list[Chip]:
    """The programme's reasons in the order of their codes."""
    known = claim.version.rules.reasons
    return [
        Chip(code, row.severity, words(row.officer), words(row.citizen), row.field)
        for code, row in sorted(known.items())
    ]


def _changed(document: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Parts that differ from the submission before."""
    if not before:
        return []
    parts = [part for part in ("account", "phone", "name") if document[part] != before[part]]
    answers = document["answers"]
    parts += [key for key in sorted(answers) if answers[key] != before["answers"].get(key)]
    files = document["files"]
    return parts + [
        f"file:{spec}"
        for spec in sorted(files)
        if files[spec]["sha256"] != before["files"].get(spec, {}).get("sha256")
    ]
