"""Payment batches: previewed, made by one, checked by a second, released by a third person."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Max

from engine import api
from engine.types import TaskView
from workflows.accounts.models import User
from workflows.actions import audit, ledger
from workflows.actions.accounts import is_usable
from workflows.actions.changes import NOTE_LIMIT
from workflows.actions.entitlements import covers, set_status
from workflows.actions.requests import once
from workflows.actions.submitting import next_serial
from workflows.errors import BatchChanged, ClaimChanged, InvalidInput, NotAllowed
from workflows.models import (
    Instalment,
    Office,
    PayeeAccount,
    PaymentBatch,
    PaymentInstruction,
    Programme,
    Role,
)
from workflows.queries import roles, rulebook
from workflows.values.claim_number import parse as parse_number
from workflows.values.end_to_end_id import EndToEndId
from workflows.values.period import Period

LINES_AT_MOST: Final = 50_000
PAYER_SCOPE: Final = "payments"


@dataclass(frozen=True, slots=True)
class Line:
    """One month that would be paid."""

    instalment_id: int
    claim_number: str
    period: str
    amount_fen: int
    tail: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """One month that is due and would not be paid, and why."""

    instalment_id: int
    claim_number: str
    period: str
    amount_fen: int
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch would hold."""

    lines: tuple[Line, ...]
    excluded: tuple[Excluded, ...]

    @property
    def total_fen(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_fen for line in self.lines)


def preview_batch(
    programme: Programme, *, office: Office | None, cut_off: date, by: User, at: datetime
) -> Preview:
    """Due months of a programme, of one office or all of them; nothing is changed.

    Raises:
        NotAllowed: no payer there.
    """
    _refuse_others(by, Role.PAYER, programme, office, at=at)
    lines, excluded = [], []
    for row in due(programme, office, cut_off):
        claim = row.entitlement.claim
        account = claim.account
        why = _why_not(row, account)
        number = claim.number or ""
        if why or account is None:
            excluded.append(Excluded(row.pk, number, row.period, row.amount_fen, why))
        else:
            lines.append(Line(row.pk, number, row.period, row.amount_fen, account.tail))
    return Preview(tuple(lines), tuple(excluded))


def due(programme: Programme, office: Office | None, cut_off: date) -> Iterable[Instalment]:
    """Months whose pay day is reached, those that a batch leaves out too; one read."""
    rows = Instalment.objects.filter(
        status__in=[Instalment.Status.PAYABLE, Instalment.Status.HELD],
        pay_on__lte=cut_off,
        entitlement__claim__programme=programme,
    )
    if office is not None:
        rows = rows.filter(entitlement__claim__office=office)
    return rows.select_related(
        "entitlement__claim__account", "entitlement__claim__office"
    ).order_by("entitlement__claim__number", "period")


def _why_not(row: Instalment, account: PayeeAccount | None) -> str:
    """Why a due month stays out of a batch, or an empty text."""
    if row.status == Instalment.Status.HELD:
        return "held"
    if not covers(row.entitlement, row.period):
        return f"entitlement_{row.entitlement.status}"
    if account is None:
        return "no_account"
    if not is_usable(account):
        return f"account_{account.verification}"
    return ""


def create_batch(
    programme: Programme,
    *,
    office: Office | None,
    cut_off: date,
    bank_format: str = "csv_utf8",
    only: Iterable[int] | None = None,
    by: User,
    at: datetime,
    key: str = "",
) -> PaymentBatch:
    """Make a batch of the due months, or of `only` some of them, and start its process.

    Raises:
        NotAllowed: no payer there.
        InvalidInput: nothing is due, or too much for one file.
    """
    wanted = None if only is None else set(only)

    def act() -> PaymentBatch:
        plan = preview_batch(programme, office=office, cut_off=cut_off, by=by, at=at)
        lines = [line for line in plan.lines if wanted is None or line.instalment_id in wanted]
        if not lines or len(lines) > LINES_AT_MOST:
            raise InvalidInput({"lines": "none" if not lines else "too_many"})
        batch = _new_batch(programme, office, cut_off, bank_format, by=by, at=at)
        for place, line in enumerate(lines, start=1):
            _order(batch, place, line.instalment_id, at=at)
        batch.line_count = len(lines)
        batch.total_fen = sum(line.amount_fen for line in lines)
        batch.save(update_fields=["line_count", "total_fen"])
        rules = rulebook.version_in_force(programme, on=rulebook.local_day(at)).rules
        advance = api.start_instance(
            rules.processes["batch"],
            business_key=batch.number,
            scope=scope_of(batch),
            variables={"batch": batch.number, "lines": batch.line_count},
            by=by.pk,
            at=at,
            key=rules.bundle_key,
        )
        batch.instance_id = advance.instance_id
        batch.save(update_fields=["instance"])
        log(batch, "batch.created", by=by, at=at, lines=len(lines), total=batch.total_fen)
        return batch

    return once(
        act,
        again=lambda pk: PaymentBatch.objects.get(pk=int(pk)),
        by=by,
        route="batch.create",
        key=key,
        body={
            "programme": programme.pk,
            "office": office.pk if office is not None else None,
            "cut_off": cut_off,
            "only": sorted(wanted or ()),
        },
        at=at,
    )


def scope_of(batch: PaymentBatch) -> str:
    """Where the tasks of a batch stand: at its office, or for everybody who pays everywhere."""
    office = batch.office.code if batch.office is not None else PAYER_SCOPE
    return f"{batch.programme.code}/{office}"


def _new_batch(
    programme: Programme,
    office: Office | None,
    cut_off: date,
    bank_format: str,
    *,
    by: User,
    at: datetime,
) -> PaymentBatch:
    serial = next_serial(programme, "batch", at=at)
    return PaymentBatch.objects.create(
        number=f"{programme.code}-P{rulebook.local_day(at):%Y%m%d}-{serial:04}",
        programme=programme,
        office=office,
        bank_format=bank_format,
        cut_off=cut_off,
        maker=by,
        made_at=at,
    )


def _order(batch: PaymentBatch, place: int, instalment_id: int, *, at: datetime) -> None:
    """The instruction for one month, with the account as it is at this moment."""
    row = (
        Instalment.objects.select_for_update(of=("self",))
        .select_related("entitlement__claim__account", "entitlement__claim__person")
        .get(pk=instalment_id)
    )
    claim = row.entitlement.claim
    account = claim.account
    if row.status != Instalment.Status.PAYABLE or account is None:
        raise ClaimChanged(status=row.status)
    issue = 1 + (
        PaymentInstruction.objects.filter(
            instalment__entitlement__claim=claim, instalment__period=row.period
        ).aggregate(last=Max("issue"))["last"]
        or 0
    )
    end_to_end = EndToEndId(parse_number(claim.number or ""), Period.parse(row.period), issue)
    instruction = PaymentInstruction(
        instalment=row,
        batch=batch,
        line=place,
        issue=issue,
        end_to_end_id=str(end_to_end),
        amount_fen=row.amount_fen,
        account=account,
        account_number=account.number,
        holder=account.holder,
        snapshot_sha256=snapshot(account, row.amount_fen),
        status_at=at,
    )
    instruction.save(force_insert=True)
    set_status(row, Instalment.Status.BATCHED, at=at)


def snapshot(account: PayeeAccount, amount_fen: int) -> str:
    """A hash of what is paid where: what was checked is what is released."""
    text = f"{account.pk}|{account.number}|{account.holder}|{amount_fen}"
    return hashlib.sha256(text.encode()).hexdigest()


def changed_lines(batch: PaymentBatch) -> dict[int, str]:
    """Lines that are not what was put into the batch: line number -> why."""
    changed = {}
    rows = batch.instructions.exclude(status=PaymentInstruction.Status.VOID).select_related(
        "instalment__entitlement__claim__account"
    )
    for row in rows:
        claim = row.instalment.entitlement.claim
        month = row.instalment
        if not covers(month.entitlement, month.period):
            changed[row.line] = "entitlement"
        elif row.amount_fen != row.instalment.amount_fen:
            changed[row.line] = "amount"
        elif claim.account is None or row.snapshot_sha256 != snapshot(
            claim.account, row.amount_fen
        ):
            changed[row.line] = "account"
    return changed


def check_batch(
    batch: PaymentBatch, *, right: bool, note: str = "", by: User, at: datetime, key: str = ""
) -> PaymentBatch:
    """The second person's look: right, and its file is written; or not, and it is void.

    Who looked and what they wrote stays with the batch; the audit row only says that they wrote.

    Raises:
        InvalidInput: it is wrong, and nothing says what.
        BatchChanged: lines are not what was put in.
        NotAllowed: the maker.
        NotPermitted: no checker; from the engine.
    """
    said = note.strip()[:NOTE_LIMIT]

    def act() -> PaymentBatch:
        if not right and not said:
            raise InvalidInput({"note": "required"})
        row = lock(batch.pk)
        if row.maker_id == by.pk:
            raise NotAllowed("maker")
        if right and (changed := changed_lines(row)):
            raise BatchChanged(changed)
        row.checker, row.checked_at, row.check_note = by, at, said
        if right:
            row.status = PaymentBatch.Status.CHECKED
        row.save(update_fields=["checker", "checked_at", "check_note", "status"])
        view = open_task(row, "check_batch")
        api.complete_task(view.id, outcome=_outcome(view, right=right), by=by.pk, at=at)
        row.refresh_from_db()
        act_name = "batch.checked" if right else "batch.refused"
        log(row, act_name, by=by, at=at, note=bool(said))
        return row

    body: dict[str, object] = {"right": right, "note": note}
    return once_per_batch(act, batch, "batch.check", by=by, key=key, at=at, body=body)


def release_batch(batch: PaymentBatch, *, by: User, at: datetime, key: str = "") -> PaymentBatch:
    """The third person lets the file go; every line is looked at again.

    The page asks for the password before it calls this.

    Raises:
        BatchChanged: a line's account, amount or entitlement changed since it was checked.
        NotAllowed: the maker.
        NotPermitted: no releaser, or the checker; from the engine.
    """

    def act() -> PaymentBatch:
        row = lock(batch.pk)
        if row.status != PaymentBatch.Status.CHECKED:
            raise ClaimChanged(status=row.status)
        if row.maker_id == by.pk:
            raise NotAllowed("maker")
        if changed := changed_lines(row):
            raise BatchChanged(changed)
        view = open_task(row, "release_batch")
        row.releaser, row.released_at = by, at
        row.status = PaymentBatch.Status.RELEASED
        row.save(update_fields=["releaser", "released_at", "status"])
        for line in lines_of(row):
            ledger.post(line, "released", at=at)
            set_status(line.instalment, Instalment.Status.RELEASED, at=at)
        api.complete_task(view.id, outcome=_outcome(view, right=True), by=by.pk, at=at)
        row.refresh_from_db()
        log(row, "batch.released", by=by, at=at, total=row.total_fen, lines=row.line_count)
        return row

    return once_per_batch(act, batch, "batch.release", by=by, key=key, at=at, body={})


def mark_sent(batch: PaymentBatch, *, by: User, at: datetime, key: str = "") -> PaymentBatch:
    """The payer handed the file to the bank."""

    def act() -> PaymentBatch:
        row = lock(batch.pk)
        if row.status != PaymentBatch.Status.RELEASED:
            raise ClaimChanged(status=row.status)
        view = open_task(row, "send_file")
        row.status = PaymentBatch.Status.SENT
        row.save(update_fields=["status"])
        intent = PaymentInstruction.Status.INTENT
        row.instructions.filter(status=intent).update(
            status=PaymentInstruction.Status.SENT, status_at=at
        )
        api.complete_task(view.id, outcome=_outcome(view, right=True), by=by.pk, at=at)
        row.refresh_from_db()
        log(row, "batch.sent", by=by, at=at)
        return row

    return once_per_batch(act, batch, "batch.sent", by=by, key=key, at=at, body={})


def void_lines(batch: PaymentBatch, *, at: datetime) -> None:
    """Before its release a batch can be dissolved: its months are payable again."""
    for line in lines_of(batch):
        line.status, line.status_at = PaymentInstruction.Status.VOID, at
        line.save(update_fields=["status", "status_at"])
        if line.instalment.status == Instalment.Status.BATCHED:
            set_status(line.instalment, Instalment.Status.PAYABLE, at=at)
    batch.status = PaymentBatch.Status.VOID
    batch.save(update_fields=["status"])


def lines_of(batch: PaymentBatch) -> list[PaymentInstruction]:
    """The lines that count, in the order of the file, their months locked."""
    rows = batch.instructions.exclude(status=PaymentInstruction.Status.VOID).order_by("line")
    return list(rows.select_for_update(of=("self",)).select_related("instalment__entitlement"))


def lock(batch_id: int) -> PaymentBatch:
    """A batch behind the locks of its instance and its own row."""
    seen = PaymentBatch.objects.select_related("instance").get(pk=batch_id)
    if seen.instance is not None:
        instances = type(seen.instance)._default_manager  # noqa: SLF001 - documented, in spite of its line
        instances.select_for_update(no_key=True).get(pk=seen.instance.pk)
    PaymentBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    return PaymentBatch.objects.select_related("programme", "office").get(pk=batch_id)


def open_task(batch: PaymentBatch, element_id: str) -> TaskView:
    """The open user task of a batch at an element.

    Raises:
        ClaimChanged: it stands elsewhere.
    """
    assert batch.instance_id is not None
    for view in api.open_tasks(batch.instance_id):
        if view.element_id == element_id:
            return view
    raise ClaimChanged(status=batch.status)


GOOD: Final = ("yes", "right", "pass", "confirm", "release", "sent", "done", "reconciled", "ok")
BAD: Final = ("no", "wrong", "refuse", "reject", "void")


def _outcome(view: TaskView, *, right: bool) -> str:
    """The outcome of the diagram that means yes or no: by its tone, else by its code."""
    tone = "good" if right else "bad"
    codes = [choice.code for choice in view.outcomes if choice.tone == tone]
    known = GOOD if right else BAD
    codes += [choice.code for choice in view.outcomes if choice.code in known]
    if not codes:
        raise InvalidInput({"outcome": "not_offered"})
    return codes[0]


def log(
    batch: PaymentBatch, act: str, *, by: User | None, at: datetime, **facts: str | int
) -> None:
    """Close an act on a batch with its audit row."""
    audit.append(
        f"batch:{batch.number}", act, by=by, at=at, about=None, status=batch.status, **facts
    )


def _refuse_others(
    by: User, role: Role, programme: Programme, office: Office | None, *, at: datetime
) -> None:
    if not roles.holds(by, [role], at=at, programme=programme, office=office):
        raise NotAllowed(f"not_{role}")


def once_per_batch(
    act: Callable[[], PaymentBatch],
    batch: PaymentBatch,
    route: str,
    *,
    by: User,
    key: str,
    at: datetime,
    body: dict[str, object],
) -> PaymentBatch:
    """Run an act on a batch once per key."""
    return once(
        act,
        again=lambda pk: PaymentBatch.objects.get(pk=int(pk)),
        by=by,
        route=route,
        key=key,
        body={"batch": batch.pk, **body},
        at=at,
    )
