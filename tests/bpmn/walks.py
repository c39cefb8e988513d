"""One instance of a shipped diagram, driven from act to act with scripted handlers."""

from datetime import UTC, datetime
from decimal import Decimal

from lxml import etree

from engine.kernel import operations
from engine.types import StepResult, Variable, Variables
from tests.bpmn.shipped import model, path_of

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CLAIM: Variables = {
    "channel": "web",
    "account_kind": "debit_card",
    "account_check": "ok",
    "phone_ok": True,
    "submission_no": 1,
    "resubmissions": 0,
    "in_window": True,
    "counter_entry": False,
    "risk": "normal",
    "ui_standard": Decimal(1000),
    "rate": Decimal("0.80"),
    "cap_rate": Decimal("0.80"),
    "flat": None,
    "longest_months": 6,
    "claim_number": "SYBZ-1",
}
REGISTERS: Variables = {
    "insured": True,
    "insured_here": True,
    "contribution_months": 30,
    "separation_voluntary": True,
    "headcount_reported": True,
    "ui_history": "never",
    "ui_available": False,
    "employed": False,
    "pension": False,
    "age_reached": False,
    "months_to_pension": 100,
    "drawn_in_group": False,
    "drawn_here": False,
    "register_verdict": "complete",
    "name_match": True,
}
MONTH: Variables = {
    "entitlement": "7",
    "more": True,
    "instalment": "70",
    "period": "2026-11",
    "pay_at": AT,
}
# What a handler answers unless a walk says otherwise for one element.
ANSWERS: dict[str, Variables] = {
    "claims.normalise": CLAIM,
    "registers.match": REGISTERS,
    "attachments.scan": {"scan": "clean", "files": "complete"},
    "claims.find_duplicates": {"duplicate": "none", "open_duplicate": False},
    "quality.draw": {"drawn": False, "sampled": False},
    "entitlements.create": {"entitlement": "7"},
    "entitlements.recheck": {**MONTH, "recheck": "entitled"},
    "instalments.check_account": {"payable": True},
    "instalments.make_payable": {"instalment": "70", "period": "2026-11"},
    "instalments.next": {**MONTH, "more": False},
    "batches.apply": {"all_settled": True},
}


def flows_of(process: str) -> frozenset[str]:
    """Every sequence flow that is drawn in a file."""
    drawn = etree.parse(path_of(process))
    return frozenset(str(flow.get("id")) for flow in drawn.iter(f"{BPMN}sequenceFlow"))


class Walk:
    """Acts by element id; jobs are done at once, with what the handlers would answer."""

    def __init__(
        self, process: str, variables: Variables, start: str | None = None, /, **answers: Variables
    ) -> None:
        self.model = model()
        self.answers = dict(answers)
        self.taken: set[str] = set()
        self.milestones: list[str] = []
        self.jobs: list[str] = []
        self.asked: list[tuple[str, Variables]] = []
        self.at = AT
        self.state, result = operations.start(
            self.model, process, variables, at=AT, start_event=start
        )
        self.result = result
        self._go(result)

    def _go(self, result: StepResult) -> None:
        self._note(result)
        while self.result.jobs:
            job = self.result.jobs[0]
            self.jobs.append(job.element_id)
            self.asked.append((job.element_id, job.inputs))
            given = {**ANSWERS.get(job.type, {}), **self.answers.get(job.element_id, {})}
            self._note(
                operations.complete_job(self.model, self.state, job.token, given, at=self.at)
            )

    def _note(self, result: StepResult) -> None:
        assert not result.incidents, result.incidents
        self.result = result
        self.taken |= {entry.element_id for entry in result.history if entry.kind == "taken"}
        self.milestones += [milestone.code for milestone in result.milestones]

    @property
    def tasks(self) -> tuple[str, ...]:
        return tuple(sorted(task.element_id for task in self.result.user_tasks))

    @property
    def waits(self) -> frozenset[str]:
        """Names of the messages that are waited for."""
        return frozenset(item.name for item in self.result.subscriptions)

    def decide(self, element: str, outcome: str) -> None:
        """Complete the only open user task."""
        (task,) = self.result.user_tasks
        assert task.element_id == element, f"{task.element_id} is open, not {element}"
        done = operations.complete_user_task(
            self.model, self.state, task.token, {"outcome": outcome}, at=self.at
        )
        self._go(done)

    def follow(self, way: str) -> None:
        """Several conclusions: `task:outcome task:outcome`."""
        for act in way.split():
            element, _, outcome = act.partition(":")
            self.decide(element, outcome)

    def ring(self, element: str) -> None:
        """Let an armed timer fire."""
        (timer,) = (item for item in self.result.timers if item.element_id == element)
        self.at = max(self.at, timer.due_at)
        fired = operations.fire_timer(self.model, self.state, timer.token, element, at=self.at)
        self._go(fired)

    def tell(self, name: str, **variables: Variable) -> str:
        """Deliver a message; the key it had to carry."""
        (found,) = (item for item in self.result.subscriptions if item.name == name)
        told = operations.deliver_message(
            self.model,
            self.state,
            found.token,
            name,
            variables,
            at=self.at,
            element_id=found.element_id,
        )
        self._go(told)
        return found.key

    def open_parts(self) -> tuple[int, int]:
        """What the instance holds: executions and scopes."""
        return len(self.state.executions), len(self.state.scopes)
