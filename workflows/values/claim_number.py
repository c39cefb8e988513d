"""Claim numbers such as SYBZ-2026-004718-3: programme, year, serial, check digit.

They are read out over the phone: the check digit (Verhoeff) catches every single wrong digit and
every two neighbours swapped. A letter counts by the last digit of its place in the alphabet
(S = 19 -> 9). A serial is never given out again, also not after its claim was deleted.
"""

import re
from dataclasses import dataclass
from typing import Final

from workflows.values.errors import InvalidClaimNumber
from workflows.values.text import joined

SERIAL_DIGITS: Final = 6
_SHAPE: Final = re.compile(r"([A-Z]{2,8})(20[0-9]{2})([0-9]{6,8})([0-9])")
_PROGRAMME: Final = re.compile(r"[A-Z]{2,8}")
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2099
_LARGEST_SERIAL: Final = 99_999_999

# The multiplication table of the dihedral group of order ten, the permutation, the inverses.
_TIMES: Final = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_TURN: Final = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
_INVERSE: Final = "0432156789"


@dataclass(frozen=True, slots=True, order=True)
class ClaimNumber:
    """The parts of a number; `str` gives the number itself."""

    programme: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        """Refuse parts that no number can be made of."""
        if (
            not _PROGRAMME.fullmatch(self.programme)
            or not _FIRST_YEAR <= self.year <= _LAST_YEAR
            or not 0 < self.serial <= _LARGEST_SERIAL
        ):
            raise InvalidClaimNumber("shape")

    def __str__(self) -> str:
        serial = f"{self.serial:0{SERIAL_DIGITS}}"
        digit = check_digit(f"{self.programme}{self.year}{serial}")
        return f"{self.programme}-{self.year}-{serial}-{digit}"


def parse(text: str) -> ClaimNumber:
    """Read a number as typed or heard: any case, spaces or hyphens anywhere, full width."""
    match = _SHAPE.fullmatch(joined(text).upper())
    if not match:
        raise InvalidClaimNumber("shape")
    programme, year, serial, digit = match.groups()
    if check_digit(f"{programme}{year}{serial}") != digit:
        raise InvalidClaimNumber("check_digit")
    number = ClaimNumber(programme, int(year), int(serial))
    if len(serial) > SERIAL_DIGITS and serial.startswith("0"):
        raise InvalidClaimNumber("shape")
    return number


def check_digit(text: str) -> str:
    """The Verhoeff digit of letters and digits."""
    state = 0
    for place, char in enumerate(reversed(text), start=1):
        turned = _TURN[place % len(_TURN)][_digit(char)]
        state = int(_TIMES[state][int(turned)])
    return _INVERSE[state]


def _digit(char: str) -> int:
    return int(char) if char.isdigit() else (ord(char) - ord("A") + 1) % 10
