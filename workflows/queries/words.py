"""What fills the placeholders of milestone and reason texts; and how texts are filled."""

from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter
from typing import Final

from django.utils import formats, translation
from django.utils.translation import get_language

from engine.types import Text
from workflows.models import Claim, CorrectionItem, Entitlement, Instalment, Review
from workflows.queries import rulebook
from workflows.values import money
from workflows.values.period import SHANGHAI

# Placeholders that hold a date; it is kept as ISO 8601 and told in words.
DATES: Final = frozenset({"date", "from", "to"})


def words(value: Text) -> str:
    """The text in the reader's language."""
    return value.in_language(get_language() or "zh-hans")


def fill(text: str, values: Mapping[str, object], language: str = "") -> str:
    """The text with its placeholders filled, in the reader's language unless another is named.

    One without a value is left out, and a date is put in words. No attribute or index is ever
    read through a placeholder.
    """
    spoken = language or get_language() or "zh-hans"
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            value = values.get(name, "")
            parts.append(_in_words(str(value), spoken) if name in DATES else str(value))
    return "".join(parts)


def _in_words(day_text: str, language: str) -> str:
    # 2026-12-15 → 2026年12月15日, 15 Dec 2026
    if not day_text:
        return ""
    form = "Y年n月j日" if language.startswith("zh") else "j M Y"
    with translation.override(language):
        return formats.date_format(date.fromisoformat(day_text), form)


def day(moment: datetime) -> str:
    """A date as the clock in Shanghai shows it, the way placeholders keep it."""
    return moment.astimezone(SHANGHAI).date().isoformat()


def milestone_words(
    claim: Claim, code: str, entitlement: Entitlement | None = None
) -> dict[str, object]:
    """Number, dates, amounts and counts at the moment of a milestone.

    No name, and of an account nothing but the last four digits.
    """
    found: dict[str, object] = {
        "number": claim.number or "",
        "phone": claim.office.phone if claim.office else "",
    }
    if code in {"submitted", "prechecking"}:
        found["date"] = day(rulebook.answer_expected(claim))
    if code == "returned" and claim.correction_due_at:
        found["date"] = day(claim.correction_due_at)
        found["n"] = open_corrections(claim)
    if code in {"denied", "appealed"} and claim.appeal_due_at:
        found["date"] = day(claim.appeal_due_at)
    if code in {"denied", "denied_final"}:
        found["reason_codes"] = denial_reasons(claim)
    in_force = entitlement or claim.entitlements.exclude(status="void").first()
    if in_force is not None:
        found |= money_words(in_force, code)
    return found


def open_corrections(claim: Claim) -> int:
    """How many parts of the latest submission were sent back and are not mended."""
    return CorrectionItem.objects.filter(
        submission__claim=claim, submission__number=claim.submission_no, resolved_in=None
    ).count()


def denial_reasons(claim: Claim) -> list[str]:
    """The codes of the last conclusion that carries any."""
    latest = Review.objects.filter(claim=claim, undone_at=None).exclude(reasons=[])
    row = latest.order_by("-at", "-pk").first()
    return list(row.reasons) if row else []


def money_words(entitlement: Entitlement, code: str) -> dict[str, object]:
    """Amount, months and, for a payment, its month and the end of the account's number."""
    found: dict[str, object] = {
        "amount": money.plain_text(entitlement.monthly_fen),
        "months": entitlement.months,
    }
    state = {
        "paid": Instalment.Status.PAID,
        "payment_failed": Instalment.Status.NEEDS_ACCOUNT,
        "came_back": Instalment.Status.NEEDS_ACCOUNT,
    }
    if code in state:
        row = (
            entitlement.instalments.filter(status=state[code])
            .order_by("-status_at", "-period")
            .first()
        )
        if row is not None:
            found["period"] = row.period
            found["reason_codes"] = [row.reason] if row.reason else []
            instruction = row.instructions.order_by("-issue").select_related("account").first()
            found["tail"] = instruction.account.tail if instruction else ""
    if code == "stopped":
        found["period"] = entitlement.last_period
        found["reason_codes"] = [entitlement.stop_reason] if entitlement.stop_reason else []
    return found
