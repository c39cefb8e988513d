"""Processes that begin by themselves: by a signal, or when the timer of their start is due."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from engine.errors import EngineError
from engine.kernel.model import Model
from engine.kernel.schedule import StartClock, following, start_clocks
from engine.models import ProcessDefinition, ProcessInstance, StartTimer
from engine.runtime.loaded import definitions, loaded_for
from engine.runtime.starting import start
from engine.runtime.transaction import step_transaction
from engine.types import Variables

log = logging.getLogger(__name__)


def start_by_signal(
    name: str, *, variables: Variables, at: datetime, source: ProcessInstance | None
) -> int:
    """Start every process whose signal start event has this name; how many began.

    One that cannot begin with these variables is left out, the others begin.
    """
    begun = 0
    for definition in definitions().filter(is_current=True).exclude(start_signals={}):
        for element in definition.start_signals.get(name, ()):
            begun += begin_alone(definition, element, variables, at=at, source=source)
    return begun


def begin_alone(
    definition: ProcessDefinition,
    element: str,
    variables: Variables,
    *,
    at: datetime,
    source: ProcessInstance | None = None,
    business_key: str = "",
) -> bool:
    try:
        with transaction.atomic():
            start(
                definition,
                business_key=source.business_key if source is not None else business_key,
                scope=source.scope if source is not None else "",
                group_scopes=source.group_scopes if source is not None else {},
                variables=variables,
                by=None,
                at=at,
                start_event=element,
                parent_id=source.pk if source is not None else None,
            )
    except EngineError:
        log.exception("process %s cannot begin at %s", definition.process_id, element)
        return False
    return True


def schedule(definition: ProcessDefinition, model: Model, *, at: datetime) -> None:
    """Note when a definition that has just become current begins by itself."""
    StartTimer.objects.bulk_create(
        StartTimer(
            definition=definition,
            element_id=clock.element_id,
            due_at=clock.due_at,
            left=clock.left,
            every=clock.every,
        )
        for clock in start_clocks(model, definition.process_id, at=at)
    )


def due_starts(at: datetime) -> list[int]:
    """Ids of start timers that are due, earliest first."""
    due = StartTimer.objects.filter(due_at__lte=at).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True))


def fire_start(timer_id: int, *, at: datetime) -> bool:
    """Begin one instance; a repeated timer then waits for its next moment, another is over.

    Of moments that passed while nothing ran each begins an instance, one per call.
    """
    try:
        with step_transaction():
            return _fire(timer_id, at=at)
    except DatabaseError:
        raise
    except EngineError:
        log.exception("start timer %s cannot be fired", timer_id)
        return False


def _fire(timer_id: int, *, at: datetime) -> bool:
    timer = (
        StartTimer.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=timer_id, due_at__lte=at)
        .first()
    )
    if timer is None:
        return False
    definition = definitions().get(pk=timer.definition_id)
    moment = StartClock(timer.element_id, timer.due_at, timer.left, timer.every)
    key = f"{definition.process_id}:{timer.due_at.isoformat()}"
    begun = begin_alone(definition, timer.element_id, {}, at=at, business_key=key[-100:])
    after = following(loaded_for(definition).model, moment, at=at)
    if after is None:
        timer.delete()
    else:
        timer.due_at, timer.left = after.due_at, after.left
        timer.save(update_fields=["due_at", "left"])
    return begun
