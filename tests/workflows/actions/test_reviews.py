"""Conclusions: who may, what stands against them, what a race leaves behind."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from engine.errors import NotPermitted, TaskAssignedElsewhere, TaskNotOpen
from tests import make
from workflows.actions import people, reviews, submitting
from workflows.actions.reviews import Flag
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed, Refused, RequestBodyDiffers
from workflows.models import AuditEntry, Claim, CorrectionItem, Instalment, Review, Status
from workflows.queries.blocking import blocking_reasons

pytestmark = pytest.mark.django_db


def registers(tmp_path: Path, facts: str) -> override_settings:
    """Registers that say something else about everybody."""
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(facts, encoding="utf-8")
    return override_settings(PORTS={"register": ("simulator", {"scenario": str(scenario)})})


class TestCompleteReview:
    def test_writes_one_review_and_one_audit_row(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        rows = AuditEntry.objects.filter(claim_id=claim.pk).count()

        reviews.complete_review(make.task(claim).id, outcome="pass", by=cast.qian, at=at)

        review = Review.objects.get()
        assert review.submission_sha256 == claim.submissions.get().sha256
        assert (review.stage, review.outcome) == ("attachment_checker", "pass")
        assert AuditEntry.objects.filter(claim_id=claim.pk).count() == rows + 1
        assert make.fresh(claim).status == Status.ELIGIBILITY_REVIEW

    def test_same_key_concludes_once(self, at: datetime) -> None:
        cast = make.cast()
        view = make.task(make.checked(cast.wang, at=at))

        first = reviews.complete_review(view.id, outcome="pass", by=cast.qian, at=at, key="k")
        again = reviews.complete_review(view.id, outcome="pass", by=cast.qian, at=at, key="k")

        assert first == again
        with pytest.raises(RequestBodyDiffers):
            reviews.complete_review(
                view.id, outcome="return", reasons=["A02"], by=cast.qian, at=at, key="k"
            )

    def test_second_officer_meets_task_not_open(self, at: datetime) -> None:
        cast = make.cast()
        other = make.officer("qian2", "attachment_checker")
        view = make.task(make.checked(cast.wang, at=at))
        reviews.complete_review(view.id, outcome="pass", by=cast.qian, at=at)

        with pytest.raises(TaskNotOpen) as refused:
            reviews.complete_review(view.id, outcome="pass", by=other, at=at)

        assert refused.value.by_id == cast.qian.pk
        assert Review.objects.count() == 1

    def test_task_on_another_desk_is_refused(self, at: datetime) -> None:
        cast = make.cast()
        other = make.officer("qian2", "attachment_checker")
        view = make.task(make.checked(cast.wang, at=at))
        reviews.take(view.id, by=cast.qian, at=at)

        with pytest.raises(TaskAssignedElsewhere):
            reviews.complete_review(view.id, outcome="pass", by=other, at=at)

    @pytest.mark.parametrize("who", ["lin", "zhu", "wang", "zhang", "feng", "han"])
    def test_stranger_is_refused(self, at: datetime, who: str) -> None:
        cast = make.cast()
        view = make.task(make.checked(cast.wang, at=at))

        with pytest.raises(NotPermitted):
            reviews.complete_review(view.id, outcome="pass", by=getattr(cast, who), at=at)

        assert not Review.objects.exists()

    def test_conclusion_on_an_earlier_submission_is_refused(self, at: datetime) -> None:
        cast = make.cast()
        view = make.task(make.checked(cast.wang, at=at))

        with pytest.raises(ClaimChanged):
            reviews.complete_review(
                view.id, outcome="pass", submission_sha256="0" * 64, by=cast.qian, at=at
            )

    def test_return_flags_the_part(self, at: datetime) -> None:
        claim = make.returned(make.cast(), at=at)

        item = CorrectionItem.objects.get()
        assert (item.target, item.reason, item.note) == ("file:id_front", "A02", "左下角看不清")
        assert claim.correction_due_at == datetime.fromisoformat(
            "2026-12-01T23:59:59.999999+08:00"
        )

    def test_unknown_reason_is_refused(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)

        with pytest.raises(InvalidInput) as refused:
            make.conclude(claim, "return", cast.qian, items=[Flag("phone", "Z99")], at=at)

        assert refused.value.fields == {"reasons": "unknown"}
        assert not CorrectionItem.objects.exists()

    def test_held_claim_cannot_be_concluded_until_the_hold_ends(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        reviews.hold(claim, reason="核实", until=at + timedelta(days=1), by=cast.qian, at=at)

        with pytest.raises(ClaimChanged):
            make.conclude(claim, "pass", cast.qian, at=at)

        later = at + timedelta(days=1, minutes=1)
        assert make.conclude(claim, "pass", cast.qian, at=later).status == "eligibility_review"


class TestBlockingReasons:
    def test_approval_is_refused_while_a_block_stands(self, at: datetime, tmp_path: Path) -> None:
        cast = make.cast()
        with registers(tmp_path, "[otherwise]\nemployed = true\n"):
            claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)

        with pytest.raises(Refused) as refused:
            make.conclude(claim, "recommend_approval", cast.lin, at=at)

        assert refused.value.reasons == ("E04",)
        assert [item.cleared_by for item in blocking_reasons(claim)] == ["override"]

    def test_approver_meets_the_same_reasons(self, at: datetime, tmp_path: Path) -> None:
        cast = make.cast()
        with registers(tmp_path, "[otherwise]\nemployed = true\n"):
            claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)
        claim = make.conclude(claim, "recommend_denial", cast.lin, reasons=["E04"], at=at)

        with pytest.raises(Refused):
            make.conclude(claim, "approve", cast.zhou, at=at)

    def test_unavailable_register_is_answered_with_evidence(
        self, at: datetime, tmp_path: Path
    ) -> None:
        cast = make.cast()
        with registers(tmp_path, "down = true\n"):
            claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)
        view = make.task(claim)
        reviews.take(view.id, by=cast.lin, at=at)
        assert [item.reason.code for item in blocking_reasons(claim)] == ["E09"]

        reviews.answer_look(view.id, "E09", evidence="参保证明原件", by=cast.lin, at=at)

        assert blocking_reasons(claim) == []
        claim = make.conclude(make.fresh(claim), "recommend_approval", cast.lin, at=at)
        assert claim.status == Status.SECOND_REVIEW

    def test_block_is_not_answered_by_its_reviewer(self, at: datetime, tmp_path: Path) -> None:
        cast = make.cast()
        with registers(tmp_path, "[otherwise]\nemployed = true\n"):
            claim = make.conclude(make.checked(cast.wang, at=at), "pass", cast.qian, at=at)
        view = make.task(claim)
        reviews.take(view.id, by=cast.lin, at=at)

        with pytest.raises(InvalidInput):
            reviews.answer_look(view.id, "E04", evidence="离职证明", by=cast.lin, at=at)
        with pytest.raises(NotAllowed):
            reviews.override_reason(claim, "E04", note="离职证明", by=cast.lin, at=at)
        reviews.override_reason(claim, "E04", note="登记滞后", by=cast.wu, at=at)

        assert blocking_reasons(claim) == []


class TestDuties:
    """Separation of duties and conflicts of interest, whatever roles somebody holds."""

    @pytest.mark.parametrize(
        ("first", "then"),
        [
            ("attachment_checker", "reviewer"),
            ("attachment_checker", "approver"),
            ("reviewer", "approver"),
        ],
    )
    def test_one_person_does_not_do_two_steps(self, at: datetime, first: str, then: str) -> None:
        cast = make.cast()
        both = make.officer("both", first, then)
        hands = {"attachment_checker": cast.qian, "reviewer": cast.lin, "approver": cast.zhou}
        hands |= {first: both, then: both}
        claim = make.checked(cast.wang, at=at)
        steps = {
            "attachment_checker": "pass",
            "reviewer": "recommend_approval",
            "approver": "approve",
        }
        for stage, outcome in steps.items():
            if stage == then:
                break
            claim = make.conclude(claim, outcome, hands[stage], at=at)

        with pytest.raises(NotPermitted) as refused:
            make.conclude(claim, steps[then], both, at=at)

        assert refused.value.reason == "four_eyes"

    def test_exclusion_outlives_an_undone_approval(self, at: datetime) -> None:
        cast = make.cast()
        make.officer("zhou", "reviewer")
        claim = make.approved(cast, at=at)
        reviews.undo_approval(claim, note="复核有误", by=cast.wu, at=at)
        make.settle(at)
        claim = make.fresh(claim)
        assert claim.status == Status.ELIGIBILITY_REVIEW

        with pytest.raises(NotPermitted):
            make.conclude(claim, "recommend_approval", cast.zhou, at=at)

    def test_clerk_does_not_check_what_they_entered(self, at: datetime) -> None:
        cast = make.cast()
        make.officer("sun", "attachment_checker")
        claim = make.checked(cast.wang, at=at)
        Claim.objects.filter(pk=claim.pk).update(entered_by=cast.sun)

        with pytest.raises(NotPermitted) as refused:
            make.conclude(claim, "pass", cast.sun, at=at)

        assert refused.value.reason == "entered_by_you"

    def test_declared_conflict_takes_the_task_off_the_desk(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        view = make.task(claim)
        reviews.take(view.id, by=cast.qian, at=at)

        reviews.declare_conflict(claim, kind="relative", by=cast.qian, at=at)

        assert make.task(claim).assignee_id is None
        with pytest.raises(NotPermitted) as refused:
            reviews.take(view.id, by=cast.qian, at=at)
        assert refused.value.reason == "conflict_declared"

    def test_shared_phone_is_found_out(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        people.identify(
            cast.qian,
            name_text="钱七",
            id_text=make.id_number(77),
            phone_text="13800005678",
            at=at,
        )

        with pytest.raises(NotPermitted) as refused:
            make.conclude(claim, "pass", cast.qian, at=at)

        assert refused.value.reason == "conflict_shared"

    def test_own_claim_is_refused(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        claim.person.user = cast.qian
        claim.person.save(update_fields=["user"])

        with pytest.raises(NotPermitted) as refused:
            make.conclude(claim, "pass", cast.qian, at=at)

        assert refused.value.reason == "own_claim"

    def test_right_withdrawn_a_moment_ago_counts(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)
        view = make.task(claim)
        reviews.take(view.id, by=cast.qian, at=at)
        people.end_role(cast.qian.roles.get(), by=cast.wu, at=at)

        with pytest.raises(NotPermitted):
            reviews.complete_review(
                view.id, outcome="pass", by=cast.qian, at=at + timedelta(seconds=1)
            )


class TestUndoApproval:
    def test_not_by_whoever_approved(self, at: datetime) -> None:
        cast = make.cast()
        make.officer("zhou", "supervisor")
        claim = make.approved(cast, at=at)

        with pytest.raises(NotAllowed) as refused:
            reviews.undo_approval(claim, note="复核有误", by=cast.zhou, at=at)

        assert refused.value.reasons == ("four_eyes",)
        assert make.fresh(claim).status == Status.APPROVED

    @pytest.mark.parametrize("who", ["lin", "wang", "zhu", "feng"])
    def test_not_by_others(self, at: datetime, who: str) -> None:
        cast = make.cast()
        claim = make.approved(cast, at=at)

        with pytest.raises(NotAllowed):
            reviews.undo_approval(claim, note="复核有误", by=getattr(cast, who), at=at)

    def test_not_once_a_month_is_in_a_batch(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.approved(cast, at=at)
        later = at + timedelta(days=15)
        make.batch(cast, at=later)

        with pytest.raises(ClaimChanged):
            reviews.undo_approval(claim, note="复核有误", by=cast.wu, at=later)

        assert not Review.objects.exclude(undone_at=None).exists()
        assert Instalment.objects.get(period="2026-11").status == "batched"


class TestTransfer:
    @pytest.mark.parametrize("who", ["zhu", "sun", "feng", "han", "wang"])
    def test_not_by_others(self, at: datetime, who: str) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)

        with pytest.raises(NotAllowed):
            reviews.transfer(claim, "JL-JL-01", by=getattr(cast, who), at=at)

        assert make.fresh(claim).office == make.office()

    def test_other_office_goes_on_with_the_same_dates(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.checked(cast.wang, at=at)

        reviews.transfer(claim, "JL-JL-01", by=cast.qian, at=at)

        claim = make.fresh(claim)
        assert claim.original_submitted_at == at
        with pytest.raises(NotPermitted):
            make.conclude(claim, "pass", cast.qian, at=at)
        assert make.conclude(claim, "pass", cast.zhu, at=at).status == "eligibility_review"


class TestSubmitClaim:
    def test_double_click_gives_one_claim(self, at: datetime) -> None:
        cast = make.cast()
        draft = make.draft(cast.wang, at=at)

        first = submitting.submit_claim(draft, by=cast.wang, at=at, key="k")
        second = submitting.submit_claim(draft, by=cast.wang, at=at, key="k")

        assert first.number == second.number
        assert first.submissions.count() == 1


class TestApplicantsTask:
    def test_is_not_concluded_past_the_checks_of_a_resubmission(self, at: datetime) -> None:
        cast = make.cast()
        claim = make.returned(cast, at=at)

        with pytest.raises(NotAllowed):
            reviews.complete_review(make.task(claim).id, outcome="resubmit", by=cast.wang, at=at)

        assert make.fresh(claim).status == Status.RETURNED
