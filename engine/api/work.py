"""Jobs, timers, incidents and their repair."""

from collections.abc import Callable, Collection
from datetime import datetime

from engine.jobs import running, sweeping
from engine.runtime import figures as counted
from engine.runtime import (
    reading,
    standing_still,
)
from engine.runtime.standing_still import CauseView
from engine.runtime.views import (
    IncidentView,
    InstanceView,
    JobView,
    TimerView,
)


def run_job(job_id: int, *, clock: Callable[[], datetime]) -> bool:
    """Run a job if it is ready and nobody else does; whether this call worked on it."""
    return running.run_job(job_id, clock=clock)


def sweep(at: datetime) -> dict[str, int]:
    """One round of the sweeper; what it found, by kind."""
    return sweeping.sweep(at)


def fire_timers(at: datetime) -> int:
    """Fire every due timer that nobody else is at; how many."""
    return sweeping.fire_due(at)


def run_due(at: datetime, limit: int = 1_000) -> int:
    """Fire timers, run jobs and deliver messages until nothing is due; how much was done."""
    return sweeping.run_due(at, limit)


def jobs(
    instance_id: int | None = None, *, statuses: Collection[str] = (), limit: int = 200
) -> tuple[JobView, ...]:
    """Background jobs, newest first; without `statuses` all of them."""
    return reading.jobs(instance_id, statuses=statuses, limit=limit)


def timers(
    instance_id: int | None = None, *, status: str | None = "pending", limit: int = 200
) -> tuple[TimerView, ...]:
    """Timers, soonest due first."""
    return reading.timers(instance_id, status=status, limit=limit)


def incidents(
    instance_id: int | None = None, *, resolved: bool = False, limit: int = 200
) -> tuple[IncidentView, ...]:
    """Incidents, the latest first."""
    return reading.incidents(instance_id, resolved=resolved, limit=limit)


def incident(incident_id: int) -> IncidentView:
    """One incident, open or resolved."""
    return standing_still.incident(incident_id)


def causes() -> tuple[CauseView, ...]:
    """All open incidents by code and element, the most frequent first; one grouped read."""
    return standing_still.causes()


def incidents_of(
    code: str, element_id: str, *, before: int | None = None, limit: int = 200
) -> tuple[IncidentView, ...]:
    """Open incidents of a cause, the latest first; `before` is the last id of the page before."""
    return standing_still.of_cause(code, element_id, before=before, limit=limit)


def figures(at: datetime) -> dict[str, int]:
    """Counts for monitoring: instances by status, open and overdue tasks, jobs, due timers.

    Keys are stable names such as `jobs_ready`; `timer_lag_seconds` is the age of the oldest due
    timer. Seven grouped reads.
    """
    return counted.figures(at)


def stalled() -> tuple[InstanceView, ...]:
    """Running instances in which nothing is open and no incident says why; empty when healthy."""
    return reading.stalled()
