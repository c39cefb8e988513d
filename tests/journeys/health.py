"""What every journey ends with."""

from datetime import datetime

from engine.management.invariants import collect, violations
from workflows.actions import audit


def assert_healthy(at: datetime) -> None:
    """Audit chains are whole and no invariant is violated."""
    assert audit.verify() is None
    found = list(violations(collect(), at=at, real=at))
    assert not found, found
