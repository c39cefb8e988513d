"""The decision tables of a bundle, and what their authors should look at."""

from __future__ import annotations

from collections.abc import Mapping

from engine.decisions import (
    Decision,
    DecisionsInvalid,
    Problem,
    TableFinding,
    analyse,
    read_decisions,
)
from engine.kernel.drawing.report import Report
from engine.kernel.read.values import shown
from engine.types import Finding

DECISIONS = ".dmn"
FEEL = "feel"
# Not an omission of the author: the table compares more than literals.
SILENT = frozenset({"not-analysed"})


def read_tables(files: Mapping[str, bytes]) -> tuple[dict[str, Decision], tuple[Finding, ...]]:
    """Decision id -> decision of every file, and what is wrong with the files.

    The files may import each other. What is wrong in an imported one is told where it stands.
    """
    found: dict[str, Decision] = {}
    findings: list[Finding] = []
    tables = {name: files[name] for name in sorted(files) if name.endswith(DECISIONS)}
    for name in tables:
        report = Report(name)
        for key, decision in read_file(tables, report).items():
            if key in found:
                report.error("decision.duplicate", key, id=key)
            found[key] = decision
            for finding in analyse(decision):
                advise(finding, key, report)
        findings.extend(report.findings)
    return found, tuple(findings)


def read_file(tables: Mapping[str, bytes], report: Report) -> Mapping[str, Decision]:
    others = {name: raw for name, raw in tables.items() if name != report.file}
    try:
        file = read_decisions(tables[report.file], name=report.file, imports=others)
    except DecisionsInvalid as invalid:
        for problem in invalid.findings:
            if not problem.namespace:
                refuse(problem, report)
        return {}
    for problem in file.remarks:
        if not problem.namespace:
            report.warning(f"dmn.{problem.code}", problem.element_id, detail=detail_of(problem))
    return file.decisions


def refuse(problem: Problem, report: Report) -> None:
    """A finding of the table's own code; a FEEL error carries FEEL's code and place."""
    if problem.code == FEEL:
        reason, line, column, detail = problem.args
        report.error(
            "dmn.feel",
            problem.element_id,
            reason=reason,
            line=line,
            column=column,
            detail=shown(detail),
        )
    else:
        report.error(f"dmn.{problem.code}", problem.element_id, detail=detail_of(problem))


def detail_of(problem: Problem) -> str:
    return shown(", ".join(problem.args)) or "–"


def advise(finding: TableFinding, decision: str, report: Report) -> None:
    if finding.code in SILENT:
        return
    example = ", ".join(f"{label} = {value}" for label, value in finding.example.items())
    report.warning(
        f"dmn.{finding.code}",
        decision,
        rules=shown(", ".join(finding.rules)) or "–",
        example=shown(example) or "–",
    )
