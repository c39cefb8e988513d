"""Accounts and people: registering, saying who one is, roles, conflicts of interest."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from workflows.accounts.models import User
from workflows.actions import audit
from workflows.actions.acting import acting
from workflows.errors import InvalidInput, NotAllowed
from workflows.models import (
    ConflictDeclaration,
    Office,
    Person,
    Programme,
    Role,
    RoleAssignment,
)
from workflows.models.fields import blind_index
from workflows.queries import rulebook
from workflows.values import id_number, name, phone
from workflows.values.errors import InvalidValue

CHAIN: Final = "area:people"
SHORTEST_USERNAME: Final = 3


def register(username: str, password: str, *, at: datetime) -> User:
    """Open an account for an applicant; the password was validated by the page's form.

    Raises:
        InvalidInput: the name is too short or taken.
    """
    with acting():
        return _register(username, password, at=at)


def _register(username: str, password: str, *, at: datetime) -> User:
    chosen = username.strip()
    if len(chosen) < SHORTEST_USERNAME:
        raise InvalidInput({"username": "length"})
    try:
        with transaction.atomic():
            user = User.objects.create_user(chosen, password, created_at=at)
    except IntegrityError:
        raise InvalidInput({"username": "taken"}) from None
    audit.append(CHAIN, "account.registered", by=user, at=at)
    return user


def enrol(
    username: str, password: str, *, name_text: str, id_text: str, phone_text: str, at: datetime
) -> User:
    """Open an account and say who one is: both or neither.

    Raises:
        InvalidInput: a code per field, as `register` and `identify` give them.
    """
    checked = checked_person(name_text, id_text, phone_text, at=at)
    with acting():
        user = _register(username, password, at=at)
        person = _create_person(checked, user=user, at=at)
        audit.append(CHAIN, "person.identified", by=user, at=at, person=str(person.pk))
    return user


def identify(user: User, *, name_text: str, id_text: str, phone_text: str, at: datetime) -> Person:
    """Say who one is, once; afterwards only the phone can be changed here.

    Raises:
        InvalidInput: a code per field; `id_number: taken` when somebody else said the same, to be
            settled at the counter and without a word about the other.
    """
    checked = checked_person(name_text, id_text, phone_text, at=at)
    with acting():
        person = Person.objects.select_for_update().filter(user=user).first()
        if person is not None:
            if person.id_index != blind_index("id_number", checked["id_number"]):
                raise InvalidInput({"id_number": "fixed"})
            set_phone(person, checked["phone"])
            person.save(update_fields=["phone", "phone_index"])
        else:
            person = _create_person(checked, user=user, at=at)
        audit.append(CHAIN, "person.identified", by=user, at=at, person=str(person.pk))
    return person


def enter_person(
    *, name_text: str, id_text: str, phone_text: str, by: User, at: datetime
) -> Person:
    """The person at the counter, found by ID number or entered as another one."""
    if not RoleAssignment.objects.valid(at).filter(user=by, role=Role.CLERK).exists():
        raise NotAllowed("not_clerk")
    checked = checked_person(name_text, id_text, phone_text, at=at)
    with acting():
        index = blind_index("id_number", checked["id_number"])
        person = Person.objects.filter(id_index=index).first()
        if person is None:
            person = _create_person(checked, user=None, at=at)
        audit.append(CHAIN, "person.entered", by=by, at=at, person=str(person.pk))
    return person


def _create_person(checked: dict[str, str], *, user: User | None, at: datetime) -> Person:
    parsed = id_number.parse(checked["id_number"], on=rulebook.local_day(at))
    person = Person(
        user=user,
        id_number=parsed.value,
        id_index=blind_index("id_number", parsed.value),
        name=checked["name"],
        name_index=blind_index("name", name.search_key(checked["name"])),
        birth_date=parsed.birth_date.isoformat(),
        sex=parsed.sex.value,
        created_at=at,
    )
    set_phone(person, checked["phone"])
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise InvalidInput({"id_number": "taken"}) from None
    return person


def set_phone(person: Person, number: str) -> None:
    """Put a phone number and its index on a row that the caller saves."""
    person.phone, person.phone_index = number, blind_index("phone", number)


def checked_person(
    name_text: str, id_text: str, phone_text: str, *, at: datetime
) -> dict[str, str]:
    """Name, ID number and phone as stored.

    Raises:
        InvalidInput: all fields that cannot be read, each with its code.
    """
    today = rulebook.local_day(at)
    readers: dict[str, Callable[[], str]] = {
        "name": lambda: name.parse(name_text),
        "id_number": lambda: id_number.parse(id_text, on=today).value,
        "phone": lambda: phone.parse_mobile(phone_text),
    }
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field, read in readers.items():
        try:
            found[field] = read()
        except InvalidValue as error:
            wrong[field] = error.code
    if wrong:
        raise InvalidInput(wrong)
    return found


# --------------------------------------------------------------------------- officers


def open_officer_account(
    username: str, display_name: str, password: str | None, *, by: User | None, at: datetime
) -> User:
    """An account for an officer; what they may do is assigned by `assign_role`."""
    with transaction.atomic():
        user = User.objects.create_user(
            username,
            password,
            display_name=display_name,
            kind=User.Kind.OFFICER,
            created_at=at,
            must_change_password=by is not None,
        )
        audit.append(CHAIN, "account.opened", by=by, at=at, user=user.pk)
    return user


def assign_role(
    user: User,
    role: str,
    *,
    office: Office | None,
    programme: Programme | None = None,
    by: User | None,
    at: datetime,
    until: datetime | None = None,
) -> RoleAssignment:
    """Let somebody work in a role at an office (None: everywhere), from now on.

    Raises:
        NotAllowed: nobody assigns a role to themselves.
        InvalidInput: there is no such role.
    """
    if by is not None and by.pk == user.pk:
        raise NotAllowed("own_role")
    if role not in Role.values:
        raise InvalidInput({"role": "unknown"})
    with transaction.atomic():
        row = RoleAssignment.objects.create(
            user=user,
            role=role,
            office=office,
            programme=programme,
            valid_from=at,
            valid_to=until,
            granted_by=by,
        )
        audit.append(
            CHAIN,
            "role.assigned",
            by=by,
            at=at,
            user=user.pk,
            role=role,
            office=office.code if office else None,
            programme=programme.code if programme else None,
        )
    return row


def end_role(assignment: RoleAssignment, *, by: User, at: datetime, note: str = "") -> None:
    """Take a role away at once; the engine asks again on every act."""
    with transaction.atomic():
        assignment.valid_to = at
        assignment.save(update_fields=["valid_to"])
        audit.append(CHAIN, "role.ended", by=by, at=at, assignment=assignment.pk, note=bool(note))


def declare_conflict(
    user: User, person: Person, *, kind: str, by: User, at: datetime
) -> ConflictDeclaration:
    """Keep an officer away from a person's claims, at once."""
    with transaction.atomic():
        row, _ = ConflictDeclaration.objects.get_or_create(
            user=user, person=person, lifted_at=None, defaults={"kind": kind, "declared_at": at}
        )
        audit.append(CHAIN, "conflict.declared", by=by, at=at, user=user.pk, kind=kind)
    return row
