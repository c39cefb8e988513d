"""`python -m benchmarks.kernel [acts]`: one act of the kernel against the stock runtime.

An act is: load the state, complete a user task, save. It is measured after 0, 30 and 300
resubmissions of the same claim, interleaved with SpiffWorkflow's own runtime on the same diagram
(deserialise, complete, serialise). Processor time; compare ratios only.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.kernel import operations
from engine.kernel.state import dumps, loads
from engine.types import Variable
from tests.engine.kernel import diagrams
from tests.engine.kernel.claim import FORM, claim

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
RESUBMISSIONS = (0, 30, 300)
STOCK_RESUBMISSIONS = (0, 30)
# FEEL of the claim -> what the stock runtime reads.
IN_PYTHON = {
    "=checked = false": "False",
    "=eligible = false": "False",
    '="outcome"': "outcome",
    '=outcome = "approve"': "outcome == 'approve'",
    '=action = "withdraw"': "action == 'withdraw'",
}
Data = dict[str, Variable]


class Ours:
    """The kernel's bytes of one claim."""

    def __init__(self) -> None:
        self.model = diagrams.model(claim(clock=False))
        self.raw = dumps(operations.start(self.model, "p", {}, at=AT)[0])

    def act(self, element: str, data: Data) -> None:
        state = loads(self.raw)
        token = next(e.id for e in state.executions.values() if e.element == element)
        operations.complete_user_task(self.model, state, token, data, at=AT)
        self.raw = dumps(state)


class Stock:
    """The stock serializer's JSON of one claim."""

    def __init__(self) -> None:
        xml = claim(clock=False).decode()
        for feel, python in IN_PYTHON.items():
            xml = xml.replace(feel, python)
        parser = BpmnParser()
        # Scripts of ours say nothing to it: the tasks pass through, their conditions are constant.
        parser.add_bpmn_xml(etree.fromstring(xml.replace("scriptTask", "task").encode()))
        workflow = BpmnWorkflow(parser.get_spec("p"))
        workflow.do_engine_steps()
        self.serializer = BpmnWorkflowSerializer()
        self.raw = self.serializer.serialize_json(workflow)

    def act(self, element: str, data: Data) -> None:
        workflow = self.serializer.deserialize_json(self.raw)
        self.finish(workflow, element, data)
        # Abstract tasks wait for a person here; ours pass through.
        while passing := [
            task.task_spec.name
            for task in workflow.get_tasks(state=TaskState.READY)
            if task.task_spec.name in ("check", "eligibility", "payout")
        ]:
            self.finish(workflow, passing[0], {})
        self.raw = self.serializer.serialize_json(workflow)

    @staticmethod
    def finish(workflow: BpmnWorkflow, element: str, data: Data) -> None:
        (task,) = workflow.get_tasks(state=TaskState.READY, spec_name=element)
        task.data.update(data)
        task.run()
        workflow.do_engine_steps()


def after(make: type[Ours | Stock], count: int) -> Ours | Stock:
    """A claim at its review, after so many resubmissions."""
    one = make()
    one.act("submit", dict(FORM))
    for _ in range(count):
        one.act("review", {"outcome": "return"})
        one.act("edit", {"action": "resubmit"})
    return one


def milliseconds(one: Ours | Stock, acts: int) -> float:
    """Mean processor time of completing the review."""
    before, spent = one.raw, 0.0
    for _ in range(acts):
        one.raw = before
        began = time.process_time()
        one.act("review", {"outcome": "return"})
        spent += time.process_time() - began
    one.raw = before
    return spent / acts * 1e3


def measure(acts: int) -> dict[str, tuple[float, int]]:
    """Name -> milliseconds per act and stored bytes; everything takes turns."""
    players: dict[str, Ours | Stock] = {
        f"kernel {count}": after(Ours, count) for count in RESUBMISSIONS
    } | {f"stock {count}": after(Stock, count) for count in STOCK_RESUBMISSIONS}
    spent = dict.fromkeys(players, 0.0)
    rounds = 5
    gc.collect()
    gc.disable()
    for _ in range(rounds):
        for name, one in players.items():
            share = acts // rounds if name.startswith("kernel") else acts // rounds // 20 or 1
            spent[name] += milliseconds(one, share) / rounds
    gc.enable()
    return {name: (spent[name], len(one.raw)) for name, one in players.items()}


def main(acts: int, show: Callable[[str], None] = print) -> None:
    found = measure(acts)
    for name, (spent, size) in found.items():
        show(f"{name:>12} resubmissions: {spent:7.3f} ms per act, {size:7d} bytes")
    base, size = found["kernel 0"]
    for count in RESUBMISSIONS[1:]:
        spent, now = found[f"kernel {count}"]
        show(f"kernel, {count:3d} / 0: time {spent / base:.2f}, bytes {now / size:.3f}")
    for count in STOCK_RESUBMISSIONS:
        (slow, large), (fast, small) = found[f"stock {count}"], found[f"kernel {count}"]
        show(f"stock / kernel at {count:2d}: time {slow / fast:.1f}, bytes {large / small:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
