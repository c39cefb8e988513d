"""What crosses the engine's borders: frozen dataclasses and the types of variables.

Three groups: what a deployment is made of (`Bundle`, `Finding`, `Text`), what a step of the kernel
returns (`StepResult` and the open sets), and what callers of `engine.api` read (`TaskView` …).
Times are aware; element ids are those of the drawing; texts carry both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

# What a process variable may hold. Numbers written by FEEL are Decimal; int is accepted.
Scalar = None | bool | int | Decimal | str | date | datetime | timedelta
Variable = Scalar | list["Variable"] | dict[str, "Variable"]
Variables = Mapping[str, Variable]

# --------------------------------------------------------------------------- deployments


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages; `en` falls back to `zh` when empty."""

    zh: str
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text for a language code such as "zh-hans" or "en"."""
        return self.zh if language.startswith("zh") or not self.en else self.en


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a bundle. Rule codes are stable; `args` fill the texts of that code."""

    level: Literal["error", "warning"]
    code: str
    file: str
    element_id: str = ""
    args: Mapping[str, str] = field(default_factory=dict)


class Calendar(Protocol):
    """A working calendar: days off and make-up days of one place and its time zone."""

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        ...

    def add_working_days(self, day: date, count: int) -> date:
        """The last of `count` working days after `day`, which itself does not count."""
        ...

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when reversed."""
        ...

    def due_at(self, start: datetime, count: int) -> datetime:
        """The end of the last of `count` working days after `start`, as an aware instant."""
        ...


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything one deployment consists of; immutable once deployed.

    `files` maps names to bytes: `*.bpmn`, `*.dmn`, `forms/*.json`, `calendar.json` and any text
    the domain wants kept with it. A diagram may refer only to files of its own bundle.
    """

    key: str
    files: Mapping[str, bytes]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What exists around a bundle: names a diagram may refer to. Feeds lint and the studio."""

    groups: frozenset[str]
    handlers: Mapping[str, HandlerInfo]
    milestones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HandlerInfo:
    """A job type: transactional handlers run inside the step, external ones as background jobs."""

    name: str
    transactional: bool
    description: Text
    max_seconds: int = 300
    # Seconds to wait after the first, second … failed attempt; empty: the engine's own.
    backoff: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeChoice:
    """One way a user task may end; `tone` (good, neutral, bad) is for pages only."""

    code: str
    label: Text
    tone: str = "neutral"
    requires: tuple[str, ...] = ()


# --------------------------------------------------------------------------- a step of the kernel


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened in a step: kind is entered, completed, cancelled, failed or taken.

    `taken` entries carry a sequence flow's id as element_id; so pages can colour the way gone.
    """

    element_id: str
    kind: str
    token: int | None
    scope: int | None = None


@dataclass(frozen=True, slots=True)
class OpenUserTask:
    """A user task the process waits on. `path` are loop counters from outside in."""

    token: int
    element_id: str
    process_id: str
    path: tuple[int, ...]
    groups: tuple[str, ...]
    assignee: str | None
    form_id: str
    priority: int
    due_at: datetime | None
    not_same_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenJob:
    """Service work the process waits on; `inputs` are what the handler gets."""

    token: int
    element_id: str
    path: tuple[int, ...]
    type: str
    retries: int
    headers: Mapping[str, str]
    inputs: Variables


@dataclass(frozen=True, slots=True)
class OpenTimer:
    """An armed timer.

    `host` is the token of the activity that a boundary event is attached to, the own token of an
    event subprocess that listens, and None where a token waits.
    """

    token: int
    element_id: str
    due_at: datetime
    host: int | None = None
    cycle_left: int | None = None


@dataclass(frozen=True, slots=True)
class OpenSubscription:
    """A message or signal something waits for. Signals have no key."""

    token: int
    element_id: str
    kind: Literal["message", "signal"]
    name: str
    key: str
    host: int | None = None


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """A token that failed and waits for somebody to repair it."""

    token: int
    element_id: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal that left the instance. `key` is the correlation key of a message."""

    kind: Literal["message", "signal"]
    element_id: str
    name: str
    key: str
    variables: Variables


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """One evaluated decision: what went in, which rules fired, what came out."""

    element_id: str
    decision_id: str
    inputs: Variables
    fired: tuple[str, ...]
    value: Variable


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone that a token reached by entering (or starting at) an element."""

    code: str
    element_id: str


@dataclass(frozen=True, slots=True)
class VariableChange:
    """One write; `scope` is the kernel's scope number."""

    scope: int
    name: str
    value: Variable


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one act did, and everything that is open afterwards (full sets, keyed by token).

    `status` is active, suspended, completed or cancelled. Every open set is
    complete, so projecting it onto rows is an idempotent difference.
    """

    history: tuple[HistoryEntry, ...]
    changes: tuple[VariableChange, ...]
    thrown: tuple[Thrown, ...]
    decisions: tuple[DecisionTrace, ...]
    milestones: tuple[Milestone, ...]
    user_tasks: tuple[OpenUserTask, ...]
    jobs: tuple[OpenJob, ...]
    timers: tuple[OpenTimer, ...]
    subscriptions: tuple[OpenSubscription, ...]
    incidents: tuple[OpenIncident, ...]
    status: str


# --------------------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class Grant:
    """A person may work on user tasks of `group` within `scope`."""

    group: str
    scope: str


class People(Protocol):
    """What the engine asks the domain about people; registered once with `api.register_people`.

    Both are asked inside the transaction of the act, so a right withdrawn a second ago counts.
    """

    def grants(self, user_id: int, at: datetime) -> frozenset[Grant]:
        """What this person may work on at this moment; empty for disabled accounts."""
        ...

    def objection(self, user_id: int, task: TaskView, at: datetime) -> str | None:
        """A code when this person must not work on this task (own case, conflict), else None."""
        ...


# --------------------------------------------------------------------------- what api callers read


@dataclass(frozen=True, slots=True)
class TaskView:
    """A user task as a caller of the api sees it; `status` is open, completed or cancelled."""

    id: int
    instance_id: int
    business_key: str
    process_id: str
    definition_id: int
    definition_version: int
    element_id: str
    name: Text
    groups: tuple[str, ...]
    scope: str
    status: str
    assignee_id: int | None
    assigned_until: datetime | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    form_id: str
    outcomes: tuple[OutcomeChoice, ...]
    not_same_as: tuple[str, ...]
    draft: Mapping[str, object]
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Advance:
    """What an act of `engine.api` led to: milestones in order, tasks opened and ended, status."""

    instance_id: int
    revision: int
    status: str
    milestones: tuple[Milestone, ...]
    opened: tuple[int, ...]
    ended: tuple[int, ...]
    decisions: tuple[DecisionTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """One version of a process."""

    id: int
    deployment_id: int
    key: str
    process_id: str
    version: int
    name: Text
    content_hash: str
    deployed_at: datetime
    deployed_by_id: int | None
    is_current: bool
    running: int = 0


@dataclass(frozen=True, slots=True)
class HandlerCall:
    """What a job handler is given. `key` is stable over attempts: pass it to the outside system.

    `inputs` holds the mapped inputs, or all variables the element sees when it has no mapping.
    """

    instance_id: int
    business_key: str
    process_id: str
    scope: str
    element_id: str
    type: str
    key: str
    attempt: int
    at: datetime
    inputs: Variables
    headers: Mapping[str, str]
