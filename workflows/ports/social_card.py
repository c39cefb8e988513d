"""The social security card of a person: does it exist, and does its bank account work?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from workflows.ports.registers import PersonQuery
from workflows.values import bank_card


class CardVerdict(StrEnum):
    """What became of the question."""

    FOUND = "found"
    NONE = "none"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class SocialCard:
    """The card, if there is one; `is_active` says that the bank function works."""

    verdict: CardVerdict
    bank: str = ""
    number: str = field(default="", repr=False)
    is_active: bool = False


class SocialCardSource(Protocol):
    """Asks the card register. It answers UNAVAILABLE rather than raise."""

    def sync(self, person_key: PersonQuery, *, at: datetime, key: str) -> SocialCard:
        """The card as of `at`."""
        ...


TEST_BANK: Final = "TESTBANK"
_TEST_PREFIX: Final = "9900"
NO_CARDS: Final[Mapping[str, SocialCard]] = MappingProxyType({})


class SimulatedCards:
    """An active card with a made-up number for everybody whom the table does not name.

    `people` maps an ID number or its blind index to a card.
    """

    def __init__(self, people: Mapping[str, SocialCard] = NO_CARDS) -> None:
        self._people = people

    def sync(
        self,
        person_key: PersonQuery,
        *,
        at: datetime,  # noqa: ARG002 - the port's signature
        key: str,  # noqa: ARG002 - the port's signature
    ) -> SocialCard:
        """The number follows from the ID number, so that it is the same every time."""
        for person in (person_key.id_number, person_key.id_index):
            if person in self._people:
                return self._people[person]
        digits = "".join(char for char in person_key.id_number if char.isdigit())
        number = bank_card.complete(_TEST_PREFIX + digits[-11:].zfill(11))
        return SocialCard(CardVerdict.FOUND, TEST_BANK, number, is_active=True)
