"""Evaluating the shipped tables by name, with facts of a claim that lacks nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.conf import settings

from engine.decisions import Decision, DecisionResult, evaluate, read_decisions
from engine.types import Variable

FOLDER = Path(settings.BASE_DIR) / "bpmn" / "unemployment_subsidy"
AT = datetime(2020, 6, 10, 2, 0, tzinfo=UTC)
PARAMETERS: Mapping[str, Variable] = {
    "ui_standard": Decimal("1000.00"),
    "rate": Decimal("0.80"),
    "cap_rate": Decimal("0.80"),
    "flat": Decimal(0),
    "longest_months": Decimal(6),
}
# Eight months of contributions, out of work, everything else in order.
PLAIN: Mapping[str, Variable] = {
    "submitted_on": date(2020, 6, 10),
    "window_from": date(2020, 3, 1),
    "window_to": date(2020, 12, 31),
    "in_window": True,
    "insured": True,
    "insured_here": True,
    "headcount_reported": True,
    "employed": False,
    "pension": False,
    "age_reached": False,
    "months_to_pension": Decimal(120),
    "drawn_in_group": False,
    "drawn_here": False,
    "ui_available": False,
    "ui_history": "never",
    "contribution_months": Decimal(8),
    "separation_voluntary": False,
    "open_duplicate": False,
    "duplicate": "none",
    "name_match": True,
    "register_verdict": "complete",
    "files": "complete",
    "scan": "clean",
    "account_check": "ok",
}


@cache
def decisions() -> Mapping[str, Decision]:
    """Every decision of the folder."""
    found: dict[str, Decision] = {}
    for path in sorted(FOLDER.glob("*.dmn")):
        found.update(read_decisions(path.read_bytes(), name=path.name).decisions)
    return found


def ask(decision: str, inputs: Mapping[str, Variable]) -> DecisionResult:
    """The answer of one table."""
    return evaluate(decisions(), decision, inputs, at=AT)


def category(facts: Mapping[str, Variable]) -> Variable:
    """Which kind of claim the facts make."""
    value = ask("category", facts).value
    return value if isinstance(value, str) else None


def reasons(facts: Mapping[str, Variable]) -> list[str]:
    """The reason codes of the facts, once each, in order; the category is worked out first."""
    value = ask("eligibility_reasons", {**facts, "category": category(facts)}).value
    assert isinstance(value, list)
    return sorted({str(code) for code in value})
