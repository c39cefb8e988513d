"""What the logic of a decision sees while it runs: variables, clock, budget, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.decisions.item_types import FUNCTION, Types, function_typed, typed
from engine.feel import Calendar, Expression, FeelBudgetExceeded, FeelValue
from engine.feel.frame import Frame

# All expressions of one evaluation together.
FUEL = 1_000_000
# What it costs to begin one.
_EXPRESSION = 4


class Meter(Protocol):
    """The budget that is left; a frame in the middle of an expression is one, too."""

    fuel: int
    calls: int


@dataclass(slots=True)
class Budget:
    """The budget of a whole evaluation."""

    fuel: int = FUEL
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a table has no answer: a code, the table, and the rules or columns concerned."""

    code: str
    args: tuple[str, ...] = ()


@dataclass(slots=True)
class Scope:
    """One level of names. Further levels share everything but the variables."""

    variables: Mapping[str, FeelValue]
    at: datetime
    calendar: Calendar | None
    meter: Meter
    warnings: list[str]
    failures: list[Failure]
    types: Types

    def inner(self, further: Mapping[str, FeelValue]) -> Scope:
        return self.with_only({**self.variables, **further})

    def with_only(self, variables: Mapping[str, FeelValue], meter: Meter | None = None) -> Scope:
        return Scope(
            variables,
            self.at,
            self.calendar,
            meter or self.meter,
            self.warnings,
            self.failures,
            self.types,
        )

    def frame(self) -> Frame:
        frame = Frame(self.variables, self.at, self.calendar, self.warnings)
        frame.fuel, frame.calls = self.meter.fuel, self.meter.calls
        return frame

    def settle(self, frame: Frame) -> None:
        """Take what the frame used from the budget."""
        self.meter.fuel = frame.fuel

    def spend(self, work: int) -> None:
        self.meter.fuel -= work
        if self.meter.fuel < 0:
            raise FeelBudgetExceeded("fuel")

    def value(self, expression: Expression) -> FeelValue:
        self.spend(_EXPRESSION)
        frame = self.frame()
        result = expression.run(frame)
        self.settle(frame)
        return result

    def typed(self, value: FeelValue, reference: str) -> FeelValue:
        if not reference:
            return value
        frame = self.frame()
        result = typed(value, reference, self.types, frame)
        self.settle(frame)
        return result

    def typed_function(self, function: FeelValue, reference: str) -> FeelValue:
        """A function under a type that is a function's, or that of its answer."""
        item = self.types.get(reference)
        if item is not None and item.base == FUNCTION:
            return self.typed(function, reference)
        return function_typed(function, (), reference, self.types)
