"""From the first click to the last month's money."""

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import bank
from workflows.models import Instalment, LedgerEntry, Status


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
        assert bank.totals(row) == bank.Totals(80_000, 80_000, 80_000)
        bank.reconcile(row, by=cast.feng, at=moment)
        assert_healthy(moment)

    assert make.fresh(claim).status == Status.COMPLETED
    assert set(Instalment.objects.values_list("status", flat=True)) == {"paid"}
    sides = LedgerEntry.objects.values_list("side", "amount_fen")
    assert sum(fen for side, fen in sides if side == "debit") == 480_000
    assert sum(fen for side, fen in sides if side == "credit") == 480_000
