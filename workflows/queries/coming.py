"""What comes next on a claim and by when, in the applicant's words."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from engine import api
from workflows.models import UNDER_REVIEW, Claim, Instalment, Status
from workflows.queries import rulebook
from workflows.values.period import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.queries.applicant import MonthRow

# The applicant's step in the diagram of a month.
CHANGE_ACCOUNT: Final = "change_account"
# The payer's step behind it.
CONFIRM_ACCOUNT: Final = "confirm_account"
ASKED: Final = "account_asked"
GIVEN: Final = "account_given"
AHEAD = frozenset(
    {
        Instalment.Status.PLANNED,
        Instalment.Status.PAYABLE,
        Instalment.Status.BATCHED,
        Instalment.Status.RELEASED,
    }
)


@dataclass(frozen=True, slots=True)
class Coming:
    """One sentence, and the last day of it where there is one."""

    text: str
    due_at: datetime | None = None


def coming(claim: Claim, months: "Sequence[MonthRow]", *, account: str = "") -> Coming:
    """What happens next; `months` are those of the entitlement in force, the first one first.

    `account` is what `account_standing` says.
    """
    if account:
        return Coming(_account(account))
    back = next((row for row in months if row.status == Instalment.Status.NEEDS_ACCOUNT), None)
    if back is not None:
        text = _("The money for %(period)s did not arrive. You will be told how it is sent again.")
        return Coming(text % {"period": back.period})
    if claim.status in {Status.APPROVED, Status.PAYING}:
        return _next_money(months)
    return Coming(_sentence(claim.status), _due(claim))


def account_standing(claim: Claim) -> str:
    """Of a claim with a month that found no account: ASKED, or GIVEN and not confirmed.

    Empty as long as nobody is asked: money came back while the payout was at another month.
    """
    payouts = claim.entitlements.exclude(instance=None).values_list("instance", flat=True)
    steps = {task.element_id for payout in payouts for task in api.open_tasks(payout)}
    if CHANGE_ACCOUNT in steps:
        return ASKED
    return GIVEN if CONFIRM_ACCOUNT in steps else ""


def _account(standing: str) -> str:
    if standing == ASKED:
        return _("Give another account so that the money can be sent.")
    return _("An officer confirms your new account. There is nothing to do for now.")


def _next_money(months: "Sequence[MonthRow]") -> Coming:
    row = next((row for row in months if row.status in AHEAD), None)
    if row is None:
        return Coming(_("No payment is planned at the moment. Call the office if you expect one."))
    text = _("The money for %(period)s is sent to the bank; there is nothing to do for now.")
    return Coming(text % {"period": row.period}, _end_of(row.pay_on))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), SHANGHAI)


def _due(claim: Claim) -> datetime | None:
    """The applicant's deadline, or the officers' own: that of the step in the diagram."""
    if claim.status == Status.RETURNED:
        return claim.correction_due_at
    if claim.status == Status.DENIED:
        return claim.appeal_due_at
    if claim.status not in {*UNDER_REVIEW, Status.APPEALED} or claim.instance_id is None:
        return None
    dates = [task.due_at for task in api.open_tasks(claim.instance_id) if task.due_at is not None]
    if dates:
        return max(dates)
    return answer_due(claim)


def answer_due(claim: Claim) -> datetime | None:
    """Until when an answer is expected; none once there is one, or while it waits for a person."""
    return rulebook.answer_expected(claim) if claim.status in UNDER_REVIEW else None


def _sentence(status: str) -> str:
    """One for each status; nobody is told that a claim was drawn for a sample."""
    second = _("A second officer looks at the result. There is nothing to do for now.")
    sentences = {
        Status.DRAFT: _("Fill in what is missing, then submit."),
        Status.SUBMITTED: _(
            "Your claim is compared with the registers. There is nothing to do for now."
        ),
        Status.PRECHECKING: _(
            "Your claim is compared with the registers. There is nothing to do for now."
        ),
        Status.ATTACHMENT_CHECK: _(
            "An officer checks your documents. There is nothing to do for now."
        ),
        Status.ELIGIBILITY_REVIEW: _(
            "An officer checks whether the conditions are met. There is nothing to do for now."
        ),
        Status.SECOND_REVIEW: second,
        Status.QUALITY_CHECK: second,
        Status.RETURNED: _("Correct the parts named below and submit again."),
        Status.DENIED: _("If you disagree, you may appeal; another officer will look at it."),
        Status.APPEALED: _("Another officer looks at your appeal. You will read the answer here."),
        Status.DENIED_FINAL: _("The decision is final. Call the office if you have questions."),
        Status.COMPLETED: _("All the money was paid. There is nothing left to do."),
        Status.STOPPED: _("No more money is sent. Call the office if you think this is wrong."),
        Status.EXPIRED: _("This claim is closed. You may claim again."),
        Status.WITHDRAWN: _("This claim is closed. You may claim again."),
        Status.DELETED: _("This claim is closed. You may claim again."),
    }
    return sentences[Status(status)]
