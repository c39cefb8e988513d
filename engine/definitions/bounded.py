"""Bundles from outside are read in a process of their own, with a time and a memory limit.

The process stays for the next file. One that takes too long is killed; one that runs out of
memory dies by itself. Either way the file is refused and the caller goes on.
"""

import io
import os
import pickle
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

from engine.definitions.reading import LENGTH
from engine.types import Bundle, Catalogue, Finding

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 8.0
TOO_COSTLY = (Finding("error", "bundle.too_costly", ""),)
PIECE = 65_536


class ReaderProcess:
    """One child that reads; callers take turns. Each process has its own: a fork begins anew."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        os.register_at_fork(after_in_child=self._forked)

    def check(
        self, bundle: Bundle, catalogue: Catalogue, seconds: float = SECONDS
    ) -> tuple[Finding, ...]:
        """All findings; only `bundle.too_costly` when the limits are hit."""
        end = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            return TOO_COSTLY
        try:
            return self._ask(pickle.dumps((bundle, catalogue)), end)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.stop()
            return TOO_COSTLY
        except BaseException:
            # Its answer is still to come and would be taken for that of the next file.
            self.stop()
            raise
        finally:
            self._turn.release()

    def _ask(self, message: bytes, end: float) -> tuple[Finding, ...]:
        child = self._started()
        assert child.stdin is not None
        assert child.stdout is not None
        self._send(child.stdin.fileno(), LENGTH.pack(len(message)) + message, end)
        source = child.stdout.fileno()
        (size,) = LENGTH.unpack(self._exactly(source, LENGTH.size, end))
        return findings_from(self._exactly(source, size, end))

    def _send(self, target: int, message: bytes, end: float) -> None:
        """All of it before the time is over, though the child may have stopped reading."""
        left = memoryview(message)
        while left:
            wait_for(target, select.POLLOUT, end)
            left = left[os.write(target, left[:PIECE]) :]

    def _exactly(self, source: int, size: int, end: float) -> bytes:
        """So many bytes before the time is over; EOFError when the child dies or is too slow."""
        parts = b""
        while len(parts) < size:
            wait_for(source, select.POLLIN, end)
            part = os.read(source, size - len(parts))
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
                bufsize=0,
            )
            assert self._child.stdin is not None
            os.set_blocking(self._child.stdin.fileno(), False)
        return self._child

    def stop(self) -> None:
        """Kill the child; the next file gets a new one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            close_pipes(child)

    def _forked(self) -> None:
        """In a forked worker: the turn may be that of a thread which does not exist here."""
        self._turn = threading.Lock()
        child, self._child = self._child, None
        if child is not None:
            close_pipes(child)
            # It is the other process's child, which alone may wait for it.
            child.returncode = 0


def close_pipes(child: "subprocess.Popen[bytes]") -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def wait_for(file: int, event: int, end: float) -> None:
    """Until a pipe is ready; EOFError when the time is over. `select` knows 1,024 files only."""
    poll = select.poll()
    poll.register(file, event)
    if not poll.poll(max(0.0, end - time.monotonic()) * 1_000):
        raise EOFError


class FindingsOnly(pickle.Unpickler):
    """What a file may have made of the child's answer can name nothing but findings."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) != (Finding.__module__, Finding.__qualname__):
            raise pickle.UnpicklingError(f"{module}.{name}")
        return Finding


def findings_from(answer: bytes) -> tuple[Finding, ...]:
    """The findings of an answer.

    Raises:
        UnpicklingError: it holds something else.
    """
    found = FindingsOnly(io.BytesIO(answer)).load()
    if not isinstance(found, tuple) or not all(isinstance(one, Finding) for one in found):
        raise pickle.UnpicklingError("no findings")
    return found


reader = ReaderProcess()
