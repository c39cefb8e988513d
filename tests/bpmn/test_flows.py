"""Walks through the shipped diagrams that together take every sequence flow."""

from collections.abc import Callable

import pytest

from engine.types import Variables
from tests.bpmn.shipped import DIAGRAMS
from tests.bpmn.walks import CLAIM, MONTH, REGISTERS, Walk, flows_of

APPROVED = "check_attachments:pass review_eligibility:recommend_approval approve_claim:approve"


def review(**answers: Variables) -> Walk:
    return Walk("claim_review", {"claim_number": "SYBZ-1"}, **answers)


def payout(**answers: Variables) -> Walk:
    walk = Walk("payout", {**MONTH, "claim_number": "SYBZ-1"}, **answers)
    assert [timer.element_id for timer in walk.result.timers] == ["wait_pay_day"]
    walk.ring("wait_pay_day")
    return walk


def late(walk: Walk, element: str) -> None:
    """The task warns at three quarters of its time, escalates at its end, and stays open."""
    (task,) = walk.result.user_tasks
    assert task.element_id == element
    due = {timer.element_id: timer.due_at for timer in walk.result.timers}
    assert due[f"{element}_near"] < due[f"{element}_late"] == task.due_at
    walk.ring(f"{element}_near")
    walk.ring(f"{element}_late")
    assert walk.tasks == (element,)
    assert walk.jobs[-2:] == [f"{element}_notify", f"{element}_escalate"]


# --------------------------------------------------------------------------- review


def paid() -> Walk:
    walk = review()
    walk.follow(APPROVED)
    assert walk.waits == {"payment_started", "approval_undone", "withdraw_requested"}
    assert walk.tell("payment_started") == "SYBZ-1"
    assert walk.milestones == [
        "submitted",
        "prechecking",
        "checking",
        "reviewing",
        "deciding",
        "approved",
    ]
    assert walk.jobs[-2:] == ["create_entitlement", "order_payout"]
    return walk


def overdue() -> Walk:
    """Nobody acts in time; each task warns, then escalates, and stays open."""
    walk = review(draw_sample={"drawn": True})
    for element, outcome in (
        ("check_attachments", "suspect"),
        ("look_into", "continue"),
        ("review_eligibility", "recommend_approval"),
        ("approve_claim", "approve"),
        ("quality_check", "confirm"),
    ):
        late(walk, element)
        walk.decide(element, outcome)
    walk.tell("payment_started")
    assert "sampled" in walk.milestones
    return walk


def undone() -> Walk:
    """Approved, taken back, sampled, reopened, and sent back by the approver."""
    walk = review()
    walk.follow(APPROVED)
    walk.tell("approval_undone")
    assert walk.jobs[-1] == "revoke"
    walk.answers["draw_sample"] = {"drawn": True}
    walk.follow("review_eligibility:recommend_approval approve_claim:approve quality_check:reopen")
    walk.follow("review_eligibility:recommend_denial approve_claim:back")
    walk.follow("review_eligibility:recommend_denial approve_claim:return")
    walk.decide("correct_claim", "withdraw")
    assert walk.milestones[-2:] == ["returned", "withdrawn"]
    return walk


def changed() -> Walk:
    """The registers answer differently after the review: the reviewer looks again, once."""
    walk = review(refresh_facts={**REGISTERS, "employed": True})
    walk.follow("check_attachments:pass review_eligibility:recommend_approval")
    assert walk.tasks == ("review_eligibility",)
    walk.follow("review_eligibility:recommend_denial approve_claim:deny")
    assert walk.waits == {"appeal_lodged", "denial_undone", "withdraw_requested"}
    assert walk.tell("denial_undone") == "SYBZ-1"
    walk.follow("review_eligibility:recommend_denial approve_claim:deny")
    walk.ring("appeal_over")
    assert walk.milestones[-2:] == ["denied", "denied_final"]
    return walk


def returned() -> Walk:
    """Every way back to the applicant, who at last deletes the claim."""
    walk = review(scan_files={"scan": "missing", "files": "missing"})
    assert walk.tasks == ("correct_claim",)
    walk.ring("remind_after")
    walk.answers["scan_files"] = {"scan": "clean", "files": "complete"}
    for way in (
        "check_attachments:return",
        "check_attachments:suspect look_into:return",
        "check_attachments:pass review_eligibility:return",
    ):
        walk.decide("correct_claim", "resubmit")
        walk.follow(way)
    assert walk.milestones.count("resubmitted") == 3
    walk.decide("correct_claim", "delete")
    assert walk.milestones[-1] == "deleted"
    return walk


def expired() -> Walk:
    walk = review(scan_files={"scan": "infected"})
    walk.ring("expired_after")
    assert walk.milestones[-2:] == ["returned", "expired"]
    assert walk.tell("reopened") == "SYBZ-1"
    assert walk.milestones[-1] == "returned"
    walk.ring("expired_after")
    walk.ring("reopen_over")
    assert walk.milestones[-2:] == ["returned", "expired"]
    return walk


def too_often() -> Walk:
    """After the last free attempt the supervisor decides; a denial has its own second look."""
    walk = review(normalise={**CLAIM, "submission_no": 4, "resubmissions": 3})
    walk.follow("check_attachments:return correct_claim:resubmit")
    late(walk, "allow_again")
    walk.follow("allow_again:allow check_attachments:return correct_claim:resubmit")
    walk.decide("allow_again", "deny_proposed")
    late(walk, "confirm_denial")
    walk.decide("confirm_denial", "back")
    assert walk.tasks == ("review_eligibility",)
    walk.follow("review_eligibility:return correct_claim:resubmit allow_again:deny_proposed")
    walk.decide("confirm_denial", "deny")
    walk.tell("appeal_lodged")
    late(walk, "review_appeal")
    walk.decide("review_appeal", "uphold")
    assert walk.milestones[-3:] == ["denied", "appealed", "denied_final"]
    return walk


def appealed() -> Walk:
    """A denial before any rule was asked is reopened, denied again and then reversed."""
    walk = review()
    walk.follow("check_attachments:suspect look_into:deny_proposed confirm_denial:deny")
    walk.tell("appeal_lodged")
    walk.decide("review_appeal", "reopen")
    assert walk.tasks == ("review_eligibility",)
    walk.follow("review_eligibility:recommend_denial review_eligibility:recommend_denial")
    walk.decide("approve_claim", "deny")
    walk.tell("appeal_lodged")
    walk.decide("review_appeal", "reverse")
    walk.tell("payment_started")
    assert walk.milestones[-1] == "approved"
    return walk


def withdrawn() -> Walk:
    walk = review()
    assert walk.tell("withdraw_requested") == "SYBZ-1"
    assert walk.milestones[-1] == "withdrawn"
    return walk


# --------------------------------------------------------------------------- money


def two_months() -> Walk:
    walk = payout(next_month={**MONTH, "more": True, "instalment": "71"})
    assert walk.tell("instalment_result", result="paid") == "70"
    walk.answers["next_month"] = {**MONTH, "more": False, "instalment": None}
    walk.answers["recheck"] = walk.answers["make_payable"] = {"instalment": "71"}
    walk.ring("wait_pay_day")
    assert walk.tell("instalment_result", result="paid") == "71"
    asked = [given["instalment"] for job, given in walk.asked if job == "make_payable"]
    assert asked == ["70", "71"]
    assert walk.milestones == ["paid", "paid", "completed"]
    return walk


def account_changed() -> Walk:
    walk = payout()
    walk.ring("wait_result_long")
    walk.tell("instalment_result", result="failed")
    walk.ring("change_account_remind")
    walk.follow("change_account:changed confirm_account:refuse")
    walk.decide("change_account", "changed")
    late(walk, "confirm_account")
    walk.decide("confirm_account", "confirm")
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["payment_failed", "payment_failed", "paid", "completed"]
    return walk


def account_ruled_out() -> Walk:
    """The bank ruled the account out before any payment: another one is asked for first."""
    walk = payout(check_account={"payable": False})
    assert "make_payable" not in walk.jobs
    walk.decide("change_account", "changed")
    walk.answers["check_account"] = {"payable": True}
    walk.decide("confirm_account", "confirm")
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["payment_failed", "paid", "completed"]
    return walk


def came_back() -> Walk:
    """Paid money comes back while the next month waits for its pay day."""
    walk = payout(next_month={**MONTH, "more": True, "instalment": "71"})
    walk.tell("instalment_result", result="paid")
    assert walk.waits == {
        "instalment_bounced",
        "entitlement_voided",
        "stop_requested",
    }
    walk.answers["check_account"] = {"payable": False}
    assert walk.tell("instalment_bounced") == "7"
    walk.answers |= {"check_account": {"payable": True}, "next_month": {"more": False}}
    walk.follow("change_account:changed confirm_account:confirm")
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["paid", "came_back", "payment_failed", "paid", "completed"]
    return walk


def resumed() -> Walk:
    """Paid money comes back after the payout has ended."""
    walk = Walk("payout", {"entitlement": "7"}, "resumed", find_returned={"more": True})
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["came_back", "paid", "completed"]
    return walk


def looked_at() -> Walk:
    walk = payout(recheck={**MONTH, "recheck": "look"})
    late(walk, "confirm_entitled")
    walk.decide("confirm_entitled", "entitled")
    walk.tell("instalment_result", result="paid")
    return walk


def stopped() -> Walk:
    """The registers say so: two officers decide, and no month is left."""
    walk = payout(
        recheck={**MONTH, "recheck": "stop", "stop_reason": "T04"}, months_left={"more": False}
    )
    late(walk, "stop_review")
    walk.decide("stop_review", "stop")
    late(walk, "stop_approve")
    walk.decide("stop_approve", "stop")
    assert walk.milestones == ["stopped"]
    return walk


def stopped_later() -> Walk:
    """The months up to the stop are still paid, and nobody is asked again."""
    walk = payout(recheck={**MONTH, "recheck": "stop", "stop_reason": "T04"})
    walk.answers["months_left"] = walk.answers["next_month"] = {**MONTH, "more": True}
    walk.follow("stop_review:stop stop_approve:stop")
    walk.tell("instalment_result", result="paid")
    walk.ring("wait_pay_day")
    assert walk.tasks == ()
    walk.answers["next_month"] = {"more": False}
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["stopped", "paid", "paid", "stopped"]
    return walk


def kept_by(way: str) -> Walk:
    walk = payout(recheck={**MONTH, "recheck": "look"}, months_left=MONTH)
    walk.follow(f"confirm_entitled:stop {way}")
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["paid", "completed"]
    return walk


def kept_by_reviewer() -> Walk:
    return kept_by("stop_review:keep")


def kept_by_approver() -> Walk:
    return kept_by("stop_review:stop stop_approve:keep")


def stopped_on_request() -> Walk:
    """A report comes while a month is being paid: that payment runs to its end."""
    walk = payout(next_month=MONTH)
    assert walk.tell("stop_requested", stop_reason="T01", stop_month="2026-12") == "7"
    walk.decide("stop_review", "keep")
    walk.tell("stop_requested", stop_reason="T01", stop_month="2026-12")
    walk.follow("stop_review:stop stop_approve:stop")
    (last,) = (given["last_period"] for job, given in walk.asked if job == "stop_entitlement")
    assert last == "2026-11"
    walk.tell("instalment_result", result="paid")
    walk.answers["recheck"] = {"more": False}
    walk.ring("wait_pay_day")
    assert walk.milestones == ["stopped", "paid"]
    return walk


def requested_for_later() -> Walk:
    """A requested stop counts for the main line too: no second question about it."""
    walk = payout(next_month=MONTH)
    walk.tell("stop_requested", stop_reason="T01", stop_month="2027-02")
    walk.follow("stop_review:stop stop_approve:stop")
    walk.tell("instalment_result", result="paid")
    walk.answers = {"recheck": {"recheck": "stop"}, "next_month": {"more": False}}
    walk.ring("wait_pay_day")
    assert walk.tasks == ()
    walk.tell("instalment_result", result="paid")
    assert walk.milestones == ["stopped", "paid", "paid", "stopped"]
    return walk


def voided() -> Walk:
    walk = payout()
    assert walk.tell("entitlement_voided") == "7"
    assert walk.milestones == []
    return walk


def batch(**answers: Variables) -> Walk:
    return Walk("payment_batch", {"batch": "B-1"}, **answers)


def settled() -> Walk:
    walk = batch(apply_results={"all_settled": False})
    walk.follow("check_batch:yes release_batch:release send_file:sent")
    walk.ring("wait_bank_long")
    assert walk.tell("bank_result") == "B-1"
    walk.answers["apply_results"] = {"all_settled": True}
    walk.tell("bank_result")
    walk.decide("reconcile", "reconciled")
    return walk


def dissolved() -> Walk:
    walk = batch()
    walk.decide("check_batch", "no")
    assert walk.jobs == ["lock_lines", "void_batch"]
    return walk


REVIEW = (paid, overdue, undone, changed, returned, expired, too_often, appealed, withdrawn)
MONEY = (
    two_months,
    account_changed,
    account_ruled_out,
    came_back,
    resumed,
    looked_at,
    stopped,
    stopped_later,
    stopped_on_request,
    requested_for_later,
    kept_by_reviewer,
    kept_by_approver,
    voided,
    settled,
    dissolved,
)


@pytest.mark.parametrize("walk", [*REVIEW, *MONEY], ids=lambda walk: walk.__name__)
def test_walk_ends(walk: Callable[[], Walk]) -> None:
    assert walk().result.status == "completed"


def test_every_flow_is_taken() -> None:
    taken = {flow for walk in (*REVIEW, *MONEY) for flow in walk().taken}
    drawn = {flow for process in DIAGRAMS for flow in flows_of(process)}
    assert sorted(drawn - taken) == []


def test_withdrawal_takes_every_branch_with_it() -> None:
    walk = review(scan_files={"scan": "missing"})
    walk.ring("remind_after")
    walk.tell("withdraw_requested")
    assert not walk.result.user_tasks
    assert not walk.result.timers


def test_priority_follows_the_routing_table() -> None:
    walk = review(normalise={**CLAIM, "resubmissions": 1})
    walk.decide("check_attachments", "pass")
    assert [task.priority for task in walk.result.user_tasks] == [60]


def test_rounds_of_corrections_cost_the_same() -> None:
    walk = review(normalise={**CLAIM, "submission_no": 2, "resubmissions": 1})
    sizes, acts = set(), set()
    for _ in range(30):
        walk.decide("check_attachments", "return")
        before = len(walk.jobs)
        walk.decide("correct_claim", "resubmit")
        acts.add(tuple(walk.jobs[before:]))
        sizes.add(walk.open_parts())
    assert len(sizes) == len(acts) == 1
