"""Boxed expressions other than tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.decisions.item_types import feel_type, result_of
from engine.decisions.model import Logic
from engine.decisions.scope import Scope
from engine.feel import Expression, FeelBudgetExceeded, FeelValue, Function, Range, kind
from engine.feel.blockcode import count_between
from engine.feel.callcode import call_function
from engine.feel.frame import Frame
from engine.feel.signatures import UNKNOWN
from engine.feel.values import MAX_LIST

# What a call and a round of a loop cost, as many of the smallest steps of FEEL.
CALL = 20
ROUND = 5


@dataclass(frozen=True, slots=True)
class LiteralBox(Logic):
    """A FEEL text."""

    expression: Expression

    def value(self, scope: Scope) -> FeelValue:
        return scope.value(self.expression)


@dataclass(frozen=True, slots=True)
class TypedBox(Logic):
    """A box whose value is converted to a type."""

    logic: Logic
    type_ref: str

    def value(self, scope: Scope) -> FeelValue:
        return scope.typed(self.logic.value(scope), self.type_ref)


@dataclass(frozen=True, slots=True)
class ContextBox(Logic):
    """Named entries, each seeing those above it; a last one without a name is the result."""

    entries: tuple[tuple[str, str, Logic], ...]
    result: Logic | None

    def value(self, scope: Scope) -> FeelValue:
        context: dict[str, FeelValue] = {}
        for name, type_ref, logic in self.entries:
            scope.spend(ROUND + (len(scope.variables) + len(context)) // 8)
            inner = scope.inner(context)
            context[name] = scope.typed(logic.value(inner), type_ref)
        return context if self.result is None else self.result.value(scope.inner(context))


@dataclass(frozen=True, slots=True)
class ListBox(Logic):
    """A list of boxes."""

    items: tuple[Logic, ...]

    def value(self, scope: Scope) -> FeelValue:
        return [item.value(scope) for item in self.items]


@dataclass(frozen=True, slots=True)
class RelationBox(Logic):
    """A table of contexts."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Logic, ...], ...]

    def value(self, scope: Scope) -> FeelValue:
        return [
            {
                name: scope.typed(row[index].value(scope), self.types[index])
                if index < len(row)
                else None
                for index, name in enumerate(self.columns)
            }
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class FunctionBox(Logic):
    """A function definition: a closure over the scope in which it stands."""

    parameters: tuple[str, ...]
    types: tuple[str, ...]
    body: Logic
    name: str = ""
    result_type: str = ""

    def value(self, scope: Scope) -> FeelValue:
        def call(frame: object, arguments: Sequence[FeelValue]) -> FeelValue:
            assert isinstance(frame, Frame)
            frame.spend(CALL + len(scope.variables) // 8)
            own = {
                name: scope.typed(argument, type_ref)
                for name, type_ref, argument in zip(
                    self.parameters, self.types, arguments, strict=True
                )
            }
            inner = scope.with_only({**scope.variables, **own}, frame)
            return inner.typed(self.body.value(inner), answer)

        answer = result_of(self.result_type, scope.types)
        types = tuple(feel_type(one, scope.types) for one in self.types)
        result = feel_type(answer, scope.types) if answer else UNKNOWN
        function = Function(self.parameters, call, types, result, name=self.name)
        return scope.typed_function(function, self.result_type)


@dataclass(frozen=True, slots=True)
class InvocationBox(Logic):
    """A call with named arguments."""

    callee: Logic
    bindings: tuple[tuple[str, Logic], ...]

    def value(self, scope: Scope) -> FeelValue:
        function = self.callee.value(scope)
        frame = scope.frame()
        if not isinstance(function, Function):
            frame.warn("not-a-function")
            return None
        names = [name for name, _ in self.bindings]
        arguments = [logic.value(scope) for _, logic in self.bindings]
        frame = scope.frame()
        value = call_function(frame, function, arguments, names)
        scope.settle(frame)
        return value


@dataclass(frozen=True, slots=True)
class ConditionalBox(Logic):
    """if, then, else."""

    condition: Logic
    then: Logic
    otherwise: Logic

    def value(self, scope: Scope) -> FeelValue:
        return (self.then if self.condition.value(scope) is True else self.otherwise).value(scope)


@dataclass(frozen=True, slots=True)
class FilterBox(Logic):
    """The members for which the match is true; a match that is not boolean leaves nothing."""

    source: Logic
    match: Logic

    def value(self, scope: Scope) -> FeelValue:
        source = self.source.value(scope)
        if source is None:
            return None
        kept: list[FeelValue] = []
        for member in _members(source):
            scope.spend(ROUND + len(scope.variables) // 8)
            keys = member if isinstance(member, dict) else {}
            matches = self.match.value(scope.inner({"item": member, **keys}))
            if matches is not None and not isinstance(matches, bool):
                scope.frame().warn("match", kind(matches))
                return None
            if matches is True:
                kept.append(member)
        return kept


def _members(source: FeelValue) -> list[FeelValue]:
    """What a filter or an iterator goes over: a list's members, a range's numbers or days."""
    if not isinstance(source, Range):
        return source if isinstance(source, list) else [source]
    whole = count_between(source.low, source.high) or []
    first = 0 if source.low_closed else 1
    return whole[first : len(whole) - (0 if source.high_closed else 1)]


@dataclass(frozen=True, slots=True)
class IteratorBox(Logic):
    """for, some or every over one list."""

    kind: str
    variable: str
    source: Logic
    body: Logic

    def value(self, scope: Scope) -> FeelValue:
        source = self.source.value(scope)
        if source is None:
            return None
        results: list[FeelValue] = []
        for member in _members(source):
            copied = len(results) if self.kind == "for" else 0
            scope.spend(ROUND + (copied + len(scope.variables)) // 8)
            if len(results) >= MAX_LIST:
                raise FeelBudgetExceeded("list")
            further = {self.variable: member}
            if self.kind == "for":
                further["partial"] = results[:]
            results.append(self.body.value(scope.inner(further)))
        return _CONCLUSIONS[self.kind](results)


def _some(results: list[FeelValue]) -> FeelValue:
    if any(result is True for result in results):
        return True
    return None if any(not isinstance(result, bool) for result in results) else False


def _every(results: list[FeelValue]) -> FeelValue:
    if any(result is False for result in results):
        return False
    return None if any(not isinstance(result, bool) for result in results) else True


_CONCLUSIONS: dict[str, Callable[[list[FeelValue]], FeelValue]] = {
    "for": lambda results: results,
    "some": _some,
    "every": _every,
}
