"""D1: what the stored state of every running instance says is open is what the rows show."""

from collections.abc import Iterator

from engine.errors import EngineError
from engine.kernel import operations
from engine.management.invariants import Violation
from engine.models import ProcessInstance
from engine.runtime.loaded import loaded_for
from engine.runtime.open_rows import OpenRows, open_rows
from engine.runtime.reading import state_of
from engine.types import StepResult

TITLE = "the open items of a state are the open rows"


def problems() -> Iterator[Violation]:
    """One violation per instance whose rows and state disagree, or whose state does not load."""
    running = ProcessInstance.objects.filter(status__in=["active", "suspended"])
    for pk in running.order_by("pk").values_list("pk", flat=True).iterator():
        found = tuple(differing(pk))
        if found:
            yield Violation("D1", "R2", TITLE, tuple((str(pk), what) for what in found))


def differing(instance_id: int) -> Iterator[str]:
    try:
        instance, state = state_of(instance_id)
        items = operations.open_items(loaded_for(instance.definition).model, state)
    except EngineError as error:
        yield error.code
        return
    yield from compare(items, open_rows(instance_id))


def compare(items: StepResult, rows: OpenRows) -> Iterator[str]:
    """Names of the kinds of rows that differ from the state."""
    if {task.token for task in items.user_tasks} != set(rows.tasks):
        yield "user tasks"
    if {job.token for job in items.jobs} != set(rows.jobs):
        yield "jobs"
    timers = {(timer.token, timer.element_id, timer.due_at) for timer in items.timers}
    if timers != set(rows.timers):
        yield "timers"
    subscriptions = {
        (item.token, item.element_id, item.kind, item.name, item.key)
        for item in items.subscriptions
    }
    if subscriptions != set(rows.subscriptions):
        yield "subscriptions"
