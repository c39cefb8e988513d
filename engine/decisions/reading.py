"""What the readers of a decision file share: problems, compiling, and the names in scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from engine.decisions.errors import Problem
from engine.decisions.item_types import ItemType, feel_type
from engine.decisions.units import Units, namespace_of, plain
from engine.decisions.xml import Element, attribute, text_of
from engine.feel import (
    Expression,
    FeelBudgetExceeded,
    FeelSyntaxError,
    Type,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.cursor import HIGHEST_LIMIT
from engine.feel.types import SIMPLE

Names = frozenset[str]
Compiled = TypeVar("Compiled", Expression, UnaryTests)
# What other tools call numbers.
_NUMBERS = ("integer", "int", "long", "double", "float", "decimal")
_FEEL_NAMES = ("feel", "s-feel", "sfeel")


class Reading:
    """The state of reading one file: every problem is collected, nothing stops at the first."""

    def __init__(self, root: Element, others: Mapping[str, bytes]) -> None:
        self._root = root
        # Nothing can be executed.
        self.problems: list[Problem] = []
        # Of single expressions: they have a value, null, but should not be deployed.
        self.expression_problems: list[Problem] = []
        # By the standard, but hardly on purpose.
        self.remarks: list[Problem] = []
        self.units = Units(root, others, self._of_units)
        self.unit = self.units.main
        self.types: dict[str, ItemType] = {}
        self._feel_types: dict[str, Type] = {}
        # Components with spaces or signs in their names are known wherever FEEL is compiled.
        self.components: set[str] = set()

    # -- problems ----------------------------------------------------------------------------

    def problem(self, code: str, element: Element, *args: str) -> None:
        self.problems.append(self._problem(code, element, args))

    def expression_problem(self, code: str, element: Element, *args: str) -> None:
        """A problem that leaves a null in its place and the rest of the file as it is."""
        self.expression_problems.append(self._problem(code, element, args))

    def remark(self, code: str, element: Element, *args: str) -> None:
        self.remarks.append(self._problem(code, element, args))

    def _of_units(self, code: str, element: Element, *args: str) -> None:
        report = self.expression_problem if code == "import" else self.problem
        report(code, element, *args)

    def _problem(self, code: str, element: Element, args: tuple[str, ...]) -> Problem:
        foreign = element.getroottree().getroot() is not self._root
        namespace = namespace_of(element) if foreign else ""
        return Problem(code, element_id(element), args, namespace)

    # -- expressions -------------------------------------------------------------------------

    def expression(self, element: Element, text: str, names: Iterable[str]) -> Expression:
        self.check_language(element)
        return self._compiled(compile_expression, element, text, names, "null")

    def tests(self, element: Element, text: str, names: Iterable[str]) -> UnaryTests:
        self.check_language(element)
        return self._compiled(compile_unary_tests, element, text, names, "-")

    def null(self) -> Expression:
        return compile_expression("null")

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
            compiled = compiler(text, names=known, types=self._types_in(text), limit=HIGHEST_LIMIT)
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

    def check_language(self, element: Element) -> None:
        language = attribute(element, "expressionLanguage")
        name = language.rstrip("/").rpartition("/")[2].lower()
        if language and name not in _FEEL_NAMES and "feel" not in language.lower():
            self.expression_problem("expression-language", element, language)

    # -- types -------------------------------------------------------------------------------

    def type_ref(self, element: Element, holder: Element | None = None) -> str:
        """The key of an element's typeRef; one that is not defined is a problem."""
        return self.type_key(attribute(element if holder is None else holder, "typeRef"), element)

    def type_key(self, reference: str, element: Element) -> str:
        key = self._find_type(plain(reference), element)
        if key is None:
            self.expression_problem("unknown-type", element, reference)
        return key or ""

    def _find_type(self, reference: str, element: Element) -> str | None:
        """The key of a type, empty for Any; references may have a prefix or an import's name."""
        local = reference.rpartition("}")[2].rpartition(":")[2].strip()
        if local in ("", "Any"):
            return ""
        for name in (reference, local):
            if name in SIMPLE:
                return name
            if name in self.unit.types:
                return self.unit.prefix + name
        prefix = reference.partition(":")[0]
        other = self.units.of(element.nsmap.get(prefix, "") if prefix != reference else "")
        if other is not None and local in other.types:
            return other.prefix + local
        for name, other in self.unit.imports.items():
            if reference.startswith(f"{name}.") and reference[len(name) + 1 :] in other.types:
                return other.prefix + reference[len(name) + 1 :]
        return "number" if local in _NUMBERS else None

    def _types_in(self, text: str) -> dict[str, Type]:
        """The types whose names a text may mention, as FEEL knows them."""
        found = {
            name: self._feel_type(self.unit.prefix + name)
            for name in self.unit.types
            if name and name in text and name not in SIMPLE
        }
        for imported, unit in self.unit.imports.items():
            if f"{imported}." in text:
                for name in unit.types:
                    if f"{imported}.{name}" in text:
                        found[f"{imported}.{name}"] = self._feel_type(unit.prefix + name)
        return found

    def _feel_type(self, key: str) -> Type:
        if key not in self.types:
            return Type("Any")
        if key not in self._feel_types:
            self._feel_types[key] = feel_type(key, self.types)
        return self._feel_types[key]


def element_id(element: Element | None) -> str:
    """The id of the element or, where it has none, of the nearest one around it."""
    while element is not None:
        if element.get("id"):
            return attribute(element, "id")
        element = element.getparent()
    return ""


def tests_of(reading: Reading, element: Element | None, names: Iterable[str]) -> UnaryTests | None:
    """The unary tests an element holds, if it holds any."""
    text = text_of(element)
    return reading.tests(element, text, names) if element is not None and text else None
