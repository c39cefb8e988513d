"""Private files: encrypted on disk, under names of the project's own making.

The folder is never served by the web server. A file is bound to its name: renamed or exchanged
on disk it does not open. The caller takes a name, writes its row, and the file after it; a file
without a row is an orphan that `names` and `delete` let a sweeper find.
"""

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from workflows.errors import StoredFileDamaged
from workflows.values import cipher
from workflows.values.cipher import CipherError, Keyring, Place

_NAME: Final = re.compile(r"[a-z_]{1,40}/[0-9a-f]{32}\.[a-z0-9]{1,8}")
_PART: Final = re.compile(r"[a-z_]{1,40}")
_ENDING: Final = re.compile(r"[a-z0-9]{1,8}")
_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was stored: `sha256` and `size` are of the content, not of the encrypted file."""

    name: str
    sha256: str
    size: int


class Storage(Protocol):
    """Keeps private files by name."""

    def new_name(self, area: str, ending: str) -> str:
        """A name that no file has."""
        ...

    def write(self, name: str, data: bytes) -> StoredFile:
        """Store a file; a name is written once."""
        ...

    def open(self, name: str, *, sha256: str = "") -> bytes:
        """The content; compared with the hash that the row holds, if given."""
        ...

    def delete(self, name: str) -> bool:
        """Remove the file; False if there was none."""
        ...

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every stored name with the time it was written."""
        ...


class PrivateStorage:
    """Files under one folder, sealed with the current key of the ring."""

    def __init__(self, root: Path, ring: Keyring) -> None:
        self._root = root
        self._ring = ring

    def new_name(self, area: str, ending: str) -> str:
        """attachments/<32 hex digits>.jpg."""
        if not _PART.fullmatch(area) or not _ENDING.fullmatch(ending):
            raise ValueError(area)
        return f"{area}/{uuid.uuid4().hex}.{ending}"

    def write(self, name: str, data: bytes) -> StoredFile:
        """Seal and store; complete on disk before its name appears."""
        path = self._path(name)
        sealed = cipher.seal(data, ring=self._ring, place=_place(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            # Unlike a rename, a link refuses a name that is taken.
            path.hardlink_to(part)
        finally:
            part.unlink()
        return StoredFile(name, hashlib.sha256(data).hexdigest(), len(data))

    def open(self, name: str, *, sha256: str = "") -> bytes:
        """Read, unseal and compare.

        Raises:
            StoredFileDamaged: missing, tampered, key_missing or other_content.
        """
        path = self._path(name)
        try:
            data = cipher.unseal(path.read_bytes(), ring=self._ring, place=_place(name))
        except FileNotFoundError:
            raise StoredFileDamaged(name, "missing") from None
        except CipherError as refused:
            raise StoredFileDamaged(name, refused.code) from refused
        if sha256 and hashlib.sha256(data).hexdigest() != sha256:
            raise StoredFileDamaged(name, "other_content")
        return data

    def delete(self, name: str) -> bool:
        """Remove the file; the row decides whether it may go."""
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every stored name in order, with the time the file was written."""
        for path in sorted(self._root.glob("*/*")):
            name = path.relative_to(self._root).as_posix()
            if _NAME.fullmatch(name):
                yield name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        # Only names of `new_name`'s shape: no dots, no separators beyond the one, no surprises.
        if not _NAME.fullmatch(name):
            raise StoredFileDamaged("?", "name")
        return self._root / name


def _place(name: str) -> Place:
    return Place("file", name, "content")
