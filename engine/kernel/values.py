"""What a variable may hold, in the one form in which it is kept and stored.

Numbers that are equal look the same: whole ones are int, others Decimal without trailing zeros.
Times keep their offset, not the name of their zone. So a value that was stored and loaded is the
value that was there before, and equal states have equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import orjson

from engine.errors import BudgetExceeded, StateError
from engine.feel import Function, Range, YearsMonthsDuration, from_feel
from engine.feel.values import DECIMAL

NAME = re.compile(r"[^\W\d]\w*\Z")
MAX_VALUE = 4_096
MAX_VARIABLES = 65_536
MAX_DEPTH = 8
# Whole numbers up to here are int; what is larger keeps its 34 digits as Decimal.
MAX_INT = 10**15
# No key of a context may be empty, so an object with this key is a tagged scalar, nothing else.
TAG = ""
TAGGED = b'{"":'
# Scalars that JSON lacks are ours to write.
PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_MICROSECOND = timedelta(microseconds=1)


class VariableRefused(StateError):
    """A variable has a name or a kind of value that cannot be stored."""

    code = "variable_refused"


class VariableTooLarge(BudgetExceeded):
    """A value, or all variables of an instance together, are larger or deeper than allowed."""

    code = "variable_too_large"


def canonical(value: object, depth: int = 0) -> Any:
    """The value in its stored form; containers are copied, so nothing is shared with a caller.

    Raises:
        VariableRefused: a kind of value that is not on the list, an empty or non-text key, or a
            zero character.
        VariableTooLarge: more than eight levels deep.
    """
    kind = type(value)
    if kind is str:
        return _text(value)
    if value is None or kind is bool:
        return value
    if depth >= MAX_DEPTH and kind in (list, tuple, dict):
        raise VariableTooLarge(f"more than {MAX_DEPTH} levels")
    convert = _KINDS.get(kind)
    if convert is not None:
        return convert(value)
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, Mapping):
        # Sorted as in the bytes: FEEL lists the entries of a context in order.
        names = sorted(map(_key, value))
        return {name: canonical(value[name], depth + 1) for name in names}
    if isinstance(value, (list, tuple)):
        return [canonical(item, depth + 1) for item in value]
    raise VariableRefused(f"a value of kind {kind.__name__} cannot be stored")


def _key(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise VariableRefused("a key must be text and not empty")
    kept: str = _text(name)
    return kept


def _text(value: Any) -> Any:
    """PostgreSQL stores no zero character, neither as text nor in a document."""
    if "\0" in value:
        raise VariableRefused("a text must not hold a zero character")
    return value


def _int(value: int) -> int | Decimal:
    return value if -MAX_INT < value < MAX_INT else _decimal(Decimal(value))


def _decimal(value: Decimal) -> int | Decimal:
    if not value.is_finite():
        raise VariableRefused("a number must be finite")
    if value == value.to_integral_value() and value.copy_abs() < MAX_INT:
        return int(value)
    return value.normalize(DECIMAL)


def _datetime(value: datetime) -> datetime:
    offset = value.utcoffset()
    return value.replace(tzinfo=None if offset is None else timezone(offset), fold=0)


def _feel(value: object) -> object:
    return canonical(from_feel(value))


_KINDS: dict[type, Callable[[Any], Any]] = {
    int: _int,
    Decimal: _decimal,
    datetime: _datetime,
    date: lambda value: value,
    timedelta: lambda value: value,
    YearsMonthsDuration: lambda value: value,
    Range: _feel,
    Function: _feel,
}


def check_variables(values: Mapping[str, object]) -> dict[str, Any]:
    """Variables that come from outside, checked and in stored form.

    Raises:
        VariableRefused: a name or value that cannot be stored.
        VariableTooLarge: a value of more than 4 KB or eight levels.
    """
    out = {}
    for name, value in sorted(values.items()):
        if NAME.match(name) is None:
            raise VariableRefused(f"{name!r} is no name of a variable")
        out[name] = canonical(value)
        check_size(name, out[name])
    return out


def check_size(name: str, value: object, limit: int = MAX_VALUE) -> int:
    """Stored size of a value in bytes, its name included."""
    size = size_of(value)
    if size > limit:
        raise VariableTooLarge(f"{name} has {size} bytes, allowed are {limit}")
    return size + len(name)


def size_of(value: object) -> int:
    """How many bytes the stored value takes; small scalars are not written out for it."""
    if type(value) is int or value is None or type(value) is bool:
        return 8
    try:
        return len(orjson.dumps(value, default=tag, option=PLAIN))
    except orjson.JSONEncodeError:
        raise VariableRefused("a text must be valid Unicode") from None


# --------------------------------------------------------------------------- tags


def tag(value: object) -> dict[str, list[str]]:
    """A scalar that JSON lacks, as an object no user value can look like."""
    if isinstance(value, Decimal):
        return {TAG: ["n", str(value)]}
    if isinstance(value, datetime):
        return {TAG: ["t", value.isoformat()]}
    if isinstance(value, date):
        return {TAG: ["d", value.isoformat()]}
    if isinstance(value, timedelta):
        return {TAG: ["s", str(value // _MICROSECOND)]}
    if isinstance(value, YearsMonthsDuration):
        return {TAG: ["m", str(value.months)]}
    raise TypeError(type(value).__name__)


_UNTAG: dict[str, Callable[[Any], Any]] = {
    "n": Decimal,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "s": lambda text: timedelta(microseconds=int(text)),
    "m": lambda text: YearsMonthsDuration(int(text)),
}


def untag(plain: Any) -> Any:
    """Plain JSON data with its tagged scalars put back."""
    if isinstance(plain, list):
        return [untag(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    if TAG in plain:
        kind, written = plain[TAG]
        return _UNTAG[kind](written)
    return {key: untag(item) for key, item in plain.items()}
