"""What follows for the claim from a conclusion: returned, denied, withdrawn, erased, expired."""

from datetime import timedelta
from typing import Final

from engine import api
from engine.types import HandlerCall, Text, Variable
from workflows.actions import letters
from workflows.actions.reviews import Flag, flag
from workflows.handlers.checks import claim_of, submission_of
from workflows.models import Attachment, Claim, CorrectionItem, Review
from workflows.queries import rulebook, words

Variables = dict[str, Variable]
APPEAL_DAYS: Final = 60
CORRECTION_DAYS: Final = 15


@api.handler(
    "claims.open_correction",
    transactional=True,
    description=Text("开启补正，确定期限", "Open a correction and set its deadline"),
)
def open_correction(call: HandlerCall) -> Variables:
    """Items come from the officer's conclusion, or from what the scan found."""
    claim = claim_of(call)
    submission = submission_of(claim)
    items = submission.corrections.filter(resolved_in=None)
    if not items.exists():
        flag(submission, _found_by_machine(claim), by=None, at=call.at)
    items.filter(opened_at=None).update(opened_at=call.at)
    days = claim.version.rules.number("correction", "deadline_wd", CORRECTION_DAYS)
    claim.correction_due_at = rulebook.due(claim, days, at=call.at)
    claim.save(update_fields=["correction_due_at"])
    values = words.milestone_words(claim, "returned")
    text = claim.version.rules.milestones.get("returned")
    if text is not None:
        key = f"returned:{claim.number}:{submission.number}"
        letters.issue(claim, "returned", text.text, values, key=key, at=call.at)
    return {"correction_due": claim.correction_due_at}


def _found_by_machine(claim: Claim) -> list[Flag]:
    """Missing files (A01), infected ones (A08), else what the conclusion's reasons point at."""
    kind = claim.account.kind if claim.account else ""
    rows = {row.spec: row for row in claim.attachments.filter(removed_at=None)}
    found = [
        Flag(f"file:{spec.code}", "A01")
        for spec in claim.version.rules.required_files(kind)
        if spec.code not in rows
    ]
    found += [
        Flag(f"file:{spec}", "A08")
        for spec, row in sorted(rows.items())
        if row.scan == Attachment.Scan.INFECTED
    ]
    if found:
        return found
    latest = Review.objects.filter(claim=claim).order_by("-at", "-pk").first()
    known = claim.version.rules.reasons
    return [
        Flag(known[code].field or code, code)
        for code in (latest.reasons if latest else [])
        if code in known
    ]


@api.handler(
    "claims.deny",
    transactional=True,
    description=Text(
        "作出不予发放决定并告知复核权利", "Deny, with reasons and the right to appeal"
    ),
)
def deny(call: HandlerCall) -> Variables:
    claim = claim_of(call)
    days = claim.version.rules.number("correction", "appeal_days", APPEAL_DAYS)
    claim.appeal_due_at = call.at + timedelta(days=days)
    claim.save(update_fields=["appeal_due_at"])
    codes = words.denial_reasons(claim)
    values = words.milestone_words(claim, "denied")
    values["from"] = claim.version.effective_from.isoformat()
    values["to"] = claim.version.effective_to.isoformat()
    sentence = letters.reasons_text(claim, codes, values)
    text = claim.version.rules.milestones.get("denied")
    if text is not None:
        filled = Text(
            words.fill(text.text.zh, values | {"reason": sentence.zh}, "zh-hans"),
            words.fill(text.text.en, values | {"reason": sentence.en}, "en"),
        )
        key = f"denied:{claim.number}:{claim.submission_no}"
        letters.issue(claim, "denied", filled, {}, key=key, at=call.at)
    return {"appeal_due": claim.appeal_due_at}


@api.handler(
    "claims.withdraw",
    transactional=True,
    description=Text("撤回申请", "Withdraw the claim"),
)
def withdraw(call: HandlerCall) -> Variables:
    return _close_corrections(claim_of(call))


@api.handler(
    "claims.erase",
    transactional=True,
    description=Text(
        "删除申请，保留依法留存的记录", "Delete the claim, but for what the law keeps"
    ),
)
def erase(call: HandlerCall) -> Variables:
    """No longer listed; number, hashes and the person's index stay for duplicates and attempts."""
    claim = claim_of(call)
    claim.draft = ""
    claim.save(update_fields=["draft"])
    return _close_corrections(claim)


@api.handler(
    "claims.expire",
    transactional=True,
    description=Text("逾期未补正，结束申请", "Close a claim that was not corrected in time"),
)
def expire(call: HandlerCall) -> Variables:
    return _close_corrections(claim_of(call))


def _close_corrections(claim: Claim) -> Variables:
    """No deadline runs on; the items stay open for the record."""
    claim.correction_due_at = None
    claim.save(update_fields=["correction_due_at"])
    waiting = CorrectionItem.objects.filter(submission__claim=claim, resolved_in=None)
    return {"left_open": waiting.count()}
