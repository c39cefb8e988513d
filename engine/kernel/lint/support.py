"""What is refused because it is not executed, and which extensions are.

`REFUSED` is the one table of constructs that the notation has and the runtime lacks: a code and
where it occurs. Executing one means deleting its line. `EXTENSIONS` is an allow-list: an
extension element has meaning only on the elements named here, with the attributes named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml.etree import XPath

from engine.kernel.drawing.names import ACTIVITIES, FLOW_NODES, NS

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        # Activities.
        "unsupported.choreography": "//bpmn:choreographyTask | //bpmn:subChoreography"
        " | //bpmn:callChoreography | /bpmn:definitions/bpmn:choreography",
        "unsupported.script_code": "//bpmn:scriptTask/bpmn:script",
        "unsupported.assignment_in_bpmn": "//bpmn:potentialOwner | //bpmn:humanPerformer"
        " | //bpmn:performer | //bpmn:resourceRole",
        "unsupported.language": "//bpmn:*[string(@language)"
        " and not(self::bpmn:messagePath or self::bpmn:dataPath) and not(contains("
        "translate(@language, 'FEL', 'fel'), 'feel'))]",
        "unsupported.must_understand": "/*/bpmn:extension[@mustUnderstand = 'true'"
        " or @mustUnderstand = '1']",
        # Gateways and events.
        "unsupported.conditional_start": "//bpmn:process/bpmn:startEvent"
        "[bpmn:conditionalEventDefinition]",
        "unsupported.event_subprocess_loop": "//bpmn:subProcess[@triggeredByEvent = 'true']/*["
        "self::bpmn:standardLoopCharacteristics or self::bpmn:multiInstanceLoopCharacteristics]",
        # Extensions of the zeebe dialect.
        "unsupported.event_job": "(//bpmn:intermediateThrowEvent | //bpmn:endEvent)["
        "bpmn:errorEventDefinition or bpmn:compensateEventDefinition"
        " or bpmn:cancelEventDefinition or bpmn:terminateEventDefinition"
        " or bpmn:linkEventDefinition]/bpmn:extensionElements/zeebe:taskDefinition",
        "unsupported.listeners": "//zeebe:executionListeners | //zeebe:taskListeners",
        "unsupported.linked_resources": "//zeebe:linkedResources",
        "unsupported.embedded_form": "//zeebe:userTaskForm",
        "unsupported.form_inside": "//bpmn:startEvent[not(parent::bpmn:process)]"
        "/bpmn:extensionElements/zeebe:formDefinition",
        "unsupported.agent": "//zeebe:agentDefinition",
        "unsupported.job_priority": "//zeebe:jobPriorityDefinition",
        "unsupported.candidate_users": "//zeebe:assignmentDefinition[string(@candidateUsers)]",
        "unsupported.follow_up_date": "//zeebe:taskSchedule[string(@followUpDate)]",
        "unsupported.business_id": "//zeebe:calledElement[string(@businessId)]",
        "unsupported.version_binding": "//zeebe:*[@bindingType = 'versionTag']"
        "[not(self::zeebe:calledElement)]",
    }
)
FINDERS = {code: XPath(path, namespaces=NS) for code, path in REFUSED.items()}


@dataclass(frozen=True, slots=True)
class Extension:
    """On which BPMN elements an extension element means something, and its attributes."""

    owners: frozenset[str]
    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()


def on(owners: str, attributes: str = "", children: str = "") -> Extension:
    return Extension(*(frozenset(words.split()) for words in (owners, attributes, children)))


ANYWHERE = " ".join(
    FLOW_NODES
    | {"process", "lane", "sequenceFlow", "participant", "message"}
    | {"dataObjectReference", "dataStoreReference"}
)
NODES = " ".join(FLOW_NODES)
JOBS = "serviceTask sendTask scriptTask businessRuleTask intermediateThrowEvent endEvent"
MAPPED = " ".join(
    ACTIVITIES - {"task"} | {"startEvent", "intermediateCatchEvent", "boundaryEvent"}
)
MAPPED_TOO = f"{MAPPED} intermediateThrowEvent endEvent"
BINDING = "bindingType versionTag"
TIMED = "intermediateCatchEvent boundaryEvent startEvent timerEventDefinition"

EXTENSIONS: Mapping[str, Extension] = MappingProxyType(
    {
        "zeebe:userTask": on("userTask"),
        "zeebe:assignmentDefinition": on(
            "userTask manualTask", "assignee candidateGroups candidateUsers"
        ),
        "zeebe:formDefinition": on(
            "userTask manualTask startEvent", f"formId formKey externalReference {BINDING}"
        ),
        "zeebe:taskSchedule": on("userTask manualTask", "dueDate followUpDate"),
        "zeebe:priorityDefinition": on("userTask manualTask", "priority"),
        "zeebe:taskDefinition": on(JOBS, "type retries"),
        "zeebe:taskHeaders": on(JOBS, children="header"),
        "zeebe:calledDecision": on("businessRuleTask", f"decisionId resultVariable {BINDING}"),
        "zeebe:script": on("scriptTask", "expression resultVariable"),
        "zeebe:calledElement": on(
            "callActivity",
            "processId processIdExpression propagateAllChildVariables"
            f" propagateAllParentVariables businessId {BINDING}",
        ),
        "zeebe:ioMapping": on(MAPPED_TOO, children="input output"),
        "zeebe:loopCharacteristics": on(
            "multiInstanceLoopCharacteristics",
            "inputCollection inputElement outputCollection outputElement",
        ),
        "zeebe:conditionalFilter": on(
            "conditionalEventDefinition", "variableNames variableEvents"
        ),
        "zeebe:adHoc": on("adHocSubProcess", "activeElementsCollection"),
        "zeebe:subscription": on("message", "correlationKey"),
        "zeebe:properties": on(ANYWHERE, children="property"),
        "zeebe:versionTag": on("process", "value"),
        "shenling:deadline": on(f"userTask manualTask {TIMED}", "workingDays"),
        "shenling:fourEyes": on("userTask manualTask", "notSameAs"),
        "shenling:milestone": on(NODES, "code"),
        "shenling:text": on(ANYWHERE, "lang"),
        # Refused by the table above, listed so that they are reported once.
        "zeebe:executionListeners": on(ANYWHERE, children="executionListener"),
        "zeebe:taskListeners": on(NODES, children="taskListener"),
        "zeebe:linkedResources": on(NODES, children="linkedResource"),
        "zeebe:userTaskForm": on("process", "id"),
        "zeebe:agentDefinition": on(NODES, "agentId"),
        "zeebe:jobPriorityDefinition": on(f"{NODES} process", "priority"),
    }
)

# Where a template has a value from.
CONFIGURED = frozenset({"modelerConfigurationTemplate", "modelerConfigurationName"})
# Children of extension elements -> their attributes.
PARTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "header": frozenset({"id", "key", "value"}),
        "input": frozenset({"source", "target"}) | CONFIGURED,
        "output": frozenset({"source", "target"}),
        "property": frozenset({"name", "value"}) | CONFIGURED,
        "executionListener": frozenset({"eventType", "type", "retries"}),
        "taskListener": frozenset({"eventType", "type", "retries"}),
        "linkedResource": frozenset(
            {"resourceId", "bindingType", "resourceType", "linkName", "versionTag"}
        ),
    }
)

TEMPLATED = FLOW_NODES | {
    "collaboration", "participant", "process", "sequenceFlow", "dataObjectReference",
    "dataStoreReference", "message", "signal", "error", "escalation",
}  # fmt: skip

# They say nothing that would be executed, wherever they stand.
HARMLESS = frozenset({"zeebe:properties", "zeebe:taskHeaders", "zeebe:userTask"})

# Attributes of our namespaces that stand on BPMN elements themselves.
ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "shenling:role": frozenset({"lane"}),
        "shenling:noMatch": frozenset({"businessRuleTask"}),
        "zeebe:modelerTemplate": TEMPLATED,
        "zeebe:modelerTemplateVersion": TEMPLATED,
        "zeebe:modelerTemplateIcon": TEMPLATED,
    }
)

# Camunda 7 writes these; the value is what the zeebe dialect has for them.
CAMUNDA_EQUIVALENTS: Mapping[str, str] = MappingProxyType(
    {
        "assignee": "zeebe:assignmentDefinition assignee",
        "candidateGroups": "zeebe:assignmentDefinition candidateGroups",
        "candidateUsers": "zeebe:assignmentDefinition candidateGroups",
        "formKey": "zeebe:formDefinition formId",
        "formRef": "zeebe:formDefinition formId",
        "formRefBinding": "zeebe:formDefinition formId",
        "formData": "zeebe:formDefinition formId",
        "dueDate": "shenling:deadline workingDays / zeebe:taskSchedule dueDate",
        "followUpDate": "shenling:deadline workingDays / zeebe:taskSchedule dueDate",
        "priority": "zeebe:priorityDefinition priority",
        "class": "zeebe:taskDefinition type",
        "expression": "zeebe:taskDefinition type",
        "delegateExpression": "zeebe:taskDefinition type",
        "topic": "zeebe:taskDefinition type",
        "type": "zeebe:taskDefinition type",
        "connector": "zeebe:taskDefinition type",
        "decisionRef": "zeebe:calledDecision decisionId",
        "decisionRefBinding": "zeebe:calledDecision decisionId",
        "mapDecisionResult": "zeebe:calledDecision resultVariable",
        "resultVariable": "zeebe:calledDecision resultVariable / zeebe:script resultVariable",
        "calledElementBinding": "zeebe:calledElement processId",
        "in": "zeebe:ioMapping input",
        "out": "zeebe:ioMapping output",
        "inputOutput": "zeebe:ioMapping",
        "collection": "zeebe:loopCharacteristics inputCollection",
        "elementVariable": "zeebe:loopCharacteristics inputElement",
        "versionTag": "zeebe:versionTag value",
        "initiator": "zeebe:ioMapping",
        "calledElementVersion": "zeebe:calledElement processId",
        "calledElementVersionTag": "zeebe:calledElement processId",
        "calledElementTenantId": "zeebe:calledElement processId",
        "caseRef": "zeebe:calledElement processId",
        "decisionRefVersion": "zeebe:calledDecision decisionId",
        "decisionRefTenantId": "zeebe:calledDecision decisionId",
        "formRefVersion": "zeebe:formDefinition formId",
        "formHandlerClass": "zeebe:formDefinition formId",
        "formProperty": "zeebe:formDefinition formId",
        "errorCodeVariable": "zeebe:ioMapping output",
        "errorMessageVariable": "zeebe:ioMapping output",
        "escalationCodeVariable": "zeebe:ioMapping output",
        "errorEventDefinition": "bpmn:boundaryEvent",
        "field": "zeebe:taskHeaders",
        "resource": "zeebe:script expression",
        "script": "zeebe:script expression",
        "variableName": "zeebe:conditionalFilter variableNames",
        "variableEvents": "zeebe:conditionalFilter variableEvents",
        "variableMappingClass": "zeebe:ioMapping",
        "variableMappingDelegateExpression": "zeebe:ioMapping",
        "executionListener": "bpmn:serviceTask",
        "taskListener": "bpmn:serviceTask",
    }
)

# How Camunda 7 stores, retries and shows; what is drawn means the same without them.
CAMUNDA_IGNORED = frozenset({
    "asyncBefore", "asyncAfter", "async", "exclusive", "jobPriority", "taskPriority",
    "historyTimeToLive", "isStartableInTasklist", "candidateStarterGroups",
    "candidateStarterUsers", "diagramRelationId", "modelerTemplate", "modelerTemplateVersion",
    "modelerTemplateIcon", "properties", "failedJobRetryTimeCycle", "potentialStarter",
    "errorMessage",
})  # fmt: skip
