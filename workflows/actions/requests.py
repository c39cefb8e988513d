"""Idempotency keys: a request that is repeated gets its first answer, and is done once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model

from engine.errors import EngineError
from workflows.accounts.models import User
from workflows.actions import refusals
from workflows.actions.acting import acting
from workflows.errors import RequestBodyDiffers, RequestInFlight, WorkflowsError
from workflows.models import Claim, RequestKey

DONE, REFUSED = 200, 409
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

    `again` reads that by its primary key. A refusal rolls everything back, the key included; a
    final one is stored with the key in a second short transaction, and a repeat gets it again. One
    that passes (see `refusals`) leaves the key free, so that a repeat is judged anew.

    Raises:
        RequestBodyDiffers: the key came before with another body.
        RequestInFlight: the first request with this key is still running.
    """
    if not key:
        with acting():
            return act()
    asked = _Asked(by, route, key, _digest(body), at)
    stored = asked.answered()
    if stored is not None:
        return again(stored)
    try:
        with acting():
            row = asked.insert()
            result = act()
            row.status, row.result = DONE, str(result.pk)
            row.claim_id = result.pk if isinstance(result, Claim) else None
            row.save(update_fields=["status", "result", "claim_id"])
            return result
    except _Taken:
        stored = asked.answered()
        if stored is None:
            raise RequestInFlight from None
        return again(stored)
    except (EngineError, WorkflowsError) as error:
        if not refusals.is_final(error) or asked.keeps(error):
            raise
        # The same request came twice at once, and the other one was judged after this one.
        stored = asked.answered()
        if stored is None:
            raise
        return again(stored)


class _Taken(Exception):
    """The key was inserted by somebody else first."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: who, for what, under which key, with which body."""

    by: User
    route: str
    key: str
    digest: str
    at: datetime

    def insert(self, *, status: int | None = None, refusal: object = None) -> RequestKey:
        """Take the key.

        Raises:
            _Taken: somebody has it, or is just taking it.
        """
        try:
            with transaction.atomic():
                return RequestKey.objects.create(
                    user=self.by,
                    route=self.route,
                    key=self.key,
                    body_sha256=self.digest,
                    status=status,
                    refusal=refusal,
                    created_at=self.at,
                )
        except (IntegrityError, OperationalError) as error:
            raise _Taken from error

    def keeps(self, error: refusals.Refusal) -> bool:
        """Store a final refusal; false if the key was taken meanwhile."""
        try:
            self.insert(status=REFUSED, refusal=refusals.as_json(error))
        except _Taken:
            return False
        return True

    def answered(self) -> str | None:
        """What the act gave under this key; None if the key is free.

        Raises:
            RequestBodyDiffers: the key came before with another body.
            RequestInFlight: the first request with this key is still running.
            EngineError, WorkflowsError: what the first request was refused with.
        """
        row = RequestKey.objects.filter(user=self.by, route=self.route, key=self.key).first()
        if row is None:
            return None
        if row.body_sha256 != self.digest:
            raise RequestBodyDiffers
        if row.status is None:
            raise RequestInFlight
        if row.refusal is not None:
            raise refusals.from_json(row.refusal)
        return row.result


def _digest(body: Mapping[str, object]) -> str:
    """A hash of what was asked; the body itself may hold personal data and is not kept."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
