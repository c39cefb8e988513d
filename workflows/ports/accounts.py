"""Is this account what the person says? Asked of the bank before any money is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol


class AccountOutcome(StrEnum):
    """What the bank says about an account. UNAVAILABLE is no statement about it."""

    OK = "ok"
    CLOSED = "closed"
    NAME_MISMATCH = "name_mismatch"
    FROZEN = "frozen"
    NO_SUCH_ACCOUNT = "no_such_account"
    CLASS_LIMIT = "class_limit"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """The account to look at; its `repr` shows the bank only."""

    bank: str
    number: str = field(repr=False)
    holder: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """The bank's answer; `account_class` is 1, 2 or 3, or 0 where the bank does not say."""

    outcome: AccountOutcome
    account_class: int = 0


class AccountVerifier(Protocol):
    """Asks a bank about an account. It answers UNAVAILABLE rather than raise."""

    def verify(self, account: AccountQuery, *, at: datetime, key: str) -> AccountCheck:
        """Ask; `key` is the same for every attempt at one question."""
        ...


# The last four digits decide, so that a demo can be told what to do by the number typed in.
BY_SUFFIX: Final[Mapping[str, AccountOutcome]] = MappingProxyType(
    {
        "0001": AccountOutcome.CLOSED,
        "0002": AccountOutcome.NAME_MISMATCH,
        "0003": AccountOutcome.FROZEN,
        "0004": AccountOutcome.NO_SUCH_ACCOUNT,
        "0005": AccountOutcome.CLASS_LIMIT,
        "0009": AccountOutcome.UNAVAILABLE,
    }
)


class SimulatedVerifier:
    """Answers by the last four digits of the number."""

    def __init__(self, by_suffix: Mapping[str, AccountOutcome] = BY_SUFFIX) -> None:
        self._by_suffix = by_suffix

    def verify(
        self,
        account: AccountQuery,
        *,
        at: datetime,  # noqa: ARG002 - the port's signature
        key: str,  # noqa: ARG002 - the port's signature
    ) -> AccountCheck:
        """Every account is one of Class I unless its number says other."""
        outcome = self._by_suffix.get(account.number[-4:], AccountOutcome.OK)
        if outcome is AccountOutcome.CLASS_LIMIT:
            return AccountCheck(outcome, account_class=2)
        return AccountCheck(outcome, account_class=1 if outcome is AccountOutcome.OK else 0)
