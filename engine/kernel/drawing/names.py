"""Namespaces and the tags of BPMN, and small ways to ask an element for its parts."""

from __future__ import annotations

from lxml.etree import QName
from lxml.etree import _Element as Element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
SHENLING = "urn:shenling:bpmn:1"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
DC = "http://www.omg.org/spec/DD/20100524/DC"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
BPMN_TAG = f"{{{BPMN}}}"
NS = {"bpmn": BPMN, "zeebe": ZEEBE, "shenling": SHENLING, "camunda": CAMUNDA, "xsi": XSI}
PREFIXES = {uri: prefix for prefix, uri in NS.items()}

TASKS = frozenset({
    "task", "userTask", "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask",
    "businessRuleTask",
})  # fmt: skip
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset({
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
    "complexGateway",
})  # fmt: skip
# Their flows may have conditions.
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
CONDITIONAL = CHOOSING | ACTIVITIES
EVENTS = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
})  # fmt: skip
CHOREOGRAPHY = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS | CHOREOGRAPHY
CONTAINERS = SUBPROCESSES | {"process"}
# Someone works on these and the engine waits for them.
PEOPLE = frozenset({"userTask", "manualTask"})
DEFINITION = "EventDefinition"


def bpmn(tag: str) -> str:
    """The full name of a BPMN tag."""
    return f"{{{BPMN}}}{tag}"


def kind(element: Element) -> str:
    """The BPMN tag of an element; empty for elements of other namespaces."""
    tag = element.tag
    if isinstance(tag, str) and tag.startswith(BPMN_TAG):
        return tag[len(BPMN_TAG) :]
    return ""


def prefixed(name: Element | str) -> str:
    """`{uri}local` as `prefix:local`; empty for namespaces without meaning here."""
    parts = QName(name)
    prefix = PREFIXES.get(parts.namespace or "")
    return f"{prefix}:{parts.localname}" if prefix else ""


def extension(element: Element, name: str) -> Element | None:
    """The extension element of this name, such as `zeebe:ioMapping`."""
    return element.find(f"bpmn:extensionElements/{name}", NS)


def child(element: Element, tag: str) -> Element | None:
    """The first BPMN child of this tag."""
    return element.find(bpmn(tag))


def body(element: Element | None) -> str | None:
    """The text of an element without white space around it; None when there is no element."""
    return None if element is None else "".join(element.itertext()).strip()


def is_set(element: Element, attribute: str, *, default: bool = False) -> bool:
    """A boolean attribute; both spellings of XML Schema."""
    value = element.get(attribute)
    return default if value is None else value in ("true", "1")


def reference(element: Element, attribute: str) -> str:
    """An id that an attribute refers to, without the prefix some modellers write before it."""
    return (element.get(attribute) or "").rpartition(":")[2]


def definitions(element: Element) -> list[Element]:
    """The event definitions drawn inside an event, in order."""
    return [part for part in element if kind(part).endswith(DEFINITION)]


def event_kind(definition: Element) -> str:
    """What an event definition is about: message, timer, compensate and so on."""
    return kind(definition).removesuffix(DEFINITION)
