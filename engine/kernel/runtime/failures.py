"""What goes wrong in a diagram while it runs; each becomes an incident on the element."""

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
