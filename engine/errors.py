"""Everything the engine refuses, as one tree.

A class states the fact, carries the data and has a stable `code`.

    EngineError
    ├── NotFound                 no such definition, instance, user task, job or incident
    ├── DeploymentRefused        a bundle has findings of level "error"
    ├── TaskNotOpen              somebody else was faster
    │   └── TaskAssignedElsewhere
    ├── NotPermitted             candidate group, scope, four-eyes or participation rule
    ├── OutcomeUnknown           an outcome or variable that the form does not declare
    ├── NotWaiting               no (or more than one) receiver, timer or job of that kind
    ├── MoveRefused              a token or instance cannot go where it is told to
    ├── InstanceNotActive        ended or suspended
    ├── BeingProcessed           somebody else holds the instance right now
    ├── ExpressionError          FEEL: syntax, budget
    ├── DecisionError            DMN: no rule, two rules, invalid table
    ├── HandlerError             a job handler is unknown or failed
    ├── StateError               stored bytes are damaged or of an unknown format
    └── BudgetExceeded           too many steps, too deep, too large
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.types import Finding


class EngineError(Exception):
    """Base of everything the engine refuses."""

    code = "engine_error"


class NotFound(EngineError):
    """There is no such thing, or the caller may not know that there is."""

    code = "not_found"


class DeploymentRefused(EngineError):
    """The bundle cannot be executed as drawn; every problem is listed."""

    code = "deployment_refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = tuple(findings)


class TaskNotOpen(EngineError):
    """The user task is no longer open: someone completed it first, or its instance moved on."""

    code = "task_not_open"

    def __init__(
        self, task_id: int, *, by_id: int | None = None, closed_at: datetime | None = None
    ) -> None:
        super().__init__(f"user task {task_id} is not open")
        self.task_id = task_id
        self.by_id = by_id
        self.closed_at = closed_at


class TaskAssignedElsewhere(TaskNotOpen):
    """Somebody else has the user task on their desk until `until`."""

    code = "task_assigned_elsewhere"

    def __init__(self, task_id: int, *, by_id: int | None, until: datetime | None) -> None:
        super().__init__(task_id, by_id=by_id)
        self.until = until


class NotPermitted(EngineError):
    """A rule about people forbids the act.

    `reason` is one of `not_candidate`, `wrong_scope`, `four_eyes`, or the code that the registered
    participation rule returned; `detail` names the element or conflict that caused it.
    """

    code = "not_permitted"

    def __init__(self, reason: str, *, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class OutcomeUnknown(EngineError):
    """The outcome, or a variable, is not one that the user task's form declares."""

    code = "outcome_unknown"

    def __init__(self, name: str, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.allowed = tuple(allowed)


class NotWaiting(EngineError):
    """Nothing (or more than one thing) waits for this message, timer or job result."""

    code = "not_waiting"


class MoveRefused(EngineError):
    """A token or instance cannot go there. `reason` is a code, `element_id` where it is."""

    code = "move_refused"

    def __init__(self, reason: str, element_id: str = "") -> None:
        super().__init__(f"{reason} {element_id}".strip())
        self.reason = reason
        self.element_id = element_id


class InstanceNotActive(EngineError):
    """The instance is completed, cancelled or suspended."""

    code = "instance_not_active"

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class BeingProcessed(EngineError):
    """Somebody else holds the instance right now; repeating in a moment will work."""

    code = "being_processed"


class ExpressionError(EngineError):
    """A FEEL expression cannot be compiled, or went over its budget."""

    code = "expression_error"


class DecisionError(EngineError):
    """A decision has no single answer, or its file is not valid."""

    code = "decision_error"


class HandlerError(EngineError):
    """A job handler is unknown, or failed for a reason of its own.

    A handler raises it (or a subclass) to fail in a known way: `code` and `detail` stand in the
    incident, free of personal data.
    """

    code = "handler_error"

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class BpmnError(EngineError):
    """A handler reports a business error: the nearest error event with `error_code` catches it."""

    code = "bpmn_error"

    def __init__(self, error_code: str, *, variables: dict[str, object] | None = None) -> None:
        super().__init__(error_code)
        self.error_code = error_code
        self.variables = variables or {}


class StateError(EngineError):
    """Stored state is damaged, too large, or of a format this version does not know."""

    code = "state_error"


class BudgetExceeded(EngineError):
    """Too many automatic steps, too deep, or too large."""

    code = "budget_exceeded"
