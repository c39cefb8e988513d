"""Mobile numbers of people and telephone numbers of offices.

A mobile number is shared by families: it never identifies a person and is never unique.
"""

import re
from typing import Final

from workflows.values.errors import InvalidPhone
from workflows.values.text import is_digits, joined, narrow

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
MOBILE_LENGTH: Final = 11
# Three-digit area codes: Beijing 010 and the 02x cities; all others have four digits.
_OFFICE: Final = re.compile(r"(01[0-9]|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})")
# 12333, 12345, 95588: national service numbers have no area code.
_SERVICE: Final = re.compile(r"(1[0-9]{4}|9[0-9]{4})")


def parse_mobile(text: str) -> str:
    """Eleven digits from what somebody typed, with or without +86, spaces, full width."""
    number = joined(text)
    for prefix in ("+86", "0086"):
        number = number.removeprefix(prefix)
    if not is_digits(number):
        raise InvalidPhone("characters" if number else "length")
    if len(number) != MOBILE_LENGTH:
        raise InvalidPhone("length")
    if not _MOBILE.fullmatch(number):
        raise InvalidPhone("not_mobile")
    return number


def mask_mobile(number: str) -> str:
    """138****5678."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == MOBILE_LENGTH else "****"


def parse_office(text: str) -> str:
    """The digits of an office's number: area code and number, a service number, or a mobile."""
    number = joined(narrow(text).translate({ord("("): None, ord(")"): None}))
    if not is_digits(number):
        raise InvalidPhone("characters" if number else "length")
    if any(kind.fullmatch(number) for kind in (_OFFICE, _SERVICE, _MOBILE)):
        return number
    raise InvalidPhone("not_office")


def format_office(number: str) -> str:
    """0431-85821827, 12333, 138 0013 8000: as printed on a letter."""
    if match := _OFFICE.fullmatch(number):
        return f"{match[1]}-{match[2]}"
    if _MOBILE.fullmatch(number):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number


def tel_uri(number: str) -> str:
    """What a phone dials: tel:+8643185821827; service numbers only work inside the country."""
    if _SERVICE.fullmatch(number):
        return f"tel:{number}"
    return f"tel:+86{number.removeprefix('0')}"
