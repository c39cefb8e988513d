"""Taking a user task onto one's desk, for a while; and giving it back.

A lease that ran out frees the task but keeps its draft. Only the task's row is locked, never the
instance: a step locks the instance first and its tasks later, and waits for nothing held here.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from engine.errors import NotFound, NotPermitted, TaskAssignedElsewhere, TaskNotOpen
from engine.models import UserTask
from engine.runtime.completing import refuse_other_desks, task_row
from engine.runtime.open_rows import moment
from engine.runtime.people import check_person, people
from engine.runtime.transaction import step_transaction
from engine.runtime.values import Json
from engine.runtime.views import task_view
from engine.types import Grant, TaskView
from engine.worklist.queue import Filters, Place, grants_of, in_order

LOOKED_AT = 20
# By one conditional update: free, mine, or on a desk for longer than was agreed.
TAKE = """
UPDATE engine_usertask SET assignee_id = %s, assigned_until = %s
 WHERE id = %s AND status = 'open'
   AND (assignee_id IS NULL OR assignee_id = %s OR assigned_until <= %s)"""


def assign(task_id: int, *, by: int, at: datetime, lease_s: int) -> TaskView:
    """Put a task on a person's desk, or keep it there for longer."""
    with step_transaction():
        row = open_row(task_id)
        permit(row, by=by, at=at)
        return take(row, by=by, at=at, lease_s=lease_s)


def open_row(task_id: int) -> UserTask:
    """The row of an open task."""
    row = task_row(task_id, lock=False)
    if row is None:
        raise NotFound(f"user task {task_id}")
    if row.status != UserTask.Status.OPEN:
        raise TaskNotOpen(task_id, by_id=row.closed_by_id, closed_at=row.closed_at)
    return row


def permit(
    row: UserTask, *, by: int, at: datetime, grants: Collection[Grant] | None = None
) -> None:
    """The same rules that completing asks again."""
    check_person(
        task_view(row),
        by=by,
        at=at,
        group_scopes=row.instance.group_scopes,
        instance_scope=row.instance.scope,
        seen=seen_by(row, by),
        grants=grants,
    )


def seen_by(row: UserTask, by: int) -> Collection[str]:
    """Elements of the four-eyes rule that this person completed in this case."""
    if not row.not_same_as:
        return ()
    return set(
        UserTask.objects.filter(
            business_key=row.business_key,
            closed_by=by,
            status=UserTask.Status.COMPLETED,
            element_id__in=row.not_same_as,
        ).values_list("element_id", flat=True)
    )


def take(row: UserTask, *, by: int, at: datetime, lease_s: int) -> TaskView:
    """Assign by one conditional update; the loser of a race learns who was faster."""
    until = at + timedelta(seconds=lease_s)
    if row.assignee_id == by and row.assigned_until is None:
        return task_view(row)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [by, moment(until), row.pk, by, moment(at)])
        taken = cursor.rowcount
    if not taken:
        fresh = open_row(row.pk)
        raise TaskAssignedElsewhere(row.pk, by_id=fresh.assignee_id, until=fresh.assigned_until)
    row.assignee_id, row.assigned_until = by, until
    return task_view(row)


def unassign(task_id: int, *, by: int, at: datetime) -> TaskView:
    """Give a task back to its queue; its draft stays."""
    with step_transaction():
        row = open_row(task_id)
        refuse_other_desks(task_view(row), by=by, at=at)
        UserTask.objects.filter(pk=task_id, assignee=by, status=UserTask.Status.OPEN).update(
            assignee=None, assigned_until=None
        )
        return task_view(open_row(task_id))


def save_draft(task_id: int, draft: dict[str, Json], *, by: int, at: datetime) -> TaskView:
    """Keep what a person typed so far with the task."""
    with step_transaction():
        row = open_row(task_id)
        refuse_other_desks(task_view(row), by=by, at=at)
        permit(row, by=by, at=at)
        UserTask.objects.filter(pk=task_id, status=UserTask.Status.OPEN).update(draft=draft)
        row.draft = draft
        return task_view(row)


def next_task(
    *, by: int, at: datetime, groups: Collection[str] | None, skip: Collection[int], lease_s: int
) -> TaskView | None:
    """Assign the first free task of the queue that this person may work on."""
    grants = grants_of(by, at, groups)
    filters = Filters(free_at=at)
    place: Place | None = None
    while True:
        places = in_order(grants, filters, after=place, limit=LOOKED_AT)
        for place in places:
            if place.task_id not in skip:
                view = try_take(place.task_id, by=by, at=at, grants=grants, lease_s=lease_s)
                if view is not None:
                    return view
        if len(places) < LOOKED_AT:
            return None


def try_take(
    task_id: int, *, by: int, at: datetime, grants: Collection[Grant], lease_s: int
) -> TaskView | None:
    """Take a task unless somebody is at it right now or a rule forbids it."""
    with step_transaction():
        if not lock_free(task_id, at):
            return None
        row = open_row(task_id)
        try:
            permit(row, by=by, at=at, grants=people().grants(by, at) & frozenset(grants))
        except NotPermitted:
            return None
        return take(row, by=by, at=at, lease_s=lease_s)


def lock_free(task_id: int, at: datetime) -> bool:
    """Lock the row of a free task; False when it is not free, or somebody else is at it."""
    row = (
        UserTask.objects.select_for_update(skip_locked=True, no_key=True)
        .only("pk")
        .filter(pk=task_id, status=UserTask.Status.OPEN)
        .filter(Q(assignee=None) | Q(assigned_until__lte=at))
        .first()
    )
    return row is not None
