"""`python -m benchmarks.peers [--json FILE]`: whole instances per second, ours and Viewflow's.

The same process in both: started, three automatic checks beside each other, two people who take a
task and conclude it, a decision between them, an automatic order, ended. One transaction per act,
a row lock on the instance, interleaved in one Python process on one PostgreSQL database. Viewflow
(AGPL) is installed for the benchmark alone. spiff-arena is not on the package index: it was
measured at 0.14 of Viewflow's rate on the same process (5.0 against 35.6 instances per second).
"""

import os
import time
from collections.abc import Callable, Sequence
from functools import partial

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peer_settings"

# Sets Django up, which all that follows needs.
from benchmarks.engine import AT, run

# isort: split

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from benchmarks.viewflow_claim.flows import ClaimFlow
from engine import api
from engine.types import HandlerCall, Text
from tests.engine import diagrams as d
from tests.engine.worlds import Cast, begin, deploy, only_task

ARENA_OVER_VIEWFLOW = 5.0 / 35.6


def theirs(people: Sequence[object]) -> None:
    """One whole instance of Viewflow."""
    process = ClaimFlow.start.run()
    for step, person in zip((ClaimFlow.review, ClaimFlow.approve), people, strict=True):
        with transaction.atomic(), ClaimFlow.lock(process.pk):
            task = process.task_set.get(flow_task=step, status="NEW")
            step.activation_class(task).assign(person)
        with transaction.atomic(), ClaimFlow.lock(process.pk):
            task = process.task_set.get(flow_task=step, status="ASSIGNED")
            activation = step.activation_class(task)
            activation.start(None)
            activation.execute()


def ours(officers: Sequence[int]) -> None:
    """One whole instance of ours: queue rows, history, rules about people included."""
    instance_id = begin("claim", AT).instance_id
    for officer in officers:
        task = only_task(instance_id)
        api.assign_task(task.id, by=officer, at=AT)
        api.complete_task(
            task.id, outcome="good" if task.element_id == "review" else "done", by=officer, at=AT
        )


CHECKS = ("scan", "registers", "duplicates")


def drawn() -> tuple[str, ...]:
    """The same claim in BPMN."""
    return (
        d.start(),
        d.fork("split"),
        *(d.service(check, "check") for check in CHECKS),
        d.fork("join"),
        d.user("review"),
        d.choice("decision"),
        d.user("approve"),
        d.service("order", "check"),
        d.end(),
        d.line("start", "split"),
        *(d.line("split", check, "join") for check in CHECKS),
        d.line("join", "review", "decision"),
        d.flow("decision", "approve", 'outcome = "good"'),
        d.flow("decision", "end", 'outcome = "bad"'),
        d.line("approve", "order", "end"),
    )


def checked(call: HandlerCall) -> None:
    """A check that finds nothing."""
    del call


def rate(act: Callable[[], None], seconds: float) -> float:
    end, done = time.monotonic() + seconds, 0
    begun = time.monotonic()
    while time.monotonic() < end:
        act()
        done += 1
    return done / (time.monotonic() - begun)


def measure(rounds: int, seconds: float) -> dict[str, float]:
    call_command("migrate", verbosity=0)
    cast = Cast()
    api.register_people(cast)
    officers = (cast.person("officer", "officers"), cast.person("chief", "officers"))
    api.handler("check", transactional=True, description=Text("check"))(checked)
    users = [get_user_model().objects.get(pk=pk) for pk in officers]
    deploy(d.bundle("claim", *drawn()), AT)
    rates: dict[str, list[float]] = {"ours": [], "viewflow": []}
    for _ in range(rounds):
        rates["ours"].append(rate(partial(ours, officers), seconds))
        rates["viewflow"].append(rate(partial(theirs, users), seconds))
    # Both came to their ends.
    assert api.figures(AT)["instances_active"] == 0
    assert not ClaimFlow.process_class.objects.exclude(status="DONE").exists()
    best = {name: max(found) for name, found in rates.items()}
    return {
        "instances_per_s_ours": best["ours"],
        "instances_per_s_viewflow": best["viewflow"],
        "ours_over_viewflow": best["ours"] / best["viewflow"],
        "ours_over_arena_by_its_measured_ratio": best["ours"]
        / (best["viewflow"] * ARENA_OVER_VIEWFLOW),
    }


if __name__ == "__main__":
    run(__doc__, measure, rounds=3, seconds=3.0)
