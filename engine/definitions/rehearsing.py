"""Rehearsal: real history on a definition that is not deployed, and what would differ."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from engine.definitions.playing import Played, Player, Policy
from engine.definitions.recording import Recording, recordings
from engine.errors import DeploymentRefused, NotFound, StateError
from engine.kernel import operations
from engine.kernel import state as codec
from engine.kernel.read import read_bundle
from engine.models import ProcessInstance
from engine.runtime.loaded import attach_definition, loaded_for, loaded_from
from engine.runtime.values import Json
from engine.types import Bundle, Catalogue, Variables

Queues = tuple[tuple[str, tuple[str, ...]], ...]
MAX_INSTANCES = 10_000


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One instance on the edited definition beside what it did in fact.

    `stopped` is empty, or why the play ended before the recording: `nobody_answered`,
    `no_recorded_result`, `outcome_gone`, `incident:<code>`, `nothing_comes`, `loop`,
    `changed_by_hand`, `no_record`, or the code of an error. Then only what was played is compared.
    """

    instance_id: int
    business_key: str
    stopped: str
    stopped_at: str
    # The first element at which the ways part: as it was, as it would be; both empty if equal.
    parted: tuple[str, str]
    # Element -> the decision's value then and now, where they differ.
    decisions: Mapping[str, tuple[Json, Json]]
    # Open user tasks, by element and groups, of an instance that still runs and can be read.
    queues: tuple[Queues, Queues]
    # How many people signed, then and now.
    signatures: tuple[int, int]
    # What people did to the instance itself then, such as `token_moved` or `migrated`: its way
    # was not the definition's alone.
    by_hand: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return bool(
            self.stopped
            or self.parted != ("", "")
            or self.decisions
            or self.other_queue
            or self.other_signatures
        )

    @property
    def other_queue(self) -> bool:
        return not self.stopped and self.queues[0] != self.queues[1]

    @property
    def other_signatures(self) -> bool:
        return not self.stopped and self.signatures[0] != self.signatures[1]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Every instance, and the counts that matter before publishing."""

    instances: tuple[Rehearsed, ...]
    same: int
    path_changed: int
    decision_changed: int
    queue_changed: int
    signatures_changed: int
    by_hand: int
    # Code and element -> how many plays ended there.
    stopped: Mapping[tuple[str, str], int]


def rehearse(
    bundle: Bundle,
    catalogue: Catalogue,
    process_id: str,
    *,
    ids: Sequence[int] | None,
    limit: int,
    policy: Policy,
) -> Rehearsal:
    """Play instances of a process (those named, or the latest) on a bundle. Writes nothing.

    Raises:
        DeploymentRefused: the bundle has findings of level "error".
        NotFound: it does not draw the process.
    """
    found = read_bundle(bundle, catalogue)
    if found.model is None:
        raise DeploymentRefused(found.findings)
    if process_id not in found.model.processes:
        raise NotFound(f"process {process_id}")
    loaded = loaded_from(found.model, bundle.files)
    chosen = latest(bundle.key, process_id, limit) if ids is None else list(ids)[:MAX_INSTANCES]
    all_of_them = list(recordings(chosen))
    answers = answers_of(all_of_them)

    def sample(element_id: str, source: random.Random) -> Variables | None:
        known = answers.get(element_id)
        return source.choice(known) if known else None

    standing = queues_of([r.instance_id for r in all_of_them if not r.ended])
    return summary(
        [
            compared(
                recording,
                Player(loaded, process_id, recording, policy, sample).play(),
                standing.get(recording.instance_id),
            )
            for recording in all_of_them
        ]
    )


def latest(key: str, process_id: str, limit: int) -> list[int]:
    rows = ProcessInstance.objects.filter(
        definition__key=key, definition__process_id=process_id
    ).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[: min(limit, MAX_INSTANCES)])


def answers_of(all_of_them: Sequence[Recording]) -> dict[str, list[Variables]]:
    """Element -> what people concluded there."""
    found: dict[str, list[Variables]] = defaultdict(list)
    for recording in all_of_them:
        for happened in recording.happened:
            if happened.kind == "task":
                found[happened.element_id].append(happened.given)
    return found


def queues_of(ids: Sequence[int]) -> dict[int, Queues]:
    """Where running instances stand in fact; those whose state cannot be read are left out."""
    found = {}
    for row in ProcessInstance.objects.filter(pk__in=ids):
        model = loaded_for(attach_definition(row).definition).model
        with suppress(StateError):
            items = operations.open_items(model, codec.loads(bytes(row.state)))
            found[row.pk] = tuple(sorted((t.element_id, t.groups) for t in items.user_tasks))
    return found


def compared(recording: Recording, played: Played, standing: Queues | None) -> Rehearsed:
    # A play that stopped says nothing about what would have come.
    path = recording.path[: len(played.path)] if played.stopped else recording.path
    reached = {*played.decided} if played.stopped else {*recording.decided, *played.decided}
    decisions = {
        element: (recording.decided.get(element), played.decided.get(element))
        for element in sorted(reached)
        if recording.decided.get(element) != played.decided.get(element)
    }
    signed = sum(happened.kind == "task" for happened in recording.happened)
    return Rehearsed(
        instance_id=recording.instance_id,
        business_key=recording.business_key,
        stopped=played.stopped,
        stopped_at=played.stopped_at,
        parted=parting(path, played.path),
        decisions=decisions,
        queues=((), ()) if standing is None else (standing, tuple(sorted(played.queues))),
        signatures=(signed, played.signatures),
        by_hand=tuple(recording.by_hand),
    )


def parting(mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, str]:
    """The first elements that differ; an empty one is the end of its way."""
    for index in range(max(len(mine), len(theirs))):
        was = mine[index] if index < len(mine) else ""
        would = theirs[index] if index < len(theirs) else ""
        if was != would:
            return was, would
    return "", ""


def summary(found: Sequence[Rehearsed]) -> Rehearsal:
    return Rehearsal(
        instances=tuple(found),
        same=sum(not one.differs for one in found),
        path_changed=sum(one.parted != ("", "") for one in found),
        decision_changed=sum(bool(one.decisions) for one in found),
        queue_changed=sum(one.other_queue for one in found),
        signatures_changed=sum(one.other_signatures for one in found),
        by_hand=sum(bool(one.by_hand) for one in found),
        stopped=Counter((one.stopped, one.stopped_at) for one in found if one.stopped),
    )
