"""A person stands at the lock of an instance that is being moved to another version."""

from datetime import datetime
from functools import partial

import pytest

from engine import api, faults
from engine.errors import NotPermitted
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
