"""Migrations of instances that are in an odd place at that moment: ended, failed, undone twice."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.definitions import migrating, previewing
from engine.errors import HandlerError, MoveRefused
from engine.management import deep
from engine.models import (
    InboundMessage,
    Job,
    MigratedInstance,
    MigrationPlan,
    ProcessInstance,
    Timer,
    UserTask,
    UserTaskCandidate,
)
from engine.types import DefinitionView
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast: Cast) -> int:
    return cast.person("officer", "officers", "chiefs")


def one_task(at: datetime, *parts: str, groups: str = "officers") -> DefinitionView:
    return deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("check", groups),
            d.end(),
            d.line("start", "check", "end"),
            *parts,
        ),
        at,
    )


def paying(at: datetime, job_type: str, *parts: str) -> DefinitionView:
    return deploy(
        d.bundle(
            "claim",
            d.start(),
            d.service("pay", job_type, retries=1),
            d.end(),
            d.line("start", "pay", "end"),
            *parts,
        ),
        at,
    )


def listening(at: datetime, event: str) -> DefinitionView:
    """A task beside which an event subprocess listens."""
    return deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("check"),
            d.end(),
            d.line("start", "check", "end"),
            '<bpmn:subProcess id="aside" triggeredByEvent="true">'
            f'<bpmn:startEvent id="heard" isInterrupting="false">{event}</bpmn:startEvent>'
            f"{d.end('aside_end')}{d.line('heard', 'aside_end')}</bpmn:subProcess>",
            around=d.message(key="=claim"),
        ),
        at,
    )


TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration "
    'xsi:type="bpmn:tFormalExpression">P3D</bpmn:timeDuration></bpmn:timerEventDefinition>'
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="m_payment"/>'


def migrate(old: DefinitionView, new: DefinitionView, by: int, at: datetime) -> int:
    progress = api.start_migration(old.id, new.id, by=by, at=at, note="")
    while api.run_migrations(at):
        pass
    return progress.id


def healthy() -> bool:
    return not list(deep.problems())


def test_instance_that_ends_before_its_turn_is_left_alone(officer: int, at: datetime) -> None:
    old = one_task(at)
    instance_id = begin("claim", at).instance_id
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    progress = api.start_migration(old.id, new.id, by=officer, at=at, note="")
    api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)
    before = ProcessInstance.objects.values().get(pk=instance_id)
    plan = MigrationPlan.objects.get(pk=progress.id)

    found = previewing.way(old.id, new.id, {})
    assert not migrating.move(plan, found, instance_id, at=at + timedelta(days=1))

    assert ProcessInstance.objects.values().get(pk=instance_id) == before


def test_instance_is_not_moved_for_a_plan_that_is_being_undone(officer: int, at: datetime) -> None:
    old = one_task(at)
    instance_id = begin("claim", at).instance_id
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    progress = api.start_migration(old.id, new.id, by=officer, at=at, note="")
    plan = MigrationPlan.objects.get(pk=progress.id)
    api.undo_migration(progress.id)

    found = previewing.way(old.id, new.id, {})
    assert not migrating.move(plan, found, instance_id, at=at)

    assert api.instance(instance_id).version == 1


def test_undone_twice_is_undone_once(officer: int, at: datetime) -> None:
    old = one_task(at)
    begin("claim", at)
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    plan_id = migrate(old, new, officer, at)
    api.undo_migration(plan_id)
    item = MigratedInstance.objects.get()
    found = previewing.way(old.id, new.id, {})

    for _ in range(2):
        migrating.undo(found, item.pk, at=at)

    item.refresh_from_db()
    assert (item.status, item.reason) == ("undone", "")


def test_undo_waits_for_the_next_migration_of_the_version(officer: int, at: datetime) -> None:
    old = one_task(at)
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    first = migrate(old, new, officer, at)
    api.start_migration(old.id, new.id, by=officer, at=at, note="")

    with pytest.raises(MoveRefused) as refused:
        api.undo_migration(first)

    assert refused.value.reason == "already_migrating"


def test_failed_job_is_tried_again_as_the_new_version_draws_it(
    register: Register, officer: int, at: datetime
) -> None:
    register("pay", answer=HandlerError("no_such_bank"))
    other = register("pay_otherwise", answer={"paid": True})
    old = paying(at, "pay")
    instance_id = begin("claim", at).instance_id
    api.run_due(at)
    new = paying(at, "pay_otherwise")
    migrate(old, new, officer, at)

    (incident,) = api.incidents(instance_id)
    api.resolve_incident(incident.id, by=officer, at=at)
    api.run_due(at)

    assert len(other.calls) == 1
    assert api.instance(instance_id).status == "completed"
    assert Job.objects.get().type == "pay_otherwise"


def test_task_stands_in_the_queue_that_the_new_version_reckons(officer: int, at: datetime) -> None:
    old = one_task(at)
    instance_id = begin("claim", at, to="chiefs").instance_id
    new = one_task(at, groups="=to")

    plan_id = migrate(old, new, officer, at)

    task = UserTask.objects.get(instance=instance_id)
    assert task.groups == ["chiefs"]
    assert UserTaskCandidate.objects.get(task=task).group == "chiefs"
    api.undo_migration(plan_id)
    api.run_migrations(at)
    assert only_task(instance_id).groups == ("officers",)
    assert healthy()


def test_task_leaves_the_queue_that_the_old_version_reckoned(officer: int, at: datetime) -> None:
    old = one_task(at, groups="=to")
    instance_id = begin("claim", at, to="chiefs").instance_id
    new = one_task(at, groups="officers")

    migrate(old, new, officer, at)

    assert only_task(instance_id).groups == ("officers",)
    assert healthy()


def test_queue_that_cannot_be_reckoned_is_an_obstacle(officer: int, at: datetime) -> None:
    old = one_task(at)
    instance_id = begin("claim", at).instance_id
    new = one_task(at, groups="=to")

    migrate(old, new, officer, at)

    assert MigratedInstance.objects.get().reason == "cannot_assign"
    assert only_task(instance_id).groups == ("officers",)


def test_listener_of_another_kind_is_armed_anew(officer: int, at: datetime) -> None:
    old = listening(at, TIMER)
    instance_id = begin("claim", at, claim="SL-1").instance_id
    assert len(api.timers(instance_id)) == 1
    new = listening(at, MESSAGE)

    migrate(old, new, officer, at)

    assert [token.kind for token in api.tokens(instance_id)] == ["user_task", "message"]
    assert api.timers(instance_id) == ()
    assert healthy()
    api.correlate_message("payment", key="SL-1", by=None, at=at)
    assert only_task(instance_id).element_id == "check"


def test_job_that_the_new_version_does_at_once_is_not_undone(
    register: Register, officer: int, at: datetime
) -> None:
    register("pay")
    register("note", transactional=True)
    old = paying(at, "pay")
    instance_id = begin("claim", at).instance_id
    new = paying(at, "note")
    plan_id = migrate(old, new, officer, at)
    assert api.instance(instance_id).status == "completed"

    api.undo_migration(plan_id)
    while api.run_migrations(at):
        pass

    assert api.migration(plan_id).status == "undone"
    assert MigratedInstance.objects.get().reason == "moved_on"
    assert api.instance(instance_id).status == "completed"


def test_timer_that_comes_back_remembers_when_it_began(officer: int, at: datetime) -> None:
    old = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    instance_id = begin("claim", at).instance_id
    before = list(Timer.objects.values())
    plan_id = migrate(old, one_task(at), officer, at + timedelta(hours=1))
    assert api.timers(instance_id) == ()

    api.undo_migration(plan_id)
    api.run_migrations(at + timedelta(hours=2))

    assert list(Timer.objects.values()) == before
    assert healthy()


def test_failed_job_gets_the_deadline_that_the_new_version_adds(
    register: Register, officer: int, at: datetime
) -> None:
    register("pay", answer=HandlerError("no_such_bank"))
    old = paying(at, "pay")
    instance_id = begin("claim", at).instance_id
    api.run_due(at)
    new = paying(at, "pay", d.timer("pay", "late", "P3D"), d.line("late", "end"))

    migrate(old, new, officer, at)

    assert [timer.element_id for timer in api.timers(instance_id)] == ["late"]
    assert healthy()


def test_one_damaged_instance_keeps_no_other_back(officer: int, at: datetime) -> None:
    old = one_task(at)
    damaged, sound = begin("claim", at).instance_id, begin("claim", at).instance_id
    ProcessInstance.objects.filter(pk=damaged).update(state=b"no state")
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))

    (obstacle,) = api.preview_migration(old.id, new.id, at=at).obstacles
    assert (obstacle.reason, obstacle.count) == ("unreadable", 1)
    plan_id = migrate(old, new, officer, at)

    found = api.migration(plan_id)
    assert (found.status, found.moved, found.refused) == ("done", 1, 1)
    assert api.instance(sound).version == 2
    assert MigratedInstance.objects.get(instance=damaged).reason == "unreadable"


def test_instance_whose_rows_are_lost_keeps_no_other_back(officer: int, at: datetime) -> None:
    old = one_task(at)
    odd, sound = begin("claim", at).instance_id, begin("claim", at).instance_id
    UserTask.objects.filter(instance=odd).update(status="cancelled", closed_at=at)
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    plan_id = migrate(old, new, officer, at)

    assert api.migration(plan_id).status == "done"
    assert MigratedInstance.objects.get(instance=odd).reason == "move_failed"
    assert (api.instance(odd).version, api.instance(sound).version) == (1, 2)


def test_instance_that_cannot_be_taken_back_keeps_no_other_back(
    officer: int, at: datetime
) -> None:
    old = one_task(at)
    odd, sound = begin("claim", at).instance_id, begin("claim", at).instance_id
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    plan_id = migrate(old, new, officer, at)
    MigratedInstance.objects.filter(instance=odd).update(before=b"no state")

    api.undo_migration(plan_id)
    while api.run_migrations(at):
        pass

    assert api.migration(plan_id).status == "undone"
    assert MigratedInstance.objects.get(instance=odd).reason == "undo_failed"
    assert (api.instance(odd).version, api.instance(sound).version) == (2, 1)


def test_suspended_instance_stays_suspended(officer: int, at: datetime) -> None:
    old = one_task(at)
    instance_id = begin("claim", at).instance_id
    new = one_task(at, d.timer("check", "late", "P3D"), d.line("late", "end"))
    api.suspend_instance(instance_id, by=officer, at=at)

    plan_id = migrate(old, new, officer, at)

    moved = api.instance(instance_id)
    assert (moved.version, moved.status) == (2, "suspended")
    api.undo_migration(plan_id)
    api.run_migrations(at)
    back = api.instance(instance_id)
    assert (back.version, back.status) == (1, "suspended")
    api.resume_instance(instance_id, by=officer, at=at)
    api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)
    assert api.instance(instance_id).status == "completed"


def test_message_that_waits_is_not_taken_by_a_suspended_instance(
    officer: int, at: datetime
) -> None:
    old = listening(at, TIMER)
    instance_id = begin("claim", at, claim="SL-1").instance_id
    api.suspend_instance(instance_id, by=officer, at=at)
    api.correlate_message("payment", key="SL-1", by=None, at=at, ttl_s=3_600)

    migrate(old, listening(at, MESSAGE), officer, at)

    assert InboundMessage.objects.get().status == "waiting"
    api.resume_instance(instance_id, by=officer, at=at)
    api.deliver_messages(at)
    assert InboundMessage.objects.get().status == "delivered"


def test_past_of_a_renamed_task_ends_with_it(officer: int, at: datetime) -> None:
    old = one_task(at)
    instance_id = begin("claim", at).instance_id
    new = deploy(
        d.bundle(
            "claim", d.start(), d.user("inspect"), d.end(), d.line("start", "inspect", "end")
        ),
        at,
    )
    mapping = {"check": "inspect"}
    api.start_migration(old.id, new.id, mapping=mapping, by=officer, at=at, note="")
    api.run_migrations(at)
    done = api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)

    found = api.diagram_state(instance_id, revision=done.revision)["elements"]

    assert isinstance(found, dict)
    assert found["inspect"]["state"] == "completed"  # type: ignore[index,call-overload]
    assert "check" not in found
