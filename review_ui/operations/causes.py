"""What an incident code means and what an operator does about it, in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """A cause in one line, and the next step."""

    title: str | Promise
    remedy: str | Promise


NO_ROW = Words(
    _("A decision table has no matching row"),
    _("Add the missing row or parameter, publish, then retry."),
)
NO_SINGLE_ANSWER = Words(
    _("A decision table gives no single answer"),
    _("Correct the rows that the detail names, publish, then retry."),
)
BAD_VALUE = Words(
    _("A value in the diagram cannot be used"),
    _("Correct the expression or the data that the detail names, publish, then retry."),
)
TOO_MUCH = Words(
    _("The process asks for more than the engine allows"),
    _("Correct the diagram, publish, move this one to the new version, then retry."),
)
NOT_CAUGHT = Words(
    _("A step reported an error that the diagram does not catch"),
    _("Draw an error event for it, publish, move this one to the new version, then retry."),
)
RECORD_MISSING = Words(
    _("The record that the process is about is missing"),
    _("Restore it from the backup first; retrying alone does not help."),
)
CAUSES = {
    "no-match": NO_ROW,
    "no_rule": NO_ROW,
    "not-boolean": Words(
        _("A question in the diagram has no yes or no"),
        _("A fact is missing. Complete it, or correct the condition, then retry."),
    ),
    "no-flow": Words(
        _("No way out of a gateway fits"),
        _("Add a default flow or the missing case, publish, then retry."),
    ),
    "unknown-process": Words(
        _("The diagram calls a process that its package does not have"),
        _("Add the process to the package or correct the call, publish, then retry."),
    ),
    "bad-assignment": BAD_VALUE,
    "bad-timer": BAD_VALUE,
    "bad-collection": BAD_VALUE,
    "bad-correlation-key": BAD_VALUE,
    "variable_refused": BAD_VALUE,
    "variable_too_large": BAD_VALUE,
    "feel_budget": TOO_MUCH,
    "too-many-instances": TOO_MUCH,
    "too-many-to-compensate": TOO_MUCH,
    "call-depth": TOO_MUCH,
    "uncaught-error": NOT_CAUGHT,
    "uncaught-cancel": NOT_CAUGHT,
    "automatic-loop": Words(
        _("The process ran in a circle without waiting"),
        _("Correct the diagram, then cancel or resume this one."),
    ),
    "stalled": Words(
        _("Nothing is open, yet the process has not ended"),
        _("Look at the diagram: a join waits for a branch that cannot come."),
    ),
    "handler_failed": Words(
        _("A step of the program failed"),
        _("If an outside service did not answer, wait until it does, then retry."),
    ),
    "unknown_handler": Words(
        _("The diagram names a step that this installation does not have"),
        _("Install the version that has it, or correct the diagram, then retry."),
    ),
    "worker_lost": Words(
        _("Three workers stopped while they did this step"),
        _("Look at the memory and the log of the workers, then retry."),
    ),
    "timer_failed": Words(
        _("A deadline could not be acted on"),
        _("The log says why. It is tried again at every sweep."),
    ),
    "claim_missing": RECORD_MISSING,
    "entitlement_missing": RECORD_MISSING,
    "batch_missing": RECORD_MISSING,
    "batch_released": Words(
        _("A released batch cannot be dissolved"),
        _("Go on with what the bank answers."),
    ),
    "money_moves": Words(
        _("An approval cannot be taken back: its money is on the way"),
        _("Stop the payout instead; what was paid too much is claimed back."),
    ),
    "no_month_left": Words(
        _("No month is left to pay"),
        _("Look at the other claims of this person: the months are drawn there or were stopped."),
    ),
}
UNKNOWN = Words(
    _("A step failed"), _("Read the detail below, remove the cause, then retry this one first.")
)


def explain(code: str) -> Words:
    """Words for an incident code; a general sentence for one that has none of its own."""
    if code.startswith("decision-"):
        return NO_SINGLE_ANSWER
    return CAUSES.get(code, UNKNOWN)
