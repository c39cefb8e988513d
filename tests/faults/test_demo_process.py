"""`manage.py demo` as people run it: started, ended by Ctrl-C, killed amid work, started over."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from review_ui.demo.cast import OFFICERS, PASSWORD

pytestmark = pytest.mark.faults
MANAGE = [sys.executable, "manage.py"]
CLAIMS = 6
READY = "Shenling is ready"
# Of the environment of this run nothing may reach the demo, which must serve a newcomer's.
OURS = {"DATABASE_URL", "CELERY_BROKER_URL", "PYTEST_VERSION", "SHENLING_TESTING"}


def wait_for(done: Callable[[], bool], why: Callable[[], str]) -> None:
    until = time.monotonic() + 180
    while not done():
        if time.monotonic() > until:
            pytest.fail(why())
        time.sleep(0.05)


@dataclass
class Demo:
    """A demo with its own port and folder, run any number of times."""

    folder: Path
    port: int
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self, *more: str, until: str = READY) -> "subprocess.Popen[bytes]":
        """Start it and wait until it says that it is ready, or something before that."""
        with self.log.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - our own command with our own arguments
                [*MANAGE, "demo", "--port", str(self.port), "--claims", str(CLAIMS), *more],
                env=self.environ,
                cwd=settings.BASE_DIR,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.running.append(process)
        wait_for(lambda: until in self.said() or process.poll() is not None, self.said)
        assert process.poll() is None, self.said()
        return process

    def end(self, process: "subprocess.Popen[bytes]") -> int:
        """Ctrl-C; the exit code."""
        process.send_signal(signal.SIGINT)
        return process.wait(timeout=10)

    def manage(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - see start()
            [*MANAGE, *command],
            env=self.environ,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        return kept | {"DEMO": "1", "DATA_DIR": str(self.folder)}

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def health(self) -> int:
        with urllib.request.urlopen(f"{self.url}health", timeout=10) as answer:  # noqa: S310
            status: int = answer.status
            return status

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def broken(self) -> str:
        """What is not as it must be."""
        return self.manage("check_invariants", "--deep").stdout

    def ids(self, table: str) -> set[str]:
        """Keys of a table's rows, read from the file itself."""
        with sqlite3.connect(self.folder / "shenling.sqlite3") as database:
            found = database.execute(f"SELECT id FROM {table}").fetchall()  # noqa: S608 - ours
        database.close()
        return {str(row[0]) for row in found}


@contextmanager
def demo_in(folder: Path) -> Iterator[Demo]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Demo(folder, probe.getsockname()[1])
    yield made
    for process in made.running:
        process.kill()
        process.wait()


@dataclass
class FirstDay:
    """A demo that was started, asked for its health and ended by Ctrl-C."""

    demo: Demo
    health: int
    ended: int


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    """Filling takes long: what this one left behind, others go on with in a copy."""
    with demo_in(tmp_path_factory.mktemp("first")) as demo:
        process = demo.start()
        health = demo.health()
        yield FirstDay(demo, health, demo.end(process))


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_in(tmp_path) as made:
        yield made


@pytest.fixture
def filled(first_day: FirstDay, tmp_path: Path) -> Iterator[Demo]:
    shutil.copytree(first_day.demo.folder, tmp_path, dirs_exist_ok=True)
    with demo_in(tmp_path) as made:
        yield made


def test_newcomer_is_told_where_it_is_and_who_to_be_and_ctrl_c_ends_it(
    first_day: FirstDay,
) -> None:
    demo, said = first_day.demo, first_day.demo.said()
    assert demo.url in said
    assert PASSWORD in said
    assert "applicants" in said
    assert [member.username for member in OFFICERS if member.username not in said] == []
    assert said.index("Making the database") < said.index(f"{CLAIMS} claims in ")
    assert first_day.health == 200
    assert len(demo.ids("workflows_claim")) == CLAIMS

    assert first_day.ended == 0
    assert "Traceback" not in said
    assert said.rstrip().endswith("still there.")


def test_ctrl_c_while_it_is_filled_says_so_and_the_next_start_begins_anew(demo: Demo) -> None:
    process = demo.start(until="officers")
    assert demo.end(process) == 130
    assert "Traceback" not in demo.said()
    assert "Stopped before it was ready." in demo.said()

    demo.start()
    assert len(demo.ids("workflows_claim")) == CLAIMS


def test_killed_amid_work_it_goes_on_where_it_stood(filled: Demo) -> None:
    process = filled.start()
    claims, events = filled.ids("workflows_claim"), filled.ids("engine_historyevent")
    # A month later pay days and deadlines have come: the worker has something to do.
    (filled.folder / "clock_shift").write_text(str(timedelta(days=35).total_seconds()))
    wait_for(lambda: len(filled.ids("engine_historyevent")) > len(events), filled.said)
    process.kill()
    process.wait()
    kept = filled.ids("engine_historyevent")

    filled.start()

    assert "Making the database" not in filled.said()
    assert filled.ids("workflows_claim") == claims
    assert filled.ids("engine_historyevent") >= kept > events
    wait_for(lambda: filled.manage("check_invariants", "--deep").returncode == 0, filled.broken)
    assert filled.health() == 200


def test_reset_forgets_everything_and_starts_over(filled: Demo) -> None:
    claims = filled.ids("workflows_claim")
    (filled.folder / "clock_shift").write_text("3600")
    files = {file.name for file in (filled.folder / "media").rglob("*") if file.is_file()}

    filled.start("--reset")

    assert "Making the database" in filled.said()
    assert len(filled.ids("workflows_claim")) == CLAIMS
    assert not filled.ids("workflows_claim") & claims
    assert not (filled.folder / "clock_shift").exists()
    left = {file.name for file in (filled.folder / "media").rglob("*") if file.is_file()}
    assert files
    assert not left & files
