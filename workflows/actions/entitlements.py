"""What an approved claim is worth, month by month: created, rechecked, stopped, voided."""

from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from workflows.errors import Refused
from workflows.models import Claim, Entitlement, Instalment, PaymentInstruction
from workflows.queries import rulebook
from workflows.values.period import Period

Status = Instalment.Status
# Before a line is in a batch the month can still be changed without a trace at the bank.
UNSENT: Final = (Status.PLANNED, Status.PAYABLE, Status.HELD, Status.NEEDS_ACCOUNT)
GONE: Final = (Status.VOID, Status.CANCELLED)


def create(
    claim: Claim, *, category: str, months: int, monthly_fen: int, at: datetime
) -> Entitlement:
    """An entitlement with its months, from the month of the first submission on.

    Months that the person draws in the same group already are passed over.

    Raises:
        Refused: E06, when no month is left.
    """
    assert claim.original_submitted_at is not None
    taken = set(taken_periods(claim).values_list("period", flat=True))
    first = Period.of(claim.original_submitted_at)
    # The search ends: a person cannot have drawn more months than there are rows.
    free = [str(month) for month in first.run(months + len(taken)) if str(month) not in taken]
    periods = free[:months]
    if not periods:
        raise Refused(["E06"])
    entitlement = Entitlement(
        claim=claim,
        submission=claim.submissions.get(number=claim.submission_no),
        category=category,
        months=len(periods),
        monthly_fen=monthly_fen,
        total_fen=monthly_fen * len(periods),
        first_period=periods[0],
        last_period=periods[-1],
        created_at=at,
    )
    entitlement.save(force_insert=True)
    Instalment.objects.bulk_create(
        [
            Instalment(
                entitlement=entitlement,
                person=claim.person,
                exclusivity_group=claim.exclusivity_group,
                period=period,
                amount_fen=monthly_fen,
                status_at=at,
                pay_on=pay_day(claim, period, at=at),
            )
            for period in periods
        ]
    )
    return entitlement


def taken_periods(claim: Claim) -> QuerySet[Instalment]:
    """Months of the same group that count already, of whatever claim."""
    rows = Instalment.objects.filter(
        person=claim.person, exclusivity_group=claim.exclusivity_group
    )
    return rows.exclude(status__in=GONE)


def pay_day(claim: Claim, period: str, *, at: datetime) -> date:
    """The pay day of a month, moved to a working day; back pay is due at once."""
    calendar = rulebook.calendar(claim.version)
    month = Period.parse(period)
    wanted = claim.version.rules.number("payout", "day_of_month", 20)
    day = date(month.year, month.month, min(wanted, month.last_day.day))
    return calendar.next_working_day(max(day, rulebook.local_day(at)))


def next_unpaid(entitlement: Entitlement) -> Instalment | None:
    """The first month that money is still to be sent for, one that came back included."""
    waits = entitlement.instalments.filter(status__in=[Status.PLANNED, Status.NEEDS_ACCOUNT])
    return waits.order_by("period").first()


def covers(entitlement: Entitlement, period: str) -> bool:
    """Whether a month is still due; a stopped entitlement pays the months up to its stop."""
    if entitlement.status == Entitlement.Status.STOPPED:
        return period <= entitlement.last_period
    return entitlement.status == Entitlement.Status.ACTIVE


def set_status(
    instalment: Instalment, status: Instalment.Status, *, at: datetime, reason: str = ""
) -> None:
    """Move a month on; its revision says that it moved."""
    instalment.status, instalment.status_at, instalment.reason = status, at, reason
    instalment.revision += 1
    instalment.save(update_fields=["status", "status_at", "reason", "revision"])


def money_moves(entitlement: Entitlement) -> bool:
    """Whether a month is in a batch or ever went out; its months stay locked until the act ends.

    A payment that failed or came back was sent nevertheless, though its month waits again.
    """
    rows = list(entitlement.instalments.select_for_update().order_by("pk"))
    ordered = PaymentInstruction.objects.filter(instalment__in=rows)
    return ordered.exclude(status=PaymentInstruction.Status.VOID).exists()


def void(entitlement: Entitlement, *, at: datetime) -> None:
    """Take an approval's money back as long as none of it is in a batch.

    Raises:
        Refused: P06, when a month is on its way to the bank.
    """
    if money_moves(entitlement):
        raise Refused(["P06"])
    for row in entitlement.instalments.order_by("pk"):
        if row.status not in GONE:
            set_status(row, Status.VOID, at=at)
    entitlement.status = Entitlement.Status.VOID
    entitlement.save(update_fields=["status"])


def stop(
    entitlement: Entitlement, *, last_period: str, reason: str, at: datetime
) -> list[Instalment]:
    """No month after `last_period` is paid; the months that were paid nevertheless."""
    rows = list(
        entitlement.instalments.select_for_update().filter(period__gt=last_period).order_by("pk")
    )
    overpaid = []
    for row in rows:
        if row.status in UNSENT:
            set_status(row, Status.CANCELLED, at=at, reason=reason)
        elif row.status == Status.PAID:
            overpaid.append(row)
    entitlement.status = Entitlement.Status.STOPPED
    entitlement.stop_reason = reason
    entitlement.last_period = last_period
    entitlement.save(update_fields=["status", "stop_reason", "last_period"])
    return overpaid


def hold_back(instalments: QuerySet[Instalment], *, at: datetime) -> int:
    """Keep months out of batches until somebody lets them go."""
    held = 0
    for row in instalments.select_for_update().filter(status__in=[Status.PLANNED, Status.PAYABLE]):
        set_status(row, Status.HELD, at=at)
        held += 1
    return held
