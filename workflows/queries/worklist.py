"""Rows of the worklist: the engine's page with what an officer needs to choose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from engine import api
from engine.types import TaskView
from workflows.accounts.models import User
from workflows.models import Claim, Entitlement, PaymentBatch, Review
from workflows.values import name


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One open user task. `subject` is a masked name, or the number of a batch."""

    task: TaskView
    claim_id: UUID | None
    number: str
    subject: str
    office: str
    programme: str
    status: str
    submission_no: int
    is_held: bool
    assignee: str


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of work; `next_cursor` is None on the last one."""

    rows: tuple[WorkRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DoneRow:
    """A conclusion of one's own."""

    number: str
    claim_id: UUID
    element_id: str
    outcome: str
    at: datetime
    is_undone: bool


def work_page(
    *,
    by: User,
    at: datetime,
    mine: bool = False,
    groups: Collection[str] | None = None,
    element: str | None = None,
    due: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> WorkPage:
    """A page of the queue, in the engine's order; the number of reads does not grow with it."""
    page = api.worklist(
        by=by.pk,
        at=at,
        mine=mine,
        groups=groups,
        element=element,
        due=due,
        after=after,
        limit=limit,
    )
    return WorkPage(tuple(rows_for(page.items)), page.next_cursor)


def rows_for(tasks: Collection[TaskView]) -> list[WorkRow]:
    """Tasks with their claims or batches, joined in four reads."""
    ids = {view.instance_id for view in tasks}
    related = ("person", "office", "programme")
    claims = {
        row.instance_id: row
        for row in Claim.objects.filter(instance__in=ids).select_related(*related)
    }
    claims |= {
        row.instance_id: row.claim
        for row in Entitlement.objects.filter(instance__in=ids).select_related(
            "claim__person", "claim__office", "claim__programme"
        )
    }
    batches = {
        row.instance_id: row
        for row in PaymentBatch.objects.filter(instance__in=ids).select_related(
            "programme", "office"
        )
    }
    people = {view.assignee_id for view in tasks if view.assignee_id is not None}
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=people)}
    found = []
    for view in tasks:
        who = names.get(view.assignee_id or 0, "")
        if (claim := claims.get(view.instance_id)) is not None:
            found.append(_claim_row(view, claim, who))
        elif (batch := batches.get(view.instance_id)) is not None:
            found.append(_batch_row(view, batch, who))
    return found


def _claim_row(view: TaskView, claim: Claim, assignee: str) -> WorkRow:
    return WorkRow(
        view,
        claim.pk,
        claim.number or "",
        name.mask(claim.person.name),
        claim.office.name if claim.office else "",
        claim.programme.code,
        claim.status,
        claim.submission_no,
        bool(claim.hold_reason),
        assignee,
    )


def _batch_row(view: TaskView, batch: PaymentBatch, assignee: str) -> WorkRow:
    return WorkRow(
        task=view,
        claim_id=None,
        number=batch.number,
        subject=batch.number,
        office=batch.office.name if batch.office else "",
        programme=batch.programme.code,
        status=batch.status,
        submission_no=0,
        is_held=False,
        assignee=assignee,
    )


def done_by(user: User, *, before: datetime | None = None, limit: int = 50) -> list[DoneRow]:
    """One's own conclusions, the latest first; one read."""
    found = Q(by=user)
    if before is not None:
        found &= Q(at__lt=before)
    rows = Review.objects.filter(found).select_related("claim").order_by("-at", "-pk")[:limit]
    return [
        DoneRow(
            row.claim.number or "",
            row.claim_id,
            row.element_id,
            row.outcome,
            row.at,
            row.undone_at is not None,
        )
        for row in rows
    ]
