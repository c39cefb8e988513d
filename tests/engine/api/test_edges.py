"""The clock of the demo, the system checks, fault points and Celery's entry points."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from engine import api, background, checks, clock, faults


class TestClock:
    @pytest.fixture(autouse=True)
    def _folder(self, settings: Settings, tmp_path: Path) -> Iterator[None]:
        settings.DATA_DIR = tmp_path
        clock._cached = None
        yield
        clock._cached = None

    def test_is_the_real_one_outside_the_demo(self, settings: Settings) -> None:
        settings.DEMO = False

        with pytest.raises(RuntimeError):
            clock.shift_to(timezone.now() + timedelta(days=9))

        assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)

    def test_goes_on_from_where_the_demo_put_it(self, settings: Settings) -> None:
        settings.DEMO = True
        goal = timezone.now() + timedelta(days=9)

        clock.shift_to(goal)
        clock._cached = None

        assert timedelta(0) <= clock.now() - goal < timedelta(seconds=5)

    def test_unreadable_shift_is_none(self, settings: Settings, tmp_path: Path) -> None:
        settings.DEMO = True
        (tmp_path / "clock_shift").write_text("soon")

        assert clock.shift() == timedelta(0)


class TestChecks:
    def test_faults_are_refused_in_production(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEBUG, settings.TESTING, settings.FAULT_INJECTION = False, False, True
        monkeypatch.setenv("FAULTS", "task.locked:kill9")

        found = checks.faults_are_for_tests(None)

        assert [one.id for one in found] == ["engine.E001", "engine.E002"]

    def test_one_memory_broker_for_two_processes_is_odd(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.CELERY_BROKER_URL = "memory://"
        monkeypatch.setenv("WEB_CONCURRENCY", "2")
        several = checks.memory_broker_has_one_process(None)
        monkeypatch.setenv("WEB_CONCURRENCY", "1")

        assert [one.id for one in several] == ["engine.W001"]
        assert checks.memory_broker_has_one_process(None) == []


class TestFaults:
    @pytest.fixture(autouse=True)
    def _disarmed(self) -> Iterator[None]:
        yield
        faults.arm({})

    def test_raises_at_the_named_hit_only(self) -> None:
        faults.arm({"FAULTS": "task.locked:raise@2"})

        faults.point("task.locked")
        faults.point("other")
        with pytest.raises(faults.InjectedFault):
            faults.point("task.locked")
        faults.point("task.locked")

    def test_counts_what_it_passes(self, tmp_path: Path) -> None:
        faults.arm({"FAULTS_COUNT": str(tmp_path / "points")})

        faults.point("a")
        faults.point("b")

        assert (tmp_path / "points").read_text().split() == ["a", "b"]

    def test_unknown_action_is_named(self) -> None:
        faults.arm({"FAULTS": "a:explode"})

        with pytest.raises(ValueError, match="explode"):
            faults.point("a")

    def test_idle_without_permission(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.FAULT_INJECTION = False
        monkeypatch.setenv("FAULTS", "a:raise")
        monkeypatch.setattr(faults, "_plan", None)

        faults.point("a")


@pytest.mark.django_db
class TestBackground:
    def test_entry_points_carry_the_clock_and_ignore_what_they_do_not_know(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[datetime] = []
        monkeypatch.setattr(api, "sweep", seen.append)
        monkeypatch.setattr(api, "fire_timers", seen.append)
        monkeypatch.setattr(api, "deliver_messages", seen.append)

        background.sweep(later=1)
        background.fire_timers(later=1)
        background.deliver_messages(later=1)
        background.run_job(job_id=404, later=1)

        assert len(seen) == 3
        assert all(at.tzinfo is not None for at in seen)
