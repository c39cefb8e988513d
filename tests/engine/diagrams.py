"""Small diagrams for tests: nodes and flows as text, without a drawing."""

from collections.abc import Mapping
from itertools import pairwise

from engine.types import Bundle

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:shenling="urn:shenling:bpmn:1" id="defs" targetNamespace="urn:test">
"""


def user(
    element: str, groups: str = "officers", *, extra: str = "", name: str = "", form: str = ""
) -> str:
    """A user task for candidate groups."""
    form_id = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    return (
        f'<bpmn:userTask id="{element}" name="{name or element}"><bpmn:extensionElements>'
        f'<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="{groups}"/>{form_id}'
        f"{extra}</bpmn:extensionElements></bpmn:userTask>"
    )


def service(element: str, job_type: str, *, retries: int = 3, extra: str = "") -> str:
    """A service task."""
    return (
        f'<bpmn:serviceTask id="{element}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{job_type}" retries="{retries}"/>{extra}'
        f"</bpmn:extensionElements></bpmn:serviceTask>"
    )


def start(element: str = "start") -> str:
    return f'<bpmn:startEvent id="{element}"/>'


def end(element: str = "end") -> str:
    return f'<bpmn:endEvent id="{element}"/>'


def fork(element: str) -> str:
    return f'<bpmn:parallelGateway id="{element}"/>'


def choice(element: str) -> str:
    return f'<bpmn:exclusiveGateway id="{element}" name="{element}?"/>'


def timer(host: str, element: str, duration: str, *, interrupting: bool = True) -> str:
    """A boundary timer."""
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}"><bpmn:timerEventDefinition>'
        f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{duration}</bpmn:timeDuration>'
        f"</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def receive(element: str, message: str = "payment") -> str:
    """A catch event for a message of `messages`."""
    return (
        f'<bpmn:intermediateCatchEvent id="{element}"><bpmn:messageEventDefinition '
        f'messageRef="m_{message}"/></bpmn:intermediateCatchEvent>'
    )


def message(name: str = "payment", key: str = "=claim") -> str:
    """A message's declaration with its correlation key."""
    return (
        f'<bpmn:message id="m_{name}" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:subscription correlationKey="{key}"/></bpmn:extensionElements></bpmn:message>'
    )


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    body = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={condition}'
        f"</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" '
        f'targetRef="{target}" name="{name}">{body}</bpmn:sequenceFlow>'
    )


def line(*elements: str) -> str:
    """Flows along a line."""
    return "".join(flow(a, b) for a, b in pairwise(elements))


def document(process: str, *parts: str, around: str = "") -> bytes:
    """One process as a file; `around` holds messages and signals."""
    return (
        f'{HEAD}{around}<bpmn:process id="{process}" name="{process}" isExecutable="true">'
        f"{''.join(parts)}</bpmn:process></bpmn:definitions>"
    ).encode()


def bundle(
    process: str,
    *parts: str,
    key: str = "test",
    around: str = "",
    files: Mapping[str, bytes] | None = None,
) -> Bundle:
    """A bundle with one process."""
    diagram = document(process, *parts, around=around)
    return Bundle(key, {f"{process}.bpmn": diagram, **(files or {})})
