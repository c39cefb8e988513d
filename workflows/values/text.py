"""What every typed-in identifier goes through before its own rules: width, spaces, hyphens."""

import unicodedata
from typing import Final

# Dashes and spaces that people and phone keyboards put between groups of digits.
_BETWEEN: Final = dict.fromkeys(map(ord, " \t\u00a0\u3000-\u2010\u2011\u2012\u2013\u2014"))


def narrow(text: str) -> str:
    """Full-width characters become ASCII (NFKC); white space at both ends goes."""
    return unicodedata.normalize("NFKC", text).strip()


def joined(text: str) -> str:
    """Like `narrow`, with the spaces and hyphens between groups removed."""
    return narrow(text).translate(_BETWEEN)


def is_digits(text: str) -> bool:
    """ASCII digits only: `str.isdigit` also accepts ² and Arabic-Indic digits."""
    return text.isascii() and text.isdigit()
