"""Banks: what is sent to them, what they answer, and what an answer means.

A payment whose outcome is unknown is asked about by its end-to-end id and never sent again
before the bank says that it has no such payment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol


class BankOutcome(StrEnum):
    """What became of one payment; each bank's own codes are mapped to these."""

    PAID = "paid"
    ACCOUNT_CLOSED = "account_closed"
    NAME_MISMATCH = "name_mismatch"
    FROZEN = "frozen"
    NO_SUCH_ACCOUNT = "no_such_account"
    CLASS_LIMIT = "class_limit"
    BANK_REJECT = "bank_reject"
    DUPLICATE = "duplicate"
    TIMEOUT_UNKNOWN = "timeout_unknown"
    RETURNED_LATER = "returned_later"


NAME_NOT_WRITABLE: Final = "P07"

# A duplicate is asked about and money that came back is booked back: neither has a code.
REASONS: Final[Mapping[BankOutcome, str]] = MappingProxyType(
    {
        BankOutcome.ACCOUNT_CLOSED: "P01",
        BankOutcome.NAME_MISMATCH: "P02",
        BankOutcome.FROZEN: "P03",
        BankOutcome.NO_SUCH_ACCOUNT: "P04",
        BankOutcome.CLASS_LIMIT: "P05",
        BankOutcome.BANK_REJECT: "P06",
        BankOutcome.TIMEOUT_UNKNOWN: "P06",
    }
)
NEEDS_ACCOUNT: Final = frozenset(
    {
        BankOutcome.ACCOUNT_CLOSED,
        BankOutcome.NAME_MISMATCH,
        BankOutcome.FROZEN,
        BankOutcome.NO_SUCH_ACCOUNT,
        BankOutcome.CLASS_LIMIT,
        BankOutcome.RETURNED_LATER,
    }
)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment of a batch; its `repr` shows the id and the amount."""

    end_to_end_id: str
    amount_fen: int
    account: str = field(repr=False)
    holder: str = field(repr=False)
    purpose: str = ""
    cnaps: str = ""


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What the bank says about one payment; the amount is the one that it knows."""

    end_to_end_id: str
    outcome: BankOutcome
    amount_fen: int

    @property
    def reason(self) -> str:
        """P01 to P06, or empty where no reason is told."""
        return REASONS.get(self.outcome, "")


class BankConnector(Protocol):
    """A bank that takes single payments and drops repetitions of an end-to-end id."""

    def send(self, line: PaymentLine, *, key: str) -> BankAnswer:
        """Order one payment; `key` equals the end-to-end id's on every attempt.

        Raises:
            PortUnavailable: no answer; with `outcome_unknown` the bank may have paid.
        """
        ...

    def query(self, end_to_end_id: str) -> BankAnswer | None:
        """What the bank knows under this id; None if it never took such a payment.

        Raises:
            PortUnavailable: no answer.
        """
        ...
