"""The hash chain of the audit: what is hashed, how rows link, and where a chain is broken.

The hashed text is stored as it is, so a verifier needs no rule for writing JSON:

    hash = sha256( chain "|" seq "|" body  +  previous hash )

The previous hash of a chain's first row is empty. Cutting the tail together with the head row,
rewriting from a row on, or dropping a chain can only be seen with an anchor: a hash that was kept
elsewhere.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

FIRST_PREVIOUS: Final = b""
HASH_BYTES: Final = 32
_CHAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row of a chain."""

    chain: str
    seq: int
    body: str
    prev: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """A hash that was kept outside the database when the chain had reached `seq`."""

    chain: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a chain is not what was written.

    Kinds: hole (a row is missing or out of order), link (does not follow the row before),
    content (body or hash was changed), anchor (differs from what was kept outside).
    """

    chain: str
    seq: int
    kind: str


def body(facts: Mapping[str, object]) -> str:
    """Canonical JSON: keys in order, no spaces, no floats, so that equal facts are equal text."""
    _check(facts)
    return json.dumps(
        facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def link(prev_hash: bytes, chain: str, seq: int, body: str) -> bytes:
    """The hash of a row that follows the one with `prev_hash`."""
    if not _CHAIN.fullmatch(chain) or seq < 1:
        raise ValueError(chain)
    return hashlib.sha256(f"{chain}|{seq}|{body}".encode() + prev_hash).digest()


def verify(rows: Iterable[Row], anchors: Iterable[Anchor] = ()) -> Fault | None:
    """The first fault of rows that come chain by chain in the order of `seq`, or None.

    Reads the rows once and keeps one hash per chain, plus those that an anchor names.
    """
    wanted = {(anchor.chain, anchor.seq): anchor.hash for anchor in anchors}
    heads: dict[str, tuple[int, bytes]] = {}
    for row in rows:
        seq, prev = heads.get(row.chain, (0, FIRST_PREVIOUS))
        kind = _fault_kind(row, seq=seq + 1, prev=prev)
        kept = wanted.pop((row.chain, row.seq), row.hash)
        if not kind and kept != row.hash:
            kind = "anchor"
        if kind:
            return Fault(row.chain, row.seq, kind)
        heads[row.chain] = (row.seq, row.hash)
    for chain, seq in sorted(wanted):
        return Fault(chain, seq, "anchor")
    return None


def _fault_kind(row: Row, *, seq: int, prev: bytes) -> str:
    if row.seq != seq:
        return "hole"
    if row.prev != prev:
        return "link"
    if not _CHAIN.fullmatch(row.chain) or link(prev, row.chain, seq, row.body) != row.hash:
        return "content"
    return ""


def _check(value: object) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(type(key).__name__)
            _check(item)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for item in value:
            _check(item)
    else:
        raise TypeError(type(value).__name__)
