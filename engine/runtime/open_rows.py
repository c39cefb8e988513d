"""What the tables say is open in one instance: one statement for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection
from django.utils.dateparse import parse_datetime

from engine.kernel.model import JobWork, Model
from engine.kernel.state import State

# What a statement of ours is given.
Parameter = int | str | datetime
TimerKey = tuple[int, str, datetime]
SubscriptionKey = tuple[int, str, str, str, str]

# The tasks come first: their columns give the types to the whole union.
OPEN = {
    "task": """
SELECT 'task', id, token, element_id, assigned_until, assignee_id, scope
  FROM engine_usertask WHERE instance_id = %s AND status = 'open'""",
    "incident": """
SELECT 'incident', id, token, element_id, NULL, job_id, code
  FROM engine_incident WHERE instance_id = %s AND resolved_at IS NULL""",
    "timer": """
SELECT 'timer', id, token, element_id, due_at, host, status FROM engine_timer
 WHERE instance_id = %s AND status = 'pending'""",
    "job": """
SELECT 'job', id, token, element_id, lease_until, attempts, status
  FROM engine_job WHERE instance_id = %s AND status IN ('ready', 'leased')""",
    "sub": """
SELECT 'sub', id, token, element_id, NULL, NULL, kind || '|' || length(name) || '|' || name || key
  FROM engine_subscription WHERE instance_id = %s AND status = 'open'""",
}
EVERY_KIND = tuple(OPEN)
# What a state cannot rule out: a failing timer leaves an incident of its own.
ALWAYS = ("task", "incident")
# The id of the user task that most steps open: known beforehand, it costs no answer of its own.
NEXT = "SELECT 'next', nextval('engine_usertask_id_seq'), 0, '', NULL, NULL, ''"
SEEN = """
SELECT 'seen', 0, 0, element_id, NULL, NULL, ''
  FROM engine_usertask
 WHERE business_key = %s AND closed_by_id = %s AND status = 'completed' AND element_id IN ({marks})
 GROUP BY element_id
"""


@dataclass(frozen=True, slots=True)
class OpenTaskRow:
    """The columns of an open user task that change while it is open."""

    id: int
    assignee_id: int | None
    assigned_until: datetime | None
    scope: str


@dataclass(slots=True)
class OpenRows:
    """Open rows of an instance by what identifies them in the kernel."""

    tasks: dict[int, OpenTaskRow] = field(default_factory=dict)
    jobs: dict[int, int] = field(default_factory=dict)
    timers: dict[TimerKey, int] = field(default_factory=dict)
    subscriptions: dict[SubscriptionKey, int] = field(default_factory=dict)
    incidents: dict[tuple[int, str], int] = field(default_factory=dict)
    # An id that no user task has had, where the database gives one out beforehand.
    next_task: int | None = None
    # Elements of the four-eyes rule that the acting person completed in this case.
    seen: set[str] = field(default_factory=set)

    def task_token(self, task_id: int) -> int | None:
        """The token of an open user task, None when it is not open."""
        return next((token for token, row in self.tasks.items() if row.id == task_id), None)

    def timer(self, timer_id: int) -> TimerKey | None:
        """What a pending timer is called here, None when it is over."""
        return next((key for key, pk in self.timers.items() if pk == timer_id), None)

    def subscription(self, subscription_id: int) -> SubscriptionKey | None:
        """What an open subscription is called here, None when it is closed."""
        found = self.subscriptions.items()
        return next((key for key, pk in found if pk == subscription_id), None)


def open_rows(
    instance_id: int,
    *,
    business_key: str = "",
    by: int | None = None,
    not_same_as: Sequence[str] = (),
    kinds: Sequence[str] = EVERY_KIND,
    reserve: bool = False,
) -> OpenRows:
    """Read what is open, and which of the four-eyes elements this person completed before.

    `kinds` leaves out what the instance's state says it has not: a table less to be planned for.
    `reserve` asks for the id of a user task to come.
    """
    parts = [OPEN[kind] for kind in kinds]
    parameters: list[Parameter] = [instance_id] * len(parts)
    if not_same_as and by is not None:
        parts.append(SEEN.format(marks=", ".join(["%s"] * len(not_same_as))))
        parameters += [business_key, by, *not_same_as]
    if reserve and connection.vendor == "postgresql":
        parts.append(NEXT)
    rows = OpenRows()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        for row in cursor.fetchall():
            put(rows, row)
    return rows


def kinds_of(model: Model, state: State) -> Sequence[str]:
    """Which kinds of rows an instance in this state can have."""
    found = dict.fromkeys(ALWAYS)
    for e in state.executions.values():
        for arm in e.arms:
            if arm.kind == "timer":
                found["timer"] = None
            elif arm.kind in ("message", "signal"):
                found["sub"] = None
        if e.work is not None and isinstance(model.node(e.container, e.element).work, JobWork):
            found["job"] = None
    return tuple(found)


def put(rows: OpenRows, row: tuple[str, int, int, str, datetime | str | None, int, str]) -> None:
    """Sort one row of the union into its place."""
    what, pk, token, element, stored, number, text = row
    time = instant(stored)
    if what == "task":
        rows.tasks[token] = OpenTaskRow(pk, number, time, text)
    elif what == "job":
        rows.jobs[token] = pk
    elif what == "timer" and time is not None:
        rows.timers[token, element, time] = pk
    elif what == "sub":
        kind, size, both = text.split("|", 2)
        name, key = both[: int(size)], both[int(size) :]
        rows.subscriptions[token, element, kind, name, key] = pk
    elif what == "incident":
        rows.incidents[token, element] = pk
    elif what == "next":
        rows.next_task = pk
    elif what == "seen":
        rows.seen.add(element)


def instant(value: datetime | str | None) -> datetime | None:
    """A time out of a raw statement; SQLite answers in UTC without saying so, or with text."""
    if isinstance(value, str):
        value = parse_datetime(value)
    if value is not None and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def moment(value: datetime) -> Parameter:
    """An instant as a parameter of a raw statement."""
    adapted = connection.ops.adapt_datetimefield_value(value)
    assert isinstance(adapted, (str, datetime))
    return adapted
