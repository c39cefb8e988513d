"""What service tasks answer, called the way the engine calls them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from django.test import override_settings

from engine.errors import HandlerError
from engine.types import HandlerCall, Variable
from tests import make
from workflows.handlers import checks, money
from workflows.models import Attachment, Claim, Duplicate, RegisterMatch
from workflows.values import bank_card

pytestmark = pytest.mark.django_db


def call(claim: Claim, job_type: str, inputs: Mapping[str, Variable] | None = None) -> HandlerCall:
    assert claim.instance_id is not None
    assert claim.number is not None
    return HandlerCall(
        instance_id=claim.instance_id,
        business_key=claim.number,
        process_id="claim_review",
        scope=claim.scope,
        element_id="x",
        type=job_type,
        key="1:1",
        attempt=1,
        at=make.AT,
        inputs=inputs or {},
        headers={},
    )


def ran(
    handler: Callable[[HandlerCall], Mapping[str, Variable] | None],
    claim: Claim,
    inputs: Mapping[str, Variable] | None = None,
) -> dict[str, Variable]:
    """What a handler answers."""
    return dict(handler(call(claim, "x", inputs)) or {})


@pytest.fixture
def claim(at: datetime) -> Claim:
    make.programme()
    return make.checked(make.applicant("wang"), at=at)


class TestScanFiles:
    def test_missing_file_is_named(self, claim: Claim) -> None:
        claim.attachments.filter(spec="id_back").update(removed_at=make.AT)

        assert ran(checks.scan_files, claim) == {
            "scan": "missing",
            "files": "missing",
        }

    def test_waiting_file_is_looked_at_again(self, claim: Claim) -> None:
        Attachment.objects.update(scan="queued")

        assert ran(checks.scan_files, claim)["scan"] == "clean"
        assert set(Attachment.objects.values_list("scan", flat=True)) == {"clean"}

    def test_infected_file_is_seen(self, claim: Claim) -> None:
        Attachment.objects.filter(spec="id_back").update(scan="infected")

        assert ran(checks.scan_files, claim)["scan"] == "infected"


class TestMatchRegisters:
    def test_answers_the_declared_facts_and_no_personal_ones(self, claim: Claim) -> None:
        found = ran(checks.match_registers, claim)

        assert found["headcount_reported"] is True
        assert found["register_verdict"] == "complete"
        assert found["name_match"] is True
        assert "register_name" not in found

    def test_unavailable_is_not_no(self, claim: Claim, tmp_path: Path) -> None:
        scenario = tmp_path / "s.toml"
        scenario.write_text('unavailable = ["employed"]')
        with override_settings(PORTS={"register": ("simulator", {"scenario": str(scenario)})}):
            found = ran(checks.match_registers, claim)

        assert found["employed"] is None
        assert found["register_verdict"] == "unavailable"
        row = RegisterMatch.objects.filter(fact="employed").order_by("pk").last()
        assert row is not None

    def test_other_name_is_a_mismatch(self, claim: Claim, tmp_path: Path) -> None:
        RegisterMatch.objects.all().delete()
        with override_settings(
            PORTS={"register": ("simulator", {"scenario": str(_person_scenario(tmp_path, claim))})}
        ):
            found = ran(checks.match_registers, claim)

        assert found["name_match"] is False
        assert RegisterMatch.objects.get(fact="register_name").verdict == "mismatch"


def _person_scenario(folder: Path, claim: Claim) -> Path:
    path = folder / "person.toml"
    path.write_text(
        f'[people.{claim.person.id_number}]\nregister_name = "王伍"\n', encoding="utf-8"
    )
    return path


class TestFindDuplicates:
    def test_nothing_to_find(self, claim: Claim) -> None:
        assert ran(checks.find_duplicates, claim)["duplicate"] == "none"

    def test_account_of_somebody_else_is_suspect(self, claim: Claim, at: datetime) -> None:
        other = make.applicant("zhang", id_text=make.id_number(9), name="张四")
        second = make.checked(other, at=at)

        assert ran(checks.find_duplicates, second)["duplicate"] == "suspect"
        assert Duplicate.objects.get(claim=second).other == claim

    def test_person_who_drew_in_the_group(self, at: datetime) -> None:
        cast = make.cast()
        first = make.approved(cast, at=at)
        second = make.checked(
            make.applicant("li10", id_text=make.id_number(10), name="李十"),
            at=at,
            card=bank_card.complete("990000000000444"),
        )
        Claim.objects.filter(pk=second.pk).update(person=first.person)

        assert ran(checks.find_duplicates, make.fresh(second))["duplicate"] == "drawn"


class TestDrawSample:
    def test_same_claim_is_drawn_the_same_every_time(self, claim: Claim) -> None:
        claim.version.document["quality"] = {"rate": "0.5"}
        claim.version.save()

        assert ran(checks.draw_sample, claim) == ran(checks.draw_sample, claim)

    @pytest.mark.parametrize(("rate", "drawn"), [("0", False), ("1", True)])
    def test_rate_decides(self, claim: Claim, rate: str, *, drawn: bool) -> None:
        claim.version.document["quality"] = {"rate": rate}
        claim.version.save()

        assert ran(checks.draw_sample, claim)["drawn"] is drawn


class TestCreateEntitlement:
    @pytest.mark.parametrize(
        "amount", [None, 0, {"monthly": None, "months": 3}, {"monthly": "800", "months": 3}]
    )
    def test_amount_that_cannot_be_read_is_an_incident(
        self, claim: Claim, amount: Variable
    ) -> None:
        with pytest.raises(HandlerError) as refused:
            ran(money.create_entitlement, claim, {"amount": amount})

        assert refused.value.code == "no_rule"
        assert not claim.entitlements.exists()

    def test_months_taken_in_the_group_are_passed_over(self, at: datetime) -> None:
        cast = make.cast()
        first = make.approved(cast, at=at)
        second = make.checked(
            make.applicant("li10", id_text=make.id_number(10), name="李十"),
            at=at,
            card=bank_card.complete("990000000000444"),
        )
        Claim.objects.filter(pk=second.pk).update(person=first.person)

        ran(
            money.create_entitlement, make.fresh(second), {"amount": {"monthly": 800, "months": 2}}
        )

        assert list(
            second.entitlements.get()
            .instalments.order_by("period")
            .values_list("period", flat=True)
        ) == ["2027-02", "2027-03"]
