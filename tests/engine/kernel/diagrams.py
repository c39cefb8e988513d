"""Small diagrams in few words.

    bpmn(start("s"), user("check"), end("e"), flow("s", "check", "e"))

Each function gives the XML of one element. `bpmn` puts a process around the body; `bundle` makes a
deployment of diagrams and other files; `model` reads it and insists that nothing is wrong.
"""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.kernel.model import Model
from engine.kernel.read import ReadResult, read_bundle
from engine.types import Bundle, Catalogue, HandlerInfo, Text

GROUPS = frozenset({"staff", "reviewer", "senior", "applicant"})
HANDLERS = ("notify", "match_registers", "order_payout")
MILESTONES = frozenset({"submitted", "reviewed", "approved"})
CATALOGUE = Catalogue(
    groups=GROUPS,
    handlers={
        name: HandlerInfo(name, transactional=False, description=Text(name)) for name in HANDLERS
    },
    milestones=MILESTONES,
)

ROOT = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:shenling="urn:shenling:bpmn:1"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="definitions" targetNamespace="urn:test">'
)
# What events refer to. M1 and M2 are correlated by the variable `key`.
SHARED = (
    '<error id="E1" name="E1" errorCode="E1"/><error id="E2" name="E2" errorCode="E2"/>'
    '<escalation id="X1" name="X1" escalationCode="X1"/>'
    '<escalation id="X2" name="X2" escalationCode="X2"/>'
    '<signal id="S1" name="S1"/><signal id="S2" name="S2"/>'
    '<message id="M1" name="M1"><extensionElements>'
    '<zeebe:subscription correlationKey="=key"/></extensionElements></message>'
    '<message id="M2" name="M2"><extensionElements>'
    '<zeebe:subscription correlationKey="=key"/></extensionElements></message>'
    '<message id="M0" name="M0"/>'
)


# --------------------------------------------------------------------------- files


def bpmn(
    *body: str,
    id: str = "p",  # noqa: A002  # the attribute's name
    attributes: str = 'name="过程" isExecutable="true"',
    shared: str = SHARED,
    more: str = "",
) -> bytes:
    """A diagram with one process; `more` stands beside it (other processes, a collaboration)."""
    return (
        f"{ROOT}{shared}<process id={quoteattr(id)} {attributes}>{''.join(body)}</process>"
        f"{more}</definitions>"
    ).encode()


def process(id: str, *body: str, attributes: str = 'name="过程" isExecutable="true"') -> str:  # noqa: A002
    """A further process of the same file."""
    return f"<process id={quoteattr(id)} {attributes}>{''.join(body)}</process>"


def bundle(*diagrams: bytes, **files: bytes) -> Bundle:
    """A deployment of `0.bpmn`, `1.bpmn` …; in other names `__` is `/` and the last `_` is `.`.

    bundle(bpmn(…), calendar_json=b"{}", forms__check_json=b"{}", tables_dmn=b"…")
    """
    named = {f"{number}.bpmn": raw for number, raw in enumerate(diagrams)}
    for name, raw in files.items():
        stem, _, ending = name.rpartition("_")
        named[f"{stem.replace('__', '/')}.{ending}"] = raw
    return Bundle("test", named)


def read(*diagrams: bytes, **files: bytes) -> ReadResult:
    return read_bundle(bundle(*diagrams, **files), CATALOGUE)


def model(*diagrams: bytes, **files: bytes) -> Model:
    """The model of diagrams that must be right."""
    result = read(*diagrams, **files)
    assert result.model is not None, result.errors
    return result.model


def model_of(*body: str, more: str = "", **files: bytes) -> Model:
    """The model of one process `p` with this body."""
    return model(bpmn(*body, more=more), **files)


def codes(result: ReadResult, level: str = "error") -> list[tuple[str, str]]:
    """(code, element id) of the findings of a level."""
    return [(f.code, f.element_id) for f in result.findings if f.level == level]


# --------------------------------------------------------------------------- parts of elements


def extensions(*parts: str) -> str:
    return f"<extensionElements>{''.join(parts)}</extensionElements>" if any(parts) else ""


def element(tag: str, id: str, attributes: str = "", *inside: str) -> str:  # noqa: A002
    return f"<{tag} id={quoteattr(id)} {attributes}>{''.join(inside)}</{tag}>"


def io(*, inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """An io mapping, target -> source."""
    parts = [
        f"<zeebe:{side} source={quoteattr(source)} target={quoteattr(target)}/>"
        for side, pairs in (("input", inputs), ("output", outputs))
        for target, source in (pairs or {}).items()
    ]
    return f"<zeebe:ioMapping>{''.join(parts)}</zeebe:ioMapping>"


def headers(**values: str) -> str:
    parts = [f"<zeebe:header key={quoteattr(k)} value={quoteattr(v)}/>" for k, v in values.items()]
    return f"<zeebe:taskHeaders>{''.join(parts)}</zeebe:taskHeaders>"


def properties(**values: str) -> str:
    parts = [
        f"<zeebe:property name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in values.items()
    ]
    return f"<zeebe:properties>{''.join(parts)}</zeebe:properties>"


def english(text: str) -> str:
    return f'<shenling:text lang="en">{escape(text)}</shenling:text>'


def milestone(code: str) -> str:
    return f"<shenling:milestone code={quoteattr(code)}/>"


def four_eyes(*others: str) -> str:
    return f"<shenling:fourEyes notSameAs={quoteattr(' '.join(others))}/>"


def deadline(days: str) -> str:
    return f"<shenling:deadline workingDays={quoteattr(days)}/>"


def times(number: str, *, sequential: bool = False, until: str = "") -> str:
    """Multi-instance, a number of times."""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopCardinality>{escape(number)}</loopCardinality>{completion(until)}"
        "</multiInstanceLoopCharacteristics>"
    )


def each(
    collection: str,
    item: str = "",
    *,
    into: str = "",
    result: str = "",
    sequential: bool = False,
    until: str = "",
) -> str:
    """Multi-instance over a collection."""
    attributes = {
        "inputCollection": collection,
        "inputElement": item,
        "outputCollection": into,
        "outputElement": result,
    }
    drawn = " ".join(f"{k}={quoteattr(v)}" for k, v in attributes.items() if v)
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{extensions(f'<zeebe:loopCharacteristics {drawn}/>')}{completion(until)}"
        "</multiInstanceLoopCharacteristics>"
    )


def over_data(collection: str, item: str = "", *, into: str = "", result: str = "") -> str:
    """Multi-instance over data of the diagram."""
    parts = (
        f"<loopDataInputRef>{collection}</loopDataInputRef>",
        f"<loopDataOutputRef>{into}</loopDataOutputRef>" if into else "",
        f'<inputDataItem id="{item}_item" name="{item}"/>' if item else "",
        f'<outputDataItem id="{result}_item" name="{result}"/>' if result else "",
    )
    drawn = "".join(parts)
    return f"<multiInstanceLoopCharacteristics>{drawn}</multiInstanceLoopCharacteristics>"


def announcing(behavior: str, event_id: str, *inside: str, number: str = "3") -> str:
    """Multi-instance that throws an event of the file when an instance completes."""
    named = f'{behavior.lower()}BehaviorEventRef="{event_id}"' if event_id else ""
    return (
        f'<multiInstanceLoopCharacteristics behavior="{behavior}" {named}>'
        f"<loopCardinality>{escape(number)}</loopCardinality>{''.join(inside)}"
        "</multiInstanceLoopCharacteristics>"
    )


def on(when: str, event: str) -> str:
    """An event that multi-instance throws on a condition (without `=`)."""
    return (
        f"<complexBehaviorDefinition><condition>={escape(when)}</condition>"
        f"<event>{event}</event></complexBehaviorDefinition>"
    )


def completion(until: str) -> str:
    return f"<completionCondition>{escape(until)}</completionCondition>" if until else ""


def repeat(maximum: int, condition: str = "", *, test_before: bool = False) -> str:
    """The standard loop."""
    drawn = f"<loopCondition>{escape(condition)}</loopCondition>" if condition else ""
    return (
        f'<standardLoopCharacteristics loopMaximum="{maximum}"'
        f' testBefore="{str(test_before).lower()}">{drawn}</standardLoopCharacteristics>'
    )


# --------------------------------------------------------------------------- activities


def user(
    id: str,  # noqa: A002
    *extra: str,
    groups: str = "staff",
    assignee: str = "",
    form: str = "",
    loop: str = "",
    attributes: str = "",
    tag: str = "userTask",
) -> str:
    """A user task; `extra` are extension elements."""
    assigned = {"candidateGroups": groups, "assignee": assignee}
    drawn = " ".join(f"{k}={quoteattr(v)}" for k, v in assigned.items() if v)
    parts = [
        f"<zeebe:assignmentDefinition {drawn}/>" if drawn else "",
        f"<zeebe:formDefinition formId={quoteattr(form)}/>" if form else "",
        *extra,
    ]
    return element(tag, id, attributes, extensions(*parts), loop)


def handler(type: str = "notify") -> str:  # noqa: A002
    """The extension that gives a task or event to a handler."""
    return f"<zeebe:taskDefinition type={quoteattr(type)}/>"


def service(
    id: str,  # noqa: A002
    *extra: str,
    type: str = "notify",  # noqa: A002
    retries: str = "",
    loop: str = "",
    attributes: str = "",
    tag: str = "serviceTask",
) -> str:
    drawn = f" retries={quoteattr(retries)}" if retries else ""
    job = f"<zeebe:taskDefinition type={quoteattr(type)}{drawn}/>"
    return element(tag, id, attributes, extensions(job, *extra), loop)


def script(
    id: str,  # noqa: A002
    expression: str,
    result: str = "log",
    *extra: str,
    loop: str = "",
    attributes: str = "",
) -> str:
    """A FEEL script task; the expression without `=`."""
    values = f"expression={quoteattr('=' + expression)} resultVariable={quoteattr(result)}"
    drawn = f"<zeebe:script {values}/>"
    return element("scriptTask", id, attributes, extensions(drawn, *extra), loop)


def say(id: str, text: str = "", *, attributes: str = "", loop: str = "") -> str:  # noqa: A002
    """A script task that writes a text into the variable `log`."""
    return script(id, f'"{text or id}"', attributes=attributes, loop=loop)


def rule(id: str, decision: str, result: str = "result", *extra: str, attributes: str = "") -> str:  # noqa: A002
    """A business rule task."""
    values = f"decisionId={quoteattr(decision)} resultVariable={quoteattr(result)}"
    drawn = f"<zeebe:calledDecision {values}/>"
    return element("businessRuleTask", id, attributes, extensions(drawn, *extra))


def call(
    id: str,  # noqa: A002
    process_id: str,
    *extra: str,
    parent: bool = True,
    child: bool = True,
    loop: str = "",
    attributes: str = "",
) -> str:
    drawn = (
        f"<zeebe:calledElement processId={quoteattr(process_id)}"
        f' propagateAllParentVariables="{str(parent).lower()}"'
        f' propagateAllChildVariables="{str(child).lower()}"/>'
    )
    return element("callActivity", id, attributes, extensions(drawn, *extra), loop)


def receive(id: str, message_id: str = "M1", *extra: str, attributes: str = "") -> str:  # noqa: A002
    return element(
        "receiveTask", id, f"messageRef={quoteattr(message_id)} {attributes}", extensions(*extra)
    )


def send(id: str, message_id: str = "M1") -> str:  # noqa: A002
    return element("sendTask", id, f"messageRef={quoteattr(message_id)}")


def sub(
    id: str,  # noqa: A002
    *body: str,
    loop: str = "",
    extra: str = "",
    attributes: str = "",
    tag: str = "subProcess",
) -> str:
    return element(tag, id, attributes, extensions(extra), loop, *body)


def ad_hoc(
    id: str,  # noqa: A002
    *body: str,
    until: str = "",
    sequential: bool = False,
    cancel: bool = True,
    only: str = "",
    loop: str = "",
) -> str:
    chosen = f"<zeebe:adHoc activeElementsCollection={quoteattr(only)}/>" if only else ""
    attributes = (
        f'ordering="{"Sequential" if sequential else "Parallel"}"'
        f' cancelRemainingInstances="{str(cancel).lower()}"'
    )
    inside = (*body, completion(until))
    return element("adHocSubProcess", id, attributes, extensions(chosen), loop, *inside)


def event_sub(id: str, event: str, *body: str, interrupting: bool = True) -> str:  # noqa: A002
    """An event subprocess; its start is `<id>_start`."""
    begin = start(f"{id}_start", event, interrupting=interrupting)
    return sub(id, begin, *body, attributes='triggeredByEvent="true"')


# --------------------------------------------------------------------------- gateways and flows


def gateway(kind: str, id: str, default: str = "", *inside: str) -> str:  # noqa: A002
    """kind: exclusive, parallel, inclusive, complex, eventBased."""
    return element(
        f"{kind}Gateway", id, f"default={quoteattr(default)}" if default else "", *inside
    )


def flow(*ids: str, when: str = "", id: str = "", name: str = "", inside: str = "") -> str:  # noqa: A002
    """A chain of flows; ids are `a_b` unless one is given. `when` is FEEL without `=`."""
    condition = f"<conditionExpression>={escape(when)}</conditionExpression>" if when else ""
    named = f"name={quoteattr(name)}" if name else ""
    return "".join(
        f"<sequenceFlow id={quoteattr(id or f'{a}_{b}')} sourceRef={quoteattr(a)}"
        f" targetRef={quoteattr(b)} {named}>{inside}{condition}</sequenceFlow>"
        for a, b in pairwise(ids)
    )


# --------------------------------------------------------------------------- events


def start(id: str = "s", event: str = "", *extra: str, interrupting: bool = True) -> str:  # noqa: A002
    attributes = "" if interrupting else 'isInterrupting="false"'
    return element("startEvent", id, attributes, extensions(*extra), event)


def end(id: str = "e", event: str = "", *extra: str) -> str:  # noqa: A002
    return element("endEvent", id, "", extensions(*extra), event)


def catch(id: str, event: str, *extra: str, attributes: str = "") -> str:  # noqa: A002
    return element("intermediateCatchEvent", id, attributes, extensions(*extra), event)


def throw(id: str, event: str = "", *extra: str) -> str:  # noqa: A002
    return element("intermediateThrowEvent", id, "", extensions(*extra), event)


def boundary(id: str, at: str, event: str, *extra: str, interrupting: bool = True) -> str:  # noqa: A002
    attributes = f'attachedToRef={quoteattr(at)} cancelActivity="{str(interrupting).lower()}"'
    return element("boundaryEvent", id, attributes, extensions(*extra), event)


def handled(id: str, at: str, event: str, *, interrupting: bool = True, text: str = "") -> str:  # noqa: A002
    """A boundary event, a script task `h_<id>` that says so, and an end."""
    return (
        boundary(id, at, event, interrupting=interrupting)
        + say(f"h_{id}", text)
        + end(f"e_{id}")
        + flow(id, f"h_{id}", f"e_{id}")
    )


def message(ref: str = "M1") -> str:
    return f"<messageEventDefinition messageRef={quoteattr(ref)}/>"


def signal(ref: str = "S1") -> str:
    return f"<signalEventDefinition signalRef={quoteattr(ref)}/>"


def error(ref: str = "E1") -> str:
    return (
        f"<errorEventDefinition errorRef={quoteattr(ref)}/>" if ref else "<errorEventDefinition/>"
    )


def escalation(ref: str = "X1") -> str:
    drawn = f"escalationRef={quoteattr(ref)}" if ref else ""
    return f"<escalationEventDefinition {drawn}/>"


def timer(text: str = "P1D", part: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{part}>{escape(text)}</{part}></timerEventDefinition>"


def cycle(text: str) -> str:
    return timer(text, "timeCycle")


def at_date(text: str) -> str:
    return timer(text, "timeDate")


def condition(expression: str, *, names: str = "", changes: str = "") -> str:
    """A conditional event; the expression without `=`."""
    attributes = f'variableNames="{names}" variableEvents="{changes}"'
    watch = f"<zeebe:conditionalFilter {attributes}/>" if names or changes else ""
    drawn = f"{extensions(watch)}<condition>={escape(expression)}</condition>"
    return f"<conditionalEventDefinition>{drawn}</conditionalEventDefinition>"


def compensate(activity: str = "") -> str:
    return (
        f"<compensateEventDefinition {f'activityRef={quoteattr(activity)}' if activity else ''}/>"
    )


def link(name: str) -> str:
    return f"<linkEventDefinition name={quoteattr(name)}/>"


CANCEL = "<cancelEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"


def undoable(id: str) -> str:  # noqa: A002
    """A script task with a compensation handler `undo_<id>`."""
    return (
        say(id)
        + boundary(f"b_{id}", id, compensate())
        + say(f"undo_{id}", attributes='isForCompensation="true"')
        + f'<association id="a_{id}" sourceRef="b_{id}" targetRef="undo_{id}"/>'
    )


def main_line(*ids: str) -> str:
    """Start `s`, end `e`, and a flow through the nodes between them."""
    return start() + end() + flow("s", *ids, "e")
