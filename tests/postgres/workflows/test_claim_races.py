"""Two people act on one claim at the same moment: one wins, the other is told why, in a type."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from engine import api
from engine.errors import TaskNotOpen
from tests import make
from tests.engine.postgres_world import errors, together
from tests.postgres.workflows.turns import Act, amid, assert_healthy, in_turn, of_claim
from workflows.actions import attachments, claims, corrections, reviews, submitting
from workflows.errors import ClaimChanged, DuplicateClaim, NotFound
from workflows.models import (
    AuditEntry,
    Claim,
    Notice,
    Programme,
    ProgrammeVersion,
    Review,
    Status,
)

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres", "bells")]
FIRST, SECOND = 0, 1


def acts_on(claim: Claim, name: str) -> int:
    return AuditEntry.objects.filter(claim_id=claim.pk, act=name).count()


class TestConclusions:
    def test_two_officers_conclude_one_task(self, postgres: str, at: datetime) -> None:
        cast = make.cast()
        other = make.officer("qian2", "attachment_checker")
        claim = make.checked(cast.wang, at=at)
        conclude = partial(reviews.complete_review, make.task(claim).id, outcome="pass", at=at)

        won, lost = in_turn(
            postgres,
            of_claim(claim),
            partial(conclude, by=cast.qian, key="a"),
            partial(conclude, by=other, key="b"),
        )

        assert isinstance(won, Review)
        assert isinstance(lost, TaskNotOpen)
        assert lost.by_id == cast.qian.pk
        assert Review.objects.count() == acts_on(claim, "review.completed") == 1
        assert_healthy(at)

    @pytest.mark.parametrize("winner", ["approve", "withdraw"])
    def test_approval_meets_a_withdrawal(self, postgres: str, at: datetime, winner: str) -> None:
        cast = make.cast()
        claim = make.reviewed(cast, at=at)
        view = make.task(claim)
        acts: dict[str, Act] = {
            "approve": partial(
                reviews.complete_review, view.id, outcome="approve", by=cast.zhou, at=at, key="a"
            ),
            "withdraw": partial(corrections.withdraw_claim, claim, by=cast.wang, at=at, key="w"),
        }
        loser = next(name for name in acts if name != winner)

        won, lost = in_turn(postgres, of_claim(claim), acts[winner], acts[loser])

        assert not isinstance(won, Exception), won
        if winner == "approve":
            assert isinstance(lost, ClaimChanged)
            assert lost.status == make.fresh(claim).status == Status.APPROVED
        else:
            assert isinstance(lost, TaskNotOpen)
            assert make.fresh(claim).status == Status.WITHDRAWN
            assert not claim.entitlements.exists()
        make.settle(at)
        assert_healthy(at)


class TestCorrections:
    @pytest.fixture
    def mended(self, cast: make.Cast, at: datetime) -> Claim:
        """Returned, and the flagged picture is replaced."""
        claim = make.returned(cast, at=at)
        attachments.add_attachment(
            claim, "id_front", make.picture(210), declared_name="x.jpg", by=cast.wang, at=at
        )
        return make.fresh(claim)

    @pytest.mark.parametrize("order", [FIRST, SECOND])
    def test_resubmission_meets_a_deletion(
        self, postgres: str, at: datetime, cast: make.Cast, mended: Claim, order: int
    ) -> None:
        resubmit = partial(corrections.resubmit_claim, mended, by=cast.wang, at=at, key="r")
        delete = partial(corrections.delete_claim, mended, by=cast.wang, at=at)
        acts: list[Act] = [resubmit, delete] if order == FIRST else [delete, resubmit]

        won, lost = in_turn(postgres, of_claim(mended), *acts)

        assert not isinstance(won, Exception), won
        assert isinstance(lost, ClaimChanged)
        make.settle(at)
        claim = make.fresh(mended)
        assert (claim.status, claim.submission_no) == (
            (Status.ATTACHMENT_CHECK, 2) if order == FIRST else (Status.DELETED, 1)
        )
        assert_healthy(at)

    def test_two_tabs_resubmit_once(
        self, postgres: str, at: datetime, cast: make.Cast, mended: Claim
    ) -> None:
        resubmit = partial(corrections.resubmit_claim, mended, by=cast.wang, at=at)

        won, lost = in_turn(
            postgres, of_claim(mended), partial(resubmit, key="a"), partial(resubmit, key="b")
        )

        assert isinstance(won, Claim)
        assert isinstance(lost, ClaimChanged)
        assert mended.submissions.count() == 2
        assert acts_on(mended, "claim.resubmitted") == 1
        make.settle(at)
        assert_healthy(at)

    def test_expiry_passes_by_a_resubmission_that_is_under_way(
        self, postgres: str, cast: make.Cast, mended: Claim
    ) -> None:
        in_time, over = around_the_deadline(mended)

        resubmitted, fired = amid(
            postgres,
            partial(corrections.resubmit_claim, mended, by=cast.wang, at=in_time, key="r"),
            partial(api.fire_timers, over),
            blocked=False,
        )

        assert isinstance(resubmitted, Claim)
        assert fired == 0
        make.settle(over)
        assert make.fresh(mended).status == Status.ATTACHMENT_CHECK
        assert_healthy(over)

    def test_resubmission_that_waited_for_the_expiry_is_refused(
        self, postgres: str, cast: make.Cast, mended: Claim
    ) -> None:
        in_time, over = around_the_deadline(mended)

        fired, refused = amid(
            postgres,
            partial(api.fire_timers, over),
            partial(corrections.resubmit_claim, mended, by=cast.wang, at=in_time, key="r"),
            blocked=True,
        )

        assert fired == 1
        assert isinstance(refused, ClaimChanged)
        make.settle(over)
        claim = make.fresh(mended)
        assert (claim.status, claim.submission_no) == (Status.EXPIRED, 1)
        assert_healthy(over)


def around_the_deadline(claim: Claim) -> tuple[datetime, datetime]:
    """A second before and a second after; the reminder before that is done."""
    due = claim.correction_due_at
    assert due is not None
    make.settle(due - timedelta(days=1))
    return due - timedelta(seconds=1), due + timedelta(seconds=1)


class TestDrafts:
    @pytest.fixture
    def draft(self, cast: make.Cast, at: datetime) -> Claim:
        return make.draft(cast.wang, at=at)

    def test_two_tabs_submit_once(
        self, postgres: str, at: datetime, cast: make.Cast, draft: Claim
    ) -> None:
        submit = partial(submitting.submit_claim, draft, by=cast.wang, at=at)

        won, lost = in_turn(
            postgres, of_claim(draft), partial(submit, key="a"), partial(submit, key="b")
        )

        assert isinstance(won, Claim)
        assert isinstance(lost, ClaimChanged)
        claim = make.fresh(draft)
        assert (claim.submission_no, claim.submissions.count()) == (1, 1)
        make.settle(at)
        assert_healthy(at)

    def test_two_clicks_with_one_key_get_one_answer(
        self, postgres: str, at: datetime, cast: make.Cast, draft: Claim
    ) -> None:
        submit = partial(submitting.submit_claim, draft, by=cast.wang, at=at, key="same")

        first, second = in_turn(postgres, of_claim(draft), submit, submit)

        assert isinstance(first, Claim)
        assert isinstance(second, Claim)
        assert first.number == second.number
        assert draft.submissions.count() == acts_on(draft, "claim.submitted") == 1
        make.settle(at)
        assert_healthy(at)

    def test_two_programmes_of_one_group_take_one_claim(
        self, postgres: str, at: datetime, cast: make.Cast, draft: Claim
    ) -> None:
        other = draft_elsewhere(draft, at)
        submit = partial(submitting.submit_claim, by=cast.wang, at=at)

        won, lost = in_turn(
            postgres,
            f"workflows_person WHERE id = '{draft.person_id}'",
            partial(submit, draft, key="a"),
            partial(submit, other, key="b"),
        )

        assert isinstance(won, Claim)
        assert isinstance(lost, DuplicateClaim)
        assert lost.number == won.number
        assert make.fresh(other).status == Status.DRAFT
        make.settle(at)
        assert_healthy(at)

    def test_two_tabs_start_one_draft(self, at: datetime, cast: make.Cast) -> None:
        person, programme = make.person_of(cast.zhang), make.programme()
        start = partial(claims.start_claim, person, programme, by=cast.zhang, at=at)

        found = together(partial(start, key="a"), partial(start, key="b"))

        assert errors(found) == []
        assert Claim.objects.filter(person=person).count() == 1
        assert_healthy(at)

    @pytest.mark.parametrize("order", [FIRST, SECOND])
    def test_submission_meets_a_deletion(
        self, postgres: str, at: datetime, cast: make.Cast, draft: Claim, order: int
    ) -> None:
        submit = partial(submitting.submit_claim, draft, by=cast.wang, at=at, key="s")
        delete = partial(corrections.delete_claim, draft, by=cast.wang, at=at)
        acts: list[Act] = [submit, delete] if order == FIRST else [delete, submit]

        won, lost = in_turn(postgres, of_claim(draft), *acts)

        assert not isinstance(won, Exception), won
        assert isinstance(lost, ClaimChanged if order == FIRST else NotFound)
        assert Claim.objects.filter(pk=draft.pk).exists() is (order == FIRST)
        make.settle(at)
        assert_healthy(at)


def draft_elsewhere(draft: Claim, at: datetime) -> Claim:
    """A draft of the same person in a second programme of the same group, as complete."""
    programme = Programme.objects.create(
        code="OTHER", name_zh="另一项", name_en="Another", exclusivity_group="unemployment"
    )
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=1,
        effective_from=draft.version.effective_from,
        effective_to=draft.version.effective_to,
        content_hash="other",
        document=draft.version.document,
        published_at=make.LONG_AGO,
    )
    notice = Notice.objects.create(
        version=version, code="notice", language="zh-hans", title="告知", text="请阅读。"
    )
    by = draft.person.user
    assert by is not None
    claim = claims.start_claim(draft.person, programme, by=by, at=at)
    claims.accept_notice(claim, [notice], by=by, at=at)
    claims.save_details(
        claim,
        phone_text="13800005678",
        account_kind="debit_card",
        account_text=make.GOOD_CARD,
        by=by,
        at=at,
    )
    claims.choose_office(claim, "JL-CC-01", by=by, at=at)
    for shade, spec in enumerate(("id_front", "id_back", "card_picture")):
        attachments.add_attachment(
            claim, spec, make.picture(60 + shade), declared_name=f"{spec}.jpg", by=by, at=at
        )
    return make.fresh(claim)
