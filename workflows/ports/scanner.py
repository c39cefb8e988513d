"""Is a file free of malware? Without an answer it stays in the queue and nobody may open it."""

import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from workflows.ports.registry import required

KIND: Final = "scanner"
_CHUNK: Final = 64 * 1024
_ANSWER_BYTES: Final = 4096
_JFIF: Final = 0xE0
_SCAN: Final = 0xDA
_TABLES: Final = frozenset({_JFIF, 0xC0, 0xC2, 0xC4, 0xDB, 0xDD})


class ScanOutcome(StrEnum):
    """CLEAN may be opened; the others may not."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The outcome; `signature` names what was found."""

    outcome: ScanOutcome
    signature: str = ""


UNAVAILABLE: Final = ScanResult(ScanOutcome.UNAVAILABLE)
CLEAN: Final = ScanResult(ScanOutcome.CLEAN)


class Scanner(Protocol):
    """Looks at the bytes of a file. It answers UNAVAILABLE rather than raise."""

    def scan(self, data: bytes) -> ScanResult:
        """Look at the whole file."""
        ...


class EmbeddedScanner:
    """Clean is a JPEG as the uploads pipeline writes it: pixels and tables, nothing else.

    It knows no signatures. It makes sure that what is stored has no part that could carry any:
    no comment, no foreign segment, no tail.
    """

    def scan(self, data: bytes) -> ScanResult:
        """Walk over the segments to the picture and look where it ends."""
        if not data.startswith(b"\xff\xd8") or data.find(b"\xff\xd9") != len(data) - 2:
            return UNAVAILABLE
        kinds = list(_segments(data))
        if not kinds or kinds[-1] != _SCAN or set(kinds[:-1]) - _TABLES:
            return UNAVAILABLE
        return CLEAN


def _segments(data: bytes) -> Iterator[int]:
    """The kinds of the segments before the picture, the start of the picture last."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:  # noqa: PLR2004 - every marker's first
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        yield kind
        if kind == _SCAN:
            return
        place += 2 + length


class ClamAvScanner:
    """Streams the file to clamd (INSTREAM) over a socket of the same machine or network."""

    def __init__(self, address: str, *, timeout_s: int = 10) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def scan(self, data: bytes) -> ScanResult:
        """One connection per file; whatever goes wrong on it is no answer."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), _CHUNK):
                    part = data[start : start + _CHUNK]
                    connection.sendall(struct.pack(">I", len(part)) + part)
                connection.sendall(struct.pack(">I", 0))
                return _read_answer(_received(connection))
        except OSError:
            return UNAVAILABLE

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self._timeout_s)
            try:
                connection.connect(self._address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=self._timeout_s)


def _received(connection: socket.socket) -> bytes:
    answer = b""
    while len(answer) < _ANSWER_BYTES and not answer.endswith(b"\0"):
        part = connection.recv(_ANSWER_BYTES)
        if not part:
            break
        answer += part
    return answer


def _read_answer(answer: bytes) -> ScanResult:
    """Read "stream: OK", "stream: Eicar-Signature FOUND", or an error."""
    text = answer.rstrip(b"\0\n").decode("ascii", "replace")
    if text == "stream: OK":
        return CLEAN
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return ScanResult(ScanOutcome.INFECTED, text[len("stream: ") : -len(" FOUND")])
    return UNAVAILABLE


def clamav(options: Mapping[str, str]) -> ClamAvScanner:
    """The option `address` is a path or host:port; `timeout_s` defaults to 10."""
    address = required(options, "address", kind=KIND)
    return ClamAvScanner(address, timeout_s=int(options.get("timeout_s", "10")))
