"""Everything in a diagram that would not be executed as drawn, found before it is deployed."""

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.report import Report
from engine.kernel.lint import allowed, ids
from engine.kernel.lint.processes import choose_processes
from engine.types import Catalogue

__all__ = ["check_bundle", "check_drawing", "choose_processes"]


def check_drawing(drawing: Drawing, catalogue: Catalogue, report: Report) -> None:
    """All rules about one file."""
    allowed.check(drawing, report)
    ids.check(drawing, report)


def check_bundle(drawings: list[tuple[Drawing, Report]], whole: Report) -> None:
    """Rules across the files of a bundle."""
