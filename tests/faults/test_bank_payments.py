"""A worker killed around the call to the bank: every payment reaches its payee exactly once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = [pytest.mark.postgres, pytest.mark.faults, pytest.mark.usefixtures("bells")]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(postgres: str, tmp_path: Path) -> Run:
    """Runs an act of `tests.faults.paying` against the throw-away database."""

    def act(name: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own module with our own words
            [sys.executable, "-m", "tests.faults.paying", name],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": postgres,
                "DATA_DIR": str(tmp_path),
                "FAULT_INJECTION": "true",
                **environment,
            },
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return act


@pytest.mark.parametrize("point", ["payout.before_bank", "payout.after_bank"])
@pytest.mark.parametrize("nth", [1, 3])
def test_killed_worker_pays_nobody_twice(run: Run, point: str, nth: int) -> None:
    drawn = run("draw")
    assert drawn.returncode == 0, drawn.stderr

    killed = run("send", FAULTS=f"{point}:kill9@{nth}")
    again = run("send")
    once_more = run("send")

    assert killed.returncode == -signal.SIGKILL
    assert (again.returncode, once_more.returncode) == (0, 0), again.stderr
    assert run("count").stdout.splitlines() == ["1 confirmed"] * 3
