"""What happened in instances, read from their history in a form that can be played again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from engine.models import HistoryEvent, ProcessInstance
from engine.runtime import values
from engine.runtime.values import Json
from engine.types import Variables

KINDS = ("entered", "decided")


@dataclass(frozen=True, slots=True)
class Happened:
    """One operation of the past: kind and element as in `runtime.step.Operation`."""

    kind: str
    element_id: str
    given: Variables
    at: datetime


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


def recordings(ids: Sequence[int]) -> Iterator[Recording]:
    """One statement for the instances, one for their histories; in the order of the ids."""
    known = {
        pk: (key, ended is not None)
        for pk, key, ended in ProcessInstance.objects.filter(pk__in=ids).values_list(
            "pk", "business_key", "ended_at"
        )
    }
    rows = (
        HistoryEvent.objects.filter(instance__in=ids)
        .order_by("instance", "revision", "seq")
        .values_list("instance_id", "kind", "element_id", "at", "data")
    )
    for pk, mine in groupby(rows.iterator(2_000), key=itemgetter(0)):
        recording = Recording(pk, *known[pk])
        for _, kind, element, at, data in mine:
            note(recording, kind, element, at, data)
        yield recording


def note(
    recording: Recording, kind: str, element: str, at: datetime, data: dict[str, Json] | None
) -> None:
    if data is not None and isinstance(asked := data.get("op"), list):
        operation, where = map(str, asked)
        given = values.untagged(data.get("given") or {})
        recording.happened.append(Happened(operation, where, given, at))
    if kind == "entered":
        recording.path.append(element)
    elif kind == "decided" and data is not None:
        recording.decided[element] = data["value"]
