"""How much stands in the queues of one person: one grouped statement."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from engine.runtime.open_rows import Parameter, moment
from engine.runtime.views import TaskCounts
from engine.types import Grant
from engine.worklist.queue import grants_of

# A task in two scopes of one group cannot occur; one in two groups counts in each.
COUNTS = """
SELECT c."group", c.element_id, COUNT(*),
       SUM(CASE WHEN t.assignee_id = %s AND (t.assigned_until IS NULL OR t.assigned_until > %s)
                THEN 1 ELSE 0 END),
       SUM(CASE WHEN c.due_at < %s THEN 1 ELSE 0 END),
       SUM(CASE WHEN c.due_at >= %s AND c.due_at < %s THEN 1 ELSE 0 END)
  FROM engine_usertaskcandidate c JOIN engine_usertask t ON t.id = c.task_id
 WHERE {grants}
 GROUP BY c."group", c.element_id ORDER BY c."group", c.element_id
"""


def counts(*, by: int, at: datetime) -> dict[tuple[str, str], TaskCounts]:
    """(group, element) -> counts, exact, over everything the person may work on."""
    grants = grants_of(by, at, None)
    if not grants:
        return {}
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = moment(midnight + timedelta(days=1))
    parameters: list[Parameter] = [by, moment(at), moment(at), moment(at), tomorrow]
    parts = [reach(grant, parameters) for grant in grants]
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(grants=" OR ".join(parts)), parameters)
        return {
            (group, element): TaskCounts(total, mine, overdue, today)
            for group, element, total, mine, overdue, today in cursor.fetchall()
        }


def reach(grant: Grant, parameters: list[Parameter]) -> str:
    """What one grant reaches, as a condition; its parameters are appended."""
    if grant.scope.endswith("/*"):
        parameters += [grant.group, grant.scope[:-1], grant.scope[:-2] + "0"]
        return '(c."group" = %s AND c.scope >= %s AND c.scope < %s)'
    parameters += [grant.group, grant.scope]
    return '(c."group" = %s AND c.scope = %s)'
