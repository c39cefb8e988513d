"""FEEL types: does a value conform, and the two implicit conversions between T and list<T>."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.signatures import ANY, Type, is_function
from engine.feel.values import FeelValue, Function, Range, YearsMonthsDuration, kind

SIMPLE: Mapping[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
    "dateTime": (datetime,),
    "days and time duration": (timedelta,),
    "dayTimeDuration": (timedelta,),
    "years and months duration": (YearsMonthsDuration,),
    "yearMonthDuration": (YearsMonthsDuration,),
    "duration": (timedelta, YearsMonthsDuration),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "Null": (type(None),),
    "null": (type(None),),
}


def is_known(wanted: Type) -> bool:
    named = wanted.name in SIMPLE or wanted.name == "Any"
    inner = (*wanted.parameters, *((wanted.result,) if wanted.result else ()))
    return named and all(map(is_known, inner))


def conforms(value: FeelValue, wanted: Type) -> bool:
    if wanted.name == "Any":
        return value is not None
    if type(value) not in SIMPLE.get(wanted.name, ()):
        return False
    check = _INNER.get(wanted.name)
    return (
        check is None or (not wanted.parameters and wanted.result is None) or check(value, wanted)
    )


def _or_null(value: FeelValue, wanted: Type) -> bool:
    return value is None or conforms(value, wanted)


def _list(value: FeelValue, wanted: Type) -> bool:
    assert isinstance(value, list)
    return all(_or_null(item, wanted.parameters[0]) for item in value)


def _context(value: FeelValue, wanted: Type) -> bool:
    assert isinstance(value, dict)
    return all(
        name in value and _or_null(value[name], part)
        for name, part in zip(wanted.names, wanted.parameters, strict=True)
    )


def _range(value: FeelValue, wanted: Type) -> bool:
    assert isinstance(value, Range)
    return all(_or_null(end, wanted.parameters[0]) for end in (value.low, value.high))


def _function(value: FeelValue, wanted: Type) -> bool:
    assert isinstance(value, Function)
    return is_function(value.types or (ANY,) * len(value.parameters), value.result, wanted)


_INNER: Mapping[str, Callable[[FeelValue, Type], bool]] = {
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}


def coerce(value: FeelValue, wanted: Type) -> FeelValue:
    """The value as an argument of that type: [x] for x, x for [x], else null."""
    if value is None or wanted.name == "Any" or not is_known(wanted) or conforms(value, wanted):
        return value
    if wanted.name == "list" and conforms([value], wanted):
        return [value]
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], wanted):
        return value[0]
    if wanted.name in ("date and time", "dateTime") and kind(value) == "date":
        assert isinstance(value, date)
        return datetime.combine(value, time(tzinfo=UTC))
    return None
