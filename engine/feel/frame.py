"""One running evaluation: variables, clock, calendar, warnings and the work that is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from engine.feel.errors import FeelBudgetExceeded
from engine.feel.values import Calendar, FeelValue, to_feel

FUEL = 100_000
MAX_CALLS = 40
_MAX_WARNINGS = 50
_MISSING = object()


class Frame:
    """What every compiled node gets. It lives for one evaluation and is never shared."""

    __slots__ = ("at", "calendar", "calls", "converted", "fuel", "variables", "warnings")

    def __init__(
        self,
        variables: Mapping[str, object],
        at: datetime,
        calendar: Calendar | None,
        warnings: list[str] | None,
    ) -> None:
        self.variables = variables
        self.at = at
        self.calendar = calendar
        self.warnings = warnings
        self.fuel = FUEL
        self.calls = 0
        self.converted: dict[str, FeelValue] | None = None

    def warn(self, code: str, detail: str = "") -> None:
        """Record why something is null: a code and names or kinds, never a value."""
        if self.warnings is None or len(self.warnings) >= _MAX_WARNINGS:
            return
        text = f"{code}: {detail}" if detail else code
        if text not in self.warnings:
            self.warnings.append(text)

    def spend(self, work: int) -> None:
        self.fuel -= work
        if self.fuel < 0:
            raise FeelBudgetExceeded("fuel")

    def enter(self) -> None:
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise FeelBudgetExceeded("calls")

    def leave(self) -> None:
        self.calls -= 1

    @contextmanager
    def seeing(self, variables: Mapping[str, object]) -> Iterator[None]:
        """Read these variables for a while; work, warnings and clock stay the frame's."""
        if variables is self.variables:
            yield
            return
        outer = self.variables, self.converted
        self.variables, self.converted = variables, None
        yield
        self.variables, self.converted = outer

    def convert(self, name: str, value: object) -> FeelValue:
        """The FEEL value of a variable that is not a plain scalar, once per evaluation."""
        if self.converted is None:
            self.converted = {}
        known = self.converted.get(name, _MISSING)
        if known is _MISSING:
            known = self.converted[name] = to_feel(value)
        return known
