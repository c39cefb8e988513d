"""Variables outside of a state: job inputs, waiting messages, decision traces.

One codec for all of them, the kernel's: scalars that JSON lacks become objects with an empty key,
which no value of a user can look like.
"""

import json
import uuid
from collections.abc import Mapping

import orjson

from engine.errors import StateError
from engine.kernel.values import check_variables, tag, untag
from engine.types import Variable, Variables

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def dumps(variables: Variables) -> bytes:
    """Variables as bytes."""
    option = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
    return orjson.dumps(dict(variables), default=tag, option=option)


def loads(raw: bytes | memoryview) -> dict[str, Variable]:
    """The variables that `dumps` was given."""
    found = untag(orjson.loads(bytes(raw)))
    if not isinstance(found, dict):
        raise StateError("stored variables are damaged")
    return found


def plain(value: Variable) -> Json:
    """A value for a JSON column."""
    document: Json = json.loads(dumps({"value": value}))["value"]
    return document


def plain_mapping(variables: Variables) -> dict[str, Json]:
    """Variables for a JSON column."""
    document: dict[str, Json] = json.loads(dumps(variables))
    return document


def untagged(document: Json) -> dict[str, Variable]:
    """The variables that `plain_mapping` was given."""
    found = untag(document)
    if not isinstance(found, dict):
        raise StateError("stored variables are damaged")
    return found


def checked(variables: Mapping[str, object]) -> dict[str, Variable]:
    """What a handler answered, as copies of what variables may hold.

    Raises:
        StateError, BudgetExceeded: a value of another kind, or a too large one.
    """
    return check_variables(variables)


def unique() -> str:
    """A name that nothing else has."""
    return uuid.uuid4().hex
