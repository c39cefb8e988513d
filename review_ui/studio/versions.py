"""What is deployed: the list of processes and tables, one version, one table, its files."""

from collections.abc import Mapping

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from engine import api, clock
from engine.types import DefinitionView
from review_ui.pages.office import STUDIO, frame, roles_required
from review_ui.studio import parts
from workflows import access
from workflows.errors import NotFound
from workflows.queries import processes

READERS = (*sorted(STUDIO), "auditor")
# dmn-js and the editor write style attributes.
STYLED = {"style-src-attr": ["'unsafe-inline'"]}
HIT_POLICIES: Mapping[str, str | Promise] = {
    "UNIQUE": _("one row matches"),
    "FIRST": _("the first row that matches counts"),
    "ANY": _("rows that match agree"),
    "PRIORITY": _("the result that ranks first counts"),
    "COLLECT": _("all rows that match are collected"),
    "RULE ORDER": _("all rows that match, in the order of the table"),
    "OUTPUT ORDER": _("all rows that match, in the order of their results"),
}
TYPES = {"bpmn": "application/xml", "dmn": "application/xml", "json": "application/json"}


def file_of(view: DefinitionView) -> str:
    """The name of the file that a process was drawn in."""
    drawn = api.diagram(view.id)
    return next(name for name, raw in api.files(view.id).items() if raw == drawn)


@roles_required(*READERS)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every process with its versions, drafts that are worked on, and the tables in force."""
    names = processes.programme_names()
    rows = processes.process_rows()
    current = {row.key: row.current.id for row in rows}
    tables = [
        (definition_id, part)
        for definition_id in current.values()
        for part in parts.decisions(api.files(definition_id))
    ]
    drafts = processes.draft_rows()
    return render(
        request,
        "studio/home.html",
        {
            "office": frame(request),
            "rows": [(row, names.get(row.key, row.key)) for row in rows],
            "open_drafts": [row for row in drafts if not row.is_published],
            "tables": tables,
            "roles": access.roles_of(request.user, at=clock.now()),
        },
    )


@roles_required(*READERS)
@require_safe
def version(request: HttpRequest, definition_id: int) -> HttpResponse:
    """One version: the diagram with the claims that run on it, outline, tables, files."""
    view = api.definition(definition_id)
    standing = api.standing(definition_id)
    files = api.files(definition_id)
    name = file_of(view)
    state = {
        "elements": {
            element: {"state": "active", "count": count} for element, count in standing.items()
        },
        "flows": [],
    }
    return render(
        request,
        "studio/version.html",
        {
            "office": frame(request),
            "view": view,
            "file": name,
            "state": state,
            "outline": [
                (part, standing.get(part.id, 0)) for part in parts.outline(name, files[name])
            ],
            "decisions": parts.decisions(files),
            "files": [(file, len(raw)) for file, raw in sorted(files.items())],
            "versions": [v for v in api.definitions(view.key) if v.process_id == view.process_id],
            "roles": access.roles_of(request.user, at=clock.now()),
        },
    )


@csp_update(STYLED)
@roles_required(*READERS)
@require_safe
def table(request: HttpRequest, definition_id: int, decision_id: str) -> HttpResponse:
    """A decision table, drawn and as plain rows."""
    view = api.definition(definition_id)
    shown = api.decision_table(definition_id, decision_id)
    part = next(p for p in parts.decisions(api.files(definition_id)) if p.id == decision_id)
    return render(
        request,
        "studio/table.html",
        {
            "office": frame(request),
            "view": view,
            "table": shown,
            "part": part,
            "hit_policy": HIT_POLICIES.get(shown.hit_policy, shown.hit_policy),
        },
    )


@roles_required(*READERS)
@require_safe
def file(request: HttpRequest, definition_id: int, name: str) -> HttpResponse:
    """A file of a bundle, byte by byte."""
    raw = api.files(definition_id).get(name)
    if raw is None:
        raise NotFound
    return as_file(name, raw)


def as_file(name: str, raw: bytes) -> HttpResponse:
    kind = TYPES.get(name.rsplit(".", 1)[-1], "text/plain; charset=utf-8")
    response = HttpResponse(raw, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name.rsplit("/", 1)[-1]}"'
    return response


@roles_required(*READERS)
@require_safe
def diagram(request: HttpRequest, definition_id: int) -> HttpResponse:
    """The diagram of a version for its viewer."""
    return as_file("diagram.bpmn", api.diagram(definition_id))
