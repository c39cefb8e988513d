"""What a function's body will answer, as far as its text says."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import syntax
from engine.feel.signatures import ANY, NULL, UNKNOWN, Type
from engine.feel.syntax import Node
from engine.feel.values import kind

_BOOLEAN = (
    syntax.Comparison,
    syntax.Between,
    syntax.In,
    syntax.InstanceOf,
)


def type_of(node: Node, names: Mapping[str, Type]) -> Type:
    """The type of an expression in which these names have these types."""
    if isinstance(node, syntax.Literal):
        return NULL if node.value is None else Type(kind(node.value))
    if isinstance(node, syntax.Name):
        return names.get(node.name, UNKNOWN)
    return Type("boolean") if isinstance(node, _BOOLEAN) else _composed(node, names)


def _composed(node: Node, names: Mapping[str, Type]) -> Type:
    if isinstance(node, syntax.ContextOf):
        return Type(
            "context",
            tuple(type_of(value, names) for _, value in node.entries),
            tuple(key for key, _ in node.entries),
        )
    if isinstance(node, syntax.ListOf):
        return Type("list", (_common([type_of(item, names) for item in node.items]),))
    if isinstance(node, syntax.If):
        return _common([type_of(node.then, names), type_of(node.otherwise, names)])
    return function_type(node, names) if isinstance(node, syntax.Lambda) else UNKNOWN


def function_type(node: syntax.Lambda, names: Mapping[str, Type]) -> Type:
    own = {
        name: wanted or UNKNOWN for name, wanted in zip(node.parameters, node.types, strict=True)
    }
    return Type(
        "function",
        tuple(wanted or ANY for wanted in node.types),
        result=type_of(node.body, {**names, **own}),
    )


def _common(types: list[Type]) -> Type:
    known = {one for one in types if one not in (NULL, UNKNOWN)}
    return known.pop() if len(known) == 1 else (ANY if known else UNKNOWN)
