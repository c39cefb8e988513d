"""Completing a user task: who may, what may be written, and the step that follows."""

from dataclasses import replace
from datetime import datetime

from django.db import connection

from engine import faults
from engine.errors import NotFound, TaskAssignedElsewhere, TaskNotOpen
from engine.kernel import operations
from engine.kernel import state as codec
from engine.kernel.opened import open_user_task
from engine.models import UserTask
from engine.runtime.forms import checked_answer
from engine.runtime.loaded import Loaded, attach_definition, loaded_for
from engine.runtime.open_rows import OpenRows, OpenTaskRow, kinds_of, open_rows
from engine.runtime.people import check_person
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step, refuse_unless_active
from engine.runtime.views import outcomes_document, task_view
from engine.runtime.work_rows import INSTANCES, TASKS
from engine.types import Advance, OpenUserTask, TaskView, Variables

ONE_TASK = f"""
SELECT {TASKS.columns}, {INSTANCES.columns} FROM engine_usertask t
 JOIN engine_processinstance i ON i.id = t.instance_id WHERE t.id = %s"""  # noqa: S608 - our columns
# NO KEY: rows that refer to the instance may still be inserted.
LOCK = " FOR NO KEY UPDATE OF i"


def complete(
    task_id: int, *, outcome: str, variables: Variables, by: int, at: datetime, note: str
) -> Advance:
    """One human step, inside the caller's transaction. Errors are those of the api."""
    step, task = lock_task(task_id, by=by, at=at, note=note)
    form = step.loaded.forms.get(task.form_id)
    allowed = tuple(choice.code for choice in task.outcomes)
    answer = checked_answer(outcome, variables, allowed=allowed, form=form)
    token = step.before.task_token(task_id)
    assert token is not None
    step.apply(
        Operation("task", task.element_id, answer),
        operations.complete_user_task(step.loaded.model, step.state, token, answer, at=at),
    )
    step.closing.task_id, step.closing.outcome = task_id, outcome
    settle(step)
    return step.save(Act("task_completed", task.element_id, token, task_id, {"outcome": outcome}))


def lock_task(task_id: int, *, by: int, at: datetime, note: str) -> tuple[Step, TaskView]:
    """Lock the instance of a task, and check that it is open and that this person may."""
    row = task_row(task_id, lock=True)
    if row is None:
        raise NotFound(f"user task {task_id}")
    # What the row says was read before the lock was ours; what changes is read again behind it.
    faults.point("task.locked")
    loaded, state = loaded_for(row.instance.definition), codec.loads(bytes(row.instance.state))
    take_over(row, loaded, open_user_task(loaded.model, state, row.token))
    rows = open_rows(
        row.instance_id,
        business_key=row.business_key,
        by=by,
        not_same_as=row.not_same_as,
        kinds=kinds_of(loaded.model, state),
        reserve=True,
    )
    fresh = fresh_row(rows, task_id)
    refuse_unless_active(row.instance)
    view = replace(
        task_view(row),
        scope=fresh.scope,
        assignee_id=fresh.assignee_id,
        assigned_until=fresh.assigned_until,
    )
    refuse_other_desks(view, by=by, at=at)
    check_person(
        view,
        by=by,
        at=at,
        group_scopes=row.instance.group_scopes,
        instance_scope=row.instance.scope,
        seen=rows.seen,
    )
    return Step(row.instance, loaded, state, rows, at, by, note), view


def task_row(task_id: int, *, lock: bool) -> UserTask | None:
    """The task with its instance, which is locked if so wanted."""
    locks = lock and connection.features.has_select_for_update
    with connection.cursor() as cursor:
        cursor.execute(ONE_TASK + (LOCK if locks else ""), [task_id])
        found = cursor.fetchone()
    if found is None:
        return None
    row = TASKS.row(found[: TASKS.width])
    row.instance = attach_definition(INSTANCES.row(found[TASKS.width :]))
    return row


def take_over(row: UserTask, loaded: Loaded, item: OpenUserTask | None) -> None:
    """What the diagram says of the task: the instance may just have come to another version."""
    if item is not None:
        row.element_id, row.process_id = item.element_id, item.process_id
        row.groups, row.not_same_as = list(item.groups), list(item.not_same_as)
        row.form_id = item.form_id
        row.outcomes = outcomes_document(loaded.outcomes(item.process_id, item.element_id))


def fresh_row(rows: OpenRows, task_id: int) -> OpenTaskRow:
    """The task as it is behind the lock; TaskNotOpen says who was faster, and when."""
    for row in rows.tasks.values():
        if row.id == task_id:
            return row
    closed = UserTask.objects.only("closed_by", "closed_at").get(pk=task_id)
    raise TaskNotOpen(task_id, by_id=closed.closed_by_id, closed_at=closed.closed_at)


def refuse_other_desks(view: TaskView, *, by: int, at: datetime) -> None:
    """Raise TaskAssignedElsewhere while somebody else has the task on their desk."""
    if view.assignee_id in (None, by):
        return
    if view.assigned_until is None or view.assigned_until > at:
        raise TaskAssignedElsewhere(view.id, by_id=view.assignee_id, until=view.assigned_until)
