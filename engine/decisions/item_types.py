"""Types of a decision file (typeRef, itemDefinition) and what a value becomes under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.feel import FeelValue, UnaryTests
from engine.feel.frame import Frame
from engine.feel.syntax import Type
from engine.feel.types import SIMPLE, coerce

_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class ItemType:
    """An itemDefinition: another type, or components, perhaps a list of it, perhaps restricted.

    `result` is what a function of this type answers.
    """

    name: str
    base: str = ""
    components: Mapping[str, ItemType] = field(default_factory=dict)
    is_collection: bool = False
    result: str = ""
    allowed: UnaryTests | None = None


Types = Mapping[str, ItemType]


def bare(reference: str) -> str:
    """`feel:number` and `{uri}number` → `number`."""
    return reference.rpartition("}")[2].rpartition(":")[2].strip()


def is_known(reference: str, types: Types) -> bool:
    name = bare(reference)
    return not name or name == "Any" or name in SIMPLE or name in types


def typed(value: FeelValue, reference: str, types: Types, frame: Frame) -> FeelValue:
    """The value under a typeRef: itself, converted by the standard's rules, or null."""
    result = _typed(value, bare(reference), types, frame, 0)
    if result is None and value is not None:
        frame.warn("type", reference)
    return result


def _typed(value: FeelValue, name: str, types: Types, frame: Frame, depth: int) -> FeelValue:
    if value is None or not name or depth > _MAX_DEPTH:
        return value
    item = types.get(name)
    if item is None:
        return coerce(value, Type(name))
    return _as_item(value, item, types, frame, depth + 1)


def _as_item(
    value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int
) -> FeelValue:
    if not item.is_collection:
        if isinstance(value, list) and len(value) == 1 and not _is_list(item, types):
            value = value[0]
        return _one(value, item, types, frame, depth)
    members = value if isinstance(value, list) else [value]
    result: list[FeelValue] = []
    for member in members:
        converted = _one(member, item, types, frame, depth)
        if converted is None and member is not None:
            return None
        result.append(converted)
    return result


def _is_list(item: ItemType, types: Types) -> bool:
    base = types.get(bare(item.base))
    return item.base == "list" or (base is not None and (base.is_collection or _is_list(base, {})))


def _one(value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int) -> FeelValue:
    if item.components:
        value = _components(value, item, types, frame, depth)
    elif item.base:
        value = _typed(value, bare(item.base), types, frame, depth)
    if (
        value is not None
        and item.allowed is not None
        and item.allowed.run(frame, value) is not True
    ):
        return None
    return value


def _components(
    value: FeelValue, item: ItemType, types: Types, frame: Frame, depth: int
) -> FeelValue:
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return None
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
