"""Three players of one random process, in lock-step.

The oracle, the kernel in memory, and the kernel saved and loaded before every act. After each act
the open items with everything they see, the variables of the instance and the outcome must be the
same, and the bytes of both kernels.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.kernel import operations
from engine.kernel.model import Model
from engine.kernel.state import State, dumps, loads
from engine.kernel.values import size_of
from engine.types import OpenJob, OpenSubscription, OpenTimer, OpenUserTask, StepResult
from tests.engine.kernel import diagrams
from tests.engine.kernel.fuzz.blocks import VARIABLES, Block, Maker
from tests.engine.kernel.fuzz.oracle import Item, Oracle
from tests.engine.kernel.fuzz.writer import bpmn
from tests.engine.kernel.runtime.play import Item as Open
from tests.engine.kernel.runtime.play import items_of

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
MOST_ACTS = 40
Key = tuple[str, str, tuple[int, ...], dict[str, Any], Any]


@dataclass
class Act:
    """One thing that happens to all three."""

    key: Key
    position: int
    payload: dict[str, Any]
    at: datetime
    throws: bool


@dataclass
class Players:
    """One run; `play` raises AssertionError, with the seed, at the first difference."""

    seed: int
    seen: Counter[str] = field(default_factory=Counter)

    def play(self) -> None:
        rng = random.Random(self.seed)  # noqa: S311  # drawing diagrams is no secret
        block = Maker(rng, rng.choice((4, 8, 14))).sequence()
        model = diagrams.model(bpmn(block))
        before, at = repr(model), START
        oracle = Oracle(block, VARIABLES, at)
        memory, step = operations.start(model, "p", VARIABLES, at=at)
        stored, twin = operations.start(model, "p", VARIABLES, at=at)
        for number in range(MOST_ACTS):
            where = f"seed {self.seed} act {number}"
            assert step == twin, f"{where}: results differ"
            stored = self.through_bytes(memory, stored, where)
            self.compare(oracle, model, memory, where)
            act = self.draw(oracle, rng, at)
            if act is None:
                break
            at = act.at
            step, twin = perform(model, memory, act), perform(model, stored, act)
            item = oracle_view(oracle)[act.position][1]
            (oracle.throw if act.throws else oracle.act)(item, act.payload, at)
            self.seen["acts"] += 1
            self.seen["throw" if act.throws else act.key[0]] += 1
        assert repr(model) == before, f"seed {self.seed}: a run changed the model"
        self.count(oracle, block)

    def through_bytes(self, memory: State, stored: State, where: str) -> State:
        raw = dumps(stored)
        assert raw == dumps(memory), f"{where}: bytes differ"
        loaded = loads(raw)
        assert raw == dumps(loaded), f"{where}: bytes differ after loading"
        return loaded

    def compare(self, oracle: Oracle, model: Model, state: State, where: str) -> None:
        want = [key for key, _ in oracle_view(oracle)]
        got = [key for key, _ in kernel_view(model, state)]
        assert got == want, f"{where}: open\n  kernel {got}\n  oracle {want}"
        assert (state.status == "completed") == oracle.completed, f"{where}: {state.status}"
        root = state.scopes[state.root].variables
        assert root == oracle.root.values_here, f"{where}: {root} {oracle.root.values_here}"
        assert not state.queue, f"{where}: something is queued"
        held = [(name, v) for s in state.scopes.values() for name, v in s.variables.items()]
        assert state.size == sum(len(name) + size_of(v) for name, v in held), f"{where}: size"
        owners = {s.owner for s in state.scopes.values() if s.id != state.root}
        assert owners <= state.executions.keys(), f"{where}: a scope without an owner"
        if oracle.completed:
            assert not state.executions, f"{where}: something is left"
            assert len(state.scopes) == 1, f"{where}: a scope is left"

    def draw(self, oracle: Oracle, rng: random.Random, at: datetime) -> Act | None:
        """What happens next; twins that nothing tells apart are left alone."""
        view = oracle_view(oracle)
        keys = [key for key, _ in view]
        single = [i for i, key in enumerate(keys) if key[0] == "signal" or keys.count(key) == 1]
        if not single:
            return None
        position = rng.choice(single)
        key, item = view[position]
        payload = {}
        if key[0] != "timer":
            payload = {name: rng.randrange(4) for name in "abcdrx" if rng.random() < 0.3}
        throws = key[0] == "job" and bool(item.place.catchers) and rng.random() < 0.3
        return Act(key, position, payload, at + timedelta(minutes=7), throws)

    def count(self, oracle: Oracle, block: Block) -> None:
        self.seen["completed" if oracle.completed else "cut off"] += 1
        for inner in block.walk():
            self.seen[f"block {inner.kind}{' x n' if inner.loop else ''}"] += 1
            self.seen["block ad hoc"] += inner.ad_hoc
            for guard in inner.guards:
                self.seen[f"boundary {guard.event} {guard.interrupting}"] += 1
            for guard in inner.handlers:
                self.seen[f"event subprocess {guard.event} {guard.interrupting}"] += 1


def perform(model: Model, state: State, act: Act) -> StepResult:
    item = kernel_view(model, state)[act.position][1]
    payload, at = act.payload, act.at
    if isinstance(item, OpenUserTask):
        return operations.complete_user_task(model, state, item.token, payload, at=at)
    if isinstance(item, OpenJob) and act.throws:
        return operations.throw_error(model, state, item.token, "E1", payload, at=at)
    if isinstance(item, OpenJob):
        return operations.complete_job(model, state, item.token, payload, at=at)
    if isinstance(item, OpenTimer):
        return operations.fire_timer(model, state, item.token, item.element_id, at=at)
    assert isinstance(item, OpenSubscription)
    if item.kind == "signal":
        return operations.deliver_signal(model, state, item.name, payload, at=at)
    return operations.deliver_message(model, state, item.token, item.name, payload, at=at)


def kernel_view(model: Model, state: State) -> list[tuple[Key, Open]]:
    found = items_of(operations.open_items(model, state))
    return sorted(((kernel_key(state, model, item), item) for item in found), key=order)


def kernel_key(state: State, model: Model, item: Open) -> Key:
    kind = {
        OpenUserTask: "user",
        OpenJob: "job",
        OpenTimer: "timer",
        OpenSubscription: "message",
    }.get(type(item), "incident")
    what: Any = None
    if isinstance(item, OpenTimer):
        what = item.due_at
    elif isinstance(item, OpenSubscription):
        kind, what = item.kind, item.key or None
    sees = operations.visible(model, state, item.token) if item.token else {}
    return kind, item.element_id.removesuffix("_s"), path_of(state, item.token), sees, what


def path_of(state: State, token: int) -> tuple[int, ...]:
    """Loop counters from outside in, read from the state: events have no path of their own."""
    found: list[int] = []
    e = state.executions.get(token)
    while e is not None:
        if e.body is not None and e.own is not None:
            found.insert(0, state.scopes[e.own].variables["loopCounter"])
        owner = state.scopes[e.scope].owner
        e = None if owner is None else state.executions[owner]
    return tuple(found)


def oracle_view(oracle: Oracle) -> list[tuple[Key, Item]]:
    found = [
        ((i.kind, i.element, i.place.path, i.place.box.all(), i.what), i) for i in oracle.open
    ]
    return sorted(found, key=order)


def order(pair: tuple[Key, Any]) -> tuple[str, ...]:
    kind, element, path, sees, what = pair[0]
    return kind, element, str(path), str(sorted(plain(sees).items())), str(what)


def plain(value: Any) -> Any:
    """Equal numbers written alike: FEEL's are Decimal, the kernel keeps whole ones as int."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, Decimal) else value
