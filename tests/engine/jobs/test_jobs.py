"""Background jobs: leases, attempts, retries, fencing, bells, and the sweeper."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from celery import current_app
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from engine import api
from engine.errors import BpmnError, HandlerError
from engine.jobs import leasing, running, sweeping
from engine.models import Incident, Job
from engine.runtime import handlers, ring
from engine.runtime.answers import Answer
from engine.types import HandlerCall, Text
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import Recorder, begin, deploy, only_task

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(hours=1)


@pytest.fixture(autouse=True)
def pay(register: Register, at: datetime) -> Recorder:
    """A process that pays by a background job, then asks a person."""
    recorder = register("pay", answer={"paid": True})
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.service("pay", "pay", retries=3),
            d.user("review"),
            d.end(),
            d.line("start", "pay", "review", "end"),
        ),
        at,
    )
    return recorder


class TestRunJob:
    def test_second_run_of_the_same_job_does_nothing(self, pay: Recorder, at: datetime) -> None:
        begin("claim", at)
        job = Job.objects.get()

        first = api.run_job(job.pk, clock=lambda: at)
        second = api.run_job(job.pk, clock=lambda: at)

        assert (first, second) == (True, False)
        assert len(pay.calls) == 1

    def test_failures_wait_longer_each_time_then_become_an_incident(
        self, pay: Recorder, at: datetime
    ) -> None:
        pay.answer = HandlerError("bank_down", "timeout")
        instance_id = begin("claim", at).instance_id
        waits, now = [], at

        for _ in range(3):
            api.run_due(now)
            job = Job.objects.get()
            waits.append((job.run_at - now).total_seconds())
            now = max(job.run_at, now)

        assert 8 <= waits[0] <= 12
        assert 48 <= waits[1] <= 72
        job = Job.objects.get()
        assert (job.status, job.attempts, job.retries_left) == ("failed", 3, 0)
        (incident,) = api.incidents(instance_id)
        assert (incident.code, incident.detail, incident.job_id) == (
            "bank_down",
            "timeout",
            job.pk,
        )
        assert len({call.key for call in pay.calls}) == 1
        assert [call.attempt for call in pay.calls] == [1, 2, 3]

    def test_retried_job_keeps_its_key(self, pay: Recorder, at: datetime) -> None:
        pay.answer = HandlerError("bank_down")
        instance_id = begin("claim", at).instance_id
        for hours in range(3):
            api.run_due(at + timedelta(hours=hours))
        pay.answer = {"paid": True}
        later = at + timedelta(days=1)

        api.retry_job(Job.objects.get().pk, by=None, at=later, note="bank is back")
        api.run_due(later)

        assert only_task(instance_id).element_id == "review"
        assert len({call.key for call in pay.calls}) == 1
        assert Job.objects.get().status == "done"
        assert Incident.objects.get().resolution == "retry"

    def test_system_exit_of_a_handler_stays_at_the_border(
        self, pay: Recorder, at: datetime
    ) -> None:
        pay.answer = SystemExit(1)
        begin("claim", at)

        api.run_due(at)

        assert Job.objects.get().error == "handler_failed"

    def test_unknown_handler_is_a_failed_attempt(self, at: datetime) -> None:
        begin("claim", at)
        Job.objects.update(type="gone")

        api.run_due(at)

        assert (Job.objects.get().error, Job.objects.get().status) == ("unknown_handler", "ready")

    def test_uncaught_bpmn_error_is_an_incident(self, pay: Recorder, at: datetime) -> None:
        pay.answer = BpmnError("unfit")
        instance_id = begin("claim", at).instance_id

        api.run_due(at)

        assert len(api.incidents(instance_id)) == 1
        assert Job.objects.get().status == "done"


class TestFencing:
    def test_answer_after_the_lease_was_given_away_is_dropped(self, at: datetime) -> None:
        instance_id = begin("claim", at).instance_id
        job_id = Job.objects.get().pk
        taken = leasing.take(job_id, at=at)
        assert taken is not None
        _, slow = taken
        Job.objects.update(lease_until=LONG_AGO)
        api.sweep(at)
        api.run_due(at)

        applied = running.apply(slow, Answer("completed", {"paid": False}), clock=lambda: at)

        assert applied is False
        assert api.variables(instance_id)["paid"] is True

    def test_answer_to_a_suspended_instance_waits(self, pay: Recorder, at: datetime) -> None:
        instance_id = begin("claim", at).instance_id
        taken = leasing.take(Job.objects.get().pk, at=at)
        assert taken is not None
        api.suspend_instance(instance_id, by=None, at=at)

        running.apply(taken[1], Answer("completed", {"paid": 1}), clock=lambda: at)
        while_suspended = api.run_due(at)
        api.resume_instance(instance_id, by=None, at=at)
        api.run_due(at)

        assert while_suspended == 0
        assert api.variables(instance_id)["paid"] == 1
        assert pay.calls == []

    def test_jobs_of_one_instance_run_one_after_the_other(
        self, register: Register, at: datetime
    ) -> None:
        register("one")
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.fork("fork"),
                d.service("a", "one"),
                d.service("b", "one"),
                d.fork("join"),
                d.end(),
                d.line("start", "fork", "a", "join", "end"),
                d.line("fork", "b", "join"),
            ),
            at,
        )
        begin("claim", at)
        first, second = Job.objects.order_by("pk")

        taken = leasing.take(first.pk, at=at)

        assert taken is not None
        assert leasing.take(second.pk, at=at) is None

    def test_heartbeat_renews_only_its_own_lease(self, at: datetime) -> None:
        begin("claim", at)
        taken = leasing.take(Job.objects.get().pk, at=at)
        assert taken is not None
        Job.objects.update(lease_until=LONG_AGO)

        kept = leasing.renew(taken[1])
        Job.objects.update(lease_owner="somebody else")
        lost = leasing.renew(taken[1])

        assert (kept, lost) == (True, False)


class TestSweep:
    def test_releases_jobs_of_dead_workers_and_fails_the_poisonous(
        self, pay: Recorder, at: datetime
    ) -> None:
        instance_id = begin("claim", at).instance_id
        job_id = Job.objects.get().pk
        statuses = []

        for _ in range(3):
            assert leasing.take(job_id, at=at) is not None
            Job.objects.update(lease_until=LONG_AGO)
            api.sweep(at)
            statuses.append(Job.objects.get().status)

        assert statuses == ["ready", "ready", "failed"]
        (incident,) = api.incidents(instance_id)
        assert incident.code == "worker_lost"
        assert pay.calls == []

    def test_leaves_living_leases_alone(self, at: datetime) -> None:
        begin("claim", at)
        leasing.take(Job.objects.get().pk, at=at)

        found = api.sweep(at + timedelta(days=400))

        assert found["released"] == 0
        assert Job.objects.get().status == "leased"

    def test_rings_for_jobs_no_bell_reached_but_not_twice(
        self, at: datetime, bells: list[tuple[str, dict[str, int]]]
    ) -> None:
        begin("claim", at)
        Job.objects.update(rung_at=None)
        job_id = Job.objects.get().pk

        api.sweep(at)
        api.sweep(at)
        api.sweep(at + timedelta(minutes=1))

        assert bells == [("engine.run_job", {"job_id": job_id})] * 2

    def test_rings_until_nobody_waits(
        self,
        at: datetime,
        bells: list[tuple[str, dict[str, int]]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(sweeping, "BATCH", 2)
        for _ in range(5):
            begin("claim", at)
        Job.objects.update(rung_at=None)

        assert api.sweep(at)["rung"] == 5
        rung = [arguments["job_id"] for _task, arguments in bells]
        assert rung == list(Job.objects.order_by("pk").values_list("pk", flat=True))

    def test_rings_no_longer_than_its_time_and_goes_on_in_the_next_round(
        self,
        at: datetime,
        bells: list[tuple[str, dict[str, int]]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        begin("claim", at)
        Job.objects.update(rung_at=None)
        with monkeypatch.context() as hurry:
            hurry.setattr(sweeping, "RING_SECONDS", -1.0)
            assert api.sweep(at)["rung"] == 0
        assert bells == []

        assert api.sweep(at)["rung"] == 1


class TestBell:
    def test_rings_after_the_commit(
        self,
        at: datetime,
        bells: list[tuple[str, dict[str, int]]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            begin("claim", at)
            before = list(bells)

        assert before == []
        assert bells == [("engine.run_job", {"job_id": Job.objects.get().pk})]

    def test_absent_broker_loses_nothing_and_is_not_asked_again_at_once(
        self,
        at: datetime,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        asked: list[str] = []

        def refuse(name: str, **_arguments: object) -> None:
            asked.append(name)
            raise ConnectionError("no broker")

        monkeypatch.setattr(current_app, "send_task", refuse)
        ring.ring_again()

        with django_capture_on_commit_callbacks(execute=True):
            first = begin("claim", at)
            begin("claim", at)
        api.run_due(at)

        assert asked == ["engine.run_job"]
        assert only_task(first.instance_id).element_id == "review"
        ring.ring_again()


def test_handler_says_how_long_to_wait_after_a_failure(at: datetime) -> None:
    handlers._registered.pop("pay")
    waiting = api.handler("pay", transactional=False, description=Text("pay"), backoff=(100, 200))
    waiting(failing)
    begin("claim", at)
    job = Job.objects.get()

    waits = []
    for _ in range(2):
        now = Job.objects.get().run_at
        api.run_job(job.pk, clock=partial(take_at, now))
        waits.append((Job.objects.get().run_at - now).total_seconds())

    assert 80 <= waits[0] <= 120
    assert 160 <= waits[1] <= 240


def take_at(now: datetime) -> datetime:
    return now


def failing(call: HandlerCall) -> None:
    raise ZeroDivisionError(call.key)
