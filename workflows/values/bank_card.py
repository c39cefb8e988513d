"""Numbers of bank cards and passbooks. The class of an account (I, II, III) is not in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from workflows.values.errors import InvalidBankCard
from workflows.values.text import is_digits, joined

SHORTEST: Final = 16
LONGEST: Final = 19
NO_BANKS: Final[Mapping[str, str]] = MappingProxyType({})


class AccountKind(StrEnum):
    """What the number is printed on."""

    SOCIAL_CARD = "social_card"
    DEBIT_CARD = "debit_card"
    PASSBOOK = "passbook"


@dataclass(frozen=True, slots=True)
class BankCard:
    """A number that may be paid to. Its `repr` hides it.

    `bank` is the code that the table gives for the number's prefix, or empty.
    Notes: check_digit (a passbook whose number fails the check), unknown_bank.
    """

    number: str = field(repr=False)
    kind: AccountKind
    bank: str = ""
    notes: tuple[str, ...] = ()


def parse(
    text: str,
    *,
    kind: AccountKind = AccountKind.DEBIT_CARD,
    banks: Mapping[str, str] = NO_BANKS,
) -> BankCard:
    """Read a number as typed; `banks` maps prefixes to codes of banks, the longest wins.

    Passbooks are numbered by each bank in its own way: a failing check digit is a note there.
    """
    number = joined(text)
    if not is_digits(number):
        raise InvalidBankCard("characters" if number else "length")
    if not SHORTEST <= len(number) <= LONGEST:
        raise InvalidBankCard("length")
    notes = []
    if not passes_luhn(number):
        if kind is not AccountKind.PASSBOOK:
            raise InvalidBankCard("check_digit")
        notes.append("check_digit")
    bank = bank_of(number, banks)
    if not bank:
        notes.append("unknown_bank")
    return BankCard(number, kind, bank, tuple(notes))


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return luhn_sum(number) % 10 == 0


def luhn_sum(number: str) -> int:
    """Every second digit from the right counts twice, its digits added."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled // 10 + doubled % 10
    return total


def complete(digits: str) -> str:
    """The digits with the check digit that makes them pass."""
    return digits + str(-luhn_sum(digits + "0") % 10)


def bank_of(number: str, banks: Mapping[str, str]) -> str:
    """The code that the longest matching prefix stands for, or an empty text."""
    prefixes = [prefix for prefix in banks if prefix and number.startswith(prefix)]
    return banks[max(prefixes, key=len)] if prefixes else ""


def mask(number: str) -> str:
    """9900 **** **** 0018, whatever the length."""
    return f"{number[:4]} **** **** {tail(number)}" if len(number) >= SHORTEST else "****"


def tail(number: str) -> str:
    """The last four digits: what a person recognises a card by."""
    return number[-4:]
