"""SpiffWorkflow walks the XML: a parser subclass turns a diagram into its process specs.

The library parses processes, nodes, flows, positions and definitions of events. What it does not
keep (flow ids, boundary events as drawn) is put into `task_spec.extensions`, the place it offers.
Its runtime is not used. Hazards of the library that this file removes:

- It recurses along flows, so a long chain ends in RecursionError: nodes are parsed first, without
  their flows, and connected afterwards.
- It keeps tasks of its own under ids such as `Start`: drawn ids get a mark that no id can have.
- It follows data objects upwards for ever, and refuses data stores: both are documentation here.
- It reads flows without condition, several definitions or `default` in its own way: not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml.etree import _Element as Element
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.specs import defaults as spec
from SpiffWorkflow.bpmn.specs.event_definitions import timer
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.specs.base import TaskSpec

from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import (
    EVENTS,
    SUBPROCESSES,
    bpmn,
    definitions,
    event_kind,
    is_set,
    kind,
    reference,
)

MARK = "#"
SPECS = {
    "startEvent": spec.StartEvent,
    "endEvent": spec.EndEvent,
    "intermediateCatchEvent": spec.IntermediateCatchEvent,
    "intermediateThrowEvent": spec.IntermediateThrowEvent,
    "boundaryEvent": spec.BoundaryEvent,
    "task": spec.NoneTask,
    "userTask": spec.UserTask,
    "manualTask": spec.ManualTask,
    "serviceTask": spec.ServiceTask,
    "scriptTask": spec.ServiceTask,
    "businessRuleTask": spec.ServiceTask,
    "sendTask": spec.SendTask,
    "receiveTask": spec.ReceiveTask,
    "exclusiveGateway": spec.ExclusiveGateway,
    "inclusiveGateway": spec.InclusiveGateway,
    "parallelGateway": spec.ParallelGateway,
    "complexGateway": spec.InclusiveGateway,
    "eventBasedGateway": spec.EventBasedGateway,
    "subProcess": spec.SubWorkflowTask,
    "transaction": spec.TransactionSubprocess,
    "adHocSubProcess": spec.SubWorkflowTask,
    "callActivity": spec.CallActivity,
}
WITH_DEFINITION = EVENTS | {"receiveTask", "sendTask", "eventBasedGateway"}
WITH_INNER = SUBPROCESSES | {"callActivity"}


class CompensateDefinition(EventDefinition):  # type: ignore[misc]  # the library is untyped
    """The library has none; `name` is the activity to compensate."""


class LinkDefinition(EventDefinition):  # type: ignore[misc]  # the library is untyped
    """The library has none; `name` is the link's."""


@dataclass(slots=True)
class Drawn:
    """`task_spec.extensions`: what the library's spec does not keep."""

    tag: str
    default: str | None
    # (flow id, target id) from top to bottom.
    flows: list[tuple[str, str]] = field(default_factory=list)
    # Ids of boundary events, those for compensation excluded.
    boundaries: list[str] = field(default_factory=list)
    # Id of the compensation activity.
    handler: str | None = None
    attached_to: str | None = None


class NodeParser(EventDefinitionParser):  # type: ignore[misc]  # the library is untyped
    """One parser for every drawn node."""

    def handles_multiple_outgoing(self) -> bool:
        return True

    def parse_incoming_data_references(self) -> list[Any]:
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        return []

    def parse_io_spec(self) -> None:
        return None

    def create_task(self) -> Any:
        tag, more = kind(self.node), {}
        if tag in WITH_DEFINITION:
            more["event_definition"] = self.event_definition()
        if tag == "boundaryEvent":
            more["cancel_activity"] = is_set(self.node, "cancelActivity", default=True)
        if tag in WITH_INNER:
            more["subworkflow_spec"] = self.inner()
        return self.spec_class(self.spec, MARK + self.bpmn_id, **more, **self.bpmn_attributes)

    def parse_extensions(self, node: Element | None = None) -> Drawn:  # noqa: ARG002  # the library's signature
        return Drawn(
            kind(self.node), self.node.get("default"), attached_to=self.node.get("attachedToRef")
        )

    def _add_loop_task(self, loop_characteristics: Element) -> None:
        """Loops are read elsewhere; the spec stays that of the activity."""

    _add_multiinstance_task = _add_loop_task

    def inner(self) -> str:
        """Id of the container inside: a subprocess gets a parser of its own."""
        if kind(self.node) == "callActivity":
            return self.node.get("calledElement") or ""
        self.process_parser.parser.create_parser(self.node, filename=self.filename)
        return str(self.bpmn_id)

    def event_definition(self) -> Any:
        found = [self.definition(part) for part in definitions(self.node)]
        if self.node.get("messageRef"):
            found.append(self.parse_message_event(self.node))
        if kind(self.node) == "eventBasedGateway":
            return MultipleEventDefinition()
        if len(found) > 1:
            return MultipleEventDefinition(found, is_set(self.node, "parallelMultiple"))
        return found[0] if found else NoneEventDefinition()

    def definition(self, part: Element) -> Any:
        what = event_kind(part)
        if what == "timer":
            return timer.TimerEventDefinition(self.bpmn_id, None)
        if what == "conditional":
            return ConditionalEventDefinition(None)
        if what == "compensate":
            return CompensateDefinition(reference(part, "activityRef"))
        if what == "link":
            return LinkDefinition(part.get("name"))
        return getattr(self, f"parse_{what}_event")(part)

    def connect(self, drawing: Drawing) -> None:
        """Second pass: every node of the process has its spec."""
        flows = [
            (self.get_position(drawing.by_id[reference(f, "targetRef")]), f)
            for f in drawing.out[self.bpmn_id]
        ]
        for _, flow in sorted(flows, key=lambda pair: (pair[0]["y"], pair[0]["x"])):
            target = self.spec.task_specs[MARK + reference(flow, "targetRef")]
            # The plain way: an event-based gateway's own takes the definitions off its targets.
            TaskSpec.connect(self.task, target)
            self.task.extensions.flows.append((flow.get("id"), reference(flow, "targetRef")))
        for event in drawing.attached[self.bpmn_id]:
            if event.find(bpmn("compensateEventDefinition")) is None:
                self.task.extensions.boundaries.append(event.get("id"))
            else:
                self.task.extensions.handler = drawing.associations.get(event.get("id") or "")


class ContainerParser(ProcessParser):  # type: ignore[misc]  # the library is untyped
    """A process or subprocess: every node in it, whether a flow leads there or not."""

    def get_outgoing_sequence_flows(self, source_ref: str) -> list[Element]:  # noqa: ARG002  # the library's signature
        return []

    def get_boundary_events(self, attached_to_ref: str) -> list[Element]:  # noqa: ARG002  # the library's signature
        return []

    def parse_io_spec(self) -> None:
        return None

    def add_tasks(self) -> None:
        parsers = []
        for node in self.node:
            if kind(node) in SPECS:
                parser = NodeParser(self, SPECS[kind(node)], node, self.nsmap, lane=self.lane)
                parser.parse_node()
                parsers.append(parser)
        for parser in parsers:
            parser.connect(self.parser.drawing)


class Parser(BpmnParser):  # type: ignore[misc]  # the library is untyped
    """Parses one diagram that lint found sound."""

    PROCESS_PARSER_CLASS = ContainerParser

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        self.add_bpmn_xml(drawing.root, drawing.file)

    def _add_data_stores(self, bpmn: Element) -> None:
        """Data stores are documentation."""

    def _add_correlations(self, bpmn: Element) -> None:
        """Correlation keys come from `zeebe:subscription`."""


def specs_of(drawing: Drawing, processes: tuple[str, ...]) -> dict[str, Any]:
    """Process or subprocess id -> BpmnProcessSpec, subprocesses of these processes included."""
    parser, found = Parser(drawing), dict[str, Any]()
    todo = list(processes)
    while todo:
        known = set(parser.process_parsers)
        for name in todo:
            found[name] = parser.process_parsers[name].get_spec()
        todo = [name for name in parser.process_parsers if name not in known]
    return found
