"""Everything that is wrong or odd about a bundle. Pure: a process without Django asks this."""

from collections.abc import Iterator, Mapping

from engine.kernel.lint.covering import only_outcomes
from engine.kernel.model import Container, Model, Node
from engine.kernel.read import read_bundle
from engine.runtime.forms import ASKED, outcomes_of, read_form, read_forms
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
        found += lost_outcomes(model, bundle.files)
    return found


def lost_outcomes(model: Model, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Outcomes of a user task for which the gateway right behind it has no flow."""
    forms = read_forms(files)
    for container in model.containers.values():
        for node in container.nodes.values():
            gateway = choice_behind(node, container)
            if gateway is None:
                continue
            asked = asked_outcomes(gateway)
            form = forms.get(getattr(node.work, "form_id", ""))
            for choice in outcomes_of(node, container, form):
                if choice.code not in asked:
                    args = {"outcome": choice.code, "gateway": gateway.id}
                    file = model.processes[container.process].file
                    yield Finding("warning", "outcome.without_flow", file, node.id, args)


def choice_behind(node: Node, container: Container) -> Node | None:
    """The exclusive gateway without a default that asks only for the outcomes of this task."""
    if node.kind not in ("userTask", "manualTask") or len(node.flows) != 1:
        return None
    behind = container.nodes[node.flows[0].target]
    if behind.kind != "exclusiveGateway" or behind.default is not None:
        return None
    return behind if asked_outcomes(behind) else None


def asked_outcomes(gateway: Node) -> set[str]:
    """Outcomes that its flows ask for; none when a flow asks for anything else."""
    texts = ["" if flow.condition is None else flow.condition.source for flow in gateway.flows]
    return set(ASKED.findall(" ".join(texts))) if only_outcomes(texts) else set()
