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
from engine.api.repair import (
    add_instance,
    move_token,
    plan_move,
    postpone_task,
    remove_instance,
    reschedule_timer,
    resolve_incident,
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
from engine.feel import BuiltinInfo
from engine.kernel.moving import MovePlan
from engine.runtime.handlers import handler
from engine.runtime.moving import TokenView
from engine.runtime.people import register_people
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
    "MovePlan",
    "Page",
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
    "move_token",
    "next_task",
    "open_tasks",
    "plan_move",
    "postpone_task",
    "register_people",
    "remove_instance",
    "reschedule_timer",
    "resolve_incident",
    "resume_instance",
    "retry_job",
    "run_due",
    "run_job",
    "save_draft",
    "set_priority",
    "set_scope",
    "stalled",
    "standing",
    "start_instance",
    "suspend_instance",
    "sweep",
    "task",
    "timers",
    "tokens",
    "unassign_task",
    "variables",
    "worklist",
]
