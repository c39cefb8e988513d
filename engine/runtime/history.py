"""The history rows of one step: first the act, then what the tokens did, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.models import HistoryEvent
from engine.runtime.sql import Insert, Values
from engine.runtime.values import Json, plain, plain_mapping
from engine.types import StepResult

if TYPE_CHECKING:
    from engine.runtime.project import Projected
    from engine.runtime.step import Act, Operation, Step

HISTORY = Insert(
    HistoryEvent,
    (
        "instance_id",
        "revision",
        "seq",
        "kind",
        "element_id",
        "token",
        "task_id",
        "at",
        "by_id",
        "data",
    ),
)
Line = tuple[str, str, int | None, dict[str, Json] | None]


def history_rows(step: Step, act: Act, projected: Projected) -> list[Values]:
    """Rows of the step's revision; at least one, so no revision is without history."""
    task_ids = {**projected.ended, **projected.opened}
    data = {**act.data, **({"note": step.note} if step.note else {})}
    rows = [row(step, 0, (act.kind, act.element_id, act.token, data or None), act.task_id)]
    for operation, result in zip(step.operations, step.results, strict=True):
        for line in lines(operation, result):
            kind, _, token, _ = line
            task_id = task_ids.get(token) if token and kind in TASK_KINDS else None
            rows.append(row(step, len(rows), line, task_id))
    return rows


def outline(operation: Operation, result: StepResult) -> dict[str, Json]:
    """What the first row of an operation says about all of it.

    `op` is kind and element, `given` what was delivered, `set` every write: scope, name, value.
    """
    found: dict[str, Json] = {"op": [operation.kind, operation.element_id]}
    if operation.given:
        found["given"] = plain_mapping(operation.given)
    if result.changes:
        found["set"] = [
            [change.scope, change.name, plain(change.value)] for change in result.changes
        ]
    return found


TASK_KINDS = frozenset({"entered", "completed", "cancelled"})


def lines(operation: Operation, result: StepResult) -> Iterator[Line]:
    """What one operation of the kernel did; its first line says what was asked and written."""
    first = outline(operation, result)
    if not result.history:
        yield "applied", operation.element_id, None, first
    for number, entry in enumerate(result.history):
        yield entry.kind, entry.element_id, entry.token, None if number else first
    for decision in result.decisions:
        trace: dict[str, Json] = {
            "decision": decision.decision_id,
            "inputs": plain_mapping(decision.inputs),
            "fired": list(decision.fired),
            "value": plain(decision.value),
        }
        yield "decided", decision.element_id, None, trace
    for milestone in result.milestones:
        yield "milestone", milestone.element_id, None, {"code": milestone.code}


def row(step: Step, seq: int, line: Line, task_id: int | None) -> Values:
    kind, element_id, token, data = line
    instance = step.instance
    return (
        instance.pk,
        instance.revision,
        seq,
        kind,
        element_id,
        token,
        task_id,
        step.at,
        step.by,
        data,
    )
