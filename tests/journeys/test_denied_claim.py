"""Denied by two officers, appealed, and looked at by a third."""

from datetime import datetime, timedelta

import pytest

from engine.errors import NotPermitted
from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import reviews
from workflows.errors import InvalidInput
from workflows.models import Claim, Letter, Status

pytestmark = pytest.mark.django_db


def denied(cast: make.Cast, at: datetime) -> Claim:
    claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)
    claim = make.conclude(claim, "recommend_denial", cast.lin, reasons=["E04"], at=at)
    return make.conclude(claim, "deny", cast.zhou, reasons=["E04"], at=at)


def test_denial_names_its_reasons_and_the_appeal(at: datetime) -> None:
    claim = denied(make.cast(), at)

    assert claim.status == Status.DENIED
    assert claim.appeal_due_at == at + timedelta(days=60)
    letter = Letter.objects.get(kind="denied", language="zh-hans")
    assert letter.text.startswith("未通过：已重新就业，请处理。可在2027年1月9日前")
    assert_healthy(at)


def test_denial_without_a_reason_is_refused(at: datetime) -> None:
    cast = make.cast()
    claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)

    with pytest.raises(InvalidInput) as refused:
        make.conclude(claim, "recommend_denial", cast.lin, at=at)

    assert refused.value.fields == {"reasons": "required"}


def test_appeal_is_looked_at_by_somebody_else(at: datetime) -> None:
    cast = make.cast()
    claim = denied(cast, at)
    reviews.appeal_claim(claim, text="登记有误", by=cast.wang, at=at, key="a")
    claim = make.fresh(claim)
    assert claim.status == Status.APPEALED

    with pytest.raises(NotPermitted):
        make.conclude(claim, "uphold", cast.zhou, reasons=["E04"], at=at)
    other = make.officer("zhao", "approver")
    claim = make.conclude(claim, "uphold", other, reasons=["E04"], at=at)

    assert claim.status == Status.DENIED_FINAL
    assert_healthy(at)


def test_silence_makes_the_denial_final(at: datetime) -> None:
    claim = denied(make.cast(), at)
    over = at + timedelta(days=60, minutes=1)

    make.settle(over)

    assert make.fresh(claim).status == Status.DENIED_FINAL
    assert_healthy(over)
