"""Static checks of a decision table: overlaps, gaps, rules that cannot fire, duplicates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.decisions.model import Decision
from engine.decisions.partition import Column, partition
from engine.decisions.table import Rule, Table
from engine.feel import FeelBudgetExceeded, format_value

MAX_STEPS = 20_000
MAX_FINDINGS = 20

Box = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TableFinding:
    """What an author should look at.

    `overlap` and `duplicate` name two rules, `unreachable` one, `gap` none, `not-analysed` the
    input columns that hold more than literals. `example` maps each input's label to the FEEL
    literal of a value that shows it.
    """

    code: str
    rules: tuple[str, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


def analyse(decision: Decision) -> tuple[TableFinding, ...]:
    """Findings about the decision's table, at most twenty of a kind; none for other logic."""
    table = decision.logic
    if not isinstance(table, Table) or not table.rules:
        return ()
    parts = [
        partition(column, [rule.tests[index] for rule in table.rules])
        for index, column in enumerate(table.inputs)
    ]
    unknown = tuple(
        column.id for column, part in zip(table.inputs, parts, strict=True) if part is None
    )
    if unknown:
        return (TableFinding("not-analysed", columns=unknown),)
    return tuple(_Analysis(table, [part for part in parts if part is not None]).findings())


class _Analysis:
    def __init__(self, table: Table, columns: Sequence[Column]) -> None:
        self.table = table
        self.columns = columns
        self.boxes: list[Box] = [
            tuple(column.masks[index] for column in columns) for index in range(len(table.rules))
        ]
        self.steps = 0

    def findings(self) -> Iterator[TableFinding]:
        yield from self._unreachable()
        yield from self._duplicates()
        if self.table.hit_policy in ("UNIQUE", "ANY"):
            yield from self._overlaps()
            yield from self._gaps()

    def _unreachable(self) -> Iterator[TableFinding]:
        """A test that nothing passes; with FIRST also a rule hidden by those above it."""
        for index, (rule, box) in enumerate(zip(self.table.rules, self.boxes, strict=True)):
            hidden = 0 in box
            if not hidden and self.table.hit_policy == "FIRST":
                hidden = self._is_covered(box, self.boxes[:index])
            if hidden:
                yield TableFinding("unreachable", (rule.id,))

    def _is_covered(self, box: Box, by: Sequence[Box]) -> bool:
        self.steps = 0
        try:
            return next(self._rest(box, by, 0), None) is None
        except FeelBudgetExceeded:
            return False

    def _duplicates(self) -> Iterator[TableFinding]:
        first: dict[tuple[Box, tuple[str, ...]], Rule] = {}
        for rule, box in zip(self.table.rules, self.boxes, strict=True):
            key = (box, tuple(entry.source for entry in rule.entries))
            if key in first and 0 not in box:
                yield TableFinding("duplicate", (first[key].id, rule.id), self._example(box))
            first.setdefault(key, rule)

    def _overlaps(self) -> Iterator[TableFinding]:
        """Two rules that fire together; for ANY only if their answers differ."""
        found = 0
        for j, second in enumerate(self.table.rules):
            for i, first in enumerate(self.table.rules[:j]):
                both = tuple(a & b for a, b in zip(self.boxes[i], self.boxes[j], strict=True))
                if 0 in both or (self.table.hit_policy == "ANY" and _same(first, second)):
                    continue
                yield TableFinding("overlap", (first.id, second.id), self._example(both))
                found += 1
                if found >= MAX_FINDINGS:
                    return

    def _gaps(self) -> Iterator[TableFinding]:
        if any(column.default for column in self.table.outputs):
            return
        everything = tuple(column.all for column in self.columns)
        self.steps = 0
        try:
            for count, box in enumerate(self._rest(everything, self.boxes, 0), 1):
                yield TableFinding("gap", example=self._example(box))
                if count >= MAX_FINDINGS:
                    return
        except FeelBudgetExceeded:
            yield TableFinding("not-analysed")

    def _rest(self, box: Box, by: Sequence[Box], start: int) -> Iterator[Box]:
        """The disjoint pieces of a box that none of the boxes from `start` on covers."""
        waiting = [(box, start)]
        while waiting:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise FeelBudgetExceeded("analysis")
            piece, index = waiting.pop()
            while index < len(by) and any(
                a & b == 0 for a, b in zip(piece, by[index], strict=True)
            ):
                index += 1
            if index == len(by):
                yield piece
            else:
                waiting += [(part, index + 1) for part in _minus(piece, by[index])]

    def _example(self, box: Box) -> dict[str, str]:
        return {
            column.label: format_value(part.values[(mask & -mask).bit_length() - 1])
            for column, part, mask in zip(self.table.inputs, self.columns, box, strict=True)
        }


def _minus(box: Box, other: Box) -> Iterator[Box]:
    """What is left of a box without another, as disjoint boxes."""
    for index, (mine, theirs) in enumerate(zip(box, other, strict=True)):
        rest = mine & ~theirs
        if rest:
            common = tuple(a & b for a, b in zip(box[:index], other[:index], strict=True))
            yield (*common, rest, *box[index + 1 :])


def _same(first: Rule, second: Rule) -> bool:
    return [e.source for e in first.entries] == [e.source for e in second.entries]
