"""What goes wrong in a diagram while it runs; each becomes an incident on the element.

| code | meaning |
|---|---|
| not-boolean | a condition is neither true nor false; detail: which, and why it is null |
| no-flow | no condition of a gateway or activity holds, and there is no default |
| bad-assignment | groups, assignee or priority of a user task have no usable value |
| bad-timer | a timer or due date is no date, duration, cycle or number of working days |
| bad-correlation-key | the key of a message is neither text nor a whole number |
| bad-collection, too-many-instances | what a multi-instance activity should repeat over |
| no-match, decision-… | a decision has no answer, or (unique, any …) no single one |
| uncaught-error, uncaught-cancel | nothing catches it; detail: the error code |
| unknown-process | a call is to a process that the bundle does not have, or cannot start plainly |
| call-depth | processes or subprocesses too deep inside each other |
| too-many-to-compensate | more than 100 completed activities with handlers in one scope |
| variable_refused, variable_too_large | a value cannot be stored |
| feel_budget | an expression asks for too much |
| automatic-loop, stalled | of the instance (token 0): budget spent; joins that wait in vain |

`fail_job` brings codes of its own.
"""

from __future__ import annotations

from engine.errors import EngineError


class Failure(EngineError):
    """An element cannot go on; `code` and `detail` stand in the incident.

    `detail` names elements, expressions' warnings and kinds of values, never a value itself.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


def describe(error: EngineError) -> list[str]:
    """[code, detail] of an incident."""
    detail = error.detail if isinstance(error, Failure) else str(error)
    return [error.code, detail[:500]]
