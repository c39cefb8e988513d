"""The public module of the engine: deploy, start, complete, correlate, repair, read.

Every function that changes something takes `by` (a user's id, None for the system), `at` (an
aware instant) and mostly `note`. It runs in one transaction: the caller's, as a savepoint, when
there is one, else its own. Nothing outside the database happens inside it; jobs are rung after
the commit. Refusals are the classes of `engine.errors`.
"""

from engine.api.bundles import (
    catalogue,
    check_bundle,
    decision_table,
    definition,
    definitions,
    deploy,
    diagram,
    element_words,
    explain,
    feel_builtins,
    files,
    form,
    standing,
)
from engine.api.instances import (
    cancel_instance,
    diagram_state,
    history,
    instance,
    resume_instance,
    set_scope,
    start_instance,
    suspend_instance,
    variables,
)
from engine.api.messages import broadcast_signal, correlate_message, deliver_messages
from engine.api.moving import (
    migration,
    pause_migration,
    preview_migration,
    rehearse,
    resume_migration,
    run_migrations,
    start_migration,
    undo_migration,
)
from engine.api.repair import (
    add_instance,
    move_token,
    plan_move,
    postpone_task,
    recalculate_deadlines,
    remove_instance,
    reschedule_timer,
    resolve_incident,
    retry_incidents,
    retry_job,
    tokens,
)
from engine.api.tasks import (
    LEASE_SECONDS,
    assign_task,
    complete_task,
    counts,
    next_task,
    open_tasks,
    save_draft,
    set_priority,
    task,
    unassign_task,
    worklist,
)
from engine.api.work import (
    figures,
    fire_timers,
    incidents,
    jobs,
    run_due,
    run_job,
    stalled,
    sweep,
    timers,
)
from engine.decisions import TableView
from engine.definitions.differences import Difference, differences
from engine.definitions.listing import ElementWords
from engine.definitions.migrating import Line, Obstacle, Preview, Progress
from engine.definitions.rehearsing import Rehearsal, Rehearsed
from engine.feel import BuiltinInfo
from engine.kernel.moving import MovePlan
from engine.runtime.deadlines import MovedDeadline
from engine.runtime.handlers import handler
from engine.runtime.moving import TokenView
from engine.runtime.people import register_people
from engine.runtime.repairing import Retried
from engine.runtime.views import (
    HistoryView,
    IncidentView,
    InstanceView,
    JobView,
    Page,
    TaskCounts,
    TimerView,
)

__all__ = [
    "LEASE_SECONDS",
    "BuiltinInfo",
    "Difference",
    "ElementWords",
    "HistoryView",
    "IncidentView",
    "InstanceView",
    "JobView",
    "Line",
    "MovePlan",
    "MovedDeadline",
    "Obstacle",
    "Page",
    "Preview",
    "Progress",
    "Rehearsal",
    "Rehearsed",
    "Retried",
    "TableView",
    "TaskCounts",
    "TimerView",
    "TokenView",
    "add_instance",
    "assign_task",
    "broadcast_signal",
    "cancel_instance",
    "catalogue",
    "check_bundle",
    "complete_task",
    "correlate_message",
    "counts",
    "decision_table",
    "definition",
    "definitions",
    "deliver_messages",
    "deploy",
    "diagram",
    "diagram_state",
    "differences",
    "element_words",
    "explain",
    "feel_builtins",
    "figures",
    "files",
    "fire_timers",
    "form",
    "handler",
    "history",
    "incidents",
    "instance",
    "jobs",
    "migration",
    "move_token",
    "next_task",
    "open_tasks",
    "pause_migration",
    "plan_move",
    "postpone_task",
    "preview_migration",
    "recalculate_deadlines",
    "register_people",
    "rehearse",
    "remove_instance",
    "reschedule_timer",
    "resolve_incident",
    "resume_instance",
    "resume_migration",
    "retry_incidents",
    "retry_job",
    "run_due",
    "run_job",
    "run_migrations",
    "save_draft",
    "set_priority",
    "set_scope",
    "stalled",
    "standing",
    "start_instance",
    "start_migration",
    "suspend_instance",
    "sweep",
    "task",
    "timers",
    "tokens",
    "unassign_task",
    "undo_migration",
    "variables",
    "worklist",
]
