"""Starting instances, by hand or by a message."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from engine.errors import NotFound
from engine.kernel import operations
from engine.kernel import state as codec
from engine.models import ProcessDefinition, ProcessInstance
from engine.runtime.loaded import definition_of, definitions, digest, digest_of, loaded_for
from engine.runtime.open_rows import OpenRows
from engine.runtime.settling import settle
from engine.runtime.sql import Batch, Insert
from engine.runtime.step import Act, Operation, Step
from engine.types import Advance, Variables

CURRENT = """
SELECT d.id, p.content_hash, d.key, d.process_id, d.version FROM engine_processdefinition d
 JOIN engine_deployment p ON p.id = d.deployment_id WHERE d.is_current AND d.process_id = %s"""
INSTANCE = Insert(
    ProcessInstance,
    (
        "definition_id",
        "definition_digest",
        "parent_id",
        "business_key",
        "scope",
        "group_scopes",
        "state",
        "started_at",
    ),
    (("status", ProcessInstance.Status.ACTIVE.value), ("revision", 0), ("ended_at", None)),
)


def current_definition(process_id: str, *, key: str | None = None) -> ProcessDefinition:
    """The latest version of a process; NotFound when there is none, or several keys have one."""
    with connection.cursor() as cursor:
        if key is None:
            cursor.execute(CURRENT, [process_id])
        else:
            cursor.execute(f"{CURRENT} AND d.key = %s", [process_id, key])
        rows = cursor.fetchall()
    if len(rows) != 1:
        raise NotFound(f"{len(rows)} current definitions of {process_id!r}")
    pk, content, own_key, process, version = rows[0]
    return definition_of(pk, digest(content, own_key, process, version))


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
    row = tuple(getattr(instance, name) for name in INSTANCE.columns)
    (instance.pk,) = Batch().insert_ids(INSTANCE, [row])
    step = Step(instance, loaded, state, OpenRows(), at, by, note)
    step.apply(Operation("start", start_event or "", variables), result)
    settle(step)
    return step.save(Act("instance_started", start_event or ""))
