"""The tables of open work as statements: rows that are read, begin and end."""

from engine.models import Job, ProcessInstance, Subscription, Timer, UserTask, UserTaskCandidate
from engine.runtime.rows import Reader
from engine.runtime.sql import Insert

TASKS, INSTANCES = Reader(UserTask, "t"), Reader(ProcessInstance, "i")

# What a new row of each table is given; the constants are its state at the beginning.
TASK = Insert(
    UserTask,
    (
        "instance_id",
        "business_key",
        "token",
        "element_id",
        "path",
        "process_id",
        "name_zh",
        "name_en",
        "groups",
        "scope",
        "assignee_id",
        "priority",
        "created_at",
        "due_at",
        "form_id",
        "outcomes",
        "not_same_as",
    ),
    (
        ("status", UserTask.Status.OPEN.value),
        ("assigned_until", None),
        ("draft", "{}"),
        ("closed_at", None),
        ("closed_by_id", None),
        ("outcome", ""),
    ),
)
TASK_WITH_ID = Insert(UserTask, ("id", *TASK.columns), TASK.constants)
CANDIDATE = Insert(
    UserTaskCandidate, ("task_id", "group", "scope", "element_id", "rank", "due_at")
)
JOB = Insert(
    Job,
    (
        "instance_id",
        "token",
        "element_id",
        "key",
        "type",
        "headers",
        "inputs",
        "retries_left",
        "created_at",
        "run_at",
        "rung_at",
    ),
    (
        ("status", Job.Status.READY.value),
        ("attempts", 0),
        ("workers_lost", 0),
        ("lease_owner", ""),
        ("lease_until", None),
        ("error", ""),
        ("answer", None),
        ("ended_at", None),
    ),
)
TIMER = Insert(
    Timer,
    ("instance_id", "token", "element_id", "host", "cycle_left", "due_at", "created_at"),
    (("status", Timer.Status.PENDING.value), ("ended_at", None)),
)
SUBSCRIPTION = Insert(
    Subscription,
    ("instance_id", "token", "element_id", "host", "kind", "name", "key", "created_at"),
    (("status", Subscription.Status.OPEN.value), ("ended_at", None)),
)
COMPLETE_TASK = """
UPDATE engine_usertask SET status = 'completed', closed_at = %s, closed_by_id = %s, outcome = %s,
 draft = '{}' WHERE id = %s"""
CANCEL_TASKS = """
UPDATE engine_usertask SET status = 'cancelled', closed_at = %s, draft = '{{}}'
 WHERE id IN ({})"""
DROP_CANDIDATES = "DELETE FROM engine_usertaskcandidate WHERE task_id IN ({})"
END_JOBS = """
UPDATE engine_job SET status = %s, ended_at = %s, lease_owner = '', lease_until = NULL,
 answer = NULL WHERE id IN ({})"""
END_TIMERS = "UPDATE engine_timer SET status = %s, ended_at = %s WHERE id IN ({})"
CLOSE_SUBSCRIPTIONS = """
UPDATE engine_subscription SET status = 'closed', ended_at = %s WHERE id IN ({})"""
