"""Claims follow what timers and jobs did, and one that cannot stops no other."""

from datetime import datetime
from unittest.mock import patch

import pytest
from django.test import override_settings

from engine import api
from tests import make
from workflows import background, checks
from workflows.actions import milestones
from workflows.errors import ClaimChanged
from workflows.models import Claim, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(at: datetime) -> list[Claim]:
    """Two claims whose jobs ran, without a claim having taken it over."""
    cast = make.cast()
    make.submitted(cast.wang, at=at)
    make.submitted(cast.zhang, at=at, card=make.CLOSED_CARD)
    api.run_due(at)
    return list(Claim.objects.order_by("number"))


class TestCatchUp:
    def test_status_follows_the_diagram(self, submitted: list[Claim], at: datetime) -> None:
        assert {row.status for row in submitted} == {Status.SUBMITTED}

        assert milestones.catch_up(at=at) == 2

        assert {make.fresh(row).status for row in submitted} == {Status.ATTACHMENT_CHECK}
        assert milestones.catch_up(at=at) == 0

    def test_one_that_fails_stops_no_other(self, submitted: list[Claim], at: datetime) -> None:
        first, second = sorted(submitted, key=lambda row: row.pk)
        real = milestones.lock

        def lock(claim_id: object) -> Claim:
            if claim_id == first.pk:
                raise ClaimChanged
            return real(second.pk)

        with patch.object(milestones, "lock", lock):
            assert milestones.catch_up(at=at) == 1

        assert make.fresh(second).status == Status.ATTACHMENT_CHECK
        assert make.fresh(first).status == Status.SUBMITTED

    def test_after_a_job_only_its_claim_is_looked_at(self, submitted: list[Claim]) -> None:
        job = next(row for row in api.jobs() if row.instance_id == submitted[0].instance_id)

        assert milestones.of_job(job.id) == [submitted[0].pk]
        background.after_engine(task=Named("engine.run_job"), kwargs={"job_id": job.id})

        assert make.fresh(submitted[0]).status == Status.ATTACHMENT_CHECK
        assert make.fresh(submitted[1]).status == Status.SUBMITTED

    def test_other_tasks_of_the_worker_move_nothing(self, submitted: list[Claim]) -> None:
        background.after_engine(task=Named("somebody.else"))

        assert make.fresh(submitted[0]).status == Status.SUBMITTED


class Named:
    """A Celery task as far as the signal shows it."""

    def __init__(self, name: str) -> None:
        self.name = name


class TestEncryptionKeys:
    def test_tests_and_demo_derive_their_own(self) -> None:
        assert checks.encryption_keys(None) == []

    @override_settings(TESTING=False, DEMO=False)
    def test_production_without_keys_does_not_start(self) -> None:
        assert [found.id for found in checks.encryption_keys(None)] == ["workflows.E001"]

    @override_settings(TESTING=False, DEMO=False, FIELD_KEYS=["1:AAAA"], INDEX_KEYS=["1:AAAA"])
    def test_short_keys_are_refused(self) -> None:
        assert [found.id for found in checks.encryption_keys(None)] == ["workflows.E001"]
