"""Before a person looks: freeze, scan, ask the registers, look for duplicates, draw samples."""

import hashlib
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from engine import api
from engine.errors import HandlerError
from engine.types import HandlerCall, Text, Variable
from workflows.actions import outside
from workflows.actions.corrections import rounds
from workflows.actions.entitlements import taken_periods
from workflows.models import (
    FINAL,
    Attachment,
    Claim,
    Duplicate,
    RegisterMatch,
    Review,
    Status,
    Submission,
)
from workflows.models.files import storage
from workflows.ports.registers import FACTS, PERSONAL, RegisterAnswer, Verdict
from workflows.ports.scanner import ScanOutcome
from workflows.queries import rulebook
from workflows.values import name

ACCOUNT_FAILED = frozenset({"closed", "name_mismatch", "frozen", "no_such_account", "class_limit"})
Variables = dict[str, Variable]


def claim_of(call: HandlerCall) -> Claim:
    """The claim that a review instance is about."""
    related = ("programme", "version", "office", "person", "account")
    claim = Claim.objects.select_related(*related).filter(number=call.business_key).first()
    if claim is None:
        raise HandlerError("claim_missing", call.business_key)
    return claim


def submission_of(claim: Claim) -> Submission:
    return claim.submissions.get(number=claim.submission_no)


@api.handler(
    "claims.normalise",
    transactional=True,
    description=Text("取出申报中可用于规则的内容", "Take from the submission what rules may use"),
)
def normalise(call: HandlerCall) -> Variables:
    claim = claim_of(call)
    version = claim.version
    answers = submission_of(claim).document["answers"]
    verification = claim.account.verification if claim.account else ""
    submitted = claim.original_submitted_at or call.at
    found: Variables = {
        "channel": claim.channel,
        "account_kind": claim.account.kind if claim.account else None,
        "account_check": _account_check(verification),
        "phone_ok": bool(claim.person.phone),
        "submission_no": rounds(claim),
        "resubmissions": claim.submission_no - 1,
        "submitted_on": rulebook.local_day(submitted),
        "window_from": version.effective_from,
        "window_to": version.effective_to,
        "in_window": version.effective_from
        <= rulebook.local_day(submitted)
        <= version.effective_to,
        "counter_entry": claim.entered_by_id is not None,
        "risk": "normal",
        "tier": claim.office.code if claim.office else "",
    }
    for question in version.rules.questions:
        if question.name in version.rules.facts:
            found[question.name] = question.fact(answers.get(question.name))
    return found | policy_figures(claim)


def _account_check(verification: str) -> str:
    if verification in ACCOUNT_FAILED:
        return "failed"
    return "ok" if verification == "ok" else "unavailable"


def policy_figures(claim: Claim) -> Variables:
    """The figures in force for the claim's place on the day of its first submission."""
    assert claim.original_submitted_at is not None
    on = rulebook.local_day(claim.original_submitted_at)
    tier = claim.office.code if claim.office else ""
    keys = claim.version.parameters.values_list("key", flat=True).distinct()
    return {
        key: rulebook.parameter(claim.version, key, tier=tier, on=on) for key in sorted(set(keys))
    }


@api.handler(
    "attachments.scan",
    transactional=False,
    description=Text("检查附件是否齐全、安全", "Check that all files are there and clean"),
)
def scan_files(call: HandlerCall) -> Variables:
    claim = claim_of(call)
    kind = claim.account.kind if claim.account else ""
    rows = list(claim.attachments.filter(removed_at=None))
    have = {row.spec for row in rows}
    missing = [s.code for s in claim.version.rules.required_files(kind) if s.code not in have]
    for row in rows:
        if row.scan == Attachment.Scan.QUEUED:
            _scan_again(row)
    states = {row.scan for row in rows}
    scan = "clean"
    if Attachment.Scan.INFECTED in states:
        scan = "infected"
    elif missing:
        scan = "missing"
    elif Attachment.Scan.QUEUED in states:
        scan = "unavailable"
    return {"scan": scan, "files": "missing" if missing else "complete"}


def _scan_again(row: Attachment) -> None:
    """A file that no scanner has seen yet; without an answer it goes on waiting."""
    result = outside.scanner().scan(storage().open(row.stored_name, sha256=row.sha256))
    if result.outcome is ScanOutcome.UNAVAILABLE:
        return
    clean = result.outcome is ScanOutcome.CLEAN
    row.scan = Attachment.Scan.CLEAN if clean else Attachment.Scan.INFECTED
    Attachment.objects.filter(pk=row.pk).update(scan=row.scan)


@api.handler(
    "registers.match",
    transactional=False,
    description=Text("与参保等登记信息比对", "Compare with the registers"),
)
def match_registers(call: HandlerCall) -> Variables:
    """Ask for the facts that the programme declares; "unavailable" stays apart from "no"."""
    claim = claim_of(call)
    inputs = claim.version.rules.inputs
    wanted = sorted({fact for fact in inputs.values() if fact in FACTS} | {"register_name"})
    answer = outside.registers().query(
        wanted, outside.person_query(claim.person), at=call.at, key=call.key
    )
    with transaction.atomic():
        _keep_answer(claim, answer)
    found: Variables = {
        variable: answer.value(fact)
        for variable, fact in inputs.items()
        if fact in FACTS and fact not in PERSONAL
    }
    asked = {fact for fact in answer.facts if fact not in PERSONAL}
    found["register_verdict"] = "unavailable" if asked & answer.unavailable else "complete"
    found["name_match"] = _name_match(claim, answer)
    found["drawn_here"] = taken_periods(claim).exclude(entitlement__claim=claim).exists()
    return found


def _name_match(claim: Claim, answer: RegisterAnswer) -> bool | None:
    known = answer.facts["register_name"]
    if known.verdict is not Verdict.VALUE:
        return None
    return name.search_key(str(known.value)) == name.search_key(claim.person.name)


def _keep_answer(claim: Claim, answer: RegisterAnswer) -> None:
    submission = submission_of(claim)
    answers = submission.document["answers"]
    for fact, found in sorted(answer.facts.items()):
        claimed = claim.person.name if fact == "register_name" else answers.get(fact)
        register = "" if found.value is None else str(found.value)
        if RegisterMatch.objects.filter(
            submission=submission, fact=fact, fetched_at=answer.fetched_at
        ).exists():
            continue
        RegisterMatch(
            claim=claim,
            submission=submission,
            connector=answer.connector,
            fact=fact,
            claimed="" if claimed is None else str(claimed),
            register=register,
            verdict=_verdict(found.verdict, claimed, register),
            fetched_at=answer.fetched_at,
        ).save(force_insert=True)


def _verdict(verdict: Verdict, claimed: object, register: str) -> str:
    if verdict is Verdict.UNAVAILABLE:
        return RegisterMatch.Verdict.UNAVAILABLE
    if verdict is Verdict.NO_DATA:
        return RegisterMatch.Verdict.NO_DATA
    same = claimed in (None, "") or name.search_key(str(claimed)) == name.search_key(register)
    return RegisterMatch.Verdict.MATCH if same else RegisterMatch.Verdict.MISMATCH


@api.handler(
    "claims.find_duplicates",
    transactional=True,
    description=Text("查找重复申请", "Look for the same person or account in other claims"),
)
def find_duplicates(call: HandlerCall) -> Variables:
    claim = claim_of(call)
    others = Claim.objects.exclude(pk=claim.pk).exclude(status=Status.DRAFT)
    same_group = others.filter(exclusivity_group=claim.exclusivity_group)
    same_person = same_group.filter(person=claim.person)
    account = claim.account.number_index if claim.account else ""
    shared = same_group.exclude(person=claim.person).filter(
        Q(account__number_index=account, account__isnull=False)
    )
    for kind, rows in (("person", same_person), ("account", shared)):
        for other in rows.order_by("created_at")[:20]:
            Duplicate.objects.get_or_create(
                claim=claim, other=other, kind=kind, defaults={"found_at": call.at}
            )
    verdict = "none"
    if taken_periods(claim).exclude(entitlement__claim=claim).exists():
        verdict = "drawn"
    elif same_person.exclude(status__in=FINAL).exists():
        verdict = "open"
    elif shared.exclude(status__in=FINAL).exists():
        verdict = "suspect"
    return {"duplicate": verdict, "open_duplicate": verdict == "open"}


@api.handler(
    "claims.flag",
    transactional=True,
    description=Text("提示事实有变化", "Say that facts have changed"),
)
def flag_change(call: HandlerCall) -> Variables:
    claim_of(call)
    return {"facts_changed": True}


@api.handler(
    "quality.draw",
    transactional=True,
    description=Text("抽取质量检查样本", "Draw the sample for quality checks"),
)
def draw_sample(call: HandlerCall) -> Variables:
    """Seeded by programme, month and claim: reproducible, and unknown to officers before."""
    claim = claim_of(call)
    quality = claim.version.rules.quality
    rate = Decimal(str(quality.get("rate", "0")))
    seed = f"{claim.programme.code}|{call.at:%Y-%m}|{quality.get('seed', '')}|{claim.number}"
    place = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    drawn = Decimal(place) < rate * 2**64
    if quality.get("first_approval_of_officer", False):
        drawn = drawn or _first_approval(claim)
    return {"drawn": drawn, "sampled": drawn}


def _first_approval(claim: Claim) -> bool:
    """Whether the officer of this claim's eligibility review has had no claim approved before."""
    latest = (
        Review.objects.filter(claim=claim, outcome="recommend_approval", undone_at=None)
        .order_by("-at")
        .first()
    )
    if latest is None:
        return False
    return not (
        Review.objects.filter(by=latest.by_id, outcome="recommend_approval")
        .exclude(claim=claim)
        .exists()
    )
