"""Claims to look at: search, the read-only page, pictures, masked values, the diagram."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from engine import api, clock
from engine.errors import NotFound as EngineNotFound
from review_ui.pages import status
from review_ui.pages.office import frame, roles_required
from review_ui.reviewer import bench, words
from review_ui.reviewer.access import OFFICERS, READ, person
from workflows import access
from workflows.errors import NotFound
from workflows.queries import claims as listing
from workflows.queries import processes
from workflows.queries.desk import desk as desk_of
from workflows.queries.people import display_names

PICTURE_POLICY = "sandbox; default-src 'none'"
SEARCH_LENGTH = 60


class PurposeForm(forms.Form):
    """Why a masked value is shown in full."""

    purpose = forms.CharField(label=_("Purpose"), max_length=100)


@roles_required(*READ)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Claims this person may see, the latest change first."""
    visible = access.claims_visible_to(person(request), at=clock.now())
    query = request.GET.get("q", "").replace("\0", "")[:SEARCH_LENGTH]
    wanted = request.GET.get("status", "")
    try:
        page = listing.page(
            visible,
            search=query,
            statuses=[wanted] if wanted in status.LOOKS else [],
            after=request.GET.get("after", ""),
        )
    except (ValueError, forms.ValidationError):
        page = listing.page(visible, search=query)
    return render(
        request,
        "reviewer/search.html",
        {
            "office": frame(request),
            "query": query,
            "wanted": wanted,
            "statuses": status.LOOKS,
            "rows": [(row, status.look(row.status)) for row in page.rows],
            "next_cursor": page.next_cursor,
        },
    )


@roles_required(*READ)
@require_safe
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """A claim to read; a claim that was never submitted has nothing to show yet."""
    row = access.claim(person(request), claim_id, at=clock.now())
    if not row.submission_no:
        raise NotFound
    open_now = api.open_tasks(row.instance_id) if row.instance_id is not None else ()
    language = get_language() or "zh-hans"
    return render(
        request,
        "reviewer/claim.html",
        {
            **bench.claim_context(request, desk_of(row)),
            "open_now": [(view, view.name.in_language(language)) for view in open_now],
        },
    )


@roles_required(*READ)
@require_safe
def picture(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A picture as it was stored; each reading is written down."""
    _row, data = access.attachment_bytes(person(request), file_id, at=clock.now())
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


@roles_required(*READ)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("value")
def reveal(request: HttpRequest, claim_id: UUID, field: str) -> HttpResponse:
    """Ask for the purpose; then show the value once and write it down."""
    at, user = clock.now(), person(request)
    row = access.claim(user, claim_id, at=at)
    if field not in access.REVEALABLE:
        raise NotFound
    form = PurposeForm(request.POST if request.method == "POST" else None)
    value = ""
    if form.is_bound and form.is_valid():
        value = access.reveal(user, row.pk, field, purpose=form.cleaned_data["purpose"], at=at)
    return render(
        request,
        "reviewer/reveal.html",
        {
            "office": frame(request),
            "claim": row,
            "label": words.PARTS[field],
            "form": form,
            "value": value,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@roles_required(*READ)
@require_safe
def diagram(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The process of a claim: where it stands, and what happened, with actor and time."""
    row = access.claim(person(request), claim_id, at=clock.now())
    if row.instance_id is None:
        raise NotFound
    instance = api.instance(row.instance_id)
    happened = api.history(row.instance_id)
    elements = api.element_words(instance.definition_id)
    names = display_names({event.by_id for event in happened if event.by_id is not None})
    language = get_language() or "zh-hans"
    return render(
        request,
        "reviewer/diagram.html",
        {
            "office": frame(request),
            "claim": row,
            "instance": instance,
            "look": status.look(row.status),
            "programme": processes.programme_names().get(row.programme.code, ""),
            "open_now": [
                (view, view.name.in_language(language)) for view in api.open_tasks(instance.id)
            ],
            "acts": [
                (event, _called(elements, event.element_id, language), names.get(event.by_id or 0))
                for event in reversed(happened)
                if event.element_id and event.kind in words.HAPPENED
            ],
            "kinds": words.HAPPENED,
        },
    )


@roles_required(*READ)
@require_safe
@never_cache
def state(request: HttpRequest, claim_id: UUID) -> JsonResponse:
    """The token for the viewer."""
    row = access.claim(person(request), claim_id, at=clock.now())
    if row.instance_id is None:
        raise NotFound
    waits_for_applicant = {
        view.element_id for view in api.open_tasks(row.instance_id) if "applicant" in view.groups
    }
    return JsonResponse(drawn(api.diagram_state(row.instance_id), waits_for_applicant))


def drawn(found: Mapping[str, object], you: set[str]) -> dict[str, object]:
    """The engine's state in the keys of the viewer; what was cancelled is left undrawn."""
    elements = found["elements"]
    assert isinstance(elements, dict)
    shown = {
        element_id: {
            "state": one["state"],
            "count": max(1, one["done"] if one["state"] == "completed" else one["open"]),
            "holder": "you" if element_id in you else "office",
        }
        for element_id, one in elements.items()
        if one["state"] != "cancelled"
    }
    return {"elements": shown, "flows": found["flows"]}


@roles_required(*OFFICERS)
@require_safe
def diagram_xml(request: HttpRequest, definition_id: int) -> HttpResponse:
    """A diagram as it was drawn."""
    try:
        return HttpResponse(api.diagram(definition_id), content_type="application/xml")
    except EngineNotFound:
        raise NotFound from None


def _called(elements: Mapping[str, api.ElementWords], element_id: str, language: str) -> str:
    """The element's name in the reader's language, its id where it has none."""
    found = elements.get(element_id)
    return (found.name.in_language(language) if found else "") or element_id
