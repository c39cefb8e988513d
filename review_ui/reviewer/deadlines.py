"""How near a deadline is, in working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.queries import rulebook
from workflows.queries.worklist import WorkRow
from workflows.values.working_days import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Deadline:
    """State of the due pill, with the working days that are left (negative: too late)."""

    state: str
    working_days: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one headed part of the queue."""

    title: str | Promise
    rows: tuple[tuple[WorkRow, Deadline], ...]


HEADS = {
    "over": _("Overdue"),
    "today": _("Due today"),
    "later": _("Due later"),
}


def deadline(
    due: datetime | None, calendar: WorkingCalendar, *, at: datetime, held: bool = False
) -> Deadline:
    """Overdue, today, within a working day, later, paused, or no deadline at all."""
    if held:
        return Deadline("pause", 0, due)
    if due is None:
        return Deadline("none", 0, None)
    today, last = calendar.day_of(at), calendar.day_of(due)
    left = calendar.working_days_between(today, last)
    if due < at:
        return Deadline("over", min(left, -1), due)
    if last == today:
        return Deadline("today", 0, due)
    return Deadline("soon" if left <= 1 else "ok", left, due)


def calendars(programmes: Iterable[str], *, at: datetime) -> dict[str, WorkingCalendar]:
    """The working calendar of each programme."""
    on = rulebook.local_day(at)
    return {
        code: rulebook.calendar(rulebook.version_in_force(rulebook.programme(code), on=on))
        for code in sorted(set(programmes))
    }


def sections(rows: Iterable[WorkRow], *, at: datetime) -> list[Section]:
    """Rows by deadline, in the order of the queue; a head without rows is left out."""
    listed = list(rows)
    known = calendars((row.programme for row in listed), at=at)
    groups: dict[str, list[tuple[WorkRow, Deadline]]] = {name: [] for name in HEADS}
    for row in listed:
        found = deadline(row.task.due_at, known[row.programme], at=at, held=row.is_held)
        groups[found.state if found.state in groups else "later"].append((row, found))
    return [Section(HEADS[name], tuple(found)) for name, found in groups.items() if found]
