"""Encrypted columns and files: AES-256-GCM bound to their place, and keyed blind indexes.

A blob is: format byte | key id | 12 bytes nonce | ciphertext with its tag. The place (table, row,
field) and the first two bytes are authenticated with it, so a value that was moved to another
row, field or table does not open. A plain hash of an ID number is no protection (one county and
birth year is searched through in less than a second); a blind index is keyed.
"""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT: Final = 1
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_HEAD_BYTES: Final = 2
_LARGEST_KEY_ID: Final = 255
# No colon: `a:b` + `c` and `a` + `b:c` must not name the same place.
_PART: Final = re.compile(r"[A-Za-z0-9_./-]{1,200}")


class CipherError(Exception):
    """A sealed value cannot be opened; names the key, never the value."""

    code = "cipher_error"

    def __init__(self, key_id: int) -> None:
        super().__init__(f"key {key_id}")
        self.key_id = key_id


class KeyMissing(CipherError):
    """The key that sealed the value is not in the ring."""

    code = "key_missing"


class ValueTampered(CipherError):
    """The value is not what was sealed, or was sealed for another place."""

    code = "value_tampered"


class FormatUnknown(CipherError):
    """The blob is too short or of a format that this version does not know."""

    code = "format_unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives: it opens nowhere else."""

    table: str
    pk: str
    field: str

    def __post_init__(self) -> None:
        """Refuse names that would make two places look the same."""
        if not all(_PART.fullmatch(part) for part in (self.table, self.pk, self.field)):
            raise ValueError(self)

    def __bytes__(self) -> bytes:
        return f"{self.table}:{self.pk}:{self.field}".encode()


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id: `current` seals, all open. Index keys are other keys with ids of their own."""

    keys: Mapping[int, bytes] = field(repr=False, hash=False)
    current: int
    index_keys: Mapping[int, bytes] = field(repr=False, hash=False)
    current_index: int

    def __post_init__(self) -> None:
        """Refuse a ring that could not seal or index."""
        for ring, current in ((self.keys, self.current), (self.index_keys, self.current_index)):
            if current not in ring:
                raise KeyMissing(current)
            for key_id, key in ring.items():
                if len(key) != KEY_BYTES or not 0 <= key_id <= _LARGEST_KEY_ID:
                    raise FormatUnknown(key_id)
        if set(self.keys.values()) & set(self.index_keys.values()):
            raise FormatUnknown(self.current_index)


def seal(plain: bytes, *, ring: Keyring, place: Place, nonce: bytes | None = None) -> bytes:
    """Encrypt with the current key for one place; `nonce` is for tests with known answers."""
    head = bytes((FORMAT, ring.current))
    chosen = os.urandom(NONCE_BYTES) if nonce is None else nonce
    sealed = AESGCM(ring.keys[ring.current]).encrypt(chosen, plain, head + bytes(place))
    return head + chosen + sealed


def unseal(blob: bytes, *, ring: Keyring, place: Place) -> bytes:
    """Decrypt what `seal` made for this place.

    Raises:
        FormatUnknown, KeyMissing, ValueTampered: each with the key id that the blob names.
    """
    key_id = key_id_of(blob)
    key = ring.keys.get(key_id)
    if key is None:
        raise KeyMissing(key_id)
    body = _HEAD_BYTES + NONCE_BYTES
    try:
        return AESGCM(key).decrypt(
            blob[_HEAD_BYTES:body], blob[body:], blob[:_HEAD_BYTES] + bytes(place)
        )
    except InvalidTag:
        raise ValueTampered(key_id) from None


def seal_text(plain: str, *, ring: Keyring, place: Place) -> bytes:
    """Like `seal`, for text."""
    return seal(plain.encode(), ring=ring, place=place)


def unseal_text(blob: bytes, *, ring: Keyring, place: Place) -> str:
    """Like `unseal`, for text."""
    return unseal(blob, ring=ring, place=place).decode()


def key_id_of(blob: bytes) -> int:
    """The id of the key that sealed the blob; what a rotation looks for."""
    if len(blob) < _HEAD_BYTES + NONCE_BYTES + _TAG_BYTES or blob[0] != FORMAT:
        raise FormatUnknown(blob[1] if len(blob) > 1 else -1)
    return blob[1]


def blind_index(key: bytes, field_name: str, normalised: str) -> bytes:
    """Thirty-two bytes that are equal for equal values of one field under one key."""
    if not _PART.fullmatch(field_name):
        raise ValueError(field_name)
    return hmac.digest(key, f"{field_name}|{normalised}".encode(), hashlib.sha256)


def index_of(ring: Keyring, field_name: str, text: str, *, key_id: int | None = None) -> bytes:
    """The key id and the blind index of the text as `normalised` writes it."""
    chosen = ring.current_index if key_id is None else key_id
    key = ring.index_keys.get(chosen)
    if key is None:
        raise KeyMissing(chosen)
    return bytes((chosen,)) + blind_index(key, field_name, normalised(text))


def all_indexes(ring: Keyring, field_name: str, text: str) -> tuple[bytes, ...]:
    """The index under every key, the current one first: what a search compares while rotating."""
    others = sorted(set(ring.index_keys) - {ring.current_index}, reverse=True)
    ids = (ring.current_index, *others)
    return tuple(index_of(ring, field_name, text, key_id=key_id) for key_id in ids)


def normalised(text: str) -> str:
    """NFKC, upper case, without white space at the ends: full-width digits and a small x match."""
    return unicodedata.normalize("NFKC", text).strip().upper()
