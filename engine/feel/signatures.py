"""Types as they are written, and when one is good wherever another is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """`list<number>` is Type("list", (Type("number"),)); `names` go with context and function."""

    name: str
    parameters: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()
    result: Type | None = None


ANY = Type("Any")
NULL = Type("Null")
# What an expression comes to cannot always be told before it runs; then it may be anything.
UNKNOWN = Type("Unknown")

_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "null": "Null",
}


def expand(wanted: Type, types: Mapping[str, Type]) -> Type:
    """The type with the names of a decision file replaced by what they stand for."""
    if wanted.name in types and not wanted.parameters:
        return types[wanted.name]
    return Type(
        wanted.name,
        tuple(expand(part, types) for part in wanted.parameters),
        wanted.names,
        None if wanted.result is None else expand(wanted.result, types),
    )


def is_subtype(have: Type, wanted: Type) -> bool:
    """Conformance by the standard: is every `have` a `wanted`?"""
    if wanted.name == "Any" or have.name in ("Unknown", "Null"):
        return True
    if _plain(have) != _plain(wanted):
        return False
    if wanted.name == "context":
        parts = dict(zip(have.names, have.parameters, strict=True))
        return all(
            name in parts and is_subtype(parts[name], part)
            for name, part in zip(wanted.names, wanted.parameters, strict=True)
        )
    if wanted.name == "function" and wanted.result is not None:
        return is_function(have.parameters, have.result or UNKNOWN, wanted)
    return all(
        is_subtype(mine, other)
        for mine, other in zip(have.parameters or (UNKNOWN,), wanted.parameters, strict=False)
    )


def is_function(parameters: tuple[Type, ...], result: Type, wanted: Type) -> bool:
    """Does a function of these parameters take what is asked for, and answer no more?"""
    return (
        len(parameters) == len(wanted.parameters)
        and all(map(is_subtype, wanted.parameters, parameters))
        and is_subtype(result, wanted.result or ANY)
    )


def _plain(wanted: Type) -> str:
    return _ALIASES.get(wanted.name, wanted.name)
