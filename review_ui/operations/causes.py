"""What an incident code means and what an operator does about it, in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """A cause in one line, and the next step."""

    title: str | Promise
    remedy: str | Promise


CAUSES = {
    "no_rule": Words(
        _("A decision table has no matching row"),
        _("Add the missing row or parameter, publish, then retry."),
    ),
    "register_unavailable": Words(
        _("A register did not answer"),
        _("Wait until it answers, then retry. The claim keeps its place."),
    ),
    "bank_unknown": Words(
        _("The bank did not say whether it paid"),
        _("Ask the bank by the payment's number. It is never sent again by itself."),
    ),
    "condition_not_boolean": Words(
        _("A question in the diagram has no yes or no"),
        _("A fact is missing. Complete it, or correct the condition, then retry."),
    ),
    "no_flow_taken": Words(
        _("No way out of a gateway fits"),
        _("Add a default flow or the missing case, publish, then retry."),
    ),
    "automatic-loop": Words(
        _("The process ran in a circle without waiting"),
        _("Correct the diagram, then cancel or resume this one."),
    ),
    "stalled": Words(
        _("Nothing is open, yet the process has not ended"),
        _("Look at the diagram: a join waits for a branch that cannot come."),
    ),
}
UNKNOWN = Words(
    _("A step failed"), _("Read the detail below, remove the cause, then retry this one first.")
)


def explain(code: str) -> Words:
    """Words for an incident code; a general sentence for one that has none of its own."""
    return CAUSES.get(code, UNKNOWN)
