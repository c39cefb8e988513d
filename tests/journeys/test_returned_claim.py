"""A returned claim is corrected, withdrawn, deleted, or left to expire."""

from datetime import datetime, timedelta

import pytest

from engine.errors import TaskNotOpen
from tests import make
from tests.journeys.health import assert_healthy
from workflows.actions import attachments, claims, corrections, reviews
from workflows.errors import ClaimChanged, DuplicateClaim, IncompleteClaim, InvalidInput, TooLate
from workflows.models import Claim, CorrectionItem, Message, Status
from workflows.queries import applicant

pytestmark = pytest.mark.django_db


def test_flagged_file_is_replaced_and_the_claim_goes_on(at: datetime) -> None:
    cast = make.cast()
    claim = make.returned(cast, at=at)
    assert claim.status == Status.RETURNED
    [item] = applicant.correction_rows(claim)
    assert (item.target, item.reason, item.note) == ("file:id_front", "A02", "左下角看不清")

    later = at + timedelta(days=2)
    attachments.add_attachment(
        claim, "id_front", make.picture(200), declared_name="x.jpg", by=cast.wang, at=later
    )
    corrections.resubmit_claim(claim, by=cast.wang, at=later, key="again")
    make.settle(later)

    claim = make.fresh(claim)
    assert claim.status == Status.ATTACHMENT_CHECK
    assert claim.submission_no == 2
    assert claim.original_submitted_at == at
    assert CorrectionItem.objects.get().resolved_in is not None
    claim = make.conclude(claim, "pass", cast.qian, at=later)
    claim = make.conclude(claim, "recommend_approval", cast.lin, at=later)
    assert make.conclude(claim, "approve", cast.zhou, at=later).status == Status.APPROVED
    assert_healthy(later)


def test_unchanged_part_is_asked_for_again(at: datetime) -> None:
    cast = make.cast()
    claim = make.returned(cast, at=at)

    with pytest.raises(IncompleteClaim) as refused:
        corrections.resubmit_claim(claim, by=cast.wang, at=at)

    assert refused.value.missing == ("file:id_front",)
    assert make.fresh(claim).submission_no == 1


def test_part_that_was_not_sent_back_is_closed(at: datetime) -> None:
    cast = make.cast()
    claim = make.returned(cast, at=at)

    with pytest.raises(InvalidInput) as refused:
        attachments.add_attachment(
            claim, "id_back", make.picture(201), declared_name="x.jpg", by=cast.wang, at=at
        )

    assert refused.value.fields == {"file:id_back": "not_open"}


def test_deadline_passes_and_the_claim_expires(at: datetime) -> None:
    cast = make.cast()
    claim = make.returned(cast, at=at)
    assert claim.correction_due_at is not None
    over = claim.correction_due_at + timedelta(minutes=1)

    with pytest.raises(TooLate):
        corrections.resubmit_claim(claim, by=cast.wang, at=over)
    make.settle(over)

    assert make.fresh(claim).status == Status.EXPIRED
    assert Message.objects.filter(milestone="reminder").count() == 1
    assert_healthy(over)


def test_withdrawn_while_an_officer_has_it_open(at: datetime) -> None:
    cast = make.cast()
    claim = make.checked(cast.wang, at=at)
    view = make.task(claim)
    reviews.take(view.id, by=cast.qian, at=at)

    corrections.withdraw_claim(claim, by=cast.wang, at=at, key="w")
    corrections.withdraw_claim(claim, by=cast.wang, at=at, key="w")

    assert make.fresh(claim).status == Status.WITHDRAWN
    with pytest.raises(TaskNotOpen):
        reviews.complete_review(view.id, outcome="pass", by=cast.qian, at=at)
    assert_healthy(at)


def test_deleted_claim_is_gone_from_the_list_but_its_rounds_count(at: datetime) -> None:
    cast = make.cast()
    claim = make.returned(cast, at=at)
    assert corrections.attempts_left(claim) == 3

    corrections.delete_claim(claim, by=cast.wang, at=at)

    assert make.fresh(claim).status == Status.DELETED
    assert applicant.own_claims(cast.wang) == []
    again = make.checked(cast.wang, at=at + timedelta(hours=1))
    assert again.number != claim.number
    assert corrections.attempts_left(again) == 2
    assert_healthy(at)


def test_draft_is_deleted_without_its_content(at: datetime) -> None:
    cast = make.cast()
    draft = make.draft(cast.wang, at=at)

    corrections.delete_claim(draft, by=cast.wang, at=at)

    assert not Claim.objects.exists()
    assert_healthy(at)


def test_approved_claim_cannot_be_withdrawn(at: datetime) -> None:
    cast = make.cast()
    claim = make.approved(cast, at=at)

    with pytest.raises(ClaimChanged) as refused:
        corrections.withdraw_claim(claim, by=cast.wang, at=at)

    assert refused.value.status == Status.APPROVED


def test_second_claim_while_one_is_open_is_refused(at: datetime) -> None:
    cast = make.cast()
    claim = make.checked(cast.wang, at=at)

    with pytest.raises(DuplicateClaim) as refused:
        claims.start_claim(make.person_of(cast.wang), make.programme(), by=cast.wang, at=at)

    assert refused.value.number == claim.number
