"""Acts on whole instances: suspend, resume, cancel, move to another scope, change priority."""

from datetime import datetime

from engine.errors import InstanceNotActive, NotFound, NotWaiting
from engine.kernel import operations
from engine.models import HistoryEvent, Job, ProcessInstance, UserTask, UserTaskCandidate
from engine.runtime.project import task_scope
from engine.runtime.ring import ring_jobs_on_commit
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, begin, lock_instance
from engine.types import Advance

Status = ProcessInstance.Status


def cancel(instance_id: int, *, by: int | None, at: datetime, note: str) -> Advance:
    """End an instance: everything open is cancelled."""
    step = begin(instance_id, at=at, by=by, note=note, running=False)
    if step.instance.ended_at is not None:
        raise InstanceNotActive(step.instance.status)
    step.apply(Operation("repair"), operations.cancel(step.loaded.model, step.state, at=at))
    return step.save(Act("instance_cancelled"))


def suspend(instance_id: int, *, by: int | None, at: datetime, note: str) -> Advance:
    """Stop an instance where it stands: nothing may be completed, fired or started in it."""
    return set_status(
        instance_id, Status.ACTIVE, Status.SUSPENDED, "instance_suspended", by=by, at=at, note=note
    )


def resume(instance_id: int, *, by: int | None, at: datetime, note: str) -> Advance:
    """Let a suspended instance go on; what its handlers answered meanwhile is taken now."""
    step = begin(instance_id, at=at, by=by, note=note, running=False)
    if step.instance.status != Status.SUSPENDED:
        raise InstanceNotActive(step.instance.status)
    if operations.open_items(step.loaded.model, step.state).status == "suspended":
        step.apply(Operation("repair"), operations.resume(step.loaded.model, step.state, at=at))
        settle(step)
        return step.save(Act("instance_resumed"))
    ready = Job.objects.filter(instance=instance_id, status=Job.Status.READY)
    ring_jobs_on_commit(list(ready.values_list("pk", flat=True)))
    return set_status(
        instance_id, Status.SUSPENDED, Status.ACTIVE, "instance_resumed", by=by, at=at, note=note
    )


def set_status(
    instance_id: int, was: str, status: str, kind: str, *, by: int | None, at: datetime, note: str
) -> Advance:
    instance = locked(instance_id)
    if instance.status != was:
        raise InstanceNotActive(instance.status)
    return record(instance, kind, by=by, at=at, note=note, status=status)


def set_scope(instance_id: int, scope: str, *, by: int | None, at: datetime, note: str) -> Advance:
    """Move an instance and its open user tasks to another scope (own scopes of groups stay)."""
    instance = locked(instance_id)
    refuse_ended(instance)
    instance.scope = scope
    for task in UserTask.objects.filter(instance=instance, status=UserTask.Status.OPEN):
        # Whoever has it on the desk may not work in the scope it goes to.
        UserTask.objects.filter(pk=task.pk).update(
            scope=task_scope(task.groups, instance), assignee=None, assigned_until=None
        )
    own = list(instance.group_scopes)
    UserTaskCandidate.objects.filter(task__instance=instance).exclude(group__in=own).update(
        scope=scope
    )
    return record(instance, "scope_changed", by=by, at=at, note=note, scope=scope)


def set_priority(
    task_id: int, priority: int, *, by: int | None, at: datetime, note: str
) -> Advance:
    """Change how far up an open user task stands in its queue."""
    task = UserTask.objects.filter(pk=task_id).first()
    if task is None:
        raise NotFound(f"user task {task_id}")
    instance = locked(task.instance_id)
    changed = UserTask.objects.filter(pk=task_id, status=UserTask.Status.OPEN).update(
        priority=priority
    )
    if not changed:
        raise NotWaiting(f"user task {task_id} is not open")
    UserTaskCandidate.objects.filter(task=task_id).update(rank=-priority)
    return record(instance, "priority_changed", by=by, at=at, note=note, task_id=task_id)


def locked(instance_id: int) -> ProcessInstance:
    instance = lock_instance(instance_id)
    if instance is None:
        raise NotFound(f"instance {instance_id}")
    return instance


def refuse_ended(instance: ProcessInstance) -> None:
    if instance.ended_at is not None:
        raise InstanceNotActive(instance.status)


def record(
    instance: ProcessInstance,
    kind: str,
    *,
    by: int | None,
    at: datetime,
    note: str,
    status: str | None = None,
    scope: str | None = None,
    task_id: int | None = None,
) -> Advance:
    """Save what changed on the instance itself, with its own revision and history row."""
    instance.revision += 1
    instance.status = status or instance.status
    instance.scope = scope or instance.scope
    instance.save(update_fields=["revision", "status", "scope"])
    HistoryEvent.objects.create(
        instance=instance,
        revision=instance.revision,
        seq=0,
        kind=kind,
        task_id=task_id,
        at=at,
        by_id=by,
        data={"note": note} if note else None,
    )
    return Advance(instance.pk, instance.revision, instance.status, (), (), ())
