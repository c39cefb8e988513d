"""Each invariant sees the world that breaks it, and nothing in a healthy one."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from engine import api
from engine.management import deep, invariants
from engine.models import HistoryEvent, Job, ProcessInstance, Timer, UserTask
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=1)


@pytest.fixture(autouse=True)
def _world(cast: Cast, register: Register, at: datetime) -> None:
    """One finished instance, one that waits for a person under a timer, one with a failed job."""
    build_world(cast, register, at)


def build_world(cast: Cast, register: Register, at: datetime) -> None:
    register("pay", answer=ZeroDivisionError())
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("review"),
            d.timer("review", "late", "P3D"),
            d.choice("good"),
            d.service("pay", "pay", retries=1),
            d.end(),
            d.line("start", "review", "good"),
            d.flow("good", "pay", 'outcome = "pay"'),
            d.flow("good", "end", 'outcome = "end"'),
            d.line("pay", "end"),
            d.line("late", "end"),
        ),
        at,
    )
    officer = cast.person("officer", "officers")
    for outcome in ("end", "pay"):
        task = only_task(begin("claim", at).instance_id)
        api.complete_task(task.id, outcome=outcome, by=officer, at=at)
    begin("claim", at)
    api.run_due(at)


def violated(at: datetime) -> set[str]:
    """Numbers of the engine's invariants that do not hold."""
    ours = [one for one in invariants.collect() if one.number in BREAK]
    assert len(ours) == len(BREAK)
    return {one.number for one in invariants.violations(ours, at=at, real=timezone.now())}


def task_vanishes() -> None:
    UserTask.objects.filter(status="open").update(status="cancelled", closed_at=timezone.now())
    Timer.objects.filter(status="pending").update(host=None, status="cancelled")


def timer_outlives() -> None:
    token = UserTask.objects.filter(status="completed").values_list("token")[:1]
    closed = UserTask.objects.filter(status="completed").first()
    assert closed is not None
    Timer.objects.filter(instance=closed.instance_id).update(status="pending", host=token)


def completed_twice() -> None:
    event = HistoryEvent.objects.filter(kind="task_completed").first()
    assert event is not None
    event.pk, event.seq = None, 99
    event.save(force_insert=True)


def revision_skipped() -> None:
    ProcessInstance.objects.filter(status="completed").update(revision=7)


def lease_forgotten() -> None:
    Job.objects.update(status="leased", lease_until=timezone.now() - LONG_AGO)


def incident_lost() -> None:
    job = Job.objects.get()
    job.incidents.update(job=None)


BREAK = {
    "I03": task_vanishes,
    "I04": timer_outlives,
    "I06": completed_twice,
    "I07": revision_skipped,
    "I12": lease_forgotten,
    "I13": incident_lost,
}


class TestInvariants:
    def test_hold_in_a_healthy_world(self, at: datetime) -> None:
        assert violated(at) == set()
        assert list(deep.problems()) == []

    @pytest.mark.parametrize("number", sorted(BREAK))
    def test_each_sees_its_own_broken_world(self, number: str, at: datetime) -> None:
        BREAK[number]()

        assert number in violated(at)

    def test_due_timers_and_ready_jobs_may_not_wait(self, at: datetime) -> None:
        later = at + timedelta(days=4)

        assert "I12" in violated(later)


class TestDeep:
    def test_sees_rows_that_the_state_does_not_know(self, at: datetime) -> None:
        Timer.objects.filter(status="pending").update(due_at=at)

        (found,) = deep.problems()

        assert found.rows[0][1] == "timers"

    def test_sees_a_damaged_state(self) -> None:
        instance = ProcessInstance.objects.filter(status="active").last()
        assert instance is not None
        instance.state = bytes(instance.state)[:-1] + b"\x00"
        instance.save(update_fields=["state"])

        (found,) = deep.problems()

        assert found.rows == ((str(instance.pk), "state_error"),)


class TestRepair:
    def test_sweeper_shows_what_a_state_has_open_and_no_row_shows(self, at: datetime) -> None:
        task_vanishes()
        assert len(api.stalled()) == 1

        api.sweep(at)

        assert api.stalled() == ()
        assert violated(at) == set()


class TestCommand:
    def test_ends_with_an_error_that_names_the_rows(self) -> None:
        revision_skipped()
        output = StringIO()

        with pytest.raises(CommandError):
            call_command("check_invariants", "--json", stdout=output)

        found = json.loads(output.getvalue())
        assert found["ok"] is False
        assert "I07" in {one["number"] for one in found["violations"]}
