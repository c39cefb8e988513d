"""What goes to the bank and what comes back: files, results, reconciliation."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from engine import api
from engine.errors import NotWaiting
from workflows.accounts.models import User
from workflows.actions import ledger, outside
from workflows.actions.acting import acting
from workflows.actions.batches import lines_of, lock, log, once_per_batch, open_task
from workflows.actions.entitlements import set_status
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed, ResultFileRejected
from workflows.models import (
    BankFile,
    BankResult,
    Instalment,
    Overpayment,
    PaymentBatch,
    PaymentInstruction,
    Role,
)
from workflows.models.files import storage
from workflows.ports import bank_results
from workflows.ports.bank import NEEDS_ACCOUNT, BankAnswer, BankOutcome, PaymentLine
from workflows.ports.bank_format import BatchHead, WrittenFile, read_payments, write
from workflows.ports.bank_results import ResultFile, SentLine
from workflows.queries import roles, rulebook

AREA: Final = "bank"
WAITING: Final = (
    PaymentInstruction.Status.SENT,
    PaymentInstruction.Status.SENDING,
    PaymentInstruction.Status.UNKNOWN,
)
State = PaymentInstruction.Status


@dataclass(frozen=True, slots=True)
class Totals:
    """The three totals of a batch: lines, ledger, file. They agree to the fen or nothing goes."""

    lines_fen: int
    ledger_fen: int
    file_fen: int

    @property
    def agree(self) -> bool:
        """Whether all three are equal."""
        return self.lines_fen == self.ledger_fen == self.file_fen


def payment_lines(batch: PaymentBatch) -> list[PaymentLine]:
    """The lines of a batch as the bank gets them, from the snapshots."""
    purpose = batch.programme.name_zh
    rows = batch.instructions.exclude(status=State.VOID).order_by("line")
    return [
        PaymentLine(row.end_to_end_id, row.amount_fen, row.account_number, row.holder, purpose)
        for row in rows
    ]


def written(batch: PaymentBatch) -> WrittenFile:
    """The file of a batch: the same lines give the same bytes."""
    head = BatchHead(batch.number, rulebook.local_day(batch.made_at))
    return write(outside.bank_format(batch.bank_format), head, payment_lines(batch))


def store_file(batch: PaymentBatch, *, at: datetime) -> BankFile:
    """Write the payment file once, outside any transaction; again gives the stored one.

    Lines that the bank's layout cannot hold are taken out of the batch and go back to payable
    with P07.
    """
    kept = batch.files.filter(direction=BankFile.Direction.OUT).first()
    if kept is not None:
        return kept
    file = written(batch)
    files = storage()
    stored = files.write(files.new_name(AREA, "txt"), file.data)
    with transaction.atomic():
        row = lock(batch.pk)
        kept = row.files.filter(direction=BankFile.Direction.OUT).first()
        if kept is not None:
            return kept
        _take_out(row, {line.end_to_end_id: line.code for line in file.stopped}, at=at)
        kept = BankFile.objects.create(
            batch=row,
            direction=BankFile.Direction.OUT,
            name=f"{row.number}.{'csv' if row.bank_format == 'csv_utf8' else 'txt'}",
            stored_name=stored.name,
            sha256=stored.sha256,
            size=stored.size,
            lines=file.count,
            total_fen=file.total_fen,
            at=at,
        )
        log(row, "batch.file_written", by=None, at=at, sha256=file.sha256, lines=file.count)
    return kept


def _take_out(batch: PaymentBatch, stopped: Mapping[str, str], *, at: datetime) -> None:
    if not stopped:
        return
    for line in lines_of(batch):
        code = stopped.get(line.end_to_end_id)
        if code:
            line.status, line.status_at, line.reason = State.VOID, at, code
            line.save(update_fields=["status", "status_at", "reason"])
            set_status(line.instalment, Instalment.Status.HELD, at=at, reason=code)
    kept = batch.instructions.exclude(status=State.VOID)
    batch.line_count = kept.count()
    batch.total_fen = kept.aggregate(total=Sum("amount_fen"))["total"] or 0
    batch.save(update_fields=["line_count", "total_fen"])


def download_file(file: BankFile, *, by: User, at: datetime) -> bytes:
    """The stored bytes, counted; the same every time.

    Raises:
        NotAllowed: no payer there, or the batch is not released.
    """
    batch = file.batch
    held = roles.holds(
        by,
        [Role.PAYER, Role.PAYMENT_RELEASER],
        at=at,
        programme=batch.programme,
        office=batch.office,
    )
    if not held:
        raise NotAllowed("not_payer")
    if batch.status in {PaymentBatch.Status.DRAFT, PaymentBatch.Status.CHECKED}:
        raise NotAllowed("not_released")
    data = storage().open(file.stored_name, sha256=file.sha256)
    with acting():
        BankFile.objects.filter(pk=file.pk).update(downloads=F("downloads") + 1)
        log(batch, "batch.file_downloaded", by=by, at=at, file=file.pk)
    return data


def load_results(
    batch: PaymentBatch, data: bytes, *, name: str = "", by: User, at: datetime
) -> BankFile:
    """Take a result file: every line is matched or counted as an anomaly, once per file.

    Raises:
        ResultFileRejected: not of this format, loaded before, or a whole file of another batch.
        NotAllowed: no payer there.
    """
    if not roles.holds(by, [Role.PAYER], at=at, programme=batch.programme, office=batch.office):
        raise NotAllowed("not_payer")
    result = bank_results.read(outside.bank_format(batch.bank_format), data)
    files = storage()
    stored_name = files.new_name(AREA, "txt")
    with acting():
        row = lock(batch.pk)
        if row.status not in {
            PaymentBatch.Status.SENT,
            PaymentBatch.Status.PARTLY_CONFIRMED,
            PaymentBatch.Status.SETTLED,
        }:
            raise ClaimChanged(status=row.status)
        digest = hashlib.sha256(data).hexdigest()
        _refuse_other_batch(row, result)
        file = BankFile(
            batch=row,
            direction=BankFile.Direction.IN,
            name=name[:100] or f"{row.number}-result",
            stored_name=stored_name,
            sha256=digest,
            size=len(data),
            lines=len(result.lines) + len(result.anomalies),
            total_fen=sum(line.answer.amount_fen for line in result.lines),
            at=at,
            by=by,
        )
        _accept_once(file)
        files.write(stored_name, data)
        anomalies = _keep_results(row, file, result)
        try:
            api.correlate_message("bank_result", key=row.number, by=by.pk, at=at)
        except NotWaiting:
            # A late line (money that came back) after the batch was settled.
            apply_results(row, at=at)
        log(row, "batch.results_loaded", by=by, at=at, sha256=digest, anomalies=anomalies)
    return file


def _accept_once(file: BankFile) -> None:
    # The index decides: the same bytes may come for another batch, whose lock is not this one's.
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:
        raise ResultFileRejected("already_loaded") from None


def _refuse_other_batch(batch: PaymentBatch, result: ResultFile) -> None:
    ids = [line.answer.end_to_end_id for line in result.lines]
    known = PaymentInstruction.objects.filter(end_to_end_id__in=ids)
    if known.exists() and not known.filter(batch=batch).exists():
        raise ResultFileRejected("other_batch")


def _keep_results(batch: PaymentBatch, file: BankFile, result: ResultFile) -> int:
    """Rows for every line; how many settle nothing."""
    ids = [line.answer.end_to_end_id for line in result.lines]
    rows = {
        row.end_to_end_id: row
        for row in PaymentInstruction.objects.filter(end_to_end_id__in=ids).select_related("batch")
    }
    sent = {
        key: SentLine(
            row.amount_fen,
            row.batch.number,
            BankOutcome(row.outcome) if row.outcome else None,
        )
        for key, row in rows.items()
    }
    matched = bank_results.match(result, sent, batch=batch.number)
    lines = {line.answer.end_to_end_id: line.line for line in result.lines}
    BankResult.objects.bulk_create(
        [
            BankResult(
                file=file,
                line=lines[answer.end_to_end_id],
                end_to_end_id=answer.end_to_end_id,
                instruction=rows[answer.end_to_end_id],
                outcome=answer.outcome.value,
                amount_fen=answer.amount_fen,
            )
            for answer in matched.settled
        ]
        + [
            BankResult(
                file=file,
                line=anomaly.line,
                end_to_end_id=anomaly.end_to_end_id[:60],
                instruction=rows.get(anomaly.end_to_end_id),
                anomaly=anomaly.kind.value,
            )
            for anomaly in matched.anomalies
        ]
    )
    return len(matched.anomalies)


def apply_results(batch: PaymentBatch, *, at: datetime) -> bool:
    """Book what the bank said and was not booked yet; whether every line is settled now."""
    for instruction, outcomes in _unbooked(batch):
        for outcome in outcomes:
            settle(instruction, BankAnswer(instruction.end_to_end_id, outcome, 0), at=at)
    open_lines = batch.instructions.filter(status__in=WAITING).count()
    status = PaymentBatch.Status
    batch.status = status.PARTLY_CONFIRMED if open_lines else status.SETTLED
    batch.save(update_fields=["status"])
    return open_lines == 0


def _unbooked(batch: PaymentBatch) -> list[tuple[PaymentInstruction, list[BankOutcome]]]:
    """Instructions with the answers that came after the one booked last, in their order.

    A payment that was paid and came back has two; when another line comes back later, neither
    counts again, whatever has become of its month meanwhile.
    """
    waiting = BankResult.objects.filter(file__batch=batch, anomaly="", instruction__isnull=False)
    told: dict[PaymentInstruction, list[BankOutcome]] = {}
    for result in waiting.select_related("instruction__instalment__entitlement").order_by("pk"):
        assert result.instruction is not None
        told.setdefault(result.instruction, []).append(BankOutcome(result.outcome))
    return [(row, _after(outcomes, row.outcome)) for row, outcomes in told.items()]


def _after(outcomes: list[BankOutcome], booked: str) -> list[BankOutcome]:
    if booked not in outcomes:
        return outcomes
    return outcomes[len(outcomes) - outcomes[::-1].index(BankOutcome(booked)) :]


def settle(instruction: PaymentInstruction, answer: BankAnswer, *, at: datetime) -> None:
    """What one answer of the bank means for an instruction, its month and the ledger."""
    outcome = answer.outcome
    instalment = instruction.instalment
    instruction.outcome, instruction.reason = outcome.value, answer.reason
    instruction.status_at = at
    if outcome is BankOutcome.PAID:
        instruction.status = State.CONFIRMED
        ledger.post(instruction, "paid", at=at)
        set_status(instalment, Instalment.Status.PAID, at=at)
        tell(instalment, "paid", "", at=at)
    elif outcome is BankOutcome.RETURNED_LATER:
        instruction.status = State.BOUNCED
        ledger.post(instruction, "bounced", at=at)
        _take_back(instalment, at=at)
    elif outcome in NEEDS_ACCOUNT:
        instruction.status = State.REJECTED
        ledger.post(instruction, "rejected", at=at)
        set_status(instalment, Instalment.Status.NEEDS_ACCOUNT, at=at, reason=answer.reason)
        tell(instalment, "failed", answer.reason, at=at)
    elif outcome is BankOutcome.BANK_REJECT:
        # The same line may be sent again, under the same id, once the cause is mended.
        instruction.status, instruction.outcome = State.SENT, ""
    else:
        # A duplicate or a timeout says nothing: it is asked about, never sent again.
        instruction.status = State.UNKNOWN
    instruction.save(update_fields=["outcome", "reason", "status", "status_at"])


def _take_back(instalment: Instalment, *, at: datetime) -> None:
    """The money of a paid month is back: asked for another account, unless it was not due at all.

    The payout may be at another month or over; `payouts.pay_again` brings it to this one.
    """
    if instalment.status == Instalment.Status.OVERPAID:
        Overpayment.objects.filter(instalment=instalment, closed_at=None).update(closed_at=at)
        set_status(instalment, Instalment.Status.CANCELLED, at=at, reason=instalment.reason)
    else:
        set_status(instalment, Instalment.Status.NEEDS_ACCOUNT, at=at)


def tell(instalment: Instalment, result: str, reason: str, *, at: datetime) -> None:
    """Send the message that the payout of this month waits for, once per move of the month."""
    api.correlate_message(
        "instalment_result",
        key=str(instalment.pk),
        variables={"result": result, "reason": reason},
        by=None,
        at=at,
        ttl_s=3_600,
        message_id=f"instalment_result:{instalment.pk}:{instalment.revision}",
    )


def totals(batch: PaymentBatch) -> Totals:
    """Lines, ledger and file of a released batch; the file is read back from the storage."""
    rows = batch.instructions.exclude(status=State.VOID)
    lines = rows.aggregate(total=Sum("amount_fen"))["total"] or 0
    file = batch.files.filter(direction=BankFile.Direction.OUT).first()
    in_file = 0
    if file is not None:
        data = storage().open(file.stored_name, sha256=file.sha256)
        form = outside.bank_format(batch.bank_format)
        in_file = sum(line.amount_fen for line in read_payments(form, data))
    return Totals(lines, ledger.released_fen(batch), in_file)


def open_anomalies(batch: PaymentBatch) -> int:
    """Lines of result files that settle nothing and that nobody has explained."""
    return (
        BankResult.objects.filter(file__batch=batch, explained_at=None).exclude(anomaly="").count()
    )


def explain_anomaly(result: BankResult, *, by: User, at: datetime) -> None:
    """Say that a line that settled nothing was looked into.

    Raises:
        NotAllowed: no payer there.
    """
    batch = result.file.batch
    if not roles.holds(by, [Role.PAYER], at=at, programme=batch.programme, office=batch.office):
        raise NotAllowed("not_payer")
    with acting():
        BankResult.objects.filter(pk=result.pk, explained_at=None).update(
            explained_at=at, explained_by=by
        )
        log(result.file.batch, "batch.anomaly_explained", by=by, at=at, line=result.line)


def reconcile(batch: PaymentBatch, *, by: User, at: datetime, key: str = "") -> PaymentBatch:
    """Sign that the three totals agree and every line is settled.

    Raises:
        InvalidInput: `totals: differ`, `lines: open` or `anomalies: open`.
        NotPermitted: no payer; from the engine.
    """

    def act() -> PaymentBatch:
        row = lock(batch.pk)
        wrong = {}
        if not totals(row).agree:
            wrong["totals"] = "differ"
        if row.instructions.filter(status__in=WAITING).exists():
            wrong["lines"] = "open"
        if open_anomalies(row):
            wrong["anomalies"] = "open"
        if wrong:
            raise InvalidInput(wrong)
        view = open_task(row, "reconcile")
        row.status = PaymentBatch.Status.RECONCILED
        row.reconciled_by, row.reconciled_at = by, at
        row.save(update_fields=["status", "reconciled_by", "reconciled_at"])
        outcome = view.outcomes[0].code
        api.complete_task(view.id, outcome=outcome, by=by.pk, at=at)
        log(row, "batch.reconciled", by=by, at=at, total=row.total_fen)
        return row

    return once_per_batch(act, batch, "batch.reconcile", by=by, key=key, at=at, body={})


def book_answer(instruction_id: object, answer: BankAnswer, *, at: datetime) -> bool:
    """Book the answer to a single payment; whether it is settled. A repeat changes nothing."""
    with transaction.atomic():
        row = (
            PaymentInstruction.objects.select_for_update(of=("self",))
            .select_related("instalment__entitlement")
            .get(pk=str(instruction_id))
        )
        if row.status in {State.CONFIRMED, State.REJECTED, State.BOUNCED}:
            return True
        if answer.amount_fen != row.amount_fen:
            row.status, row.status_at = State.UNKNOWN, at
            row.save(update_fields=["status", "status_at"])
            return False
        settle(row, answer, at=at)
        return row.status in {State.CONFIRMED, State.REJECTED}
