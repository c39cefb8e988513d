"""A decision table as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.decisions.model import Decision
from engine.decisions.table import Table


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column: what it is called, its FEEL, its type and the values it may have."""

    id: str
    label: str
    expression: str
    type_ref: str
    allowed: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """One row as written."""

    id: str
    tests: tuple[str, ...]
    entries: tuple[str, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A decision table as written; for other logic the columns and rules are empty."""

    decision_id: str
    name: str
    hit_policy: str
    aggregation: str
    inputs: tuple[ColumnView, ...]
    outputs: tuple[ColumnView, ...]
    rules: tuple[RuleView, ...]
    annotations: tuple[str, ...]


def describe(decision: Decision) -> TableView:
    table = decision.logic
    if not isinstance(table, Table):
        return TableView(decision.id, decision.name, "", "", (), (), (), ())
    return TableView(
        decision.id,
        decision.name,
        table.hit_policy,
        table.aggregation,
        tuple(
            ColumnView(
                column.id,
                column.label,
                column.expression.source,
                column.type_ref,
                column.allowed.source if column.allowed else "",
            )
            for column in table.inputs
        ),
        tuple(
            ColumnView(
                column.id,
                column.label,
                column.name,
                column.type_ref,
                column.allowed.source if column.allowed else "",
            )
            for column in table.outputs
        ),
        tuple(
            RuleView(
                rule.id,
                tuple(test.source for test in rule.tests),
                tuple(entry.source for entry in rule.entries),
                rule.annotations,
            )
            for rule in table.rules
        ),
        table.annotations,
    )
