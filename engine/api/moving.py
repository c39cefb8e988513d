"""Moving running instances to another version of their process."""

from collections.abc import Mapping
from datetime import datetime

from engine.definitions import migrating
from engine.definitions.migrating import Preview, Progress


def preview_migration(
    source_id: int, target_id: int, *, mapping: Mapping[str, str] | None = None, at: datetime
) -> Preview:
    """Try every running instance of one version on another; nothing is changed.

    Elements pair by id and structure; `mapping` names others, `element` or `container/element`.
    A quarter of a millisecond per instance.

    Raises:
        NotFound: no such version or element.
    """
    return migrating.preview(source_id, target_id, mapping or {}, at=at)


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
