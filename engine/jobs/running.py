"""Running one job: lease, call the handler outside any transaction, apply its answer."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from engine import faults
from engine.errors import BeingProcessed, BpmnError, EngineError, HandlerError
from engine.jobs.leasing import heartbeat, take
from engine.models import Job
from engine.runtime import values
from engine.runtime.answers import Answer, Lease, apply_answer, park
from engine.runtime.handlers import Handler, backoff_of, handler_for
from engine.runtime.ring import ring_jobs
from engine.runtime.transaction import step_transaction
from engine.types import HandlerCall

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# Tries to apply an answer while somebody else holds the instance, before it is kept for later.
APPLY_TRIES = 3


def run_job(job_id: int, *, clock: Clock) -> bool:
    """Run a job if it is ready and nobody else does; whether this call worked on it.

    Takes the clock itself: a slow handler has two moments, its start and its end.
    """
    try:
        taken = take(job_id, at=clock())
    except BeingProcessed:
        return False
    if taken is None:
        return False
    job, lease = taken
    outcome = Answer.loads(job.answer) if job.answer else call(job, lease, clock=clock)
    if isinstance(outcome, Answer):
        apply(lease, outcome, clock=clock)
    else:
        fail_attempt(job, lease, outcome, clock=clock)
    ring_next(job.instance_id, at=clock())
    return True


def call(job: Job, lease: Lease, *, clock: Clock) -> Answer | HandlerError:
    """What the handler answers; everything it may raise stops here."""
    try:
        handler = handler_for(job.type)
        faults.point("job.before_call")
        with heartbeat(lease, handler.info.max_seconds):
            answer = invoke(handler, job, at=clock())
        faults.point("job.after_call")
    except BpmnError as error:
        return Answer("error", values.checked(error.variables), error.error_code)
    except HandlerError as error:
        return error
    except faults.InjectedFault:
        raise
    except (Exception, SystemExit) as error:
        log.exception("handler %s failed in instance %s", job.type, job.instance_id)
        return HandlerError("handler_failed", type(error).__name__)
    return answer


def invoke(handler: Handler, job: Job, *, at: datetime) -> Answer:
    instance = job.instance
    result = handler.function(
        HandlerCall(
            instance_id=instance.pk,
            business_key=instance.business_key,
            process_id=instance.definition.process_id,
            scope=instance.scope,
            element_id=job.element_id,
            type=job.type,
            key=job.key,
            attempt=job.attempts,
            at=at,
            inputs=values.loads(job.inputs),
            headers=job.headers,
        )
    )
    return Answer("completed", values.checked(result or {}))


def apply(lease: Lease, answer: Answer, *, clock: Clock) -> bool:
    """Apply an answer; a lock conflict is tried again and uses no attempt."""
    for attempt in range(APPLY_TRIES):
        try:
            with step_transaction():
                applied = apply_answer(lease, answer, at=clock())
                faults.point("job.before_commit")
        except BeingProcessed:
            # Jitter, so that two machines do not meet again at the same moment.
            time.sleep(0.05 * (attempt + 1) * random.uniform(0.5, 1.5))  # noqa: S311
        except EngineError as error:
            return refuse_answer(lease, answer, error, clock=clock)
        else:
            faults.point("job.after_commit")
            if not applied:
                log.info("the answer of job %s came too late", lease.job_id)
            return applied
    park(lease, answer)
    return False


def refuse_answer(lease: Lease, answer: Answer, error: EngineError, *, clock: Clock) -> bool:
    """The process cannot take this answer (too large, unreadable state): the job has failed."""
    log.error("the answer of job %s was refused: %s", lease.job_id, error.code)
    if answer.kind == "failed":
        return False
    return apply(lease, Answer("failed", {}, error.code, ""), clock=clock)


def fail_attempt(job: Job, lease: Lease, error: HandlerError, *, clock: Clock) -> None:
    """Try again later, or give up with an incident when no retry is left."""
    if job.retries_left <= 1:
        apply(lease, Answer("failed", {}, error.code, error.detail), clock=clock)
        return
    Job.objects.filter(
        pk=job.pk,
        lease_owner=lease.owner,
        attempts=lease.attempt,
        status=Job.Status.LEASED,
    ).update(
        status=Job.Status.READY,
        retries_left=F("retries_left") - 1,
        run_at=clock() + backoff(job.type, lease.attempt),
        rung_at=None,
        lease_owner="",
        lease_until=None,
        error=error.code[:200],
    )


def backoff(job_type: str, attempt: int) -> timedelta:
    """How long to wait after this attempt, within 20 percent; 10 s, 1 min, 10 min by default."""
    steps: Sequence[int] = backoff_of(job_type) or settings.JOB_BACKOFF_SECONDS
    seconds = steps[min(attempt, len(steps)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - no secret


def ring_next(instance_id: int, *, at: datetime) -> None:
    """The next job of the instance had to wait for this one."""
    waiting = Job.objects.filter(instance=instance_id, status=Job.Status.READY, run_at__lte=at)
    ring_jobs(list(waiting.values_list("pk", flat=True)[:1]))
