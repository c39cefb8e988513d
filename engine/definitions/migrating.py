"""Running instances go over to another version, one by one.

Moving is one transaction per instance, in which the plan notes what it did: a process that dies in
the middle leaves every instance on exactly one version, and the next one goes on where it stopped.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet

from engine import faults
from engine.definitions.carrying import carry_rows, reopen_timers
from engine.definitions.previewing import RUNNING, Way, running, tried, way
from engine.errors import BeingProcessed, MoveRefused, NotFound
from engine.kernel import migration, operations
from engine.kernel import state as codec
from engine.models import MigratedInstance, MigrationPlan, ProcessDefinition, ProcessInstance
from engine.runtime.loaded import digest_of
from engine.runtime.open_rows import open_rows
from engine.runtime.ring import ring_on_commit
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step, lock_instance
from engine.runtime.transaction import step_transaction

log = logging.getLogger(__name__)
Status, Outcome = MigrationPlan.Status, MigratedInstance.Status
PORTION = 100
# Why an instance that was moved cannot be taken back.
MOVED_ON = "moved_on"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a migration stands; `left` counts running instances that it has not looked at."""

    id: int
    status: str
    moved: int
    refused: int
    undone: int
    left: int


def progress(plan_id: int) -> Progress:
    row = plan_row(plan_id)
    counts = Counter(row.instances.values_list("status", flat=True))
    left = running(row.source_id).exclude(moves__plan=row).count()
    return Progress(
        row.pk,
        row.status,
        counts[Outcome.MOVED],
        counts[Outcome.REFUSED],
        counts[Outcome.UNDONE],
        left if row.status in (Status.RUNNING, Status.PAUSED) else 0,
    )


def plan_row(plan_id: int) -> MigrationPlan:
    row = MigrationPlan.objects.filter(pk=plan_id).first()
    if row is None:
        raise NotFound(f"migration {plan_id}")
    return row


def start(
    source_id: int,
    target_id: int,
    mapping: Mapping[str, str],
    *,
    by: int | None,
    at: datetime,
    note: str,
) -> Progress:
    """Write the plan down and ring for it.

    Raises:
        NotFound: no such version or element.
        MoveRefused: `same_version`, or `already_migrating` the same source.
    """
    way(source_id, target_id, mapping)
    if source_id == target_id:
        raise MoveRefused("same_version")
    try:
        with step_transaction():
            row = MigrationPlan.objects.create(
                source_id=source_id,
                target_id=target_id,
                mapping=dict(mapping),
                note=note,
                created_at=at,
                created_by_id=by,
            )
            ring_on_commit("engine.migrate")
    except IntegrityError as error:
        raise MoveRefused("already_migrating") from error
    return progress(row.pk)


def set_status(plan_id: int, was: tuple[str, ...], status: str) -> Progress:
    """Pause, resume or undo a plan.

    Raises:
        MoveRefused: `not_possible_now`, the plan is in another status; `already_migrating`,
            another plan of the same source is under way.
    """
    plan_row(plan_id)
    try:
        with step_transaction():
            if not MigrationPlan.objects.filter(pk=plan_id, status__in=was).update(status=status):
                raise MoveRefused("not_possible_now")
            ring_on_commit("engine.migrate")
    except IntegrityError as error:
        raise MoveRefused("already_migrating") from error
    return progress(plan_id)


def run(plan_id: int, *, at: datetime, limit: int = PORTION) -> int:
    """Work on the next portion of a plan; how many instances were looked at."""
    row = plan_row(plan_id)
    if row.status == Status.RUNNING:
        ids = running(row.source_id).exclude(moves__plan=row).values_list("pk", flat=True)
        found = way(row.source_id, row.target_id, row.mapping)
        done = sum(move_or_note(row, found, pk, at=at) for pk in list(ids[:limit]))
        finish(row, Status.DONE, running(row.source_id).exclude(moves__plan=row).exists(), at)
        return done
    if row.status == Status.UNDOING:
        items = moved(row).order_by("-pk").values_list("pk", flat=True)
        found = way(row.source_id, row.target_id, row.mapping)
        done = sum(undo_or_note(found, pk, at=at) for pk in list(items[:limit]))
        finish(row, Status.UNDONE, moved(row).exists(), at)
        return done
    return 0


def moved(row: MigrationPlan) -> QuerySet[MigratedInstance]:
    """What can still be undone; what somebody has acted on since has its reason."""
    return row.instances.filter(status=Outcome.MOVED, reason="")


def finish(row: MigrationPlan, status: str, more: bool, at: datetime) -> None:  # noqa: FBT001 - what was counted
    if not more:
        MigrationPlan.objects.filter(pk=row.pk, status=row.status).update(
            status=status, ended_at=at
        )


def move_or_note(row: MigrationPlan, found: Way, instance_id: int, *, at: datetime) -> bool:
    """Move one instance; what breaks on it is noted, and keeps no other back."""
    try:
        return move(row, found, instance_id, at=at)
    except BeingProcessed:
        return False
    except (OperationalError, faults.InjectedFault):
        raise
    except Exception:
        log.exception("instance %s cannot be moved", instance_id)
        MigratedInstance.objects.get_or_create(
            plan=row,
            instance_id=instance_id,
            defaults={"status": Outcome.REFUSED, "reason": "move_failed", "at": at},
        )
        return True


def undo_or_note(found: Way, item_id: int, *, at: datetime) -> bool:
    """Take one instance back; what breaks on it is noted, and keeps no other back."""
    try:
        return undo(found, item_id, at=at)
    except BeingProcessed:
        return False
    except (OperationalError, faults.InjectedFault):
        raise
    except Exception:
        log.exception("migrated instance %s cannot be taken back", item_id)
        MigratedInstance.objects.filter(pk=item_id).update(reason="undo_failed")
        return True


def move(row: MigrationPlan, found: Way, instance_id: int, *, at: datetime) -> bool:
    """Move one instance in its own transaction.

    False when somebody else holds it right now, it has ended, or the plan has been stopped.
    """
    faults.point("migrate.row")
    with step_transaction():
        if not locked_plan(row.pk, Status.RUNNING):
            return False
        instance = lock_instance(instance_id, skip_locked=True)
        if instance is None or instance.definition_id != found.source.pk:
            return False
        if instance.status not in RUNNING:
            return False
        if MigratedInstance.objects.filter(plan=row, instance=instance).exists():
            return False
        before = bytes(instance.state)
        note = MigratedInstance(plan=row, instance=instance, at=at, status=Outcome.REFUSED)
        _, problems = tried(before, found.plan, at=at)
        if problems:
            note.reason, note.element_id = problems[0].reason, problems[0].element_id
        else:
            note.status, note.before = Outcome.MOVED, before
            step = carry(row, found, instance, at=at)
            note.revision = step.instance.revision
            # A handler has run or a message was taken: the bytes of before would deny it.
            note.reason = MOVED_ON if len(step.operations) > 1 else ""
        note.save(force_insert=True)
        faults.point("migrate.before_commit")
    return True


def locked_plan(plan_id: int, status: str) -> bool:
    """Whether a plan is in this status, which it keeps until the end of the transaction.

    Without the lock a plan could be undone to its end while somebody still moves an instance.
    """
    rows = MigrationPlan.objects.select_for_update(no_key=True).filter(pk=plan_id)
    return status in rows.values_list("status", flat=True)


def carry(row: MigrationPlan, found: Way, instance: ProcessInstance, *, at: datetime) -> Step:
    """Put a locked instance and its rows onto the target; the step that did it."""
    state = codec.loads(bytes(instance.state))
    before = operations.open_items(found.old.model, state)
    result = migration.migrate(state, found.plan, at=at)
    after = operations.open_items(found.new.model, state)
    put_on(instance, found.target)
    carry_rows(instance, found.new, before, after)
    step = Step(
        instance, found.new, state, open_rows(instance.pk), at, row.created_by_id, row.note
    )
    step.apply(Operation("migration"), result)
    if not step.on_hold:
        settle(step)
    versions = {"from": found.source.version, "to": found.target.version}
    step.save(Act("migrated", data=versions))
    return step


def undo(found: Way, item_id: int, *, at: datetime) -> bool:
    """Take one instance back to the bytes it had, unless somebody has acted on it since."""
    with step_transaction():
        item = MigratedInstance.objects.select_related("plan").get(pk=item_id)
        instance = lock_instance(item.instance_id, skip_locked=True)
        if instance is None or not moved(item.plan).filter(pk=item_id).exists():
            return False
        if instance.revision != item.revision or item.before is None:
            MigratedInstance.objects.filter(pk=item_id).update(reason=MOVED_ON)
            return True
        now = operations.open_items(found.new.model, codec.loads(bytes(instance.state)))
        state = codec.loads(bytes(item.before))
        then = operations.open_items(found.old.model, state)
        put_on(instance, found.source)
        carry_rows(instance, found.old, now, then)
        reopen_timers(instance, then)
        by = item.plan.created_by_id
        step = Step(instance, found.old, state, open_rows(instance.pk), at, by, item.plan.note)
        step.apply(Operation("migration"), then)
        step.save(Act("migration_undone"))
        MigratedInstance.objects.filter(pk=item_id).update(status=Outcome.UNDONE)
    return True


def put_on(instance: ProcessInstance, definition: ProcessDefinition) -> None:
    instance.definition = definition
    instance.definition_digest = digest_of(definition)
    instance.save(update_fields=["definition", "definition_digest"])


def run_unfinished(at: datetime) -> int:
    """A portion of every plan that is to be worked on; how many instances were looked at."""
    rows = MigrationPlan.objects.filter(status__in=[Status.RUNNING, Status.UNDOING])
    return sum(run(pk, at=at) for pk in rows.order_by("pk").values_list("pk", flat=True))
