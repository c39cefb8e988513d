"""The id under which a bank knows one payment: claim number, month and issue.

Every attempt at one instruction carries the same id; only a re-issue after the bank rejected or
returned the money gets the next issue number, and with it another id.
"""

import re
from dataclasses import dataclass
from typing import Final

from workflows.values import claim_number, period
from workflows.values.claim_number import ClaimNumber
from workflows.values.errors import InvalidClaimNumber, InvalidEndToEndId, InvalidPeriod
from workflows.values.period import Period

LONGEST: Final = 35  # ISO 20022, Max35Text
_LARGEST_ISSUE: Final = 99
_SHAPE: Final = re.compile(r"([A-Z0-9-]+)-([0-9]{4})([0-9]{2})-([1-9][0-9]?)")


@dataclass(frozen=True, slots=True, order=True)
class EndToEndId:
    """The parts of an id; `str` gives SYBZ-2026-004718-3-202608-1."""

    claim: ClaimNumber
    period: Period
    issue: int

    def __post_init__(self) -> None:
        """Refuse an issue number that the id has no room for."""
        if not 1 <= self.issue <= _LARGEST_ISSUE:
            raise InvalidEndToEndId("issue")

    def __str__(self) -> str:
        return f"{self.claim}-{self.period.year:04}{self.period.month:02}-{self.issue}"

    def reissued(self) -> "EndToEndId":
        """The id of the next instruction for the same month."""
        return EndToEndId(self.claim, self.period, self.issue + 1)


def parse(text: str) -> EndToEndId:
    """Read an id as a bank returns it; white space around it is forgiven, nothing else."""
    match = _SHAPE.fullmatch(text.strip())
    if not match or len(match[0]) > LONGEST:
        raise InvalidEndToEndId("shape")
    try:
        claim = claim_number.parse(match[1])
        month = period.Period(int(match[2]), int(match[3]))
    except InvalidClaimNumber:
        raise InvalidEndToEndId("claim_number") from None
    except InvalidPeriod:
        raise InvalidEndToEndId("period") from None
    parsed = EndToEndId(claim, month, int(match[4]))
    if str(parsed) != match[0]:
        raise InvalidEndToEndId("shape")
    return parsed
