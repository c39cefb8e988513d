"""Another version: try real history on it, and move running instances to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from engine.definitions import migrating, previewing, rehearsing
from engine.definitions.migrating import Progress
from engine.definitions.playing import Missing, Policy
from engine.definitions.previewing import Preview
from engine.definitions.rehearsing import Rehearsal
from engine.runtime import handlers
from engine.types import Bundle, Variables


def preview_migration(
    source_id: int, target_id: int, *, mapping: Mapping[str, str] | None = None, at: datetime
) -> Preview:
    """Try every running instance of one version on another; nothing is changed.

    Elements pair by id and structure; `mapping` names others, `element` or `container/element`.
    A quarter of a millisecond per instance.

    Raises:
        NotFound: no such version or element.
    """
    return previewing.preview(source_id, target_id, mapping or {}, at=at)


def start_migration(
    source_id: int,
    target_id: int,
    *,
    mapping: Mapping[str, str] | None = None,
    by: int | None,
    at: datetime,
    note: str,
) -> Progress:
    """Move every running instance in the background; what cannot be moved stays, with its reason.

    Tokens, variables, drafts, assignments, due dates and timers are kept. Events that the new
    version adds are armed.

    Raises:
        NotFound: no such version or element.
        MoveRefused: `same_version`, or `already_migrating` the same source.
    """
    return migrating.start(source_id, target_id, mapping or {}, by=by, at=at, note=note)


def migration(migration_id: int) -> Progress:
    """Where a migration stands."""
    return migrating.progress(migration_id)


def pause_migration(migration_id: int) -> Progress:
    """Let no further instance move until it goes on.

    Raises:
        MoveRefused: `not_possible_now`, it is not running.
    """
    return migrating.set_status(migration_id, ("running",), "paused")


def resume_migration(migration_id: int) -> Progress:
    """Go on with a paused migration."""
    return migrating.set_status(migration_id, ("paused",), "running")


def undo_migration(migration_id: int) -> Progress:
    """Take every instance back, in the background, on which nobody has acted since it moved."""
    return migrating.set_status(migration_id, ("running", "paused", "done"), "undoing")


def run_migrations(at: datetime) -> int:
    """A portion of every migration that is under way; how many instances were looked at."""
    return migrating.run_unfinished(at)


def rehearse(
    bundle: Bundle,
    process_id: str,
    *,
    groups: Iterable[str],
    milestones: Iterable[str] = (),
    instance_ids: Sequence[int] | None = None,
    limit: int = 1_000,
    missing: Missing = "stop",
    assume: Mapping[str, Variables] | None = None,
) -> Rehearsal:
    """Play the history of instances (those named, or the latest) on a bundle, deployed or not.

    Nothing is written and no handler is called: handlers and people answer what they answered
    then. Where somebody would be asked who was not asked then, `missing` decides: `stop` there
    and count it, `assume` the variables given for the element, or `sample` what people concluded
    at that element in the other instances. What people did to an instance itself is repeated
    where it can be, and told in `by_hand`. Some 3 ms per instance.

    Raises:
        DeploymentRefused: the bundle has findings of level "error".
        NotFound: it does not draw the process.
    """
    return rehearsing.rehearse(
        bundle,
        handlers.catalogue(groups, milestones),
        process_id,
        ids=instance_ids,
        limit=limit,
        policy=Policy(missing, assume or {}),
    )
