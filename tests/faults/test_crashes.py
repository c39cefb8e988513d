"""Processes killed with signal 9 at every fault point: a step happened wholly or not at all."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from engine import api
from engine.management import deep, invariants
from engine.models import Job
from tests.engine.postgres_world import empty_tables
from tests.faults.walking import AT

pytestmark = [pytest.mark.postgres, pytest.mark.faults, pytest.mark.usefixtures("bells")]
OURS = {"I03", "I04", "I06", "I07", "I13"}


class Outside:
    """The driver's processes and the outside system they talk to."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.file = folder / "outside"
        self.points = folder / "points"

    def run(self, **environment: str) -> int:
        """Run a process to its end; its return code, negative for a signal."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("FAULTS")
        }
        settings_module = os.environ["DJANGO_SETTINGS_MODULE"]
        return subprocess.run(
            [sys.executable, "-m", "tests.faults.driver"],
            env={
                **inherited,
                "DJANGO_SETTINGS_MODULE": settings_module,
                "DATABASE_URL": self.url,
                "FAULT_INJECTION": "true",
                "OUTSIDE": str(self.file),
                **environment,
            },
            cwd=settings.BASE_DIR,
            check=False,
            timeout=60,
        ).returncode

    def calls(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []


@pytest.fixture
def outside(postgres: str, tmp_path: Path) -> Outside:
    return Outside(postgres, tmp_path)


def expire_leases() -> None:
    """A minute later: the leases of dead workers have run out."""
    Job.objects.filter(status="leased").update(lease_until=timezone.now() - timedelta(days=1))


def broken() -> list[str]:
    ours = [one for one in invariants.collect() if one.number in OURS]
    found = [*invariants.violations(ours, at=AT, real=timezone.now()), *deep.problems()]
    return [one.number for one in found]


class TestKilledWorker:
    @pytest.mark.parametrize("point", ["job.leased", "job.after_call", "job.before_commit"])
    def test_job_is_done_again_with_the_same_key(self, outside: Outside, point: str) -> None:
        killed = outside.run(FAULTS=f"{point}:kill9")
        before = Job.objects.get()

        expire_leases()
        outside.run()
        expire_leases()
        outside.run()

        assert killed == -signal.SIGKILL
        assert before.status == "leased"
        assert set(outside.calls()) == {before.key}
        assert len(outside.calls()) == (1 if point == "job.leased" else 2)
        assert Job.objects.get().status == "done"
        assert Job.objects.get().attempts == 2
        assert broken() == []


class TestKilledEverywhere:
    def test_every_point_leaves_a_world_that_goes_on(self, outside: Outside) -> None:
        outside.run(FAULTS_COUNT=str(outside.points))
        points = outside.points.read_text().split()
        assert {"task.locked", "task.before_commit", "job.after_call"} <= set(points)

        for number in range(1, len(points) + 1):
            empty_tables()
            outside.file.unlink(missing_ok=True)
            assert outside.run(FAULTS_KILL_AT=str(number)) == -signal.SIGKILL
            assert broken() == [], points[number - 1]
            expire_leases()
            assert outside.run() == 0
            expire_leases()
            assert outside.run() == 0

            assert broken() == [], points[number - 1]
            assert api.instance(business_key="SL-1").status == "completed", points[number - 1]
            assert len(set(outside.calls())) == 1, points[number - 1]
