"""Values on their way out: plain data for storing."""

from __future__ import annotations

from engine.feel.text import format_value
from engine.feel.values import FeelValue, Function, Range


def from_feel(value: FeelValue) -> object:
    """The value as plain data.

    Numbers stay Decimal (integral ones too), temporal values stay what they are; a range becomes
    its FEEL text, a function null.
    """
    if isinstance(value, dict):
        return {key: from_feel(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_feel(item) for item in value]
    if isinstance(value, Range):
        return format_value(value)
    return None if isinstance(value, Function) else value
