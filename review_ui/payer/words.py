"""The words of payments: statuses, reasons, answers of the bank."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.errors import EngineError, NotPermitted
from workflows.errors import (
    BatchChanged,
    ClaimChanged,
    InvalidInput,
    NotAllowed,
    ResultFileRejected,
    WorkflowsError,
)

Words = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Badge:
    """How a status is shown: family of colour, icon and word."""

    family: str
    icon: str
    word: str | Promise


BATCH: Mapping[str, Badge] = {
    "draft": Badge("office", "scan", gettext_lazy("Waits for the check")),
    "checked": Badge("office", "shield", gettext_lazy("Waits for the release")),
    "released": Badge("office", "send", gettext_lazy("Released")),
    "sent": Badge("office", "clock", gettext_lazy("With the bank")),
    "partly_confirmed": Badge("office", "clock", gettext_lazy("Partly answered")),
    "settled": Badge("office", "equal", gettext_lazy("Waits for the reconciliation")),
    "reconciled": Badge("good", "check-circle", gettext_lazy("Reconciled")),
    "void": Badge("closed", "x-circle", gettext_lazy("Dissolved")),
}
LINE: Mapping[str, Badge] = {
    "intent": Badge("office", "clock", gettext_lazy("Not sent")),
    "sending": Badge("office", "send", gettext_lazy("Being sent")),
    "sent": Badge("office", "send", gettext_lazy("With the bank")),
    "unknown": Badge("you", "alert", gettext_lazy("To be asked about")),
    "confirmed": Badge("good", "check-circle", gettext_lazy("Paid")),
    "rejected": Badge("bad", "x-circle", gettext_lazy("Not paid")),
    "bounced": Badge("bad", "return", gettext_lazy("Came back")),
    "void": Badge("closed", "x-circle", gettext_lazy("Taken out")),
}
OUTCOMES: Words = {
    "paid": gettext_lazy("Paid"),
    "account_closed": gettext_lazy("The account is closed."),
    "name_mismatch": gettext_lazy("The account belongs to another name."),
    "frozen": gettext_lazy("The account is frozen."),
    "no_such_account": gettext_lazy("There is no such account."),
    "class_limit": gettext_lazy("The account takes no more money this month."),
    "bank_reject": gettext_lazy("The bank refused the line; it may be sent again."),
    "duplicate": gettext_lazy("The bank says it has this line already."),
    "timeout_unknown": gettext_lazy("The bank does not know yet; ask, do not send again."),
    "returned_later": gettext_lazy("The money came back."),
}
EXCLUDED: Words = {
    "held": gettext_lazy("This month is on hold."),
    "no_account": gettext_lazy("There is no account to pay to."),
    "account_closed": gettext_lazy("The account is closed."),
    "account_name_mismatch": gettext_lazy("The account belongs to another name."),
    "account_frozen": gettext_lazy("The account is frozen."),
    "account_no_such_account": gettext_lazy("There is no such account."),
    "entitlement_stopped": gettext_lazy("Payments of this claim were stopped."),
    "entitlement_completed": gettext_lazy("All months of this claim are paid."),
    "entitlement_void": gettext_lazy("The approval was taken back."),
}
ANOMALIES: Words = {
    "malformed": gettext_lazy("The line cannot be read."),
    "amount_unreadable": gettext_lazy("The amount cannot be read."),
    "code_unknown": gettext_lazy("The bank's code is unknown."),
    "repeated": gettext_lazy("The line stands in the file twice."),
    "id_unknown": gettext_lazy("No payment has this number."),
    "other_batch": gettext_lazy("The payment belongs to another batch."),
    "amount_differs": gettext_lazy("The amount is not the one that was sent."),
    "already_settled": gettext_lazy("The payment was settled before."),
}
FILES: Words = {
    "empty": gettext_lazy("The file is empty."),
    "too_large": gettext_lazy("The file is too large."),
    "encoding": gettext_lazy("The file cannot be read: it is not in the agreed encoding."),
    "not_a_table": gettext_lazy("The file cannot be read: it is no table of the agreed layout."),
    "columns_missing": gettext_lazy("The file cannot be read: columns are missing."),
    "totals_differ": gettext_lazy("The total of the file is not the sum of its lines."),
    "not_xml": gettext_lazy("The file cannot be read: it is not of the agreed layout."),
    "already_loaded": gettext_lazy("This file was loaded before."),
    "other_batch": gettext_lazy("This file answers another batch. Open that batch and load it."),
    "format_unknown": gettext_lazy("The layout of the file is unknown."),
}
CHANGED: Words = {
    "account": gettext_lazy("the account"),
    "amount": gettext_lazy("the amount"),
    "entitlement": gettext_lazy("the entitlement"),
}
INPUTS: Words = {
    "note:required": gettext_lazy("Say what is wrong; the maker reads it."),
    "lines:none": gettext_lazy("Nothing is due until this day, so there is nothing to pay."),
    "lines:too_many": gettext_lazy("Too many months for one file. Choose one office."),
    "totals:differ": gettext_lazy("The three totals differ."),
    "lines:open": gettext_lazy("The bank has not answered every line."),
    "anomalies:open": gettext_lazy("Anomalies are not explained yet."),
}
REFUSED: Words = {
    "not_payer": gettext_lazy("Only a payer of this programme and office may do this."),
    "not_released": gettext_lazy("The file is given out after the release."),
    "changed_the_account": gettext_lazy(
        "You entered this account. Another person must confirm it."
    ),
}
# What an act may refuse and the page says beside it; anything else has a page of its own.
Shown = (
    InvalidInput,
    ResultFileRejected,
    BatchChanged,
    ClaimChanged,
    NotAllowed,
    NotPermitted,
)


def word(words: Words, code: str) -> str:
    """The words of a code; a code without words is still said, never hidden."""
    return str(words.get(code) or _("Reason: %(code)s") % {"code": code})


def badge(badges: Mapping[str, Badge], code: str) -> Badge:
    return badges.get(code, Badge("closed", "alert", code))


def sentence(error: EngineError | WorkflowsError) -> str:
    """Why nothing was done, and what to do."""
    if isinstance(error, InvalidInput):
        return " ".join(word(INPUTS, f"{name}:{code}") for name, code in error.fields.items())
    if isinstance(error, ResultFileRejected):
        where = _(" Line %(line)d.") % {"line": error.line} if error.line else ""
        return word(FILES, error.reason) + where + " " + _("Nothing was changed.")
    if isinstance(error, BatchChanged):
        return _changed(error)
    if isinstance(error, NotAllowed):
        return " ".join(word(REFUSED, reason) for reason in error.reasons)
    if isinstance(error, NotPermitted):
        return _forbidden(error)
    return _("The batch has moved on meanwhile. Nothing was changed; look at it again.")


def _forbidden(error: NotPermitted) -> str:
    if error.reason in {"not_candidate", "wrong_scope"}:
        return _("This step belongs to another role or office. Nothing was changed.")
    return _("Making, checking and releasing are done by three different people.")


def _changed(error: BatchChanged) -> str:
    lines = "; ".join(
        _("line %(line)d: %(what)s") % {"line": line, "what": word(CHANGED, code)}
        for line, code in sorted(error.lines.items())[:10]
    )
    return _(
        "Since the batch was made, this changed: %(lines)s. Nothing was released; "
        "say that the batch is wrong and make it anew."
    ) % {"lines": lines}


def status_of(error: EngineError | WorkflowsError) -> int:
    """The HTTP status that goes with a refusal."""
    if isinstance(error, NotAllowed | NotPermitted):
        return 403
    return 409 if isinstance(error, ClaimChanged | BatchChanged) else 422
