"""Money: integer fen inside, Decimal and text at the border. Never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from workflows.values.errors import InvalidMoney
from workflows.values.text import narrow

FEN_PER_YUAN: Final = 100
CENT: Final = Decimal("0.01")
# What a signed 64-bit column holds, with room for sums: ten trillion yuan.
LARGEST_FEN: Final = 10**15
_PLAIN: Final = re.compile(r"[0-9]+(\.[0-9]*)?")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_DECIMALS: Final = 2


def parse(text: str) -> int:
    """Fen from an amount as typed: 336800, 336800.5 or 336,800.00, nothing else.

    Raises:
        InvalidMoney: for a sign, an exponent, a third decimal, commas in the wrong places.
    """
    amount = narrow(text)
    if not amount:
        raise InvalidMoney("empty")
    if amount[0] in "+-−":
        raise InvalidMoney("sign")
    if not (_PLAIN.fullmatch(amount) or _GROUPED.fullmatch(amount)):
        raise InvalidMoney(_why_not(amount))
    whole, _, decimals = amount.replace(",", "").partition(".")
    if len(decimals) > _DECIMALS:
        raise InvalidMoney("decimals")
    # The length is looked at first: reading a number of 5,000 digits is work.
    if len(whole.lstrip("0")) > len(str(LARGEST_FEN)):
        raise InvalidMoney("too_large")
    fen = int(whole) * FEN_PER_YUAN + int(decimals.ljust(_DECIMALS, "0"))
    if fen > LARGEST_FEN:
        raise InvalidMoney("too_large")
    return fen


def from_decimal(amount: Decimal) -> int:
    """Fen of an exact amount in yuan; a third decimal is refused, not rounded away."""
    if not amount.is_finite():
        raise InvalidMoney("not_finite")
    if abs(amount) > LARGEST_FEN // FEN_PER_YUAN:
        raise InvalidMoney("too_large")
    fen = amount * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise InvalidMoney("decimals")
    return int(fen)


def to_decimal(fen: int) -> Decimal:
    """Yuan with two decimals."""
    return Decimal(fen).scaleb(-_DECIMALS)


def half_up(amount: Decimal) -> Decimal:
    """Rounded to the fen, halves away from zero: 0.805 -> 0.81 (bankers' rounding: 0.80)."""
    if not amount.is_finite():
        raise InvalidMoney("not_finite")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def text(fen: int) -> str:
    """336,800.00: as shown to people; `parse` reads it back."""
    return f"{to_decimal(fen):,.2f}"


def plain_text(fen: int) -> str:
    """336800.00: as written into files."""
    return f"{to_decimal(fen):.2f}"


def _why_not(amount: str) -> str:
    if re.fullmatch(r"[0-9.,]+[eE][+-]?[0-9]+", amount):
        return "exponent"
    return "grouping" if re.fullmatch(r"[0-9,]+(\.[0-9,]*)?", amount) else "characters"
