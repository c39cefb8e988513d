"""Everything that is wrong or odd about a bundle."""

from collections.abc import Iterator

from engine.kernel.lint.covering import only_outcomes
from engine.kernel.model import Model, Node
from engine.kernel.read import read_bundle
from engine.runtime.forms import ASKED, read_form
from engine.runtime.loaded import Loaded, loaded_from
from engine.types import Bundle, Catalogue, Finding


def findings_of(bundle: Bundle, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Findings about diagrams, tables, calendar and forms, all at once."""
    result = read_bundle(bundle, catalogue)
    return (*result.findings, *form_findings(bundle, result.model))


def form_findings(bundle: Bundle, model: Model | None) -> list[Finding]:
    """Forms that cannot be read; without such, outcomes that lead nowhere."""
    found = []
    for name, raw in sorted(bundle.files.items()):
        if name.startswith("forms/") and name.endswith(".json"):
            try:
                read_form(raw)
            except ValueError:
                found.append(Finding("error", "form.unreadable", name))
    if model is not None and not found:
        found += lost_outcomes(loaded_from(model, bundle.files))
    return found


def lost_outcomes(loaded: Loaded) -> Iterator[Finding]:
    """Outcomes of a user task for which the gateway right behind it has no flow."""
    for (process, element), node in loaded.nodes.items():
        gateway = choice_behind(loaded, node)
        if gateway is None:
            continue
        asked = asked_outcomes(gateway)
        for choice in loaded.outcomes(process, element):
            if choice.code not in asked:
                args = {"outcome": choice.code, "gateway": gateway.id}
                file = loaded.model.processes[process].file
                yield Finding("warning", "outcome.without_flow", file, element, args)


def choice_behind(loaded: Loaded, node: Node) -> Node | None:
    """The exclusive gateway without a default that asks only for the outcomes of this task."""
    if node.kind not in ("userTask", "manualTask") or len(node.flows) != 1:
        return None
    nodes = loaded.model.containers[node.container].nodes
    behind = nodes[node.flows[0].target]
    if behind.kind != "exclusiveGateway" or behind.default is not None:
        return None
    return behind if asked_outcomes(behind) else None


def asked_outcomes(gateway: Node) -> set[str]:
    """Outcomes that its flows ask for; none when a flow asks for anything else."""
    texts = ["" if flow.condition is None else flow.condition.source for flow in gateway.flows]
    return set(ASKED.findall(" ".join(texts))) if only_outcomes(texts) else set()
