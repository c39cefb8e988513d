"""Which BPMN elements may stand where, and with which attributes.

Lists hold what BPMN 2.0 defines. What it defines and the runtime lacks stands in `support`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.kernel.drawing.names import (
    ACTIVITIES,
    CHOREOGRAPHY,
    CONTAINERS,
    DEFINITION,
    EVENTS,
    FLOW_NODES,
    GATEWAYS,
)

EVENT_DEFINITIONS = frozenset(
    name + DEFINITION
    for name in (
        "message",
        "signal",
        "timer",
        "conditional",
        "error",
        "escalation",
        "compensate",
        "cancel",
        "terminate",
        "link",
    )
)
TIMER_PARTS = frozenset({"timeDate", "timeDuration", "timeCycle"})
MULTI = frozenset({"multiInstanceLoopCharacteristics"})

# Element -> the elements directly inside which it means something.
PARENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(FLOW_NODES | {"sequenceFlow"}, CONTAINERS),
        **dict.fromkeys(EVENT_DEFINITIONS | {"eventDefinitionRef"}, EVENTS | {"event"}),
        **dict.fromkeys(TIMER_PARTS, frozenset({"timerEventDefinition"})),
        "condition": frozenset({"conditionalEventDefinition", "complexBehaviorDefinition"}),
        "event": frozenset({"complexBehaviorDefinition"}),
        "conditionExpression": frozenset({"sequenceFlow"}),
        "standardLoopCharacteristics": ACTIVITIES,
        "loopCondition": frozenset({"standardLoopCharacteristics"}),
        "multiInstanceLoopCharacteristics": ACTIVITIES,
        "loopCardinality": MULTI,
        "loopDataInputRef": MULTI,
        "loopDataOutputRef": MULTI,
        "inputDataItem": MULTI,
        "outputDataItem": MULTI,
        "complexBehaviorDefinition": MULTI,
        "completionCondition": MULTI | {"adHocSubProcess"},
        "activationCondition": frozenset({"complexGateway"}),
        "script": frozenset({"scriptTask"}),
    }
)

# At most one of these stands in its parent; a second would be overlooked.
MANY = FLOW_NODES | EVENT_DEFINITIONS | {"sequenceFlow", "complexBehaviorDefinition"}
ONCE = frozenset(PARENTS) - MANY | {"extensionElements"}

# Documentation: read by people and other tools, never by the engine.
SILENT = frozenset({
    "documentation", "extensionElements", "incoming", "outgoing", "text", "textAnnotation",
    "association", "group", "categoryValueRef", "laneSet", "lane", "childLaneSet", "flowNodeRef",
    "partitionElement", "partitionElementRef", "dataObject", "dataObjectReference",
    "dataStoreReference", "dataState", "dataInputAssociation", "dataOutputAssociation",
    "sourceRef", "targetRef", "assignment", "from", "to", "transformation", "ioSpecification",
    "dataInput", "dataOutput", "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs",
    "optionalInputRefs", "optionalOutputRefs", "whileExecutingInputRefs",
    "whileExecutingOutputRefs", "inputSetRefs", "outputSetRefs", "ioBinding", "property",
    "auditing", "monitoring", "supports", "supportedInterfaceRef", "correlationSubscription",
    "correlationPropertyBinding", "dataPath", "rendering", "operationRef", "source", "target",
    "formalExpression",
})  # fmt: skip
# Refused by `support`; their inner parts need no report of their own.
PERFORMERS = frozenset({"potentialOwner", "humanPerformer", "performer", "resourceRole"})
PERFORMER_PARTS = frozenset({
    "resourceRef", "resourceParameterBinding", "resourceAssignmentExpression", "expression",
})  # fmt: skip


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMED = words("id name")
ACTIVITY = NAMED | words("isForCompensation startQuantity completionQuantity default")
SUBPROCESS = ACTIVITY | {"triggeredByEvent"}
GATEWAY = NAMED | {"gatewayDirection"}
CATCH = NAMED | {"parallelMultiple"}
DEFINED = frozenset({"id"})
EXPRESSION = words("id language evaluatesToTypeRef")

# Element -> its attributes without a namespace. An unknown one would silently mean nothing.
ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(ACTIVITIES, ACTIVITY),
        **dict.fromkeys(
            ("userTask", "manualTask", "businessRuleTask"), ACTIVITY | {"implementation"}
        ),
        **dict.fromkeys(GATEWAYS, GATEWAY),
        **dict.fromkeys(CHOREOGRAPHY, NAMED | words("initiatingParticipantRef loopType")),
        **dict.fromkeys(TIMER_PARTS, EXPRESSION),
        **dict.fromkeys(EVENT_DEFINITIONS, DEFINED),
        "process": NAMED | words("isExecutable processType isClosed definitionalCollaborationRef"),
        "scriptTask": ACTIVITY | {"scriptFormat"},
        "serviceTask": ACTIVITY | words("implementation operationRef"),
        "sendTask": ACTIVITY | words("implementation operationRef messageRef"),
        "receiveTask": ACTIVITY | words("implementation operationRef messageRef instantiate"),
        "callActivity": ACTIVITY | {"calledElement"},
        "subProcess": SUBPROCESS,
        "transaction": SUBPROCESS | {"method"},
        "adHocSubProcess": SUBPROCESS | words("ordering cancelRemainingInstances"),
        "exclusiveGateway": GATEWAY | {"default"},
        "inclusiveGateway": GATEWAY | {"default"},
        "complexGateway": GATEWAY | {"default"},
        "eventBasedGateway": GATEWAY | words("instantiate eventGatewayType"),
        "startEvent": CATCH | {"isInterrupting"},
        "intermediateCatchEvent": CATCH,
        "boundaryEvent": CATCH | words("attachedToRef cancelActivity"),
        "intermediateThrowEvent": NAMED,
        "endEvent": NAMED,
        "sequenceFlow": NAMED | words("sourceRef targetRef isImmediate"),
        "messageEventDefinition": DEFINED | {"messageRef"},
        "signalEventDefinition": DEFINED | {"signalRef"},
        "errorEventDefinition": DEFINED | {"errorRef"},
        "escalationEventDefinition": DEFINED | {"escalationRef"},
        "compensateEventDefinition": DEFINED | words("activityRef waitForCompletion"),
        "linkEventDefinition": NAMED,
        "condition": EXPRESSION,
        "conditionExpression": EXPRESSION,
        "loopCondition": EXPRESSION,
        "loopCardinality": EXPRESSION,
        "completionCondition": EXPRESSION,
        "activationCondition": EXPRESSION,
        "standardLoopCharacteristics": DEFINED | words("testBefore loopMaximum"),
        "multiInstanceLoopCharacteristics": DEFINED
        | words("isSequential behavior oneBehaviorEventRef noneBehaviorEventRef"),
        "lane": NAMED | {"partitionElementRef"},
    }
)
BOOLEANS = words(
    "isExecutable isClosed isForCompensation triggeredByEvent instantiate parallelMultiple"
    " isInterrupting cancelActivity isImmediate waitForCompletion testBefore isSequential"
    " cancelRemainingInstances"
)
