"""Rows from the open sets of a step: an idempotent difference, few statements.

What the kernel says is open and the rows do not show is added; what the rows show and the kernel
does not know any more is closed. Running it twice changes nothing the second time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import F

from engine.models import NEVER, Incident, Job, ProcessInstance, Timer
from engine.runtime import values
from engine.runtime.loaded import Loaded
from engine.runtime.open_rows import OpenRows, moment
from engine.runtime.people import scope_of
from engine.runtime.sql import Batch, Values, marks
from engine.runtime.views import outcomes_document
from engine.runtime.work_rows import (
    CANCEL_TASKS,
    CANDIDATE,
    CLOSE_SUBSCRIPTIONS,
    COMPLETE_TASK,
    DROP_CANDIDATES,
    END_JOBS,
    END_TIMERS,
    JOB,
    SUBSCRIPTION,
    TASK,
    TASK_WITH_ID,
    TIMER,
)
from engine.types import OpenIncident, OpenJob, OpenSubscription, OpenTimer, OpenUserTask


@dataclass(slots=True)
class Closing:
    """How rows end that end by the act itself; all others that vanish are cancelled."""

    task_id: int | None = None
    outcome: str = ""
    job_id: int | None = None
    job_status: str = Job.Status.DONE
    timer_id: int | None = None
    resolution: str = ""
    note: str = ""


@dataclass(slots=True)
class Projected:
    """Which rows a step opened and closed."""

    opened: dict[int, int] = field(default_factory=dict)  # token -> task id
    ended: dict[int, int] = field(default_factory=dict)
    jobs: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Projection:
    """Writes the difference of one step."""

    instance: ProcessInstance
    loaded: Loaded
    before: OpenRows
    closing: Closing
    by: int | None
    at: datetime
    batch: Batch
    result: Projected = field(default_factory=Projected)

    # ------------------------------------------------------------------ user tasks
    def tasks(self, after: Iterable[OpenUserTask]) -> None:
        items = {item.token: item for item in after}
        finished = self.closing.task_id
        gone = {
            token: row.id
            for token, row in self.before.tasks.items()
            if token not in items or row.id == finished
        }
        new = [
            item
            for token, item in items.items()
            if token not in self.before.tasks or token in gone
        ]
        if gone:
            self.close_tasks(gone)
        if new:
            self.open_tasks(new)

    def close_tasks(self, gone: Mapping[int, int]) -> None:
        finished, at = self.closing.task_id, moment(self.at)
        ids = sorted(gone.values())
        if finished in ids:
            self.batch.add(COMPLETE_TASK, at, self.by, self.closing.outcome, finished)
        if others := [pk for pk in ids if pk != finished]:
            self.batch.add(CANCEL_TASKS.format(marks(others)), at, *others)
        self.batch.add(DROP_CANDIDATES.format(marks(ids)), *ids)
        self.result.ended = dict(gone)

    def open_tasks(self, new: list[OpenUserTask]) -> None:
        known = known_users(item.assignee for item in new)
        ids = self.insert_tasks([self.task_row(item, known) for item in new])
        self.batch.insert(
            CANDIDATE,
            [row for item, pk in zip(new, ids, strict=True) for row in self.candidates(item, pk)],
        )
        self.result.opened = {item.token: pk for item, pk in zip(new, ids, strict=True)}

    def insert_tasks(self, rows: list[Values]) -> list[int]:
        """Their ids; a single task may have one already, and then nobody waits for an answer."""
        reserved = self.before.next_task
        if reserved is None or len(rows) != 1:
            return self.batch.insert_ids(TASK, rows)
        self.batch.insert(TASK_WITH_ID, [(reserved, *rows[0])])
        return [reserved]

    def candidates(self, item: OpenUserTask, task_id: int) -> Iterator[Values]:
        scope, scopes = self.instance.scope, self.instance.group_scopes
        due = item.due_at or NEVER
        for group in item.groups:
            standing = scope_of(group, scope, scopes)
            yield task_id, group, standing, item.element_id, -item.priority, due

    def task_row(self, item: OpenUserTask, known: Collection[str]) -> Values:
        name = self.loaded.nodes[item.process_id, item.element_id].name
        return (
            self.instance.pk,
            self.instance.business_key,
            item.token,
            item.element_id,
            list(item.path),
            item.process_id,
            name.zh,
            name.en,
            list(item.groups),
            task_scope(item.groups, self.instance),
            int(item.assignee) if item.assignee in known and item.assignee else None,
            item.priority,
            self.at,
            item.due_at,
            item.form_id,
            outcomes_document(self.loaded.outcomes(item.process_id, item.element_id)),
            list(item.not_same_as),
        )

    # ------------------------------------------------------------------ jobs
    def jobs(self, after: Iterable[OpenJob], *, reopen: Collection[int] = ()) -> None:
        """External jobs. `reopen` are tokens whose failed job is to be tried again."""
        items = {item.token: item for item in after}
        finished = self.closing.job_id
        gone = {pk for token, pk in self.before.jobs.items() if token not in items}
        if finished is not None:
            self.end_jobs({finished}, self.closing.job_status)
            gone.discard(finished)
        if gone:
            self.end_jobs(gone, Job.Status.CANCELLED)
        new = [item for token, item in items.items() if token not in self.before.jobs]
        again = [item for item in new if item.token in reopen and self.reopen_job(item)]
        rows = [self.job_row(item) for item in new if item not in again]
        self.result.jobs += self.batch.insert_ids(JOB, rows) if rows else []

    def end_jobs(self, ids: Collection[int], status: str) -> None:
        self.batch.add(END_JOBS.format(marks(list(ids))), status, moment(self.at), *ids)

    def reopen_job(self, item: OpenJob) -> bool:
        """Try the job of this token again, with the same key.

        Another version of the process may draw it differently since.
        """
        # An error that nobody caught has ended the job without failing it.
        row = (
            Job.objects.filter(instance=self.instance, token=item.token)
            .exclude(status__in=[Job.Status.READY, Job.Status.LEASED])
            .first()
        )
        if row is None:
            return False
        Job.objects.filter(pk=row.pk).update(
            status=Job.Status.READY,
            element_id=item.element_id,
            type=item.type,
            headers=dict(item.headers),
            retries_left=item.retries,
            workers_lost=0,
            run_at=self.at,
            rung_at=self.at,
            ended_at=None,
            inputs=values.dumps(item.inputs),
        )
        self.result.jobs.append(row.pk)
        return True

    def job_row(self, item: OpenJob) -> Values:
        return (
            self.instance.pk,
            item.token,
            item.element_id,
            # A token enters one element once, so instance and token name the visit.
            f"{self.instance.pk}:{item.token}",
            item.type,
            dict(item.headers),
            values.dumps(item.inputs),
            max(1, item.retries),
            self.at,
            self.at,
            self.at,
        )

    # ------------------------------------------------------------------ timers, subscriptions
    def timers(self, after: Iterable[OpenTimer]) -> None:
        items = {(item.token, item.element_id, item.due_at): item for item in after}
        fired, at = self.closing.timer_id, moment(self.at)
        # A repeated timer may be armed for the instant at which it just fired.
        gone = {pk for key, pk in self.before.timers.items() if key not in items or pk == fired}
        if fired in gone:
            self.batch.add(END_TIMERS.format("%s"), Timer.Status.FIRED, at, fired)
        if others := sorted(gone - {fired}):
            self.batch.add(END_TIMERS.format(marks(others)), Timer.Status.CANCELLED, at, *others)
        self.batch.insert(
            TIMER,
            [
                (
                    self.instance.pk,
                    item.token,
                    item.element_id,
                    item.host,
                    item.cycle_left,
                    item.due_at,
                    self.at,
                )
                for key, item in items.items()
                if key not in self.before.timers or self.before.timers[key] in gone
            ],
        )

    def subscriptions(self, after: Iterable[OpenSubscription]) -> None:
        items = {
            (item.token, item.element_id, item.kind, item.name, item.key): item for item in after
        }
        gone = [pk for key, pk in self.before.subscriptions.items() if key not in items]
        if gone:
            self.batch.add(CLOSE_SUBSCRIPTIONS.format(marks(gone)), moment(self.at), *gone)
        self.batch.insert(
            SUBSCRIPTION,
            [
                (
                    self.instance.pk,
                    item.token,
                    item.element_id,
                    item.host,
                    item.kind,
                    item.name,
                    item.key,
                    self.at,
                )
                for key, item in items.items()
                if key not in self.before.subscriptions
            ],
        )

    # ------------------------------------------------------------------ incidents
    def incidents(self, after: Iterable[OpenIncident], *, tried: Collection[int] = ()) -> None:
        """`tried` are tokens of a repair: an incident that is still there happened once more."""
        items = {(item.token, item.element_id): item for item in after}
        gone = {pk for key, pk in self.before.incidents.items() if key not in items}
        if gone:
            Incident.objects.filter(pk__in=gone).update(
                resolved_at=self.at,
                resolved_by=self.by,
                resolution=self.closing.resolution or "moved_on",
                note=self.closing.note,
            )
            # Whoever moved on without the job has decided what becomes of it.
            Job.objects.filter(incidents__in=gone, status=Job.Status.FAILED).update(
                status=Job.Status.DONE
                if self.closing.resolution == "skip"
                else Job.Status.CANCELLED,
                ended_at=self.at,
            )
        new = []
        for key, item in items.items():
            if key not in self.before.incidents:
                new.append(self.incident_row(item))
            elif item.token in tried:
                Incident.objects.filter(pk=self.before.incidents[key]).update(
                    count=F("count") + 1, last_at=self.at, code=item.code, detail=item.detail
                )
        if new:
            Incident.objects.bulk_create(new)

    def incident_row(self, item: OpenIncident) -> Incident:
        failed_job = self.closing.job_id if self.closing.job_status == Job.Status.FAILED else None
        own = failed_job is not None and self.before.jobs.get(item.token) == failed_job
        return Incident(
            instance=self.instance,
            token=item.token,
            element_id=item.element_id,
            job_id=failed_job if own else None,
            code=item.code[:100],
            detail=item.detail,
            first_at=self.at,
            last_at=self.at,
        )


def known_users(assignees: Iterable[str | None]) -> set[str]:
    """Those assignees of a diagram that are users; a diagram can name anybody."""
    named = {name for name in assignees if name is not None and name.isdecimal()}
    if not named:
        return set()
    users = get_user_model()._default_manager.filter(  # noqa: SLF001 - Django documents it
        pk__in=named
    )
    return {str(pk) for pk in users.values_list("pk", flat=True)}


def task_scope(groups: Iterable[str], instance: ProcessInstance) -> str:
    """The scope a task stands in: that of its first group which has one of its own."""
    for group in groups:
        if group in instance.group_scopes:
            return str(instance.group_scopes[group])
    return instance.scope
