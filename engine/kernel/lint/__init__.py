"""Everything in a diagram that would not be executed as drawn, found before it is deployed."""

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.report import Report
from engine.kernel.lint import (
    allowed,
    calls,
    events,
    flows,
    gateways,
    ids,
    labels,
    people,
    soundness,
)
from engine.kernel.lint.processes import choose_processes, within_limits
from engine.kernel.lint.texts import explain
from engine.types import Catalogue

__all__ = ["check_bundle", "check_drawing", "choose_processes", "explain", "within_limits"]


def check_drawing(drawing: Drawing, catalogue: Catalogue, report: Report) -> None:
    """All rules about one file. Joins are looked at only in a diagram that is otherwise right."""
    allowed.check(drawing, report)
    ids.check(drawing, report)
    flows.check(drawing, report)
    events.check(drawing, report)
    gateways.check(drawing, report)
    people.check(drawing, catalogue, report)
    labels.check(drawing, report)
    if not report.has_errors:
        soundness.check(drawing, report)


def check_bundle(drawings: list[tuple[Drawing, Report]]) -> None:
    """Rules across the files of a bundle."""
    calls.check(drawings)
    people.check_four_eyes(drawings)
