"""Two acts that both stand at a lock and go on one after the other, in the order that was set.

What each read before the lock is stale for the second: the order in which they go is known, and
nothing is left to how fast the machine is.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from engine import faults
from engine.management.invariants import collect, deep_violations, violations
from tests.engine.postgres_world import together
from tests.faults.gates import Director
from workflows.actions import audit
from workflows.models import Claim, PaymentBatch

Act = Callable[[], object]


def in_turn(dsn: str, rows: str, first: Act, second: Act) -> tuple[object, object]:
    """Run two acts against rows that a third party keeps until both wait; what came out."""
    director = Director(dsn)
    watcher = Director(dsn)
    director.hold(f"SELECT 1 FROM {rows} FOR NO KEY UPDATE")  # noqa: S608 - our own tables and keys

    def follow() -> object:
        watcher.wait_blocked(1)
        return second()

    def let_go() -> None:
        try:
            watcher.wait_blocked(2)
        finally:
            director.close()

    try:
        one, other, waited = together(first, follow, let_go)
    finally:
        watcher.close()
    assert waited is None, waited
    return one, other


def amid(dsn: str, first: Act, second: Act, *, blocked: bool) -> tuple[object, object]:
    """Run the second act while the first one stands in the middle of its step.

    `blocked` says whether the second waits for the first, or passes it by.
    """
    director = Director(dsn)
    faults.arm({"FAULTS": "task.locked:gate"})
    director.close_gate("task.locked")

    def meet() -> object:
        director.wait_at("task.locked")
        if blocked:
            return second()
        try:
            return second()
        finally:
            director.open_gate("task.locked")

    def open_gate() -> None:
        if blocked:
            director.wait_blocked()
            director.open_gate("task.locked")

    try:
        one, other, opened = together(first, meet, open_gate)
    finally:
        faults.arm({})
        director.close()
    assert opened is None, opened
    return one, other


def of_claim(claim: Claim) -> str:
    """The row that every act on a claim locks first."""
    if claim.instance_id is None:
        return f"workflows_claim WHERE id = '{claim.pk}'"
    return f"engine_processinstance WHERE id = {claim.instance_id}"


def of_batch(batch: PaymentBatch) -> str:
    """The row that every act on a batch locks first."""
    return f"engine_processinstance WHERE id = {batch.instance_id}"


def assert_healthy(at: datetime) -> None:
    """Audit chains, statements and deep checks: nothing is wrong anywhere."""
    assert audit.verify() is None
    found = [*violations(collect(), at=at, real=timezone.now()), *deep_violations()]
    assert not found, found
