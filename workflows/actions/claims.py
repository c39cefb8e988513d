"""The applicant's draft: start, read the notice, fill in, choose an office."""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from workflows.accounts.models import User
from workflows.actions import audit, milestones, outside
from workflows.actions.acting import acting
from workflows.actions.people import set_phone
from workflows.actions.requests import once
from workflows.errors import (
    ClaimChanged,
    DuplicateClaim,
    InvalidInput,
    NotAllowed,
    NotFound,
    PortUnavailable,
)
from workflows.models import (
    FINAL,
    Claim,
    Notice,
    NoticeAcceptance,
    PayeeAccount,
    Person,
    Programme,
    ProgrammeVersion,
    Role,
    Status,
)
from workflows.models.fields import blind_index
from workflows.models.rules import Question
from workflows.ports.accounts import AccountQuery
from workflows.ports.social_card import CardVerdict
from workflows.queries import roles, rulebook
from workflows.values import bank_card, name, phone
from workflows.values.bank_card import AccountKind
from workflows.values.errors import InvalidValue

DRAFTS: Final = "area:drafts"
TEXT_LIMIT: Final = 200


# --------------------------------------------------------------------------- drafts


def start_claim(
    person: Person, programme: Programme, *, by: User, at: datetime, key: str = ""
) -> Claim:
    """Begin a claim, or go on with the draft there is. A clerk begins one for somebody else.

    Raises:
        NotAllowed: not one's own, and no clerk.
        DuplicateClaim: a claim in the same group is open.
    """

    def act() -> Claim:
        _refuse_strangers(person, by, at=at)
        draft = Claim.objects.filter(person=person, programme=programme, status=Status.DRAFT)
        found = draft.first()
        if found is not None:
            return found
        refuse_duplicate(person, programme, by=by)
        at_counter = person.user_id != by.pk
        claim = Claim(
            programme=programme,
            version=rulebook.version_in_force(programme, on=rulebook.local_day(at)),
            person=person,
            exclusivity_group=programme.exclusivity_group,
            channel=Claim.Channel.COUNTER if at_counter else Claim.Channel.WEB,
            entered_by=by if at_counter else None,
            created_at=at,
            status_at=at,
        )
        try:
            with transaction.atomic():
                claim.save(force_insert=True)
        except IntegrityError:
            return draft.get()
        audit.record(claim, "claim.started", by=by, at=at, channel=claim.channel)
        return claim

    return once(
        act,
        again=reread,
        by=by,
        route="claim.start",
        key=key,
        body={"person": person.pk, "programme": programme.pk},
        at=at,
    )


def accept_notice(claim: Claim, notices: list[Notice], *, by: User, at: datetime) -> None:
    """Tick what was read; version, text hash, time and channel are kept.

    Raises:
        NotAllowed: a notice is not one of the claim's version.
    """
    with acting():
        row = editable(claim, by, at=at)
        for notice in notices:
            if notice.version_id != row.version_id:
                raise NotAllowed("notice_of_another_version")
            NoticeAcceptance.objects.get_or_create(
                claim=row,
                notice=notice,
                defaults={"sha256": notice.sha256, "channel": row.channel, "by": by, "at": at},
            )
        audit.record(
            row, "notice.accepted", by=by, at=at, notices=[n.sha256[:16] for n in notices]
        )


def save_details(
    claim: Claim,
    *,
    phone_text: str,
    account_kind: str,
    account_text: str,
    holder_text: str = "",
    answers: Mapping[str, object] | None = None,
    office_code: str = "",
    by: User,
    at: datetime,
) -> Claim:
    """Keep phone, account, office and the programme's own questions: all of it, or nothing.

    An empty number keeps the account, an empty code the office. The account is asked about at the
    bank before it is stored; three failures are a flag for the officer and never a wall.

    Raises:
        InvalidInput: a code per field.
    """
    fields = checked_details(
        claim.version,
        claim.person,
        phone_text=phone_text,
        account_kind=account_kind,
        account_text=account_text,
        holder_text=holder_text,
        answers=answers,
    )
    number = str(fields["number"])
    verification = verified(claim.person, number, at=at) if number else ""
    with acting():
        row = editable(claim, by, at=at)
        refuse_closed(row, _changed(row, str(fields["phone"]), number, answers or {}))
        set_phone(row.person, str(fields["phone"]))
        row.person.save(update_fields=["phone", "phone_index"])
        if number:
            row.account = new_account(
                row.person, account_kind, number, str(fields["holder"]), verification, by=by, at=at
            )
        row.draft = json.dumps({**row.answers, **dict(answers or {})}, ensure_ascii=False)
        row.save(update_fields=["account", "draft"])
        audit.record(row, "claim.details_saved", by=by, at=at, account=bool(number))
        if office_code:
            _set_office(row, office_code, by=by, at=at)
    return row


def _changed(
    claim: Claim, phone_number: str, number: str, answers: Mapping[str, object]
) -> set[str]:
    """The fields that differ from what stands."""
    before = claim.answers
    changed = {field for field, value in answers.items() if before.get(field) != value}
    if phone_number != claim.person.phone:
        changed.add("phone")
    if number and not (claim.account and claim.account.number == number):
        changed.add("account")
    return changed


def sync_social_card(claim: Claim, *, by: User, at: datetime) -> Claim:
    """Take the account of the person's social security card.

    Raises:
        InvalidInput: `account: no_card` or `account: not_activated`.
        PortUnavailable: the card register does not answer.
    """
    key = f"{claim.pk}:{at.isoformat()}"
    card = outside.cards().sync(outside.person_query(claim.person), at=at, key=key)
    if card.verdict is CardVerdict.UNAVAILABLE:
        raise PortUnavailable("social_card", "no_answer")
    if card.verdict is CardVerdict.NONE:
        raise InvalidInput({"account": "no_card"})
    if not card.is_active:
        raise InvalidInput({"account": "not_activated"})
    with acting():
        row = editable(claim, by, at=at)
        refuse_closed(row, {"account"})
        row.account = new_account(
            row.person,
            "social_card",
            card.number,
            row.person.name,
            "ok",
            by=by,
            at=at,
            bank=card.bank,
        )
        row.save(update_fields=["account"])
        audit.record(row, "account.synced", by=by, at=at)
    return row


def choose_office(claim: Claim, office_code: str, *, by: User, at: datetime) -> Claim:
    """The office of the last insured place; a merged one leads to its successor."""
    with acting():
        row = editable(claim, by, at=at)
        _set_office(row, office_code, by=by, at=at)
    return row


def _set_office(row: Claim, office_code: str, *, by: User, at: datetime) -> None:
    if row.status != Status.DRAFT:
        raise NotAllowed("office_fixed")
    try:
        office = rulebook.office(office_code, on=rulebook.local_day(at))
    except NotFound:
        raise InvalidInput({"office": "unknown"}) from None
    row.office = office
    row.save(update_fields=["office"])
    audit.record(row, "office.chosen", by=by, at=at, office=office.code)


def checked_details(
    version: ProgrammeVersion,
    person: Person,
    *,
    phone_text: str,
    account_kind: str,
    account_text: str,
    holder_text: str,
    answers: Mapping[str, object] | None,
) -> dict[str, object]:
    """Phone, account number and holder as stored, answers checked.

    Raises:
        InvalidInput: every field that cannot be taken, each with its code.
    """
    wrong: dict[str, str] = {}
    found: dict[str, object] = {"phone": "", "number": "", "holder": person.name}
    if account_kind not in PayeeAccount.Kind.values:
        wrong["account_kind"] = "unknown"
    readers: dict[str, Callable[[], str]] = {"phone": lambda: phone.parse_mobile(phone_text)}
    if account_text and not wrong:
        kind = AccountKind(account_kind)
        readers["number"] = lambda: bank_card.parse(account_text, kind=kind).number
    if holder_text:
        readers["holder"] = lambda: name.parse(holder_text)
    for field, read in readers.items():
        try:
            found[field] = read()
        except InvalidValue as error:
            wrong[{"number": "account"}.get(field, field)] = error.code
    if name.search_key(str(found["holder"])) != name.search_key(person.name):
        wrong.setdefault("holder", "not_own")
    wrong |= _wrong_answers(version.rules.questions, answers or {})
    if wrong:
        raise InvalidInput(wrong)
    return found


def _wrong_answers(
    questions: tuple[Question, ...], answers: Mapping[str, object]
) -> dict[str, str]:
    """Foreign fields are refused, not dropped: somebody sent what the form does not have."""
    known = {question.name: question for question in questions}
    wrong = {}
    for field, value in answers.items():
        if field not in known:
            wrong[field] = "unknown"
        elif code := _wrong_answer(known[field], value):
            wrong[field] = code
    return wrong


def _wrong_answer(question: Question, value: object) -> str:
    if value in (None, ""):
        return "required" if question.required else ""
    if question.type == "choice" and value not in {item for item, _ in question.choices}:
        return "choice"
    if question.type == "boolean" and not isinstance(value, bool):
        return "type"
    if question.type == "integer" and (not isinstance(value, int) or isinstance(value, bool)):
        return "type"
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return "length"
    return "" if isinstance(value, bool | int) or _is_readable(question, value) else "type"


def _is_readable(question: Question, value: object) -> bool:
    try:
        question.fact(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return isinstance(value, str)


def new_account(
    person: Person,
    kind: str,
    number: str,
    holder: str,
    verification: str,
    *,
    by: User,
    at: datetime,
    bank: str = "",
) -> PayeeAccount:
    """A row for an account; the same number again is the same row, asked about anew."""
    index = blind_index("account", number)
    found = PayeeAccount.objects.filter(person=person, kind=kind, number_index=index).first()
    if found is not None:
        found.verification, found.verified_at = verification, at if verification else None
        found.save(update_fields=["verification", "verified_at"])
        return found
    account = PayeeAccount(
        person=person,
        kind=kind,
        bank=bank,
        number=number,
        number_index=index,
        tail=bank_card.tail(number),
        holder=holder,
        verification=verification,
        verified_at=at if verification else None,
        entered_by=by,
        entered_at=at,
    )
    account.save(force_insert=True)
    return account


def checked_account(kind: str, text: str) -> str:
    """An account's number as stored.

    Raises:
        InvalidInput: `account_kind` or `account` with a code.
    """
    if kind not in PayeeAccount.Kind.values:
        raise InvalidInput({"account_kind": "unknown"})
    try:
        return bank_card.parse(text, kind=AccountKind(kind)).number
    except InvalidValue as error:
        raise InvalidInput({"account": error.code}) from None


def verified(person: Person, number: str, *, at: datetime) -> str:
    """What the bank says about an account, outside any transaction."""
    query = AccountQuery("", number, person.name, person.id_number)
    key = f"{person.pk}:{blind_index('account', number)[:32]}"
    return outside.verifier().verify(query, at=at, key=key).outcome.value


# --------------------------------------------------------------------------- who and when


def refuse_duplicate(
    person: Person, programme: Programme, *, by: User, apart_from: uuid.UUID | None = None
) -> None:
    """Raise DuplicateClaim while another claim of the person in the same group is open."""
    # Two drafts of one group have no other row in common: their submissions meet here.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    open_claims = Claim.objects.filter(
        person=person, exclusivity_group=programme.exclusivity_group
    ).exclude(status__in=[*FINAL, Status.DRAFT])
    if apart_from is not None:
        open_claims = open_claims.exclude(pk=apart_from)
    found = open_claims.order_by("created_at").first()
    if found is not None:
        raise DuplicateClaim(found.number if person.user_id == by.pk else None)


def editable(claim: Claim, by: User, *, at: datetime) -> Claim:
    """The claim, locked; raises NotAllowed or ClaimChanged if this person may not edit it."""
    row = milestones.lock(claim.pk)
    _refuse_strangers(row.person, by, at=at, claim=row)
    if row.status not in {Status.DRAFT, Status.RETURNED}:
        raise ClaimChanged(status=row.status)
    return row


def _refuse_strangers(
    person: Person, by: User, *, at: datetime, claim: Claim | None = None
) -> None:
    """Raise NotAllowed unless it is the person, or a clerk at the counter."""
    if person.user_id == by.pk:
        return
    if not by.is_officer:
        raise NotAllowed("not_own")
    office = claim.office if claim is not None else None
    anywhere = claim is None or claim.office_id is None
    held = (
        bool(roles.roles_of(by, at=at) & {Role.CLERK})
        if anywhere
        else roles.holds(by, [Role.CLERK], at=at, office=office)
    )
    if not held:
        raise NotAllowed("not_clerk")


def refuse_closed(claim: Claim, fields: set[str]) -> None:
    """Raise InvalidInput for parts of a returned claim that were not sent back."""
    if claim.status == Status.DRAFT:
        return
    if closed := sorted(fields - open_targets(claim)):
        raise InvalidInput(dict.fromkeys(closed, "not_open"))


def open_targets(claim: Claim) -> set[str]:
    """The fields and files of a returned claim that may be changed.

    A returned account or file brings along what depends on it: another kind of account may need
    another picture. A reason that names no part ("unreadable") may be about any of the files.
    """
    rows = claim.submissions.get(number=claim.submission_no).corrections.filter(resolved_in=None)
    targets = set(rows.values_list("target", flat=True))
    rules = claim.version.rules
    if "account" in targets:
        targets |= {f"file:{spec.code}" for spec in rules.attachments if spec.when}
    if targets & set(rules.reasons):
        targets |= {f"file:{spec.code}" for spec in rules.attachments}
    return targets


def reread(pk: str) -> Claim:
    """The claim of an act that was done before under the same key."""
    related = ("programme", "version", "office", "person", "account")
    return Claim.objects.select_related(*related).get(pk=pk)
