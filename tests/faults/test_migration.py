"""Workers are killed in the middle of a migration: no instance is lost, none is moved twice."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from engine import api
from engine.management import deep
from engine.models import HistoryEvent, MigratedInstance, MigrationPlan, ProcessInstance

pytestmark = [pytest.mark.postgres, pytest.mark.faults, pytest.mark.usefixtures("bells")]
COUNT = 60


def worker(url: str, **more: str) -> "subprocess.Popen[bytes]":
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("FAULTS")}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.driver", "migrate"],
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "DATABASE_URL": url,
            "FAULT_INJECTION": "true",
            **more,
        },
        cwd=settings.BASE_DIR,
    )


@pytest.fixture
def prepared(postgres: str) -> str:
    assert worker(postgres, MODE="prepare", COUNT=str(COUNT)).wait(timeout=60) == 0
    return postgres


def test_each_instance_is_moved_once_by_workers_that_die(prepared: str) -> None:
    points = ("migrate.before_commit", "task.before_commit", "migrate.row")
    for number, point in enumerate(points):
        killed = worker(prepared, FAULTS=f"{point}:kill9@{7 + number}")
        assert killed.wait(timeout=60) == -signal.SIGKILL
        assert list(deep.problems()) == []

    together = [worker(prepared) for _ in range(2)]
    assert [one.wait(timeout=60) for one in together] == [0, 0]

    progress = api.migration(MigrationPlan.objects.get().pk)
    assert (progress.status, progress.moved, progress.left) == ("done", COUNT, 0)
    assert set(ProcessInstance.objects.values_list("definition__version", "revision")) == {(2, 2)}
    assert HistoryEvent.objects.filter(kind="migrated", seq=0).count() == COUNT
    assert MigratedInstance.objects.count() == COUNT
    assert list(deep.problems()) == []
