"""Refusals that are kept with the key of their request, as codes; nothing a person typed is kept.

Only final ones are kept. One that passes by waiting is not: a lock that somebody holds, a task on
another desk, a suspended process, payments locked until the books agree, a service that does not
answer. Nor is one that is lifted elsewhere while the request stays what it was: a missing picture,
an unread notice, a reason that an officer answers; "back" and another click would be told of a gap
that is closed. Those are judged again. So are an unknown outcome and a damaged file, which carry
names that are not ours.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from engine.errors import EngineError, NotPermitted, NotWaiting, TaskNotOpen
from workflows.errors import (
    AttemptsExhausted,
    BatchChanged,
    ClaimChanged,
    DuplicateClaim,
    InvalidInput,
    NotAllowed,
    TooLate,
    WorkflowsError,
)

Refusal = EngineError | WorkflowsError

FINAL: Final = (
    AttemptsExhausted,
    BatchChanged,
    ClaimChanged,
    DuplicateClaim,
    InvalidInput,
    NotAllowed,
    NotPermitted,
    NotWaiting,
    TaskNotOpen,
    TooLate,
)
KINDS: Final[Mapping[str, type[Refusal]]] = {kind.code: kind for kind in FINAL}
MOMENTS: Final = frozenset({"at", "ended_at", "closed_at"})


def is_final(error: Refusal) -> bool:
    """Whether it stands for good, for the request as it was sent."""
    return isinstance(error, FINAL) and error.code in KINDS


def as_json(error: Refusal) -> dict[str, object]:
    """What a final refusal says, for the row of its key."""
    facts = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in vars(error).items()
    }
    return {"code": error.code, "text": str(error), "facts": facts}


def from_json(stored: Mapping[str, object]) -> Refusal:
    """The same refusal again."""
    kind = KINDS[str(stored["code"])]
    # The arguments of a class are not kept, only what it made of them.
    refusal = kind.__new__(kind, stored["text"])
    facts = stored["facts"]
    assert isinstance(facts, dict)
    vars(refusal).update({name: _fact(name, value) for name, value in facts.items()})
    return refusal


def _fact(name: str, value: object) -> object:
    """JSON has no moments, no tuples and no numbers as keys."""
    if name in MOMENTS and isinstance(value, str):
        return datetime.fromisoformat(value)
    if name == "lines" and isinstance(value, dict):
        return {int(line): code for line, code in value.items()}
    return tuple(value) if isinstance(value, list) else value
