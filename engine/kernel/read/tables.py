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
    """Decision id -> decision of every file, and what is wrong with the files."""
    found: dict[str, Decision] = {}
    findings: list[Finding] = []
    for name in sorted(name for name in files if name.endswith(DECISIONS)):
        report = Report(name)
        for key, decision in read_file(files[name], report).items():
            if key in found:
                report.error("decision.duplicate", key, id=key)
            found[key] = decision
            for finding in analyse(decision):
                advise(finding, key, report)
        findings.extend(report.findings)
    return found, tuple(findings)


def read_file(raw: bytes, report: Report) -> Mapping[str, Decision]:
    try:
        return read_decisions(raw, name=report.file).decisions
    except DecisionsInvalid as invalid:
        for problem in invalid.findings:
            refuse(problem, report)
        return {}


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
        detail = shown(", ".join(problem.args)) or "–"
        report.error(f"dmn.{problem.code}", problem.element_id, detail=detail)


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
