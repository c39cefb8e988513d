"""A decision file as immutable data, its FEEL compiled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.decisions.errors import NoSuchDecision, Problem
from engine.decisions.item_types import Types
from engine.decisions.scope import Scope
from engine.feel import FeelValue


class Logic(ABC):
    """The logic of a decision or of a part of one: a boxed expression."""

    __slots__ = ()

    @abstractmethod
    def value(self, scope: Scope) -> FeelValue: ...


@dataclass(frozen=True, slots=True)
class InputData:
    """What has to be given."""

    id: str
    name: str
    type_ref: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function, and the functions that it calls itself.

    `places` has the import's name for what is required from an imported file.
    """

    id: str
    name: str
    logic: Logic
    type_ref: str
    requires: tuple[str, ...]
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: a function over some decisions of the graph.

    `parameters` has the types that the service's own type asks for, by parameter.
    """

    id: str
    name: str
    type_ref: str
    outputs: tuple[str, ...]
    given_decisions: tuple[str, ...]
    given_inputs: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: its logic and what it requires, by id."""

    id: str
    name: str
    variable: str
    type_ref: str
    logic: Logic
    inputs: tuple[InputData, ...]
    decisions: tuple[str, ...]
    knowledge: tuple[str, ...]
    library: Library
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Library:
    """What the decisions of one file share, with what the file imports.

    Ids of imported elements stand behind the namespace of their file. `names` are those of all
    data and decisions: they are seen where they are required, and nowhere else.
    """

    types: Types = field(default_factory=dict)
    knowledge: Mapping[str, Knowledge] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    inputs: Mapping[str, InputData] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict, repr=False, compare=False)
    imports: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def find(self, wanted: str) -> Decision | Service | Knowledge | None:
        """By id, by name, or as `import.name`; decisions before services before models."""
        groups: tuple[Mapping[str, Decision | Service | Knowledge], ...]
        groups = (self.decisions, self.services, self.knowledge)
        by_id = (group[wanted] for group in groups if wanted in group)
        return next(by_id, None) or self._named("", wanted) or self._qualified(wanted)

    def _qualified(self, wanted: str) -> Decision | Service | Knowledge | None:
        for name, prefix in self.imports.items():
            if wanted.startswith(f"{name}."):
                return self._named(prefix, wanted[len(name) + 1 :])
        return None

    def _named(self, prefix: str, wanted: str) -> Decision | Service | Knowledge | None:
        for group in (self.decisions, self.services, self.knowledge):
            for key, element in group.items():
                if element.name == wanted and key.startswith(prefix):
                    return element
        return None


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """A DMN file that can be executed: every expression compiled, every reference resolved.

    `problems` would have refused the file, had it not been read as a draft; `remarks` do not.
    """

    name: str
    decisions: Mapping[str, Decision]
    library: Library
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()

    def find(self, decision: str) -> Decision:
        """By id, else by name."""
        return find(self.decisions, decision)


def find(decisions: Mapping[str, Decision], decision: str) -> Decision:
    found = decisions.get(decision)
    if found is None:
        found = next((item for item in decisions.values() if item.name == decision), None)
    if found is None:
        raise NoSuchDecision(decision)
    return found
