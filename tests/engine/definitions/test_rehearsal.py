"""Real history on a definition that is not deployed: what would differ, and nothing written."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.api import Rehearsal
from engine.errors import DeploymentRefused, NotFound
from engine.models import HistoryEvent, Job, ProcessDefinition, ProcessInstance, UserTask
from engine.types import Bundle
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import GROUPS, OFFICE, Cast, deploy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _handlers(register: Register) -> None:
    register("look", transactional=True, answer={"amount": 150})
    register("pay", answer={"paid": True})


@pytest.fixture
def officer(cast: Cast) -> int:
    return cast.person("officer", *GROUPS)


def bundle(limit: int = 100, *extra: str, groups: str = "officers") -> Bundle:
    """Look up an amount, review what is above the limit, pay."""
    return d.bundle(
        "claim",
        d.start(),
        d.service("look", "look"),
        d.choice("much"),
        d.user("review", groups),
        *(d.user(step) for step in extra),
        '<bpmn:exclusiveGateway id="merge"/>',
        d.service("pay", "pay"),
        d.end(),
        d.line("start", "look", "much"),
        d.flow("much", "review", f"amount > {limit}"),
        d.flow("much", "merge", f"amount &lt;= {limit}"),
        d.line("review", *extra, "merge", "pay", "end"),
    )


def claims(officer: int, at: datetime, finished: int = 3, waiting: int = 1) -> list[int]:
    deploy(bundle(), at)
    ids = [
        api.start_instance(
            "claim", business_key=f"SL-{n}", scope=OFFICE, variables={}, by=None, at=at
        ).instance_id
        for n in range(finished + waiting)
    ]
    for instance_id in ids[:finished]:
        (task,) = api.open_tasks(instance_id)
        later = at + timedelta(hours=1)
        api.complete_task(task.id, outcome="done", by=officer, at=later)
    api.run_due(at + timedelta(hours=2))
    return ids


def rehearse(found: Bundle, **more: object) -> Rehearsal:
    return api.rehearse(found, "claim", groups=GROUPS, **more)  # type: ignore[arg-type]


class TestSame:
    def test_same_definition_changes_nothing_and_writes_nothing(
        self, officer: int, at: datetime
    ) -> None:
        claims(officer, at)
        models = (HistoryEvent, Job, ProcessDefinition, ProcessInstance, UserTask)
        before = [model.objects.count() for model in models]

        found = rehearse(bundle())

        assert (len(found.instances), found.same) == (4, 4)
        assert [model.objects.count() for model in models] == before

    def test_handlers_are_not_called(self, register: Register, officer: int, at: datetime) -> None:
        claims(officer, at)
        pay = register("pay")

        rehearse(bundle())

        assert pay.calls == []


class TestChanges:
    def test_higher_limit_saves_a_signature(self, officer: int, at: datetime) -> None:
        claims(officer, at)

        found = rehearse(bundle(limit=200))

        assert (found.path_changed, found.signatures_changed) == (4, 3)
        one = found.instances[0]
        assert one.parted == ("review", "merge")
        assert one.signatures == (1, 0)
        # The one that still waits would have gone through to its payment, which nobody recorded.
        assert found.stopped == {("no_recorded_result", "pay"): 1}

    def test_another_queue(self, officer: int, at: datetime) -> None:
        claims(officer, at, finished=0, waiting=2)

        found = rehearse(bundle(groups="chiefs"))

        assert (found.queue_changed, found.path_changed) == (2, 0)
        assert found.instances[0].queues == (
            (("review", ("officers",)),),
            (("review", ("chiefs",)),),
        )


class TestMissingAnswers:
    def test_stop_counts_them(self, officer: int, at: datetime) -> None:
        claims(officer, at)

        found = rehearse(bundle(100, "countersign"))

        assert found.stopped == {("nobody_answered", "countersign"): 3}

    def test_assume_goes_on(self, officer: int, at: datetime) -> None:
        claims(officer, at)

        found = rehearse(
            bundle(100, "countersign"),
            missing="assume",
            assume={"countersign": {"outcome": "done"}},
        )

        assert found.stopped == {}
        assert [one.signatures for one in found.instances] == [(1, 2)] * 3 + [(0, 0)]

    def test_sample_takes_what_people_concluded_there(self, officer: int, at: datetime) -> None:
        ids = claims(officer, at)
        deploy(bundle(200), at)
        passed = api.start_instance(
            "claim", business_key="SL-9", scope=OFFICE, variables={}, by=None, at=at
        ).instance_id
        api.run_due(at)
        assert api.instance(passed).status == "completed"

        found = rehearse(bundle(), missing="sample", instance_ids=[*ids, passed])

        assert found.stopped == {}
        assert found.instances[-1].signatures == (0, 1)


class TestTime:
    def test_new_deadline_that_would_have_passed_fires(self, officer: int, at: datetime) -> None:
        def timed(hours: int) -> Bundle:
            return d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.timer("review", "late", f"PT{hours}H"),
                d.end(),
                d.end("expired"),
                d.line("start", "review", "end"),
                d.line("late", "expired"),
            )

        deploy(timed(48), at)
        api.start_instance(
            "claim", business_key="SL-1", scope=OFFICE, variables={}, by=None, at=at
        )
        (task,) = api.open_tasks(business_key="SL-1")
        api.complete_task(task.id, outcome="done", by=officer, at=at + timedelta(hours=30))

        found = rehearse(timed(24))

        assert found.instances[0].parted == ("end", "late")


class TestRefused:
    def test_bundle_with_errors(self) -> None:
        with pytest.raises(DeploymentRefused):
            rehearse(d.bundle("claim", d.start(), d.line("start", "nowhere")))

    def test_other_process(self, officer: int, at: datetime) -> None:
        claims(officer, at, finished=0)

        with pytest.raises(NotFound):
            api.rehearse(bundle(), "other", groups=GROUPS)
