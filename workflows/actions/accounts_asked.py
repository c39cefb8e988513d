"""Months whose account takes no money: no batch pays them, so another account is asked for."""

from datetime import datetime

from workflows.actions import bank, batches
from workflows.actions.accounts import is_usable, why_unusable
from workflows.actions.entitlements import set_status
from workflows.models import Instalment, PayeeAccount, PaymentBatch, PaymentInstruction

Status = Instalment.Status


def usable_or_asked(row: Instalment, *, at: datetime) -> bool:
    """Whether the claim's account can take this month; if not, the month waits for another."""
    account = row.entitlement.claim.account
    if is_usable(account):
        return not _came_back_from(row, account)
    if row.status in {Status.PLANNED, Status.PAYABLE}:
        set_status(row, Status.NEEDS_ACCOUNT, at=at, reason=why_unusable(account))
    return False


def _came_back_from(row: Instalment, account: PayeeAccount | None) -> bool:
    """Whether the bank sent this month's money back from this very account."""
    last = row.instructions.order_by("-issue").first()
    if last is None or last.status != PaymentInstruction.Status.BOUNCED:
        return False
    return account is not None and account.number == last.account_number


def ask_for_left_out(batch: PaymentBatch, *, at: datetime) -> int:
    """Treat months that a batch left out for their account like a failed payment; how many.

    Such a month became payable while its account was still thought good. Its payout waits for a
    result, and none would ever come: no instruction exists.
    """
    asked = 0
    for seen in batches.due(batch.programme, batch.office, batch.cut_off):
        if seen.status != Status.PAYABLE or is_usable(seen.entitlement.claim.account):
            continue
        row = (
            Instalment.objects.select_for_update(of=("self",))
            .select_related("entitlement__claim__account")
            .get(pk=seen.pk)
        )
        if row.status == Status.PAYABLE and not usable_or_asked(row, at=at):
            bank.tell(row, "failed", row.reason, at=at)
            asked += 1
    return asked
