"""What an applicant reads: the own claims, where one stands, what to correct, which money came."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from engine.types import Text
from workflows.accounts.models import User
from workflows.models import (
    FINAL,
    UNDER_REVIEW,
    Claim,
    CorrectionItem,
    Instalment,
    Message,
    PaymentInstruction,
    Status,
)
from workflows.queries import coming
from workflows.queries.offices import name_of
from workflows.queries.words import fill, words
from workflows.values import bank_card, money


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One of the own claims. `acts` are those that are open to the applicant now.

    `standing` is the status, or what an account that did not work has come to.
    """

    id: UUID
    number: str
    programme: str
    status: str
    standing: str
    status_at: datetime
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, in the citizen's words."""

    at: datetime
    milestone: str
    text: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month's money: planned, on its way, paid or failed and why."""

    period: str
    amount: str
    status: str
    status_at: datetime
    pay_on: date
    tail: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One part to correct: what is wrong in the citizen's words, and what the officer added."""

    target: str
    reason: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """Where a claim stands: answer first, then what next, by when, whom to call."""

    claim: Claim
    row: ClaimRow
    sentence: str
    next_step: str
    due_at: datetime | None
    office: str
    phone: str
    timeline: tuple[Step, ...]
    months: tuple[MonthRow, ...]
    corrections: tuple[CorrectionRow, ...]
    account: str

    @property
    def is_closed(self) -> bool:
        """Whether nothing comes any more."""
        return self.claim.status in FINAL


def own_claims(user: User) -> list[ClaimRow]:
    """The person's claims, the latest first; two reads, and two for each that needs an account."""
    rows = (
        Claim.objects.filter(person__user=user)
        .exclude(status=Status.DELETED)
        .select_related("programme")
        .order_by("-created_at", "-pk")
    )
    failed = set(
        Instalment.objects.filter(
            person__user=user, status=Instalment.Status.NEEDS_ACCOUNT
        ).values_list("entitlement__claim", flat=True)
    )
    return [_row(row, coming.account_standing(row) if row.pk in failed else "") for row in rows]


def _row(claim: Claim, account: str) -> ClaimRow:
    return ClaimRow(
        claim.pk,
        claim.number or "",
        programme_name(claim),
        claim.status,
        account or claim.status,
        claim.status_at,
        acts_open(claim, needs_account=account == coming.ASKED),
    )


def programme_name(claim: Claim) -> str:
    """The programme in the reader's language."""
    return words(Text(claim.programme.name_zh, claim.programme.name_en))


def acts_open(claim: Claim, *, needs_account: bool) -> tuple[str, ...]:
    """What the applicant may do: edit, submit, correct, withdraw, delete, appeal, account."""
    match claim.status:
        case Status.DRAFT:
            return ("edit", "submit", "delete")
        case Status.RETURNED:
            return ("correct", "withdraw", "delete")
        case Status.DENIED:
            return ("appeal",)
        case _ if claim.status in UNDER_REVIEW:
            return ("withdraw",)
        case _:
            return ("account",) if needs_account else ()


def status(claim: Claim) -> StatusView:
    """Everything of the status page; a fixed number of reads."""
    months = month_rows(claim)
    failed = any(row.status == Instalment.Status.NEEDS_ACCOUNT for row in months)
    account = coming.account_standing(claim) if failed else ""
    steps = timeline(claim)
    corrections = correction_rows(claim) if claim.status == Status.RETURNED else ()
    ahead = coming.coming(claim, months, account=account)
    return StatusView(
        claim=claim,
        row=_row(claim, account),
        sentence=_headline(steps, account),
        next_step=ahead.text,
        due_at=ahead.due_at,
        office=name_of(claim.office) if claim.office else "",
        phone=claim.office.phone if claim.office else "",
        timeline=tuple(steps),
        months=tuple(months),
        corrections=tuple(corrections),
        account=bank_card.mask(claim.account.number) if claim.account else "",
    )


def _headline(steps: list[Step], account: str) -> str:
    if account == coming.GIVEN:
        return _("We have your new account.")
    failed = [step for step in steps if step.milestone == "payment_failed"] if account else []
    last = (failed or steps)[-1:]
    return last[0].text if last else _("You have not submitted this claim yet.")


def timeline(claim: Claim) -> list[Step]:
    """Milestones as the citizen was told them, the oldest first.

    Two that the citizen reads the same are one step: a sample after the second look, say.
    """
    known = claim.version.rules.milestones
    steps: list[Step] = []
    for row in Message.objects.filter(claim=claim).order_by("at", "pk"):
        text = known.get(row.milestone)
        if text is None:
            continue
        values = {**row.words, "reason": reasons_text(claim, row.words.get("reason_codes"))}
        sentence = fill(words(text.text), values)
        last = steps[-1] if steps else None
        if last and last.text == sentence and last.milestone != row.milestone:
            continue
        steps.append(Step(row.at, row.milestone, sentence, row.read_at is None))
    return steps


def reasons_text(claim: Claim, codes: object) -> str:
    """The citizen's sentences of reason codes, one after the other."""
    known = claim.version.rules.reasons
    values = {
        "number": claim.number or "",
        "from": claim.version.effective_from.isoformat(),
        "to": claim.version.effective_to.isoformat(),
        "office": name_of(claim.office) if claim.office else "",
    }
    rows = [known[code] for code in codes if code in known] if isinstance(codes, list) else []
    return "".join(fill(words(row.citizen), values) for row in rows)


def month_rows(claim: Claim) -> list[MonthRow]:
    """The months of the entitlement in force, with the last account each was sent to."""
    rows = (
        Instalment.objects.filter(entitlement__claim=claim)
        .exclude(status=Instalment.Status.VOID)
        .order_by("period")
    )
    tails = dict(
        PaymentInstruction.objects.filter(instalment__entitlement__claim=claim)
        .order_by("issue")
        .values_list("instalment", "account__tail")
    )
    return [
        MonthRow(
            row.period,
            money.text(row.amount_fen),
            row.status,
            row.status_at,
            row.pay_on,
            tails.get(row.pk, ""),
            reasons_text(claim, [row.reason] if row.reason else []),
        )
        for row in rows
    ]


def correction_rows(claim: Claim) -> list[CorrectionRow]:
    """The parts of the latest submission that were sent back, in the order of the form."""
    items = CorrectionItem.objects.filter(
        submission__claim=claim, submission__number=claim.submission_no, resolved_in=None
    ).order_by("at", "target")
    names = {spec.code: words(spec.name) for spec in claim.version.rules.attachments}
    found = []
    for item in items:
        reason = claim.version.rules.reasons.get(item.reason)
        file = names.get(item.target.removeprefix("file:"), "")
        office = name_of(claim.office) if claim.office else ""
        text = fill(words(reason.citizen), {"file": file, "office": office}) if reason else ""
        found.append(CorrectionRow(item.target, item.reason, text, item.note))
    return found


def replaced_files(claim: Claim) -> set[str]:
    """Kinds of files whose picture is another one than the latest submission holds."""
    sent = claim.submissions.filter(number=claim.submission_no).first()
    before = sent.document["files"] if sent is not None else {}
    there = claim.attachments.filter(removed_at=None).values_list("spec", "sha256")
    return {spec for spec, digest in there if before.get(spec, {}).get("sha256") != digest}


def mark_read(claim: Claim, *, at: datetime) -> int:
    """The applicant has seen the messages; how many were new."""
    return Message.objects.filter(claim=claim, read_at=None).update(read_at=at)
