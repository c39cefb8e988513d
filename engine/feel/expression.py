"""Compiled expressions and unary tests, and the caches in front of the compiler."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from engine.feel.builtins import BUILTINS
from engine.feel.compiler import compiling
from engine.feel.compiling import Code, Problem
from engine.feel.cursor import DEFAULT_LIMIT
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.frame import Frame
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.signatures import Type
from engine.feel.testcode import Test, tests_code
from engine.feel.values import Calendar, FeelValue, measure, to_feel

_CACHED = 2_048
_NamedTypes: TypeAlias = frozenset[tuple[str, Type]]
_NO_TYPES: Mapping[str, Type] = MappingProxyType({})


class Expression:
    """A compiled FEEL expression: immutable, shareable between threads, evaluated any often."""

    __slots__ = ("_code", "_slots", "names", "problems", "source")

    def __init__(
        self,
        source: str,
        code: Code,
        slots: int,
        names: frozenset[str],
        problems: tuple[Problem, ...],
    ) -> None:
        self.source = source
        self.names = names
        self.problems = problems
        self._code = code
        self._slots = slots

    def evaluate(
        self,
        variables: Mapping[str, object],
        *,
        at: datetime,
        calendar: Calendar | None = None,
        warnings: list[str] | None = None,
    ) -> FeelValue:
        """The value; an error inside is null, its reason goes to `warnings`.

        Raises:
            FeelBudgetExceeded: too much work, text, nesting or result.
        """
        frame = Frame(variables, at, calendar, warnings)
        return self.run(frame)

    def run(self, frame: Frame) -> FeelValue:
        """Evaluate on a frame that is already running (a decision's further expressions)."""
        try:
            value = self._code(frame, [None] * self._slots)
            if isinstance(value, (list, dict)):
                measure(value)
        except RecursionError:
            raise FeelBudgetExceeded("depth") from None
        return value

    def __repr__(self) -> str:
        return f"<Expression {self.source!r}>"


class UnaryTests:
    """The compiled tests of a decision table's cell."""

    __slots__ = ("_slot", "_slots", "_test", "names", "problems", "source")

    def __init__(
        self,
        source: str,
        test: Test,
        slots: tuple[int, int],
        names: frozenset[str],
        problems: tuple[Problem, ...],
    ) -> None:
        self.source = source
        self.names = names
        self.problems = problems
        self._test = test
        self._slot, self._slots = slots

    def test(
        self,
        value: object,
        variables: Mapping[str, object],
        *,
        at: datetime,
        calendar: Calendar | None = None,
        warnings: list[str] | None = None,
    ) -> bool | None:
        """Does the value pass? null where that cannot be told (a missing value, another kind)."""
        return self.run(Frame(variables, at, calendar, warnings), to_feel(value))

    def run(self, frame: Frame, value: FeelValue) -> bool | None:
        slots: list[FeelValue] = [None] * self._slots
        slots[self._slot] = value
        try:
            return self._test(frame, slots, value)
        except RecursionError:
            raise FeelBudgetExceeded("depth") from None

    def __repr__(self) -> str:
        return f"<UnaryTests {self.source!r}>"


def compile_expression(
    source: str,
    *,
    names: Collection[str] = (),
    types: Mapping[str, Type] = _NO_TYPES,
    limit: int = DEFAULT_LIMIT,
) -> Expression:
    """Compile once; the same source and names give the same object.

    Args:
        source: FEEL without the leading `=` of a diagram.
        names: the variables in scope; needed for those with spaces, signs or grammar words.
        types: further types by name, made of the built-in ones.
        limit: the most characters allowed, up to 20,000.

    Raises:
        FeelSyntaxError: it is no expression.
        FeelBudgetExceeded: it is too long or too deep.
    """
    return _expression(source, frozenset(names), frozenset(types.items()), limit)


def compile_unary_tests(
    source: str,
    *,
    names: Collection[str] = (),
    types: Mapping[str, Type] = _NO_TYPES,
    limit: int = DEFAULT_LIMIT,
) -> UnaryTests:
    """Compile a cell: `-`, `< 5, > 10`, `not("a")`, `[1..3]`, an expression with `?`."""
    return _unary_tests(source, frozenset(names), frozenset(types.items()), limit)


@lru_cache(maxsize=_CACHED)
def _expression(source: str, names: frozenset[str], types: _NamedTypes, limit: int) -> Expression:
    tree = parse_expression(source, (*BUILTINS, *names), limit=limit)
    state = compiling(source, names, dict(types))
    code = state.code(tree)
    return Expression(source, code, state.slot_count, frozenset(state.free), tuple(state.problems))


@lru_cache(maxsize=_CACHED)
def _unary_tests(source: str, names: frozenset[str], types: _NamedTypes, limit: int) -> UnaryTests:
    tree = parse_unary_tests(source, (*BUILTINS, *names), limit=limit)
    state = compiling(source, names, dict(types))
    test, slot = tests_code(state, tree)
    return UnaryTests(
        source, test, (slot, state.slot_count), frozenset(state.free), tuple(state.problems)
    )
