"""Idempotency keys: a request that is repeated gets its first answer, and is done once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model

from workflows.accounts.models import User
from workflows.actions.acting import acting
from workflows.errors import RequestBodyDiffers, RequestInFlight
from workflows.models import Claim, RequestKey

DONE = 200
T = TypeVar("T", bound=Model)


def once(
    act: Callable[[], T],
    *,
    again: Callable[[str], T],
    by: User,
    route: str,
    key: str,
    body: Mapping[str, object],
    at: datetime,
) -> T:
    """Run an act in one transaction, or give back what it gave before under the same key.

    `again` reads that by its primary key. A refusal rolls everything back, the key included: a
    repeat is judged anew, and nothing was done.

    Raises:
        RequestBodyDiffers: the key came before with another body.
        RequestInFlight: the first request with this key is still running.
    """
    if not key:
        with acting():
            return act()
    digest = _digest(body)
    stored = _stored(by, route, key, digest)
    if stored is not None:
        return again(stored)
    try:
        with acting():
            row = _insert(by, route, key, digest, at=at)
            result = act()
            row.status, row.result = DONE, str(result.pk)
            row.claim_id = result.pk if isinstance(result, Claim) else None
            row.save(update_fields=["status", "result", "claim_id"])
            return result
    except _Taken:
        stored = _stored(by, route, key, digest)
        if stored is None:
            raise RequestInFlight from None
        return again(stored)


class _Taken(Exception):
    """The key was inserted by somebody else first."""


def _insert(by: User, route: str, key: str, digest: str, *, at: datetime) -> RequestKey:
    try:
        with transaction.atomic():
            return RequestKey.objects.create(
                user=by, route=route, key=key, body_sha256=digest, created_at=at
            )
    except (IntegrityError, OperationalError) as error:
        raise _Taken from error


def _stored(by: User, route: str, key: str, digest: str) -> str | None:
    row = RequestKey.objects.filter(user=by, route=route, key=key).first()
    if row is None:
        return None
    if row.body_sha256 != digest:
        raise RequestBodyDiffers
    if row.status is None:
        raise RequestInFlight
    return row.result


def _digest(body: Mapping[str, object]) -> str:
    """A hash of what was asked; the body itself may hold personal data and is not kept."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
