"""Reading what is deployed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from engine.decisions import TableView, describe
from engine.errors import NotFound
from engine.kernel.model import UserWork
from engine.models import ProcessDefinition
from engine.runtime.loaded import Loaded, definitions, loaded_for
from engine.runtime.starting import definition_by_id
from engine.runtime.values import Json
from engine.runtime.views import definition_view
from engine.types import DefinitionView, Text


@dataclass(frozen=True, slots=True)
class ElementWords:
    """What an element is called, and the names of the ways a user task may end."""

    name: Text
    outcomes: Mapping[str, Text]


RUNNING = Count("instances", filter=Q(instances__status__in=["active", "suspended"]))


def views_of(*, key: str | None = None, content: str | None = None) -> tuple[DefinitionView, ...]:
    """Definitions, newest version of each process first, with how many instances run."""
    found = definitions().annotate(running=RUNNING)
    if key is not None:
        found = found.filter(key=key)
    if content is not None:
        found = found.filter(deployment__content_hash=content)
    rows = found.order_by("key", "process_id", "-version")
    return tuple(definition_view(row, row.running) for row in rows)


def view(definition_id: int) -> DefinitionView:
    row = definitions().annotate(running=RUNNING).filter(pk=definition_id).first()
    if row is None:
        raise NotFound(f"definition {definition_id}")
    return definition_view(row, row.running)


def bundle_of(definition_id: int) -> tuple[ProcessDefinition, Loaded]:
    """A definition with its bundle, read once per process."""
    definition = definition_by_id(definition_id)
    return definition, loaded_for(definition)


def diagram(definition_id: int) -> bytes:
    """The file a process was drawn in, byte by byte."""
    definition, loaded = bundle_of(definition_id)
    return loaded.files[definition.file]


def files(definition_id: int) -> Mapping[str, bytes]:
    return dict(bundle_of(definition_id)[1].files)


def form(definition_id: int, form_id: str) -> dict[str, Json] | None:
    found = bundle_of(definition_id)[1].forms.get(form_id)
    return None if found is None else dict(found.document)


def decision_table(definition_id: int, decision_id: str) -> TableView:
    """NotFound when the bundle has no such decision."""
    decision = bundle_of(definition_id)[1].model.decisions.get(decision_id)
    if decision is None:
        raise NotFound(f"decision {decision_id!r}")
    return describe(decision)


def element_words(definition_id: int) -> dict[str, ElementWords]:
    """Element id -> its words, over all processes of the bundle of this definition."""
    loaded = bundle_of(definition_id)[1]
    return {
        element_id: ElementWords(
            node.name,
            {choice.code: choice.label for choice in loaded.outcomes(process_id, element_id)}
            if isinstance(node.work, UserWork)
            else {},
        )
        for (process_id, element_id), node in loaded.nodes.items()
    }
