"""A process as a text outline: each element once, in the order in which it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.model import Container, Model, Node
from engine.types import Text

Line = tuple[int, str, str, Text, str]


def outline(model: Model, process_id: str) -> list[Line]:
    """(depth, element id, kind, name, role) of every node, subprocesses indented.

    Branches follow each other in drawing order; boundary events come after their activity, event
    subprocesses last. KeyError when the model has no such process.
    """
    return list(lines(model, model.containers[model.processes[process_id].container], 0))


def lines(model: Model, container: Container, depth: int) -> Iterator[Line]:
    for node in in_flow_order(container):
        yield depth, node.id, node.kind, node.name, node.lane_role
        if node.inner == node.id:
            yield from lines(model, model.containers[node.inner], depth + 1)


def in_flow_order(container: Container) -> list[Node]:
    """Depth first along the flows; what no flow reaches follows in drawing order."""
    found: dict[str, Node] = {}
    todo = [n.id for n in reversed(list(container.nodes.values()))]
    todo.extend(start.id for start in reversed(container.starts))
    while todo:
        node = container.nodes[todo.pop()]
        if node.id in found:
            continue
        found[node.id] = node
        following = [n.id for n in container.nodes.values() if n.attached_to == node.id]
        following += [node.handler] if node.handler else []
        following += [flow.target for flow in node.flows]
        todo.extend(name for name in reversed(following) if name not in found)
    return list(found.values())
