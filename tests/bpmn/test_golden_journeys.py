"""Golden cases that take the diagrams: the shipped package, loaded, with real acts on it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from engine import api
from tests import make
from workflows.accounts.models import User
from workflows.actions import attachments, claims, corrections, submitting
from workflows.actions.reviews import Flag
from workflows.errors import Refused
from workflows.models import Claim, Notice, Person, PolicyParameter, Programme, Status
from workflows.queries.blocking import blocking_reasons

pytestmark = pytest.mark.django_db
LAST_SECOND = datetime(2020, 12, 31, 15, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """The loaded programme and who acts on it."""

    wang: User
    qian: User
    lin: User
    zhou: User
    zheng: User


@pytest.fixture
def stage() -> Stage:
    call_command("load_programmes", verbosity=0)
    return Stage(
        wang=make.applicant("wang"),
        qian=make.officer("qian", "attachment_checker"),
        lin=make.officer("lin", "reviewer"),
        zhou=make.officer("zhou", "approver"),
        zheng=make.officer("zheng", "quality_checker"),
    )


def registers_say(settings: Settings, folder: Path, facts: str) -> None:
    """What the simulated registers answer about everybody."""
    scenario = folder / "registers.toml"
    scenario.write_text(f"[otherwise]\n{facts}\n", encoding="utf-8")
    settings.PORTS = {"register": ("simulator", {"scenario": str(scenario)})}


def draft(user: User, *, at: datetime) -> Claim:
    """A claim that lacks nothing but the click."""
    person = Person.objects.get(user=user)
    claim = claims.start_claim(person, Programme.objects.get(code="SYBZ"), by=user, at=at)
    notices = list(Notice.objects.filter(version=claim.version))
    claims.accept_notice(claim, notices, by=user, at=at)
    claims.save_details(
        claim,
        phone_text="13800005678",
        account_kind="debit_card",
        account_text=make.GOOD_CARD,
        by=user,
        at=at,
    )
    claims.choose_office(claim, "JL-CC-01", by=user, at=at)
    for shade, spec in enumerate(("id_front", "id_back", "card_picture")):
        picture = make.picture(100 + shade)
        attachments.add_attachment(
            claim, spec, picture, declared_name=f"{spec}.jpg", by=user, at=at
        )
    return make.fresh(claim)


def submitted(user: User, *, at: datetime) -> Claim:
    submitting.submit_claim(draft(user, at=at), by=user, at=at)
    make.settle(at)
    return Claim.objects.select_related("version", "instance").latest("created_at")


def returned(stage: Stage, claim: Claim, *, at: datetime) -> Claim:
    """Sent back by the checker for the front of the ID."""
    return make.conclude(
        claim,
        "return",
        stage.qian,
        reasons=["A02"],
        items=[Flag("file:id_front", "A02")],
        at=at,
    )


def corrected(stage: Stage, claim: Claim, shade: int, *, at: datetime) -> Claim:
    """A new picture, sent in again."""
    attachments.add_attachment(
        claim,
        "id_front",
        make.picture(shade),
        declared_name="id_front.jpg",
        by=stage.wang,
        at=at,
    )
    corrections.resubmit_claim(claim, by=stage.wang, at=at)
    make.settle(at)
    return make.fresh(claim)


def reviewed(stage: Stage, claim: Claim, *, at: datetime) -> Claim:
    """Waits for approval."""
    claim = make.conclude(claim, "pass", stage.qian, at=at)
    return make.conclude(claim, "recommend_approval", stage.lin, at=at)


def approved(stage: Stage, claim: Claim, *, at: datetime) -> Claim:
    """The first approval that an officer recommends is always drawn for a quality check."""
    claim = make.conclude(claim, "approve", stage.zhou, at=at)
    assert claim.status == Status.QUALITY_CHECK
    return make.conclude(claim, "confirm", stage.zheng, at=at)


def codes(claim: Claim) -> list[str]:
    return [standing.reason.code for standing in blocking_reasons(claim)]


@pytest.mark.parametrize(("at", "expected"), [(LAST_SECOND, []), (MIDNIGHT, ["E01"])])
def test_12_receipt_on_the_server_decides(stage: Stage, at: datetime, expected: list[str]) -> None:
    claim = draft(stage.wang, at=at)
    submitting.submit_claim(claim, by=stage.wang, at=at)
    make.settle(at)
    claim = make.conclude(make.fresh(claim), "pass", stage.qian, at=at)
    assert claim.status == Status.ELIGIBILITY_REVIEW
    assert codes(claim) == expected


def test_13_original_date_counts_and_months_run_into_the_next_year(stage: Stage) -> None:
    at = datetime(2020, 12, 30, 2, 0, tzinfo=UTC)
    claim = returned(stage, submitted(stage.wang, at=at), at=at)
    later = datetime(2021, 1, 8, 2, 0, tzinfo=UTC)
    claim = reviewed(stage, corrected(stage, claim, 180, at=later), at=later)
    assert codes(claim) == []

    claim = approved(stage, claim, at=later)

    entitlement = claim.entitlements.get()
    assert (entitlement.months, entitlement.monthly_fen) == (6, 800_00)
    periods = entitlement.instalments.order_by("period").values_list("period", flat=True)
    assert len(periods) == 6
    assert periods[5].startswith("2021-")


def test_14_silent_register_neither_passes_nor_denies(
    stage: Stage, settings: Settings, tmp_path: Path, at: datetime
) -> None:
    registers_say(settings, tmp_path, 'pension = "unavailable"')
    claim = make.conclude(submitted(stage.wang, at=at), "pass", stage.qian, at=at)

    assert claim.status == Status.ELIGIBILITY_REVIEW
    assert codes(claim) == ["E09"]
    with pytest.raises(Refused):
        make.conclude(claim, "recommend_approval", stage.lin, at=at)


def test_20_place_without_a_figure_is_an_incident_and_pays_nothing(
    stage: Stage, at: datetime
) -> None:
    PolicyParameter.objects.filter(key="ui_standard").update(valid_from=at.date() + DAY)
    claim = reviewed(stage, submitted(stage.wang, at=at), at=at)

    claim = approved(stage, claim, at=at)

    assert [row.code for row in api.incidents(claim.instance_id)] == ["no-match"]
    assert not claim.entitlements.exists()


def test_21_deleting_resets_no_counter(stage: Stage, at: datetime) -> None:
    claim = returned(stage, submitted(stage.wang, at=at), at=at)
    for shade in (150, 160):
        claim = returned(stage, corrected(stage, claim, shade, at=at), at=at)
    corrections.delete_claim(claim, by=stage.wang, at=at)
    make.settle(at)

    again = submitted(stage.wang, at=at + DAY)

    assert again.pk != claim.pk
    assert corrections.rounds(again) == 4
    again = returned(stage, again, at=at + DAY)
    again = corrected(stage, again, 170, at=at + DAY)
    assert make.task(again).element_id == "allow_again"


def test_22_reason_that_stands_refuses_approval(
    stage: Stage, settings: Settings, tmp_path: Path, at: datetime
) -> None:
    registers_say(settings, tmp_path, "employed = true")
    claim = make.conclude(submitted(stage.wang, at=at), "pass", stage.qian, at=at)
    claim = make.conclude(claim, "recommend_denial", stage.lin, reasons=["E04"], at=at)
    assert claim.status == Status.SECOND_REVIEW

    with pytest.raises(Refused) as refused:
        make.conclude(claim, "approve", stage.zhou, at=at)

    assert refused.value.reasons == ("E04",)
    assert make.fresh(claim).status == Status.SECOND_REVIEW
