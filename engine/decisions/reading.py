"""What the readers of a decision file share: problems, compiling, and the names in scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from engine.decisions.errors import Problem
from engine.decisions.item_types import ItemType, bare, is_known
from engine.decisions.xml import Element, attribute, child, children, text_of
from engine.feel import (
    Expression,
    FeelBudgetExceeded,
    FeelSyntaxError,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.cursor import HIGHEST_LIMIT

Names = frozenset[str]
Compiled = TypeVar("Compiled", Expression, UnaryTests)
_FEEL_NAMES = ("feel", "s-feel", "sfeel")


class Reading:
    """The state of reading one file: every problem is collected, nothing stops at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        # Of single expressions: they have a value, null, but should not be deployed.
        self.expression_problems: list[Problem] = []
        self.types: dict[str, ItemType] = {}
        # Components with spaces or signs in their names are known wherever FEEL is compiled.
        self.components: set[str] = set()

    def expression_problem(self, code: str, element: Element, *args: str) -> None:
        """A problem that leaves a null in its place and the rest of the file as it is."""
        self.expression_problems.append(Problem(code, element_id(element), args))

    def problem(self, code: str, element: Element | None, *args: str) -> None:
        self.problems.append(Problem(code, element_id(element), args))

    def expression(self, element: Element, text: str, names: Iterable[str]) -> Expression:
        self.check_language(element)
        return self._compiled(compile_expression, element, text, names, "null")

    def tests(self, element: Element, text: str, names: Iterable[str]) -> UnaryTests:
        self.check_language(element)
        return self._compiled(compile_unary_tests, element, text, names, "-")

    def _compiled(
        self,
        compiler: Callable[..., Compiled],
        element: Element,
        text: str,
        names: Iterable[str],
        instead: str,
    ) -> Compiled:
        known = frozenset(names) | self.components
        try:
            compiled = compiler(text, names=known, limit=HIGHEST_LIMIT)
        except FeelSyntaxError as wrong:
            place = (str(wrong.line), str(wrong.column))
            self.expression_problem("feel", element, wrong.code, *place, wrong.message)
            return compiler(instead)
        except FeelBudgetExceeded as wrong:
            self.expression_problem("feel-budget", element, wrong.budget)
            return compiler(instead)
        for found in compiled.problems:
            place = (str(found.line), str(found.column))
            self.expression_problem("feel", element, found.code, *place, found.message)
        return compiled

    def type_ref(self, element: Element, holder: Element | None = None) -> str:
        """The typeRef of an element; one that is not defined is a problem."""
        reference = attribute(holder if holder is not None else element, "typeRef")
        if not is_known(reference, self.types):
            self.problem("unknown-type", element, reference)
            return ""
        return "" if bare(reference) == "Any" else bare(reference)

    def check_language(self, element: Element) -> None:
        language = attribute(element, "expressionLanguage")
        name = language.rstrip("/").rpartition("/")[2].lower()
        if language and name not in _FEEL_NAMES and "feel" not in language.lower():
            self.expression_problem("expression-language", element, language)


def element_id(element: Element | None) -> str:
    """The id of the element or, where it has none, of the nearest one around it."""
    while element is not None:
        if element.get("id"):
            return attribute(element, "id")
        element = element.getparent()
    return ""


def read_types(reading: Reading, root: Element) -> None:
    """All item definitions, by name; they may refer to each other in any order."""
    elements = {attribute(item, "name"): item for item in children(root, "itemDefinition")}
    # Names first, so that a reference forward is known; the definitions replace them.
    reading.types.update({name: ItemType(name) for name in elements})
    for name, element in elements.items():
        reading.types[name] = _item(reading, element)
    for name in _circular(reading.types):
        reading.problem("type-cycle", elements[name], name)


def _item(reading: Reading, element: Element) -> ItemType:
    name = attribute(element, "name")
    components: dict[str, ItemType] = {}
    for component in children(element, "itemComponent"):
        reading.components.add(attribute(component, "name"))
        components[attribute(component, "name")] = _item(reading, component)
    base = child(element, "typeRef")
    reference = "" if base is None else "".join(base.itertext()).strip()
    if not is_known(reference, reading.types):
        reading.problem("unknown-type", element, reference)
        reference = ""
    function = child(element, "functionItem")
    result = "" if function is None else bare(attribute(function, "outputTypeRef"))
    if function is not None:
        reference = "function"
    allowed_element = child(element, "allowedValues")
    allowed = None
    if allowed_element is not None and text_of(allowed_element):
        allowed = reading.tests(allowed_element, text_of(allowed_element), ())
    collection = attribute(element, "isCollection") in ("true", "1")
    return ItemType(
        name, bare(reference), components, is_collection=collection, result=result, allowed=allowed
    )


def _circular(types: Mapping[str, ItemType]) -> list[str]:
    """Types that are an alias of themselves; recursion through components is harmless."""
    circular: list[str] = []
    for name in types:
        seen = {name}
        base = types[name].base
        while base in types and base not in seen:
            seen.add(base)
            base = types[base].base
        if base == name:
            circular.append(name)
    return circular
