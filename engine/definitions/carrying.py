"""Open rows of an instance that goes over to another version: what they are called there.

Rows are paired by token. Drafts, assignments, due dates and timers are not touched; what the new
version adds or lacks is the business of the step that follows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from engine.models import (
    NEVER,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    Timer,
    UserTask,
    UserTaskCandidate,
)
from engine.runtime.loaded import Loaded
from engine.runtime.people import scope_of
from engine.runtime.project import task_scope
from engine.runtime.views import outcomes_document
from engine.types import OpenUserTask, StepResult

Item = TypeVar("Item")


def carry_rows(
    instance: ProcessInstance, loaded: Loaded, before: StepResult, after: StepResult
) -> None:
    """Rename the rows of everything that is open in both."""
    for _, task in paired(before.user_tasks, after.user_tasks, lambda item: item.token):
        carry_task(instance, loaded, task)
    for _, job in paired(before.jobs, after.jobs, lambda item: item.token):
        Job.objects.filter(
            instance=instance, token=job.token, status__in=["ready", "leased"]
        ).update(element_id=job.element_id, type=job.type, headers=dict(job.headers))
    for old, timer in paired(before.timers, after.timers, lambda item: (item.token, item.due_at)):
        Timer.objects.filter(
            instance=instance, token=old.token, element_id=old.element_id, status="pending"
        ).update(element_id=timer.element_id)
    for waited, item in paired(
        before.subscriptions, after.subscriptions, lambda item: (item.token, item.kind)
    ):
        Subscription.objects.filter(
            instance=instance,
            token=waited.token,
            element_id=waited.element_id,
            name=waited.name,
            key=waited.key,
            status="open",
        ).update(element_id=item.element_id, name=item.name)
    for _, broken in paired(before.incidents, after.incidents, lambda item: item.token):
        Incident.objects.filter(instance=instance, token=broken.token, resolved_at=None).update(
            element_id=broken.element_id
        )


def reopen_timers(instance: ProcessInstance, after: StepResult) -> None:
    """Timers that come back go on in their old rows, which know when they began."""
    for timer in after.timers:
        mine = Timer.objects.filter(
            instance=instance, token=timer.token, element_id=timer.element_id, due_at=timer.due_at
        )
        if not mine.filter(status=Timer.Status.PENDING).exists():
            row = mine.filter(status=Timer.Status.CANCELLED).order_by("-pk").first()
            if row is not None:
                Timer.objects.filter(pk=row.pk).update(status=Timer.Status.PENDING, ended_at=None)


def paired(
    before: Iterable[Item], after: Iterable[Item], key: Callable[[Item], object]
) -> Iterator[tuple[Item, Item]]:
    """Items of the same key, in their order."""
    mine: dict[object, list[Item]] = defaultdict(list)
    for item in before:
        mine[key(item)].append(item)
    for item in after:
        if mine[key(item)]:
            yield mine[key(item)].pop(0), item


def carry_task(instance: ProcessInstance, loaded: Loaded, item: OpenUserTask) -> None:
    """An open user task as the other version draws it: name, queue, form, outcomes."""
    row = UserTask.objects.get(instance=instance, token=item.token, status="open")
    name = loaded.nodes[item.process_id, item.element_id].name
    UserTask.objects.filter(pk=row.pk).update(
        element_id=item.element_id,
        process_id=item.process_id,
        name_zh=name.zh,
        name_en=name.en,
        groups=list(item.groups),
        scope=task_scope(item.groups, instance),
        form_id=item.form_id,
        outcomes=outcomes_document(loaded.outcomes(item.process_id, item.element_id)),
        not_same_as=list(item.not_same_as),
    )
    UserTaskCandidate.objects.filter(task=row).delete()
    UserTaskCandidate.objects.bulk_create(
        UserTaskCandidate(
            task=row,
            group=group,
            scope=scope_of(group, instance.scope, instance.group_scopes),
            element_id=item.element_id,
            rank=-row.priority,
            due_at=row.due_at or NEVER,
        )
        for group in item.groups
    )
