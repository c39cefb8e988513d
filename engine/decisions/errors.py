"""What is wrong with a decision file, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.errors import DecisionError


class Problem(NamedTuple):
    """One reason to refuse a file: a stable code, the element, and facts for a text.

    `namespace` is empty unless the element stands in an imported file.
    """

    code: str
    element_id: str
    args: tuple[str, ...] = ()
    namespace: str = ""


class DecisionsInvalid(DecisionError):
    """The file cannot be executed as written; `findings` lists every problem."""

    code = "decisions_invalid"

    def __init__(self, findings: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{item.code}({item.element_id})" for item in findings[:5]))
        self.findings = tuple(findings)


class NoSuchDecision(DecisionError):
    """The file holds no decision of that id or name."""

    code = "no_such_decision"
