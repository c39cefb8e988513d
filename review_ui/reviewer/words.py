"""Words of the desk: facts, severities, verdicts, parts of a claim."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Badge:
    """Family, icon and word."""

    family: str
    icon: str
    word: str | Promise


SEVERITIES = {
    "fix": Badge("you", "return", _("Send back")),
    "look": Badge("you", "eye", _("Look at it")),
    "block": Badge("bad", "x-circle", _("Ground for denial")),
    "redirect": Badge("office", "swap", _("Hand over")),
    "pay": Badge("closed", "yuan", _("Payment")),
}
VERDICTS = {
    "mismatch": Badge("warn", "alert", _("Differs")),
    "unavailable": Badge("warn", "none", _("Unavailable for now")),
    "no_data": Badge("", "info", _("Nothing recorded")),
    "match": Badge("good", "check", _("Agrees")),
}
REGISTER_ONLY = Badge("", "info", _("Register only"))
PARTS = {
    "account": _("Bank account"),
    "phone": _("Phone number"),
    "name": _("Name"),
    "register_name": _("Name"),
    "id_number": _("ID number"),
    "insured": _("Insured"),
    "insured_here": _("Insured in this province"),
    "contribution_months": _("Months of contributions"),
    "separation_voluntary": _("Left at own wish"),
    "headcount_reported": _("Leaving reported by the employer"),
    "ui_history": _("Earlier unemployment benefits"),
    "ui_available": _("Unemployment benefit left"),
    "employed": _("Currently employed"),
    "pension": _("Pension"),
    "age_reached": _("Retirement age reached"),
    "months_to_pension": _("Months to the pension"),
    "drawn_in_group": _("Other subsidy of this kind"),
    "deceased": _("Death record"),
    "imprisoned": _("Imprisonment"),
}
REFUSALS = {
    "four_eyes": _(
        "You took part in an earlier step of this claim. Another person must do this one."
    ),
    "not_candidate": _("This step belongs to another group of officers."),
    "wrong_scope": _("This step belongs to another office."),
    "own_claim": _("This claim is your own. Another person must do it."),
    "conflict_declared": _("You declared a conflict of interest with this person."),
}
NOT_YOURS = _("The rules keep these duties apart: another person must do this step.")


def refusal_words(reason: str) -> str | Promise:
    """Why the engine does not let this person do it."""
    return REFUSALS.get(reason, NOT_YOURS)


def severity(code: str) -> Badge:
    """How a severity looks."""
    return SEVERITIES.get(code, Badge("closed", "info", code))


def verdict(code: str) -> Badge:
    """How a verdict looks."""
    return VERDICTS.get(code, Badge("", "info", code))


# What a history tells a person; the ways between two steps are drawn, not listed.
HAPPENED: dict[str, str | Promise] = {
    "completed": _("Done"),
    "cancelled": _("Ended early"),
    "failed": _("Failed"),
    "milestone": _("Milestone reached"),
}
