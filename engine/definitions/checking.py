"""Everything that is wrong or odd about a bundle."""

from engine.kernel.read import read_bundle
from engine.runtime.forms import read_form
from engine.types import Bundle, Catalogue, Finding


def findings_of(bundle: Bundle, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Findings about diagrams, tables, calendar and forms, all at once."""
    return (*read_bundle(bundle, catalogue).findings, *form_findings(bundle))


def form_findings(bundle: Bundle) -> list[Finding]:
    """Forms that cannot be read."""
    found = []
    for name, raw in sorted(bundle.files.items()):
        if name.startswith("forms/") and name.endswith(".json"):
            try:
                read_form(raw)
            except ValueError:
                found.append(Finding("error", "form.unreadable", name))
    return found
