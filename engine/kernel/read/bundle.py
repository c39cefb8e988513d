"""A bundle becomes a model, or the list of everything that stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.kernel import KERNEL_VERSION, lint
from engine.kernel.drawing.globals import unfold
from engine.kernel.drawing.idents import settle
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.report import Report
from engine.kernel.drawing.source import read_tree
from engine.kernel.model import Container, Model, Process
from engine.kernel.read.about import abouts, ad_hocs, conditions, start_forms, starting_gateways
from engine.kernel.read.build import Parts, any_condition, containers_of, processes_of
from engine.kernel.read.calendar import read_calendar
from engine.kernel.read.loops import check_outputs
from engine.kernel.read.tables import read_tables
from engine.kernel.read.texts import check_languages
from engine.kernel.read.work import Surroundings
from engine.types import Bundle, Catalogue, Finding

DIAGRAM = ".bpmn"
FORM = ("forms/", ".json")


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The model, unless a finding of level "error" prevents it."""

    model: Model | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level == "error")


def read_bundle(bundle: Bundle, catalogue: Catalogue, *, accepted: bool = False) -> ReadResult:
    """Read every file of a bundle and check it. Bad input makes findings, never an exception.

    A bundle that was `accepted` before is read and not judged again: instances that run on it
    finish on it, whatever rules a later version has.
    """
    whole = Report()
    calendar = read_calendar(bundle.files, whole)
    decisions, table_findings = read_tables(bundle.files)
    around = Surroundings(catalogue, form_ids(bundle.files), frozenset(decisions))
    diagrams = sorted(name for name in bundle.files if name.endswith(DIAGRAM))
    if not diagrams:
        whole.error("bundle.no_diagram")
    reports = {name: Report(name) for name in diagrams}
    read = [
        parts
        for name in diagrams
        if (parts := read_diagram(bundle.files[name], around, reports[name], judge=not accepted))
        is not None
    ]
    if not accepted:
        lint.check_bundle([(parts.drawing, reports[parts.drawing.file]) for parts in read])
    findings = (
        *whole.findings,
        *(finding for name in diagrams for finding in reports[name].findings),
        *table_findings,
    )
    if any(finding.level == "error" for finding in findings):
        return ReadResult(None, findings)
    processes, containers, more = build(read)
    findings = (*findings, *more)
    if more:
        return ReadResult(None, findings)
    model = Model(
        key=bundle.key,
        processes=MappingProxyType(processes),
        containers=MappingProxyType(containers),
        decisions=MappingProxyType(dict(decisions)),
        calendar=calendar,
        has_conditions=any_condition(containers),
        kernel_version=KERNEL_VERSION,
    )
    return ReadResult(model, findings)


def read_diagram(raw: bytes, around: Surroundings, report: Report, *, judge: bool) -> Parts | None:
    """One file; None when it is no diagram at all. Everything else is reported on the way."""
    root = read_tree(raw, report)
    if root is None:
        return None
    lint.choose_processes(root, report)
    settle(root, report)
    unfold(root)
    drawing = Drawing(root, report.file)
    if judge:
        if not lint.within_limits(drawing, report):
            return None
        lint.check_drawing(drawing, around.catalogue, report)
        check_languages(root, report)
        check_outputs(drawing, report)
    processes = drawing.processes
    return Parts(
        drawing=drawing,
        abouts=MappingProxyType(abouts(drawing, around, report)),
        conditions=MappingProxyType(conditions(drawing, report)),
        start_forms=MappingProxyType(
            {p.get("id") or "": start_forms(drawing, p, around, report) for p in processes}
        ),
        ad_hocs=MappingProxyType(ad_hocs(drawing, report)),
        gateways=MappingProxyType(starting_gateways(drawing)),
        processes=processes,
    )


def build(
    read: list[Parts],
) -> tuple[dict[str, Process], dict[str, Container], tuple[Finding, ...]]:
    """Processes and containers of all diagrams, in order of files."""
    processes: dict[str, Process] = {}
    containers: dict[str, Container] = {}
    for parts in read:
        try:
            containers.update(containers_of(parts))
        except ValidationException as problem:
            # Lint has let something pass that the library cannot read: no model is better than
            # one that lacks a node.
            report = Report(parts.drawing.file)
            report.error("library.refused", reason=str(problem)[:120])
            return {}, {}, report.findings
        processes.update(processes_of(parts))
    return processes, containers, ()


def form_ids(files: Mapping[str, bytes]) -> frozenset[str]:
    first, last = FORM
    return frozenset(
        name[len(first) : -len(last)]
        for name in files
        if name.startswith(first) and name.endswith(last)
    )
