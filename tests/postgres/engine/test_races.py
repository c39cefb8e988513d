"""Two connections at once: one wins, the other gets a typed refusal, and every invariant holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engine import api, faults
from engine.errors import BeingProcessed, TaskNotOpen
from engine.management import deep, invariants
from engine.models import HistoryEvent, Job, ProcessInstance, Timer, UserTask
from engine.types import Advance
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.postgres_world import errors, together
from tests.engine.worlds import Cast, begin, deploy, only_task
from tests.faults.gates import Director

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres", "bells")]
OURS = {"I03", "I04", "I06", "I07", "I13"}


def review(at: datetime) -> None:
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("review"),
            d.user("approve"),
            d.end(),
            d.line("start", "review", "approve", "end"),
        ),
        at,
    )


def one_job(at: datetime) -> None:
    deploy(
        d.bundle(
            "claim", d.start(), d.service("pay", "pay"), d.end(), d.line("start", "pay", "end")
        ),
        at,
    )


def healthy(at: datetime) -> bool:
    ours = [one for one in invariants.collect() if one.number in OURS]
    broken = list(invariants.violations(ours, at=at, real=timezone.now()))
    return not broken and not list(deep.problems())


class TestTwoPeopleOneTask:
    def test_one_of_two_wins_two_hundred_times(self, cast: Cast, at: datetime) -> None:
        review(at)
        fast, slow = cast.person("fast", "officers"), cast.person("slow", "officers")
        tasks = [only_task(begin("claim", at).instance_id).id for _ in range(200)]
        outcomes: list[object] = []

        def all_of(person: int, order: list[int]) -> list[object]:
            found: list[object] = []
            for task_id in order:
                try:
                    found.append(api.complete_task(task_id, outcome="done", by=person, at=at))
                except (TaskNotOpen, BeingProcessed) as error:
                    found.append(error)
            return found

        for part in together(partial(all_of, fast, tasks), partial(all_of, slow, tasks)):
            assert isinstance(part, list), part
            outcomes += part

        assert sum(isinstance(one, Advance) for one in outcomes) == 200
        assert set(errors(outcomes)) <= {"TaskNotOpen", "BeingProcessed"}
        assert HistoryEvent.objects.filter(kind="task_completed").count() == 200
        assert UserTask.objects.filter(element_id="approve").count() == 200
        assert healthy(at)

    def test_loser_who_stood_at_the_lock_meets_task_not_open(
        self, cast: Cast, at: datetime, postgres: str
    ) -> None:
        review(at)
        fast, slow = cast.person("fast", "officers"), cast.person("slow", "officers")
        task_id = only_task(begin("claim", at).instance_id).id
        director = Director(postgres)
        faults.arm({"FAULTS": "task.locked:gate"})
        director.close_gate("task.locked")

        def second() -> object:
            director.wait_at("task.locked")
            return api.complete_task(task_id, outcome="done", by=slow, at=at)

        def opener() -> None:
            director.wait_blocked()
            director.open_gate("task.locked")

        try:
            first, loser, _ = together(
                partial(api.complete_task, task_id, outcome="done", by=fast, at=at),
                second,
                opener,
            )
        finally:
            faults.arm({})
            director.close()

        assert isinstance(first, Advance)
        assert isinstance(loser, TaskNotOpen)
        assert (loser.by_id, loser.closed_at) == (fast, at)

    def test_waits_two_seconds_at_most(self, cast: Cast, at: datetime, postgres: str) -> None:
        review(at)
        officer = cast.person("officer", "officers")
        task_id = only_task(begin("claim", at).instance_id).id
        director = Director(postgres)
        director.hold("SELECT id FROM engine_processinstance FOR UPDATE")

        (refused,) = together(
            partial(api.complete_task, task_id, outcome="done", by=officer, at=at)
        )
        director.close()

        assert isinstance(refused, BeingProcessed)
        assert UserTask.objects.get(pk=task_id).status == "open"


class TestCompleteAgainstOthers:
    @pytest.mark.parametrize("rival", ["cancel", "suspend", "timer", "assign", "scope"])
    def test_exactly_one_order_happens(self, cast: Cast, at: datetime, rival: str) -> None:
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.timer("review", "late", "P3D"),
                d.user("chase"),
                d.end(),
                d.line("start", "review", "end"),
                d.line("late", "chase", "end"),
            ),
            at,
        )
        officer, other = cast.person("officer", "officers"), cast.person("other", "officers")
        due = at + timedelta(days=3)

        for _ in range(15):
            instance_id = begin("claim", at).instance_id
            task_id = only_task(instance_id).id
            timer_id = Timer.objects.get(instance=instance_id).pk
            rivals: dict[str, Callable[[], object]] = {
                "cancel": partial(api.cancel_instance, instance_id, by=None, at=at),
                "suspend": partial(api.suspend_instance, instance_id, by=None, at=at),
                "timer": partial(api.fire_timers, due),
                "assign": partial(api.assign_task, task_id, by=other, at=at),
                "scope": partial(api.set_scope, instance_id, "P/CC", by=None, at=at),
            }
            results = together(
                partial(api.complete_task, task_id, outcome="done", by=officer, at=due),
                rivals[rival],
            )
            assert set(errors(results)) <= {
                "BeingProcessed",
                "InstanceNotActive",
                "TaskAssignedElsewhere",
                "TaskNotOpen",
            }
            completed = isinstance(results[0], Advance)
            assert (UserTask.objects.get(pk=task_id).status == "completed") is completed
            fired = Timer.objects.get(pk=timer_id).status == "fired"
            assert not (fired and completed)

        assert healthy(at)


class TestNextTask:
    def test_eight_people_get_a_hundred_tasks_once_each(self, cast: Cast, at: datetime) -> None:
        review(at)
        for _ in range(100):
            begin("claim", at)
        people = [cast.person(f"officer{n}", "officers") for n in range(8)]

        def take_all(person: int) -> list[int]:
            taken = []
            while (task := api.next_task(by=person, at=at)) is not None:
                taken.append(task.id)
            return taken

        shares = together(*(partial(take_all, person) for person in people))

        assert errors(shares) == []
        ids = [task_id for share in shares if isinstance(share, list) for task_id in share]
        assert len(ids) == len(set(ids)) == 100


class TestTimers:
    def test_two_sweepers_fire_a_thousand_timers_once_each(self, at: datetime) -> None:
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.timer("review", "late", "P3D"),
                d.end(),
                d.line("start", "review", "end"),
                d.line("late", "end"),
            ),
            at,
        )
        for _ in range(1_000):
            begin("claim", at)
        due = at + timedelta(days=3)

        fired = together(partial(api.fire_timers, due), partial(api.fire_timers, due))
        rest = api.fire_timers(due)

        assert errors(fired) == []
        counts = [count for count in fired if isinstance(count, int)]
        assert sum(counts) + rest == 1_000
        assert HistoryEvent.objects.filter(kind="timer_fired").count() == 1_000
        assert ProcessInstance.objects.filter(status="completed").count() == 1_000
        assert healthy(due)


class TestJobs:
    def test_two_sweepers_ring_once_for_each_job(
        self, bells: list[tuple[str, dict[str, int]]], register: Register, at: datetime
    ) -> None:
        pay = register("pay")
        one_job(at)
        for _ in range(250):
            begin("claim", at)
        Job.objects.update(rung_at=None)
        bells.clear()

        together(partial(api.sweep, at), partial(api.sweep, at))

        rung = [arguments["job_id"] for _task, arguments in bells]
        assert sorted(rung) == sorted(Job.objects.values_list("pk", flat=True))
        assert not pay.calls

    def test_two_workers_run_each_job_once(self, register: Register, at: datetime) -> None:
        pay = register("pay")
        one_job(at)
        for _ in range(40):
            begin("claim", at)

        results = together(partial(api.run_due, at), partial(api.run_due, at))
        api.run_due(at)

        assert errors(results) == []
        assert len(pay.calls) == len({call.key for call in pay.calls}) == 40
        assert healthy(at)


class TestDeploy:
    def test_two_authors_at_once_get_numbers_without_a_gap(self, at: datetime) -> None:
        def version(name: str) -> object:
            return deploy(
                d.bundle("claim", d.start(), d.user(name), d.end(), d.line("start", name, "end")),
                at,
            )

        deploy(d.bundle("claim", d.start(), d.user("a"), d.end(), d.line("start", "a", "end")), at)
        for n in range(5):
            results = together(partial(version, f"x{n}"), partial(version, f"y{n}"))
            assert errors(results) == []

        versions = [view.version for view in api.definitions("test")]
        assert versions == list(range(11, 0, -1))
        assert sum(view.is_current for view in api.definitions("test")) == 1


class TestStatements:
    def test_a_human_step_takes_ten_statements(self, cast: Cast, at: datetime) -> None:
        rule = '<shenling:fourEyes notSameAs="review"/>'
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.user("approve", extra=rule),
                d.user("third"),
                d.end(),
                d.line("start", "review", "approve", "third", "end"),
            ),
            at,
        )
        first, second = cast.person("first", "officers"), cast.person("second", "officers")
        instance_id = begin("claim", at).instance_id
        api.complete_task(only_task(instance_id).id, outcome="done", by=first, at=at)
        task_id = only_task(instance_id).id

        with CaptureQueriesContext(connection) as captured:
            api.complete_task(task_id, outcome="done", by=second, at=at)

        statements = [query["sql"] for query in captured.captured_queries]
        assert len(statements) <= 10, "\n".join(statements)
        assert statements[0] == "BEGIN"
        assert statements[-1] == "COMMIT"
