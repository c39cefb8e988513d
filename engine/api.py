"""The public module of the engine: deploy, start, complete, correlate, repair, read.

Every function that changes something takes `by` (a user's id, None for the system), `at` (an
aware instant) and mostly `note`. It runs in one transaction: the caller's, as a savepoint, when
there is one, else its own. Nothing outside the database happens inside it; jobs are rung after
the commit. Refusals are the classes of `engine.errors`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from engine.decisions import TableView
from engine.definitions import deploying, listing
from engine.definitions.differences import Difference, differences, standing_at
from engine.definitions.listing import ElementWords
from engine.errors import NotFound
from engine.feel import BUILTINS, BuiltinInfo
from engine.jobs import running, sweeping
from engine.kernel import lint
from engine.models import Incident
from engine.runtime import (
    completing,
    handlers,
    messages,
    reading,
    repairing,
    starting,
    steering,
)
from engine.runtime import figures as counted
from engine.runtime.handlers import handler
from engine.runtime.people import register_people
from engine.runtime.transaction import step_transaction
from engine.runtime.values import Json
from engine.runtime.views import (
    HistoryView,
    IncidentView,
    InstanceView,
    JobView,
    Page,
    TaskCounts,
    TimerView,
)
from engine.types import (
    Advance,
    Bundle,
    Catalogue,
    DefinitionView,
    Finding,
    TaskView,
    Text,
    Variable,
    Variables,
)
from engine.worklist import assigning, queue
from engine.worklist import counts as counting
from engine.worklist.queue import Filters

__all__ = [
    "BuiltinInfo",
    "Difference",
    "ElementWords",
    "HistoryView",
    "IncidentView",
    "InstanceView",
    "JobView",
    "Page",
    "TableView",
    "TaskCounts",
    "TimerView",
    "differences",
    "handler",
    "register_people",
]
LEASE_SECONDS = 1_800


# --------------------------------------------------------------------------- definitions


def catalogue(*, groups: Iterable[str], milestones: Iterable[str] = ()) -> Catalogue:
    """What a diagram may refer to: these groups and milestones, and every registered handler."""
    return handlers.catalogue(groups, milestones)


def element_words(definition_id: int) -> dict[str, ElementWords]:
    """Element id -> name and names of outcomes, over all processes of the definition's bundle."""
    return listing.element_words(definition_id)


def standing(definition_id: int) -> Mapping[str, int]:
    """Element -> how many open items of running instances of this version stand there."""
    return standing_at(definition_id)


def feel_builtins() -> Mapping[str, BuiltinInfo]:
    """Every function that expressions may call: the one list for editor, lint and documents."""
    return BUILTINS


def check_bundle(
    bundle: Bundle, *, groups: Iterable[str], milestones: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Everything that is wrong or odd about a bundle, all at once; never raises for bad input."""
    return deploying.check(bundle, handlers.catalogue(groups, milestones))


def explain(finding: Finding) -> tuple[Text, Text]:
    """What a finding means and what to do about it."""
    return lint.explain(finding)


def deploy(
    bundle: Bundle,
    *,
    groups: Iterable[str],
    milestones: Iterable[str] = (),
    by: int | None,
    at: datetime,
    note: str = "",
) -> tuple[DefinitionView, ...]:
    """Make the processes of a bundle startable; the same content again returns what exists.

    Raises:
        DeploymentRefused: the bundle has findings of level "error"; all findings are attached.
    """
    return deploying.deploy(
        bundle, handlers.catalogue(groups, milestones), by=by, at=at, note=note
    )


def definitions(key: str | None = None) -> tuple[DefinitionView, ...]:
    """All versions of all processes (of one bundle key), newest first, with running counts."""
    return listing.views_of(key=key)


def definition(definition_id: int) -> DefinitionView:
    """One version of a process."""
    return listing.view(definition_id)


def diagram(definition_id: int) -> bytes:
    """The diagram as it was drawn."""
    return listing.diagram(definition_id)


def files(definition_id: int) -> Mapping[str, bytes]:
    """All files of the bundle of a definition."""
    return listing.files(definition_id)


def form(definition_id: int, form_id: str) -> dict[str, Json] | None:
    """A form's document, None when the bundle has no such form."""
    return listing.form(definition_id, form_id)


def decision_table(definition_id: int, decision_id: str) -> TableView:
    """A decision of the bundle as it was written: columns, rules, annotations."""
    return listing.decision_table(definition_id, decision_id)


# --------------------------------------------------------------------------- instances


def start_instance(
    process_id: str,
    *,
    business_key: str,
    scope: str,
    variables: Variables,
    by: int | None,
    at: datetime,
    key: str | None = None,
    definition_id: int | None = None,
    group_scopes: Mapping[str, str] | None = None,
    note: str = "",
) -> Advance:
    """Start the latest version of a process (of bundle `key`), or a certain version of it.

    `group_scopes` names candidate groups whose tasks stand in another scope than the instance's.

    Raises:
        NotFound: no such definition, or several keys have a current one.
    """
    with step_transaction():
        found = (
            starting.definition_by_id(definition_id)
            if definition_id is not None
            else starting.current_definition(process_id, key=key)
        )
        if found.process_id != process_id:
            raise NotFound(f"definition {definition_id} is no version of {process_id!r}")
        return starting.start(
            found,
            business_key=business_key,
            scope=scope,
            group_scopes=group_scopes or {},
            variables=variables,
            by=by,
            at=at,
            note=note,
        )


def instance(instance_id: int | None = None, *, business_key: str | None = None) -> InstanceView:
    """An instance by id, or the latest one with a business key."""
    return reading.instance(instance_id, business_key)


def variables(instance_id: int) -> dict[str, Variable]:
    """The variables of the instance's outermost scope."""
    return reading.variables(instance_id)


def history(instance_id: int) -> tuple[HistoryView, ...]:
    """Everything that happened in an instance, in order."""
    return reading.history(instance_id)


def diagram_state(instance_id: int) -> dict[str, Json]:
    """What the viewer draws on the diagram.

    `{"elements": {id: {"state": active|incident|completed|cancelled, "open": n, "done": n,
    "at": …}}, "flows": [ids taken]}`
    """
    return reading.diagram_state(instance_id)


def cancel_instance(instance_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """End an instance; everything open in it is cancelled."""
    with step_transaction():
        return steering.cancel(instance_id, by=by, at=at, note=note)


def suspend_instance(instance_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """Stop an instance where it stands; answers of running handlers wait until it goes on."""
    with step_transaction():
        return steering.suspend(instance_id, by=by, at=at, note=note)


def resume_instance(instance_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """Let a suspended instance go on."""
    with step_transaction():
        return steering.resume(instance_id, by=by, at=at, note=note)


def set_scope(
    instance_id: int, scope: str, *, by: int | None, at: datetime, note: str = ""
) -> Advance:
    """Move an instance and its open user tasks to another scope, off everybody's desk."""
    with step_transaction():
        return steering.set_scope(instance_id, scope, by=by, at=at, note=note)


# --------------------------------------------------------------------------- user tasks


def complete_task(
    task_id: int,
    *,
    outcome: str,
    variables: Variables | None = None,
    by: int,
    at: datetime,
    note: str = "",
) -> Advance:
    """Complete an open user task and run its process to the next wait state.

    Writes the variable `outcome` and the fields that the task's form declares.

    Raises:
        TaskNotOpen: someone else completed or cancelled the task first.
        TaskAssignedElsewhere: it is on somebody else's desk.
        NotPermitted: group, scope, four-eyes or participation; superusers included.
        OutcomeUnknown: the form does not declare this outcome or field.
        InstanceNotActive: the instance is suspended.
        BeingProcessed: somebody holds the instance right now.
    """
    with step_transaction():
        return completing.complete(
            task_id, outcome=outcome, variables=variables or {}, by=by, at=at, note=note
        )


def assign_task(task_id: int, *, by: int, at: datetime, lease_s: int = LEASE_SECONDS) -> TaskView:
    """Put a user task on a person's desk for a while; again makes it longer.

    Raises:
        TaskNotOpen, TaskAssignedElsewhere, NotPermitted: as for completing.
    """
    return assigning.assign(task_id, by=by, at=at, lease_s=lease_s)


def unassign_task(task_id: int, *, by: int, at: datetime) -> TaskView:
    """Give a user task back to its queue; the draft stays with it."""
    return assigning.unassign(task_id, by=by, at=at)


def save_draft(task_id: int, draft: dict[str, Json], *, by: int, at: datetime) -> TaskView:
    """Keep what a person typed so far; gone when the task closes."""
    return assigning.save_draft(task_id, draft, by=by, at=at)


def next_task(
    *,
    by: int,
    at: datetime,
    groups: Collection[str] | None = None,
    skip: Collection[int] = (),
    lease_s: int = LEASE_SECONDS,
) -> TaskView | None:
    """Put the first free user task of the queue on a person's desk, None when there is none.

    Order: priority, due date, age. Tasks that a rule forbids to this person are passed over.
    """
    return assigning.next_task(by=by, at=at, groups=groups, skip=skip, lease_s=lease_s)


def task(task_id: int) -> TaskView:
    """A user task, open or closed."""
    return reading.task(task_id)


def open_tasks(
    instance_id: int | None = None, *, business_key: str | None = None
) -> tuple[TaskView, ...]:
    """Open user tasks of an instance, or of all instances with a business key, oldest first."""
    return reading.open_tasks(instance_id, business_key)


def worklist(
    *,
    by: int,
    at: datetime,
    mine: bool = False,
    groups: Collection[str] | None = None,
    element: str | None = None,
    due: datetime | None = None,
    search_keys: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the open user tasks a person may work on, in queue order.

    `due` keeps what is due before that instant, `search_keys` only these business keys, `mine`
    what is on the person's desk. `after` is the cursor of the page before; 200 rows at most.
    """
    filters = Filters(
        mine=mine,
        groups=None if groups is None else frozenset(groups),
        element=element,
        due=due,
        search_keys=None if search_keys is None else tuple(search_keys),
    )
    return queue.page(by=by, at=at, filters=filters, after=after, limit=limit)


def counts(*, by: int, at: datetime) -> Mapping[tuple[str, str], TaskCounts]:
    """(group, element) -> how many open user tasks a person may work on; one statement."""
    return counting.counts(by=by, at=at)


def set_priority(
    task_id: int, priority: int, *, by: int | None, at: datetime, note: str = ""
) -> Advance:
    """Change how far up an open user task stands in its queue."""
    with step_transaction():
        return steering.set_priority(task_id, priority, by=by, at=at, note=note)


# --------------------------------------------------------------------------- messages


def correlate_message(
    name: str,
    *,
    key: str,
    variables: Variables | None = None,
    by: int | None,
    at: datetime,
    message_id: str | None = None,
    ttl_s: int = 0,
) -> Advance | None:
    """Give a message to the one instance that waits for its name and key, or start one by it.

    With `message_id` a repeat does nothing and returns None. With `ttl_s` a message without a
    receiver waits so long for one and None is returned. Called by a transactional handler, it is
    delivered after the commit and None is returned.

    Raises:
        NotWaiting: no receiver (and no `ttl_s`), or more than one.
    """
    with step_transaction():
        return messages.correlate(
            name,
            key=key,
            variables=variables or {},
            by=by,
            at=at,
            message_id=message_id,
            ttl_s=ttl_s,
        )


def broadcast_signal(
    name: str, *, variables: Variables | None = None, by: int | None, at: datetime
) -> int:
    """Post a signal to every instance that waits for it, a step each; how many there are."""
    del by
    with step_transaction():
        return messages.post_signal(name, variables=variables or {}, at=at)


def deliver_messages(at: datetime) -> int:
    """Deliver posted messages and signals; how many arrived."""
    return messages.deliver_pending(at)


# --------------------------------------------------------------------------- jobs and repair


def run_job(job_id: int, *, clock: Callable[[], datetime]) -> bool:
    """Run a job if it is ready and nobody else does; whether this call worked on it."""
    return running.run_job(job_id, clock=clock)


def sweep(at: datetime) -> dict[str, int]:
    """One round of the sweeper; what it found, by kind."""
    return sweeping.sweep(at)


def fire_timers(at: datetime) -> int:
    """Fire every due timer that nobody else is at; how many."""
    return sweeping.fire_due(at)


def run_due(at: datetime, limit: int = 1_000) -> int:
    """Fire timers, run jobs and deliver messages until nothing is due; how much was done."""
    return sweeping.run_due(at, limit)


def jobs(
    instance_id: int | None = None, *, statuses: Collection[str] = (), limit: int = 200
) -> tuple[JobView, ...]:
    """Background jobs, newest first; without `statuses` all of them."""
    return reading.jobs(instance_id, statuses=statuses, limit=limit)


def timers(
    instance_id: int | None = None, *, status: str | None = "pending", limit: int = 200
) -> tuple[TimerView, ...]:
    """Timers, soonest due first."""
    return reading.timers(instance_id, status=status, limit=limit)


def incidents(
    instance_id: int | None = None, *, resolved: bool = False, limit: int = 200
) -> tuple[IncidentView, ...]:
    """Incidents, the latest first."""
    return reading.incidents(instance_id, resolved=resolved, limit=limit)


def figures(at: datetime) -> dict[str, int]:
    """Counts for monitoring: instances by status, open and overdue tasks, jobs, due timers.

    Keys are stable names such as `jobs_ready`; `timer_lag_seconds` is the age of the oldest due
    timer. Seven grouped reads.
    """
    return counted.figures(at)


def stalled() -> tuple[InstanceView, ...]:
    """Running instances in which nothing is open and no incident says why; empty when healthy."""
    return reading.stalled()


def resolve_incident(
    incident_id: int,
    *,
    action: str = "retry",
    patch: Variables | None = None,
    by: int | None,
    at: datetime,
    note: str = "",
) -> Advance:
    """Repair an incident.

    `retry` writes `patch` and repeats exactly what failed; `skip` ends a failed job with `patch`
    as its answer.

    Raises:
        NotWaiting: the incident is resolved, or it is no job that could be skipped.
    """
    with step_transaction():
        return repairing.resolve(
            incident_id, action=action, patch=patch or {}, by=by, at=at, note=note
        )


def retry_job(job_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """Try a failed job again, with its key and all its retries."""
    incident = Incident.objects.filter(job=job_id, resolved_at=None).first()
    if incident is None:
        raise NotFound(f"failed job {job_id}")
    return resolve_incident(incident.pk, action="retry", by=by, at=at, note=note)
