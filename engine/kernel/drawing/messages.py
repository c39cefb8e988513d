"""Message flows between the processes of a file give their ends the same message.

An end without a message of its own takes the flow's, or that of the other end; when nobody names
one, the flow itself is the message. Flows from and to pools of other parties only name.
"""

from __future__ import annotations

from lxml.etree import SubElement
from lxml.etree import _Element as Element

from engine.kernel.drawing.names import NS, bpmn, child, kind, reference

TASKS = frozenset({"sendTask", "receiveTask"})


def message_flows(root: Element) -> list[tuple[Element, list[Element]]]:
    """Each flow, and what names the message at those of its ends that are drawn here."""
    drawn = {
        node.get("id"): node
        for node in root.xpath("bpmn:process//bpmn:*[@id]", namespaces=NS)
        if isinstance(node.tag, str)
    }
    found = []
    for flow in root.xpath("bpmn:collaboration/bpmn:messageFlow", namespaces=NS):
        ends = (drawn.get(reference(flow, side)) for side in ("sourceRef", "targetRef"))
        holders = [holder_of(end) for end in ends if end is not None]
        found.append((flow, [holder for holder in holders if holder is not None]))
    return found


def holder_of(node: Element) -> Element | None:
    """What refers to the message of a node."""
    return node if kind(node) in TASKS else child(node, "messageEventDefinition")


def tie_messages(root: Element) -> None:
    for flow, holders in message_flows(root):
        named = [reference(holder, "messageRef") for holder in holders]
        name = reference(flow, "messageRef") or next(filter(None, named), "")
        if not name and len(holders) == 2 and flow.get("id"):  # noqa: PLR2004  # a flow has two ends
            name = f"{flow.get('id')}.message"
            SubElement(root, bpmn("message"), {"id": name, "name": flow.get("id") or ""})
        for holder in holders:
            if name and not holder.get("messageRef"):
                holder.set("messageRef", name)
