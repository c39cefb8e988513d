"""Starting instances, by hand or by a message."""

from collections.abc import Mapping
from datetime import datetime

from engine.errors import NotFound
from engine.kernel import operations
from engine.kernel import state as codec
from engine.models import ProcessDefinition, ProcessInstance
from engine.runtime.loaded import definitions, digest_of, loaded_for
from engine.runtime.open_rows import OpenRows
from engine.runtime.settling import settle
from engine.runtime.step import Act, Operation, Step
from engine.types import Advance, Variables


def current_definition(process_id: str, *, key: str | None = None) -> ProcessDefinition:
    """The latest version of a process; NotFound when there is none, or several keys have one."""
    found = definitions().filter(process_id=process_id, is_current=True)
    rows = list(found.filter(key=key) if key is not None else found[:2])
    if len(rows) != 1:
        raise NotFound(f"{len(rows)} current definitions of {process_id!r}")
    return rows[0]


def definition_by_id(definition_id: int) -> ProcessDefinition:
    """A definition with its deployment joined."""
    row = definitions().filter(pk=definition_id).first()
    if row is None:
        raise NotFound(f"definition {definition_id}")
    return row


def start(
    definition: ProcessDefinition,
    *,
    business_key: str,
    scope: str,
    group_scopes: Mapping[str, str],
    variables: Variables,
    by: int | None,
    at: datetime,
    note: str = "",
    start_event: str | None = None,
    parent_id: int | None = None,
) -> Advance:
    """Create an instance and run it to its first wait state, inside the caller's transaction."""
    loaded = loaded_for(definition)
    state, result = operations.start(
        loaded.model, definition.process_id, variables, at=at, start_event=start_event
    )
    instance = ProcessInstance(
        definition=definition,
        definition_digest=digest_of(definition),
        parent_id=parent_id,
        business_key=business_key,
        scope=scope,
        group_scopes=dict(group_scopes),
        state=codec.dumps(state),
        revision=0,
        started_at=at,
    )
    instance.save(force_insert=True)
    step = Step(instance, loaded, state, OpenRows(), at, by, note)
    step.apply(Operation("start", start_event or "", variables), result)
    settle(step)
    return step.save(Act("instance_started", start_event or ""))
