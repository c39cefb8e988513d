"""Batches for the people who pay: lists, lines, files, results, anomalies."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from workflows.models import BankFile, BankResult, PaymentBatch, PaymentInstruction
from workflows.values import money, name

OPEN = ("intent", "sending", "sent", "unknown")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch of a list."""

    number: str
    programme: str
    office: str
    status: str
    cut_off: date
    lines: int
    total: str
    total_fen: int
    confirmed: int
    rejected: int
    open_lines: int
    maker: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LineRow:
    """One payment, its person masked."""

    line: int
    end_to_end_id: str
    claim_number: str
    name: str
    tail: str
    period: str
    amount: str
    amount_fen: int
    status: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file to or from the bank."""

    id: int
    direction: str
    name: str
    sha256: str
    size: int
    lines: int
    total: str
    downloads: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AnomalyRow:
    """A line of a result file that settles nothing."""

    id: int
    file: str
    line: int
    end_to_end_id: str
    kind: str
    is_explained: bool


@dataclass(frozen=True, slots=True)
class BatchView:
    """Everything of a batch's page but its lines, which are paged."""

    batch: PaymentBatch
    row: BatchRow
    checker: str
    releaser: str
    files: tuple[FileRow, ...]
    anomalies: tuple[AnomalyRow, ...]


def batch_rows(visible: QuerySet[PaymentBatch], *, limit: int = 100) -> list[BatchRow]:
    """Batches, the latest first; `visible` comes from `access.batches_visible_to`; one read."""
    rows = _counted(visible).select_related("programme", "office", "maker")
    return [_row(row, row.__dict__) for row in rows.order_by("-made_at", "-pk")[:limit]]


def _counted(rows: QuerySet[PaymentBatch]) -> QuerySet[PaymentBatch]:
    return rows.annotate(
        confirmed_lines=Count("instructions", filter=Q(instructions__status="confirmed")),
        rejected_lines=Count("instructions", filter=Q(instructions__status="rejected")),
        open_lines=Count("instructions", filter=Q(instructions__status__in=OPEN)),
    )


def _row(batch: PaymentBatch, counts: dict[str, int]) -> BatchRow:
    return BatchRow(
        batch.number,
        batch.programme.code,
        batch.office.name if batch.office else "",
        batch.status,
        batch.cut_off,
        batch.line_count,
        money.text(batch.total_fen),
        batch.total_fen,
        counts["confirmed_lines"],
        counts["rejected_lines"],
        counts["open_lines"],
        batch.maker.get_full_name(),
        batch.made_at,
    )


def batch_view(batch: PaymentBatch) -> BatchView:
    """A batch with its files and anomalies; three reads."""
    row = (
        _counted(PaymentBatch.objects.filter(pk=batch.pk))
        .select_related("programme", "office", "maker", "checker", "releaser")
        .get()
    )
    return BatchView(
        row,
        _row(row, row.__dict__),
        row.checker.get_full_name() if row.checker else "",
        row.releaser.get_full_name() if row.releaser else "",
        tuple(file_rows(row)),
        tuple(anomaly_rows(row)),
    )


def file_rows(batch: PaymentBatch) -> list[FileRow]:
    """Files to and from the bank in order."""
    return [
        FileRow(
            row.pk,
            row.direction,
            row.name,
            row.sha256,
            row.size,
            row.lines,
            money.text(row.total_fen),
            row.downloads,
            row.at,
        )
        for row in BankFile.objects.filter(batch=batch).order_by("at", "pk")
    ]


def anomaly_rows(batch: PaymentBatch) -> list[AnomalyRow]:
    """Lines of result files that settle nothing, those not explained first."""
    rows = BankResult.objects.filter(file__batch=batch).exclude(anomaly="").select_related("file")
    return [
        AnomalyRow(
            row.pk,
            row.file.name,
            row.line,
            row.end_to_end_id,
            row.anomaly,
            row.explained_at is not None,
        )
        for row in rows.order_by("explained_at", "file", "line")
    ]


def bank_result(batch: PaymentBatch, result_id: int) -> BankResult | None:
    """One line of a result file of this batch."""
    return BankResult.objects.filter(file__batch=batch, pk=result_id).first()


def line_rows(
    batch: PaymentBatch, *, after: int = 0, limit: int = 100, status: str = ""
) -> list[LineRow]:
    """Lines behind a place in the file; one read."""
    rows = PaymentInstruction.objects.filter(batch=batch, line__gt=after)
    if status:
        rows = rows.filter(status=status)
    related = ("instalment__entitlement__claim", "account")
    return [
        LineRow(
            row.line,
            row.end_to_end_id,
            row.instalment.entitlement.claim.number or "",
            name.mask(row.holder),
            row.account.tail,
            row.instalment.period,
            money.text(row.amount_fen),
            row.amount_fen,
            row.status,
            row.outcome,
            row.reason,
        )
        for row in rows.select_related(*related).order_by("line")[:limit]
    ]


def sum_fen(batch: PaymentBatch) -> int:
    """The lines' sum, those that were taken out left aside."""
    rows = batch.instructions.exclude(status=PaymentInstruction.Status.VOID)
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0
