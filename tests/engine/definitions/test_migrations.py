"""Running instances go over to another version: looked at whole, moved one by one, undone."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.errors import MoveRefused, NotFound
from engine.management import deep
from engine.models import MigratedInstance, ProcessInstance, UserTask, UserTaskCandidate
from engine.types import Advance, DefinitionView
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import OFFICE, Cast, deploy, only_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _handler(register: Register) -> None:
    register("pay")


@pytest.fixture
def officer(cast: Cast) -> int:
    return cast.person("officer", "officers", "chiefs")


def version(
    at: datetime, *steps: str, late: str = "P3D", groups: str = "officers"
) -> DefinitionView:
    """A version in which these user tasks follow each other; the first has a deadline."""
    return deploy(
        d.bundle(
            "claim",
            d.start(),
            *(d.user(step, groups) for step in steps),
            d.timer(steps[0], "late", late),
            d.end(),
            d.line("start", *steps, "end"),
            d.line("late", "end"),
        ),
        at,
    )


def begin(at: datetime, number: int = 1) -> Advance:
    return api.start_instance(
        "claim", business_key=f"SL-{number}", scope=OFFICE, variables={}, by=None, at=at
    )


def run(at: datetime) -> None:
    while api.run_migrations(at):
        pass


def healthy() -> bool:
    return not list(deep.problems())


class TestPreview:
    def test_counts_what_can_move_and_why_the_rest_cannot(
        self, officer: int, at: datetime
    ) -> None:
        old = version(at, "check", "review")
        for number in range(3):
            begin(at, number)
        api.complete_task(first_task(), outcome="done", by=officer, at=at)
        new = version(at, "check", "decide")

        found = api.preview_migration(old.id, new.id, at=at)

        assert (found.total, found.movable) == (3, 2)
        assert [(o.reason, o.element_id, o.count) for o in found.obstacles] == [
            ("not_mapped", "review", 1)
        ]
        assert len(found.obstacles[0].examples) == 1
        lines = {line.source[1]: (line.target, line.standing) for line in found.lines}
        assert lines["check"] == (("claim", "check"), 2)
        assert lines["review"] == (None, 1)

    def test_mapping_removes_the_obstacle(self, officer: int, at: datetime) -> None:
        old = version(at, "check", "review")
        begin(at)
        api.complete_task(first_task(), outcome="done", by=officer, at=at)
        new = version(at, "check", "decide")

        found = api.preview_migration(old.id, new.id, mapping={"review": "decide"}, at=at)

        assert (found.total, found.movable) == (1, 1)

    def test_unknown_element_is_named(self, at: datetime) -> None:
        old, new = version(at, "check"), version(at, "check", "decide")

        with pytest.raises(NotFound, match="nowhere"):
            api.preview_migration(old.id, new.id, mapping={"check": "nowhere"}, at=at)


def first_task() -> int:
    """The oldest open task of all."""
    return UserTask.objects.filter(status="open").order_by("pk")[0].pk


class TestMove:
    def test_keeps_draft_desk_deadline_and_timer(self, officer: int, at: datetime) -> None:
        old = version(at, "check", "review")
        instance_id = begin(at).instance_id
        task = only_task(instance_id)
        api.assign_task(task.id, by=officer, at=at)
        api.save_draft(task.id, {"note": "typed"}, by=officer, at=at)
        (timer,) = api.timers(instance_id)
        new = version(at, "check", "extra", "review", late="P9D")

        api.start_migration(old.id, new.id, by=officer, at=at, note="new law")
        run(at)

        moved = only_task(instance_id)
        assert (moved.id, moved.assignee_id, moved.draft) == (task.id, officer, {"note": "typed"})
        assert moved.definition_version == 2
        assert [(t.id, t.due_at) for t in api.timers(instance_id)] == [(timer.id, timer.due_at)]
        assert healthy()
        api.complete_task(task.id, outcome="done", by=officer, at=at)
        assert only_task(instance_id).element_id == "extra"

    def test_renamed_task_stands_in_its_new_queue(self, officer: int, at: datetime) -> None:
        old = version(at, "check")
        instance_id = begin(at).instance_id
        new = version(at, "inspect", groups="chiefs")

        mapping = {"check": "inspect"}
        api.start_migration(old.id, new.id, mapping=mapping, by=officer, at=at, note="")
        run(at)

        task = only_task(instance_id)
        assert (task.element_id, task.name.zh, task.groups) == ("inspect", "inspect", ("chiefs",))
        candidate = UserTaskCandidate.objects.get(task=task.id)
        assert (candidate.group, candidate.element_id) == ("chiefs", "inspect")
        assert healthy()

    def test_what_cannot_move_stays_and_finishes_where_it_is(
        self, officer: int, at: datetime
    ) -> None:
        old = version(at, "check", "review")
        instance_id = begin(at).instance_id
        api.complete_task(first_task(), outcome="done", by=officer, at=at)
        new = version(at, "check", "decide")

        progress = api.start_migration(old.id, new.id, by=officer, at=at, note="")
        run(at)

        found = api.migration(progress.id)
        assert (found.status, found.moved, found.refused, found.left) == ("done", 0, 1, 0)
        item = MigratedInstance.objects.get()
        assert (item.reason, item.element_id) == ("not_mapped", "review")
        done = api.complete_task(first_task(), outcome="done", by=officer, at=at)
        assert done.status == "completed"
        assert api.instance(instance_id).version == 1

    def test_job_of_a_moved_instance_is_answered(
        self, register: Register, officer: int, at: datetime
    ) -> None:
        pay = register("pay", answer={"paid": True})

        def paying(last: str) -> DefinitionView:
            return deploy(
                d.bundle(
                    "claim",
                    d.start(),
                    d.service("pay", "pay"),
                    d.user(last),
                    d.end(),
                    d.line("start", "pay", last, "end"),
                ),
                at,
            )

        old = paying("check")
        instance_id = begin(at).instance_id
        new = paying("inspect")

        api.start_migration(old.id, new.id, by=officer, at=at, note="")
        run(at)
        api.run_due(at)

        assert only_task(instance_id).element_id == "inspect"
        assert len(pay.calls) == 1

    def test_history_says_who_moved_it_and_why(self, officer: int, at: datetime) -> None:
        old = version(at, "check")
        instance_id = begin(at).instance_id
        new = version(at, "check", "review")

        api.start_migration(old.id, new.id, by=officer, at=at, note="new law")
        run(at)

        act = next(row for row in api.history(instance_id) if row.kind == "migrated")
        assert (act.by_id, act.data) == (officer, {"from": 1, "to": 2, "note": "new law"})

    def test_one_migration_of_a_version_at_a_time(self, officer: int, at: datetime) -> None:
        old, new = version(at, "check"), version(at, "check", "review")
        api.start_migration(old.id, new.id, by=officer, at=at, note="")

        with pytest.raises(MoveRefused) as refused:
            api.start_migration(old.id, new.id, by=officer, at=at, note="")

        assert refused.value.reason == "already_migrating"

    def test_pause_and_resume(self, officer: int, at: datetime) -> None:
        old = version(at, "check")
        begin(at)
        new = version(at, "check", "review")
        progress = api.start_migration(old.id, new.id, by=officer, at=at, note="")

        api.pause_migration(progress.id)
        run(at)
        assert api.migration(progress.id).left == 1

        api.resume_migration(progress.id)
        run(at)
        assert api.migration(progress.id).moved == 1


class TestUndo:
    def test_restores_the_very_bytes(self, officer: int, at: datetime) -> None:
        old = version(at, "check", "review")
        instance_id = begin(at).instance_id
        before = bytes(ProcessInstance.objects.get(pk=instance_id).state)
        timers = [(t.element_id, t.due_at) for t in api.timers(instance_id)]
        new = deploy(
            d.bundle(
                "claim", d.start(), d.user("check"), d.end(), d.line("start", "check", "end")
            ),
            at,
        )
        progress = api.start_migration(old.id, new.id, by=officer, at=at, note="")
        run(at)
        assert api.timers(instance_id) == ()

        api.undo_migration(progress.id)
        run(at + timedelta(hours=1))

        row = ProcessInstance.objects.get(pk=instance_id)
        assert bytes(row.state) == before
        assert api.instance(instance_id).version == 1
        assert [(t.element_id, t.due_at) for t in api.timers(instance_id)] == timers
        assert api.migration(progress.id).status == "undone"
        assert healthy()

    def test_leaves_alone_what_somebody_has_acted_on(self, officer: int, at: datetime) -> None:
        old = version(at, "check", "review")
        instance_id = begin(at).instance_id
        new = version(at, "check", "extra", "review")
        progress = api.start_migration(old.id, new.id, by=officer, at=at, note="")
        run(at)
        api.complete_task(first_task(), outcome="done", by=officer, at=at)

        api.undo_migration(progress.id)
        run(at)

        assert api.instance(instance_id).version == 2
        assert MigratedInstance.objects.get().reason == "moved_on"
        assert healthy()
