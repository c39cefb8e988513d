"""Whether the conditions behind a choice leave nothing out, as far as their text shows it.

Only what a reader sees at once is recognised: every condition asks for outcomes of the task
before (it has no others), or two conditions are each other's opposite. Null is not thought of: a
condition on nothing is an incident by design, never a default.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

OUTCOME = r'outcome\s*=\s*"[^"\\]+"'
OUTCOMES = re.compile(rf"{OUTCOME}(\s+or\s+{OUTCOME})*")
PLAIN = re.compile(r"(?P<left>[\w.]+)\s*(?P<sign>!?=)\s*(?P<right>[\w.]+|\"[^\"\\]*\")")
OPPOSITES = ({"true", "false"},)


def cover(conditions: Sequence[str]) -> bool:
    """Whether one of these FEEL conditions always holds."""
    texts = [trimmed(text) for text in conditions]
    if only_outcomes(texts):
        return True
    return len(texts) == 2 and opposite(*texts)  # noqa: PLR2004 - a condition and its opposite


def only_outcomes(conditions: Sequence[str]) -> bool:
    """Whether every condition asks for outcomes, and for nothing else."""
    return all(OUTCOMES.fullmatch(trimmed(text)) for text in conditions)


def trimmed(text: str) -> str:
    return " ".join(text.strip().removeprefix("=").split())


def opposite(one: str, other: str) -> bool:
    if f"not({one})" == other or one == f"not({other})":
        return True
    mine, theirs = PLAIN.fullmatch(one), PLAIN.fullmatch(other)
    if mine is None or theirs is None or mine["left"] != theirs["left"]:
        return False
    if mine["right"] == theirs["right"]:
        return mine["sign"] != theirs["sign"]
    values = {mine["right"], theirs["right"]}
    return mine["sign"] == theirs["sign"] and values in OPPOSITES
