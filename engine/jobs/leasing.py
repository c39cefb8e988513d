"""Leases: who works on a job, until when, and which attempt it is.

Times of leases come from the database alone, so that a worker's wrong clock takes nothing away.
The owner names one process start; two processes never share it.
"""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from engine import faults
from engine.models import Job, ProcessInstance
from engine.runtime.answers import Lease
from engine.runtime.step import lock_instance
from engine.runtime.transaction import step_transaction

log = logging.getLogger(__name__)
RENEW_SECONDS = 20.0
MAX_WORKERS_LOST = 3
_owner: list[tuple[int, str]] = []


def owner() -> str:
    """`host:pid:uuid` of this process start; a forked child gets its own."""
    if not _owner or _owner[0][0] != os.getpid():
        _owner[:] = [(os.getpid(), f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4()}")]
    return _owner[0][1]


def take(job_id: int, *, at: datetime) -> tuple[Job, Lease] | None:
    """Lease a ready job for one attempt; None when there is nothing to do.

    Jobs of one instance run one after the other, unless their header `parallel` is true: the
    lock on the instance makes looking and taking one act. An answer that is kept already costs
    no attempt.

    Raises:
        BeingProcessed: somebody holds the instance.
    """
    with step_transaction():
        instance_id = Job.objects.filter(pk=job_id).values_list("instance_id", flat=True).first()
        if instance_id is None:
            return None
        instance = lock_instance(instance_id)
        if instance is None or instance.status != ProcessInstance.Status.ACTIVE:
            return None
        job = Job.objects.filter(pk=job_id, status=Job.Status.READY, run_at__lte=at).first()
        if job is None or must_wait(job):
            return None
        job.instance = instance
        lease = mark(job)
    faults.point("job.leased")
    return job, lease


def must_wait(job: Job) -> bool:
    """Whether another job of the instance is being worked on."""
    if job.headers.get("parallel") == "true":
        return False
    return Job.objects.filter(instance=job.instance_id, status=Job.Status.LEASED).exists()


def mark(job: Job) -> Lease:
    attempt = job.attempts + (0 if job.answer else 1)
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.LEASED,
        lease_owner=owner(),
        lease_until=lease_end(),
        attempts=attempt,
    )
    job.attempts = attempt
    return Lease(job.pk, job.instance_id, owner(), attempt)


def lease_end() -> Combinable:
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def renew(lease: Lease) -> bool:
    """Keep a lease for another while; False when it is lost."""
    return bool(
        Job.objects.filter(
            pk=lease.job_id,
            lease_owner=lease.owner,
            attempts=lease.attempt,
            status=Job.Status.LEASED,
        ).update(lease_until=lease_end())
    )


@contextmanager
def heartbeat(lease: Lease, max_seconds: float, every: float = RENEW_SECONDS) -> Iterator[None]:
    """Renew a lease from a thread while a handler works, for as long as it is allowed to."""
    done = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(lease, done, max_seconds, every), name="lease", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(lease: Lease, done: threading.Event, max_seconds: float, every: float) -> None:
    left = max_seconds
    try:
        while left > 0 and not done.wait(min(every, left)):
            left -= every
            try:
                if not renew(lease):
                    return
            except DatabaseError:
                log.warning("the lease of job %s was not renewed", lease.job_id, exc_info=True)
    finally:
        if left < max_seconds:
            connection.close()
