"""Data that a diagram draws: objects, properties, inputs and outputs are variables by name.

The names that modellers leave behind where nothing was meant ("Data Object 1", placeholders) are
no names of variables: what refers to them documents.
"""

from __future__ import annotations

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import bpmn, kind
from engine.kernel.read.values import MAX_NAME, RESERVED, VARIABLE

ASSOCIATIONS = frozenset({"dataInputAssociation", "dataOutputAssociation"})
REFERENCES = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}
PLACEHOLDER = "__targetRef_placeholder"


def is_variable(name: str) -> bool:
    return (
        len(name) <= MAX_NAME
        and VARIABLE.match(name) is not None
        and name not in RESERVED
        and name != PLACEHOLDER
    )


def drawn(element: Element, drawing: Drawing) -> list[Element]:
    """A data element, and the one it refers to."""
    pointer = REFERENCES.get(kind(element))
    target = None if pointer is None else drawing.by_id.get(element.get(pointer) or "")
    return [element] if target is None else [element, target]


def named_variable(element: Element, drawing: Drawing) -> str:
    """The variable that a data element is named after; empty when it has no such name."""
    names = [(part.get("name") or "").strip() for part in drawn(element, drawing)]
    name = next(filter(None, names), "")
    return name if is_variable(name) else ""


def variable_of(element: Element, drawing: Drawing) -> str:
    """The same, by id when nothing is named: engineered files call their data so."""
    parts = drawn(element, drawing)
    if any((part.get("name") or "").strip() for part in parts):
        return named_variable(element, drawing)
    name = (parts[-1].get("id") or "").strip()
    return name if is_variable(name) else ""


def referred(text: str | None, drawing: Drawing) -> Element | None:
    return drawing.by_id.get((text or "").strip().rpartition(":")[2])


def variable_at(text: str | None, node: Element, drawing: Drawing) -> str:
    """The variable behind a reference of an activity.

    An input or output of the activity stands for the data that an association ties to it. A
    reference to nothing drawn names the variable itself.
    """
    found = referred(text, drawing)
    if found is None:
        name = (text or "").strip()
        return name if is_variable(name) else ""
    for association in (e for e in node if kind(e) in ASSOCIATIONS):
        source, target = ends(association, drawing)
        if kind(association) == "dataInputAssociation" and target is found and source is not None:
            return variable_of(source, drawing)
        if kind(association) == "dataOutputAssociation" and source is found and target is not None:
            return variable_of(target, drawing)
    return variable_of(found, drawing)


def ends(association: Element, drawing: Drawing) -> tuple[Element | None, Element | None]:
    """What an association reads and what it writes, as far as it is drawn."""
    source, target = (association.find(bpmn(tag)) for tag in ("sourceRef", "targetRef"))
    return (
        None if source is None else referred(source.text, drawing),
        None if target is None else referred(target.text, drawing),
    )
