"""Double entry in fen: every posting has a debit and a credit of the same amount."""

from datetime import datetime
from typing import Final

from django.db.models import Sum

from workflows.models import LedgerEntry, PaymentBatch, PaymentInstruction

SUBSIDY: Final = "subsidy"
TRANSIT: Final = "bank_transit"
BANK: Final = "bank"
# What happened to an instruction -> the account that grows and the one that shrinks.
POSTINGS: Final = {
    "released": (SUBSIDY, TRANSIT),
    "paid": (TRANSIT, BANK),
    "rejected": (TRANSIT, SUBSIDY),
    "bounced": (BANK, SUBSIDY),
}


def post(instruction: PaymentInstruction, kind: str, *, at: datetime) -> None:
    """Write both sides; the same event of an instruction is posted once, ever."""
    debit, credit = POSTINGS[kind]
    posting = f"{kind}:{instruction.end_to_end_id}"
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                posting=posting,
                side=side,
                account=account,
                amount_fen=instruction.amount_fen,
                instalment_id=instruction.instalment_id,
                instruction=instruction,
                at=at,
            )
            for side, account in (("debit", debit), ("credit", credit))
        ]
    )


def released_fen(batch: PaymentBatch) -> int:
    """What the ledger says went out with a batch."""
    rows = LedgerEntry.objects.filter(
        instruction__batch=batch, posting__startswith="released:", side="debit"
    )
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0
