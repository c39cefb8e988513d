"""A claim as diagrams: submitted, checked, reviewed, sent back or paid. For growth and speed."""

from __future__ import annotations

from engine.types import Variable
from tests.engine.kernel.diagrams import (
    boundary,
    bpmn,
    end,
    flow,
    gateway,
    milestone,
    script,
    start,
    timer,
    user,
)

# What a form leaves in the variables: about 700 bytes.
FORM: dict[str, Variable] = {
    "exhausted": False,
    "months": 8,
    "voluntary": False,
    "outcome": "submit",
    "action": "submit",
    "attachments": [
        {"kind": kind, "sha256": "a" * 64, "ok": True} for kind in ("id", "card", "x")
    ],
    **{f"field_{number}": f"value {number}" for number in range(12)},
}


def claim(*, clock: bool = True) -> bytes:
    """The diagram; `clock` draws a deadline on the review."""
    late = (
        boundary("late", "review", timer("P3D"), interrupting=False)
        + script("notify", "true", "breached")
        + end("end_late")
        + flow("late", "notify", "end_late")
    )
    return bpmn(
        start() + user("submit") + script("check", "true", "checked"),
        gateway("exclusive", "gw_check", "gw_check_eligibility"),
        script("eligibility", "months > 3", "eligible"),
        gateway("exclusive", "gw_rule", "gw_rule_review"),
        user("review", milestone("reviewed")) + (late if clock else ""),
        gateway("exclusive", "gw_review", "gw_review_edit") + user("edit"),
        gateway("exclusive", "gw_edit", "gw_edit_check"),
        script("payout", "true", "paid") + end("paid_out") + end("withdrawn"),
        flow("s", "submit", "check", "gw_check", "eligibility", "gw_rule", "review", "gw_review"),
        flow("gw_check", "edit", when="checked = false"),
        flow("gw_rule", "edit", when="eligible = false"),
        flow("gw_review", "payout", when='outcome = "approve"'),
        flow("gw_review", "edit", "gw_edit", "check"),
        flow("gw_edit", "withdrawn", when='action = "withdraw"'),
        flow("payout", "paid_out"),
    )
