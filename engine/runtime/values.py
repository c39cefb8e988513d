"""Variables as bytes and as JSON: job inputs, waiting messages, decision traces.

Tagged scalars stand in arrays, so no key a user chose can be taken for a tag: a list is
`["l", …]`, a Decimal `["n", "1.50"]`, a date `["d", …]`, an instant `["t", …]`, a duration
`["s", days, seconds, microseconds]`.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.errors import StateError
from engine.types import Variable, Variables

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def plain(value: Variable) -> Json:
    """The value in JSON's own types."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return ["n", str(value)]
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case timedelta():
            return ["s", value.days, value.seconds, value.microseconds]
        case list():
            return ["l", *(plain(item) for item in value)]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    raise StateError(f"a variable cannot be {type(value).__name__}")


def value_of(stored: Json) -> Variable:
    """The value that `plain` was given."""
    match stored:
        case dict():
            return {key: value_of(item) for key, item in stored.items()}
        case ["l", *items]:
            return [value_of(item) for item in items]
        case ["n", str(text)]:
            return Decimal(text)
        case ["t", str(text)]:
            return datetime.fromisoformat(text)
        case ["d", str(text)]:
            return date.fromisoformat(text)
        case ["s", int(days), int(seconds), int(micros)]:
            return timedelta(days=days, seconds=seconds, microseconds=micros)
        case None | bool() | int() | str():
            return stored
    raise StateError("stored variables are damaged")


def dumps(variables: Variables) -> bytes:
    """Variables as bytes."""
    document = {name: plain(value) for name, value in variables.items()}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()


def loads(raw: bytes | memoryview) -> dict[str, Variable]:
    """The variables that `dumps` was given."""
    document = json.loads(bytes(raw))
    if not isinstance(document, dict):
        raise StateError("stored variables are damaged")
    return {name: value_of(value) for name, value in document.items()}


def plain_mapping(variables: Mapping[str, Variable]) -> dict[str, Json]:
    """Variables for a JSON column."""
    return {name: plain(value) for name, value in variables.items()}
