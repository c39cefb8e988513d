"""Processes for authors: deployed versions with their running claims, drafts, programmes."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine import api
from engine.types import DefinitionView, Text
from workflows.models import DefinitionDraft, Programme
from workflows.queries.words import words


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process of a bundle: its current version, and how many instances run on which."""

    key: str
    process_id: str
    name: str
    current: DefinitionView
    versions: tuple[DefinitionView, ...]
    running: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft somebody works on; `revision` is its ETag."""

    id: UUID
    bundle_key: str
    title: str
    author: str
    author_id: int
    revision: int
    updated_at: datetime
    is_published: bool


def process_rows() -> list[ProcessRow]:
    """All processes with their versions, newest first; one read of the engine."""
    grouped: dict[tuple[str, str], list[DefinitionView]] = {}
    for view in api.definitions():
        grouped.setdefault((view.key, view.process_id), []).append(view)
    found = []
    for (key, process_id), views in sorted(grouped.items()):
        current = next((view for view in views if view.is_current), views[0])
        running = sum(view.running for view in views)
        found.append(
            ProcessRow(key, process_id, words(current.name), current, tuple(views), running)
        )
    return found


def standing(key: str) -> dict[str, int]:
    """Element -> how many open items of running instances stand there, in whatever version."""
    counts: Counter[str] = Counter()
    for view in api.definitions(key):
        if view.running:
            counts.update(api.standing(view.id))
    return dict(counts)


def draft_rows() -> list[DraftRow]:
    """Drafts, the latest change first; one read."""
    rows = DefinitionDraft.objects.select_related("author").order_by("-updated_at", "pk")
    return [
        DraftRow(
            row.pk,
            row.bundle_key,
            row.title,
            row.author.get_full_name(),
            row.author_id,
            row.revision,
            row.updated_at,
            row.published_at is not None,
        )
        for row in rows
    ]


def programme_names() -> dict[str, str]:
    """Programme codes with their names in the reader's language."""
    return {
        row.code: words(Text(row.name_zh, row.name_en))
        for row in Programme.objects.order_by("code")
    }
