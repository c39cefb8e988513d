"""Offices for pages: the public list, and where somebody works."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from workflows.accounts.models import Visitor
from workflows.queries import roles, rulebook


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office of the public list."""

    code: str
    name: str
    region: str
    phone: str


def office_rows(*, on: date, search: str = "") -> list[OfficeRow]:
    """Open offices, those whose name or region contains the text."""
    wanted = search.strip()
    return [
        OfficeRow(row.code, row.name, row.region, row.phone)
        for row in rulebook.offices(on=on)
        if not wanted or wanted in row.name or wanted in row.region
    ]


def places_of(user: Visitor, *, at: datetime) -> list[str]:
    """Names of the offices where somebody holds a role, "Whole province" for all of them."""
    found: list[str] = []
    for row in roles.assignments(user, at=at):
        name = row.office.name if row.office else _("Whole province")
        if name not in found:
            found.append(name)
    return found
