"""Offices for pages: the public list, and where somebody works."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from engine.types import Text
from workflows.accounts.models import Visitor
from workflows.models import Office
from workflows.queries import roles, rulebook
from workflows.queries.words import words


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
        OfficeRow(row.code, name_of(row), words(Text(row.region, row.region_en)), row.phone)
        for row in rulebook.offices(on=on)
        if not wanted or any(wanted.lower() in text.lower() for text in _texts(row))
    ]


def places_of(user: Visitor, *, at: datetime) -> list[str]:
    """Names of the offices where somebody holds a role, "Whole province" for all of them."""
    found: list[str] = []
    for row in roles.assignments(user, at=at):
        name = name_of(row.office) if row.office else _("Whole province")
        if name not in found:
            found.append(name)
    return found


def name_of(office: Office) -> str:
    """An office's name in the reader's language."""
    return words(Text(office.name, office.name_en))


def _texts(office: Office) -> tuple[str, ...]:
    return (office.name, office.name_en, office.region, office.region_en)
