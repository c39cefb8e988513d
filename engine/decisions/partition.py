"""One input column cut into pieces on which no cell changes its mind.

Each piece is represented by one value. A cell becomes a bit mask: bit i says that value i passes
the cell's test. The test is the compiled one, so the masks cannot disagree with the evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from engine.decisions.table import Input
from engine.feel import FeelBudgetExceeded, FeelValue, UnaryTests, syntax
from engine.feel.frame import Frame
from engine.feel.parser import parse_unary_tests

MAX_VALUES = 400
_OTHER_TEXT = "…"
# Cells without `?`, names and calls do not look at the clock.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """Representative values and, rule by rule, which of them pass."""

    values: tuple[FeelValue, ...]
    masks: tuple[int, ...]

    @property
    def all(self) -> int:
        return (1 << len(self.values)) - 1


def partition(column: Input, cells: Sequence[UnaryTests]) -> Column | None:
    """The column cut into pieces, or None if a cell is more than literals and ranges of them."""
    tests = [*cells, *((column.allowed,) if column.allowed else ())]
    literals: list[FeelValue] = []
    for test in tests:
        found = _literals(test)
        if found is None:
            return None
        literals += found
    values = _representatives(column, literals)
    if values is None or len(values) > MAX_VALUES:
        return None
    if column.allowed is not None:
        values = [value for value in values if _passes(column.allowed, value)]
    if not values:
        return None
    # A missing value is a case of its own for an author who asks for it.
    if None in literals:
        values.append(None)
    masks = tuple(_mask(cell, values) for cell in cells)
    return Column(tuple(values), masks)


def _literals(test: UnaryTests) -> list[FeelValue] | None:
    """The literals a test compares with; None if it is not made of literals alone."""
    tree = parse_unary_tests(test.source, limit=len(test.source) + 2_000)
    found: list[FeelValue] = []
    for node in tree.tests:
        literals = _of_node(node)
        if literals is None:
            return None
        found += literals
    return found


def _of_node(node: syntax.Node) -> list[FeelValue] | None:
    if isinstance(node, syntax.Literal):
        return [node.value]
    if isinstance(node, syntax.Operator):
        return _of_node(node.endpoint)
    parts: tuple[syntax.Node, ...]
    if isinstance(node, syntax.Interval):
        parts = (node.low, node.high)
    elif isinstance(node, syntax.ListOf):
        parts = node.items
    else:
        return _of_date(node)
    found = [_of_node(part) for part in parts]
    return None if None in found else [value for values in found if values for value in values]


def _of_date(node: syntax.Node) -> list[FeelValue] | None:
    """`date("2020-01-01")` counts as a literal."""
    if not isinstance(node, syntax.Call) or not isinstance(node.callee, syntax.Name):
        return None
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if node.callee.name != "date" or not isinstance(argument, syntax.Literal):
        return None
    try:
        day = date.fromisoformat(str(argument.value))
    except ValueError:
        return None
    return [day]


def _representatives(column: Input, literals: Iterable[FeelValue]) -> list[FeelValue] | None:
    known = {type(literal) for literal in literals if literal is not None}
    kind = next(iter(known)) if len(known) == 1 else None
    if known and kind is None:
        return None
    if kind is bool or column.type_ref == "boolean":
        return [True, False]
    if kind is Decimal:
        return _numbers({value for value in literals if isinstance(value, Decimal)})
    if kind is date:
        return _dates({value for value in literals if isinstance(value, date)})
    if kind is str:
        return [*dict.fromkeys(v for v in literals if isinstance(v, str)), _OTHER_TEXT]
    # No cell says anything: the column does not matter, any value will do.
    return [_OTHER_TEXT] if kind is None else None


def _numbers(points: set[Decimal]) -> list[FeelValue]:
    ordered = sorted(points)
    between = [(a + b) / 2 for a, b in pairwise(ordered)]
    return [*sorted([ordered[0] - 1, *ordered, *between, ordered[-1] + 1])]


def _dates(points: set[date]) -> list[FeelValue]:
    near = {day + timedelta(days=n) for day in points for n in (-1, 0, 1) if _has(day, n)}
    return [*sorted(near)]


def _has(day: date, offset: int) -> bool:
    return date.min < day < date.max or not offset


def _mask(cell: UnaryTests, values: Sequence[FeelValue]) -> int:
    return sum(1 << index for index, value in enumerate(values) if _passes(cell, value))


def _passes(test: UnaryTests, value: FeelValue) -> bool:
    try:
        return test.run(Frame({}, _ANY_TIME, None, None), value) is True
    except FeelBudgetExceeded:
        return False
