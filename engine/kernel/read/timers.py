"""Timers: ISO 8601 or FEEL, checked while somebody can still correct them.

The library's own ISO 8601 parsing decides what a duration is; limits are ours.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from lxml.etree import _Element as Element
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.feel import Expression
from engine.kernel.drawing.names import body, extension, kind
from engine.kernel.model import EventDef, TimerKind
from engine.kernel.read.values import Values, shown

LONGEST = timedelta(days=3653)
# A cycle without an end, and one with a number of times.
SHORTEST_CYCLE = timedelta(minutes=1)
SHORTEST_COUNTED = timedelta(seconds=1)
MOST_WORKING_DAYS = 2600
# A fixed moment: durations with months differ by a day or two, which no limit here notices.
FROM = datetime(2024, 1, 1, tzinfo=UTC)
KINDS: dict[str, TimerKind] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}
# Weeks stand alone in ISO 8601.
DURATION = re.compile(
    r"P(?=.)((\d{1,4}W)|(\d{1,4}Y)?(\d{1,4}M)?(\d{1,5}D)?"
    r"(T(?=\d)(\d{1,6}H)?(\d{1,7}M)?(\d{1,9}(\.\d{1,6})?S)?)?)\Z",
    re.ASCII,
)
CYCLE = re.compile(r"R(\d{0,4})/(?:([^/P]+)/)?(P[^/]+)\Z", re.ASCII)


def timer(definition: Element, values: Values) -> EventDef | None:
    """A timer event definition, or the working-day deadline beside it."""
    event = definition.getparent()
    deadline = extension(definition, "shenling:deadline")
    if deadline is None and event is not None:
        deadline = extension(event, "shenling:deadline")
    parts = [part for part in definition if kind(part) in KINDS]
    if deadline is not None:
        return working_days(deadline, parts, values)
    if not parts or not body(parts[0]):
        values.error("todo.timer")
        return None
    if len(parts) > 1:
        values.error("timer.twice")
        return None
    how = KINDS[kind(parts[0])]
    value = values.either(body(parts[0]))
    if isinstance(value, Expression):
        check_place(event, values)
    if isinstance(value, str):
        check_text(how, value, values)
    return None if value is None else EventDef("timer", timer=how, value=value)


def working_days(deadline: Element, parts: list[Element], values: Values) -> EventDef | None:
    if parts and body(parts[0]):
        values.error("timer.twice")
        return None
    days = values.number(deadline.get("workingDays"), "workingDays", 0, MOST_WORKING_DAYS)
    if days is None:
        if not deadline.get("workingDays"):
            values.error("todo.timer")
        return None
    if isinstance(days, Expression):
        check_place(values.element, values)
    value = days if isinstance(days, Expression) else str(days)
    return EventDef("timer", timer="working_days", value=value)


def check_place(event: Element | None, values: Values) -> None:
    """The start of a process has no variables that an expression could read."""
    around = None if event is None else event.getparent()
    inside = around is None or kind(around) != "process"
    if event is not None and kind(event) == "startEvent" and not inside:
        values.error("timer.start")


def check_text(how: TimerKind, text: str, values: Values) -> None:
    if how == "date":
        if not is_date(text):
            values.error("timer.date", value=shown(text))
    elif how == "duration":
        check_duration(text, timedelta(0), values)
    else:
        cycle = CYCLE.match(text)
        if cycle is None or (cycle[1] and not int(cycle[1])):
            values.error("timer.cycle", value=shown(text))
            return
        if cycle[2] and not is_date(cycle[2]):
            values.error("timer.date", value=shown(cycle[2]))
        check_duration(cycle[3], SHORTEST_COUNTED if cycle[1] else SHORTEST_CYCLE, values)


def check_duration(text: str, shortest: timedelta, values: Values) -> None:
    span = duration(text)
    if span is None:
        values.error("timer.duration", value=shown(text))
    elif span < shortest:
        values.error("timer.too_often", value=shown(text))
    elif span > LONGEST:
        values.error("timer.too_long", value=shown(text))


def duration(text: str) -> timedelta | None:
    """The length of an ISO 8601 duration; None when the text is none."""
    if DURATION.match(text) is None:
        return None
    parts = TimerEventDefinition.parse_iso_duration(text)
    try:
        span = TimerEventDefinition.get_timedelta_from_start(parts, FROM)
    except (OverflowError, ValueError):
        return timedelta.max
    return span if isinstance(span, timedelta) else None


def is_date(text: str) -> bool:
    """An ISO 8601 date, or date and time; without an offset it means the calendar's zone."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return text[:4].isdigit() and "-" in text
