"""Deploy bundles, and read what is deployed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.decisions import TableView
from engine.definitions import deploying, listing
from engine.definitions.bounded import reader
from engine.definitions.checking import findings_of
from engine.definitions.differences import standing_at
from engine.definitions.listing import ElementWords
from engine.feel import BUILTINS, BuiltinInfo
from engine.kernel import lint
from engine.runtime import (
    handlers,
)
from engine.runtime.values import Json
from engine.types import (
    Bundle,
    Catalogue,
    DefinitionView,
    Finding,
    Text,
)


def catalogue(*, groups: Iterable[str], milestones: Iterable[str] = ()) -> Catalogue:
    """What a diagram may refer to: these groups and milestones, and every registered handler."""
    return handlers.catalogue(groups, milestones)


def element_words(definition_id: int) -> dict[str, ElementWords]:
    """Element id -> name and names of outcomes, over all processes of the definition's bundle."""
    return listing.element_words(definition_id)


def standing(definition_id: int) -> Mapping[str, int]:
    """Element -> how many open items of running instances of this version stand there."""
    return standing_at(definition_id)


def feel_builtins() -> Mapping[str, BuiltinInfo]:
    """Every function that expressions may call: the one list for editor, lint and documents."""
    return BUILTINS


def check_bundle(
    bundle: Bundle, *, groups: Iterable[str], milestones: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Everything that is wrong or odd about a bundle, all at once; never raises for bad input."""
    return findings_of(bundle, handlers.catalogue(groups, milestones))


def check_upload(
    bundle: Bundle, *, groups: Iterable[str], milestones: Iterable[str] = (), seconds: float = 8
) -> tuple[Finding, ...]:
    """The same for files from outside: read in another process, with limits.

    Whatever is not read within `seconds` and 1.5 GB has the one finding `bundle.too_costly`.
    A hundredth of a second more than `check_bundle`; the first call of a process half a second.
    """
    return reader.check(bundle, handlers.catalogue(groups, milestones), seconds)


def explain(finding: Finding) -> tuple[Text, Text]:
    """What a finding means and what to do about it."""
    return lint.explain(finding)


def deploy(
    bundle: Bundle,
    *,
    groups: Iterable[str],
    milestones: Iterable[str] = (),
    by: int | None,
    at: datetime,
    note: str = "",
) -> tuple[DefinitionView, ...]:
    """Make the processes of a bundle startable; the same content again returns what exists.

    Raises:
        DeploymentRefused: the bundle has findings of level "error"; all findings are attached.
    """
    return deploying.deploy(
        bundle, handlers.catalogue(groups, milestones), by=by, at=at, note=note
    )


def definitions(key: str | None = None) -> tuple[DefinitionView, ...]:
    """All versions of all processes (of one bundle key), newest first, with running counts."""
    return listing.views_of(key=key)


def definition(definition_id: int) -> DefinitionView:
    """One version of a process."""
    return listing.view(definition_id)


def diagram(definition_id: int) -> bytes:
    """The diagram as it was drawn."""
    return listing.diagram(definition_id)


def files(definition_id: int) -> Mapping[str, bytes]:
    """All files of the bundle of a definition."""
    return listing.files(definition_id)


def form(definition_id: int, form_id: str) -> dict[str, Json] | None:
    """A form's document, None when the bundle has no such form."""
    return listing.form(definition_id, form_id)


def decision_table(definition_id: int, decision_id: str) -> TableView:
    """A decision of the bundle as it was written: columns, rules, annotations."""
    return listing.decision_table(definition_id, decision_id)
