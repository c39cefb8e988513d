"""Rows from the open sets of a step: an idempotent difference, few statements.

What the kernel says is open and the rows do not show is added; what the rows show and the kernel
does not know any more is closed. Running it twice changes nothing the second time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import F

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
from engine.runtime import values
from engine.runtime.loaded import Loaded
from engine.runtime.open_rows import OpenRows
from engine.runtime.people import scope_of
from engine.runtime.views import outcomes_document
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
        ids = set(gone.values())
        finished = self.closing.task_id
        others = ids - {finished}
        if finished in ids:
            UserTask.objects.filter(pk=finished).update(
                status=UserTask.Status.COMPLETED,
                closed_at=self.at,
                closed_by=self.by,
                outcome=self.closing.outcome,
                draft={},
            )
        if others:
            UserTask.objects.filter(pk__in=others).update(
                status=UserTask.Status.CANCELLED, closed_at=self.at, draft={}
            )
        UserTaskCandidate.objects.filter(task__in=ids).delete()
        self.result.ended = dict(gone)

    def open_tasks(self, new: list[OpenUserTask]) -> None:
        known = known_users(item.assignee for item in new)
        rows = UserTask.objects.bulk_create([self.task_row(item, known) for item in new])
        candidates = [
            UserTaskCandidate(
                task=row,
                group=group,
                scope=scope_of(group, self.instance.scope, self.instance.group_scopes),
                element_id=row.element_id,
                rank=-row.priority,
                due_at=row.due_at or NEVER,
            )
            for row in rows
            for group in row.groups
        ]
        if candidates:
            UserTaskCandidate.objects.bulk_create(candidates)
        self.result.opened = {row.token: row.pk for row in rows}

    def task_row(self, item: OpenUserTask, known: Collection[str]) -> UserTask:
        name = self.loaded.nodes[item.process_id, item.element_id].name
        return UserTask(
            instance=self.instance,
            business_key=self.instance.business_key,
            token=item.token,
            element_id=item.element_id,
            path=list(item.path),
            process_id=item.process_id,
            name_zh=name.zh,
            name_en=name.en,
            groups=list(item.groups),
            scope=task_scope(item.groups, self.instance),
            assignee_id=int(item.assignee) if item.assignee in known and item.assignee else None,
            priority=item.priority,
            created_at=self.at,
            due_at=item.due_at,
            form_id=item.form_id,
            outcomes=outcomes_document(self.loaded.outcomes(item.process_id, item.element_id)),
            not_same_as=list(item.not_same_as),
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
        rows = Job.objects.bulk_create([self.job_row(item) for item in new if item not in again])
        self.result.jobs += [row.pk for row in rows]

    def end_jobs(self, ids: Collection[int], status: str) -> None:
        Job.objects.filter(pk__in=ids).update(
            status=status, ended_at=self.at, lease_owner="", lease_until=None, answer=None
        )

    def reopen_job(self, item: OpenJob) -> bool:
        """Try the failed job of this token again, with the same key."""
        row = Job.objects.filter(
            instance=self.instance, token=item.token, status=Job.Status.FAILED
        ).first()
        if row is None:
            return False
        Job.objects.filter(pk=row.pk).update(
            status=Job.Status.READY,
            retries_left=item.retries,
            workers_lost=0,
            run_at=self.at,
            rung_at=self.at,
            ended_at=None,
            inputs=values.dumps(item.inputs),
        )
        self.result.jobs.append(row.pk)
        return True

    def job_row(self, item: OpenJob) -> Job:
        return Job(
            instance=self.instance,
            token=item.token,
            element_id=item.element_id,
            # A token enters one element once, so instance and token name the visit.
            key=f"{self.instance.pk}:{item.token}",
            type=item.type,
            headers=dict(item.headers),
            inputs=values.dumps(item.inputs),
            retries_left=max(1, item.retries),
            created_at=self.at,
            run_at=self.at,
            rung_at=self.at,
        )

    # ------------------------------------------------------------------ timers, subscriptions
    def timers(self, after: Iterable[OpenTimer]) -> None:
        items = {(item.token, item.element_id, item.due_at): item for item in after}
        fired = self.closing.timer_id
        # A repeated timer may be armed for the instant at which it just fired.
        gone = {pk for key, pk in self.before.timers.items() if key not in items or pk == fired}
        if fired in gone:
            Timer.objects.filter(pk=fired).update(status=Timer.Status.FIRED, ended_at=self.at)
        if gone - {fired}:
            Timer.objects.filter(pk__in=gone - {fired}).update(
                status=Timer.Status.CANCELLED, ended_at=self.at
            )
        new = [
            Timer(
                instance=self.instance,
                token=item.token,
                element_id=item.element_id,
                host=item.host,
                cycle_left=item.cycle_left,
                due_at=item.due_at,
                created_at=self.at,
            )
            for key, item in items.items()
            if key not in self.before.timers or self.before.timers[key] in gone
        ]
        if new:
            Timer.objects.bulk_create(new)

    def subscriptions(self, after: Iterable[OpenSubscription]) -> None:
        items = {
            (item.token, item.element_id, item.kind, item.name, item.key): item for item in after
        }
        gone = {pk for key, pk in self.before.subscriptions.items() if key not in items}
        if gone:
            Subscription.objects.filter(pk__in=gone).update(
                status=Subscription.Status.CLOSED, ended_at=self.at
            )
        new = [
            Subscription(
                instance=self.instance,
                token=item.token,
                element_id=item.element_id,
                host=item.host,
                kind=item.kind,
                name=item.name,
                key=item.key,
                created_at=self.at,
            )
            for key, item in items.items()
            if key not in self.before.subscriptions
        ]
        if new:
            Subscription.objects.bulk_create(new)

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
