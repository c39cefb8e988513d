"""The keys of encrypted columns and files, read from the settings once per process."""

import base64
import hashlib
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from workflows.values.cipher import KEY_BYTES, Keyring


def keyring() -> Keyring:
    """The ring that the settings describe.

    Raises:
        ImproperlyConfigured: no keys, and this is neither the demo nor a test.
    """
    return _ring(
        tuple(settings.FIELD_KEYS),
        tuple(settings.INDEX_KEYS),
        settings.SECRET_KEY if may_derive() else "",
    )


def may_derive() -> bool:
    """Whether keys may be made from SECRET_KEY: the data of demo and tests protect nobody."""
    return bool(settings.DEMO or settings.TESTING)


@lru_cache(maxsize=4)
def _ring(field_keys: tuple[str, ...], index_keys: tuple[str, ...], secret: str) -> Keyring:
    keys, indexes = _read(field_keys, "field", secret), _read(index_keys, "index", secret)
    return Keyring(keys, next(iter(keys)), indexes, next(iter(indexes)))


def _read(written: tuple[str, ...], purpose: str, secret: str) -> dict[int, bytes]:
    """Keys by id, newest first, as the settings list them."""
    if not written:
        if not secret:
            raise ImproperlyConfigured(f"{purpose.upper()}_KEYS is empty")
        return {1: hashlib.sha256(f"{purpose}|{secret}".encode()).digest()}
    found = {}
    for line in written:
        number, _, encoded = line.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
            found[int(number)] = key
        except ValueError:
            raise ImproperlyConfigured(f"{purpose.upper()}_KEYS: id:base64 expected") from None
        if len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"{purpose.upper()}_KEYS: 32 bytes expected")
    return found
