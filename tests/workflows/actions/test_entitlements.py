"""When the months of an approval are paid."""

from datetime import date, datetime, timedelta

import pytest

from tests import make
from workflows.actions import entitlements
from workflows.models import Entitlement, Instalment

pytestmark = pytest.mark.django_db


def pay_days() -> list[date]:
    return list(Instalment.objects.order_by("period").values_list("pay_on", flat=True))


class TestPayDay:
    def test_twentieth_or_the_next_working_day(self, at: datetime) -> None:
        make.approved(make.cast(), at=at)

        # 20 December 2026 is a Sunday.
        assert pay_days() == [date(2026, 11, 20), date(2026, 12, 21), date(2027, 1, 20)]

    def test_month_that_is_over_is_due_at_once(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.reviewed(cast, at=at)
        # A Saturday: the first working day after it is Monday the 28th.
        late = datetime.fromisoformat("2026-12-26T10:00:00+08:00")

        make.conclude(claim, "approve", cast.zhou, at=late)

        assert pay_days() == [date(2026, 12, 28), date(2026, 12, 28), date(2027, 1, 20)]

    def test_money_is_payable_on_the_day_and_not_before(self, at: datetime) -> None:
        make.approved(make.cast(), at=at)
        day = datetime.fromisoformat("2026-11-20T00:00:00+08:00")

        make.settle(day - timedelta(minutes=1))
        before = Instalment.objects.get(period="2026-11").status
        make.settle(day)

        assert before == "planned"
        assert Instalment.objects.get(period="2026-11").status == "payable"


@pytest.mark.parametrize(
    ("status", "period", "due"),
    [
        ("active", "2027-01", True),
        ("stopped", "2026-12", True),
        ("stopped", "2027-01", False),
        ("void", "2026-12", False),
    ],
)
def test_stopped_entitlement_pays_up_to_its_stop(status: str, period: str, *, due: bool) -> None:
    entitlement = Entitlement(status=status, last_period="2026-12")

    assert entitlements.covers(entitlement, period) is due
