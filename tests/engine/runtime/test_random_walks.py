"""Random acts on a process with every kind of open item: after each, rows and state agree."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from engine import api
from engine.errors import EngineError, HandlerError
from engine.management import deep, invariants
from engine.models import HistoryEvent, Job, UserTask
from engine.types import Bundle
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import OFFICE, Cast, Recorder, deploy

OURS = {"I03", "I04", "I06", "I07", "I13"}
STEPS = 60


def broken(at: datetime) -> list[str]:
    ours = [one for one in invariants.collect() if one.number in OURS]
    found = [*invariants.violations(ours, at=at, real=timezone.now()), *deep.problems()]
    return [f"{one.number} {one.rows}" for one in found]


class Walk:
    """Draws acts; most of them hit something that is open, some come too late."""

    def __init__(self, seed: int, cast: Cast, handlers: list[Recorder], at: datetime) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self.handlers = handlers
        self.at = at
        self.people = [cast.person(f"p{n}", "officers", "chiefs") for n in range(3)]
        self.refused = 0
        self.acts: list[Callable[[], object]] = [
            self.start,
            self.complete,
            self.complete,
            self.complete,
            self.work,
            self.work,
            self.message,
            self.signal,
            self.later,
            self.suspend_or_resume,
            self.repair,
            self.cancel,
            self.move,
            self.sweep,
        ]

    def step(self) -> None:
        for handler in self.handlers:
            failing = self.draw.random() < 0.3
            handler.answer = HandlerError("down") if failing else {"ok": True}
        try:
            self.draw.choice(self.acts)()
        except EngineError:
            self.refused += 1

    def instances(self) -> list[int]:
        keys = (f"SL-{n}" for n in range(self.started()))
        return [api.instance(business_key=key).id for key in keys]

    def started(self) -> int:
        return HistoryEvent.objects.filter(kind="instance_started").count()

    def some_instance(self) -> int:
        found = self.instances()
        return self.draw.choice(found) if found else 0

    def start(self) -> None:
        key = f"SL-{self.started()}"
        api.start_instance(
            "claim",
            business_key=key,
            scope=OFFICE,
            variables={"claim": key},
            by=None,
            at=self.at,
        )

    def complete(self) -> None:
        ids = list(UserTask.objects.values_list("pk", flat=True).order_by("pk"))
        open_ids = list(
            UserTask.objects.filter(status="open").values_list("pk", flat=True).order_by("pk")
        )
        chosen = open_ids if open_ids and self.draw.random() < 0.9 else ids
        if chosen:
            task = api.task(self.draw.choice(chosen))
            outcome = self.draw.choice([one.code for one in task.outcomes])
            by = self.draw.choice(self.people)
            api.complete_task(task.id, outcome=outcome, by=by, at=self.at)

    def work(self) -> None:
        for job_id in list(Job.objects.filter(status="ready").values_list("pk", flat=True))[:2]:
            api.run_job(job_id, clock=lambda: self.at)

    def message(self) -> None:
        key = f"SL-{self.draw.randrange(self.started() + 1)}"
        ttl_s = self.draw.choice([0, 600])
        api.correlate_message("payment", key=key, by=None, at=self.at, ttl_s=ttl_s)

    def signal(self) -> None:
        api.broadcast_signal("stop", by=None, at=self.at)
        api.deliver_messages(self.at)

    def later(self) -> None:
        self.at += timedelta(hours=self.draw.choice([1, 30, 80]))
        api.fire_timers(self.at)

    def suspend_or_resume(self) -> None:
        instance_id = self.some_instance()
        if api.instance(instance_id).status == "suspended":
            api.resume_instance(instance_id, by=None, at=self.at)
        else:
            api.suspend_instance(instance_id, by=None, at=self.at)

    def repair(self) -> None:
        found = api.incidents()
        if found:
            action = self.draw.choice(["retry", "retry", "skip"])
            api.resolve_incident(
                self.draw.choice(found).id, action=action, by=self.people[0], at=self.at
            )

    def cancel(self) -> None:
        if self.draw.random() < 0.3:
            api.cancel_instance(self.some_instance(), by=None, at=self.at)

    def move(self) -> None:
        scope = self.draw.choice([OFFICE, "P/JL"])
        api.set_scope(self.some_instance(), scope, by=None, at=self.at)

    def sweep(self) -> None:
        Job.objects.filter(status="leased").update(lease_until=timezone.now() - timedelta(1))
        api.sweep(self.at)


@pytest.mark.django_db
@pytest.mark.usefixtures("bells")
class TestRandomWalk:
    @pytest.mark.parametrize("seed", range(12))
    def test_rows_and_state_agree_after_every_act(
        self, seed: int, cast: Cast, register: Register, at: datetime
    ) -> None:
        handlers = [register("pay"), register("check", transactional=True)]
        deploy(everything(), at)
        walk = Walk(seed, cast, handlers, at)
        walk.start()

        for _ in range(STEPS):
            walk.step()
            assert broken(walk.at) == []

        assert walk.refused < STEPS
        assert HistoryEvent.objects.filter(kind="task_completed").exists()


def everything() -> Bundle:
    """Review in a loop beside a payment, timers, a message, a signal and handlers."""
    stop = '<bpmn:signal id="s_stop" name="stop"/>'
    heard = (
        '<bpmn:boundaryEvent id="heard" attachedToRef="approve" cancelActivity="false">'
        '<bpmn:signalEventDefinition signalRef="s_stop"/></bpmn:boundaryEvent>'
    )
    return d.bundle(
        "claim",
        d.start(),
        d.service("check", "check"),
        d.fork("fork"),
        d.choice("merge"),
        d.user("review"),
        d.timer("review", "remind", "P1D", interrupting=False),
        d.service("note", "check"),
        d.end("noted"),
        d.user("approve", "chiefs", extra='<shenling:fourEyes notSameAs="review"/>'),
        d.timer("approve", "late", "P3D"),
        heard,
        d.end("informed"),
        d.choice("good"),
        d.service("pay", "pay", retries=2),
        d.receive("paid"),
        d.fork("join"),
        d.end(),
        d.line("start", "check", "fork", "merge", "review", "approve", "good"),
        d.line("remind", "note", "noted"),
        d.line("heard", "informed"),
        d.line("late", "merge"),
        d.flow("good", "merge", 'outcome = "again"'),
        d.flow("good", "join", 'outcome = "yes"'),
        d.line("fork", "pay", "paid", "join", "end"),
        around=d.message() + stop,
    )
