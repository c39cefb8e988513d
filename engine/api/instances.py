"""Start, stop and read instances."""

from collections.abc import Mapping
from datetime import datetime

from engine.errors import NotFound
from engine.runtime import (
    drawn,
    reading,
    starting,
    steering,
)
from engine.runtime.transaction import step_transaction
from engine.runtime.values import Json
from engine.runtime.views import (
    HistoryView,
    InstanceView,
)
from engine.types import (
    Advance,
    Variable,
    Variables,
)


def start_instance(
    process_id: str,
    *,
    business_key: str,
    scope: str,
    variables: Variables,
    by: int | None,
    at: datetime,
    key: str | None = None,
    definition_id: int | None = None,
    group_scopes: Mapping[str, str] | None = None,
    start_event: str | None = None,
    note: str = "",
) -> Advance:
    """Start the latest version of a process (of bundle `key`), or a certain version of it.

    `group_scopes` names candidate groups whose tasks stand in another scope than the instance's;
    `start_event` where to begin, if not at the plain start event.

    Raises:
        NotFound: no such definition, or several keys have a current one.
    """
    with step_transaction():
        found = (
            starting.definition_by_id(definition_id)
            if definition_id is not None
            else starting.current_definition(process_id, key=key)
        )
        if found.process_id != process_id:
            raise NotFound(f"definition {definition_id} is no version of {process_id!r}")
        return starting.start(
            found,
            business_key=business_key,
            scope=scope,
            group_scopes=group_scopes or {},
            variables=variables,
            by=by,
            at=at,
            note=note,
            start_event=start_event,
        )


def instance(instance_id: int | None = None, *, business_key: str | None = None) -> InstanceView:
    """An instance by id, or the latest one with a business key."""
    return reading.instance(instance_id, business_key)


def variables(instance_id: int) -> dict[str, Variable]:
    """The variables of the instance's outermost scope."""
    return reading.variables(instance_id)


def history(instance_id: int) -> tuple[HistoryView, ...]:
    """Everything that happened in an instance, in order."""
    return reading.history(instance_id)


def diagram_state(instance_id: int, *, revision: int | None = None) -> dict[str, Json]:
    """What the viewer draws on the diagram, now or as it was after a step of the past.

    `{"elements": {id: {"state": active|incident|completed|cancelled, "open": n, "done": n,
    "at": …}}, "flows": [ids taken]}`
    """
    return drawn.diagram_state(instance_id, revision)


def cancel_instance(instance_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """End an instance; everything open in it is cancelled."""
    with step_transaction():
        return steering.cancel(instance_id, by=by, at=at, note=note)


def suspend_instance(instance_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """Stop an instance where it stands; answers of running handlers wait until it goes on."""
    with step_transaction():
        return steering.suspend(instance_id, by=by, at=at, note=note)


def resume_instance(instance_id: int, *, by: int | None, at: datetime, note: str = "") -> Advance:
    """Let a suspended instance go on."""
    with step_transaction():
        return steering.resume(instance_id, by=by, at=at, note=note)


def set_scope(
    instance_id: int, scope: str, *, by: int | None, at: datetime, note: str = ""
) -> Advance:
    """Move an instance and its open user tasks to another scope, off everybody's desk."""
    with step_transaction():
        return steering.set_scope(instance_id, scope, by=by, at=at, note=note)
