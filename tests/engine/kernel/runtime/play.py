"""Drives one instance through the operations; it is saved and loaded before every act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.kernel import operations
from engine.kernel.model import Model
from engine.kernel.state import State, dumps, loads
from engine.types import (
    OpenIncident,
    OpenJob,
    OpenSubscription,
    OpenTimer,
    OpenUserTask,
    StepResult,
    Variable,
    Variables,
)
from tests.engine.kernel import diagrams

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
Item = OpenUserTask | OpenJob | OpenTimer | OpenSubscription | OpenIncident


def items_of(result: StepResult) -> list[Item]:
    return [
        *result.user_tasks,
        *result.jobs,
        *result.timers,
        *result.subscriptions,
        *result.incidents,
    ]


class Play:
    """One instance of process `p`."""

    def __init__(
        self, model: Model, variables: Variables | None = None, start_event: str | None = None
    ) -> None:
        self.model = model
        self.at = AT
        self.log: list[Variable] = []
        self.history: list[tuple[str, str]] = []
        self.milestones: list[str] = []
        self.state, result = operations.start(
            model, "p", variables or {}, at=AT, start_event=start_event
        )
        self.result = self.note(result)

    def note(self, result: StepResult) -> StepResult:
        self.result = result
        self.log += [change.value for change in result.changes if change.name == "log"]
        self.history += [(entry.element_id, entry.kind) for entry in result.history]
        self.milestones += [milestone.code for milestone in result.milestones]
        return result

    def stored(self) -> State:
        raw = dumps(self.state)
        self.state = loads(raw)
        assert dumps(self.state) == raw
        return self.state

    # ------------------------------------------------------------------ looking

    @property
    def root(self) -> dict[str, Variable]:
        return self.state.scopes[self.state.root].variables

    @property
    def status(self) -> str:
        return self.result.status

    @property
    def completed(self) -> bool:
        return self.state.status == "completed"

    @property
    def items(self) -> list[Item]:
        return items_of(operations.open_items(self.model, self.stored()))

    def names(self) -> list[str]:
        """Elements of everything open, with the loop counter of user tasks and jobs."""
        return sorted(self.label(item) for item in self.items)

    @staticmethod
    def label(item: Item) -> str:
        path = item.path if isinstance(item, (OpenUserTask, OpenJob)) else ()
        return " ".join((item.element_id, *map(str, path)))

    def find(self, name: str) -> Item:
        return next(i for i in self.items if name in (i.element_id, self.label(i)))

    def incidents(self) -> list[tuple[str, str]]:
        return [(i.element_id, i.code) for i in self.items if isinstance(i, OpenIncident)]

    def due(self) -> list[datetime]:
        return [i.due_at for i in self.items if isinstance(i, OpenTimer)]

    def sees(self, name: str) -> dict[str, Variable]:
        return operations.visible(self.model, self.stored(), self.find(name).token)

    # ------------------------------------------------------------------ acting

    def do(self, name: str, /, **values: Variable) -> StepResult:
        """Whatever this open item waits for."""
        return self.act(self.find(name), values)

    def act(self, item: Item, values: dict[str, Variable]) -> StepResult:
        model, state, at, token = self.model, self.stored(), self.at, item.token
        if isinstance(item, OpenUserTask):
            return self.note(operations.complete_user_task(model, state, token, values, at=at))
        if isinstance(item, OpenJob):
            return self.note(operations.complete_job(model, state, token, values, at=at))
        if isinstance(item, OpenTimer):
            self.at = item.due_at
            step = operations.fire_timer(model, state, token, item.element_id, at=item.due_at)
            return self.note(step)
        if isinstance(item, OpenIncident):
            return self.note(operations.retry(model, state, token, values, at=at))
        if item.kind == "signal":
            return self.signal(item.name, **values)
        return self.note(
            operations.deliver_message(
                model, state, token, item.name, values, at=at, element_id=item.element_id
            )
        )

    def signal(self, name: str, /, **values: Variable) -> StepResult:
        step = operations.deliver_signal(self.model, self.stored(), name, values, at=self.at)
        return self.note(step)

    def throw(self, element: str, code: str, /, **values: Variable) -> StepResult:
        token = self.find(element).token
        return self.note(
            operations.throw_error(self.model, self.stored(), token, code, values, at=self.at)
        )

    def fail(self, element: str, code: str = "handler_error", detail: str = "") -> StepResult:
        token = self.find(element).token
        return self.note(
            operations.fail_job(self.model, self.stored(), token, code, detail, at=self.at)
        )

    def retry(self, **patch: Variable) -> StepResult:
        incident = next(i for i in self.items if isinstance(i, OpenIncident))
        return self.act(incident, patch)


def play(*body: str, more: str = "", **variables: Variable) -> Play:
    """An instance of a diagram with this body."""
    return Play(diagrams.model_of(*body, more=more), variables)
