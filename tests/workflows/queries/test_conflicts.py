"""Whose hands may touch a claim or a batch, whatever a diagram asks besides."""

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


@pytest.mark.parametrize(
    ("who", "objected"),
    [
        ("qian", {"reviewer", "approver", "quality_checker"}),
        ("lin", {"attachment_checker", "approver", "quality_checker"}),
        ("zhou", {"attachment_checker", "reviewer", "quality_checker"}),
        ("zheng", set()),
    ],
)
def test_one_hand_does_one_step_of_a_claim(cast: make.Cast, who: str, objected: set[str]) -> None:
    claim = make.approved(cast)

    found = {
        group
        for group in ("attachment_checker", "reviewer", "approver", "quality_checker")
        if conflicts.duty_objection(getattr(cast, who).pk, claim, [group])
    }

    assert found == objected


def test_programme_may_let_one_person_check_papers_and_review() -> None:
    cast = make.cast(duties={"attachment_check_may_review": True})
    claim = make.approved(cast)

    found = [conflicts.duty_objection(cast.qian.pk, claim, [g]) for g in ("reviewer", "approver")]

    assert found == [None, conflicts.FOUR_EYES]
