"""Turn an uploaded file into a JPEG of the project's own making, or refuse it with a reason.

The order is part of the protection: size before reading, first bytes before decoding, header
before pixels, and every decoder in a process with limits. What is stored was written here; of
the uploaded file nothing but pixels survives.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from workflows.errors import UploadRefused
from workflows.uploads import sniff
from workflows.uploads.decode import MAX_BYTES, MAX_PIXELS, MIN_LONG_SIDE

# Far more than a picture that is taken needs. Twice this stays below the 30 seconds after which
# gunicorn ends a process that does not answer.
WALL_SECONDS: Final = 12
TRIES: Final = 2
_DECODER: Final = Path(__file__).resolve().with_name("decode.py")
_SOI: Final = b"\xff\xd8\xff"
_NAME_LENGTH: Final = 120
_LIMITS: Final = {
    "too_large": MAX_BYTES,
    "too_many_pixels": MAX_PIXELS,
    "too_small": MIN_LONG_SIDE,
}
_REASONS: Final = frozenset(("too_many_pixels", "too_small", "odd_shape", "broken", "bomb"))
# A decoder may take hundreds of megabytes for a moment: few at a time in one server process.
_SLOTS: Final = threading.BoundedSemaphore(4)
_remembered: dict[bytes, tuple[dict[str, object], bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG that carries pixels only.

    `sha256` is of the JPEG, `source_sha256` of the file that was sent (the same file twice).
    `flags` holds blurry, dark, glare: hints for the person, never a refusal.
    """

    jpeg: bytes = field(repr=False)
    sha256: str
    source_sha256: str
    width: int
    height: int
    source_format: str
    declared_name: str = field(repr=False)
    flags: tuple[str, ...] = ()


def prepare(data: bytes | BinaryIO, *, declared_name: str) -> Picture:
    """Check, decode and redraw one file; about 0.2 s for a small one.

    `declared_name` is text to show, never a path.

    Raises:
        UploadRefused: with the first reason that holds.
    """
    raw = data if isinstance(data, bytes) else data.read(MAX_BYTES + 1)
    if not raw:
        raise _refused("empty")
    if len(raw) > MAX_BYTES:
        raise _refused("too_large")
    kind = sniff.kind(raw)
    if kind in {"heic", "pdf"}:
        raise _refused(kind)
    if kind != "picture":
        raise _refused("not_an_image")
    facts, jpeg = _decoded_once(raw)
    width, height = _number(facts, "width"), _number(facts, "height")
    if not jpeg.startswith(_SOI) or not width or not height:
        raise _refused("broken")
    flags = facts.get("flags")
    return Picture(
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        source_sha256=hashlib.sha256(raw).hexdigest(),
        width=width,
        height=height,
        source_format=str(facts.get("source_format", "")),
        declared_name=_shown(declared_name),
        flags=tuple(str(flag) for flag in flags) if isinstance(flags, list) else (),
    )


@contextmanager
def remembering() -> Iterator[None]:
    """Decode each file once while a demo is filled with the same few specimens.

    Never around requests: it would keep people's pictures in memory.
    """
    global _remembered  # noqa: PLW0603 - one process fills one demo
    _remembered = {}
    try:
        yield
    finally:
        _remembered = None


def _decoded_once(raw: bytes) -> tuple[dict[str, object], bytes]:
    if _remembered is None:
        return _decoded(raw)
    if raw not in _remembered:
        _remembered[raw] = _decoded(raw)
    return _remembered[raw]


def _decoded(raw: bytes) -> tuple[dict[str, object], bytes]:
    """What the child answers; a child that ended at a limit of its own counts as a bomb.

    One that the clock or the kernel ended had too little of this machine: that is no fault of the
    picture, so it is tried again and then put off.
    """
    for _try in range(TRIES):
        child = _child(raw)
        if child is not None and child.returncode != -signal.SIGKILL:
            return _read(child)
    raise _refused("slow")


def _child(raw: bytes) -> "subprocess.CompletedProcess[bytes] | None":
    """The decoder's process after its end; None when it did not end in time."""
    if not _SLOTS.acquire(timeout=WALL_SECONDS):
        raise _refused("busy")
    try:
        # The child limits itself: preexec_fn is not safe in a threaded server.
        return subprocess.run(  # noqa: S603 - the interpreter of this process, a file of its own
            [sys.executable, "-I", str(_DECODER), "--child"],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=os.sep,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _SLOTS.release()


def _read(child: "subprocess.CompletedProcess[bytes]") -> tuple[dict[str, object], bytes]:
    if child.returncode or not child.stdout:
        raise _refused("bomb")
    head, _, jpeg = child.stdout.partition(b"\n")
    facts = json.loads(head)
    if reason := facts.get("refused"):
        raise _refused(reason if reason in _REASONS else "broken")
    return facts, jpeg


def _refused(reason: str) -> UploadRefused:
    return UploadRefused(reason, limit=_LIMITS.get(reason, 0))


def _number(facts: dict[str, object], name: str) -> int:
    value = facts.get(name)
    return value if isinstance(value, int) and value > 0 else 0


def _shown(name: str) -> str:
    """The last part of the name without control characters, short enough to show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable())[:_NAME_LENGTH]
