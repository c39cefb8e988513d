"""SpiffWorkflow's own runtime, where it is right: one pass over exclusive and parallel blocks."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

CONDITION = re.compile(rb"<conditionExpression>=(\w+) (!?=) (\d+)</conditionExpression>")


def in_python(match: re.Match[bytes]) -> bytes:
    name, sign, number = match.groups()
    sign = b"==" if sign == b"=" else sign
    return b"<conditionExpression>%s %s %s</conditionExpression>" % (name, sign, number)


class Stock:
    """Plays the same diagram; conditions become Python."""

    def __init__(self, xml: bytes, variables: dict[str, Any]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(CONDITION.sub(in_python, xml)))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.task_tree.data.update(variables)
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(task.task_spec.name for task in tasks)

    @property
    def completed(self) -> bool:
        return bool(self.workflow.completed)

    def complete(self, element: str) -> None:
        (task,) = self.workflow.get_tasks(state=TaskState.READY, spec_name=element)
        task.run()
        self.workflow.do_engine_steps()
