"""Contexts: reading, building and merging."""

from __future__ import annotations

from collections.abc import Sequence

from engine.feel.builtins.registry import builtin
from engine.feel.frame import Frame
from engine.feel.values import FeelValue

ContextValue = dict[str, FeelValue]


@builtin(
    "get value(m: context, key: any)",
    group="context",
    en="The value under a key, or along a list of keys.",
    zh="按键（或键的列表）取值。",
)
def get_value(_frame: Frame, context: ContextValue, key: FeelValue) -> FeelValue:
    value: FeelValue = context
    for step in key if isinstance(key, list) else [key]:
        if not isinstance(value, dict) or not isinstance(step, str):
            return None
        value = value.get(step)
    return None if isinstance(key, list) and not key else value


@builtin(
    "get entries(m: context)",
    group="context",
    en="A list of contexts with key and value.",
    zh="由 key 与 value 组成的列表。",
)
def get_entries(_frame: Frame, context: ContextValue) -> FeelValue:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin(
    "context(entries: list)",
    group="context",
    en="The context of a list of contexts with key and value.",
    zh="由 key 与 value 的列表构造上下文。",
)
def context_of(frame: Frame, entries: Sequence[FeelValue]) -> FeelValue:
    result: ContextValue = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in result:
            return None
        frame.spend(1)
        result[key] = entry["value"]
    return result


@builtin(
    "context put(context: context, key: string|list, value: any)",
    group="context",
    en="The context with one value set.",
    zh="设置一个键值后的上下文。",
)
def context_put(
    frame: Frame, context: ContextValue, key: FeelValue, value: FeelValue
) -> FeelValue:
    if isinstance(key, list):
        return _put(frame, context, key, value)
    if not isinstance(key, str):
        return None
    frame.spend(len(context))
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_along(
    frame: Frame, context: ContextValue, keys: list[FeelValue], value: FeelValue
) -> FeelValue:
    return _put(frame, context, keys, value)


def _put(
    frame: Frame, context: FeelValue, keys: Sequence[FeelValue], value: FeelValue
) -> FeelValue:
    if not keys or not isinstance(keys[0], str) or not isinstance(context, dict):
        return None
    if len(keys) == 1:
        return context_put(frame, context, keys[0], value)
    inner = _put(frame, context.get(keys[0]) or {}, keys[1:], value)
    return None if inner is None else {**context, keys[0]: inner}


@builtin(
    "context merge(contexts: list)",
    group="context",
    en="All contexts in one, the later value wins.",
    zh="合并多个上下文，后者优先。",
)
def context_merge(frame: Frame, contexts: Sequence[FeelValue]) -> FeelValue:
    result: ContextValue = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        frame.spend(len(context))
        result |= context
    return result
