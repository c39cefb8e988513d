"""`python -m benchmarks.scale [--json FILE]`: what many instances cost, on PostgreSQL.

Timers that are all due at once and two schedulers; a human step beside a hundred and beside a
hundred thousand waiting instances; a rehearsal of a thousand claims; a migration preview.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from functools import partial

# Sets Django up, which all that follows needs.
from benchmarks.engine import AT, Measures, p50, run

# isort: split

from datetime import timedelta

from django.core.management import call_command
from django.db import connection

from engine import api
from engine.models import HistoryEvent, ProcessInstance, Timer
from tests.engine import diagrams as d
from tests.engine.worlds import GROUPS, Cast, begin, deploy, only_task

WAITING = d.bundle(
    "claim",
    d.start(),
    d.user("review"),
    d.user("approve"),
    d.end(),
    d.line("start", "review", "approve", "end"),
)
TIMED = d.bundle(
    "timed",
    d.start(),
    d.user("check"),
    d.timer("check", "late", "PT1H"),
    d.end(),
    d.line("start", "check", "end"),
    d.line("late", "end"),
    key="timed",
)


def scheduler(found: "multiprocessing.Queue[int]") -> None:
    """Fires what is due until nothing is left."""
    api.register_people(Cast())
    fired = 0
    while True:
        now = api.fire_timers(AT + timedelta(hours=2))
        fired += now
        if not now and not Timer.objects.filter(status="pending").exists():
            break
    found.put(fired)


def due_timers(count: int) -> Measures:
    """Timers due at once, fired by two processes; each exactly once."""
    deploy(TIMED, AT)
    copies(begin_timed(), count - 1)
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[int] = context.Queue()
    workers = [context.Process(target=scheduler, args=(found,)) for _ in range(2)]
    begun = time.monotonic()
    for worker in workers:
        worker.start()
    fired = sum(found.get(timeout=600) for _ in workers)
    seconds = time.monotonic() - begun
    for worker in workers:
        worker.join()
    events = HistoryEvent.objects.filter(kind="timer_fired", seq=0).count()
    assert (fired, events) == (count, count), (fired, events)
    assert not ProcessInstance.objects.filter(definition__process_id="timed", ended_at=None)
    return {"timers_fired_once": float(events), "timers_per_s_two_schedulers": count / seconds}


def begin_timed() -> int:
    return api.start_instance(
        "timed", business_key="T-1", scope="P/CC", variables={}, by=None, at=AT
    ).instance_id


def copies(instance_id: int, count: int) -> None:
    """Copy an instance with its open task, queue row and timer, straight in the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM engine_processinstance")
        last = cursor.fetchone()[0]
        for table, link in (
            ("engine_processinstance", "id"),
            ("engine_usertask", "instance_id"),
            ("engine_timer", "instance_id"),
        ):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name <> 'id'",
                [table],
            )
            names = [f'"{row[0]}"' for row in cursor.fetchall()]
            key = {f'"{link}"': f"{last} + n", '"business_key"': "'C-' || n"}
            values = [key.get(name, name) for name in names]
            if link == "id":
                names, values = ["id", *names], [f"{last} + n", *values]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"  # noqa: S608 - our own names
                f" FROM {table}, generate_series(1, %s) n WHERE {table}.{link} = %s",
                [count, instance_id],
            )
        cursor.execute(
            "SELECT setval('engine_processinstance_id_seq', (SELECT max(id) FROM"
            " engine_processinstance))"
        )
        cursor.execute(
            'INSERT INTO engine_usertaskcandidate (task_id, "group", scope, element_id, rank,'
            " due_at) SELECT t.id, 'officers', t.scope, t.element_id, -50, '9999-01-01'"
            " FROM engine_usertask t WHERE t.instance_id > %s",
            [last],
        )
        cursor.execute("ANALYZE")


def step_p50(officer: int, count: int) -> float:
    found = []
    for _ in range(count):
        task_id = only_task(begin("claim", AT).instance_id).id
        found.append(p50(partial(complete, task_id, officer)))
    return statistics.median(found)


def complete(task_id: int, officer: int) -> None:
    api.complete_task(task_id, outcome="done", by=officer, at=AT)


def waiting(officer: int, count: int) -> Measures:
    """A human step beside a hundred, and beside very many waiting instances."""
    deploy(WAITING, AT)
    template = begin("claim", AT).instance_id
    copies(template, 100)
    step_p50(officer, 50)
    few = step_p50(officer, 200)
    copies(template, count)
    step_p50(officer, 50)
    many = step_p50(officer, 200)
    page = seconds_of(lambda: api.worklist(by=officer, at=AT))
    return {
        "step_ms_100_waiting": few,
        "step_ms_many_waiting": many,
        "many_over_100_waiting": many / few,
        "worklist_page_ms_many_waiting": page * 1_000,
    }


def seconds_of(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def rehearsed(officers: tuple[int, int], count: int) -> Measures:
    """A rehearsal of finished claims on an edited definition, and a migration preview."""
    old = api.definitions("test")[0]
    ids = []
    for _ in range(count):
        instance_id = begin("claim", AT).instance_id
        for officer in officers:
            complete(only_task(instance_id).id, officer)
        ids.append(instance_id)
    edited = d.bundle(
        "claim",
        d.start(),
        d.user("review"),
        d.user("countersign"),
        d.user("approve"),
        d.end(),
        d.line("start", "review", "countersign", "approve", "end"),
    )
    begun = time.perf_counter()
    result = api.rehearse(edited, "claim", groups=GROUPS, instance_ids=ids)
    seconds = time.perf_counter() - begun
    assert len(result.instances) == count
    assert result.stopped == {("nobody_answered", "countersign"): count}
    new = deploy(edited, AT)
    preview = seconds_of(lambda: api.preview_migration(old.id, new.id, at=AT))
    running = ProcessInstance.objects.filter(definition=old.id, ended_at=None).count()
    return {
        "rehearsed_claims": float(count),
        "rehearsal_s": seconds,
        "previewed_instances": float(running),
        "preview_s": preview,
    }


def measure(timers: int, many: int, claims: int) -> Measures:
    call_command("migrate", verbosity=0)
    cast = Cast()
    api.register_people(cast)
    officers = (cast.person("officer", "officers"), cast.person("chief", "officers"))
    return due_timers(timers) | waiting(officers[0], many) | rehearsed(officers, claims)


if __name__ == "__main__":
    run(__doc__, measure, timers=10_000, many=100_000, claims=1_000)
