"""Timer start events of a process: when they are due, before there is an instance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engine.kernel.model import Model
from engine.kernel.runtime import clocks


@dataclass(frozen=True, slots=True)
class StartClock:
    """The next moment at which a start event begins an instance; `left` -1 means for ever."""

    element_id: str
    due_at: datetime
    left: int = 1
    every: str = ""


def start_clocks(model: Model, process_id: str, *, at: datetime) -> Iterator[StartClock]:
    """What a process that is deployed now will begin by itself. A date that has passed is over."""
    calendar, container = model.calendar, model.processes[process_id].container
    for node in model.containers[container].starts:
        for event in node.events:
            if event.kind != "timer":
                continue
            if event.timer == "date":
                due = clocks.moment(event.value, at, calendar)
                if due >= at:
                    yield StartClock(node.id, due)
            elif event.timer == "working_days":
                yield StartClock(node.id, clocks.working_days(event.value, at, calendar))
            elif event.timer == "cycle":
                first, left, every = clocks.cycle(event.value, at, calendar)
                clock: StartClock | None = StartClock(node.id, first, left, every)
                while clock is not None and clock.due_at < at:
                    clock = following(model, clock, at=at)
                if clock is not None:
                    yield clock
            else:
                zone = clocks.zone_of(calendar, at)
                yield StartClock(node.id, clocks.span(event.value).after(at, zone))


def following(model: Model, clock: StartClock, *, at: datetime) -> StartClock | None:
    """The moment after this one; None when it was the last."""
    left = clock.left - 1 if clock.left > 0 else clock.left
    if not left or not clock.every:
        return None
    due = clocks.span(clock.every).after(clock.due_at, clocks.zone_of(model.calendar, at))
    return replace(clock, due_at=due, left=left)
