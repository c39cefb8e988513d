"""Drafts of diagrams, tables and forms: written by one person, published by another."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from engine import api
from engine.types import Bundle, DefinitionView, Finding
from workflows.accounts.models import User
from workflows.actions import audit
from workflows.actions.programmes import CHAIN, GROUPS
from workflows.errors import ClaimChanged, InvalidInput, NotAllowed
from workflows.models import DefinitionDraft, ProgrammeVersion, Role
from workflows.queries import roles

LARGEST_FILE: Final = 1_000_000
_NAME: Final = re.compile(r"([a-z0-9_]+\.(bpmn|dmn)|forms/[a-z0-9_]+\.json)")


def start_draft(definition_id: int, *, title: str, by: User, at: datetime) -> DefinitionDraft:
    """A draft over the files of a deployed bundle.

    Raises:
        NotAllowed: no author.
    """
    _refuse_others(by, Role.PROCESS_AUTHOR, at=at)
    base = api.definition(definition_id)
    with transaction.atomic(durable=True):
        draft = DefinitionDraft(
            bundle_key=base.key,
            title=title.strip()[:200] or base.name.zh,
            base_definition_id=base.id,
            author=by,
            created_at=at,
            updated_at=at,
        )
        draft.save(force_insert=True)
        audit.append(CHAIN, "draft.started", by=by, at=at, draft=str(draft.pk), base=base.id)
    return draft


def save_file(
    draft: DefinitionDraft, name: str, text: str, *, revision: int, by: User, at: datetime
) -> DefinitionDraft:
    """Keep one file of a draft as it is, valid or not; `revision` is what the editor showed.

    Raises:
        ClaimChanged: somebody saved meanwhile, or it is published.
        InvalidInput: no such kind of file, or too large.
    """
    _refuse_others(by, Role.PROCESS_AUTHOR, at=at)
    if not _NAME.fullmatch(name):
        raise InvalidInput({"name": "unknown"})
    if len(text.encode()) > LARGEST_FILE:
        raise InvalidInput({"text": "too_large"})
    with transaction.atomic(durable=True):
        row = _locked(draft.pk, revision)
        row.files = {**row.files, name: text}
        row.revision += 1
        row.updated_at = at
        row.save(update_fields=["files", "revision", "updated_at"])
        audit.append(CHAIN, "draft.saved", by=by, at=at, draft=str(row.pk), file=name)
    return row


def bundle_of(draft: DefinitionDraft) -> Bundle:
    """The files of the base with those of the draft over them."""
    base: Mapping[str, bytes] = {}
    if draft.base_definition_id is not None:
        base = api.files(draft.base_definition_id)
    changed = {name: text.encode() for name, text in draft.files.items()}
    return Bundle(draft.bundle_key, {**base, **changed}, draft.title)


def findings(draft: DefinitionDraft) -> tuple[Finding, ...]:
    """What is wrong or odd about a draft; `engine.api.explain` says it in words."""
    return api.check_bundle(bundle_of(draft), groups=GROUPS, milestones=milestones_of(draft))


def milestones_of(draft: DefinitionDraft) -> frozenset[str]:
    """The milestones that the programmes of the bundle have texts for."""
    versions = ProgrammeVersion.objects.filter(state=ProgrammeVersion.State.PUBLISHED)
    return frozenset(
        code
        for version in versions
        if version.rules.bundle_key == draft.bundle_key
        for code in version.rules.milestones
    )


def publish_draft(
    draft: DefinitionDraft, *, revision: int, note: str = "", by: User, at: datetime
) -> tuple[DefinitionView, ...]:
    """Deploy a draft: claims submitted from now on run on it, running ones stay where they are.

    Raises:
        NotAllowed: no publisher, or the author.
        ClaimChanged: somebody saved meanwhile, or it is published.
        DeploymentRefused: it has errors; from the engine.
    """
    _refuse_others(by, Role.PROCESS_PUBLISHER, at=at)
    if draft.author_id == by.pk:
        raise NotAllowed("author_publishes")
    with transaction.atomic(durable=True):
        row = _locked(draft.pk, revision)
        deployed = api.deploy(
            bundle_of(row),
            groups=GROUPS,
            milestones=milestones_of(row),
            by=by.pk,
            at=at,
            note=note[:200],
        )
        row.published_at, row.published_by = at, by
        row.deployment_id = deployed[0].deployment_id if deployed else None
        row.revision += 1
        row.save(update_fields=["published_at", "published_by", "deployment_id", "revision"])
        audit.append(
            CHAIN,
            "draft.published",
            by=by,
            at=at,
            draft=str(row.pk),
            author=row.author_id,
            hash=deployed[0].content_hash if deployed else "",
        )
    return deployed


def discard_draft(draft: DefinitionDraft, *, by: User, at: datetime) -> None:
    """Throw a draft away; what was published stays.

    Raises:
        NotAllowed: somebody else's draft.
    """
    if draft.author_id != by.pk:
        raise NotAllowed("not_own")
    with transaction.atomic(durable=True):
        row = _locked(draft.pk, draft.revision)
        pk = str(row.pk)
        row.delete()
        audit.append(CHAIN, "draft.discarded", by=by, at=at, draft=pk)


def _locked(draft_id: uuid.UUID, revision: int) -> DefinitionDraft:
    row = DefinitionDraft.objects.select_for_update().filter(pk=draft_id).first()
    if row is None or row.revision != revision or row.published_at is not None:
        raise ClaimChanged(at=row.updated_at if row else None, status="draft")
    return row


def _refuse_others(by: User, role: Role, *, at: datetime) -> None:
    if not roles.holds(by, [role], at=at):
        raise NotAllowed(f"not_{role}")
