"""Celery entry points of the domain: read the clock, call one function, nothing else."""

from collections.abc import Mapping

from celery import shared_task
from celery.signals import task_postrun

from engine import clock
from workflows.actions import incidents, milestones

# What moves instances without a person: afterwards claims take over what was reached.
MOVERS = frozenset(
    {"engine.run_job", "engine.sweep", "engine.fire_timers", "engine.deliver_messages"}
)


@shared_task(name="workflows.catch_up")
def catch_up(**_later: object) -> None:
    """Take over milestones and decisions that timers and background jobs reached."""
    milestones.catch_up(at=clock.now())


@shared_task(name="workflows.retry_others")
def retry_others(*, incident_id: int, **_later: object) -> None:
    """Retry all that stands still for the same cause as one that was retried."""
    incidents.retry_like(incident_id, at=clock.now())


@task_postrun.connect(dispatch_uid="workflows.after_engine")
def after_engine(
    task: object = None, kwargs: Mapping[str, object] | None = None, **_signal: object
) -> None:
    """Right behind the engine's own work, in the same worker; after a job only its claim."""
    if getattr(task, "name", "") not in MOVERS:
        return
    job_id = (kwargs or {}).get("job_id")
    only = milestones.of_job(job_id) if isinstance(job_id, int) else None
    milestones.catch_up(at=clock.now(), only=only)
