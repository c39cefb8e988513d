"""Item definitions from XML."""

from __future__ import annotations

from collections.abc import Mapping

from engine.decisions.item_types import FUNCTION, ItemType
from engine.decisions.reading import Reading, tests_of
from engine.decisions.units import plain
from engine.decisions.xml import Element, attribute, child, children
from engine.feel.types import SIMPLE


def read_types(reading: Reading) -> None:
    """All item definitions of all units; they may refer to each other in any order."""
    elements: dict[str, Element] = {}
    for unit in reading.units:
        reading.unit = unit
        for name, element in unit.types.items():
            if name in SIMPLE:
                continue
            key = unit.prefix + name
            elements[key] = element
            reading.types[key] = _item(reading, element)
    reading.unit = reading.units.main
    for key in _circular(reading.types):
        reading.problem("type-cycle", elements[key], plain(attribute(elements[key], "name")))


def _item(reading: Reading, element: Element) -> ItemType:
    components: dict[str, ItemType] = {}
    for component in children(element, "itemComponent"):
        name = plain(attribute(component, "name"))
        reading.components.add(name)
        components[name] = _item(reading, component)
    function = child(element, "functionItem")
    reference = child(element, "typeRef")
    text = "" if reference is None else "".join(reference.itertext())
    return ItemType(
        plain(attribute(element, "name")),
        FUNCTION if function is not None else reading.type_key(text, element),
        components,
        is_collection=attribute(element, "isCollection") in ("true", "1"),
        parameters={} if function is None else _parameters(reading, function),
        result="" if function is None else _result(reading, function),
        allowed=tests_of(reading, child(element, "allowedValues"), ()),
        constraint=tests_of(reading, child(element, "typeConstraint"), ()),
    )


def _parameters(reading: Reading, function: Element) -> dict[str, str]:
    return {
        plain(attribute(item, "name")): reading.type_ref(item)
        for item in children(function, "parameters")
    }


def _result(reading: Reading, function: Element) -> str:
    return reading.type_key(attribute(function, "outputTypeRef"), function)


def _circular(types: Mapping[str, ItemType]) -> list[str]:
    """Types that are an alias of themselves; recursion through components is harmless."""
    circular: list[str] = []
    settled: set[str] = set()
    for start in types:
        path: list[str] = []
        walked: set[str] = set()
        key = start
        while key in types and key not in settled and key not in walked:
            path.append(key)
            walked.add(key)
            key = types[key].base
        if key in walked:
            circular += path[path.index(key) :]
        settled |= walked
    return circular
