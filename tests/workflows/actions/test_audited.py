"""Every act leaves one audit row that says who, on the chain of what it changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from engine import api
from tests import make
from workflows.accounts.models import User
from workflows.actions import (
    accounts,
    attachments,
    audit,
    bank,
    batches,
    changes,
    claims,
    corrections,
    entitlements,
    incidents,
    reviews,
    submitting,
)
from workflows.errors import InvalidInput, NotAllowed, Refused
from workflows.models import AuditEntry, Claim, Notice, PaymentBatch
from workflows.ports.bank import BankOutcome
from workflows.values import bank_card

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(days=15)
OTHER_CARD = bank_card.complete("990000000000777")
ANSWERED = "打过电话核实"


@dataclass(frozen=True, slots=True)
class Stage:
    """People, and the tables of a test that the registers read."""

    cast: make.Cast
    scenario: Path


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(make.cast(), tmp_path / "scenario.toml")


def last(chain: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(chain=chain).order_by("seq"))


# --------------------------------------------------------------------------- claims

Prepared = Callable[[Stage], Claim]
Act = Callable[[Stage, Claim, datetime], object]


def with_reason(stage: Stage) -> Claim:
    """On the reviewer's desk, with a reason that somebody must look at."""
    stage.scenario.write_text("down = true\n", encoding="utf-8")
    ports = {"register": ("simulator", {"scenario": str(stage.scenario)})}
    with override_settings(PORTS=ports):
        claim = make.conclude(make.checked(stage.cast.wang), "pass", stage.cast.qian)
    reviews.take(make.task(claim).id, by=stage.cast.lin, at=make.AT)
    return claim


def unpaid(stage: Stage) -> Claim:
    """The bank knew no such account."""
    claim = make.approved(stage.cast)
    make.paid(stage.cast, at=LATER, outcome=BankOutcome.ACCOUNT_CLOSED)
    return make.fresh(claim)


def paid(stage: Stage) -> Claim:
    claim = make.approved(stage.cast)
    make.paid(stage.cast, at=LATER)
    return make.fresh(claim)


def denied(stage: Stage) -> Claim:
    claim = make.conclude(make.checked(stage.cast.wang), "pass", stage.cast.qian)
    claim = make.conclude(claim, "recommend_denial", stage.cast.lin, reasons=["E04"])
    return make.conclude(claim, "deny", stage.cast.zhou, reasons=["E04"])


def mended(stage: Stage) -> Claim:
    claim = make.returned(stage.cast)
    attachments.add_attachment(
        claim,
        "id_front",
        make.picture(210),
        declared_name="x.jpg",
        by=stage.cast.wang,
        at=make.AT,
    )
    return claim


def held(stage: Stage) -> Claim:
    claim = checked(stage)
    reviews.hold(claim, reason="核实", until=None, by=stage.cast.qian, at=make.AT)
    return claim


def draft(stage: Stage) -> Claim:
    return make.draft(stage.cast.wang)


def checked(stage: Stage) -> Claim:
    return make.checked(stage.cast.wang)


def approved(stage: Stage) -> Claim:
    return make.approved(stage.cast)


def returned(stage: Stage) -> Claim:
    return make.returned(stage.cast)


ON_CLAIMS: dict[str, tuple[Prepared, str, Act]] = {
    "notice.accepted": (
        draft,
        "wang",
        lambda s, c, at: claims.accept_notice(
            c, list(Notice.objects.filter(version=c.version)), by=s.cast.wang, at=at
        ),
    ),
    "claim.details_saved": (
        draft,
        "wang",
        lambda s, c, at: claims.save_details(
            c,
            phone_text="13800005678",
            account_kind="debit_card",
            account_text=OTHER_CARD,
            by=s.cast.wang,
            at=at,
        ),
    ),
    "office.chosen": (
        draft,
        "wang",
        lambda s, c, at: claims.choose_office(c, "JL-JL-01", by=s.cast.wang, at=at),
    ),
    "attachment.added": (
        draft,
        "wang",
        lambda s, c, at: attachments.add_attachment(
            c, "id_front", make.picture(77), declared_name="x.jpg", by=s.cast.wang, at=at
        ),
    ),
    "attachment.removed": (
        draft,
        "wang",
        lambda s, c, at: attachments.remove_attachment(
            c.attachments.get(spec="id_front"), by=s.cast.wang, at=at
        ),
    ),
    "attachment.swapped": (
        checked,
        "qian",
        lambda s, c, at: attachments.swap_sides(c, "id_front", "id_back", by=s.cast.qian, at=at),
    ),
    "claim.submitted": (
        draft,
        "wang",
        lambda s, c, at: submitting.submit_claim(c, by=s.cast.wang, at=at),
    ),
    "claim.resubmitted": (
        mended,
        "wang",
        lambda s, c, at: corrections.resubmit_claim(c, by=s.cast.wang, at=at),
    ),
    "claim.withdrawn": (
        checked,
        "wang",
        lambda s, c, at: corrections.withdraw_claim(c, by=s.cast.wang, at=at),
    ),
    "claim.deleted": (
        returned,
        "wang",
        lambda s, c, at: corrections.delete_claim(c, by=s.cast.wang, at=at),
    ),
    "review.completed": (
        checked,
        "qian",
        lambda s, c, at: reviews.complete_review(
            make.task(c).id, outcome="pass", by=s.cast.qian, at=at
        ),
    ),
    "reason.evidence": (
        with_reason,
        "lin",
        lambda s, c, at: reviews.answer_look(
            make.task(c).id, "E09", evidence=ANSWERED, by=s.cast.lin, at=at
        ),
    ),
    "reason.override": (
        with_reason,
        "wu",
        lambda s, c, at: reviews.override_reason(c, "E09", note=ANSWERED, by=s.cast.wu, at=at),
    ),
    "note.added": (
        checked,
        "qian",
        lambda s, c, at: reviews.add_note(c, ANSWERED, by=s.cast.qian, at=at),
    ),
    "conflict.declared": (
        checked,
        "qian",
        lambda s, c, at: reviews.declare_conflict(c, kind="relative", by=s.cast.qian, at=at),
    ),
    "claim.held": (
        checked,
        "qian",
        lambda s, c, at: reviews.hold(c, reason="核实", until=None, by=s.cast.qian, at=at),
    ),
    "claim.hold_released": (
        held,
        "qian",
        lambda s, c, at: reviews.release_hold(c, by=s.cast.qian, at=at),
    ),
    "claim.transferred": (
        checked,
        "qian",
        lambda s, c, at: reviews.transfer(c, "JL-JL-01", by=s.cast.qian, at=at),
    ),
    "approval.undone": (
        approved,
        "wu",
        lambda s, c, at: reviews.undo_approval(c, note=ANSWERED, by=s.cast.wu, at=at),
    ),
    "claim.appealed": (
        denied,
        "wang",
        lambda s, c, at: reviews.appeal_claim(c, text=ANSWERED, by=s.cast.wang, at=at),
    ),
    "stop.requested": (
        paid,
        "wang",
        lambda s, c, at: changes.request_stop(
            c, reason="T01", month="2026-12", by=s.cast.wang, at=at
        ),
    ),
    "account.changed": (
        unpaid,
        "wang",
        lambda s, c, at: accounts.change_account(
            c, account_kind="debit_card", account_text=OTHER_CARD, by=s.cast.wang, at=at
        ),
    ),
}


@pytest.mark.parametrize("act", ON_CLAIMS)
def test_act_on_a_claim(stage: Stage, at: datetime, act: str) -> None:
    prepare, who, do = ON_CLAIMS[act]
    claim = make.fresh(prepare(stage))
    before = last(audit.chain_of(claim.pk))

    do(stage, claim, max(at, claim.status_at))

    added = last(audit.chain_of(claim.pk))[len(before) :]
    user: User = getattr(stage.cast, who)
    assert [(row.act, row.by) for row in added] == [(act, user)]
    assert added[0].claim_revision == make.fresh(claim).revision
    assert not any(secret in added[0].body for secret in secrets(claim)), added[0].body
    assert audit.verify() is None


def secrets(claim: Claim) -> list[str]:
    """What no audit row may hold."""
    person = claim.person
    return [person.name, person.id_number, person.phone, make.GOOD_CARD, OTHER_CARD, ANSWERED]


# --------------------------------------------------------------------------- batches


def test_every_step_of_a_batch(stage: Stage) -> None:
    cast = stage.cast
    make.approved(cast)
    row = make.paid(cast, at=LATER)
    bank.download_file(row.files.get(direction="out"), by=cast.feng, at=LATER)
    bank.reconcile(row, by=cast.feng, at=LATER)

    made = [(entry.act, entry.by) for entry in last(f"batch:{row.number}")]

    assert made == [
        ("batch.created", cast.feng),
        ("batch.checked", cast.chen),
        ("batch.file_written", None),
        ("batch.released", cast.chu),
        ("batch.sent", cast.feng),
        ("batch.results_loaded", cast.feng),
        ("batch.file_downloaded", cast.feng),
        ("batch.reconciled", cast.feng),
    ]
    assert audit.verify() is None


def test_refused_batch(stage: Stage) -> None:
    make.approved(stage.cast)
    row: PaymentBatch = make.batch(stage.cast, at=LATER)

    batches.check_batch(row, right=False, note="有误", by=stage.cast.chen, at=LATER)

    acts = [entry.act for entry in last(f"batch:{row.number}")]
    assert sorted(acts) == ["batch.created", "batch.refused", "batch.voided"]


# --------------------------------------------------------------------------- incidents


@pytest.fixture
def incident(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> int:
    """A claim that stands at its entitlement; the cause is gone."""

    def refuse(*_claim: object, **_amount: object) -> None:
        raise Refused(["E06"])

    with monkeypatch.context() as patch:
        patch.setattr(entitlements, "create", refuse)
        claim = make.approved(stage.cast)
    (found,) = api.incidents(claim.instance_id)
    return found.id


def test_repaired_incident(incident: int, at: datetime) -> None:
    operator = make.officer("ops", "operator", place=None)
    claim = Claim.objects.get()

    incidents.retry_incident(incident, note=ANSWERED, by=operator, at=at)

    entry = last(audit.chain_of(claim.pk))[-1]
    assert (entry.act, entry.by) == ("incident.resolved", operator)


def test_only_operators_repair_and_they_say_why(stage: Stage, incident: int, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        incidents.retry_incident(incident, note=ANSWERED, by=stage.cast.wu, at=at)
    with pytest.raises(InvalidInput):
        incidents.retry_incident(
            incident, note=" ", by=make.officer("ops", "operator", place=None), at=at
        )

    assert len(api.incidents()) == 1
