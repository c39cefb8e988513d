"""A person stands at the lock of an instance that is being moved to another version."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from engine import api, faults
from engine.errors import NotPermitted
from engine.models import ProcessInstance
from engine.runtime import timers
from engine.runtime.step import lock_instance
from engine.types import DefinitionView
from tests.engine import diagrams as d
from tests.engine.postgres_world import together
from tests.engine.worlds import Cast, begin, deploy, only_task
from tests.faults.gates import Director

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres", "bells")]
GATE = "migrate.before_commit"


def version(at: datetime, groups: str) -> DefinitionView:
    return deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("check", groups),
            d.end(),
            d.line("start", "check", "end"),
        ),
        at,
    )


def test_who_may_is_asked_of_the_version_behind_the_lock(
    cast: Cast, at: datetime, postgres: str
) -> None:
    officer = cast.person("officer", "officers")
    old = version(at, "officers")
    task = only_task(begin("claim", at).instance_id)
    new = version(at, "chiefs")
    api.start_migration(old.id, new.id, by=officer, at=at, note="")
    director = Director(postgres)
    faults.arm({"FAULTS": f"{GATE}:gate"})
    director.close_gate(GATE)

    def complete() -> object:
        director.wait_at(GATE)
        return api.complete_task(task.id, outcome="done", by=officer, at=at)

    def opener() -> None:
        director.wait_blocked()
        director.open_gate(GATE)

    try:
        _, refused, _ = together(partial(api.run_migrations, at), complete, opener)
    finally:
        faults.arm({})
        director.close()

    assert isinstance(refused, NotPermitted)
    assert only_task(task.instance_id).groups == ("chiefs",)


def test_timer_fires_as_the_version_behind_the_lock_calls_it(
    cast: Cast, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = cast.person("officer", "officers")

    def timed(late: str) -> DefinitionView:
        return deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("check"),
                d.timer("check", late, "P1D"),
                d.end(),
                d.line("start", "check", "end"),
                d.line(late, "end"),
            ),
            at,
        )

    old = timed("late")
    instance_id = begin("claim", at).instance_id
    new = timed("overdue")
    api.start_migration(old.id, new.id, mapping={"late": "overdue"}, by=officer, at=at, note="")
    real = lock_instance

    def moved_before(locked: int, *, skip_locked: bool = False) -> ProcessInstance | None:
        (done,) = together(partial(api.run_migrations, at))
        assert done == 1
        return real(locked, skip_locked=skip_locked)

    monkeypatch.setattr(timers, "lock_instance", moved_before)
    (timer,) = api.timers(instance_id)

    assert timers.fire_timer(timer.id, at=at + timedelta(days=2))

    assert api.instance(instance_id).status == "completed"
    assert api.incidents(instance_id) == ()
