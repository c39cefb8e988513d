"""The editor of one diagram of a draft: its page, the drawing, saving, checking while drawing."""

from typing import TYPE_CHECKING

from csp.constants import NONCE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engine import clock
from engine.types import Bundle
from review_ui.pages.office import frame, roles_required
from review_ui.pages.proof import person
from review_ui.studio import catalogue, checking, drafts
from review_ui.studio.versions import READERS, STYLED, as_file
from workflows import access
from workflows.actions import programmes as acts
from workflows.errors import InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from workflows.models import DefinitionDraft


def etag(row: "DefinitionDraft") -> str:
    return f'"{row.revision}"'


@csp_update({**STYLED, "style-src": [NONCE]})
@roles_required(*READERS)
@require_safe
def design(request: HttpRequest, draft_id: str, name: str) -> HttpResponse:
    """The page of the editor; who may not save gets it without a place to save to."""
    user = person(request)
    row = access.draft(user, draft_id, at=clock.now())
    bundle = acts.draft_bundle(row)
    if name not in bundle.files or not name.endswith(".bpmn"):
        raise NotFound
    milestones = acts.known_milestones(row.bundle_key)
    return render(
        request,
        "studio/design.html",
        {
            "office": frame(request),
            "draft": row,
            "file": name,
            "etag": etag(row),
            "catalogue": catalogue.catalogue(bundle.files, milestones),
            "may_save": row.author_id == user.pk and row.published_at is None,
        },
    )


@roles_required(*READERS)
@require_safe
def drawing(request: HttpRequest, draft_id: str, name: str) -> HttpResponse:
    """A file of a draft as it stands."""
    row = access.draft(person(request), draft_id, at=clock.now())
    raw = acts.draft_bundle(row).files.get(name)
    if raw is None:
        raise NotFound
    response = as_file(name, raw)
    response["ETag"] = etag(row)
    return response


def _said(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


@roles_required("process_author")
@require_POST
def save(request: HttpRequest, draft_id: str, name: str) -> HttpResponse:
    """Keep the drawing if nobody saved since `If-Match`; a later tag comes back."""
    user = person(request)
    row = access.draft(user, draft_id, at=clock.now())
    raw = request.body
    if len(raw) > checking.LARGEST:
        return _said(_("The file is too large."), 413)
    expected = request.headers.get("If-Match", "")
    if not expected:
        return _said(_("The editor did not say which state it changes. Reload the page."), 428)
    if expected != etag(row):
        return _said(_("Somebody saved meanwhile. Open the draft again."), 412)
    try:
        saved = drafts.keep(row, name, raw, row.revision, by=user)
    except drafts.Unusable as error:
        return _said(str(error), 422)
    except (NotAllowed, InvalidInput, acts.DraftChanged) as error:
        return _said(drafts.why_not(error), drafts.status_of(error))
    response = JsonResponse({"revision": saved.revision})
    response["ETag"] = etag(saved)
    return response


@roles_required(*READERS)
@require_POST
def lint(request: HttpRequest, draft_id: str, name: str) -> HttpResponse:
    """The server's rules over the draft with this drawing in it; nothing is kept."""
    row = access.draft(person(request), draft_id, at=clock.now())
    raw = request.body
    if len(raw) > checking.LARGEST:
        return _said(_("The file is too large."), 413)
    if not acts.FILE_NAME.fullmatch(name):
        raise NotFound
    bundle = acts.draft_bundle(row)
    tried = Bundle(bundle.key, {**bundle.files, name: raw}, bundle.label)
    try:
        findings = checking.check(tried, acts.known_milestones(row.bundle_key))
    except checking.TooSlow:
        return _said(checking.too_slow(), 503)
    return JsonResponse(
        {
            "findings": [
                {
                    "level": said.level,
                    "code": said.code,
                    "element_id": said.element_id or None,
                    "message": said.message,
                    "remedy": said.remedy,
                }
                for said in checking.in_words(findings, file=name)
            ]
        }
    )
