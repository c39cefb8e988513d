"""Who holds which role where, at a moment; read on every page, so one statement each."""

from collections.abc import Iterable
from datetime import datetime

from engine.types import Grant
from workflows.accounts.models import User, Visitor
from workflows.models import APPLICANT, Claim, Office, Person, Programme, Role, RoleAssignment

EVERYWHERE = "*"


def assignments(user: Visitor, *, at: datetime) -> list[RoleAssignment]:
    """The role assignments in force, with office and programme; none for disabled accounts."""
    if not isinstance(user, User) or not user.is_active:
        return []
    return list(
        RoleAssignment.objects.valid(at)
        .filter(user=user.pk)
        .select_related("office", "programme")
        .order_by("pk")
    )


def roles_of(user: Visitor, *, at: datetime) -> frozenset[str]:
    """Codes of the roles somebody holds anywhere; applicants hold `applicant`."""
    held = frozenset(row.role for row in assignments(user, at=at))
    if isinstance(user, User) and not user.is_officer:
        return held | {APPLICANT}
    return held


def grants_of(user_id: int, *, at: datetime) -> frozenset[Grant]:
    """What the engine lets somebody work on; a null programme or office means all of them."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return frozenset()
    rows = assignments(user, at=at)
    codes: list[str] = []
    if any(row.programme is None for row in rows):
        codes = list(Programme.objects.order_by("code").values_list("code", flat=True))
    found = {
        Grant(row.role, f"{code}/{row.office.code if row.office else EVERYWHERE}")
        for row in rows
        for code in ([row.programme.code] if row.programme else codes)
    }
    person = Person.objects.filter(user=user_id).only("pk").first()
    if person is not None:
        found.add(Grant(APPLICANT, person.scope))
    return frozenset(found)


def holds(
    user: Visitor,
    roles: Iterable[str],
    *,
    at: datetime,
    programme: Programme | None = None,
    office: Office | None = None,
) -> bool:
    """Whether somebody holds one of the roles for this programme at this office."""
    wanted = frozenset(roles)
    return any(
        row.role in wanted
        and (row.programme is None or programme is None or row.programme_id == programme.pk)
        and (row.office is None or (office is not None and row.office_id == office.pk))
        for row in assignments(user, at=at)
    )


def holds_for(user: User, roles: Iterable[str], claim: Claim, *, at: datetime) -> bool:
    """Whether somebody holds one of the roles where the claim stands."""
    return holds(user, roles, at=at, programme=claim.programme, office=claim.office)


OFFICE_ROLES = frozenset(
    {
        Role.CLERK,
        Role.ATTACHMENT_CHECKER,
        Role.REVIEWER,
        Role.APPROVER,
        Role.QUALITY_CHECKER,
        Role.SUPERVISOR,
        Role.AUDITOR,
    }
)
MONEY_ROLES = frozenset({Role.PAYER, Role.PAYMENT_CHECKER, Role.PAYMENT_RELEASER})
