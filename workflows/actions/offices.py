"""Offices that close: their work goes to a successor, their letters keep their name."""

from datetime import date, datetime
from typing import Final

from workflows.accounts.models import User
from workflows.actions import audit
from workflows.actions.acting import acting
from workflows.errors import NotAllowed
from workflows.models import Office, Role
from workflows.queries import roles

CHAIN: Final = "area:offices"


def merge_office(
    office: Office, successor: Office, *, last_day: date, by: User, at: datetime
) -> Office:
    """From the day after `last_day` whoever chooses the office is led to its successor.

    Raises:
        NotAllowed: no administrator, or the successor leads back to the office.
    """
    if not roles.holds(by, [Role.SYSTEM_ADMIN], at=at):
        raise NotAllowed("not_system_admin")
    follower: Office | None = successor
    while follower is not None:
        if follower.pk == office.pk:
            raise NotAllowed("circle")
        follower = follower.successor
    with acting():
        office.valid_to, office.successor = last_day, successor
        office.save(update_fields=["valid_to", "successor"])
        audit.append(CHAIN, "office.merged", by=by, at=at, office=office.code, into=successor.code)
    return office
