"""What a migration would do: every running instance is tried in memory, nothing is changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from engine.errors import NotFound, StateError
from engine.kernel import migration
from engine.kernel import state as codec
from engine.kernel.migration import Place, Plan, Problem
from engine.models import ProcessDefinition, ProcessInstance
from engine.runtime.loaded import Loaded, loaded_for
from engine.runtime.starting import definition_by_id

RUNNING = (ProcessInstance.Status.ACTIVE, ProcessInstance.Status.SUSPENDED)
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One element of the old version; `target` is None when it has no counterpart."""

    source: Place
    target: Place | None
    # How many open items of running instances stand there.
    standing: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why so many instances cannot be moved; reasons are those of `kernel.migration`."""

    reason: str
    element_id: str
    count: int
    # Business keys of a few of them.
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a migration would do, tried on every running instance."""

    lines: tuple[Line, ...]
    total: int
    movable: int
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Two versions, loaded, and how one becomes the other."""

    source: ProcessDefinition
    target: ProcessDefinition
    old: Loaded
    new: Loaded
    plan: Plan


def way(source_id: int, target_id: int, mapping: Mapping[str, str]) -> Way:
    """Pair two versions; `mapping` is "container/element" to the same, or plain elements."""
    source, target = definition_by_id(source_id), definition_by_id(target_id)
    old, new = loaded_for(source), loaded_for(target)
    wanted = {
        place(old, source.process_id, mine): place(new, target.process_id, theirs)
        for mine, theirs in mapping.items()
    }
    found = migration.plan(old.model, new.model, source.process_id, target.process_id, wanted)
    return Way(source, target, old, new, found)


def place(loaded: Loaded, process_id: str, name: str) -> Place:
    """Where "container/element" is, or an element of the process whose container is not said."""
    container, _, element = name.rpartition("/")
    if not container:
        node = loaded.nodes.get((process_id, element))
        container = "" if node is None else node.container
    known = loaded.model.containers.get(container)
    if known is None or element not in known.nodes:
        raise NotFound(f"element {name}")
    return container, element


def preview(
    source_id: int, target_id: int, mapping: Mapping[str, str], *, at: datetime
) -> Preview:
    """Try every running instance of the source, without a lock and without a change."""
    found = way(source_id, target_id, mapping)
    standing: Counter[Place] = Counter()
    obstacles: dict[tuple[str, str], list[str]] = {}
    total = movable = 0
    for key, raw in running(source_id).values_list("business_key", "state").iterator(500):
        total += 1
        places, problems = tried(bytes(raw), found.plan, at=at)
        standing.update(places)
        movable += not problems
        for problem in problems:
            obstacles.setdefault((problem.reason, problem.element_id), []).append(key)
    return Preview(
        tuple(
            Line((name, node.id), found.plan.place(name, node.id), standing[name, node.id])
            for name in found.plan.containers
            for node in found.old.model.containers[name].nodes.values()
        ),
        total,
        movable,
        tuple(
            Obstacle(reason, element, len(keys), tuple(keys[:EXAMPLES]))
            for (reason, element), keys in sorted(obstacles.items())
        ),
    )


def tried(raw: bytes, how: Plan, *, at: datetime) -> tuple[list[Place], list[Problem]]:
    """Where an instance stands, and what keeps it from moving."""
    try:
        state = codec.loads(raw)
    except StateError:
        return [], [Problem("unreadable", "")]
    places = [(e.container, e.element) for e in state.executions.values()]
    return places, migration.trial(state, how, at=at)


def running(source_id: int) -> QuerySet[ProcessInstance]:
    return ProcessInstance.objects.filter(definition=source_id, status__in=RUNNING).order_by("pk")
