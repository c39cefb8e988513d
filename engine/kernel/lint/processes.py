"""Which processes of a file are meant to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lxml.etree import _Element as Element

from engine.kernel.drawing.globals import global_tasks
from engine.kernel.drawing.index import Drawing, process_of
from engine.kernel.drawing.names import FLOW_NODES, bpmn, is_set, kind, reference
from engine.kernel.drawing.report import Report

MAX_PROCESSES = 50
# The library's parser and every search over a process stay well within a second.
MAX_NODES = 300
MAX_FLOWS = 1_000


def choose_processes(root: Element, report: Report) -> None:
    """Take the processes that do not run out of the tree: pools of other parties.

    Drawn (not engineered) diagrams do not say `isExecutable`: when no process of the file does,
    those with something in them are accepted, with a warning each.
    """
    drawn = [e for e in root if kind(e) == "process"]
    check_pools(root, drawn, report)
    running = [e for e in drawn if is_set(e, "isExecutable")]
    if not drawn:
        if not global_tasks(root):
            report.error("process.none")
    elif not running and (silent := silent_ones(drawn)):
        for process in silent:
            report.warning("process.executable_absent", process)
        running = silent
    elif not running:
        for process in drawn:
            report.error("process.not_executable", process)
        running = drawn
    for process in drawn:
        if process not in running:
            report.warning("process.left_out", process)
            root.remove(process)


def silent_ones(drawn: list[Element]) -> list[Element]:
    """Processes that do not say whether they run; of several only those that are not empty."""
    silent = [process for process in drawn if process.get("isExecutable") is None]
    filled = [process for process in silent if any(kind(e) in FLOW_NODES for e in process)]
    return filled or silent


def within_limits(drawing: Drawing, report: Report) -> bool:
    """Whether a diagram is small enough to be looked at more closely."""
    if len(drawing.processes) > MAX_PROCESSES:
        report.error("process.too_many", limit=str(MAX_PROCESSES))
        return False
    small = True
    for name, nodes in sizes(drawing.nodes).items():
        if nodes > MAX_NODES:
            small = False
            report.error("process.too_many_nodes", name, limit=str(MAX_NODES), nodes=str(nodes))
    for name, flows in sizes(drawing.flows).items():
        if flows > MAX_FLOWS:
            small = False
            report.error("process.too_many_flows", name, limit=str(MAX_FLOWS), flows=str(flows))
    return small


def sizes(elements: Iterable[Element]) -> Counter[str]:
    """Process -> how many of the elements it holds."""
    return Counter(process_of(element).get("id") or "" for element in elements)


def check_pools(root: Element, drawn: list[Element], report: Report) -> None:
    """A pool whose process is drawn elsewhere, or nowhere, is the pool of another party."""
    known = {process.get("id") for process in drawn}
    for participant in root.iter(bpmn("participant")):
        name = reference(participant, "processRef")
        if name and name not in known:
            report.warning("reference.missing", participant, attribute="processRef", id=name[:80])
