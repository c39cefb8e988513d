"""The audit chain: one row per act, linked by hashes, the last statement of its act."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F

from workflows.accounts.models import User
from workflows.errors import ClaimChanged
from workflows.models import AuditEntry, AuditHead, Claim
from workflows.values import audit_chain
from workflows.values.audit_chain import Anchor, Fault, Row

Fact = str | int | bool | None | list[str]


def append(
    chain: str,
    act: str,
    *,
    by: User | int | None,
    at: datetime,
    about: tuple[uuid.UUID, int] | None = None,
    **facts: Fact,
) -> AuditEntry:
    """Add one act to a chain; `about` is a claim and its revision after the act.

    `facts` are ids, codes and counts: never personal data.
    """
    user_id = by.pk if isinstance(by, User) else by
    claim_id, claim_revision = about or (None, None)
    AuditHead.objects.get_or_create(chain=chain)
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get(chain=chain)
        body = audit_chain.body(
            {
                **facts,
                "act": act,
                "at": at.isoformat(),
                "by": user_id,
                "claim": None if claim_id is None else str(claim_id),
                "revision": claim_revision,
            }
        )
        prev, seq = bytes(head.hash), head.seq + 1
        linked = audit_chain.link(prev, chain, seq, body)
        row = AuditEntry.objects.create(
            chain=chain,
            seq=seq,
            body=body,
            prev=prev,
            hash=linked,
            act=act,
            claim_id=claim_id,
            claim_revision=claim_revision,
            by_id=user_id,
            at=at,
        )
        AuditHead.objects.filter(chain=chain).update(seq=seq, hash=linked)
    return row


def record(
    claim: Claim, act: str, *, by: User | int | None, at: datetime, **facts: Fact
) -> AuditEntry:
    """Close an act on a claim: its revision goes up by one, and the row says what was done.

    Raises:
        ClaimChanged: somebody else changed the claim meanwhile.
    """
    updated = Claim.objects.filter(pk=claim.pk, revision=claim.revision).update(
        revision=F("revision") + 1
    )
    if not updated:
        raise ClaimChanged(status=claim.status)
    claim.revision += 1
    return append(
        chain_of(claim.pk),
        act,
        by=by,
        at=at,
        about=(claim.pk, claim.revision),
        **facts,
    )


def chain_of(claim_id: uuid.UUID) -> str:
    """The chain of one claim."""
    return f"claim:{claim_id}"


def verify(anchors: tuple[Anchor, ...] = (), *, chain: str | None = None) -> Fault | None:
    """The first place where a chain is not what was written, its tail and head included."""
    found = audit_chain.verify(_rows(chain), anchors)
    return found or _head_fault(chain)


def _rows(chain: str | None) -> Iterator[Row]:
    entries = AuditEntry.objects.order_by("chain", "seq")
    if chain is not None:
        entries = entries.filter(chain=chain)
    for row in entries.iterator(chunk_size=2_000):
        yield Row(row.chain, row.seq, row.body, bytes(row.prev), bytes(row.hash))


def _head_fault(chain: str | None) -> Fault | None:
    """Whether a tail was cut off: the head still knows how long the chain was."""
    heads = AuditHead.objects.order_by("chain")
    if chain is not None:
        heads = heads.filter(chain=chain)
    for head in heads.iterator():
        last = AuditEntry.objects.filter(chain=head.chain).order_by("-seq").first()
        length = 0 if last is None else last.seq
        if length != head.seq or (last is not None and bytes(last.hash) != bytes(head.hash)):
            return Fault(head.chain, length + 1, "hole")
    return None


def anchors() -> list[Anchor]:
    """The heads of all chains, to be kept outside this database."""
    return [
        Anchor(head.chain, head.seq, bytes(head.hash))
        for head in AuditHead.objects.exclude(seq=0).order_by("chain")
    ]
