"""Drafts of a programme's diagrams and tables: one person draws, another one publishes."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from engine import api
from engine.types import Bundle, DefinitionView, Finding
from workflows.accounts.models import User
from workflows.actions import audit
from workflows.actions.packages import CHAIN, GROUPS, load_package
from workflows.errors import InvalidInput, NotAllowed, NotFound, WorkflowsError
from workflows.models import DefinitionDraft, ProgrammeVersion, Role
from workflows.queries import roles

__all__ = [
    "CHAIN",
    "GROUPS",
    "BaseOutdated",
    "DraftChanged",
    "check_draft",
    "discard_draft",
    "draft_bundle",
    "known_milestones",
    "load_package",
    "publish_draft",
    "save_draft",
]
FILE_NAME: Final = re.compile(r"(forms/[a-z0-9_]{1,60}\.json|[a-z0-9_]{1,60}\.(bpmn|dmn))")
FILE_BYTES: Final = 2_000_000
FILES: Final = 100
TITLE_LENGTH: Final = 200
MARK: Final = "draft.txt"


class DraftChanged(WorkflowsError):
    """The draft is not what the page showed; `revision` is where it stands, None when gone."""

    code = "draft_changed"

    def __init__(self, revision: int | None = None) -> None:
        super().__init__("" if revision is None else str(revision))
        self.revision = revision


class BaseOutdated(WorkflowsError):
    """Another publication came after the version that the draft started from."""

    code = "base_outdated"


def save_draft(
    draft: DefinitionDraft | None,
    files: Mapping[str, str],
    title: str,
    base_definition_id: int | None,
    revision: int,
    *,
    by: User,
    at: datetime,
    bundle_key: str = "",
) -> DefinitionDraft:
    """Keep what an author drew; `revision` is the one the page showed, 0 for a new draft.

    `files` are those that differ from the base; an empty text takes a file away. Without a base
    `bundle_key` says what the draft is to become.

    Raises:
        NotAllowed: not an author, or the draft is another author's.
        InvalidInput: a code per field.
        DraftChanged: somebody saved, published or discarded it meanwhile.
    """
    if not roles.holds(by, [Role.PROCESS_AUTHOR], at=at):
        raise NotAllowed("role")
    key = api.definition(base_definition_id).key if base_definition_id else bundle_key
    _check_draft(files, title, key)
    with transaction.atomic():
        if draft is None:
            row = DefinitionDraft(
                bundle_key=key,
                base_definition_id=base_definition_id,
                author=by,
                revision=0,
                created_at=at,
            )
        else:
            row = _locked(draft.pk, revision)
            if row.author_id != by.pk:
                raise NotAllowed("other_author")
        row.title = title.strip()
        row.files = dict(files)
        row.revision += 1
        row.updated_at = at
        row.save(force_insert=draft is None)
        _log(row, "draft.saved", by=by, at=at)
    return row


def _check_draft(files: Mapping[str, str], title: str, key: str) -> None:
    wrong = {}
    if not 0 < len(title.strip()) <= TITLE_LENGTH:
        wrong["title"] = "length"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", key):
        wrong["bundle_key"] = "format"
    if len(files) > FILES or any(not FILE_NAME.fullmatch(name) for name in files):
        wrong["files"] = "name"
    elif any(len(text.encode()) > FILE_BYTES for text in files.values()):
        wrong["files"] = "too_large"
    if wrong:
        raise InvalidInput(wrong)


def discard_draft(draft: DefinitionDraft, *, revision: int, by: User, at: datetime) -> None:
    """Throw a draft away; the audit row stays.

    Raises:
        NotAllowed: the draft is another author's.
        DraftChanged: somebody saved, published or discarded it meanwhile.
    """
    with transaction.atomic():
        row = _locked(draft.pk, revision)
        if row.author_id != by.pk:
            raise NotAllowed("other_author")
        _log(row, "draft.discarded", by=by, at=at)
        row.delete()


def draft_bundle(draft: DefinitionDraft) -> Bundle:
    """What the draft would deploy: the base's files with the draft's over them."""
    files: dict[str, bytes] = {}
    if draft.base_definition_id:
        files.update(api.files(draft.base_definition_id))
    for name, text in draft.files.items():
        if text:
            files[name] = text.encode()
        else:
            files.pop(name, None)
    return Bundle(draft.bundle_key, files, draft.title)


def check_draft(draft: DefinitionDraft) -> tuple[Finding, ...]:
    """Everything that is wrong or odd about what the draft would deploy."""
    return api.check_bundle(
        draft_bundle(draft), groups=GROUPS, milestones=known_milestones(draft.bundle_key)
    )


def known_milestones(bundle_key: str) -> tuple[str, ...]:
    """Milestones that the versions of the programme with this bundle have words for."""
    published = ProgrammeVersion.objects.filter(
        programme__code=bundle_key, state=ProgrammeVersion.State.PUBLISHED
    )
    return tuple(sorted({code for row in published for code in row.rules.milestones}))


def publish_draft(
    draft: DefinitionDraft,
    note: str,
    *,
    revision: int | None = None,
    over_newer: bool = False,
    by: User,
    at: datetime,
) -> tuple[DefinitionView, ...]:
    """Make a draft the version that new claims start on; never by its author.

    `revision` is the one that was looked at. `over_newer` also publishes what started from an
    older version than the current one, for instance to go back to it.

    Raises:
        NotAllowed: not a publisher, or the author.
        DraftChanged: somebody saved, published or discarded it meanwhile.
        BaseOutdated: another publication came in between.
        DeploymentRefused: findings stand against it; all are attached.
    """
    if not roles.holds(by, [Role.PROCESS_PUBLISHER], at=at):
        raise NotAllowed("role")
    with transaction.atomic():
        row = _locked(draft.pk, draft.revision if revision is None else revision)
        if row.author_id == by.pk:
            raise NotAllowed("own_draft")
        if not over_newer and _outdated(row):
            raise BaseOutdated
        views = api.deploy(
            _published_bundle(row),
            groups=GROUPS,
            milestones=known_milestones(row.bundle_key),
            by=by.pk,
            at=at,
            note=note,
        )
        row.published_at, row.published_by, row.note = at, by, note
        row.deployment_id = _one(view.deployment_id for view in views)
        row.revision += 1
        row.save()
        _log(row, "draft.published", by=by, at=at, deployment=row.deployment_id)
    return views


def _published_bundle(row: DefinitionDraft) -> Bundle:
    """The draft's bundle with its mark: what was deployed before can so be published anew."""
    bundle = draft_bundle(row)
    return replace(bundle, files={**bundle.files, MARK: f"{row.pk}\n".encode()})


def _outdated(row: DefinitionDraft) -> bool:
    """Whether what the draft started from is no longer current."""
    base = row.base_definition_id
    return base is not None and not api.definition(base).is_current


def _one(deployments: Iterable[int]) -> int:
    found = set(deployments)
    if len(found) != 1:
        raise NotFound
    return found.pop()


def _locked(pk: uuid.UUID, revision: int) -> DefinitionDraft:
    """The draft as it is stored, if it is what the page showed and is not live."""
    row = DefinitionDraft.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise DraftChanged
    if row.revision != revision or row.published_at is not None:
        raise DraftChanged(row.revision)
    return row


def _log(
    row: DefinitionDraft, act: str, *, by: User, at: datetime, deployment: int | None = None
) -> None:
    """One audit row; titles and notes are free text and stay out of it."""
    audit.append(
        CHAIN,
        act,
        by=by,
        at=at,
        draft=str(row.pk),
        bundle=row.bundle_key,
        revision_of_draft=row.revision,
        files=sorted(row.files),
        deployment=deployment,
    )
