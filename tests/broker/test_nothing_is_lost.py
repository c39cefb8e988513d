"""Messages are a bell and rows are the truth: whatever happens to a bell, the work gets done."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction

from engine import api, clock
from engine.models import Job
from engine.runtime import ring
from tests.broker.bench import CLOSED, Bench
from tests.broker.diagram import PROCESS
from tests.engine.worlds import begin

pytestmark = pytest.mark.django_db(transaction=True)
# A bell that nobody answered is rung again after half a minute.
LATER = timedelta(seconds=31)


class Refused(Exception):
    """The caller's transaction comes to nothing."""


def started(count: int = 1) -> list[int]:
    return [begin(PROCESS, clock.now()).instance_id for _ in range(count)]


def assert_done_by_worker(*instances: int) -> None:
    for one in instances:
        assert api.variables(one)["attempt"] == 1
    assert not Job.objects.exclude(status=Job.Status.DONE).exists()


def test_job_promised_in_a_transaction_is_done_by_the_worker(bench: Bench) -> None:
    with bench.worker():
        with transaction.atomic():
            (instance,) = started()
        bench.wait_for(instance)
    assert_done_by_worker(instance)


@transaction.atomic
def started_in_vain() -> None:
    started()
    raise Refused


def test_job_of_a_transaction_that_is_rolled_back_rings_nobody(bench: Bench) -> None:
    started()
    with pytest.raises(Refused):
        started_in_vain()
    assert bench.purge() == 1
    assert Job.objects.count() == 1


def test_acts_succeed_without_a_broker_and_the_sweeper_catches_up(bench: Bench) -> None:
    bench.bells_to(CLOSED)
    instances = started(3)
    assert Job.objects.filter(status=Job.Status.READY).count() == 3
    bench.bells_to(bench.url)
    with bench.worker():
        assert api.sweep(clock.now())["rung"] == 3
        bench.wait_for(*instances)
    assert_done_by_worker(*instances)


def test_sweep_without_a_broker_leaves_every_job_to_the_next_sweep(bench: Bench) -> None:
    bench.bells_to(CLOSED)
    started(3)
    bench.bells_to(CLOSED)
    assert api.sweep(clock.now())["rung"] == 0
    assert set(Job.objects.values_list("rung_at", flat=True)) == {None}
    bench.bells_to(bench.url)
    assert api.sweep(clock.now())["rung"] == 3


def test_broken_bell_is_one_line_in_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.bells_to(CLOSED)
    with caplog.at_level(logging.WARNING, logger=ring.__name__):
        started(3)
    (line,) = caplog.records
    assert line.getMessage().startswith("no broker")
    assert line.exc_info is None


def test_purged_queue_loses_nothing(bench: Bench) -> None:
    instances = started(2)
    assert api.sweep(clock.now() + LATER)["rung"] == 2
    assert bench.purge() == 4
    with bench.worker():
        assert api.sweep(clock.now() + 2 * LATER)["rung"] == 2
        bench.wait_for(*instances)
    assert_done_by_worker(*instances)
    assert bench.purge() == 0


def test_bell_that_rings_twice_does_the_work_once(bench: Bench) -> None:
    (instance,) = started()
    job = Job.objects.get()
    for _ in range(3):
        bench.app.send_task("engine.run_job", kwargs={"job_id": job.pk, "of_a_later_release": 1})
    with bench.worker():
        bench.wait_for(instance)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Job.Status.DONE, 1)


def test_beat_alone_finds_what_no_bell_reached(bench: Bench) -> None:
    bench.bells_to(CLOSED)
    instance = begin(PROCESS, clock.now() - LATER).instance_id
    with bench.worker("--beat", "--schedule", str(bench.folder / "beat"), SWEEP_SECONDS="0.5"):
        bench.wait_for(instance)
    assert_done_by_worker(instance)
