"""Files from outside are read in a process that may be killed: limits, and life after them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest

from engine import api
from engine.definitions import bounded, reading
from engine.definitions.bounded import ReaderProcess
from engine.runtime import handlers
from engine.types import Bundle, Finding
from tests.engine import diagrams as d
from tests.engine.worlds import GROUPS

GOOD = d.bundle("claim", d.start(), d.user("review"), d.end(), d.line("start", "review", "end"))
BAD = Bundle("bad", {"x.bpmn": b"<x/>", "forms/f.json": b"{"})
CATALOGUE = handlers.catalogue(GROUPS, ())


@pytest.fixture
def process() -> Iterator[ReaderProcess]:
    found = ReaderProcess()
    yield found
    found.stop()


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def child_of(process: ReaderProcess) -> int:
    assert process._child is not None
    return process._child.pid


def test_finds_what_reading_in_this_process_finds(process: ReaderProcess) -> None:
    for bundle in (GOOD, BAD):
        assert process.check(bundle, CATALOGUE) == api.check_bundle(bundle, groups=GROUPS)


def test_one_child_reads_file_after_file(process: ReaderProcess) -> None:
    process.check(GOOD, CATALOGUE)
    first = child_of(process)

    process.check(BAD, CATALOGUE)

    assert child_of(process) == first


def test_too_slow_is_a_finding_and_the_next_file_is_read(process: ReaderProcess) -> None:
    process.check(GOOD, CATALOGUE)
    os.kill(child_of(process), signal.SIGSTOP)

    assert codes(process.check(GOOD, CATALOGUE, 0.3)) == ["bundle.too_costly"]

    assert process.check(GOOD, CATALOGUE) == api.check_bundle(GOOD, groups=GROUPS)


def test_child_that_dies_is_a_finding_and_the_next_file_is_read(process: ReaderProcess) -> None:
    process.check(GOOD, CATALOGUE)
    child = child_of(process)
    os.kill(child, signal.SIGSTOP)
    killer = threading.Timer(0.2, os.kill, (child, signal.SIGKILL))
    killer.start()

    assert codes(process.check(GOOD, CATALOGUE)) == ["bundle.too_costly"]

    killer.join()
    assert process.check(GOOD, CATALOGUE) == api.check_bundle(GOOD, groups=GROUPS)


def test_memory_of_the_child_is_limited(
    process: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing may be added to what the child has at its start; a large file needs more.
    monkeypatch.setenv("READER_MEMORY_BYTES", "1")
    large = Bundle("large", {**GOOD.files, "note.txt": b" " * 20_000_000})

    assert codes(process.check(large, CATALOGUE)) == ["bundle.too_costly"]
    assert reading.MEMORY > 1_000_000_000


def test_words_say_what_to_do(at: datetime) -> None:
    del at
    message, remedy = api.explain(bounded.TOO_COSTLY[0])

    assert message.zh != "bundle.too_costly"
    assert remedy.en


def test_child_needs_no_django() -> None:
    code = "import engine.definitions.reading, sys; sys.exit('django.db' in sys.modules)"

    ended = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code

    assert ended.returncode == 0
