"""Repairs by an operator: rows follow the state, history says who did what and why."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine import api
from engine.errors import MoveRefused
from engine.management import deep
from engine.models import HistoryEvent, Timer, UserTask, UserTaskCandidate
from engine.runtime.values import Json
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _handler(register: Register) -> None:
    register("pay")


@pytest.fixture
def officer(cast: Cast) -> int:
    return cast.person("officer", "officers")


def deploy_claim(at: datetime) -> None:
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("check"),
            d.timer("check", "late", "P3D"),
            d.service("pay", "pay", retries=1),
            d.user("review"),
            d.end(),
            d.line("start", "check", "pay", "review", "end"),
            d.line("late", "end"),
        ),
        at,
    )


def failed_payment(register: Register, officer: int, at: datetime) -> int:
    """An instance with an incident at its job."""
    register("pay", answer=ZeroDivisionError())
    deploy_claim(at)
    instance_id = begin("claim", at, amount=100).instance_id
    api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)
    api.run_due(at)
    return instance_id


def drawn(instance_id: int, revision: int) -> dict[str, Json]:
    """Element -> how it is drawn after that revision."""
    elements = api.diagram_state(instance_id, revision=revision)["elements"]
    assert isinstance(elements, dict)
    return {name: found["state"] for name, found in elements.items() if isinstance(found, dict)}


def act_rows(instance_id: int, kind: str) -> list[tuple[int | None, Json]]:
    rows = HistoryEvent.objects.filter(instance=instance_id, kind=kind, seq=0)
    return list(rows.values_list("by_id", "data"))


class TestHistory:
    def test_says_what_was_delivered_and_written(self, officer: int, at: datetime) -> None:
        deploy_claim(at)
        instance_id = begin("claim", at, amount=100).instance_id
        api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)

        data = [row.data for row in api.history(instance_id) if "op" in row.data]

        assert data[0]["op"] == ["start", ""]
        assert data[0]["given"] == {"amount": 100}
        assert data[1]["op"] == ["task", "check"]
        assert data[1]["given"] == {"outcome": "done"}
        assert data[1]["set"] == [[1, "outcome", "done"]]

    def test_diagram_of_any_moment(self, register: Register, officer: int, at: datetime) -> None:
        instance_id = failed_payment(register, officer, at)

        states = [drawn(instance_id, revision) for revision in (1, 2, 3)]

        assert states[0] == {"start": "completed", "check": "active"}
        assert states[1] == {"start": "completed", "check": "completed", "pay": "active"}
        assert states[2]["pay"] == "incident"


class TestMoveToken:
    def test_rows_follow_and_the_reason_is_kept(
        self, register: Register, officer: int, at: datetime
    ) -> None:
        instance_id = failed_payment(register, officer, at)
        (token,) = api.tokens(instance_id)

        api.move_token(instance_id, token.token, "review", by=officer, at=at, note="paid by hand")

        assert only_task(instance_id).element_id == "review"
        assert api.incidents(instance_id) == ()
        assert act_rows(instance_id, "token_moved") == [
            (officer, {"to": "review", "note": "paid by hand"})
        ]
        assert list(deep.differing(instance_id)) == []

    def test_cancels_task_and_timer_of_the_step_that_is_left(
        self, officer: int, at: datetime
    ) -> None:
        deploy_claim(at)
        instance_id = begin("claim", at).instance_id
        task = only_task(instance_id)
        token = next(t.token for t in api.tokens(instance_id) if t.kind == "user_task")

        plan = api.plan_move(instance_id, token, "review")
        api.move_token(instance_id, token, "review", by=officer, at=at, note="skipped")

        assert plan.cancelled == ("check",)
        assert UserTask.objects.get(pk=task.id).status == "cancelled"
        assert not Timer.objects.filter(status="pending").exists()

    def test_refusal_changes_nothing(self, officer: int, at: datetime) -> None:
        deploy_claim(at)
        instance_id = begin("claim", at).instance_id
        token = next(t.token for t in api.tokens(instance_id) if t.kind == "user_task")
        before = api.instance(instance_id)

        with pytest.raises(MoveRefused):
            api.move_token(instance_id, token, "late", by=officer, at=at, note="no")

        assert api.instance(instance_id) == before


class TestSkip:
    def test_goes_on_with_the_given_result(
        self, register: Register, officer: int, at: datetime
    ) -> None:
        instance_id = failed_payment(register, officer, at)
        (incident,) = api.incidents(instance_id)

        api.resolve_incident(
            incident.id, action="skip", patch={"paid": True}, by=officer, at=at, note="by hand"
        )

        assert only_task(instance_id).element_id == "review"
        assert api.variables(instance_id)["paid"] is True
        assert [job.status for job in api.jobs(instance_id)] == ["done"]
        assert list(deep.differing(instance_id)) == []


class TestInstances:
    def test_a_reviewer_more_and_one_less(self, officer: int, at: datetime) -> None:
        loop = (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
            '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"/>'
            "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
        )
        review = d.user("review").replace("</bpmn:userTask>", f"{loop}</bpmn:userTask>")
        deploy(d.bundle("claim", d.start(), review, d.end(), d.line("start", "review", "end")), at)
        instance_id = begin("claim", at, people=["a", "b"]).instance_id
        first = api.tokens(instance_id)[0]

        api.add_instance(instance_id, first.token, "c", by=officer, at=at, note="one more")
        assert [t.path for t in api.tokens(instance_id)] == [(1,), (2,), (3,)]
        api.remove_instance(instance_id, first.token, by=officer, at=at, note="ill")

        assert [task.element_id for task in api.open_tasks(instance_id)] == ["review", "review"]
        assert list(deep.differing(instance_id)) == []


class TestTime:
    def test_timer_fires_at_its_new_moment_only(self, officer: int, at: datetime) -> None:
        deploy_claim(at)
        instance_id = begin("claim", at).instance_id
        (timer,) = api.timers(instance_id)
        due = at + timedelta(days=10)

        api.reschedule_timer(timer.id, due, by=officer, at=at, note="holiday")

        assert api.fire_timers(at + timedelta(days=4)) == 0
        assert list(deep.differing(instance_id)) == []
        assert api.fire_timers(due) == 1

    def test_due_date_of_a_task_moves_in_the_queue(self, officer: int, at: datetime) -> None:
        deploy_claim(at)
        instance_id = begin("claim", at).instance_id
        task = only_task(instance_id)
        due = at + timedelta(days=20)

        api.postpone_task(task.id, due, by=officer, at=at, note="papers are on the way")

        assert only_task(instance_id).due_at == due
        assert UserTaskCandidate.objects.get(task=task.id).due_at == due
        assert act_rows(instance_id, "task_postponed") == [
            (officer, {"note": "papers are on the way"})
        ]

    def test_another_calendar_moves_working_days_and_says_which(
        self, officer: int, at: datetime
    ) -> None:
        old = deploy_with_days(at, off=())
        instance_id = begin("claim", at).instance_id
        (timer,) = api.timers(instance_id)
        due = only_task(instance_id).due_at
        new = deploy_with_days(at, off=("2026-11-11",))
        api.start_migration(old, new, by=officer, at=at, note="holiday")
        api.run_migrations(at)

        moved = api.recalculate_deadlines(new, by=officer, at=at, note="holiday")

        assert [one.element_id for one in moved] == ["late", "check"]
        assert {one.now - one.was for one in moved} == {timedelta(days=1)}
        (later,) = api.timers(instance_id)
        assert (later.id, later.due_at - timer.due_at) == (timer.id, timedelta(days=1))
        assert only_task(instance_id).due_at != due
        assert list(deep.differing(instance_id)) == []
        assert api.recalculate_deadlines(new, by=officer, at=at, note="again") == ()

    def test_one_that_cannot_be_counted_keeps_no_other_back(
        self, officer: int, at: datetime
    ) -> None:
        old = deploy_with_days(at, ())
        odd = begin("claim", at).instance_id
        sound = begin("claim", at, days=2).instance_id
        new = deploy_with_days(at, ("2026-11-11",), days="=days")
        api.start_migration(old, new, by=officer, at=at, note="holiday")
        api.run_migrations(at)

        moved = api.recalculate_deadlines(new, by=officer, at=at, note="holiday")

        assert {one.instance_id for one in moved} == {sound}
        assert list(deep.differing(odd)) == []


def deploy_with_days(at: datetime, off: tuple[str, ...], days: str = "2") -> int:
    """A task and a timer, both due after two working days of a calendar."""
    days = f'<shenling:deadline workingDays="{days}"/>'
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="check"><bpmn:extensionElements>'
        f"{days}</bpmn:extensionElements><bpmn:timerEventDefinition/></bpmn:boundaryEvent>"
    )
    drawn = d.bundle(
        "claim",
        d.start(),
        d.user("check", extra=days),
        late,
        d.end(),
        d.line("start", "check", "end"),
        d.line("late", "end"),
    )
    calendar = {"code": "CN", "known_until": "2027-12-31", "zone": "Asia/Shanghai"}
    raw = json.dumps({**calendar, "off": list(off), "on": []}).encode()
    return deploy(replace(drawn, files={**drawn.files, "calendar.json": raw}), at).id


class TestMany:
    def test_retried_in_bulk(self, register: Register, officer: int, at: datetime) -> None:
        failed_payment(register, officer, at)
        instance_id = begin("claim", at).instance_id
        api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)
        api.run_due(at)
        assert len(api.incidents()) == 2
        register("pay")

        found = api.retry_incidents(element_id="pay", by=officer, at=at, note="bank is back")
        api.run_due(at)

        assert (found.repaired, found.broken_again, found.refused) == (2, 0, {})
        assert api.incidents() == ()
        assert list(UserTask.objects.filter(status="open").values_list("element_id")) == [
            ("review",),
            ("review",),
        ]
