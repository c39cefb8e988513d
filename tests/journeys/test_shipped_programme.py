"""The unemployment subsidy as it is shipped: paid, returned, denied, sampled."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from engine import api
from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import (
    accounts,
    attachments,
    bank,
    changes,
    corrections,
    entitlements,
    reviews,
)
from workflows.actions.reviews import Flag
from workflows.errors import Refused
from workflows.models import Claim, Entitlement, Instalment, Status
from workflows.ports.bank import BankOutcome
from workflows.queries import applicant, desk
from workflows.values import bank_card

pytestmark = pytest.mark.django_db
OTHER_CARD = bank_card.complete("990000000000777")


@pytest.fixture
def cast() -> make.Cast:
    make.shipped()
    return make.cast()


def approved(cast: make.Cast, at: datetime) -> Claim:
    """The reviewer's first approval is always drawn for a quality check."""
    claim = make.approved(cast, at=at)
    assert claim.status == Status.QUALITY_CHECK
    return make.conclude(claim, "confirm", cast.zheng, at=at)


def test_drawn_claim_is_told_of_the_second_look_once(cast: make.Cast, at: datetime) -> None:
    claim = make.approved(cast, at=at)
    assert claim.status == Status.QUALITY_CHECK

    told = [step.text for step in applicant.timeline(claim)]

    assert told.count("审核已完成，正在复核。") == 1
    assert told[-1] == "审核已完成，正在复核。"


def test_nobody_reads_approved_before_the_entitlement_exists(
    cast: make.Cast, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = make.approved(cast, at=at)

    def fails(*_given: object, **_named: object) -> Entitlement:
        raise Refused(["E06"])

    with monkeypatch.context() as step:
        step.setattr(entitlements, "create", fails)
        claim = make.conclude(claim, "confirm", cast.zheng, at=at)
        make.settle(at + timedelta(days=1))

    claim = make.fresh(claim)
    assert claim.status == Status.QUALITY_CHECK
    assert not claim.messages.filter(milestone="approved").exists()
    (incident,) = api.incidents(claim.instance_id)

    api.resolve_incident(incident.id, by=None, at=at)
    make.settle(at + timedelta(days=1))

    assert make.fresh(claim).status == Status.APPROVED
    assert claim.messages.filter(milestone="approved").count() == 1


def test_claim_is_sampled_approved_and_paid_for_six_months(cast: make.Cast, at: datetime) -> None:
    claim = approved(cast, at)
    assert claim.status == Status.APPROVED
    months = list(Instalment.objects.order_by("period").values_list("period", "amount_fen"))
    assert months == [
        (period, 80_000)
        for period in ("2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04")
    ]

    moment = at
    for days in (15, 45, 75, 106, 134, 165):
        moment = at + timedelta(days=days)
        row = make.paid(cast, at=moment)
        bank.reconcile(row, by=cast.feng, at=moment)
        assert make.fresh(claim).status in {Status.PAYING, Status.COMPLETED}
    make.settle(moment + timedelta(days=60))

    assert make.fresh(claim).status == Status.COMPLETED
    assert_healthy(moment + timedelta(days=60))


def test_returned_claim_is_corrected(cast: make.Cast, at: datetime) -> None:
    claim = make.conclude(
        make.checked(cast.wang, at=at),
        "return",
        cast.qian,
        items=[Flag("file:id_front", "A02")],
        at=at,
    )
    [row] = applicant.correction_rows(claim)
    assert row.text == "身份证人像面看不清，请在光线充足处平放重拍。"

    attachments.add_attachment(
        claim, "id_front", make.picture(222), declared_name="a.jpg", by=cast.wang, at=at
    )
    corrections.resubmit_claim(claim, by=cast.wang, at=at, key="k")
    make.settle(at)

    claim = make.fresh(claim)
    assert claim.status == Status.ATTACHMENT_CHECK
    assert desk.desk(claim).changed == ("file:id_front",)
    assert_healthy(at)


def test_person_with_a_new_job_is_denied_by_two(
    cast: make.Cast, at: datetime, tmp_path: Path
) -> None:
    scenario = tmp_path / "s.toml"
    scenario.write_text("[otherwise]\nemployed = true\n")
    with override_settings(PORTS={"register": ("simulator", {"scenario": str(scenario)})}):
        claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)
        assert [item.reason.code for item in desk.desk(claim).blocking] == ["E04"]
        claim = make.conclude(claim, "recommend_denial", cast.lin, reasons=["E04"], at=at)
        claim = make.conclude(claim, "deny", cast.zhou, reasons=["E04"], at=at)

    assert claim.status == Status.DENIED
    assert "查到您已有新的参保记录" in applicant.status(claim).sentence
    reviews.appeal_claim(claim, text="已离职", by=cast.wang, at=at)
    assert make.fresh(claim).status == Status.APPEALED
    assert_healthy(at)


def test_silence_of_the_applicant_ends_the_claim(cast: make.Cast, at: datetime) -> None:
    claim = make.conclude(
        make.checked(cast.wang, at=at), "return", cast.qian, items=[Flag("phone", "F06")], at=at
    )
    assert claim.correction_due_at is not None
    over = claim.correction_due_at + timedelta(minutes=1)

    make.settle(over)

    assert make.fresh(claim).status == Status.EXPIRED
    assert_healthy(over)

    changes.reopen_claim(make.fresh(claim), note="因住院错过期限", by=cast.wu, at=over)
    make.settle(over)
    claim = make.fresh(claim)
    assert claim.status == Status.RETURNED
    assert claim.correction_due_at is not None
    assert claim.correction_due_at > over
    assert_healthy(over)


def test_withdrawn_while_it_is_checked(cast: make.Cast, at: datetime) -> None:
    claim = make.checked(cast.wang, at=at)

    corrections.withdraw_claim(claim, by=cast.wang, at=at)

    assert make.fresh(claim).status == Status.WITHDRAWN
    assert_healthy(at)


def test_failed_payment_goes_to_another_account(cast: make.Cast, at: datetime) -> None:
    claim = approved(cast, at)
    later = at + timedelta(days=15)
    make.paid(cast, at=later, outcome=BankOutcome.ACCOUNT_CLOSED)
    assert applicant.own_claims(cast.wang)[0].acts == ("account",)

    accounts.change_account(
        make.fresh(claim),
        account_kind="debit_card",
        account_text=OTHER_CARD,
        by=cast.wang,
        at=later,
    )
    make.settle(later)
    accounts.confirm_account(make.fresh(claim), right=True, by=cast.feng, at=later)
    make.paid(cast, at=later)

    assert Instalment.objects.get(period="2026-11").status == "paid"
    assert_healthy(later)


def test_undone_approval_is_reviewed_again(cast: make.Cast, at: datetime) -> None:
    claim = approved(cast, at)

    reviews.undo_approval(claim, note="核定有误", by=cast.wu, at=at)
    make.settle(at)

    assert make.fresh(claim).status == Status.ELIGIBILITY_REVIEW
    assert set(Instalment.objects.values_list("status", flat=True)) == {"void"}
    assert_healthy(at)


def test_denial_is_undone_by_somebody_else(cast: make.Cast, at: datetime) -> None:
    claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)
    claim = make.conclude(claim, "recommend_denial", cast.lin, reasons=["E11"], at=at)
    claim = make.conclude(claim, "deny", cast.zhou, reasons=["E11"], at=at)
    assert claim.status == Status.DENIED

    changes.undo_denial(claim, note="材料属实", by=cast.wu, at=at)
    make.settle(at)

    assert make.fresh(claim).status == Status.ELIGIBILITY_REVIEW
    assert_healthy(at)


def test_payments_stop_after_two_officers_agree(cast: make.Cast, at: datetime) -> None:
    claim = approved(cast, at)
    later = at + timedelta(days=15)
    make.paid(cast, at=later)
    changes.request_stop(make.fresh(claim), reason="T01", month="2026-12", by=cast.wang, at=later)
    make.settle(later)
    instance = claim.entitlements.get().instance_id
    for officer in (cast.lin, cast.zhou):
        [view] = [row for row in api.open_tasks(instance) if "applicant" not in row.groups]
        reviews.complete_review(
            view.id, outcome="stop", reasons=["T01"], note="已核实", by=officer, at=later
        )
        make.settle(later)

    assert make.fresh(claim).status == Status.STOPPED
    statuses = list(Instalment.objects.order_by("period").values_list("status", flat=True))
    assert statuses == ["paid", *["cancelled"] * 5]
    assert_healthy(later)
