"""One step: an act on a locked instance, everything that follows from it, and its rows.

Every act goes the same way: lock the instance, load its state, look whether the thing is still
open, act, run transactional handlers until none is left, save, project, write history. The lock
is the instance's row, so two acts on one instance run one after the other.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from engine import faults
from engine.errors import BeingProcessed, InstanceNotActive, NotFound
from engine.kernel import state as codec
from engine.kernel.state import State
from engine.models import ProcessInstance
from engine.runtime.history import HISTORY, history_rows
from engine.runtime.loaded import Loaded, attach_definition, loaded_for
from engine.runtime.open_rows import OpenRows, moment, open_rows
from engine.runtime.project import Closing, Projected, Projection
from engine.runtime.ring import ring_jobs_on_commit
from engine.runtime.sql import Batch
from engine.runtime.throwing import post_thrown
from engine.runtime.values import Json
from engine.runtime.work_rows import INSTANCES
from engine.types import Advance, StepResult, Variables

log = logging.getLogger(__name__)
ONE_INSTANCE = f"SELECT {INSTANCES.columns} FROM engine_processinstance i WHERE i.id = %s"  # noqa: S608 - our columns
SAVE_INSTANCE = """
UPDATE engine_processinstance SET state = %s, revision = %s, status = %s, ended_at = %s
 WHERE id = %s AND revision = %s"""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did: the first row of the step's history."""

    kind: str
    element_id: str = ""
    token: int | None = None
    task_id: int | None = None
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """What the kernel was asked to do within a step: kept with what came of it.

    `kind` is start, task, job, message, signal, timer, error, failure or repair; `given` is what
    a person, handler or sender delivered.
    """

    kind: str
    element_id: str = ""
    given: Variables = field(default_factory=dict)


@dataclass(slots=True)
class Step:
    """A locked instance with its state, and what has happened to it so far."""

    instance: ProcessInstance
    loaded: Loaded
    state: State
    before: OpenRows
    at: datetime
    by: int | None
    note: str = ""
    results: list[StepResult] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    closing: Closing = field(default_factory=Closing)
    # Somebody has suspended the instance; what is repaired on it does not make it go on.
    on_hold: bool = field(init=False)

    def __post_init__(self) -> None:
        suspended = self.instance.status == ProcessInstance.Status.SUSPENDED
        self.on_hold = suspended and not self.state.suspended

    @property
    def last(self) -> StepResult:
        return self.results[-1]

    def apply(self, operation: Operation, result: StepResult) -> None:
        """Take over what an operation of the kernel did."""
        self.operations.append(operation)
        self.results.append(result)

    def save(self, act: Act, *, tried: Collection[int] = ()) -> Advance:
        """Write state, rows and history of this step; the caller's transaction commits them."""
        faults.point("task.advanced")
        self.closing.note = self.note
        batch = Batch()
        projected = self.project(batch, tried)
        self.instance.revision += 1
        batch.insert(HISTORY, history_rows(self, act, projected))
        self.save_instance(batch)
        ring_jobs_on_commit(projected.jobs)
        post_thrown(self.instance, self.results, at=self.at)
        faults.point("task.before_commit")
        return self.advance(projected)

    def project(self, batch: Batch, tried: Collection[int]) -> Projected:
        """Rows for what is open."""
        writer = Projection(
            self.instance, self.loaded, self.before, self.closing, self.by, self.at, batch
        )
        writer.tasks(self.last.user_tasks)
        writer.timers(self.last.timers)
        writer.subscriptions(self.last.subscriptions)
        writer.jobs(self.last.jobs, reopen=tried)
        writer.incidents(self.last.incidents, tried=tried)
        return writer.result

    def save_instance(self, batch: Batch) -> None:
        """State, revision and status; the revision is the second line behind the lock."""
        row = self.instance
        row.status = self.last.status
        if self.on_hold and row.status == ProcessInstance.Status.ACTIVE:
            row.status = ProcessInstance.Status.SUSPENDED
        ended = row.status in (ProcessInstance.Status.COMPLETED, ProcessInstance.Status.CANCELLED)
        row.ended_at = self.at if ended else None
        row.state = codec.dumps(self.state)
        batch.add(
            SAVE_INSTANCE,
            row.state,
            row.revision,
            row.status,
            None if row.ended_at is None else moment(row.ended_at),
            row.pk,
            row.revision - 1,
        )
        if batch.flush() != 1:
            raise BeingProcessed("the instance changed under its lock")

    def advance(self, projected: Projected) -> Advance:
        """What callers are told."""
        return Advance(
            instance_id=self.instance.pk,
            revision=self.instance.revision,
            status=self.instance.status,
            milestones=tuple(m for result in self.results for m in result.milestones),
            opened=tuple(projected.opened.values()),
            ended=tuple(projected.ended.values()),
            decisions=tuple(d for result in self.results for d in result.decisions),
        )


def lock_instance(instance_id: int, *, skip_locked: bool = False) -> ProcessInstance | None:
    """Lock an instance; None when it does not exist, or somebody holds it and we may skip.

    NO KEY: rows that refer to it may still be inserted.
    """
    text = ONE_INSTANCE
    if connection.features.has_select_for_update:
        text += " FOR NO KEY UPDATE SKIP LOCKED" if skip_locked else " FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(text, [instance_id])
        found = cursor.fetchone()
    return None if found is None else attach_definition(INSTANCES.row(found))


def begin(
    instance_id: int, *, at: datetime, by: int | None, note: str = "", running: bool = True
) -> Step:
    """Lock an instance and load what an act on it needs.

    Raises:
        NotFound: there is no such instance.
        InstanceNotActive: it is suspended or has ended (with `running`).
    """
    instance = lock_instance(instance_id)
    if instance is None:
        raise NotFound(f"instance {instance_id}")
    if running:
        refuse_unless_active(instance)
    return step_on(instance, open_rows(instance.pk), at=at, by=by, note=note)


def refuse_unless_active(instance: ProcessInstance) -> None:
    if instance.status != ProcessInstance.Status.ACTIVE:
        raise InstanceNotActive(instance.status)


def step_on(
    instance: ProcessInstance, rows: OpenRows, *, at: datetime, by: int | None, note: str = ""
) -> Step:
    """A step on an instance that is locked already."""
    faults.point("task.locked")
    return Step(
        instance=instance,
        loaded=loaded_for(instance.definition),
        state=codec.loads(bytes(instance.state)),
        before=rows,
        at=at,
        by=by,
        note=note,
    )
