"""Plays a recorded instance on another model: in memory, without a clock, without effects.

Handlers answer what they answered then and people what they concluded then, at the moment at which
they did, or at once where the other version asks later. Each visit of an element has its own
answers. Timers fire when their moment has passed on the recorded clock. Where nobody has answered
yet, the policy decides.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.definitions.matching import Item, Matching
from engine.definitions.recording import Happened, Recording
from engine.errors import EngineError
from engine.kernel import moving, operations
from engine.kernel.state import State
from engine.runtime.loaded import Loaded
from engine.runtime.values import Json, plain
from engine.types import OpenJob, OpenTimer, OpenUserTask, StepResult, Variables

Missing = Literal["stop", "assume", "sample"]
Sample = Callable[[str, random.Random], Variables | None]
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
        sample: Sample,
    ) -> None:
        self.loaded = loaded
        self.model = loaded.model
        self.process_id = process_id
        self.recording = recording
        self.policy = policy
        self.sample = sample
        self.random = random.Random(recording.instance_id)  # noqa: S311 - the same answer each time
        self.played = Played()
        # How far the record has been played.
        self.now = 0
        self.answers = Matching(recording)
        self.broken: set[tuple[int, str]] = set()
        self.failures = dict(recording.failed)
        # Timers that somebody put off: they fire when they fired.
        self.held: set[str] = set()
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
        kinds = [happened.kind for happened in self.recording.happened]
        if "start" not in kinds:
            raise Stopped("no_record", "")
        self.now = kinds.index("start")
        self._start(self.recording.happened[self.now])
        while self.now + 1 < len(kinds) and self.result.status == "active":
            self.now += 1
            happened = self.recording.happened[self.now]
            self.until(happened.at)
            self.repeat(happened)
        while self.recording.ended and self.result.status == "active":
            self.go_on()

    def _start(self, first: Happened) -> None:
        self.at = first.at
        at_event = first.element_id or None
        self.state, result = operations.start(
            self.model, self.process_id, first.given, at=self.at, start_event=at_event
        )
        self.take(result)

    # ------------------------------------------------------------------ acting

    def take(self, result: StepResult) -> None:
        """Note what an operation did, and give the answers that came before they were asked."""
        self.note(result)
        while (late := next(self.answers.answered(self.result, self.now), None)) is not None:
            self.give(*late)
        for job in self.result.jobs:
            if self.answers.place(job) is None and not self.answers.waited(job):
                raise Stopped("no_recorded_result", job.element_id)

    def note(self, result: StepResult) -> None:
        self.result = result
        self.answers.see(result.history)
        self.played.path += [e.element_id for e in result.history if e.kind == "entered"]
        for trace in result.decisions:
            self.played.decided[trace.element_id] = plain(trace.value)
        self.meet_incidents()

    def meet_incidents(self) -> None:
        """What failed then may fail again; any other incident ends the play."""
        broken = {(one.token, one.element_id) for one in self.result.incidents}
        for one in self.result.incidents:
            if (one.token, one.element_id) not in self.broken:
                if not self.failures.get(one.element_id):
                    raise Stopped(f"incident:{one.code}", one.element_id)
                self.failures[one.element_id] -= 1
        self.broken = broken

    def give(self, item: Item, place: int) -> None:
        """Give a recorded answer."""
        self.answers.used.add(place)
        recorded = self.recording.happened[place]
        if isinstance(item, OpenUserTask):
            self.complete(item, recorded.given)
        else:
            self.take(self.answer(item, recorded))

    def answer(self, job: OpenJob, recorded: Happened) -> StepResult:
        model, state, token = self.model, self.state, job.token
        if recorded.kind == "failure":
            return operations.fail_job(model, state, token, "recorded_failure", "", at=self.at)
        if recorded.kind == "error":
            given = dict(recorded.given)
            code = str(given.pop("error_code", ""))
            return operations.throw_error(model, state, token, code, given, at=self.at)
        return operations.complete_job(model, state, token, recorded.given, at=self.at)

    def complete(self, task: OpenUserTask, given: Variables) -> None:
        choices = self.loaded.outcomes(task.process_id, task.element_id)
        outcome = given.get("outcome")
        if outcome is not None and outcome not in {choice.code for choice in choices}:
            raise Stopped("outcome_gone", task.element_id)
        self.played.signatures += 1
        self.take(
            operations.complete_user_task(self.model, self.state, task.token, given, at=self.at)
        )

    # ------------------------------------------------------------------ repeating

    def repeat(self, happened: Happened) -> None:
        """Do again what was done; what the other version does not ask for is passed over."""
        match happened.kind:
            case "task" | "job" | "error" | "failure":
                self.repeat_answer(happened)
            case "signal":
                self.repeat_signal(happened)
            case "message":
                self.repeat_message(happened)
            case "timer" if happened.element_id in self.held:
                self.fire([t for t in self.result.timers if t.element_id == happened.element_id])
            case "skip":
                self.repeat_skip(happened)
            case "repair":
                self.repeat_repair(happened)

    def repeat_answer(self, happened: Happened) -> None:
        """Give the answer of this place. A question that comes later finds it there."""
        while self.now not in self.answers.used:
            found = next(self.answers.answered(self.result, self.now), None)
            if found is not None:
                self.give(*found)
            elif happened.kind != "task" or not self.hurry(happened.element_id):
                return

    def hurry(self, element_id: str) -> bool:
        """Answer something else, so that this user task may come; False when nothing is left."""
        if not self.draws(element_id):
            return False
        for job in self.result.jobs:
            if (place := self.answers.place(job)) is not None:
                self.give(job, place)
                return True
        for task in self.result.user_tasks:
            if self.answers.place(task) is None and not self.answers.waited(task):
                self.invent(task)
                return True
        return False

    def draws(self, element_id: str) -> bool:
        return any(element_id in each.nodes for each in self.model.containers.values())

    def repeat_signal(self, happened: Happened) -> None:
        if any(s.name == happened.element_id for s in self.result.subscriptions):
            self.take(
                operations.deliver_signal(
                    self.model, self.state, happened.element_id, happened.given, at=self.at
                )
            )

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

    def repeat_skip(self, happened: Happened) -> None:
        model, state, at = self.model, self.state, self.at
        for incident in self.result.incidents:
            if incident.element_id == happened.element_id:
                self.take(moving.skip(model, state, incident.token, happened.given, at=at))
                return

    def repeat_repair(self, happened: Happened) -> None:
        model, state, at = self.model, self.state, self.at
        match happened.act:
            case "instance_cancelled":
                self.take(operations.cancel(model, state, at=at))
            case "incident_resolved":
                for one in self.result.incidents:
                    if one.element_id == happened.element_id:
                        self.take(operations.retry(model, state, one.token, happened.given, at=at))
                        return
            case "token_moved":
                self.repeat_move(happened)
            case "timer_rescheduled" | "deadlines_moved":
                self.held.add(happened.element_id)
            case "instance_added" | "instance_removed":
                raise Stopped("changed_by_hand", happened.element_id)

    def repeat_move(self, happened: Happened) -> None:
        tokens = (e.id for e in self.state.executions.values() if e.element == happened.element_id)
        try:
            result = moving.move_token(
                self.model, self.state, next(tokens, -1), happened.to, at=self.at
            )
        except EngineError as error:
            raise Stopped("changed_by_hand", happened.element_id) from error
        self.take(result)

    # ------------------------------------------------------------------ inventing

    def invent(self, task: OpenUserTask) -> None:
        """Answer a user task that nobody has answered, as the policy says."""
        given: Variables | None = None
        if self.policy.missing == "assume":
            given = self.policy.answers.get(task.element_id)
        elif self.policy.missing == "sample":
            given = self.sample(task.element_id, self.random)
        if given is None:
            raise Stopped("nobody_answered", task.element_id)
        self.count_invented(task.element_id)
        self.complete(task, given)

    def count_invented(self, element_id: str) -> None:
        self.played.invented += 1
        if self.played.invented > MAX_INVENTED:
            raise Stopped("loop", element_id)

    def go_on(self) -> None:
        """The recording is over and the play is not: invent an answer, or let time pass."""
        result = self.result
        if result.user_tasks:
            self.invent(result.user_tasks[0])
        elif result.jobs:
            raise Stopped("no_recorded_result", result.jobs[0].element_id)
        elif result.timers:
            self.count_invented(result.timers[0].element_id)
            self.held.clear()
            self.until(min(t.due_at for t in result.timers))
        else:
            raise Stopped("nothing_comes", "")

    # ------------------------------------------------------------------ time

    def until(self, at: datetime) -> None:
        """Let the recorded clock run to this moment; what is due fires at its own."""
        while self.result.status == "active":
            due = [
                t for t in self.result.timers if t.due_at <= at and t.element_id not in self.held
            ]
            if not due:
                break
            self.at = max(self.at, min(due, key=_due).due_at)
            self.fire(due)
        self.at = max(self.at, at)

    def fire(self, timers: Sequence[OpenTimer]) -> None:
        """Fire the earliest of these, if there is one."""
        timer = min(timers, key=_due, default=None)
        if timer is not None:
            model, state = self.model, self.state
            self.take(
                operations.fire_timer(model, state, timer.token, timer.element_id, at=self.at)
            )


def _due(timer: OpenTimer) -> datetime:
    return timer.due_at
