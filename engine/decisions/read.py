"""A DMN file into a `DecisionFile`, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.decisions.boxed import FunctionBox, LiteralBox
from engine.decisions.errors import DecisionsInvalid
from engine.decisions.model import (
    Decision,
    DecisionFile,
    InputData,
    Knowledge,
    Library,
    Service,
)
from engine.decisions.read_logic import read_logic
from engine.decisions.reading import Reading, read_types
from engine.decisions.xml import (
    Element,
    attribute,
    child,
    children,
    local_name,
    parse,
    reference,
)

_REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "informationRequirement": ("requiredInput", "requiredDecision"),
    "knowledgeRequirement": ("requiredKnowledge",),
}
# The kind of element that each reference may point to.
_TARGETS: Mapping[str, tuple[str, ...]] = {
    "requiredInput": ("inputData",),
    "requiredDecision": ("decision",),
    "requiredKnowledge": ("businessKnowledgeModel", "decisionService"),
    "outputDecision": ("decision",),
    "encapsulatedDecision": ("decision",),
    "inputDecision": ("decision",),
    "inputData": ("inputData",),
}
_KINDS = ("decision", "inputData", "businessKnowledgeModel", "decisionService")


def read_decisions(xml: bytes, *, name: str = "", strict: bool = True) -> DecisionFile:
    """Read DMN 1.1 to 1.5.

    Args:
        xml: the file.
        name: what to call it; else what it calls itself.
        strict: refuse a file with a broken expression or an unknown function. Otherwise such an
            expression is null and `DecisionFile.problems` lists them: for drafts.

    Raises:
        DecisionsInvalid: with every problem that was found, not only the first.
    """
    root = parse(xml)
    reader = _Reader(root)
    file = reader.file(name or attribute(root, "name"))
    fatal = [*reader.reading.problems, *(file.problems if strict else ())]
    if fatal:
        raise DecisionsInvalid(fatal)
    return file


class _Reader:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.reading = Reading()
        self.elements: dict[str, Element] = {}
        for element in children(root, *_KINDS):
            key = attribute(element, "id")
            if not key:
                self.reading.problem("no-id", element, attribute(element, "name"))
            elif key in self.elements:
                self.reading.problem("duplicate-id", element, key)
            else:
                self.elements[key] = element

    def file(self, name: str) -> DecisionFile:
        self._refuse_imports()
        self.reading.check_language(self.root)
        read_types(self.reading, self.root)
        library = Library(
            self.reading.types,
            {key: self._knowledge(e) for key, e in self._all("businessKnowledgeModel")},
            {key: self._service(e) for key, e in self._all("decisionService")},
            {key: self._input(e) for key, e in self._all("inputData")},
        )
        decisions = {key: self._decision(e, library) for key, e in self._all("decision")}
        if not decisions:
            self.reading.problem("no-decision", self.root)
        self._refuse_cycles()
        return DecisionFile(name, decisions, library, tuple(self.reading.expression_problems))

    def _refuse_imports(self) -> None:
        for element in children(self.root, "import"):
            self.reading.problem("import", element, attribute(element, "namespace"))

    def _all(self, kind: str) -> list[tuple[str, Element]]:
        return [(key, e) for key, e in self.elements.items() if local_name(e) == kind]

    # -- elements ----------------------------------------------------------------------------

    def _input(self, element: Element) -> InputData:
        variable = child(element, "variable")
        reference_ = "" if variable is None else self.reading.type_ref(variable)
        return InputData(attribute(element, "id"), self._variable(element), reference_)

    def _variable(self, element: Element) -> str:
        """The name under which others read the element."""
        variable = child(element, "variable")
        name = "" if variable is None else attribute(variable, "name")
        return " ".join((name or attribute(element, "name")).split())

    def _decision(self, element: Element, library: Library) -> Decision:
        required = self._required(element)
        variable = child(element, "variable")
        return Decision(
            attribute(element, "id"),
            attribute(element, "name"),
            self._variable(element),
            "" if variable is None else self.reading.type_ref(variable),
            read_logic(self.reading, element, self._names(required)),
            tuple(library.inputs[key] for key in self._of_kind(required, "inputData")),
            self._of_kind(required, "decision"),
            self._of_kind(required, "businessKnowledgeModel", "decisionService"),
            library,
        )

    def _knowledge(self, element: Element) -> Knowledge:
        required = self._required(element)
        own = self._variable(element)
        variable = child(element, "variable")
        type_ref = "" if variable is None else attribute(variable, "typeRef")
        body = child(element, "encapsulatedLogic")
        logic = None
        if body is None:
            self.reading.expression_problem("no-logic", element, "encapsulatedLogic")
        else:
            logic = self._function(body, own, self._names(required) | {own})
        empty = FunctionBox((), (), _null(self.reading, element), own)
        return Knowledge(attribute(element, "id"), own, logic or empty, type_ref, required)

    def _function(self, body: Element, name: str, names: frozenset[str]) -> FunctionBox | None:
        kind = attribute(body, "kind")
        if kind not in ("", "FEEL"):
            self.reading.expression_problem("external-function", body, kind)
            return None
        parameters = children(body, "formalParameter")
        own = tuple(attribute(parameter, "name") for parameter in parameters)
        return FunctionBox(
            own,
            tuple(self.reading.type_ref(parameter) for parameter in parameters),
            read_logic(self.reading, body, names | set(own)),
            name,
            self.reading.type_ref(body),
        )

    def _service(self, element: Element) -> Service:
        variable = child(element, "variable")
        reference_ = "" if variable is None else self.reading.type_ref(variable)
        item = self.reading.types.get(reference_)
        return Service(
            attribute(element, "id"),
            self._variable(element),
            item.result if item is not None and item.base == "function" else reference_,
            self._references(element, "outputDecision"),
            self._references(element, "inputDecision"),
            self._references(element, "inputData"),
        )

    # -- references --------------------------------------------------------------------------

    def _required(self, element: Element) -> tuple[str, ...]:
        keys: list[str] = []
        for requirement in children(element, *_REQUIREMENTS):
            for kind in _REQUIREMENTS[local_name(requirement)]:
                keys += self._references(requirement, kind)
        return tuple(dict.fromkeys(keys))

    def _references(self, holder: Element, kind: str) -> tuple[str, ...]:
        keys: list[str] = []
        for element in children(holder, kind):
            key = self._key(element)
            target = self.elements.get(key)
            if target is None or local_name(target) not in _TARGETS[kind]:
                self.reading.problem("unknown-reference", holder, key)
            else:
                keys.append(key)
        return tuple(keys)

    def _key(self, element: Element) -> str:
        """The id behind an href, which may spell out the file's own namespace."""
        return reference(element).removeprefix(attribute(self.root, "namespace") + "#")

    def _of_kind(self, keys: Sequence[str], *kinds: str) -> tuple[str, ...]:
        return tuple(key for key in keys if local_name(self.elements[key]) in kinds)

    def _names(self, keys: Sequence[str]) -> frozenset[str]:
        return frozenset(self._variable(self.elements[key]) for key in keys)

    # -- cycles ------------------------------------------------------------------------------

    def _refuse_cycles(self) -> None:
        """A model may call itself; a decision that needs its own answer has none."""
        graph = {
            key: [k for k in self._required_quietly(e) if k != key or local_name(e) == "decision"]
            for key, e in self.elements.items()
            if local_name(e) in ("decision", "businessKnowledgeModel")
        }
        for key in _on_cycles(graph):
            self.reading.problem(
                "cycle", self.elements[key], attribute(self.elements[key], "name")
            )

    def _required_quietly(self, element: Element) -> list[str]:
        hrefs = [
            self._key(target)
            for requirement in children(element, *_REQUIREMENTS)
            for target in children(requirement, "requiredDecision", "requiredKnowledge")
        ]
        return [key for key in hrefs if key in self.elements]


def _null(reading: Reading, element: Element) -> LiteralBox:
    return LiteralBox(reading.expression(element, "null", ()))


def _on_cycles(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes that are left when those without open requirements are taken away, repeatedly."""
    open_ = {key: {k for k in needs if k in graph} for key, needs in graph.items()}
    while True:
        done = {key for key, needs in open_.items() if not needs}
        if not done:
            break
        open_ = {key: needs - done for key, needs in open_.items() if key not in done}
    # What merely depends on a cycle is left, too; keep those that can come back to themselves.
    return [key for key in open_ if key in _reachable(open_, key)]


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += graph.get(key, ())
    return seen
