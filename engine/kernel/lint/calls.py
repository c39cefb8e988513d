"""Called processes are in the bundle, ids do not meet across files, recursion has a way out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from engine.kernel.drawing.index import Drawing, process_of
from engine.kernel.drawing.names import EVENTS, extension, is_set, kind
from engine.kernel.drawing.report import Report

Files = list[tuple[Drawing, Report]]


def check(files: Files) -> None:
    check_ids(files)
    processes = {p.get("id") or "": drawing for drawing, _ in files for p in drawing.processes}
    for drawing, report in files:
        for node in calls_of(drawing):
            name = called(node)
            target = processes.get(name)
            if name and target is None:
                report.error("call.unknown", node, process=name[:80])
            elif name and target is not None and not blank_start(name, target):
                report.error("call.no_blank_start", node, process=name)
            elif name and target is not None:
                check_version(node, name, target, report)
    check_recursion(files, processes)


def calls_of(drawing: Drawing) -> list[Element]:
    return [node for node in drawing.nodes if kind(node) == "callActivity"]


def called(node: Element) -> str:
    drawn = extension(node, "zeebe:calledElement")
    name = node.get("calledElement") if drawn is None else drawn.get("processId")
    name = (name or "").strip()
    return "" if name.startswith("=") else name


def check_version(node: Element, name: str, target: Drawing, report: Report) -> None:
    """A version that is asked for by its tag is the one in the bundle."""
    drawn = extension(node, "zeebe:calledElement")
    if drawn is None or drawn.get("bindingType") != "versionTag":
        return
    asked, found = drawn.get("versionTag") or "", extension(target.by_id[name], "zeebe:versionTag")
    if found is None or not asked or found.get("value") != asked:
        report.error("call.other_version", node, process=name, tag=asked[:80])


def blank_start(name: str, drawing: Drawing) -> bool:
    """A called process begins at its start event without a definition, or without any start."""
    inside = drawing.nodes_of(drawing.by_id[name])
    if not any(kind(n) == "startEvent" or is_set(n, "instantiate") for n in inside):
        return True
    return any(
        kind(node) == "startEvent"
        and not any(kind(part).endswith("EventDefinition") for part in node)
        for node in inside
    )


def check_ids(files: Files) -> None:
    """Processes and subprocesses are found by id: it must be unique in the whole bundle."""
    homes: dict[str, str] = {}
    for drawing, report in files:
        inside = {
            container.get("id") or ""
            for process in drawing.processes
            for container in drawing.containers(process)
        }
        for name in sorted(inside):
            if name in homes:
                report.error("container.duplicate", name, file=homes[name])
            homes.setdefault(name, drawing.file)


def check_recursion(files: Files, processes: dict[str, Drawing]) -> None:
    """A process that calls itself needs a path to its end without the call."""
    graph = {name: set(calls_in(name, drawing)) for name, drawing in processes.items()}
    for drawing, report in files:
        for node in calls_of(drawing):
            home, target = process_of(node).get("id") or "", called(node)
            if target not in processes or home not in reachable(target, graph):
                continue
            if ends_without(
                {c for c in graph if home in reachable(c, graph)}, home, processes[home]
            ):
                report.warning("call.recursive", node, process=target)
            else:
                report.error("call.endless", node, process=target)


def calls_in(name: str, drawing: Drawing) -> Iterator[str]:
    for node in calls_of(drawing):
        if process_of(node).get("id") == name and called(node):
            yield called(node)


def reachable(name: str, graph: dict[str, set[str]]) -> set[str]:
    """Processes that a call of this one can lead to, itself included."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(graph.get(here, ()))
    return seen


def ends_without(circle: set[str], name: str, drawing: Drawing) -> bool:
    """Whether a token can get from a start to an end of the process past the calls of a circle."""
    nodes = {node.get("id") or "": node for node in drawing.nodes_of(drawing.by_id[name])}
    todo = [n for n, node in nodes.items() if kind(node) == "startEvent"]
    seen: set[str] = set()
    while todo:
        here = todo.pop()
        node = nodes.get(here)
        if node is None or here in seen or blocks(node, circle):
            continue
        seen.add(here)
        following = [flow.get("targetRef") or "" for flow in drawing.out[here]]
        following += [event.get("id") or "" for event in drawing.attached[here]]
        if not drawing.out[here] and (
            kind(node) in EVENTS or not is_set(node, "isForCompensation")
        ):
            return True
        todo += following
    return False


def blocks(node: Element, circle: set[str]) -> bool:
    """A call into the circle, or a subprocess that holds one."""
    calls = [e for e in node.iter() if kind(e) == "callActivity"]
    return any(called(call) in circle for call in calls)
