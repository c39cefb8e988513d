"""Which open user tasks a person's grants reach, in queue order, one indexed read per grant.

The order is priority (high first), due date (none last), id; a page goes on behind the last row
of the page before. Each grant is read by itself and the few rows are merged: a single read for
many scopes would have to sort the whole queue.
"""

import base64
import binascii
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Q

from engine.errors import NotFound
from engine.models import NEVER, UserTask
from engine.runtime.open_rows import Parameter, instant, moment
from engine.runtime.people import people
from engine.runtime.reading import tasks
from engine.runtime.views import Page, task_view
from engine.types import Grant

MAX_PAGE = 200
QUEUE = """
SELECT c.rank, c.due_at, c.task_id FROM engine_usertaskcandidate c {join}
 WHERE {where} ORDER BY c.rank, c.due_at, c.task_id LIMIT %s
"""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a task stands in the queue."""

    rank: int
    due_at: datetime
    task_id: int

    def cursor(self) -> str:
        body = json.dumps([self.rank, self.due_at.astimezone(UTC).isoformat(), self.task_id])
        return base64.urlsafe_b64encode(body.encode()).decode()

    @staticmethod
    def at_cursor(text: str) -> "Place":
        """NotFound when the text was not made by `cursor`."""
        try:
            rank, due_at, task_id = json.loads(base64.urlsafe_b64decode(text.encode()))
            return Place(int(rank), datetime.fromisoformat(due_at), int(task_id))
        except (ValueError, TypeError, binascii.Error):
            raise NotFound("cursor") from None


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a queue."""

    mine: bool = False
    groups: frozenset[str] | None = None
    element: str | None = None
    due: datetime | None = None
    search_keys: tuple[str, ...] | None = None
    # Nobody has it on the desk at this moment.
    free_at: datetime | None = None


def grants_of(by: int, at: datetime, groups: Collection[str] | None) -> list[Grant]:
    """A person's grants, narrowed to some groups, in a stable order."""
    held = people().grants(by, at)
    kept = [grant for grant in held if groups is None or grant.group in groups]
    return sorted(kept, key=lambda grant: (grant.group, grant.scope))


def page(*, by: int, at: datetime, filters: Filters, after: str | None, limit: int) -> Page:
    """One page of the queue a person may work on."""
    size = max(1, min(limit, MAX_PAGE))
    start = Place.at_cursor(after) if after else None
    if filters.mine:
        places = on_desk(by, at, filters, after=start, limit=size + 1)
    else:
        places = in_order(grants_of(by, at, filters.groups), filters, after=start, limit=size + 1)
    shown = places[:size]
    rows = tasks().in_bulk([place.task_id for place in shown])
    items = tuple(task_view(rows[place.task_id]) for place in shown if place.task_id in rows)
    more = len(places) > size
    return Page(items, shown[-1].cursor() if more else None)


def in_order(
    grants: Sequence[Grant], filters: Filters, *, after: Place | None, limit: int
) -> list[Place]:
    """The first tasks in queue order behind a place."""
    if not grants:
        return []
    parts: list[str] = []
    parameters: list[Parameter] = []
    for grant in grants:
        sql, values = one_grant(grant, filters, after=after, limit=limit)
        parts.append(f"SELECT * FROM ({sql}) AS g{len(parts)}")  # noqa: S608 - sql is QUEUE
        parameters += values
    # UNION, not UNION ALL: a task in two of the person's groups is one line.
    union = " UNION ".join(parts) + " ORDER BY 1, 2, 3 LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(union, [*parameters, limit])
        return [place_of(row) for row in cursor.fetchall()]


def place_of(row: tuple[int, datetime | str, int]) -> Place:
    rank, due_at, task_id = row
    due = instant(due_at)
    assert due is not None
    return Place(rank, due, task_id)


def one_grant(
    grant: Grant, filters: Filters, *, after: Place | None, limit: int
) -> tuple[str, list[Parameter]]:
    """The queue of one grant as a statement with its parameters."""
    where = ['c."group" = %s']
    values: list[Parameter] = [grant.group]
    if grant.scope.endswith("/*"):
        where.append("c.scope >= %s AND c.scope < %s")
        # "0" is the character behind "/": everything that begins with the prefix.
        values += [grant.scope[:-1], grant.scope[:-2] + "0"]
    else:
        where.append("c.scope = %s")
        values.append(grant.scope)
    if after is not None:
        where.append("(c.rank, c.due_at, c.task_id) > (%s, %s, %s)")
        values += [after.rank, moment(after.due_at), after.task_id]
    narrow(filters, where, values)
    join = "JOIN engine_usertask t ON t.id = c.task_id" if needs_task(filters) else ""
    # Only constant conditions are joined here; every value is a parameter.
    sql = QUEUE.format(join=join, where=" AND ".join(where))
    return sql, [*values, limit]


def narrow(filters: Filters, where: list[str], values: list[Parameter]) -> None:
    if filters.element is not None:
        where.append("c.element_id = %s")
        values.append(filters.element)
    if filters.due is not None:
        where.append("c.due_at < %s")
        values.append(moment(filters.due))
    if filters.search_keys is not None:
        keys = filters.search_keys or ("",)
        where.append(f"t.business_key IN ({', '.join(['%s'] * len(keys))})")
        values += keys
    if filters.free_at is not None:
        where.append("(t.assignee_id IS NULL OR t.assigned_until <= %s)")
        values.append(moment(filters.free_at))


def needs_task(filters: Filters) -> bool:
    return filters.search_keys is not None or filters.free_at is not None


def on_desk(
    by: int, at: datetime, filters: Filters, *, after: Place | None, limit: int
) -> list[Place]:
    """What a person has on the desk, by whatever right it came there; a desk is small."""
    found = UserTask.objects.filter(
        Q(assigned_until=None) | Q(assigned_until__gt=at),
        assignee=by,
        status=UserTask.Status.OPEN,
    )
    if filters.groups is not None:
        found = found.filter(candidates__group__in=filters.groups)
    if filters.element is not None:
        found = found.filter(element_id=filters.element)
    if filters.due is not None:
        found = found.filter(due_at__lt=filters.due)
    if filters.search_keys is not None:
        found = found.filter(business_key__in=filters.search_keys)
    rows = found.distinct().values_list("priority", "due_at", "pk")
    places = sorted(Place(-priority, due_at or NEVER, pk) for priority, due_at, pk in rows)
    return [place for place in places if after is None or place > after][:limit]
