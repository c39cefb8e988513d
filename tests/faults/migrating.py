"""Moves many instances, in a process that may be killed anywhere.

MODE=prepare deploys two versions and starts COUNT instances; without it the migration goes on
from wherever it stands.
"""

import os
from datetime import UTC, datetime

from engine import api
from tests.engine import diagrams as d
from tests.engine.worlds import Cast, deploy

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def prepare(count: int) -> None:
    versions = [
        deploy(
            d.bundle(
                "claim",
                d.start(),
                *(d.user(step) for step in steps),
                d.timer("check", "late", "P3D"),
                d.end(),
                d.line("start", *steps, "end"),
                d.line("late", "end"),
            ),
            AT,
        )
        for steps in (("check",), ("check", "review"))
    ]
    for number in range(count):
        api.start_instance(
            "claim",
            business_key=f"SL-{number}",
            scope="P/CC",
            variables={},
            by=None,
            at=AT,
            definition_id=versions[0].id,
        )
    api.start_migration(versions[0].id, versions[1].id, by=None, at=AT, note="")


def work() -> None:
    api.register_people(Cast())
    if os.environ.get("MODE") == "prepare":
        prepare(int(os.environ["COUNT"]))
        return
    while api.run_migrations(AT):
        pass
