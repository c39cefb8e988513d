"""Frozen rows that callers of the api read, and how they are made from the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.models import (
    HistoryEvent,
    Incident,
    Job,
    ProcessDefinition,
    ProcessInstance,
    Timer,
    UserTask,
)
from engine.runtime.values import Json
from engine.types import DefinitionView, OutcomeChoice, TaskView, Text


@dataclass(frozen=True, slots=True)
class InstanceView:
    """A run of a process; `status` is active, suspended, completed or cancelled."""

    id: int
    business_key: str
    process_id: str
    definition_id: int
    version: int
    scope: str
    status: str
    revision: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One thing that happened. `kind` of `seq` 0 is the act; the rest is what tokens did."""

    revision: int
    seq: int
    kind: str
    element_id: str
    token: int | None
    task_id: int | None
    at: datetime
    by_id: int | None
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class JobView:
    """Service work of a background handler."""

    id: int
    instance_id: int
    element_id: str
    key: str
    type: str
    status: str
    attempts: int
    retries_left: int
    run_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class TimerView:
    """An armed, fired or cancelled timer."""

    id: int
    instance_id: int
    element_id: str
    status: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Something that stopped a token until somebody repairs it."""

    id: int
    instance_id: int
    business_key: str
    element_id: str
    job_id: int | None
    code: str
    detail: str
    count: int
    first_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    resolved_by_id: int | None
    resolution: str
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the worklist; `next_cursor` is None on the last one."""

    items: tuple[TaskView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many open user tasks of one group and element a person may work on."""

    open: int
    mine: int
    overdue: int
    due_today: int


def outcomes_document(outcomes: tuple[OutcomeChoice, ...]) -> list[Json]:
    """Outcomes for the column of a task."""
    return [
        [choice.code, choice.label.zh, choice.label.en, choice.tone, list(choice.requires)]
        for choice in outcomes
    ]


def outcomes_from(document: list[list[str]]) -> tuple[OutcomeChoice, ...]:
    """Outcomes from the column of a task."""
    return tuple(
        OutcomeChoice(code, Text(zh, en), tone, tuple(requires))
        for code, zh, en, tone, requires in document
    )


def task_view(row: UserTask) -> TaskView:
    """The view of a task; its instance and definition must be joined."""
    definition = row.instance.definition
    return view_of_task(row, definition.pk, definition.version)


def view_of_task(row: UserTask, definition_id: int, version: int) -> TaskView:
    """The view of a task whose definition is known without a join."""
    return TaskView(
        id=row.pk,
        instance_id=row.instance_id,
        business_key=row.business_key,
        process_id=row.process_id,
        definition_id=definition_id,
        definition_version=version,
        element_id=row.element_id,
        name=Text(row.name_zh, row.name_en),
        groups=tuple(row.groups),
        scope=row.scope,
        status=row.status,
        assignee_id=row.assignee_id,
        assigned_until=row.assigned_until,
        priority=row.priority,
        created_at=row.created_at,
        due_at=row.due_at,
        form_id=row.form_id,
        outcomes=outcomes_from(row.outcomes),
        not_same_as=tuple(row.not_same_as),
        draft=row.draft,
        closed_at=row.closed_at,
        closed_by_id=row.closed_by_id,
        outcome=row.outcome,
    )


def definition_view(row: ProcessDefinition, running: int = 0) -> DefinitionView:
    """The view of a definition; its deployment must be joined."""
    return DefinitionView(
        id=row.pk,
        deployment_id=row.deployment_id,
        key=row.key,
        process_id=row.process_id,
        version=row.version,
        name=Text(row.name_zh, row.name_en),
        content_hash=row.deployment.content_hash,
        deployed_at=row.deployment.deployed_at,
        deployed_by_id=row.deployment.deployed_by_id,
        is_current=row.is_current,
        running=running,
    )


def instance_view(row: ProcessInstance) -> InstanceView:
    """The view of an instance; its definition must be joined."""
    return InstanceView(
        row.pk,
        row.business_key,
        row.definition.process_id,
        row.definition_id,
        row.definition.version,
        row.scope,
        row.status,
        row.revision,
        row.started_at,
        row.ended_at,
    )


def history_view(row: HistoryEvent) -> HistoryView:
    return HistoryView(
        row.revision,
        row.seq,
        row.kind,
        row.element_id,
        row.token,
        row.task_id,
        row.at,
        row.by_id,
        row.data or {},
    )


def job_view(row: Job) -> JobView:
    return JobView(
        row.pk,
        row.instance_id,
        row.element_id,
        row.key,
        row.type,
        row.status,
        row.attempts,
        row.retries_left,
        row.run_at,
        row.error,
    )


def timer_view(row: Timer) -> TimerView:
    return TimerView(row.pk, row.instance_id, row.element_id, row.status, row.due_at)


def incident_view(row: Incident) -> IncidentView:
    """The view of an incident; its instance must be joined."""
    return IncidentView(
        row.pk,
        row.instance_id,
        row.instance.business_key,
        row.element_id,
        row.job_id,
        row.code,
        row.detail,
        row.count,
        row.first_at,
        row.last_at,
        row.resolved_at,
        row.resolved_by_id,
        row.resolution,
        row.note,
    )
