"""The transaction of a step, and what a lost race for a lock looks like.

The caller may own the transaction: inside it a step is a savepoint, so that a refusal leaves the
caller's transaction usable; outside it is a transaction of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, transaction

from engine.errors import BeingProcessed

# PostgreSQL: lock not available, deadlock detected, serialization failure.
LOCK_CODES = frozenset({"55P03", "40P01", "40001"})


@contextmanager
def step_transaction() -> Iterator[None]:
    """Commit all or nothing; a lock that somebody else keeps becomes BeingProcessed."""
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if is_lock_conflict(error):
            raise BeingProcessed("somebody else holds the instance") from error
        raise


def is_lock_conflict(error: DatabaseError) -> bool:
    """Whether the database gave up waiting for somebody else."""
    if getattr(error.__cause__, "pgcode", None) in LOCK_CODES:
        return True
    return "is locked" in str(error)
