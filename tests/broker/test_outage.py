"""The broker is away while people work: they notice nothing, and afterwards nothing is missing.

OUTAGE_SECONDS and OUTAGE_CLAIMS make it longer and heavier than the suite has time for.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from engine import clock
from engine.management.invariants import collect, deep_violations, violations
from engine.models import HistoryEvent, Job, UserTask
from engine.runtime import ring
from tests import make
from tests.broker import brokers, load
from tests.broker.bench import Bench
from tests.broker.brokers import Broker
from tests.engine.postgres_world import postgres, postgres_url
from workflows.accounts.models import User
from workflows.actions import audit, corrections, reviews, submitting
from workflows.models import AuditEntry, Claim, ProgrammeVersion, Status
from workflows.uploads.pictures import remembering
from workflows.values import id_number as id_numbers

log = logging.getLogger(__name__)
__all__ = ["postgres", "postgres_url"]
pytestmark = [pytest.mark.postgres, pytest.mark.faults]
SECONDS = float(os.environ.get("OUTAGE_SECONDS", "5"))
CLAIMS = int(os.environ.get("OUTAGE_CLAIMS", "8"))
# Beat and worker ask for a lost broker ever more rarely.
PATIENCE_SECONDS = 150.0
# What the broker may cost an act; how long the rest takes, a busy machine decides.
BOUND_SECONDS = 2.0
ROUNDS = {
    "SWEEP_SECONDS": os.environ.get("SWEEP_SECONDS", "1"),
    "RING_AGAIN_SECONDS": os.environ.get("RING_AGAIN_SECONDS", "5"),
}
# As production runs them, but beat beside the worker and rounds that a test can wait for.
PROCESSES = ("--pool", "prefork", "--concurrency", "2", "--beat")
Outage = tuple[Callable[[Broker], AbstractContextManager[None]], float]
OUTAGES = [
    pytest.param(brokers.redis, (Broker.killed, SECONDS), marks=pytest.mark.redis, id="redis"),
    pytest.param(
        brokers.redis,
        (Broker.frozen, SECONDS / 2),
        marks=pytest.mark.redis,
        id="redis-frozen",
    ),
    pytest.param(
        # Its start makes it as long again.
        brokers.rabbitmq,
        (Broker.killed, SECONDS / 2),
        marks=pytest.mark.rabbitmq,
        id="rabbitmq",
    ),
    pytest.param(
        brokers.rabbitmq,
        (Broker.frozen, SECONDS / 2),
        marks=pytest.mark.rabbitmq,
        id="rabbitmq-frozen",
    ),
]


@pytest.fixture
def cast(postgres: str) -> make.Cast:  # noqa: ARG001 - the cast stands in this database
    """The cast of the small programme, which is open today."""
    today = timezone.localdate()
    people = make.cast(
        calendar={"code": "CN", "known_until": str(today.replace(today.year + 2, 1, 1))}
    )
    ProgrammeVersion.objects.update(
        effective_from=today - timedelta(days=365), effective_to=today + timedelta(days=365)
    )
    return people


@pytest.fixture
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    make_one: Callable[[Path], Broker] = request.param
    made = make_one(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def bench(broker: Broker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bench]:
    # Celery may end when its broker is killed at a bad moment; the units start it again.
    yield Bench(broker.url, monkeypatch, tmp_path, restarts=2)
    ring.ring_again()


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each bell took, whether or not it was heard."""
    took: list[float] = []
    plain = ring.ring

    def timed(task: str, **arguments: int) -> bool:
        began = time.monotonic()
        try:
            return plain(task, **arguments)
        finally:
            took.append(time.monotonic() - began)

    monkeypatch.setattr(ring, "ring", timed)
    return took


def drafts(count: int, *, at: datetime, first: int = 0) -> list[Claim]:
    """Claims of so many people that lack nothing but the click."""
    with remembering():
        return [
            make.draft(
                make.applicant(
                    f"claimant{number}",
                    id_text=id_numbers.complete(f"22990119920307{number:03}"),
                    phone=f"139{number:08}",
                ),
                at=at,
            )
            for number in range(first, first + count)
        ]


def submit(claim: Claim) -> None:
    submitting.submit_claim(claim, by=by(claim), at=clock.now())


def by(claim: Claim) -> User:
    user = claim.person.user
    assert user is not None
    return user


def pass_papers(claim: Claim, officer: User) -> None:
    view = make.task(make.fresh(claim))
    reviews.take(view.id, by=officer, at=clock.now())
    reviews.complete_review(view.id, outcome="pass", by=officer, at=clock.now())


def withdraw(claim: Claim) -> None:
    corrections.withdraw_claim(make.fresh(claim), by=by(claim), at=clock.now())


def all_at(element: str, rows: list[Claim]) -> bool:
    """Whether every one of these claims waits at this user task."""
    keys = Claim.objects.filter(pk__in=[row.pk for row in rows]).values("instance_id")
    waiting = UserTask.objects.filter(
        instance__in=keys, element_id=element, status=UserTask.Status.OPEN
    )
    return waiting.count() == len(rows)


def all_ended(rows: list[Claim]) -> bool:
    ended = Claim.objects.filter(pk__in=[row.pk for row in rows], status=Status.WITHDRAWN)
    return ended.filter(instance__status="completed").count() == len(rows)


@pytest.mark.parametrize(("broker", "outage"), OUTAGES, indirect=["broker"])
def test_nobody_notices_and_nothing_is_missing(
    cast: make.Cast,
    broker: Broker,
    bench: Bench,
    bells: list[float],
    outage: Outage,
) -> None:
    away, seconds = outage
    checking = drafts(CLAIMS, at=clock.now())
    waiting = drafts(CLAIMS, at=clock.now(), first=CLAIMS)
    for claim in checking:
        submit(claim)

    schedule = str(bench.folder / "beat")
    data = str(settings.DATA_DIR)
    with bench.worker(*PROCESSES, "--schedule", schedule, DATA_DIR=data, **ROUNDS):
        bench.wait_until(
            lambda: all_at("check_attachments", checking),
            PATIENCE_SECONDS,
            "the registers answered",
        )
        bells.clear()
        with away(broker):
            acts = [partial(pass_papers, claim, cast.qian) for claim in checking]
            acts += [partial(submit, claim) for claim in waiting]
            took = load.spread(acts, seconds)
            assert Job.objects.filter(status=Job.Status.READY).count() == 2 * CLAIMS
            over, waited = time.monotonic(), max(bells)
        bench.wait_until(
            lambda: (
                all_at("review_eligibility", checking) and all_at("check_attachments", waiting)
            ),
            PATIENCE_SECONDS,
            "the broker came back",
        )
        caught_up = time.monotonic() - over
        for claim in checking + waiting:
            withdraw(claim)
        bench.wait_until(
            lambda: all_ended(checking + waiting), PATIENCE_SECONDS, "everybody withdrew"
        )

    log.info(
        "%d acts, longest %.2f s, longest bell %.2f s, caught up in %.1f s",
        len(took),
        max(took),
        waited,
        caught_up,
    )
    assert waited < BOUND_SECONDS
    assert_everything_once(checking + waiting)
    assert_healthy()


def assert_everything_once(rows: list[Claim]) -> None:
    """Every job was tried and applied once, every act is in the audit once."""
    assert set(Job.objects.values_list("status", "attempts")) == {(Job.Status.DONE, 1)}
    applied = HistoryEvent.objects.filter(kind="job_completed")
    assert applied.count() == Job.objects.count()
    assert applied.values("instance", "token", "element_id").distinct().count() == applied.count()
    acts = AuditEntry.objects.filter(act__in=["claim.submitted", "claim.withdrawn"])
    assert acts.values("claim_id", "act").distinct().count() == acts.count() == 2 * len(rows)


def assert_healthy() -> None:
    assert audit.verify() is None
    found = [*violations(collect(), at=clock.now(), real=timezone.now()), *deep_violations()]
    assert found == []
