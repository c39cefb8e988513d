"""What an activity does: the work of people, handlers, decisions and scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml.etree import _Element as Element

from engine.feel import Expression
from engine.kernel.drawing.index import Drawing
from engine.kernel.drawing.names import NS, PEOPLE, SHENLING, extension, is_set, kind
from engine.kernel.drawing.report import Report
from engine.kernel.model import (
    Assignment,
    Call,
    DecisionWork,
    IoMapping,
    JobWork,
    ScriptWork,
    UserWork,
    Work,
)
from engine.kernel.read.associations import associated
from engine.kernel.read.events import THROWS
from engine.kernel.read.timers import MOST_WORKING_DAYS, is_date
from engine.kernel.read.values import Values, shown
from engine.types import Catalogue

MOST_RETRIES = 100
WRITES = frozenset({"scriptTask", "businessRuleTask"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a value of a diagram may refer to outside of its own file."""

    catalogue: Catalogue
    forms: frozenset[str]
    decisions: frozenset[str]


def work_of(node: Element, drawing: Drawing, around: Surroundings, report: Report) -> Work | None:
    values, tag = Values(node, report), kind(node)
    if tag in PEOPLE:
        return user_work(node, drawing, around, values)
    if extension(node, "zeebe:taskDefinition") is not None:
        if tag in WRITES and (
            extension(node, "zeebe:script") is not None
            or extension(node, "zeebe:calledDecision") is not None
        ):
            values.error("work.two_kinds")
        return job_work(node, around, values)
    if tag == "scriptTask":
        return script_work(node, values)
    if tag == "businessRuleTask":
        return decision_work(node, around, values)
    if tag == "serviceTask" or (tag == "sendTask" and not node.get("messageRef")):
        values.error("todo.handler")
    return None


def user_work(node: Element, drawing: Drawing, around: Surroundings, values: Values) -> UserWork:
    assignment = extension(node, "zeebe:assignmentDefinition")
    schedule = extension(node, "zeebe:taskSchedule")
    priority = extension(node, "zeebe:priorityDefinition")
    deadline = extension(node, "shenling:deadline")
    four_eyes = extension(node, "shenling:fourEyes")
    due = due_date(schedule, values)
    days = None
    if deadline is not None:
        days = values.number(deadline.get("workingDays"), "workingDays", 0, MOST_WORKING_DAYS)
        if schedule is not None and schedule.get("dueDate"):
            values.error("deadline.twice")
    level = None
    if priority is not None:
        level = values.number(priority.get("priority"), "priority", 0, 100)
    return UserWork(
        groups=groups_of(node, assignment, drawing, around, values),
        assignee=None if assignment is None else values.either(assignment.get("assignee")),
        form_id=form_of(node, around, values),
        priority=50 if level is None else level,
        due_date=due,
        working_days=days,
        not_same_as=()
        if four_eyes is None
        else tuple(dict.fromkeys((four_eyes.get("notSameAs") or "").split())),
    )


def due_date(schedule: Element | None, values: Values) -> Expression | str | None:
    value = None if schedule is None else values.either(schedule.get("dueDate"))
    if isinstance(value, str) and not is_date(value):
        values.error("timer.date", value=shown(value))
    return value


def groups_of(
    node: Element,
    assignment: Element | None,
    drawing: Drawing,
    around: Surroundings,
    values: Values,
) -> tuple[str, ...] | Expression:
    """Candidate groups, or the role of the innermost lane."""
    text = "" if assignment is None else (assignment.get("candidateGroups") or "").strip()
    if text.startswith("="):
        expression = values.either(text)
        return expression if isinstance(expression, Expression) else ()
    groups = tuple(dict.fromkeys(g.strip() for g in text.split(",") if g.strip()))
    for group in groups:
        if group not in around.catalogue.groups:
            values.error("group.unknown", group=shown(group))
    role = role_of(node, drawing)
    if not groups and role:
        return (role,)
    if not groups:
        if assignment is not None and assignment.get("assignee"):
            values.report.warning("user_task.assignee_only", node)
        else:
            values.error("user_task.nobody")
    return groups


def role_of(node: Element, drawing: Drawing) -> str:
    lane = drawing.lane_of(node)
    return "" if lane is None else (lane.get(f"{{{SHENLING}}}role") or "").strip()


def form_of(node: Element, around: Surroundings, values: Values) -> str:
    """The form of the bundle; three attributes mean the same."""
    drawn = extension(node, "zeebe:formDefinition")
    if drawn is None:
        return ""
    written = drawn.get("formId") or drawn.get("formKey") or drawn.get("externalReference")
    form = values.fixed(written, "formId")
    if form is None:
        if not written:
            values.error("todo.form")
        return ""
    if form.startswith("camunda-forms:"):
        values.error("value.dynamic", what="formKey", value=shown(form))
    elif form not in around.forms:
        values.error("form.unknown", form=shown(form))
    return form


def job_work(node: Element, around: Surroundings, values: Values) -> JobWork | None:
    drawn = extension(node, "zeebe:taskDefinition")
    written = None if drawn is None else drawn.get("type")
    handler = values.fixed(written, "type")
    if drawn is None or handler is None:
        if not (written or "").strip():
            values.error("todo.handler")
        return None
    if handler not in around.catalogue.handlers:
        values.error("handler.unknown", handler=shown(handler))
    retries = 3
    if drawn.get("retries"):
        number = values.number(
            values.fixed(drawn.get("retries"), "retries"), "retries", 0, MOST_RETRIES
        )
        retries = number if isinstance(number, int) else retries
    return JobWork(handler, retries, headers_of(node))


def headers_of(node: Element) -> Mapping[str, str]:
    path = "bpmn:extensionElements/zeebe:taskHeaders/zeebe:header"
    found = {h.get("key") or "": h.get("value") or "" for h in node.iterfind(path, NS)}
    return MappingProxyType({key: value for key, value in sorted(found.items()) if key})


def script_work(node: Element, values: Values) -> ScriptWork | None:
    drawn = extension(node, "zeebe:script")
    if drawn is None or not (drawn.get("expression") or "").strip():
        values.error("todo.script")
        return None
    expression = values.feel(drawn.get("expression"), "script")
    result = result_variable(drawn, values)
    return ScriptWork(expression, result) if expression is not None and result else None


def decision_work(node: Element, around: Surroundings, values: Values) -> DecisionWork | None:
    drawn = extension(node, "zeebe:calledDecision")
    if drawn is None or not (drawn.get("decisionId") or "").strip():
        values.error("todo.decision")
        return None
    decision = values.fixed(drawn.get("decisionId"), "decisionId")
    result = result_variable(drawn, values)
    if decision is not None and decision not in around.decisions:
        values.error("decision.unknown", decision=shown(decision))
    no_match = node.get(f"{{{SHENLING}}}noMatch")
    if no_match not in (None, "null", "incident"):
        values.error("decision.no_match", value=shown(no_match or ""))
    if decision is None or result is None:
        return None
    return DecisionWork(decision, result, no_match_null=no_match == "null")


def result_variable(drawn: Element, values: Values) -> str | None:
    if not (drawn.get("resultVariable") or "").strip():
        values.error("todo.result_variable")
        return None
    return values.variable(drawn.get("resultVariable"), "resultVariable")


def call_of(node: Element, values: Values) -> Call | None:
    """The called process; whether the bundle has it is asked when all files are read."""
    drawn = extension(node, "zeebe:calledElement")
    if drawn is None:
        process = called(node.get("calledElement"), values)
        return None if process is None else Call(process)
    chosen = values.feel(drawn.get("processIdExpression"), "processIdExpression")
    process = "" if chosen is not None else called(drawn.get("processId"), values)
    if process is None:
        return None
    return Call(
        process,
        chosen=chosen,
        all_parent_variables=drawn.get("propagateAllParentVariables") != "false",
        all_child_variables=drawn.get("propagateAllChildVariables") != "false",
    )


def called(written: str | None, values: Values) -> str | None:
    process = values.fixed(written, "processId")
    if process is None and not (written or "").strip():
        values.error("todo.called_process")
    return process


def mapping_of(node: Element, drawing: Drawing, values: Values) -> IoMapping | None:
    """Associations with data first, then `zeebe:ioMapping`."""
    drawn = extension(node, "zeebe:ioMapping")
    inputs = associated(node, drawing, values, "dataInputAssociation")
    outputs = associated(node, drawing, values, "dataOutputAssociation")
    if drawn is not None:
        inputs += assignments(drawn, "input", values)
        outputs += assignments(drawn, "output", values)
    if inputs and kind(node) in ("boundaryEvent", "startEvent"):
        values.error("mapping.no_inputs_here")
    aside = kind(node) == "subProcess" and is_set(node, "triggeredByEvent")
    throws = kind(node) in THROWS and extension(node, "zeebe:taskDefinition") is None
    if outputs and (aside or throws):
        values.error("mapping.no_outputs_here")
    return IoMapping(tuple(inputs), tuple(outputs)) if inputs or outputs else None


def assignments(drawn: Element, side: str, values: Values) -> list[Assignment]:
    found = []
    for part in drawn.iterfind(f"zeebe:{side}", NS):
        target = values.variable(part.get("target"), side)
        source = values.either(part.get("source"))
        if not (part.get("target") or "").strip() or not (part.get("source") or "").strip():
            values.error("todo.mapping", side=side)
        if target is not None and source is not None:
            found.append(Assignment(target, source))
    return found
