"""What happened in instances, read from their history in a form that can be played again."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from engine.models import HistoryEvent, ProcessInstance
from engine.runtime import values
from engine.runtime.values import Json
from engine.types import Variables

# Acts of people on the instance itself: a play repeats what it can and says that they were.
BY_HAND = frozenset(
    {
        "token_moved",
        "instance_added",
        "instance_removed",
        "timer_rescheduled",
        "deadlines_moved",
        "migrated",
        "migration_undone",
    }
)
ANSWERS = frozenset({"task", "job", "error", "failure"})
Data = dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One operation of the past: kind and element as in `runtime.step.Operation`.

    `kind` is also `skip`, where a person went on without an activity that had failed. `act` says
    within which step, `to` where a token was moved.
    """

    kind: str
    element_id: str
    given: Variables
    at: datetime
    act: str
    to: str = ""


@dataclass(slots=True)
class Visit:
    """One token at one element: places of its answers in the record, and how it ended."""

    answers: list[int] = field(default_factory=list)
    completed: bool = False


@dataclass(slots=True)
class Recording:
    """One instance: what was delivered to it, and the way it went."""

    instance_id: int
    business_key: str
    ended: bool
    happened: list[Happened] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    # Element -> last value and fired rules of its decision.
    decided: dict[str, Json] = field(default_factory=dict)
    # Element -> its visits in the order in which they began.
    visits: dict[str, list[Visit]] = field(default_factory=lambda: defaultdict(list))
    # Element -> how often it failed.
    failed: Counter[str] = field(default_factory=Counter)
    by_hand: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """The columns of a history row that matter here."""

    instance_id: int
    seq: int
    kind: str
    element_id: str
    token: int | None
    at: datetime
    data: Data


COLUMNS = ("instance_id", "seq", "kind", "element_id", "token", "at", "data")


def recordings(ids: Sequence[int]) -> Iterator[Recording]:
    """One statement for the instances, one for their histories; oldest instance first."""
    known = {
        pk: (key, ended is not None)
        for pk, key, ended in ProcessInstance.objects.filter(pk__in=ids).values_list(
            "pk", "business_key", "ended_at"
        )
    }
    rows = (
        HistoryEvent.objects.filter(instance__in=ids)
        .order_by("instance", "revision", "seq")
        .values_list(*COLUMNS)
    )
    for pk, mine in groupby(rows.iterator(2_000), key=itemgetter(0)):
        writer = Writer(Recording(pk, *known[pk]))
        for row in mine:
            writer.note(Line(*row))
        yield writer.recording


class Writer:
    """Writes one recording, row by row."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.act: Line
        self.visit_of: dict[tuple[str, int | None], Visit] = {}

    def note(self, line: Line) -> None:
        if line.seq == 0:
            self.act = line
            if line.kind in BY_HAND:
                self.recording.by_hand[line.kind] = None
            return
        # An answer closes its visit in the very row that tells of it.
        self.note_operation(line)
        self.note_way(line)

    def note_operation(self, line: Line) -> None:
        if line.data is None or not isinstance(asked := line.data.get("op"), list):
            return
        kind, element = map(str, asked)
        to = ""
        if line.seq == 1:
            kind = "skip" if self.skips() else kind
            to = str(self.act.data.get("to", "")) if self.act.data else ""
        given = values.untagged(line.data.get("given") or {})
        if kind in ANSWERS and (visit := self.visited(element, line)) is not None:
            visit.answers.append(len(self.recording.happened))
        self.recording.happened.append(Happened(kind, element, given, line.at, self.act.kind, to))

    def skips(self) -> bool:
        data = self.act.data or {}
        return self.act.kind == "incident_resolved" and data.get("action") == "skip"

    def visited(self, element: str, line: Line) -> Visit | None:
        """The visit that was answered; the act knows it where the row tells of something else."""
        for told in (line, self.act):
            found = self.visit_of.get((element, told.token))
            if told.element_id == element and found is not None:
                return found
        open_ones = (v for v in self.recording.visits[element] if not v.answers)
        return next(open_ones, None)

    def note_way(self, line: Line) -> None:
        recording, element = self.recording, line.element_id
        if line.kind == "entered":
            recording.path.append(element)
            visit = self.visit_of[element, line.token] = Visit()
            recording.visits[element].append(visit)
        elif line.kind == "completed" and (element, line.token) in self.visit_of:
            self.visit_of[element, line.token].completed = True
        elif line.kind == "failed":
            recording.failed[element] += 1
        elif line.kind == "decided" and line.data is not None:
            recording.decided[element] = line.data["value"]
