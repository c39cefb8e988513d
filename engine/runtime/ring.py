"""The bell: tells Celery the id of a row that wants attention. The row is the truth.

By task name, because background stands above this layer. A broken bell never breaks an act: it
is logged, and nobody rings for a while; the sweeper finds what no bell reached.
"""

import logging
import time
from functools import partial

from celery import current_app
from django.db import transaction

QUIET_SECONDS = 10.0
log = logging.getLogger(__name__)
_quiet_until = 0.0


def ring_on_commit(task: str, **arguments: int) -> None:
    """Ring when the transaction at hand has committed."""
    transaction.on_commit(partial(ring, task, **arguments), robust=True)


def ring(task: str, **arguments: int) -> bool:
    """Ring at once; whether the broker took it."""
    global _quiet_until  # noqa: PLW0603 - one bell per process
    if time.monotonic() < _quiet_until:
        return False
    try:
        current_app.send_task(task, kwargs=arguments)
    except Exception:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("no broker: %s is left to the sweeper", task, exc_info=True)
        return False
    return True


def ring_again() -> None:
    """Forget that the bell was broken; for tests."""
    global _quiet_until  # noqa: PLW0603 - one bell per process
    _quiet_until = 0.0
