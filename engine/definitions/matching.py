"""Which recorded answer belongs to which open task or job of a play: visit by visit."""

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.definitions.recording import Recording, Visit
from engine.types import HistoryEntry, OpenJob, OpenUserTask, StepResult

Item = OpenJob | OpenUserTask


class Matching:
    """The answers of one recording, and which of them were given."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.used: set[int] = set()
        self._begun: Counter[str] = Counter()
        self._ordinals: dict[tuple[str, int | None], int] = {}

    def see(self, history: Iterable[HistoryEntry]) -> None:
        """Count visits as they begin."""
        for line in history:
            if line.kind == "entered":
                self._ordinals[line.element_id, line.token] = self._begun[line.element_id]
                self._begun[line.element_id] += 1

    def visit(self, item: Item) -> Visit | None:
        """The same visit of the element in the record: the first is the first."""
        visits = self.recording.visits.get(item.element_id, [])
        number = self._ordinals.get((item.element_id, item.token), len(visits))
        return visits[number] if number < len(visits) else None

    def place(self, item: Item) -> int | None:
        """Where the record has the next answer to this, None when it has none."""
        visit = self.visit(item)
        visits = [] if visit is None else [visit]
        if visit is None or (visit.completed and not visit.answers):
            # It was no multi-instance activity then, or is none here.
            visits = self.recording.visits.get(item.element_id, [])
        kinds = ("task",) if isinstance(item, OpenUserTask) else ("job", "error", "failure")
        return next(
            (
                place
                for each in visits
                for place in each.answers
                if place not in self.used and self.recording.happened[place].kind in kinds
            ),
            None,
        )

    def answered(self, result: StepResult, until: int) -> Iterator[tuple[Item, int]]:
        """What is open and was answered up to this place of the record."""
        items: list[Item] = [*result.jobs, *result.user_tasks]
        for item in items:
            found = self.place(item)
            if found is not None and found <= until:
                yield item, found

    def waited(self, item: Item) -> bool:
        """Whether this was left without a result then too."""
        visit = self.visit(item)
        return visit is not None and not visit.completed
