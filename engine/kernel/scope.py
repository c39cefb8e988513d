"""The variables of one instance: a tree of scopes beside the tokens.

A scope is opened by the instance, a called process, a subprocess, the body of a multi-instance
activity, each of its instances, and an activity with io mapping. It ends with what opened it.

Read: the nearest scope upwards that has the name; a called process sees nothing above itself.
Write: the nearest scope upwards that has the name, else the topmost one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Scope:
    """Variables, and, if tokens move in it, what the joins of its container have counted."""

    id: int
    parent: int | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    # A called process: nothing above it is visible.
    isolated: bool = False
    # The execution it ends with; None for the instance.
    owner: int | None = None
    # Process or subprocess whose tokens move here.
    container: str | None = None
    # Join -> incoming flow -> waiting tokens.
    joins: dict[str, dict[str, int]] = field(default_factory=dict)
    # Complex gateway -> [tokens of this round, 1 if it has fired].
    rounds: dict[str, list[int]] = field(default_factory=dict)
    # Completed activities with a compensation handler, oldest first.
    compensable: list[dict[str, Any]] = field(default_factory=list)


class Scopes(dict[int, Scope]):
    """Scope number -> scope."""

    def chain(self, number: int) -> Iterator[Scope]:
        """The scope and those above it that can be seen from it."""
        scope = self[number]
        yield scope
        while not scope.isolated and scope.parent is not None:
            scope = self[scope.parent]
            yield scope

    def visible(self, number: int) -> dict[str, Any]:
        """All variables that can be read from this scope."""
        found: dict[str, Any] = {}
        for scope in self.chain(number):
            found = scope.variables | found
        return found

    def target(self, number: int, name: str) -> Scope:
        """Where a variable is written to."""
        last = self[number]
        for last in self.chain(number):
            if name in last.variables:
                break
        return last

    def depth(self, number: int) -> tuple[int, int]:
        """How many processes, and processes and subprocesses, are around a scope."""
        calls, levels = 0, 0
        above: int | None = number
        while above is not None:
            scope = self[above]
            calls += scope.isolated
            levels += scope.container is not None
            above = scope.parent
        return calls, levels


_MISSING = object()


class View(Mapping[str, Any]):
    """What an expression sees: `extra` first, then a scope and everything above it."""

    __slots__ = ("extra", "number", "scopes")

    def __init__(
        self, scopes: Scopes, number: int, extra: Mapping[str, Any] | None = None
    ) -> None:
        self.scopes = scopes
        self.number = number
        self.extra: dict[str, Any] = dict(extra) if extra else {}

    # Every variable of every expression comes through here: no generator, no second look-up.
    def get(self, name: str, default: Any = None) -> Any:
        if name in self.extra:
            return self.extra[name]
        scope = self.scopes[self.number]
        while name not in scope.variables:
            if scope.isolated or scope.parent is None:
                return default
            scope = self.scopes[scope.parent]
        return scope.variables[name]

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, _MISSING)
        if value is _MISSING:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.scopes.visible(self.number) | self.extra)

    def __len__(self) -> int:
        return len(self.scopes.visible(self.number) | self.extra)
