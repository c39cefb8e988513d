"""Decision tables: which rules fire, and what the hit policy makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.decisions.model import Logic
from engine.decisions.scope import Failure, Scope
from engine.feel import BUILTINS, Expression, FeelValue, UnaryTests
from engine.feel.frame import Frame
from engine.feel.operators import matches_test, same

HIT_POLICIES = (
    "UNIQUE",
    "FIRST",
    "PRIORITY",
    "ANY",
    "COLLECT",
    "RULE ORDER",
    "OUTPUT ORDER",
)
AGGREGATIONS: Mapping[str, str] = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}
_ORDERED_BY_VALUES = ("PRIORITY", "OUTPUT ORDER")


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested."""

    id: str
    label: str
    expression: Expression
    type_ref: str
    allowed: UnaryTests | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers. `order` holds its outputValues one by one, for the priority."""

    id: str
    name: str
    label: str
    type_ref: str
    allowed: UnaryTests | None
    order: tuple[Expression, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row."""

    id: str
    tests: tuple[UnaryTests, ...]
    entries: tuple[Expression, ...]
    types: tuple[str, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table answered, and how it came about."""

    value: FeelValue
    fired: tuple[str, ...] = ()
    inputs: Mapping[str, FeelValue] = field(default_factory=dict)
    cells: tuple[tuple[bool | None, ...], ...] = ()
    outputs: tuple[Mapping[str, FeelValue], ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Table(Logic):
    """A decision table."""

    id: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()
    type_ref: str = ""

    def value(self, scope: Scope) -> FeelValue:
        outcome = self.decide(scope)
        if outcome.failure is not None:
            scope.failures.append(outcome.failure)
        return outcome.value

    def decide(self, scope: Scope) -> Outcome:
        scope.spend(10 + len(self.rules) * len(self.inputs) // 2)
        frame = scope.frame()
        values = [
            scope.typed(column.expression.run(frame), column.type_ref) for column in self.inputs
        ]
        named = {column.label: value for column, value in zip(self.inputs, values, strict=True)}
        failure = self._refuse_inputs(frame, values)
        cells = tuple(
            tuple(test.run(frame, value) for test, value in zip(rule.tests, values, strict=True))
            for rule in self.rules
        )
        hits = [
            rule
            for rule, row in zip(self.rules, cells, strict=True)
            if all(cell is True for cell in row)
        ]
        scope.settle(frame)
        return self._outcome(scope, hits, named, cells, failure)

    def _refuse_inputs(self, frame: Frame, values: list[FeelValue]) -> Failure | None:
        """A value outside its column's input values is null to the cells, and a failure."""
        failure: Failure | None = None
        for index, column in enumerate(self.inputs):
            outside = values[index] is not None and column.allowed is not None
            if outside and column.allowed and column.allowed.run(frame, values[index]) is not True:
                values[index] = None
                failure = failure or Failure("input-not-allowed", (self.id, column.id))
        return failure

    def _outcome(
        self,
        scope: Scope,
        hits: list[Rule],
        inputs: Mapping[str, FeelValue],
        cells: tuple[tuple[bool | None, ...], ...],
        failure: Failure | None,
    ) -> Outcome:
        rows = [self._row(scope, rule) for rule in hits]
        fired = [rule.id for rule in hits]
        conflict = self._conflict(scope, hits, rows)
        if conflict is not None:
            return Outcome(None, tuple(fired), inputs, cells, tuple(rows), conflict)
        if not hits:
            return Outcome(self._default(scope), (), inputs, cells, (), failure)
        failure = failure or self._refuse_outputs(scope, hits, rows)
        if self.hit_policy in _ORDERED_BY_VALUES:
            order = self._by_priority(scope, rows)
            rows, fired = [rows[i] for i in order], [fired[i] for i in order]
        if self.hit_policy in ("FIRST", "PRIORITY"):
            rows, fired = rows[:1], fired[:1]
        answer = scope.typed(self._answer(scope, rows), self.type_ref)
        return Outcome(answer, tuple(fired), inputs, cells, tuple(rows), failure)

    def _row(self, scope: Scope, rule: Rule) -> dict[str, FeelValue]:
        return {
            column.name: scope.typed(scope.typed(scope.value(entry), own), column.type_ref)
            for column, entry, own in zip(self.outputs, rule.entries, rule.types, strict=True)
        }

    def _conflict(
        self, scope: Scope, hits: Sequence[Rule], rows: Sequence[Mapping[str, FeelValue]]
    ) -> Failure | None:
        if len(hits) < 2:  # noqa: PLR2004  # one rule contradicts nobody
            return None
        ids = tuple(rule.id for rule in hits)
        if self.hit_policy == "UNIQUE":
            return Failure("unique", (self.id, *ids))
        frame = scope.frame()
        if self.hit_policy == "ANY" and any(not same(frame, rows[0], row) for row in rows[1:]):
            return Failure("any", (self.id, *ids))
        return None

    def _refuse_outputs(
        self, scope: Scope, hits: Sequence[Rule], rows: Sequence[dict[str, FeelValue]]
    ) -> Failure | None:
        """An answer outside its column's output values becomes null, and a failure."""
        frame = scope.frame()
        failure: Failure | None = None
        for rule, row in zip(hits, rows, strict=True):
            for column in self.outputs:
                value = row[column.name]
                if value is None or column.allowed is None:
                    continue
                if column.allowed.run(frame, value) is not True:
                    row[column.name] = None
                    failure = failure or Failure(
                        "output-not-allowed", (self.id, rule.id, column.id)
                    )
        return failure

    def _default(self, scope: Scope) -> FeelValue:
        """No rule fired: the default entries, else an empty list or null."""
        if any(column.default for column in self.outputs):
            row = {
                column.name: scope.typed(scope.value(column.default), column.type_ref)
                if column.default
                else None
                for column in self.outputs
            }
            return self._plain(row)
        if self.hit_policy != "COLLECT":
            return None
        if not self.aggregation:
            return []
        return Decimal(0) if self.aggregation == "COUNT" else None

    def _by_priority(self, scope: Scope, rows: Sequence[Mapping[str, FeelValue]]) -> list[int]:
        """The rows' indices, first by the first output's list of values, then the second's."""
        frame = scope.frame()

        def rank(column: Output, value: FeelValue) -> int:
            for position, allowed in enumerate(column.order):
                if matches_test(frame, value, allowed.run(frame)) is True:
                    return position
            return len(column.order)

        return sorted(
            range(len(rows)),
            key=lambda i: [rank(c, rows[i][c.name]) for c in self.outputs if c.order],
        )

    def _answer(self, scope: Scope, rows: Sequence[Mapping[str, FeelValue]]) -> FeelValue:
        if self.hit_policy in ("UNIQUE", "ANY", "FIRST", "PRIORITY"):
            return self._plain(rows[0])
        if self.hit_policy != "COLLECT" or not self.aggregation:
            return [self._plain(row) for row in rows]
        totals = {
            column.name: self._aggregate(scope, [row[column.name] for row in rows])
            for column in self.outputs
        }
        return self._plain(totals)

    def _aggregate(self, scope: Scope, values: list[FeelValue]) -> FeelValue:
        if self.aggregation == "COUNT":
            frame = scope.frame()
            values = [
                value
                for index, value in enumerate(values)
                if not any(same(frame, value, earlier) for earlier in values[:index])
            ]
        run = BUILTINS[AGGREGATIONS[self.aggregation]].for_count(1)
        assert run is not None
        return run.call(scope.frame(), [values])

    def _plain(self, row: Mapping[str, FeelValue]) -> FeelValue:
        """One output stands for itself, several are a context."""
        return next(iter(row.values())) if len(self.outputs) == 1 else dict(row)
