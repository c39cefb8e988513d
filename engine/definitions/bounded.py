"""Bundles from outside are read in a process of their own, with a time and a memory limit.

The process stays for the next file. One that takes too long is killed; one that runs out of
memory dies by itself. Either way the file is refused and the caller goes on.
"""

import pickle
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from engine.definitions.reading import LENGTH
from engine.types import Bundle, Catalogue, Finding

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 8.0
TOO_COSTLY = (Finding("error", "bundle.too_costly", ""),)


class ReaderProcess:
    """One child that reads; callers take turns."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def check(
        self, bundle: Bundle, catalogue: Catalogue, seconds: float = SECONDS
    ) -> tuple[Finding, ...]:
        """All findings; only `bundle.too_costly` when the limits are hit."""
        end = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            return TOO_COSTLY
        try:
            return self._ask(pickle.dumps((bundle, catalogue)), end)
        except (OSError, EOFError):
            self.stop()
            return TOO_COSTLY
        finally:
            self._turn.release()

    def _ask(self, message: bytes, end: float) -> tuple[Finding, ...]:
        child = self._started()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(LENGTH.pack(len(message)) + message)
        child.stdin.flush()
        (size,) = LENGTH.unpack(self._exactly(child.stdout, LENGTH.size, end))
        found: tuple[Finding, ...] = pickle.loads(self._exactly(child.stdout, size, end))  # noqa: S301 - our own child wrote it
        return found

    def _exactly(self, source: IO[bytes], size: int, end: float) -> bytes:
        """So many bytes before the time is over; EOFError when the child dies or is too slow."""
        parts = b""
        while len(parts) < size:
            ready, _, _ = select.select([source], [], [], max(0.0, end - time.monotonic()))
            part = source.read1(size - len(parts)) if ready else b""  # type: ignore[attr-defined]  # a pipe's reader has it
            if not part:
                raise EOFError
            parts += part
        return parts

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "engine.definitions.reading"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
            )
        return self._child

    def stop(self) -> None:
        """Kill the child; the next file gets a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


reader = ReaderProcess()
