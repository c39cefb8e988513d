"""Celery entry points: read the clock, call one function, nothing else.

`_later` absorbs arguments that senders of a later release add, so that workers survive it.
"""

import time

from celery import shared_task

from engine import api, clock

MIGRATE_SECONDS = 60.0


@shared_task(name="engine.run_job")
def run_job(*, job_id: int, **_later: object) -> None:
    """Run one job, if it is still to be run."""
    api.run_job(job_id, clock=clock.now)


@shared_task(name="engine.sweep")
def sweep(**_later: object) -> None:
    """Find what no bell reached."""
    api.sweep(clock.now())
    api.run_migrations(clock.now())


@shared_task(name="engine.migrate")
def migrate(**_later: object) -> None:
    """Move instances until no plan wants it or a task's time is up; the sweep goes on."""
    end = time.monotonic() + MIGRATE_SECONDS
    while time.monotonic() < end and api.run_migrations(clock.now()):
        pass


@shared_task(name="engine.fire_timers")
def fire_timers(**_later: object) -> None:
    """Fire due timers between two sweeps."""
    api.fire_timers(clock.now())


@shared_task(name="engine.deliver_messages")
def deliver_messages(**_later: object) -> None:
    """Deliver what instances threw at each other."""
    api.deliver_messages(clock.now())
