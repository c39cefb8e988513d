"""Whose hands may touch a batch; the pages and the diagram ask the same again."""

from datetime import timedelta

import pytest

from tests import make
from workflows.actions import batches
from workflows.models import PayeeAccount, PaymentBatch, Person
from workflows.queries import conflicts

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(days=15)
CHECK, RELEASE, SEND = ("payment_checker",), ("payment_releaser",), ("payer",)


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def batch(cast: make.Cast) -> PaymentBatch:
    """Made by Feng, checked by Chen."""
    make.approved(cast)
    row = make.batch(cast, at=LATER)
    make.settle(LATER)
    return batches.check_batch(row, right=True, by=cast.chen, at=LATER)


@pytest.mark.parametrize(
    ("who", "groups", "objection"),
    [
        ("feng", CHECK, conflicts.FOUR_EYES),
        ("feng", RELEASE, conflicts.FOUR_EYES),
        ("feng", SEND, None),
        ("chen", CHECK, None),
        ("chen", RELEASE, conflicts.FOUR_EYES),
        ("chu", RELEASE, None),
    ],
)
def test_earlier_hands_keep_off(
    cast: make.Cast,
    batch: PaymentBatch,
    who: str,
    groups: tuple[str, ...],
    objection: str | None,
) -> None:
    assert conflicts.objection_to_batch(getattr(cast, who).pk, batch, groups) == objection


@pytest.mark.parametrize("groups", [CHECK, RELEASE])
def test_own_money_keeps_off(
    cast: make.Cast, batch: PaymentBatch, groups: tuple[str, ...]
) -> None:
    Person.objects.filter(user=cast.wang).update(user=cast.chu)

    assert conflicts.objection_to_batch(cast.chu.pk, batch, groups) == conflicts.OWN_CLAIM


@pytest.mark.parametrize("groups", [CHECK, RELEASE])
def test_whoever_entered_an_account_keeps_off(
    cast: make.Cast, batch: PaymentBatch, groups: tuple[str, ...]
) -> None:
    PayeeAccount.objects.update(entered_by=cast.chu)

    assert conflicts.objection_to_batch(cast.chu.pk, batch, groups) == conflicts.ACCOUNT
