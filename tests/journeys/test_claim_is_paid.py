"""From the first click to the last month's money, and every promise checked at the end."""

from datetime import datetime, timedelta

import pytest

from engine.management.invariants import collect, violations
from tests import make
from workflows.actions import audit, bank
from workflows.models import Instalment, Status


def healthy(at: datetime) -> None:
    """Audit chains are whole and no invariant is violated."""
    assert audit.verify() is None
    assert not list(violations(collect(), at=at, real=at))


@pytest.mark.django_db
def test_claim_is_checked_reviewed_approved_and_paid(at: datetime) -> None:
    cast = make.cast()
    claim = make.approved(cast, at=at)
    assert claim.status == Status.APPROVED
    months = list(Instalment.objects.order_by("period").values_list("period", "amount_fen"))
    assert months == [("2026-11", 80_000), ("2026-12", 80_000), ("2027-01", 80_000)]

    for days in (15, 45, 75):
        moment = at + timedelta(days=days)
        row = make.paid(cast, at=moment)
        bank.reconcile(row, by=cast.feng, at=moment)
        healthy(moment)

    claim = make.fresh(claim)
    assert claim.status == Status.COMPLETED
    assert set(Instalment.objects.values_list("status", flat=True)) == {"paid"}
