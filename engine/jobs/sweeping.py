"""The sweeper: rescues what no bell reached. Runs in every beat, safe in parallel."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from engine.errors import EngineError
from engine.jobs.leasing import MAX_WORKERS_LOST
from engine.jobs.running import apply, run_job
from engine.kernel import operations
from engine.models import Job, ProcessInstance
from engine.runtime.answers import Answer, Lease
from engine.runtime.messages import deliver_pending
from engine.runtime.reading import stalled
from engine.runtime.ring import is_quiet, ring_jobs
from engine.runtime.scheduled import due_starts, fire_start
from engine.runtime.step import Act, Operation, begin
from engine.runtime.timers import due_timers, fire_timer
from engine.runtime.transaction import step_transaction

log = logging.getLogger(__name__)
BATCH = 100
RING_SECONDS = 5.0


def sweep(at: datetime) -> dict[str, int]:
    """One round; how much of each kind it found."""
    return {
        "released": release_expired(at),
        "rung": ring_ready(at),
        "timers": fire_due(at),
        "messages": deliver_pending(at),
        "repaired": repair_stalled(at),
    }


def release_expired(at: datetime) -> int:
    """Make jobs ready whose worker went away; one that took three workers along has failed."""
    expired = Job.objects.filter(status=Job.Status.LEASED, lease_until__lt=Now())
    released = 0
    for job in expired.order_by("pk")[:BATCH]:
        lease = Lease(job.pk, job.instance_id, job.lease_owner, job.attempts)
        if job.workers_lost + 1 >= MAX_WORKERS_LOST:
            released += apply(lease, Answer("failed", {}, "worker_lost"), clock=lambda: at)
            continue
        released += Job.objects.filter(
            pk=job.pk,
            lease_owner=lease.owner,
            attempts=lease.attempt,
            status=Job.Status.LEASED,
            lease_until__lt=Now(),
        ).update(
            status=Job.Status.READY,
            workers_lost=F("workers_lost") + 1,
            lease_owner="",
            lease_until=None,
            rung_at=None,
        )
    return released


def ring_ready(at: datetime) -> int:
    """Ring for ready jobs that no bell reached. The stamp keeps sweepers from ringing twice.

    After an outage all of them wait, so it goes on until none is left or its time is up. A bell
    that breaks ends the round: the jobs that are left keep their place in the next one.
    """
    rung, until = 0, time.monotonic() + RING_SECONDS
    while found := list(unheard_jobs(at).values_list("pk", "rung_at")[:BATCH]):
        for job_id, rung_at in found:
            if is_quiet() or time.monotonic() > until:
                return rung
            if Job.objects.filter(pk=job_id, rung_at=rung_at).update(rung_at=at):
                rung += ring_jobs([job_id])
    return rung


def unheard_jobs(at: datetime) -> QuerySet[Job]:
    """Ready jobs whose bell was not taken, or was not answered in a time."""
    long_ago = at - timedelta(seconds=settings.RING_AGAIN_SECONDS)
    unheard = Q(rung_at=None) | Q(rung_at__lte=long_ago)
    return ready_jobs(at).filter(unheard).order_by("run_at", "pk")


def ready_jobs(at: datetime) -> QuerySet[Job]:
    return Job.objects.filter(
        status=Job.Status.READY,
        run_at__lte=at,
        instance__status=ProcessInstance.Status.ACTIVE,
    )


def fire_due(at: datetime) -> int:
    """Fire all due timers that nobody else holds, those of start events too."""
    fired = sum(fire_timer(timer_id, at=at) for timer_id in due_timers(at))
    return fired + sum(fire_start(timer_id, at=at) for timer_id in due_starts(at))


def repair_stalled(at: datetime) -> int:
    """Project instances again that stand nowhere, so that each shows its work or an incident."""
    repaired = 0
    for instance in stalled():
        try:
            with step_transaction():
                step = begin(instance.id, at=at, by=None, running=False)
                step.apply(
                    Operation("repair"), operations.open_items(step.loaded.model, step.state)
                )
                step.save(Act("projected_again"))
                repaired += 1
        except EngineError:
            log.exception("instance %s stands nowhere", instance.id)
    return repaired


def run_due(at: datetime, limit: int = 1_000) -> int:
    """Do everything that is due, here and without a broker; how much was done.

    Handlers run in this process, one after the other; what a job leads to is done too.
    """
    done = 0
    release_expired(at)
    for _ in range(limit):
        before = done
        done += fire_due(at) + deliver_pending(at)
        for job_id in list(ready_jobs(at).order_by("run_at", "pk").values_list("pk", flat=True)):
            if done >= limit:
                return done
            done += run_job(job_id, clock=lambda: at)
        if done == before:
            break
    return done
