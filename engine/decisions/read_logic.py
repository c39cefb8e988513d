"""Boxed expressions from XML: a decision's logic or a part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from engine.decisions.boxed import (
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    RelationBox,
    TypedBox,
)
from engine.decisions.model import Logic
from engine.decisions.read_table import read_table
from engine.decisions.reading import Names, Reading
from engine.decisions.units import plain
from engine.decisions.xml import (
    Element,
    attribute,
    child,
    children,
    local_name,
    text_of,
)

Reader: TypeAlias = Callable[[Reading, Element, Names], Logic]
_MAX_DEPTH = 30
_NOTHING = "null"
_TYPED_WITHIN = ("functionDefinition", "decisionTable")


def read_logic(reading: Reading, holder: Element, names: Names) -> Logic:
    """The one boxed expression inside an element."""
    found = children(holder, *READERS)
    if len(found) != 1:
        code = "no-logic" if not found else "several-logics"
        reading.expression_problem(code, holder, local_name(holder))
        return _nothing(reading)
    return read_box(reading, found[0], names)


def read_box(reading: Reading, element: Element, names: Names) -> Logic:
    depth = sum(1 for _ in element.iterancestors())
    if depth > 3 * _MAX_DEPTH:
        reading.problem("too-deep", element, str(_MAX_DEPTH))
        return _nothing(reading)
    kind = local_name(element)
    logic = READERS[kind](reading, element, names)
    # The type of a function definition is that of the function, a table types its columns.
    reference = "" if kind in _TYPED_WITHIN else reading.type_ref(element)
    return _typed(logic, reference)


def _typed(logic: Logic, reference: str) -> Logic:
    return TypedBox(logic, reference) if reference else logic


def _nothing(reading: Reading) -> Logic:
    return LiteralBox(reading.null())


def _literal(reading: Reading, element: Element, names: Names) -> Logic:
    text = text_of(element)
    if child(element, "importedValues") is not None:
        reading.expression_problem("imported-values", element)
    if not text:
        reading.expression_problem("empty-expression", element)
        text = _NOTHING
    return LiteralBox(reading.expression(element, text, names))


def _context(reading: Reading, element: Element, names: Names) -> Logic:
    entries: list[tuple[str, str, Logic]] = []
    result: Logic | None = None
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        logic = read_logic(reading, entry, names)
        if variable is None:
            result = logic
            continue
        name = plain(attribute(variable, "name"))
        entries.append((name, reading.type_ref(variable), logic))
        names |= {name}
    return ContextBox(tuple(entries), result)


def _list(reading: Reading, element: Element, names: Names) -> Logic:
    return ListBox(tuple(read_box(reading, item, names) for item in children(element, *READERS)))


def _relation(reading: Reading, element: Element, names: Names) -> Logic:
    holders = children(element, "column")
    columns = tuple(plain(attribute(column, "name")) for column in holders)
    types = tuple(reading.type_ref(column) for column in holders)
    rows = []
    for row in children(element, "row"):
        cells = tuple(read_box(reading, cell, names) for cell in children(row, *READERS))
        if len(cells) != len(columns):
            reading.expression_problem("row-length", row, str(len(cells)), str(len(columns)))
        rows.append(cells[: len(columns)])
    return RelationBox(columns, types, tuple(rows))


def _function(reading: Reading, element: Element, names: Names) -> Logic:
    return read_function(reading, element, names) or _nothing(reading)


def read_function(
    reading: Reading, element: Element, names: Names, name: str = ""
) -> FunctionBox | None:
    """A function definition; none for one that is written in Java or PMML."""
    kind = attribute(element, "kind")
    if kind not in ("", "FEEL"):
        reading.expression_problem("external-function", element, kind)
        return None
    parameters = children(element, "formalParameter")
    own = tuple(plain(attribute(parameter, "name")) for parameter in parameters)
    return FunctionBox(
        own,
        tuple(reading.type_ref(parameter) for parameter in parameters),
        read_logic(reading, element, names | set(own)),
        name,
        # The type of a function is that of its answer, or a function's type as a whole.
        reading.type_ref(element),
    )


def _invocation(reading: Reading, element: Element, names: Names) -> Logic:
    found = children(element, *READERS)
    callee = read_box(reading, found[0], names) if found else _nothing(reading)
    if not found:
        reading.expression_problem("no-logic", element, "invocation")
    bindings: list[tuple[str, Logic]] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        if parameter is None:
            reading.expression_problem("no-parameter", binding)
            continue
        logic = read_logic(reading, binding, names)
        bindings.append(
            (plain(attribute(parameter, "name")), _typed(logic, reading.type_ref(parameter)))
        )
    return InvocationBox(callee, tuple(bindings))


def _part(reading: Reading, element: Element, name: str, names: Names) -> Logic:
    holder = child(element, name)
    if holder is None:
        reading.expression_problem("no-logic", element, name)
        return _nothing(reading)
    return read_logic(reading, holder, names)


def _conditional(reading: Reading, element: Element, names: Names) -> Logic:
    parts = (_part(reading, element, name, names) for name in ("if", "then", "else"))
    return ConditionalBox(*parts)


def _filter(reading: Reading, element: Element, names: Names) -> Logic:
    return FilterBox(
        _part(reading, element, "in", names),
        _part(reading, element, "match", names | {"item"}),
    )


def _iterator(reading: Reading, element: Element, names: Names) -> Logic:
    variable = plain(attribute(element, "iteratorVariable"))
    kind = local_name(element)
    body = "return" if kind == "for" else "satisfies"
    return IteratorBox(
        kind,
        variable,
        _part(reading, element, "in", names),
        _part(reading, element, body, names | {variable, "partial"}),
    )


READERS: Mapping[str, Reader] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
