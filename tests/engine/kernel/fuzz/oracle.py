"""A naive token game on blocks: in memory, with continuations, no diagram and no state to store.

It shares nothing with the kernel but FEEL. A branch runs until it waits, then the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.feel import compile_expression
from tests.engine.kernel.fuzz.blocks import Block, Guard, Loop, Pairs

Then = Callable[[], None]
Resume = Callable[[dict[str, Any]], None]


class Box(Mapping[str, Any]):
    """One variable scope."""

    def __init__(self, above: Box | None, values: Mapping[str, Any] | None = None) -> None:
        self.above = above
        self.values_here: dict[str, Any] = dict(values or {})

    def __getitem__(self, name: str) -> Any:
        if name in self.values_here:
            return self.values_here[name]
        if self.above is None:
            raise KeyError(name)
        return self.above[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def all(self) -> dict[str, Any]:
        return {**(self.above.all() if self.above else {}), **self.values_here}

    def put(self, name: str, value: Any) -> None:
        if name in self.values_here or self.above is None:
            self.values_here[name] = value
        else:
            self.above.put(name, value)


class Frame:
    """One process or subprocess: it ends when its last token has ended."""

    def __init__(self, ended: Then) -> None:
        self.tokens = 1
        self.ended = ended

    def end(self) -> None:
        self.tokens -= 1
        if not self.tokens:
            self.ended()


@dataclass(frozen=True)
class Place:
    """Where a token is: scope, frame, loop counters, activities around, who catches errors."""

    box: Box
    frame: Frame
    path: tuple[int, ...] = ()
    inside: tuple[object, ...] = ()
    catchers: tuple[Resume, ...] = ()

    def at(
        self,
        box: Box | None = None,
        *,
        frame: Frame | None = None,
        counter: int | None = None,
        inside: object = None,
        catchers: tuple[Resume, ...] = (),
    ) -> Place:
        return Place(
            box or self.box,
            frame or self.frame,
            self.path if counter is None else (*self.path, counter),
            self.inside if inside is None else (*self.inside, inside),
            (*self.catchers, *catchers),
        )


@dataclass(eq=False)
class Item:
    """Something that waits."""

    kind: str
    element: str
    place: Place
    resume: Resume
    what: Any = None
    stays: bool = False


class Oracle:
    """Plays one process."""

    def __init__(self, block: Block, variables: Mapping[str, Any], at: datetime) -> None:
        self.at = at
        self.root = Box(None, variables)
        self.open: list[Item] = []
        self.completed = False
        # While a signal is delivered: what its receivers do afterwards, and where.
        self.later: list[tuple[Place, Then]] | None = None
        self.coming: list[tuple[Place, Then]] = []
        frame = Frame(self.end)
        self.run(block, Place(self.root, frame), frame.end)

    def end(self) -> None:
        self.completed = True

    # ------------------------------------------------------------------ acts

    def act(self, item: Item, payload: dict[str, Any], at: datetime) -> None:
        self.at = at
        if item.kind == "signal":
            self.broadcast(payload)
        else:
            self.hit(item, payload)

    def broadcast(self, payload: dict[str, Any]) -> None:
        """A signal reaches everybody at once; then they go on, one after the other."""
        self.later = []
        for other in [item for item in self.open if item.kind == "signal"]:
            if other in self.open:
                self.hit(other, payload)
        waiting, self.later = self.later, None
        self.coming = waiting
        while self.coming:
            self.coming.pop(0)[1]()

    def soon(self, place: Place, then: Then) -> None:
        if self.later is None:
            then()
        else:
            self.later.append((place, then))

    def hit(self, item: Item, payload: dict[str, Any]) -> None:
        if not item.stays:
            self.open.remove(item)
        item.resume(payload)

    def throw(self, item: Item, payload: dict[str, Any], at: datetime) -> None:
        """The job reports an error: whoever is nearest catches it."""
        self.at = at
        item.place.catchers[-1](payload)

    def cancel(self, who: object) -> None:
        self.open = [item for item in self.open if who not in item.place.inside]
        for waiting in (self.coming, self.later or []):
            waiting[:] = [pair for pair in waiting if who not in pair[0].inside]

    # ------------------------------------------------------------------ structure

    def value(self, source: str, box: Mapping[str, Any]) -> Any:
        return compile_expression(source).evaluate(box, at=self.at)

    def run(self, block: Block, place: Place, then: Then) -> None:
        known: dict[str, Callable[[Block, Place, Then], None]] = {
            "seq": self.seq,
            "xor": self.xor,
            "par": self.par,
            "incl": self.incl,
            "loop": self.repeat,
        }
        known.get(block.kind, self.activity)(block, place, then)

    def seq(self, block: Block, place: Place, then: Then) -> None:
        def go(index: int) -> None:
            last = index + 1 == len(block.parts)
            self.run(block.parts[index][1], place, then if last else lambda: go(index + 1))

        go(0)

    def xor(self, block: Block, place: Place, then: Then) -> None:
        for condition, part in block.parts:
            if self.value(condition, place.box):
                return self.run(part, place, then)
        return self.run(block.default, place, then) if block.default else then()

    def repeat(self, block: Block, place: Place, then: Then) -> None:
        def again() -> None:
            if self.value(block.condition, place.box):
                self.repeat(block, place, then)
            else:
                then()

        self.run(block.body, place, again)

    def par(self, block: Block, place: Place, then: Then) -> None:
        self.all([part for _, part in block.parts], place, then)

    def incl(self, block: Block, place: Place, then: Then) -> None:
        hit = [part for condition, part in block.parts if self.value(condition, place.box)]
        if not hit and block.default:
            hit = [block.default]
        self.all(hit, place, then)

    def all(self, parts: list[Block], place: Place, then: Then) -> None:
        left = len(parts)

        def arrive() -> None:
            nonlocal left
            left -= 1
            if not left:
                then()

        for part in sorted(parts, key=lambda p: not p.listens_at_once):
            self.run(part, place, arrive)

    # ------------------------------------------------------------------ activities

    def activity(self, block: Block, place: Place, then: Then) -> None:
        host = object()

        def left() -> None:
            # Only its boundary events are still there.
            self.cancel(host)
            then()

        def arm() -> None:
            for guard in block.guards:
                if guard.event != "error":
                    hit = self.guard(guard, host, place, then)
                    self.wait_for(guard, place.at(inside=host), hit)

        catchers = tuple(
            self.guard(guard, host, place, then)
            for guard in block.guards
            if guard.event == "error"
        )
        inside = place.at(inside=host, catchers=catchers)
        if block.loop:
            self.many(block, block.loop, inside, left, arm)
        else:
            self.single(block, inside, None, left, arm)

    def guard(self, guard: Guard, host: object, place: Place, then: Then) -> Resume:
        def hit(payload: dict[str, Any]) -> None:
            if guard.interrupting:
                self.cancel(host)
            box = Box(place.box, payload)
            result = self.mapping(guard.outputs, box) if guard.outputs else payload
            for name, value in result.items():
                place.box.put(name, value)
            if not guard.interrupting:
                place.frame.tokens += 1
            after = then if guard.interrupting else place.frame.end
            self.soon(place, lambda: self.run(guard.body, place, after))

        return hit

    def wait_for(self, guard: Guard, place: Place, hit: Resume) -> None:
        stays = not guard.interrupting and guard.event != "timer"
        self.wait(guard.event, guard.id, place, hit, stays=stays)

    def wait(
        self, kind: str, element: str, place: Place, resume: Resume, *, stays: bool = False
    ) -> None:
        what = {"timer": self.at + timedelta(hours=1), "message": place.box.get("key")}.get(kind)
        self.open.append(Item(kind, element, place, resume, what, stays))

    def mapping(self, pairs: Pairs, above: Box) -> dict[str, Any]:
        box, out = Box(above), {}
        for target, source in pairs:
            out[target] = box.values_here[target] = self.value(source, box)
        return out

    def single(
        self, block: Block, place: Place, own: Box | None, then: Then, arm: Then | None = None
    ) -> None:
        instance = own is not None
        values = self.mapping(block.inputs, place.box if own is None else own)
        if own is None and (block.inputs or block.outputs or block.kind in ("sub", "call")):
            own = Box(place.box)
        if own is not None:
            own.values_here.update(values)
        box = place.box if own is None else own
        if arm:
            arm()

        def leave(payload: dict[str, Any]) -> None:
            target, result = box, payload
            if block.outputs:
                assert own is not None
                own.values_here.update(payload)
                target, result = own if instance else place.box, self.mapping(block.outputs, own)
            for name, value in result.items():
                target.put(name, value)
            self.soon(place, then)

        self.work(block, place.at(box), leave)

    def work(self, block: Block, place: Place, leave: Resume) -> None:
        if block.kind in ("user", "job"):
            self.wait(block.kind, block.id, place, leave)
        elif block.kind == "catch":
            self.wait(block.event, block.id, place, leave)
        elif block.kind == "script":
            leave({block.result: self.value(block.expression, place.box)})
        elif block.kind == "sub":
            self.subprocess(block, place, leave)
        else:
            box = place.box
            called = Box(None, box.all() if block.all_parent else box.values_here)
            everything = block.all_child or block.outputs
            frame = Frame(lambda: leave(dict(called.values_here) if everything else {}))
            self.run(block.body, place.at(called, frame=frame), frame.end)

    def subprocess(self, block: Block, place: Place, leave: Resume) -> None:
        content = object()

        def ended() -> None:
            # Armed event subprocesses.
            self.cancel(content)
            leave({})

        frame = Frame(ended)
        inside = place.at(frame=frame, inside=content)
        catchers: tuple[Resume, ...] = ()
        for handler in block.handlers:
            hit = self.handler(handler, inside, content)
            if handler.event == "error":
                catchers = (hit,)
            else:
                self.wait_for(handler, inside, hit)
        self.run(block.body, inside.at(catchers=catchers), frame.end)

    def handler(self, handler: Guard, place: Place, content: object) -> Resume:
        """An event subprocess: a scope of its own, with the subprocess's tokens or instead."""

        def hit(payload: dict[str, Any]) -> None:
            if handler.interrupting:
                self.cancel(content)
                place.frame.tokens = 1
            else:
                place.frame.tokens += 1
            box, frame = Box(place.box), Frame(place.frame.end)
            for name, value in payload.items():
                box.put(name, value)
            inside = place.at(box, frame=frame)
            self.soon(inside, lambda: self.run(handler.body, inside, frame.end))

        return hit

    # ------------------------------------------------------------------ multi-instance

    def many(self, block: Block, loop: Loop, place: Place, then: Then, arm: Then) -> None:
        Many(self, block, loop, place, then).begin(arm)


class Many:
    """The instances of one multi-instance activity."""

    def __init__(self, oracle: Oracle, block: Block, loop: Loop, place: Place, then: Then) -> None:
        self.oracle, self.block, self.loop, self.place, self.then = (
            oracle,
            block,
            loop,
            place,
            then,
        )
        self.items = place.box[loop.collection]
        self.results: list[Any] = [None] * len(self.items)
        self.body = Box(place.box, {loop.into: self.results} if loop.into else {})
        self.done = 0
        self.over = False

    def begin(self, arm: Then) -> None:
        arm()
        if not self.items:
            return self.finish()
        for index in range(1 if self.loop.sequential else len(self.items)):
            if not self.over:
                self.start(index)
        return None

    def finish(self) -> None:
        self.over = True
        self.oracle.cancel(self)
        if self.loop.into:
            self.place.box.put(self.loop.into, self.body.values_here[self.loop.into])
        self.then()

    def start(self, index: int) -> None:
        loop = self.loop
        own = Box(self.body, {"loopCounter": index + 1, loop.item: self.items[index]})
        if loop.into and loop.element.isidentifier() and loop.element != loop.item:
            counter = loop.element == "loopCounter"
            own.values_here[loop.element] = index + 1 if counter else None
        place = self.place.at(self.body, counter=index + 1, inside=self)
        self.oracle.single(self.block, place, own, lambda: self.completed(index, own))

    def completed(self, index: int, own: Box) -> None:
        loop = self.loop
        if loop.into:
            results = list(self.body.values_here[loop.into])
            results[index] = self.oracle.value(loop.element, own)
            self.body.values_here[loop.into] = results
        self.done += 1
        numbers = Box(
            own,
            {
                "numberOfInstances": len(self.items),
                "numberOfCompletedInstances": self.done,
            },
        )
        if self.done == len(self.items) or (
            loop.condition and self.oracle.value(loop.condition, numbers)
        ):
            self.finish()
        elif loop.sequential:
            self.start(index + 1)
