"""How a status looks and what it is called: family (who holds the ball), icon, words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Look:
    """Family and icon of the badge, the citizen's word and the office's."""

    family: str
    icon: str
    citizen: str | Promise
    office: str | Promise


_CHECKED = _("Being checked")
LOOKS = {
    "draft": Look("you", "pencil", _("In preparation"), _("Draft")),
    "submitted": Look("office", "send", _CHECKED, _("Submitted")),
    "prechecking": Look("office", "scan", _CHECKED, _("Automatic checks")),
    "attachment_check": Look("office", "file", _CHECKED, _("Attachment check")),
    "eligibility_review": Look("office", "list", _CHECKED, _("Eligibility review")),
    "second_review": Look("office", "people", _CHECKED, _("Second review")),
    "quality_check": Look("office", "search", _CHECKED, _("Quality check")),
    "returned": Look("you", "return", _("Please correct"), _("Returned for correction")),
    "expired": Look(
        "closed", "hourglass", _("Closed: not corrected in time"), _("Expired, not corrected")
    ),
    "approved": Look("good", "check-circle", _("Approved"), _("Approved by the office")),
    "paying": Look("good", "yuan", _("Being paid"), _("Being paid")),
    "completed": Look("good", "flag", _("Finished"), _("Completed")),
    "stopped": Look("closed", "stop", _("Stopped"), _("Stopped")),
    "denied": Look("bad", "x-circle", _("Not approved"), _("Denied")),
    "denied_final": Look("bad", "lock", _("Not approved"), _("Denied, final")),
    "appealed": Look("office", "scale", _("Appeal under review"), _("Appeal in review")),
    "withdrawn": Look("closed", "undo", _("Withdrawn"), _("Withdrawn")),
    "deleted": Look("closed", "trash", _("Deleted"), _("Deleted")),
}
# A claim being paid whose account did not work: the applicant has the ball, then the office.
ACCOUNTS = {
    "account_asked": Look("you", "alert", _("Not paid: account needed"), _("Needs an account")),
    "account_given": Look("office", "scan", _("Account being checked"), _("Account given")),
}
MONTHS = {
    "planned": Look("office", "clock", _("Planned"), _("Planned")),
    "rechecked": Look("office", "clock", _("Planned"), _("Rechecked")),
    "payable": Look("office", "clock", _("About to be paid"), _("Payable")),
    "batched": Look("office", "send", _("About to be paid"), _("In a batch")),
    "released": Look("office", "send", _("On its way"), _("Released")),
    "paid": Look("good", "check-circle", _("Paid"), _("Paid")),
    "failed": Look("you", "alert", _("Did not arrive"), _("Failed")),
    "needs_account": Look("you", "alert", _("Did not arrive"), _("Needs an account")),
    "bounced": Look("you", "return", _("Came back"), _("Bounced")),
    "held": Look("closed", "pause", _("On hold"), _("On hold")),
    "overpaid": Look("bad", "alert", _("Paid too much"), _("Overpaid")),
    "cancelled": Look("closed", "stop", _("Cancelled"), _("Cancelled")),
}
UNKNOWN = Look("closed", "info", "–", "–")


def look(status: str) -> Look:
    """The look of a claim's status, or of what its account has come to."""
    return ACCOUNTS.get(status) or LOOKS.get(status, UNKNOWN)


def month_look(status: str) -> Look:
    """The look of a month's status."""
    return MONTHS.get(status, UNKNOWN)
