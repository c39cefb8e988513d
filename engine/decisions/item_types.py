"""Types of a decision file (typeRef, itemDefinition) and what a value becomes under them.

References are resolved when a file is read: a type's key is its name, behind the namespace of the
file where that is an imported one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.feel import FeelValue, Function, Type, UnaryTests
from engine.feel.frame import Frame
from engine.feel.signatures import ANY
from engine.feel.types import coerce

FUNCTION = "function"
_MAX_DEPTH = 20
# Types of contexts may hold themselves; FEEL's are written out.
_MAX_FEEL_DEPTH = 4
_MAX_PARTS = 50


@dataclass(frozen=True, slots=True)
class ItemType:
    """An itemDefinition: another type, or components, perhaps a list of it, perhaps restricted.

    `parameters` and `result` belong to a function's type. `allowed` restricts a value or each
    member of a list, `constraint` the value as a whole.
    """

    name: str
    base: str = ""
    components: Mapping[str, ItemType] = field(default_factory=dict)
    is_collection: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    allowed: UnaryTests | None = None
    constraint: UnaryTests | None = None


Types = Mapping[str, ItemType]


def typed(value: FeelValue, key: str, types: Types, frame: Frame) -> FeelValue:
    """The value under a type: itself, converted by the standard's rules, or null."""
    result = _typed(value, key, types, frame, 0)
    if result is None and value is not None:
        frame.warn("type", key)
    return result


def result_of(key: str, types: Types) -> str:
    """The type of what is answered: that of a function's result, else the type itself."""
    item = types.get(key)
    return item.result if item is not None and item.base == FUNCTION else key


def allowed_values(key: str, types: Types) -> UnaryTests | None:
    """The values that a type allows, by itself or as another name of a type that does."""
    for _ in range(_MAX_DEPTH):
        item = types.get(key)
        if item is None or item.allowed is not None:
            return None if item is None else item.allowed
        key = item.base
    return None


def feel_type(key: str, types: Types, depth: int = 0) -> Type:
    """The type as FEEL knows it, without its restrictions."""
    item = types.get(key)
    if item is None or depth > _MAX_DEPTH:
        return ANY if depth > _MAX_DEPTH else Type(key or ANY.name)
    return _feel_item(item, types, depth + 1)


def _feel_item(item: ItemType, types: Types, depth: int) -> Type:
    if item.components and depth <= _MAX_FEEL_DEPTH and len(item.components) <= _MAX_PARTS:
        parts = tuple(_feel_item(part, types, depth + 1) for part in item.components.values())
        one = Type("context", parts, tuple(item.components))
    elif item.components:
        one = Type("context")
    elif item.base == FUNCTION:
        taken = tuple(feel_type(key, types, depth) for key in item.parameters.values())
        one = Type(FUNCTION, taken, result=feel_type(item.result, types, depth))
    else:
        one = feel_type(item.base, types, depth)
    return Type("list", (one,)) if item.is_collection else one


def _typed(value: FeelValue, key: str, types: Types, frame: Frame, depth: int) -> FeelValue:
    if value is None or not key or depth > _MAX_DEPTH:
        return value
    item = types.get(key)
    if item is None:
        return coerce(value, Type(key))
    return _as_item(value, item, types, frame, depth + 1)


def _as_item(
    value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int
) -> FeelValue:
    result = (
        _members(value, item, types, frame, depth)
        if item.is_collection
        else _single(value, item, types, frame, depth)
    )
    return result if _passes(item.constraint, result, frame) else None


def _members(
    value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int
) -> FeelValue:
    result: list[FeelValue] = []
    members = value if isinstance(value, list) else [value]
    frame.spend(3 * len(members))
    for member in members:
        converted = _one(member, item, types, frame, depth)
        if converted is None and member is not None:
            return None
        result.append(converted)
    return result


def _single(value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int) -> FeelValue:
    if isinstance(value, list) and len(value) == 1 and not _is_list(item, types):
        value = value[0]
    return _one(value, item, types, frame, depth)


def _is_list(item: ItemType, types: Types) -> bool:
    for _ in range(_MAX_DEPTH):
        base = types.get(item.base)
        if base is None:
            return item.base in ("list", "Any")
        if base.is_collection:
            return True
        item = base
    return False


def _one(value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int) -> FeelValue:
    if item.components:
        value = _components(value, item, types, frame, depth)
    elif item.base == FUNCTION:
        value = _function(value, item, types)
    elif item.base:
        value = _typed(value, _unrestricted(item, types), types, frame, depth)
    return value if _passes(item.allowed, value, frame) else None


def _unrestricted(item: ItemType, types: Types) -> str:
    """The base to convert to: own values take the place of those that plain bases allow."""
    key = item.base
    if item.allowed is None:
        return key
    for _ in range(_MAX_DEPTH):
        base = types.get(key)
        if base is None or base.is_collection or base.components or base.constraint:
            return key
        key = base.base
    return key


def _passes(tests: UnaryTests | None, value: FeelValue, frame: Frame) -> bool:
    return value is None or tests is None or tests.run(frame, value) is True


def _components(
    value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int
) -> FeelValue:
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return None
    frame.spend(3 * len(item.components))
    result = dict(value)
    for name, component in item.components.items():
        if name not in value:
            return None
        given = value[name]
        if given is None:
            continue
        converted = _as_item(given, component, types, frame, depth + 1)
        if converted is None:
            return None
        result[name] = converted
    return result


def _function(value: FeelValue, item: ItemType, types: Types) -> FeelValue:
    wanted = tuple(item.parameters.values())
    if not isinstance(value, Function):
        return None
    if wanted and not value.variadic and len(wanted) != len(value.parameters):
        return None
    return function_typed(value, wanted, item.result, types)


def function_typed(
    value: FeelValue, parameters: Sequence[str], result: str, types: Types
) -> FeelValue:
    """The function with its arguments and its answer converted."""
    if not isinstance(value, Function) or not (result or any(parameters)):
        return value
    inner = value.call

    def call(frame: object, arguments: Sequence[FeelValue]) -> FeelValue:
        assert isinstance(frame, Frame)
        given = list(arguments)
        for index, key in enumerate(parameters[: len(given)]):
            given[index] = typed(given[index], key, types, frame)
        return typed(inner(frame, given), result, types, frame)

    return replace(value, call=call)
