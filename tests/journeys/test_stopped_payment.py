"""A new job ends the payments: reported by the applicant, concluded by an officer."""

from datetime import datetime, timedelta

import pytest

from engine import api
from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import changes, reviews
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed
from workflows.models import Claim, Entitlement, Instalment, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(days=20)


@pytest.fixture
def paying(cast: make.Cast, at: datetime) -> Claim:
    claim = make.approved(cast, at=at)
    make.paid(cast, at=at + timedelta(days=15))
    return make.fresh(claim)


def test_months_after_the_stop_are_cancelled(
    cast: make.Cast, paying: Claim, later: datetime
) -> None:
    changes.request_stop(paying, reason="T01", month="2026-12", by=cast.wang, at=later)
    instance = Entitlement.objects.get().instance_id
    [view] = api.open_tasks(instance)
    reviews.complete_review(view.id, outcome="stop", reasons=["T01"], by=cast.lin, at=later)
    make.settle(later)

    assert make.fresh(paying).status == Status.STOPPED
    rows = Instalment.objects.order_by("period").values_list("period", "status")
    assert list(rows) == [
        ("2026-11", "paid"),
        ("2026-12", "cancelled"),
        ("2027-01", "cancelled"),
    ]
    assert_healthy(later)


def test_stranger_reports_nothing(cast: make.Cast, paying: Claim, later: datetime) -> None:
    for stranger in (cast.zhang, cast.zhu):
        with pytest.raises(NotAllowed):
            changes.request_stop(paying, reason="T01", month="2026-12", by=stranger, at=later)


def test_reason_must_be_one_for_stopping(cast: make.Cast, paying: Claim, later: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        changes.request_stop(paying, reason="E04", month="2026-12", by=cast.wang, at=later)
    assert refused.value.fields == {"reason": "unknown"}

    with pytest.raises(InvalidInput) as refused:
        changes.request_stop(paying, reason="T01", month="12/2026", by=cast.wang, at=later)
    assert refused.value.fields == {"month": "shape"}


def test_claim_that_pays_nothing_cannot_be_stopped(cast: make.Cast, at: datetime) -> None:
    claim = make.checked(cast.wang, at=at)

    with pytest.raises(ClaimChanged):
        changes.request_stop(claim, reason="T01", month="2026-12", by=cast.wang, at=at)


def test_expired_claim_is_reopened_only_where_the_diagram_waits_for_it(
    cast: make.Cast, at: datetime
) -> None:
    claim = make.returned(cast, at=at)
    assert claim.correction_due_at is not None
    over = claim.correction_due_at + timedelta(minutes=1)
    make.settle(over)

    with pytest.raises(ClaimChanged):
        changes.reopen_claim(make.fresh(claim), note="因住院", by=cast.wu, at=over)
    with pytest.raises(NotAllowed):
        changes.reopen_claim(make.fresh(claim), note="因住院", by=cast.lin, at=over)
