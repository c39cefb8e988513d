"""The state of one instance, and its bytes.

It holds what is open and nothing of what is over: scopes, executions, and a queue that is empty
between acts. Its size depends on what is open, not on what has happened.

Bytes: format number, CRC-32, zstandard of JSON with sorted keys. Rows leave out what equals its
default. The same state has the same bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, field, fields
from struct import Struct
from typing import Any, Literal
from zlib import crc32

import orjson
import zstandard

from engine.errors import BudgetExceeded, StateError
from engine.kernel.scope import Scope, Scopes
from engine.kernel.values import PLAIN, TAGGED, tag, untag

FORMAT = 1
HEAD = Struct(">HI")
# Before compression; 1,000 instances of a multi-instance subprocess take about 300 KB.
MAX_STATE = 4_000_000
# Format number -> what makes the next format of its plain data. Never removed.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

Role = Literal["activity", "body", "boundary", "trigger", "gateway", "throw", "stuck"]
Status = Literal["active", "completed", "cancelled"]


@dataclass(slots=True)
class Arm:
    """One event that an execution waits for; `index` is its place among the node's events."""

    kind: str
    index: int = 0
    # Event-based gateway: the catch event behind which the token goes on.
    to: str | None = None
    # Message, signal: name. Error, escalation: code; None catches every code.
    name: str | None = None
    key: str = ""
    # Timer: the moment (ISO 8601, UTC), firings left (-1: for ever), and the time between them.
    due: str = ""
    left: int = 1
    every: str = ""
    # Conditional: what the condition was when it was last looked at.
    was: bool = False
    # Of several events that must all happen: the payload of one that has.
    fired: dict[str, Any] | None = None


@dataclass(slots=True)
class Execution:
    """A token that waits, or something that is armed.

    Roles: `activity`; `body` of a multi-instance activity or loop; `boundary`; `trigger`, an armed
    event subprocess; `gateway`, event-based; `throw`, waits for compensation; `stuck`, a gateway
    or event that failed.
    """

    id: int
    element: str
    container: str
    # Where its tokens move, and where its variables go: the same, or a multi-instance body.
    scope: int
    around: int
    role: Role = "activity"
    # Its own variable scope, and the scope inside its subprocess (the same) or called process.
    own: int | None = None
    inner: int | None = None
    # Boundary: the activity. Instance: its body. Compensation handler: the throwing event.
    host: int | None = None
    body: int | None = None
    handles: int | None = None
    # Open work of a person or handler: what was evaluated on entry.
    work: dict[str, Any] | None = None
    arms: list[Arm] = field(default_factory=list)
    # Kept while leaving, so that a retry applies it once; of an event subprocess also on entry.
    payload: dict[str, Any] | None = None
    # Code and detail of what went wrong.
    incident: list[str] | None = None
    # Body: the input collection, read once; instances [started, completed].
    items: list[Any] | None = None
    counts: list[int] | None = None
    # Compensation: what the activity saw when it completed; the record of the subprocess that a
    # handler belongs to; what is still to be compensated. Ad hoc subprocess: what is still to
    # begin, None once nothing is.
    snapshot: dict[str, Any] | None = None
    restores: dict[str, Any] | None = None
    todo: list[Any] | None = None


class Executions(dict[int, Execution]):
    """Execution number -> execution, oldest first; with an index by what it belongs to."""

    __slots__ = ("_groups",)

    def __init__(self, executions: Iterable[Execution] = ()) -> None:
        super().__init__()
        self._groups: dict[tuple[str, int], dict[int, Execution]] = {}
        for execution in executions:
            self.add(execution)

    def add(self, execution: Execution) -> None:
        self[execution.id] = execution
        for key in _groups_of(execution):
            self._groups.setdefault(key, {})[execution.id] = execution

    def discard(self, execution: Execution) -> None:
        if self.pop(execution.id, None) is None:
            return
        for key in _groups_of(execution):
            group = self._groups[key]
            del group[execution.id]
            if not group:
                del self._groups[key]

    def _group(self, kind: str, number: int) -> Iterable[Execution]:
        return self._groups.get((kind, number), {}).values()

    def in_scope(self, scope: int) -> Iterable[Execution]:
        """Executions whose tokens move in this scope, oldest first."""
        return self._group("scope", scope)

    def boundaries(self, host: int) -> list[Execution]:
        """Boundary events of an activity."""
        return list(self._group("host", host))

    def instances(self, body: int) -> list[Execution]:
        """Instances of a multi-instance activity or loop."""
        return list(self._group("body", body))

    def handlers(self, thrower: int) -> list[Execution]:
        """Compensation handlers that run for a throwing event."""
        return list(self._group("handles", thrower))


def _groups_of(execution: Execution) -> list[tuple[str, int]]:
    keys = [("scope", execution.scope)]
    if execution.host is not None:
        keys.append(("host", execution.host))
    if execution.body is not None:
        keys.append(("body", execution.body))
    if execution.handles is not None:
        keys.append(("handles", execution.handles))
    return keys


@dataclass(slots=True)
class State:
    """Everything an instance needs to go on, besides its model."""

    process: str
    root: int = 0
    next_id: int = 1
    status: Status = "active"
    # Why it stands still although something is queued; empty otherwise.
    suspended: str = ""
    # Automatic elements since the last wait state; bytes of all variables.
    automatic: int = 0
    size: int = 0
    scopes: Scopes = field(default_factory=Scopes)
    executions: Executions = field(default_factory=Executions)
    # A stack of ["token", flow, node, scope] and ["begin", execution].
    queue: list[list[Any]] = field(default_factory=list)

    def new_id(self) -> int:
        """A number that no scope or token of this instance has had."""
        number = self.next_id
        self.next_id += 1
        return number


# --------------------------------------------------------------------------- bytes


def _defaults(cls: type) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (
            f.name,
            f.default_factory()
            if f.default_factory is not MISSING
            else None
            if f.default is MISSING
            else f.default,
        )
        for f in fields(cls)
    )


_SCOPE, _EXECUTION, _ARM = _defaults(Scope), _defaults(Execution), _defaults(Arm)
_STATE = tuple(f.name for f in fields(State) if f.name not in ("scopes", "executions", "queue"))


def _row(thing: object, defaults: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {
        name: value for name, default in defaults if (value := getattr(thing, name)) != default
    }


def _execution_row(execution: Execution) -> dict[str, Any]:
    row = _row(execution, _EXECUTION)
    if execution.arms:
        row["arms"] = [_row(arm, _ARM) for arm in execution.arms]
    return row


def _execution(row: dict[str, Any]) -> Execution:
    if "arms" in row:
        row["arms"] = [Arm(**arm) for arm in row["arms"]]
    return Execution(**row)


class _Codecs(threading.local):
    """zstandard's objects must not be used by two threads at once."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=3).compress
        self.expand = zstandard.ZstdDecompressor().decompress


_codecs = _Codecs()


def dumps(state: State) -> bytes:
    """The bytes of a state.

    Raises:
        BudgetExceeded: more than 4 MB before compression.
    """
    plain: dict[str, Any] = {name: getattr(state, name) for name in _STATE}
    plain["scopes"] = [_row(s, _SCOPE) for _, s in sorted(state.scopes.items())]
    plain["executions"] = [_execution_row(e) for _, e in sorted(state.executions.items())]
    if state.queue:
        plain["queue"] = state.queue
    raw = orjson.dumps(plain, default=tag, option=orjson.OPT_SORT_KEYS | PLAIN)
    if len(raw) > MAX_STATE:
        raise BudgetExceeded(f"{len(raw)} bytes of state, allowed are {MAX_STATE}")
    body = _codecs.compress(raw)
    return HEAD.pack(FORMAT, crc32(body)) + body


def loads(raw: bytes) -> State:
    """The state behind bytes of this or any earlier format.

    Raises:
        StateError: damaged, or of a format this version does not know.
    """
    raw = bytes(raw)
    if len(raw) <= HEAD.size:
        raise StateError("too short")
    number, checksum = HEAD.unpack_from(raw)
    body = raw[HEAD.size :]
    if number != FORMAT and number not in UPGRADES:
        raise StateError(f"format {number} is unknown")
    if crc32(body) != checksum:
        raise StateError("damaged")
    text = _codecs.expand(body)
    plain = orjson.loads(text)
    if TAGGED in text:
        plain = untag(plain)
    while number != FORMAT:
        plain, number = UPGRADES[number](plain), number + 1
    return _state(plain)


def _state(plain: dict[str, Any]) -> State:
    plain["scopes"] = Scopes((row["id"], Scope(**row)) for row in plain["scopes"])
    plain["executions"] = Executions(map(_execution, plain["executions"]))
    return State(**plain)
