"""`python -m benchmarks.engine [--json FILE] [--steps N]`: the engine against its floors.

Everything is measured in one process, interleaved, on a PostgreSQL database of its own that is
dropped at the end (BENCH_POSTGRES_URL names the server). Wall times of one machine say little;
the ratios are what is printed and kept.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

SERVER = os.environ.get("BENCH_POSTGRES_URL", "postgres://root@127.0.0.1:5432/postgres")
NAME = f"shenling_bench_{os.getpid()}"
# A child process of ours gets the address of the database its parent made.
URL = os.environ.setdefault("DATABASE_URL", f"{SERVER.rsplit('/', 1)[0]}/{NAME}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SHENLING_TESTING", "true")

import django  # noqa: E402 - the address of the database stands in the environment first

django.setup()

import psycopg2  # type: ignore[import-untyped]  # noqa: E402 - it has no stubs
from django.core.management import call_command  # noqa: E402 - Django is set up above
from django.db import connection  # noqa: E402 - Django is set up above
from django.test.utils import CaptureQueriesContext  # noqa: E402 - Django is set up above

from benchmarks.floor import Floor, StockBlob  # noqa: E402 - Django is set up above
from engine import api  # noqa: E402 - Django is set up above
from engine.kernel import operations  # noqa: E402 - Django is set up above
from engine.kernel import state as codec  # noqa: E402 - Django is set up above
from engine.models import ProcessInstance  # noqa: E402 - Django is set up above
from engine.runtime.loaded import loaded_for  # noqa: E402 - Django is set up above
from engine.runtime.starting import current_definition  # noqa: E402 - Django is set up above
from tests.engine import diagrams as d  # noqa: E402 - Django is set up above
from tests.engine.worlds import Cast, begin, deploy, only_task  # noqa: E402 - see above

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
Measures = dict[str, float]


def diagram(condition: str) -> tuple[str, ...]:
    """A review that is repeated as long as the reviewer says so."""
    return (
        d.start(),
        d.user("review"),
        d.choice("good"),
        '<bpmn:exclusiveGateway id="merge"/>',
        d.end(),
        d.line("start", "merge", "review", "good"),
        d.flow("good", "merge", condition.format("again")),
        d.flow("good", "end", condition.format("done")),
    )


def p50(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1_000


def human_steps(officer: int, steps: int) -> Measures:
    """Milliseconds of a human step: ours, the stock blob, hand-written rows; interleaved."""
    stock_diagram = d.document("claim", *diagram('outcome == "{}"')).replace(b">=", b">")
    stock, floor = StockBlob(URL, stock_diagram, "claim"), Floor()
    ours_id = begin("claim", AT).instance_id
    floor_task = only_task(begin("claim", AT).instance_id).id
    blob = stock.start()
    times: dict[str, list[float]] = {"ours": [], "stock": [], "floor": []}

    def ours() -> None:
        api.complete_task(only_id, outcome="again", by=officer, at=AT)

    def by_hand() -> None:
        nonlocal floor_task
        floor_task = floor.complete(floor_task, officer, AT)

    for number in range(steps):
        if number % 10 == 0:
            # A stock blob grows with every round; ten rounds are a fair length.
            blob = stock.start()
        only_id = only_task(ours_id).id
        times["ours"].append(p50(ours))
        times["stock"].append(p50(partial(stock.complete, blob, "again")))
        times["floor"].append(p50(by_hand))
    return {f"step_ms_{name}": statistics.median(found) for name, found in times.items()}


def kernel_cpu(rounds: int, repeats: int = 300) -> tuple[float, int]:
    """CPU of load, step and save after so many resubmissions, and the bytes of the state."""
    model = loaded_for(current_definition("claim")).model
    state, result = operations.start(model, "claim", {}, at=AT)
    for _ in range(rounds):
        token = result.user_tasks[0].token
        result = operations.complete_user_task(model, state, token, {"outcome": "again"}, at=AT)
    raw, token = codec.dumps(state), result.user_tasks[0].token
    begun = time.process_time()
    for _ in range(repeats):
        fresh = codec.loads(raw)
        operations.complete_user_task(model, fresh, token, {"outcome": "again"}, at=AT)
        codec.dumps(fresh)
    return (time.process_time() - begun) / repeats * 1_000, len(raw)


def growth() -> Measures:
    """What thirty resubmissions cost."""
    kernel_cpu(0)
    (cpu_0, bytes_0), (cpu_30, bytes_30) = kernel_cpu(0), kernel_cpu(30)
    return {
        "cpu_ms_0": cpu_0,
        "cpu_30_over_0": cpu_30 / cpu_0,
        "bytes_0": float(bytes_0),
        "bytes_30_over_0": bytes_30 / bytes_0,
    }


def statements(officer: int) -> Measures:
    """SQL of one human step, BEGIN and COMMIT included, and the messages it travels in."""
    task_id = only_task(begin("claim", AT).instance_id).id
    with CaptureQueriesContext(connection) as captured:
        api.complete_task(task_id, outcome="again", by=officer, at=AT)
    texts = [query["sql"] for query in captured.captured_queries]
    # Several statements in one message are parted as engine.runtime.sql joins them.
    count = sum(len(text.split("; ")) for text in texts)
    return {"sql_per_step": float(count), "messages_per_step": float(len(texts))}


def whole_cases(officer: int, seconds: float) -> int:
    """Cases started and finished (one round, two human steps) in so many seconds."""
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        instance_id = begin("claim", AT).instance_id
        for outcome in ("again", "done"):
            api.complete_task(only_task(instance_id).id, outcome=outcome, by=officer, at=AT)
        done += 1
    return done


def child(officer: int, seconds: float, found: "multiprocessing.Queue[int]") -> None:
    cast = Cast()
    api.register_people(cast)
    cast.person("officer", "officers")
    whole_cases(officer, 0.2)
    found.put(whole_cases(officer, seconds))


def throughput(officer: int, seconds: float) -> Measures:
    """Cases per second of one and of two processes."""
    rates = []
    for count in (1, 2):
        context = multiprocessing.get_context("spawn")
        found: multiprocessing.Queue[int] = context.Queue()
        workers = [
            context.Process(target=child, args=(officer, seconds, found)) for _ in range(count)
        ]
        for worker in workers:
            worker.start()
        rates.append(sum(found.get(timeout=120) for _ in workers) / seconds)
        for worker in workers:
            worker.join()
    return {"cases_per_s_1": rates[0], "processes_2_over_1": rates[1] / rates[0]}


def admin(statement: str) -> None:
    server = psycopg2.connect(SERVER)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(statement)
    server.close()


def measure(steps: int, seconds: float) -> Measures:
    call_command("migrate", verbosity=0)
    cast = Cast()
    api.register_people(cast)
    officer = cast.person("officer", "officers")
    deploy(d.bundle("claim", *diagram('outcome = "{}"')), AT)
    human_steps(officer, 20)
    found = human_steps(officer, steps) | growth() | statements(officer)
    found |= throughput(officer, seconds)
    found["step_over_stock"] = found["step_ms_ours"] / found["step_ms_stock"]
    found["step_over_floor"] = found["step_ms_ours"] / found["step_ms_floor"]
    assert not ProcessInstance.objects.filter(status="suspended").exists()
    return found


def run(what: str | None, measure: Callable[..., Measures], **defaults: float) -> None:
    """Measure on a database of its own, print, and write the file that `--json` names.

    Every keyword is an option of the command line with its default, and goes to `measure`.
    """
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--json", type=Path, help="write the measures here")
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    options = vars(parser.parse_args())
    target = options.pop("json")
    admin(f"CREATE DATABASE {NAME}")
    try:
        found = measure(**options)
    finally:
        connection.close()
        admin(f"DROP DATABASE {NAME} WITH (FORCE)")
    for name, value in found.items():
        print(f"{name:40} {value:12.2f}")
    if target is not None:
        target.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    run(__doc__, measure, steps=300, seconds=5.0)
