"""Global tasks: each becomes a process of one task, which call activities can name.

Ids of what is added are derived from the task's own, so they are the same at each reading.
"""

from __future__ import annotations

from lxml.etree import SubElement
from lxml.etree import _Element as Element

from engine.kernel.drawing.names import bpmn, kind

TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
SPELLINGS = {"scriptLanguage": "scriptFormat"}


def global_tasks(root: Element) -> list[Element]:
    return [element for element in root if kind(element) in TASKS]


def unfold(root: Element) -> None:
    """Put a process in the place of every global task, in the tree that is ours."""
    for task in global_tasks(root):
        name = task.get("id") or ""
        if not name:
            continue
        process = root.makeelement(bpmn("process"), {"id": name, "isExecutable": "true"})
        if task.get("name"):
            process.set("name", task.get("name") or "")
        root.replace(task, process)
        inside = SubElement(process, bpmn(TASKS[kind(task)]))
        for attribute, value in task.attrib.items():
            inside.set(SPELLINGS.get(str(attribute), str(attribute)), value)
        inside.set("id", f"{name}.task")
        inside.extend(list(task))
        SubElement(process, bpmn("startEvent"), {"id": f"{name}.start"})
        SubElement(process, bpmn("endEvent"), {"id": f"{name}.end"})
        connect(process, f"{name}.start", f"{name}.task")
        connect(process, f"{name}.task", f"{name}.end")


def connect(process: Element, source: str, target: str) -> None:
    ends = {
        "id": f"{source}_{target.rpartition('.')[2]}",
        "sourceRef": source,
        "targetRef": target,
    }
    SubElement(process, bpmn("sequenceFlow"), ends)
