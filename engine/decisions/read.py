"""A DMN file into a `DecisionFile`, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.decisions.boxed import FunctionBox, LiteralBox
from engine.decisions.cycles import on_cycles
from engine.decisions.errors import DecisionsInvalid
from engine.decisions.item_types import result_of
from engine.decisions.model import (
    Decision,
    DecisionFile,
    InputData,
    Knowledge,
    Library,
    Logic,
    Service,
)
from engine.decisions.read_logic import READERS, read_function, read_logic
from engine.decisions.read_types import read_types
from engine.decisions.reading import Names, Reading
from engine.decisions.units import namespace_of, plain
from engine.decisions.xml import Element, attribute, child, children, local_name, parse

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


def read_decisions(
    xml: bytes,
    *,
    name: str = "",
    strict: bool = True,
    imports: Mapping[str, bytes] | None = None,
) -> DecisionFile:
    """Read DMN 1.1 to 1.5.

    Args:
        xml: the file.
        name: what to call it; else what it calls itself.
        strict: refuse a file with a broken expression or an unknown function. Otherwise such an
            expression is null and `DecisionFile.problems` lists them: for drafts.
        imports: other files by name, found by their namespace when this one imports them.

    Raises:
        DecisionsInvalid: with every problem that was found, not only the first.
    """
    root = parse(xml)
    reader = _Reader(root, imports or {})
    file = reader.file(name or attribute(root, "name"))
    fatal = [*reader.reading.problems, *(file.problems if strict else ())]
    if fatal:
        raise DecisionsInvalid(fatal)
    return file


class _Reader:
    def __init__(self, root: Element, others: Mapping[str, bytes]) -> None:
        self.root = root
        self.reading = Reading(root, others)
        self.units = self.reading.units
        self.elements = {key: e for unit in self.units for key, e in unit.elements.items()}
        self.owners = {key: unit for unit in self.units for key in unit.elements}
        self.required: dict[str, tuple[str, ...]] = {}

    def file(self, name: str) -> DecisionFile:
        self.reading.check_language(self.root)
        read_types(self.reading)
        for key, element in self._all("decision", "businessKnowledgeModel"):
            self.required[key] = self._required(element)
        decisions: dict[str, Decision] = {}
        library = Library(
            self.reading.types,
            {key: self._knowledge(key, e) for key, e in self._all("businessKnowledgeModel")},
            {key: self._service(key, e) for key, e in self._all("decisionService")},
            {key: self._input(key, e) for key, e in self._all("inputData")},
            decisions,
            {name: unit.prefix for name, unit in self.units.main.imports.items()},
            frozenset(self._variable(e) for _, e in self._all("decision", "inputData")),
        )
        for key, element in self._all("decision"):
            decisions[key] = self._decision(key, element, library)
        own = {
            key: decision
            for key, decision in decisions.items()
            if self.elements[key].getparent() is self.root
        }
        if not self.elements and not children(self.root, "import"):
            self.reading.expression_problem("no-decision", self.root)
        self._refuse_cycles()
        self._remark_imports()
        reading = self.reading
        return DecisionFile(
            name, own, library, tuple(reading.expression_problems), tuple(reading.remarks)
        )

    def _all(self, *kinds: str) -> Iterator[tuple[str, Element]]:
        """The elements of these kinds; the reading is in the unit of the one it gets."""
        for key, element in self.elements.items():
            if local_name(element) in kinds:
                self.reading.unit = self.owners[key]
                yield key, element

    # -- elements ----------------------------------------------------------------------------

    def _input(self, key: str, element: Element) -> InputData:
        return InputData(
            key, self._variable(element), self._type_of(element), namespace_of(element)
        )

    def _variable(self, element: Element) -> str:
        """The name under which others read the element."""
        variable = child(element, "variable")
        name = "" if variable is None else attribute(variable, "name")
        return plain(name or attribute(element, "name"))

    def _type_of(self, element: Element) -> str:
        variable = child(element, "variable")
        return "" if variable is None else self.reading.type_ref(variable)

    def _decision(self, key: str, element: Element, library: Library) -> Decision:
        required = self.required[key]
        return Decision(
            key,
            plain(attribute(element, "name")),
            self._variable(element),
            self._type_of(element),
            self._logic(element, self._names(required)),
            tuple(library.inputs[k] for k in self._of_kind(required, "inputData")),
            self._of_kind(required, "decision"),
            self._of_kind(required, "businessKnowledgeModel", "decisionService"),
            library,
            self._places(required),
        )

    def _logic(self, element: Element, names: Names) -> Logic:
        if children(element, *READERS):
            return read_logic(self.reading, element, names)
        # By the standard such a decision is null; a service may be given it.
        self.reading.remark("no-logic", element, local_name(element))
        return LiteralBox(self.reading.null())

    def _knowledge(self, key: str, element: Element) -> Knowledge:
        required = self._of_kind(self.required[key], "businessKnowledgeModel", "decisionService")
        own = self._variable(element)
        body = child(element, "encapsulatedLogic")
        logic: Logic | None = None
        if body is None:
            self.reading.remark("no-logic", element, local_name(element))
        else:
            logic = read_function(self.reading, body, self._names(required) | {own}, own)
        empty = FunctionBox((), (), LiteralBox(self.reading.null()), own)
        return Knowledge(
            key, own, logic or empty, self._type_of(element), required, self._places(required)
        )

    def _service(self, key: str, element: Element) -> Service:
        wanted = self._type_of(element)
        item = self.reading.types.get(wanted)
        return Service(
            key,
            self._variable(element),
            result_of(wanted, self.reading.types),
            self._references(element, "outputDecision"),
            self._references(element, "inputDecision"),
            self._references(element, "inputData"),
            item.parameters if item is not None else {},
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
            href = attribute(element, "href")
            key = self._locate(element, href)
            if key is None or local_name(self.elements[key]) not in _TARGETS[kind]:
                self.reading.expression_problem(
                    "unknown-reference", holder, href.removeprefix("#")
                )
            else:
                keys.append(key)
        return tuple(keys)

    def _locate(self, element: Element, href: str) -> str | None:
        found = self.units.locate(self.reading.unit, element, href)
        return None if found is None else found[1]

    def _of_kind(self, keys: Sequence[str], *kinds: str) -> tuple[str, ...]:
        return tuple(key for key in keys if local_name(self.elements[key]) in kinds)

    def _places(self, keys: Sequence[str]) -> dict[str, str]:
        """The import's name for what stands in another file."""
        unit = self.reading.unit
        foreign = {key: self.owners[key] for key in keys if self.owners[key] is not unit}
        named = {key: unit.import_name(owner) for key, owner in foreign.items()}
        return {key: name for key, name in named.items() if name}

    def _names(self, keys: Sequence[str]) -> Names:
        """What FEEL may say: the variables, and the names of the imports they stand behind."""
        variables = {self._variable(self.elements[key]) for key in keys}
        return frozenset(variables | set(self._places(keys).values()))

    # -- cycles ------------------------------------------------------------------------------

    def _refuse_cycles(self) -> None:
        """A model may call itself; a decision that needs its own answer has none."""
        graph = {
            key: [k for k in required if k != key or local_name(self.elements[key]) == "decision"]
            for key, required in self.required.items()
        }
        for key in on_cycles(graph):
            element = self.elements[key]
            self.reading.problem("cycle", element, attribute(element, "name"))

    def _remark_imports(self) -> None:
        """Files may import each other; nothing is gained, and they cannot be read alone."""
        own = attribute(self.root, "namespace")
        links = {key: self.units.links.get(key, []) for key in (own, *self.units.links)}
        if own in on_cycles(links):
            self.reading.remark("import-cycle", self.root, own)
