"""What differs between two versions of a process, element by element."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from engine.definitions.listing import bundle_of
from engine.kernel.model import Node
from engine.models import Job, Subscription, Timer, UserTask
from engine.runtime.loaded import Loaded
from engine.types import Text

# Attributes that only say where an element stands in the drawing's own structure.
STRUCTURE = frozenset({"id", "container", "process", "incoming", "boundaries"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that was added, removed or changed.

    `running` are the open items of instances of the first version that stand at it.
    """

    element_id: str
    kind: str
    change: str
    name: Text
    attributes: tuple[str, ...]
    running: int


def differences(first_id: int, second_id: int) -> tuple[Difference, ...]:
    """Elements that differ between two definitions, by id."""
    (first, old), (second, new) = bundle_of(first_id), bundle_of(second_id)
    before, after = nodes_of(old, first.process_id), nodes_of(new, second.process_id)
    running = standing_at(first_id)
    found = []
    for element_id in sorted(before.keys() | after.keys()):
        was, is_ = before.get(element_id), after.get(element_id)
        shown = is_ or was
        changed = attributes(was, is_)
        if shown is None or (was is not None and is_ is not None and not changed):
            continue
        change = "added" if was is None else "removed" if is_ is None else "changed"
        found.append(
            Difference(
                element_id, shown.kind, change, shown.name, changed, running.get(element_id, 0)
            )
        )
    return tuple(found)


def nodes_of(loaded: Loaded, process_id: str) -> dict[str, Node]:
    return {
        element: node for (process, element), node in loaded.nodes.items() if process == process_id
    }


def attributes(was: Node | None, is_: Node | None) -> tuple[str, ...]:
    """Names of the attributes that differ."""
    if was is None or is_ is None:
        return ()
    return tuple(
        name
        for name in sorted(Node.__dataclass_fields__)
        if name not in STRUCTURE and described(getattr(was, name)) != described(getattr(is_, name))
    )


def described(value: object) -> str:
    """A value as text; expressions and frozen parts describe themselves completely."""
    if isinstance(value, Mapping):
        return repr(sorted(value.items()))
    return repr(value)


def standing_at(definition_id: int) -> Mapping[str, int]:
    """Element -> open items of running instances of this definition."""
    counts: dict[str, int] = {}
    for found in (
        UserTask.objects.filter(status="open"),
        Job.objects.filter(status__in=["ready", "leased"]),
        Timer.objects.filter(status="pending", host=None),
        Subscription.objects.filter(status="open", host=None),
    ):
        rows = (
            found.filter(instance__definition=definition_id)
            .values_list("element_id")
            .annotate(count=Count("pk"))
        )
        for element_id, count in rows:
            counts[element_id] = counts.get(element_id, 0) + count
    return counts
