"""The audit of a claim for readers: who did what, in order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from workflows.accounts.models import User
from workflows.models import AccessLog, AuditEntry, Claim

OWN_KEYS = frozenset({"act", "at", "by", "claim", "revision"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One act. `facts` are codes and counts; `by` is empty for the system."""

    seq: int
    act: str
    by: str
    at: datetime
    facts: Mapping[str, object] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened a file or revealed a value."""

    kind: str
    target: str
    purpose: str
    by: str
    at: datetime


def trail(visible: QuerySet[AuditEntry], claim: Claim) -> list[Trace]:
    """Acts on a claim, the first one first; `visible` comes from `access.audit_visible_to`."""
    rows = list(visible.filter(claim_id=claim.pk).order_by("chain", "seq"))
    names = _names({row.by_id for row in rows})
    return [
        Trace(row.seq, row.act, names.get(row.by_id or 0, ""), row.at, _facts(row.body))
        for row in rows
    ]


def looks(claim: Claim) -> list[Look]:
    """Who looked at files and masked values, the latest first; for auditors."""
    rows = AccessLog.objects.filter(claim_id=claim.pk).select_related("user")
    return [
        Look(row.kind, row.target, row.purpose, row.user.get_full_name(), row.at)
        for row in rows.order_by("-at", "-pk")
    ]


def _facts(body: str) -> dict[str, object]:
    plain: dict[str, object] = json.loads(body)
    return {key: value for key, value in plain.items() if key not in OWN_KEYS}


def _names(ids: set[int | None]) -> dict[int, str]:
    users = User.objects.filter(pk__in={pk for pk in ids if pk is not None})
    return {user.pk: user.get_full_name() for user in users}
