"""The worklist, the desk, and completing a user task."""

from collections.abc import Collection, Mapping
from datetime import datetime

from engine.runtime import (
    completing,
    reading,
    steering,
)
from engine.runtime.transaction import step_transaction
from engine.runtime.values import Json
from engine.runtime.views import (
    Page,
    TaskCounts,
)
from engine.types import (
    Advance,
    TaskView,
    Variables,
)
from engine.worklist import assigning, queue
from engine.worklist import counts as counting
from engine.worklist.queue import Filters

LEASE_SECONDS = 1_800


def complete_task(
    task_id: int,
    *,
    outcome: str,
    variables: Variables | None = None,
    by: int,
    at: datetime,
    note: str = "",
) -> Advance:
    """Complete an open user task and run its process to the next wait state.

    Writes the variable `outcome` and the fields that the task's form declares.

    Raises:
        TaskNotOpen: someone else completed or cancelled the task first.
        TaskAssignedElsewhere: it is on somebody else's desk.
        NotPermitted: group, scope, four-eyes or participation; superusers included.
        OutcomeUnknown: the form does not declare this outcome or field.
        InstanceNotActive: the instance is suspended.
        BeingProcessed: somebody holds the instance right now.
    """
    with step_transaction():
        return completing.complete(
            task_id, outcome=outcome, variables=variables or {}, by=by, at=at, note=note
        )


def assign_task(task_id: int, *, by: int, at: datetime, lease_s: int = LEASE_SECONDS) -> TaskView:
    """Put a user task on a person's desk for a while; again makes it longer.

    Raises:
        TaskNotOpen, TaskAssignedElsewhere, NotPermitted: as for completing.
    """
    return assigning.assign(task_id, by=by, at=at, lease_s=lease_s)


def unassign_task(task_id: int, *, by: int, at: datetime) -> TaskView:
    """Give a user task back to its queue; the draft stays with it."""
    return assigning.unassign(task_id, by=by, at=at)


def save_draft(task_id: int, draft: dict[str, Json], *, by: int, at: datetime) -> TaskView:
    """Keep what a person typed so far; gone when the task closes."""
    return assigning.save_draft(task_id, draft, by=by, at=at)


def next_task(
    *,
    by: int,
    at: datetime,
    groups: Collection[str] | None = None,
    skip: Collection[int] = (),
    lease_s: int = LEASE_SECONDS,
) -> TaskView | None:
    """Put the first free user task of the queue on a person's desk, None when there is none.

    Order: priority, due date, age. Tasks that a rule forbids to this person are passed over.
    """
    return assigning.next_task(by=by, at=at, groups=groups, skip=skip, lease_s=lease_s)


def task(task_id: int) -> TaskView:
    """A user task, open or closed."""
    return reading.task(task_id)


def open_tasks(
    instance_id: int | None = None, *, business_key: str | None = None
) -> tuple[TaskView, ...]:
    """Open user tasks of an instance, or of all instances with a business key, oldest first."""
    return reading.open_tasks(instance_id, business_key)


def worklist(
    *,
    by: int,
    at: datetime,
    mine: bool = False,
    groups: Collection[str] | None = None,
    element: str | None = None,
    due: datetime | None = None,
    search_keys: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the open user tasks a person may work on, in queue order.

    `due` keeps what is due before that instant, `search_keys` only these business keys, `mine`
    what is on the person's desk. `after` is the cursor of the page before; 200 rows at most.
    """
    filters = Filters(
        mine=mine,
        groups=None if groups is None else frozenset(groups),
        element=element,
        due=due,
        search_keys=None if search_keys is None else tuple(search_keys),
    )
    return queue.page(by=by, at=at, filters=filters, after=after, limit=limit)


def counts(*, by: int, at: datetime) -> Mapping[tuple[str, str], TaskCounts]:
    """(group, element) -> how many open user tasks a person may work on; one statement."""
    return counting.counts(by=by, at=at)


def set_priority(
    task_id: int, priority: int, *, by: int | None, at: datetime, note: str = ""
) -> Advance:
    """Change how far up an open user task stands in its queue."""
    with step_transaction():
        return steering.set_priority(task_id, priority, by=by, at=at, note=note)
