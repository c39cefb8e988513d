"""The transaction of an act, and what a lost race for a lock looks like from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DatabaseError, OperationalError, transaction

from engine.errors import BeingProcessed

# PostgreSQL: lock not available, deadlock detected, serialization failure.
LOCK_CODES: Final = frozenset({"55P03", "40P01", "40001"})


@contextmanager
def acting() -> Iterator[None]:
    """The outermost transaction: all of the act or nothing.

    Raises:
        BeingProcessed: somebody else kept a lock for longer than people wait.
    """
    try:
        with transaction.atomic(durable=True):
            yield
    except OperationalError as error:
        if is_lock_conflict(error):
            raise BeingProcessed("somebody else holds a row of this act") from error
        raise


def is_lock_conflict(error: DatabaseError) -> bool:
    """Whether the database gave up waiting for somebody else."""
    code = getattr(error.__cause__, "pgcode", None) or getattr(error.__cause__, "sqlstate", None)
    return code in LOCK_CODES or "is locked" in str(error)
