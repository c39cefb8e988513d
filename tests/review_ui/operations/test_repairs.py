"""What an operator does to one instance: skip, move, suspend; what pays is only tried again."""

from datetime import timedelta

import pytest
from django.test import Client

from engine import api
from engine.management.invariants import collect, violations
from engine.models import HistoryEvent
from tests import make
from tests.review_ui import world
from tests.review_ui.payer.conftest import DUE
from workflows.actions import batches
from workflows.models import AuditEntry, Claim, Status

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "图已更正"


@pytest.fixture
def claim(people: make.Cast) -> Claim:
    """Waits for the attachment check."""
    return make.checked(people.wang, at=DUE)


def address(claim: Claim) -> str:
    return f"/operations/instances/{claim.instance_id}/"


def repair(operator: Client, claim: Claim, **given: object) -> str:
    answer = operator.post(f"{address(claim)}repair/", given, follow=True)
    return answer.content.decode()


def token_of(claim: Claim) -> int:
    assert claim.instance_id is not None
    return next(t.token for t in api.tokens(claim.instance_id) if t.kind == "user_task")


class TestMove:
    def test_plan_is_shown_first_and_changes_nothing(self, operator: Client, claim: Claim) -> None:
        chosen = operator.get(f"{address(claim)}?token={token_of(claim)}")
        assert "review_eligibility" in dict(chosen.context["targets"])
        assert "submitted" not in dict(chosen.context["targets"])

        plan = operator.get(
            f"{address(claim)}?token={token_of(claim)}&target=review_eligibility"
        ).context["plan"]

        names = api.element_words(api.instance(claim.instance_id).definition_id)
        assert plan.source_name == names["check_attachments"].name.zh
        assert plan.target_name == names["review_eligibility"].name.zh
        assert make.task(claim).element_id == "check_attachments"

    def test_token_goes_where_it_is_told_and_the_claim_says_so(
        self, operator: Client, claim: Claim
    ) -> None:
        page = repair(
            operator,
            claim,
            how="move",
            token=token_of(claim),
            target="review_eligibility",
            note=NOTE,
        )

        assert "已完成" in page
        assert make.task(claim).element_id == "review_eligibility"
        assert make.fresh(claim).status == Status.ELIGIBILITY_REVIEW
        row = AuditEntry.objects.get(act="instance.token_moved")
        assert (row.claim_id, row.by and row.by.username) == (claim.pk, "ops")
        assert not list(violations(collect(), at=DUE, real=DUE))

    @pytest.mark.parametrize("target", ["submitted", "nowhere", ""])
    def test_not_where_nothing_can_stand(
        self, operator: Client, claim: Claim, target: str
    ) -> None:
        page = repair(operator, claim, how="move", token=token_of(claim), target=target, note=NOTE)

        assert "请重新查看" in page
        assert make.task(claim).element_id == "check_attachments"

    def test_not_without_a_reason(self, operator: Client, claim: Claim) -> None:
        page = repair(
            operator,
            claim,
            how="move",
            token=token_of(claim),
            target="review_eligibility",
            note="",
        )

        assert "请写明理由" in page
        assert make.task(claim).element_id == "check_attachments"


class TestSuspend:
    def test_what_is_suspended_waits_until_it_may_go_on(
        self, operator: Client, claim: Claim
    ) -> None:
        assert claim.instance_id is not None
        assert "已暂停" in repair(operator, claim, how="suspend", note=NOTE)
        assert api.instance(claim.instance_id).status == "suspended"

        assert "已暂停" not in repair(operator, claim, how="resume", note=NOTE)

        assert api.instance(claim.instance_id).status == "active"
        acts = AuditEntry.objects.filter(claim_id=claim.pk).values_list("act", flat=True)
        assert {"instance.suspended", "instance.resumed"} <= set(acts)


class TestSkip:
    def test_failed_step_is_left_behind_with_a_reason(
        self, operator: Client, people: make.Cast
    ) -> None:
        incident = api.incident(world.stopped(people, DUE))
        skip = f"/operations/incidents/{incident.id}/skip/"

        assert "请写明理由" in operator.post(skip, {"note": ""}, follow=True).content.decode()
        operator.post(skip, {"note": NOTE})

        done = api.incident(incident.id)
        assert (done.resolution, done.note) == ("skip", NOTE)
        assert AuditEntry.objects.filter(act="incident.resolved").count() == 1


class TestMoney:
    def test_payout_is_neither_moved_nor_suspended(
        self, operator: Client, people: make.Cast
    ) -> None:
        claim = make.approved(people, at=DUE)
        make.settle(DUE)
        payout = claim.entitlements.get().instance_id
        assert payout is not None
        token = api.tokens(payout)[0].token
        before = HistoryEvent.objects.filter(instance=payout).count()

        for given in (
            {"how": "suspend"},
            {"how": "move", "token": token, "target": "paid_in_full"},
        ):
            answer = operator.post(
                f"/operations/instances/{payout}/repair/", {**given, "note": NOTE}, follow=True
            )
            assert "涉及付款" in answer.content.decode()

        assert HistoryEvent.objects.filter(instance=payout).count() == before
        assert (
            'value="suspend"'
            not in operator.get(f"/operations/instances/{payout}/").content.decode()
        )

    def test_step_of_a_batch_is_not_skipped(
        self, operator: Client, people: make.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make.approved(people, at=DUE)
        with monkeypatch.context() as patch:
            patch.setattr("workflows.handlers.money.bank.store_file", fails)
            row = make.batch(people, at=DUE)
            make.settle(DUE)
            batches.check_batch(row, right=True, by=people.chen, at=DUE)
            for hours in range(6):
                make.settle(DUE + hours * timedelta(hours=1))
        (incident,) = api.incidents(row.instance_id)

        answer = operator.post(
            f"/operations/incidents/{incident.id}/skip/", {"note": NOTE}, follow=True
        )

        assert "涉及付款" in answer.content.decode()
        assert api.incident(incident.id).resolved_at is None


def fails(*_given: object, **_named: object) -> None:
    raise RuntimeError("disk full")
