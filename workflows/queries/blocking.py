"""Why a claim cannot be approved right now: one function for the page and for the action."""

from dataclasses import dataclass

from workflows.models import Answer, CheckItem, Claim, Submission
from workflows.models.rules import BLOCKING, Reason

# In the order in which somebody can clear them: look at it, have it mended, then the rest.
CLEARING = ("look", "fix", "redirect", "block")


@dataclass(frozen=True, slots=True)
class Standing:
    """A reason that stands against approval, and what fired it."""

    reason: Reason
    decision_id: str
    element_id: str
    # What clears it: evidence by the reviewer, or an override by a supervisor.
    cleared_by: str


def blocking_reasons(claim: Claim) -> list[Standing]:
    """Reasons that stand against approval, in the order to clear them; three reads."""
    submission = Submission.objects.filter(claim=claim, number=claim.submission_no).first()
    if submission is None:
        return []
    answered = dict(Answer.objects.filter(submission=submission).values_list("reason", "kind"))
    known = claim.version.rules.reasons
    found: dict[str, Standing] = {}
    for check in latest_checks(submission):
        for code in check.reasons:
            reason = known.get(code)
            if reason is None or reason.severity not in BLOCKING or code in answered:
                continue
            cleared_by = "evidence" if reason.severity == "look" else "override"
            found[code] = Standing(reason, check.decision_id, check.element_id, cleared_by)
    return sorted(
        found.values(), key=lambda item: (CLEARING.index(item.reason.severity), item.reason.code)
    )


def latest_checks(submission: Submission) -> list[CheckItem]:
    """The last evaluation of each decision on a submission: a later fact clears a reason."""
    latest: dict[str, CheckItem] = {}
    for check in CheckItem.objects.filter(submission=submission).order_by("revision", "seq"):
        latest[check.decision_id] = check
    return list(latest.values())
