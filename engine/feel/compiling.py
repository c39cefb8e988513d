"""What all parts of the compiler share: scopes, slots, problems, and the way to the sub-nodes.

A node becomes a closure `code(frame, slots) -> value`. Variables are read from the frame by name.
Names that the expression binds itself (iterators, parameters, context entries) get a slot each, a
position in one list per evaluation, so that no dictionary is copied while iterating.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.feel.frame import Frame
from engine.feel.signatures import Type
from engine.feel.syntax import Node
from engine.feel.tokens import line_and_column
from engine.feel.values import FeelValue

Slots: TypeAlias = list[FeelValue]
Code: TypeAlias = Callable[[Frame, Slots], FeelValue]
Handler: TypeAlias = "Callable[[Compiling, Node], Code]"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a deployment should refuse although it can be evaluated (to null)."""

    code: str
    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name is found: the items of the filters around it first, then a slot or nothing."""

    items: tuple[int, ...]
    slot: int | None


class Compiling:
    """The state of one compilation."""

    def __init__(
        self,
        source: str,
        names: Collection[str],
        types: Mapping[str, Type],
        handlers: Mapping[type[Node], Handler],
    ) -> None:
        self.source = source
        self.names = frozenset(" ".join(name.split()) for name in names)
        self.types = types
        self.handlers = handlers
        self.free: set[str] = set()
        self.problems: list[Problem] = []
        self.slot_count = 0
        self.nodes = 0
        self._scopes: list[dict[str, int] | int] = []

    def code(self, node: Node) -> Code:
        self.nodes += 1
        return self.handlers[type(node)](self, node)

    def priced(self, node: Node) -> tuple[Code, int]:
        """The code with how many nodes one run of it visits at least once."""
        before = self.nodes
        code = self.code(node)
        return code, self.nodes - before

    def problem(self, at: int, code: str, message: str) -> None:
        self.problems.append(Problem(code, message, *line_and_column(self.source, at)))

    # -- scopes ------------------------------------------------------------------------------

    def slot(self) -> int:
        self.slot_count += 1
        return self.slot_count - 1

    def bind(self, *names: str) -> list[int]:
        """Open a scope in which each name has a slot of its own."""
        slots = {name: self.slot() for name in names}
        self._scopes.append(slots)
        return [slots[name] for name in names]

    def bind_more(self, name: str) -> int:
        """A further name of the innermost scope."""
        scope = self._scopes[-1]
        assert isinstance(scope, dict)
        scope[name] = self.slot()
        return scope[name]

    def bind_item(self) -> int:
        """Open the scope of a filter: the keys of the item shadow the names around it."""
        slot = self.slot()
        self._scopes.append(slot)
        return slot

    def release(self) -> None:
        self._scopes.pop()

    def find(self, name: str) -> Place:
        items: list[int] = []
        for scope in reversed(self._scopes):
            if isinstance(scope, int):
                items.append(scope)
                if name == "item":
                    return Place(tuple(items), scope)
            elif name in scope:
                return Place(tuple(items), scope[name])
        return Place(tuple(items), None)
