"""One case from start to end, from wherever it stands; safe to start again at any time.

The outside system is a file: one line per call, with the key that the handler was given.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from engine import api
from engine.errors import NotFound
from engine.types import HandlerCall, Text
from tests.engine import diagrams as d
from tests.engine.worlds import Cast, begin, deploy

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def pay(call: HandlerCall) -> None:
    """Tell the outside system; it keeps what it was told, whatever becomes of this process."""
    with Path(os.environ["OUTSIDE"]).open("a") as lines:
        lines.write(f"{call.key}\n")
        lines.flush()
        os.fsync(lines.fileno())


def walk() -> None:
    """Review, payment by a background job, closing."""
    api.handler("pay", transactional=False, description=Text("pay", "pay"))(pay)
    cast = Cast()
    api.register_people(cast)
    officer = cast.person("officer", "officers")
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("review"),
            d.service("pay", "pay"),
            d.user("close"),
            d.end(),
            d.line("start", "review", "pay", "close", "end"),
        ),
        AT,
    )
    try:
        case = api.instance(business_key="SL-1").id
    except NotFound:
        case = begin("claim", AT).instance_id
    for _ in range(4):
        for task in api.open_tasks(case):
            api.complete_task(task.id, outcome="done", by=officer, at=AT)
        api.run_due(AT)
