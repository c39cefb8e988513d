"""Plays a recorded instance on another model: in memory, without a clock, without effects.

Handlers answer what they answered then, people what they concluded then; timers fire when their
moment has passed on the recorded clock. Where nobody has answered yet, the policy decides.
"""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.definitions.recording import Happened, Recording
from engine.errors import EngineError
from engine.kernel import operations
from engine.kernel.state import State
from engine.runtime.loaded import Loaded
from engine.runtime.values import Json, plain
from engine.types import OpenJob, OpenTimer, OpenUserTask, StepResult, Variables

Missing = Literal["stop", "assume", "sample"]
# Acts that nobody recorded, per instance; more is a loop.
MAX_INVENTED = 100


@dataclass(frozen=True, slots=True)
class Policy:
    """What to do where a person has not answered.

    `stop` and count, `assume` what `answers` says for the element, or `sample` what people
    concluded there in the other recordings.
    """

    missing: Missing = "stop"
    answers: Mapping[str, Variables] = field(default_factory=dict)


@dataclass(slots=True)
class Played:
    """How it went. `stopped` is a code and `stopped_at` the element, both empty otherwise."""

    status: str = "active"
    stopped: str = ""
    stopped_at: str = ""
    path: list[str] = field(default_factory=list)
    decided: dict[str, Json] = field(default_factory=dict)
    # Open user tasks: element and candidate groups.
    queues: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    signatures: int = 0
    invented: int = 0


class Stopped(Exception):
    """The play cannot go on."""

    def __init__(self, code: str, element_id: str) -> None:
        super().__init__(code)
        self.code = code
        self.element_id = element_id


class Player:
    """One recording on one model."""

    def __init__(
        self,
        loaded: Loaded,
        process_id: str,
        recording: Recording,
        policy: Policy,
        sample: Callable[[str, random.Random], Variables | None],
    ) -> None:
        self.loaded = loaded
        self.model = loaded.model
        self.process_id = process_id
        self.recording = recording
        self.policy = policy
        self.sample = sample
        self.random = random.Random(recording.instance_id)  # noqa: S311 - the same answer each time
        self.played = Played()
        self.answers: dict[str, deque[Happened]] = defaultdict(deque)
        for happened in recording.happened:
            if happened.kind in ("job", "error", "failure"):
                self.answers[happened.element_id].append(happened)
        self.state: State
        self.result: StepResult

    def play(self) -> Played:
        """Everything that was recorded, then what is left to decide."""
        try:
            self._play()
        except Stopped as stop:
            self.played.stopped, self.played.stopped_at = stop.code, stop.element_id
        except EngineError as error:
            self.played.stopped = error.code
        if hasattr(self, "result"):
            self.played.status = self.result.status
            self.played.queues = [(t.element_id, t.groups) for t in self.result.user_tasks]
        return self.played

    def _play(self) -> None:
        first = next((h for h in self.recording.happened if h.kind == "start"), None)
        if first is None:
            raise Stopped("no_record", "")
        self.at = first.at
        self.state, result = operations.start(
            self.model,
            self.process_id,
            first.given,
            at=self.at,
            start_event=first.element_id or None,
        )
        self.take(result)
        for happened in self.recording.happened:
            if happened.kind in ("task", "message", "signal", "timer"):
                self.until(happened.at)
                self.repeat(happened)
        while self.recording.ended and self.result.status == "active":
            self.go_on()

    # ------------------------------------------------------------------ acting

    def take(self, result: StepResult) -> None:
        """Note what an operation did, and answer the jobs it opened."""
        while True:
            self.result = result
            self.played.path += [e.element_id for e in result.history if e.kind == "entered"]
            for trace in result.decisions:
                self.played.decided[trace.element_id] = plain(trace.value)
            if result.incidents:
                incident = result.incidents[0]
                raise Stopped(f"incident:{incident.code}", incident.element_id)
            job = next(iter(result.jobs), None)
            if job is None:
                return
            result = self.answer(job)

    def answer(self, job: OpenJob) -> StepResult:
        if not self.answers[job.element_id]:
            raise Stopped("no_recorded_result", job.element_id)
        recorded = self.answers[job.element_id].popleft()
        model, state, token = self.model, self.state, job.token
        if recorded.kind == "failure":
            raise Stopped("recorded_failure", job.element_id)
        if recorded.kind == "error":
            given = dict(recorded.given)
            code = str(given.pop("error_code", ""))
            return operations.throw_error(model, state, token, code, given, at=self.at)
        return operations.complete_job(model, state, token, recorded.given, at=self.at)

    def repeat(self, happened: Happened) -> None:
        """Do again what was done; what the other version does not ask for is passed over."""
        if happened.kind == "task":
            self.repeat_task(happened)
        elif happened.kind == "signal":
            if any(s.name == happened.element_id for s in self.result.subscriptions):
                self.take(
                    operations.deliver_signal(
                        self.model, self.state, happened.element_id, happened.given, at=self.at
                    )
                )
        elif happened.kind == "message":
            self.repeat_message(happened)

    def repeat_task(self, happened: Happened) -> None:
        while self.open_task(happened.element_id) is None:
            if not self.result.user_tasks:
                return
            self.invent(self.result.user_tasks[0])
        task = self.open_task(happened.element_id)
        assert task is not None
        self.complete(task, happened.given)

    def repeat_message(self, happened: Happened) -> None:
        for item in self.result.subscriptions:
            if item.element_id == happened.element_id:
                self.take(
                    operations.deliver_message(
                        self.model,
                        self.state,
                        item.token,
                        item.name,
                        happened.given,
                        at=self.at,
                        element_id=item.element_id,
                    )
                )
                return

    def open_task(self, element_id: str) -> OpenUserTask | None:
        found = (task for task in self.result.user_tasks if task.element_id == element_id)
        return next(found, None)

    def complete(self, task: OpenUserTask, given: Variables) -> None:
        choices = self.loaded.outcomes(task.process_id, task.element_id)
        outcome = given.get("outcome")
        if outcome is not None and outcome not in {choice.code for choice in choices}:
            raise Stopped("outcome_gone", task.element_id)
        self.played.signatures += 1
        self.take(
            operations.complete_user_task(self.model, self.state, task.token, given, at=self.at)
        )

    def invent(self, task: OpenUserTask) -> None:
        """Answer a user task that nobody has answered, as the policy says."""
        given: Variables | None = None
        if self.policy.missing == "assume":
            given = self.policy.answers.get(task.element_id)
        elif self.policy.missing == "sample":
            given = self.sample(task.element_id, self.random)
        if given is None:
            raise Stopped("nobody_answered", task.element_id)
        self.played.invented += 1
        if self.played.invented > MAX_INVENTED:
            raise Stopped("loop", task.element_id)
        self.complete(task, given)

    # ------------------------------------------------------------------ time

    def until(self, at: datetime) -> None:
        """Let the recorded clock run to this moment; what is due fires at its own."""
        while self.result.status == "active":
            due = min((t for t in self.result.timers if t.due_at <= at), key=_due, default=None)
            if due is None:
                break
            self.at = max(self.at, due.due_at)
            self.take(
                operations.fire_timer(
                    self.model, self.state, due.token, due.element_id, at=self.at
                )
            )
        self.at = max(self.at, at)

    def go_on(self) -> None:
        """The recording is over and the play is not: invent an answer, or let time pass."""
        if self.result.user_tasks:
            self.invent(self.result.user_tasks[0])
            return
        if not self.result.timers:
            raise Stopped("nothing_comes", "")
        self.played.invented += 1
        if self.played.invented > MAX_INVENTED:
            raise Stopped("loop", self.result.timers[0].element_id)
        self.until(min(t.due_at for t in self.result.timers))


def _due(timer: OpenTimer) -> datetime:
    return timer.due_at
