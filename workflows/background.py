"""Celery entry points of the domain: read the clock, call one function, nothing else."""

from celery import shared_task
from celery.signals import task_postrun

from engine import clock
from workflows.actions import milestones

# What moves instances without a person: afterwards claims take over what was reached.
MOVERS = frozenset(
    {"engine.run_job", "engine.sweep", "engine.fire_timers", "engine.deliver_messages"}
)


@shared_task(name="workflows.catch_up")
def catch_up(**_later: object) -> None:
    """Take over milestones and decisions that timers and background jobs reached."""
    milestones.catch_up(at=clock.now())


@task_postrun.connect(dispatch_uid="workflows.after_engine")
def after_engine(task: object = None, **_signal: object) -> None:
    """Right behind the engine's own work, in the same worker."""
    if getattr(task, "name", "") in MOVERS:
        milestones.catch_up(at=clock.now())
