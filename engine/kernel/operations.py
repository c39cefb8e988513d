"""What can be done to an instance. No clock, no I/O: time and model are arguments.

An operation changes the State it is given and returns what happened and everything that is open
afterwards. After an exception the State must be thrown away: load it again.

Errors: `InstanceNotActive` when the instance is over or suspended, `TaskNotOpen` and `NotWaiting`
when the token no longer waits for this, `StateError` and `BudgetExceeded` for variables that
cannot be stored. What goes wrong inside the diagram is no error but an incident in the result.
"""

from __future__ import annotations

from datetime import datetime

from engine.errors import BudgetExceeded, InstanceNotActive, NotFound, NotWaiting, TaskNotOpen
from engine.kernel.model import EventDef, JobWork, Model, UserWork
from engine.kernel.opened import opened
from engine.kernel.runtime import MAX_AUTOMATIC, Runtime
from engine.kernel.runtime.core import element_of, seen_by
from engine.kernel.state import Arm, Execution, State
from engine.kernel.values import MAX_VARIABLES, VariableTooLarge, check_variables, size_of
from engine.types import StepResult, Variable, Variables


def start(
    model: Model,
    process_id: str,
    variables: Variables,
    *,
    at: datetime,
    start_event: str | None = None,
) -> tuple[State, StepResult]:
    """Start a process at its plain start event, or at the one that is named.

    Raises:
        NotFound: no such process or start event.
        EngineError: an event subprocess of the process cannot be armed with these variables.
    """
    process = model.processes.get(process_id)
    if process is None:
        raise NotFound(process_id)
    container = model.containers[process.container]
    begin = next((node for node in container.starts if node.id == start_event), None)
    if start_event is not None and begin is None:
        raise NotFound(start_event)
    state = State(process_id)
    run = Runtime(model, state, at)
    state.root = run.open_scope(
        None, isolated=True, variables=check_variables(variables), limit=MAX_VARIABLES
    )
    run.run_container(state.root, process.container, begin)
    return state, finish(run)


def complete_user_task(
    model: Model, state: State, token: int, variables: Variables, *, at: datetime
) -> StepResult:
    """Complete an open user task; its variables are written by the rules of scopes.

    Raises:
        TaskNotOpen: the token is no open user task.
    """
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    if e is None or not _is_open(run, e, UserWork):
        raise TaskNotOpen(token)
    return _complete(run, e, variables)


def complete_job(
    model: Model, state: State, token: int, variables: Variables, *, at: datetime
) -> StepResult:
    """Complete an open job with its handler's result.

    Raises:
        NotWaiting: the token is no open job.
    """
    run, e = _job(model, state, token, at)
    return _complete(run, e, variables)


def fail_job(
    model: Model, state: State, token: int, code: str, detail: str, *, at: datetime
) -> StepResult:
    """No attempt is left: an incident. A retry opens the job again."""
    run, e = _job(model, state, token, at)
    e.incident = [code, detail]
    run.record("failed", e)
    return finish(run)


def throw_error(
    model: Model,
    state: State,
    token: int,
    error_code: str,
    variables: Variables,
    *,
    at: datetime,
) -> StepResult:
    """A job reports a business error: the nearest event that catches it, else an incident."""
    run, e = _job(model, state, token, at)
    payload = payload_of(run, variables)
    if not run.raise_code(EventDef("error", code=error_code), e, payload):
        e.incident = ["uncaught-error", error_code]
        run.record("failed", e)
    return finish(run)


def fire_timer(
    model: Model, state: State, token: int, element_id: str, *, at: datetime
) -> StepResult:
    """Fire the earliest timer of a token and element. That it is due is the caller's affair.

    Raises:
        NotWaiting: no such timer is armed.
    """
    run = runtime_of(model, state, at)
    e, arms = _waiting(run, token, element_id, "timer")
    run.fire(e, min(arms, key=lambda arm: arm.due), {})
    return finish(run)


def deliver_message(
    model: Model,
    state: State,
    token: int,
    name: str,
    variables: Variables,
    *,
    at: datetime,
    element_id: str = "",
) -> StepResult:
    """Deliver a message to the subscription that the caller has chosen.

    `element_id` chooses between several of the same name, behind one event-based gateway.

    Raises:
        NotWaiting: no such subscription is open.
    """
    run = runtime_of(model, state, at)
    e, arms = _waiting(run, token, element_id, "message", name)
    run.fire(e, arms[0], payload_of(run, variables))
    return finish(run)


def deliver_signal(
    model: Model, state: State, name: str, variables: Variables, *, at: datetime
) -> StepResult:
    """Deliver a signal to everything in this instance that waits for it; at least one must.

    A signal that this instance has thrown itself has already been delivered inside it.
    """
    run = runtime_of(model, state, at)
    if not run.signal(name, payload_of(run, variables)):
        raise NotWaiting(name)
    return finish(run)


def retry(model: Model, state: State, token: int, patch: Variables, *, at: datetime) -> StepResult:
    """Resolve an incident: write `patch`, then repeat exactly the entry or exit that failed.

    What a person or handler had delivered is applied once.

    Raises:
        NotWaiting: the token has no incident.
    """
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    if e is None or e.incident is None:
        raise NotWaiting(f"token {token} has no incident")
    e.incident = None
    run.propagate(run.scope_of(e), payload_of(run, patch))
    run.repeat(e)
    return finish(run)


def resume(model: Model, state: State, *, at: datetime) -> StepResult:
    """Go on after a step ran out of its budget.

    Raises:
        BudgetExceeded: 10,000 automatic elements without a wait state; only cancelling helps.
    """
    if state.status != "active" or not state.suspended:
        raise InstanceNotActive(state.status)
    if state.automatic >= MAX_AUTOMATIC:
        raise BudgetExceeded(f"{state.automatic} elements without a wait state")
    state.suspended = ""
    run = Runtime(model, state, at)
    run.look_anew(*(arm for e in state.executions.values() for arm in e.arms))
    return finish(run)


def cancel(model: Model, state: State, *, at: datetime) -> StepResult:
    """Cancel everything that is open; also a suspended instance."""
    if state.status != "active":
        raise InstanceNotActive(state.status)
    state.suspended = ""
    run = Runtime(model, state, at)
    run.empty(state.root)
    state.queue.clear()
    state.status = "cancelled"
    return finish(run)


# --------------------------------------------------------------------------- looking


def open_items(model: Model, state: State) -> StepResult:
    """The full open sets, with an empty history."""
    return opened(model, state)


def visible(model: Model, state: State, token: int) -> dict[str, Variable]:  # noqa: ARG001  # every operation takes the model
    """All variables that an execution sees.

    Raises:
        NotFound: there is no such token.
    """
    e = state.executions.get(token)
    if e is None:
        raise NotFound(f"token {token}")
    return seen_by(state.scopes, e)


# --------------------------------------------------------------------------- inside


def runtime_of(model: Model, state: State, at: datetime) -> Runtime:
    if state.suspended or state.status != "active":
        raise InstanceNotActive("suspended" if state.suspended else state.status)
    return Runtime(model, state, at)


def _is_open(run: Runtime, e: Execution, kind: type[UserWork | JobWork]) -> bool:
    return e.work is not None and e.incident is None and isinstance(run.node(e).work, kind)


def _job(model: Model, state: State, token: int, at: datetime) -> tuple[Runtime, Execution]:
    run = runtime_of(model, state, at)
    e = state.executions.get(token)
    if e is None or not _is_open(run, e, JobWork):
        raise NotWaiting(f"token {token} is no open job")
    return run, e


def _complete(run: Runtime, e: Execution, variables: Variables) -> StepResult:
    payload = payload_of(run, variables)
    e.work = None
    run.leave(e, payload)
    return finish(run)


def payload_of(run: Runtime, variables: Variables) -> dict[str, Variable]:
    """Refused as a whole, before anything has changed, when it cannot be stored."""
    payload = check_variables(variables)
    size = sum(size_of(value) + len(name) for name, value in payload.items())
    if run.state.size + size > MAX_VARIABLES and size:
        raise VariableTooLarge(f"{size} bytes do not fit into {MAX_VARIABLES}")
    return payload


def _waiting(
    run: Runtime, token: int, element_id: str, kind: str, name: str | None = None
) -> tuple[Execution, list[Arm]]:
    e = run.executions.get(token)
    arms = [
        arm
        for arm in ([] if e is None or e.incident is not None else e.arms)
        if arm.kind == kind
        and arm.fired is None
        and (name is None or arm.name == name)
        and (not element_id or e is None or element_of(run.model, e, arm) == element_id)
    ]
    if e is None or not arms:
        raise NotWaiting(f"token {token} waits for no {kind} {element_id}".strip())
    return e, arms


def finish(run: Runtime) -> StepResult:
    if not run.state.suspended:
        run.advance()
    return opened(run.model, run.state, run)
