"""Files from outside are read in a process that may be killed: limits, and life after them."""

import os
import pickle
import resource
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


def test_forked_worker_has_a_child_of_its_own(process: ReaderProcess) -> None:
    process.check(GOOD, CATALOGUE)
    mine = child_of(process)
    process._turn.acquire()  # a thread that does not exist in the worker
    told, tell = os.pipe()
    worker = os.fork()
    if worker == 0:
        answer = codes(process.check(BAD, CATALOGUE, 5))
        other = process._child is not None and process._child.pid != mine
        os.write(tell, f"{other} {'bundle.too_costly' in answer}".encode())
        process.stop()
        os._exit(0)
    process._turn.release()
    os.waitpid(worker, 0)

    assert os.read(told, 100) == b"True False"
    assert process.check(GOOD, CATALOGUE) == api.check_bundle(GOOD, groups=GROUPS)
    assert child_of(process) == mine


def test_interrupted_question_leaves_no_answer_for_the_next_file(
    process: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.check(GOOD, CATALOGUE)

    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ReaderProcess, "_exactly", interrupted)
        with pytest.raises(KeyboardInterrupt):
            process.check(BAD, CATALOGUE)

    assert process.check(GOOD, CATALOGUE) == api.check_bundle(GOOD, groups=GROUPS)


def test_many_open_files_do_not_matter(process: ReaderProcess) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2_048, hard), hard))
    first = os.open("/dev/null", os.O_RDONLY)
    opened = [first]
    try:
        while opened[-1] < 1_100:
            opened.append(os.dup(first))
        assert process.check(GOOD, CATALOGUE) == api.check_bundle(GOOD, groups=GROUPS)
    finally:
        for each in opened:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_answer_holds_findings_and_nothing_else() -> None:
    for answer in (pickle.dumps((os.system,)), pickle.dumps(["x"])):
        with pytest.raises(pickle.UnpicklingError):
            bounded.findings_from(answer)
    assert bounded.findings_from(pickle.dumps((Finding("error", "x", "f"),))) == (
        Finding("error", "x", "f"),
    )


def test_child_that_does_not_read_a_large_file_is_too_slow(process: ReaderProcess) -> None:
    process.check(GOOD, CATALOGUE)
    os.kill(child_of(process), signal.SIGSTOP)
    large = Bundle("large", {**GOOD.files, "note.txt": b" " * 1_000_000})

    assert codes(process.check(large, CATALOGUE, 0.3)) == ["bundle.too_costly"]
