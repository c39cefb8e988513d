"""The bell: tells Celery the id of a row that wants attention. The row is the truth.

By task name, because background stands above this layer. A broken bell never breaks an act: it
is logged, and nobody rings for a while; the sweeper finds what no bell reached.
"""

import logging
import time
from collections.abc import Sequence
from functools import partial

from celery import current_app
from django.db import transaction

from engine.models import Job

QUIET_SECONDS = 10.0
log = logging.getLogger(__name__)
_quiet_until = 0.0


def ring_on_commit(task: str) -> None:
    """Ring when the transaction at hand has committed."""
    transaction.on_commit(partial(ring, task), robust=True)


def ring_jobs_on_commit(job_ids: Sequence[int]) -> None:
    """Ring for these jobs when the transaction at hand has committed."""
    if job_ids:
        transaction.on_commit(partial(ring_jobs, job_ids), robust=True)


def ring_jobs(job_ids: Sequence[int]) -> int:
    """Ring for these jobs at once; how many of the bells the broker took.

    Jobs are stamped as rung before the bell is known to work. A stamp that proves wrong is taken
    back, so that the next sweep rings and does not wait for an answer that cannot come.
    """
    unheard = [job_id for job_id in job_ids if not ring("engine.run_job", job_id=job_id)]
    if unheard:
        Job.objects.filter(pk__in=unheard).update(rung_at=None)
    return len(job_ids) - len(unheard)


def ring(task: str, **arguments: int) -> bool:
    """Ring at once; whether the broker took it."""
    global _quiet_until  # noqa: PLW0603 - one bell per process
    if is_quiet():
        return False
    try:
        current_app.send_task(task, kwargs=arguments)
    except Exception as error:  # noqa: BLE001 - each transport has its own errors
        _quiet_until = time.monotonic() + QUIET_SECONDS
        # The name alone: the text of these errors may hold the broker's password.
        log.warning(
            "no broker (%s): nobody rings for %.0f s, jobs are left to the sweeper",
            type(error).__name__,
            QUIET_SECONDS,
        )
        return False
    return True


def is_quiet() -> bool:
    """Whether the bell broke a moment ago and is left alone."""
    return time.monotonic() < _quiet_until


def ring_again() -> None:
    """Forget that the bell was broken; for tests."""
    global _quiet_until  # noqa: PLW0603 - one bell per process
    _quiet_until = 0.0
