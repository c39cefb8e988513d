"""Claims for officers: lists, search by number, ID number, phone or name, masked rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from workflows.models import Claim
from workflows.models.fields import blind_indexes
from workflows.values import claim_number, id_number, name, phone
from workflows.values.errors import InvalidValue

PAGE = 50


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One claim in an officer's list."""

    id: UUID
    number: str
    name: str
    id_number: str
    programme: str
    office: str
    status: str
    status_at: datetime
    submitted_at: datetime | None
    submission_no: int
    channel: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class OfficePage:
    """A page of claims; `next_cursor` is empty on the last one."""

    rows: tuple[OfficeRow, ...]
    next_cursor: str


def page(
    visible: QuerySet[Claim],
    *,
    search: str = "",
    statuses: Iterable[str] = (),
    programme: str = "",
    office: str = "",
    after: str = "",
    limit: int = PAGE,
) -> OfficePage:
    """A page of visible claims, the latest change first; one read.

    `visible` comes from `access.claims_visible_to`; `search` is a whole number, ID number, phone
    or name: encrypted columns have no parts to search in.
    """
    rows = visible.select_related("programme", "office", "person")
    if search.strip():
        rows = rows.filter(_matches(search))
    if chosen := list(statuses):
        rows = rows.filter(status__in=chosen)
    if programme:
        rows = rows.filter(programme__code=programme)
    if office:
        rows = rows.filter(office__code=office)
    if after:
        moment, _, pk = after.partition("|")
        before = datetime.fromisoformat(moment)
        rows = rows.filter(Q(status_at__lt=before) | Q(status_at=before, pk__lt=pk))
    found = list(rows.order_by("-status_at", "-pk")[: limit + 1])
    more = len(found) > limit
    shown = found[:limit]
    cursor = f"{shown[-1].status_at.isoformat()}|{shown[-1].pk}" if more else ""
    return OfficePage(tuple(row_of(claim) for claim in shown), cursor)


def row_of(claim: Claim) -> OfficeRow:
    """A claim with what identifies the person masked."""
    return OfficeRow(
        id=claim.pk,
        number=claim.number or "",
        name=name.mask(claim.person.name),
        id_number=id_number.mask(claim.person.id_number),
        programme=claim.programme.name_zh,
        office=claim.office.name if claim.office else "",
        status=claim.status,
        status_at=claim.status_at,
        submitted_at=claim.original_submitted_at,
        submission_no=claim.submission_no,
        channel=claim.channel,
        is_held=bool(claim.hold_reason),
    )


def _matches(search: str) -> Q:
    """Whatever the text may be: a claim number, an ID number, a phone, else a name."""
    text = search.strip()
    found = Q(person__name_index__in=blind_indexes("name", name.search_key(text)))
    try:
        return Q(number=str(claim_number.parse(text)))
    except InvalidValue:
        pass
    found |= Q(person__id_index__in=blind_indexes("id_number", _long_form(text)))
    try:
        found |= Q(person__phone_index__in=blind_indexes("phone", phone.parse_mobile(text)))
    except InvalidValue:
        return found
    return found


def _long_form(text: str) -> str:
    """The eighteen characters of a fifteen-digit number; anything else as it is."""
    try:
        return id_number.from_old(text)
    except InvalidValue:
        return "".join(text.split())
