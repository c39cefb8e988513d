"""From an approval to money: entitlements, payouts, months, batches, the bank."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from engine import api, faults
from engine.errors import HandlerError
from engine.types import HandlerCall, Text, Variable
from workflows.actions import (
    accounts_asked,
    bank,
    batches,
    entitlements,
    letters,
    outside,
    payouts,
)
from workflows.errors import PortUnavailable, Refused
from workflows.handlers.checks import claim_of
from workflows.models import (
    Claim,
    Entitlement,
    Instalment,
    Overpayment,
    PaymentBatch,
    PaymentInstruction,
)
from workflows.ports.bank import BankConnector, PaymentLine
from workflows.queries import words
from workflows.values import money
from workflows.values.errors import InvalidMoney
from workflows.values.period import SHANGHAI, Period

Variables = dict[str, Variable]


# --------------------------------------------------------------------------- entitlements


@api.handler(
    "entitlements.create",
    transactional=True,
    description=Text("核定待遇，生成分月计划", "Set the entitlement and its months"),
)
def create_entitlement(call: HandlerCall) -> Variables:
    """`amount` is what the amount table gave: {monthly, months}, or yuan with `months` beside."""
    claim = claim_of(call)
    monthly, months = _amount(call.inputs)
    category = call.inputs.get("category")
    try:
        entitlement = entitlements.create(
            claim,
            category=str(category or ""),
            months=months,
            monthly_fen=monthly,
            at=call.at,
        )
    except Refused as refused:
        raise HandlerError("no_month_left", ",".join(refused.reasons)) from None
    text = claim.version.rules.milestones.get("approved")
    if text is not None:
        values = words.milestone_words(claim, "approved", entitlement)
        key = f"approved:{entitlement.pk}"
        letters.issue(claim, "approved", text.text, values, key=key, at=call.at)
    return {"entitlement": str(entitlement.pk)}


def _amount(inputs: Mapping[str, Variable]) -> tuple[int, int]:
    """Fen a month and months; whatever cannot be read is an incident, never an amount of 0."""
    given = inputs.get("amount")
    table = given if isinstance(given, dict) else {"monthly": given}
    monthly = table.get("monthly", table.get("amount"))
    months = table.get("months", inputs.get("months"))
    if not isinstance(monthly, Decimal | int) or not isinstance(months, Decimal | int):
        raise HandlerError("no_rule", "amount")
    try:
        fen = money.from_decimal(money.half_up(Decimal(monthly)))
    except InvalidMoney as error:
        raise HandlerError("no_rule", error.code) from None
    if fen <= 0 or int(months) <= 0:
        raise HandlerError("no_rule", "amount")
    return fen, int(months)


@api.handler(
    "payouts.order",
    transactional=True,
    description=Text("启动发放", "Start the payout"),
)
def order_payout(call: HandlerCall) -> Variables:
    """One payout instance per entitlement; its key is the entitlement's id."""
    claim = claim_of(call)
    entitlement = claim.entitlements.filter(status=Entitlement.Status.ACTIVE).first()
    if entitlement is None:
        raise HandlerError("entitlement_missing")
    if entitlement.instance_id is None:
        payouts.begin(entitlement, next_month(entitlement), at=call.at)
    return {"payout": str(entitlement.pk)}


def next_month(entitlement: Entitlement) -> Variables:
    """The month whose money comes next, as the payout's diagram reads it."""
    row = entitlements.next_unpaid(entitlement)
    found: Variables = {
        "entitlement": str(entitlement.pk),
        "more": row is not None,
        "instalment": str(row.pk) if row else None,
        "period": row.period if row else None,
        "pay_at": datetime.combine(row.pay_on, time.min, SHANGHAI) if row else None,
    }
    return found


@api.handler(
    "entitlements.void",
    transactional=True,
    description=Text("撤销待遇核定", "Take the entitlement back"),
)
def void_entitlement(call: HandlerCall) -> Variables:
    claim = claim_of(call)
    entitlement = claim.entitlements.exclude(status=Entitlement.Status.VOID).first()
    if entitlement is None:
        return {}
    try:
        entitlements.void(entitlement, at=call.at)
    except Refused as refused:
        raise HandlerError("money_moves", ",".join(refused.reasons)) from None
    api.correlate_message(
        "entitlement_voided",
        key=str(entitlement.pk),
        by=None,
        at=call.at,
        message_id=f"entitlement_voided:{entitlement.pk}",
    )
    return {}


def entitlement_of(call: HandlerCall) -> Entitlement:
    """The entitlement that a payout instance is about."""
    row = (
        Entitlement.objects.filter(pk=call.business_key)
        .select_related(
            "claim__version",
            "claim__person",
            "claim__office",
            "claim__account",
            "claim__programme",
        )
        .first()
    )
    if row is None:
        raise HandlerError("entitlement_missing", call.business_key)
    return row


@api.handler(
    "entitlements.recheck",
    transactional=False,
    description=Text("发放前再次核对资格", "Look again whether the month is due"),
)
def recheck(call: HandlerCall) -> Variables:
    """Ask the registers for what stops a payout; no answer means that a person looks."""
    entitlement = entitlement_of(call)
    facts = {"deceased": "T04", "pension": "T02", "employed": "T01", "imprisoned": "T05"}
    query = outside.person_query(entitlement.claim.person)
    answer = outside.registers().query(sorted(facts), query, at=call.at, key=call.key)
    found = next_month(entitlement)
    for fact, reason in facts.items():
        if answer.value(fact) is True:
            month = str(Period.of(call.at))
            return found | {"recheck": "stop", "stop_reason": reason, "stop_month": month}
    state = "look" if answer.unavailable else "entitled"
    return found | {"recheck": state}


@api.handler(
    "instalments.check_account",
    transactional=True,
    description=Text("核对收款账户能否收款", "See whether the account can take the month"),
)
def check_account(call: HandlerCall) -> Variables:
    """An account that the bank ruled out is asked for at once: no batch would ever pay it."""
    row = _month(entitlement_of(call), call.inputs)
    return {"payable": accounts_asked.usable_or_asked(row, at=call.at)}


@api.handler(
    "instalments.make_payable",
    transactional=True,
    description=Text("将本月待遇列入可发放", "Make the month payable"),
)
def make_payable(call: HandlerCall) -> Variables:
    entitlement = entitlement_of(call)
    row = _month(entitlement, call.inputs)
    waits = {Instalment.Status.PLANNED, Instalment.Status.NEEDS_ACCOUNT}
    if row.status in waits:
        entitlements.set_status(row, Instalment.Status.PAYABLE, at=call.at)
    return {"instalment": str(row.pk), "period": row.period}


def _month(entitlement: Entitlement, inputs: Mapping[str, Variable]) -> Instalment:
    """The month that the diagram means, else the first that waits for money."""
    wanted = inputs.get("instalment")
    rows = entitlement.instalments.select_for_update()
    row = (
        rows.filter(pk=int(wanted)).first()
        if isinstance(wanted, str) and wanted.isdigit()
        else rows.filter(status=Instalment.Status.NEEDS_ACCOUNT).order_by("period").first()
    )
    row = row or entitlements.next_unpaid(entitlement)
    if row is None:
        raise HandlerError("no_month_left")
    return row


@api.handler(
    "instalments.next",
    transactional=True,
    description=Text("取下一个待发放月份", "Find the next month to be paid"),
)
def find_next(call: HandlerCall) -> Variables:
    entitlement = entitlement_of(call)
    return next_month(entitlement)


@api.handler(
    "entitlements.stop",
    transactional=True,
    description=Text("停发，确定最后发放月份", "Stop, with the last payable month"),
)
def stop_entitlement(call: HandlerCall) -> Variables:
    """The last month comes from the stop table; without one the months paid so far stand."""
    entitlement = entitlement_of(call)
    reason = str(call.inputs.get("stop_reason") or "T06")
    given = call.inputs.get("last_period")
    paid = (
        entitlement.instalments.filter(status=Instalment.Status.PAID)
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )
    last = str(given) if isinstance(given, str) and given else paid or "0000-00"
    overpaid = entitlements.stop(entitlement, last_period=last, reason=reason, at=call.at)
    for row in overpaid:
        _open_overpayment(row, reason, at=call.at)
    if entitlements.next_unpaid(entitlement) is None:
        # Nothing is left to wait for: the payout must not stand until a pay day without a month.
        api.correlate_message(
            "entitlement_voided",
            key=str(entitlement.pk),
            by=None,
            at=call.at,
            message_id=f"entitlement_stopped:{entitlement.pk}",
        )
    return {"last_period": last, "overpaid": len(overpaid)}


@api.handler(
    "overpayments.open",
    transactional=True,
    description=Text("登记多发", "Open an overpayment"),
)
def open_overpayment(call: HandlerCall) -> Variables:
    row = _month(entitlement_of(call), call.inputs)
    _open_overpayment(row, str(call.inputs.get("stop_reason") or ""), at=call.at)
    return {}


def _open_overpayment(row: Instalment, reason: str, *, at: datetime) -> None:
    Overpayment.objects.get_or_create(
        instalment=row,
        defaults={"amount_fen": row.amount_fen, "reason": reason[:10], "opened_at": at},
    )
    entitlements.set_status(row, Instalment.Status.OVERPAID, at=at, reason=reason[:10])


# --------------------------------------------------------------------------- batches


def batch_of(call: HandlerCall) -> PaymentBatch:
    """The batch that an instance is about."""
    row = PaymentBatch.objects.select_related("programme", "office").filter(
        number=call.business_key
    )
    found = row.first()
    if found is None:
        raise HandlerError("batch_missing", call.business_key)
    return found


@api.handler(
    "batches.lock",
    transactional=True,
    description=Text("锁定批次明细", "Lock the lines of the batch"),
)
def lock_lines(call: HandlerCall) -> Variables:
    """Tell the review of each claim, once, that its money moves: it can no longer be undone.

    Whoever the batch leaves out for the account is asked for another one.
    """
    batch = batch_of(call)
    claims = Claim.objects.filter(
        entitlements__instalments__instructions__batch=batch, projected_revision__gt=0
    ).distinct()
    for claim in claims.order_by("number"):
        api.correlate_message(
            "payment_started",
            key=claim.number or "",
            by=None,
            at=call.at,
            message_id=f"payment_started:{claim.number}:{claim.submission_no}",
        )
    accounts_asked.ask_for_left_out(batch, at=call.at)
    return {"lines": batch.instructions.count()}


@api.handler(
    "batches.write",
    transactional=False,
    description=Text("生成支付文件", "Write the payment file"),
)
def write_file(call: HandlerCall) -> Variables:
    file = bank.store_file(batch_of(call), at=call.at)
    return {"file_lines": file.lines}


@api.handler(
    "batches.void",
    transactional=True,
    description=Text("作废批次", "Dissolve the batch"),
)
def void_batch(call: HandlerCall) -> Variables:
    batch = batch_of(call)
    released = {PaymentBatch.Status.DRAFT, PaymentBatch.Status.CHECKED, PaymentBatch.Status.VOID}
    if batch.status not in released:
        raise HandlerError("batch_released")
    batches.void_lines(batch, at=call.at)
    batches.log(batch, "batch.voided", by=None, at=call.at)
    return {}


@api.handler(
    "batches.apply",
    transactional=True,
    description=Text("登记银行结果", "Book what the bank answered"),
)
def apply_results(call: HandlerCall) -> Variables:
    return {"all_settled": bank.apply_results(batch_of(call), at=call.at)}


@api.handler(
    "bank.send",
    transactional=False,
    description=Text("逐笔发送到银行", "Send the payments to the bank, one by one"),
)
def send_to_bank(call: HandlerCall) -> Variables:
    """Ask before sending again; an unknown outcome stays unknown until the bank knows it."""
    batch = batch_of(call)
    connector = outside.bank()
    lines = {line.end_to_end_id: line for line in bank.payment_lines(batch)}
    unknown = 0
    for row in batch.instructions.exclude(status=PaymentInstruction.Status.VOID).order_by("line"):
        if row.status in {PaymentInstruction.Status.CONFIRMED, PaymentInstruction.Status.REJECTED}:
            continue
        unknown += not _send(connector, row, lines[row.end_to_end_id], at=call.at)
    return {"all_settled": unknown == 0, "unknown": unknown}


def _send(
    connector: BankConnector, row: PaymentInstruction, line: PaymentLine, *, at: datetime
) -> bool:
    """One payment in three steps: intent stands, ask or send, book. Whether it is settled."""
    again = row.attempts > 0
    PaymentInstruction.objects.filter(pk=row.pk).update(
        attempts=row.attempts + 1, status=PaymentInstruction.Status.SENDING, status_at=at
    )
    faults.point("payout.before_bank")
    try:
        answer = connector.query(row.end_to_end_id) if again else None
        answer = answer or connector.send(line, key=row.end_to_end_id)
    except PortUnavailable:
        unknown = PaymentInstruction.Status.UNKNOWN
        PaymentInstruction.objects.filter(pk=row.pk).update(status=unknown, status_at=at)
        return False
    faults.point("payout.after_bank")
    return bank.book_answer(row.pk, answer, at=at)
