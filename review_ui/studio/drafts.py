"""Drafts: begun over a version, looked at with findings and changes, published by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engine import api, clock
from engine.errors import DeploymentRefused
from review_ui.pages.office import frame, roles_required
from review_ui.pages.proof import is_own_password, person
from review_ui.studio import checking, parts
from review_ui.studio.versions import READERS
from workflows import access
from workflows.accounts.models import User
from workflows.actions import programmes as acts
from workflows.errors import InvalidInput, NotAllowed
from workflows.queries import processes

if TYPE_CHECKING:
    from workflows.models import DefinitionDraft

NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between a draft and its publication; `why` is empty when nothing does."""

    errors: int
    warnings: int
    why: tuple[str, ...]


@roles_required("process_author")
@require_POST
def begin(request: HttpRequest, definition_id: int) -> HttpResponse:
    """A new draft over a version; nothing differs yet."""
    view = api.definition(definition_id)
    title = request.POST.get("title", "").strip()[: acts.TITLE_LENGTH] or view.name.zh
    row = acts.save_draft(None, {}, title, view.id, 0, by=person(request), at=clock.now())
    return redirect("studio-draft", draft_id=row.pk)


@roles_required(*READERS)
@require_safe
def draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """One draft."""
    return draft_page(request, draft_id)


def base_files(row: "DefinitionDraft") -> Mapping[str, bytes]:
    return api.files(row.base_definition_id) if row.base_definition_id else {}


def draft_page(
    request: HttpRequest, draft_id: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Findings, changes and the running claims they concern, files, and the gate."""
    at = clock.now()
    user = person(request)
    row = access.draft(user, draft_id, at=at)
    bundle = acts.draft_bundle(row)
    is_checked = True
    try:
        findings = checking.in_words(checking.check(bundle, acts.known_milestones(row.bundle_key)))
    except checking.TooSlow:
        findings, is_checked = [], False
        error = error or checking.too_slow()
    before = base_files(row)
    standing = processes.standing(row.bundle_key) if row.base_definition_id else {}
    changed = parts.changes(before, bundle.files) if _is_readable(bundle.files) else []
    roles = access.roles_of(user, at=at)
    return render(
        request,
        "studio/draft.html",
        {
            "office": frame(request),
            "draft": row,
            "base": api.definition(row.base_definition_id) if row.base_definition_id else None,
            "findings": findings,
            "errors": [found for found in findings if found.level == "error"],
            "warnings": [found for found in findings if found.level != "error"],
            "changes": [(c, standing.get(c.part.id, 0)) for c in changed],
            **listed(sorted(bundle.files), row.files),
            "gate": gate(row, findings, roles, user.pk, is_checked=is_checked),
            "is_author": row.author_id == user.pk and "process_author" in roles,
            "is_publisher": "process_publisher" in roles,
            "is_open": row.published_at is None,
            "error": error,
        },
        status=status,
    )


def listed(names: list[str], changed: Mapping[str, str]) -> dict[str, object]:
    """What is drawn or changed first; the rest is long and seldom looked at."""
    near = [name for name in names if name in changed or name.endswith(".bpmn")]
    return {
        "near": [(name, name in changed) for name in near],
        "others": [name for name in names if name not in near],
        "names": names,
    }


def _is_readable(files: Mapping[str, bytes]) -> bool:
    """Whether the drawing can be compared: every kept file is at least well-formed."""
    try:
        for name, raw in files.items():
            if name.endswith((".bpmn", ".dmn")):
                parts.parse(raw)
    except (SyntaxError, ValueError):
        return False
    return True


def gate(
    row: "DefinitionDraft",
    findings: list[checking.Said],
    roles: frozenset[str],
    user_id: int,
    *,
    is_checked: bool,
) -> Gate:
    """What a publisher has to see to before the button opens."""
    errors = sum(f.level == "error" for f in findings)
    why = []
    if not row.files:
        why.append(_("The draft changes nothing yet."))
    if not is_checked:
        why.append(checking.too_slow())
    if errors:
        why.append(_("The check finds errors; they must be mended first."))
    if row.author_id == user_id:
        why.append(_("You wrote this draft. Another person publishes it."))
    elif "process_publisher" not in roles:
        why.append(_("A process publisher publishes it."))
    return Gate(errors, len(findings) - errors, tuple(why))


@roles_required(*READERS)
@require_POST
def publish(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Make it the version that new claims start on; the publisher's password once more."""
    at = clock.now()
    user = person(request)
    row = access.draft(user, draft_id, at=at)
    note = request.POST.get("note", "").strip()[:NOTE_LENGTH]
    revision = request.POST.get("revision", "")
    if row.author_id == user.pk:
        said = _("You wrote this draft. Another person publishes it.")
        return draft_page(request, draft_id, error=said, status=403)
    if not note:
        said = _("Say what changes and why; it is kept with the version.")
        return draft_page(request, draft_id, error=said, status=422)
    if not is_own_password(request, request.POST.get("password", "")):
        said = _("This is not your password. Nothing was published.")
        return draft_page(request, draft_id, error=said, status=422)
    seen = int(revision) if revision.isdecimal() and len(revision) < len("1000000000") else -1
    try:
        views = acts.publish_draft(row, note, revision=seen, by=user, at=at)
    except (NotAllowed, acts.DraftChanged, acts.BaseOutdated, DeploymentRefused) as error:
        return draft_page(request, draft_id, error=why_not(error), status=status_of(error))
    messages.success(
        request,
        _("Published. New claims start on it; running claims stay on their version."),
    )
    return redirect("studio-version", definition_id=_same(row, [v.id for v in views]))


def _same(row: "DefinitionDraft", deployed: list[int]) -> int:
    """The new version of the process that the draft started from, else the first of all."""
    if row.base_definition_id is None:
        return deployed[0]
    process = api.definition(row.base_definition_id).process_id
    return next((d for d in deployed if api.definition(d).process_id == process), deployed[0])


def why_not(error: Exception) -> str:
    """A refusal of an act on a draft in words."""
    if isinstance(error, NotAllowed):
        return _("Only its author changes a draft, and only another publisher publishes it.")
    if isinstance(error, acts.BaseOutdated):
        return _(
            "Another version was published since this draft began. Begin a new draft over the "
            "current version and repeat the changes."
        )
    if isinstance(error, DeploymentRefused):
        return _("The check finds errors; they must be mended first.")
    if isinstance(error, InvalidInput):
        return _("The file has a name or size that a draft cannot hold.")
    return _("The draft was changed meanwhile. Nothing was done; look at it again.")


def status_of(error: Exception) -> int:
    if isinstance(error, NotAllowed):
        return 403
    return 422 if isinstance(error, DeploymentRefused | InvalidInput) else 409


@roles_required("process_author")
@require_POST
def discard(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Throw a draft away."""
    at = clock.now()
    user = person(request)
    row = access.draft(user, draft_id, at=at)
    try:
        acts.discard_draft(row, revision=row.revision, by=user, at=at)
    except (NotAllowed, acts.DraftChanged) as error:
        return draft_page(request, draft_id, error=why_not(error), status=status_of(error))
    messages.success(request, _("The draft is gone. What is published stays as it is."))
    return redirect("studio-home")


@roles_required("process_author")
@require_POST
def upload(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Replace or add a file; one that cannot be read at all is not kept."""
    at = clock.now()
    user = person(request)
    row = access.draft(user, draft_id, at=at)
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        return draft_page(request, draft_id, error=_("Choose a file first."), status=422)
    if sent.size > checking.LARGEST:
        return draft_page(request, draft_id, error=_("The file is too large."), status=413)
    name = request.POST.get("name") or (sent.name or "")
    try:
        keep(row, name, sent.read(), row.revision, by=user)
    except Unusable as error:
        return draft_page(request, draft_id, error=str(error), status=422)
    except (NotAllowed, InvalidInput, acts.DraftChanged) as error:
        return draft_page(request, draft_id, error=why_not(error), status=status_of(error))
    messages.success(request, _("The file is in the draft."))
    return redirect("studio-draft", draft_id=row.pk)


class Unusable(ValueError):
    """A file that cannot be kept; the text is a sentence for the author."""


def keep(
    row: "DefinitionDraft",
    name: str,
    raw: bytes,
    revision: int,
    *,
    by: User,
) -> "DefinitionDraft":
    """Put a file into a draft if the engine can read it at all.

    Raises:
        Unusable: it is no diagram, table or form, or the check takes too long.
        NotAllowed, InvalidInput, DraftChanged: from the action.
    """
    if not acts.FILE_NAME.fullmatch(name):
        raise InvalidInput({"files": "name"})
    text = as_text(raw)
    bundle = acts.draft_bundle(row)
    bundle = type(bundle)(bundle.key, {**bundle.files, name: raw}, bundle.label)
    try:
        findings = checking.check(bundle, acts.known_milestones(row.bundle_key))
    except checking.TooSlow:
        raise Unusable(checking.too_slow()) from None
    if wrong := checking.unreadable(findings, name):
        said = checking.in_words(wrong)[0]
        raise Unusable(f"{said.message} {said.remedy}")
    files = {**row.files, name: text}
    return acts.save_draft(
        row,
        files,
        row.title,
        row.base_definition_id,
        revision,
        by=by,
        at=clock.now(),
        bundle_key=row.bundle_key,
    )


def as_text(raw: bytes) -> str:
    """The file as text.

    Raises:
        Unusable: it is not UTF-8.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(_("The file is not written in UTF-8. Save it so and try again.")) from None
    if "\0" in text:
        raise Unusable(_("The file holds characters that no text has."))
    return text
