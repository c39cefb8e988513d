"""Each invariant sees its own fault: one that was never seen failing proves nothing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from engine.management.invariants import collect, violations
from tests import make
from workflows.accounts.models import User
from workflows.actions import claims, reviews
from workflows.models import Claim

CLAIMS = frozenset({"I05", "I08", "I09", "I10", "I11", "I18", "I19", "I20"})
OURS = CLAIMS | {"I01", "I02", "I14", "I15", "I16", "I17"}
# Constraints that hold the same truth are taken away first, as a restored dump could.
WITHOUT = {
    "I01": "drop index instalment_one_per_person_group_and_month",
    "I02": "drop index instruction_one_live_per_month",
}
BROKEN = {
    "I01": "insert into workflows_instalment (entitlement_id, person_id, exclusivity_group, "
    "period,"
    " amount_fen, status, status_at, pay_on, reason, revision) select entitlement_id, person_id,"
    " exclusivity_group, period, 1, 'planned', status_at, pay_on, '', 1 from workflows_instalment"
    " where period = '2026-12'",
    "I02": "insert into workflows_paymentinstruction (id, instalment_id, batch_id, line, issue,"
    " end_to_end_id, amount_fen, account_id, account_number, holder, snapshot_sha256, status,"
    " status_at, outcome, reason, attempts, lease_owner) select '{uuid}', instalment_id, batch_id,"
    " 99, 9, 'X', amount_fen, account_id, account_number, holder, '', 'sent', status_at, '', '',"
    " 0, '' from workflows_paymentinstruction",
    "I05": "update workflows_claim set status = 'completed' where number is not null",
    "I08": "delete from workflows_auditentry where claim_revision = 3",
    "I09": "update workflows_claim set office_id = (select max(id) from workflows_office)",
    "I10": "update workflows_review set by_id = (select min(by_id) from workflows_review)",
    "I11": "update workflows_review set submission_sha256 = 'other'",
    "I14": "update workflows_instalment set amount_fen = amount_fen + 1",
    "I15": "update workflows_paymentinstruction set status = 'sent'",
    "I16": "update workflows_paymentinstruction set status = 'sending'",
    "I17": "update workflows_paymentbatch set releaser_id = null",
    "I18": "update accounts_user set is_active = {false}",
    "I19": "update workflows_requestkey set status = null",
    "I20": "update workflows_attachment set scan = 'queued'",
}


def seen(at: datetime) -> set[str]:
    return {found.number for found in violations(collect(), at=at, real=at)}


@pytest.fixture
def world(at: datetime) -> datetime:
    """A paid month of one claim, and another claim on an officer's desk."""
    cast = make.cast()
    make.approved(cast, at=at)
    later = at + timedelta(days=15)
    make.paid(cast, at=later)
    other = make.checked(cast.zhang, at=later)
    reviews.take(make.task(other).id, by=cast.qian, at=later)
    claims.start_claim(
        make.person_of(make.applicant("lihua", id_text=make.id_number(11), name="李六")),
        make.programme(),
        by=User.objects.get(username="lihua"),
        at=later,
        key="start",
    )
    return later + timedelta(hours=1)


@pytest.mark.django_db
class TestInvariants:
    def test_healthy_world_shows_nothing(self, world: datetime) -> None:
        assert Claim.objects.count() == 3
        assert not seen(world)

    @pytest.mark.parametrize("number", sorted(BROKEN))
    def test_broken_world_is_seen(self, world: datetime, number: str) -> None:
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            if number in WITHOUT:
                cursor.execute(WITHOUT[number])
            false = "false" if connection.vendor == "postgresql" else "0"
            sql = BROKEN[number].replace("{false}", false)
            cursor.execute(sql.replace("{uuid}", "0" * 31 + "1"))

            assert number in seen(world)

    def test_every_invariant_has_its_broken_world(self) -> None:
        assert {one.number for one in collect()} >= OURS
        assert set(BROKEN) == OURS
