"""Random block-structured processes: a tree of blocks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.types import Variable

VARIABLES: dict[str, Variable] = {
    "a": 1,
    "b": 2,
    "key": "K",
    "items": [3, 1, 2],
    "two": [1, 1],
    "none": [],
}
NAMES = ("a", "b", "c", "d")
Pairs = list[tuple[str, str]]


@dataclass
class Loop:
    """Multi-instance over a variable."""

    collection: str
    item: str
    sequential: bool
    condition: str = ""
    into: str = ""
    element: str = ""


@dataclass
class Guard:
    """A boundary event, or an event subprocess: what happens, and what runs then."""

    id: str
    event: str
    interrupting: bool
    body: Block
    outputs: Pairs = field(default_factory=list)


@dataclass
class Block:
    """kind: seq xor par incl loop, or user job script catch sub call."""

    kind: str
    id: str = ""
    # Of xor and incl: each with its condition; of all others without.
    parts: list[tuple[str, Block]] = field(default_factory=list)
    # None: the default flow goes straight to the end of the block.
    default: Block | None = None
    condition: str = ""
    expression: str = ""
    result: str = ""
    event: str = ""
    inputs: Pairs = field(default_factory=list)
    outputs: Pairs = field(default_factory=list)
    loop: Loop | None = None
    guards: list[Guard] = field(default_factory=list)
    handlers: list[Guard] = field(default_factory=list)
    # Of sub: drawn as an ad hoc subprocess, in which the branches of its body begin by themselves.
    ad_hoc: bool = False
    all_parent: bool = True
    all_child: bool = True

    @property
    def body(self) -> Block:
        return self.parts[0][1]

    @property
    def listens_at_once(self) -> bool:
        """Whether it begins with a signal catch event."""
        if self.kind == "seq":
            return self.body.listens_at_once
        return self.kind == "catch" and self.event == "signal" and not self.inputs

    def walk(self) -> Iterator[Block]:
        yield self
        inner = [part for _, part in self.parts]
        inner += [guard.body for guard in (*self.guards, *self.handlers)]
        inner += [self.default] if self.default else []
        for block in inner:
            yield from block.walk()


class Maker:
    """Draws a process of about `size` blocks."""

    def __init__(self, rng: random.Random, size: int) -> None:
        self.rng = rng
        self.left = size
        self.count = 0
        # Two firings of one event at once: a join would pair tokens of both. Inside a subprocess
        # it cannot, elsewhere behind such an event no join is drawn.
        self.joins = True

    def id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def condition(self) -> str:
        name, sign = self.rng.choice(NAMES), self.rng.choice(("=", "!="))
        return f"{name} {sign} {self.rng.randrange(3)}"

    def source(self, more: tuple[str, ...] = ()) -> str:
        names = NAMES + more
        one, other = self.rng.choice(names), self.rng.choice(names)
        return self.rng.choice((one, f"{one} + 1", str(self.rng.randrange(9)), f"{one} + {other}"))

    def sequence(self, depth: int = 0) -> Block:
        count = self.rng.choice((1, 2, 2, 3))
        return Block("seq", parts=[("", self.block(depth)) for _ in range(count)])

    def block(self, depth: int) -> Block:
        self.left -= 1
        deep = depth < 4 and self.left > 0
        kinds = ["user", "user", "script", "job"]
        if deep:
            kinds += ["catch", "xor", "par", "par", "incl", "loop", "sub", "sub", "call", "user"]
        kind = self.rng.choice(kinds)
        if kind in ("par", "incl") and not self.joins:
            kind = "sub"
        if kind in ("xor", "incl", "par", "loop"):
            return self.structure(kind, depth)
        return self.activity(kind, depth, deep=deep)

    def structure(self, kind: str, depth: int) -> Block:
        if kind == "par":
            count = self.rng.choice((2, 2, 3))
            return Block(
                kind, self.id("p"), [("", self.sequence(depth + 1)) for _ in range(count)]
            )
        if kind == "loop":
            begin = Block("user", self.id("u"))
            body = Block("seq", parts=[("", begin), *self.sequence(depth + 1).parts])
            return Block(kind, self.id("l"), [("", body)], condition=self.condition())
        count = self.rng.choice((1, 2))
        parts = [(self.condition(), self.sequence(depth + 1)) for _ in range(count)]
        default = None
        if kind == "incl" or self.chance(0.6):
            default = self.sequence(depth + 1)
        return Block(kind, self.id("x"), parts, default)

    def activity(self, kind: str, depth: int, *, deep: bool) -> Block:
        block = Block(kind, self.id(kind[0]))
        if kind == "script":
            block.expression, block.result = self.source(), self.rng.choice(NAMES)
        elif kind == "catch":
            block.event = self.rng.choice(("message", "timer", "signal"))
        elif kind in ("sub", "call"):
            self.fill(block, depth)
        if kind != "catch" and self.chance(0.4):
            block.loop = self.loop(block)
        more = (block.loop.item, "loopCounter") if block.loop else ()
        if self.chance(0.35):
            block.inputs += [
                (self.rng.choice((*NAMES, "x")), self.source(more))
                for _ in range(self.rng.choice((1, 2)))
            ]
        if self.chance(0.35):
            block.outputs = [
                (self.rng.choice((*NAMES, "r")), self.source((*more, "x", "r")))
                for _ in range(self.rng.choice((1, 2)))
            ]
        if kind in ("user", "job", "sub", "call") and deep and self.chance(0.4):
            self.guard(block, depth)
        return block

    def fill(self, block: Block, depth: int) -> None:
        before, self.joins = self.joins, True
        # No draw of its own: diagrams without one stay as they are.
        block.ad_hoc = block.kind == "sub" and self.count % 4 == 0
        block.parts = [("", self.branches(depth) if block.ad_hoc else self.sequence(depth + 1))]
        if block.kind == "sub" and self.chance(0.4):
            block.handlers = [
                self.handler(event, depth)
                for event in self.rng.choice(
                    (["message"], ["timer"], ["signal"], ["error"], ["message", "timer"])
                )
            ]
        self.joins = before
        if block.kind == "call":
            block.all_parent, block.all_child = self.chance(0.6), self.chance(0.5)
            if not block.all_parent:
                block.inputs = [(name, name) for name in ("key", "items", "two", "none")]

    def branches(self, depth: int) -> Block:
        """What begins by itself begins with an activity: no flow leads back to it."""
        parts = []
        for _ in range(self.rng.choice((1, 2, 2))):
            first = Block(self.rng.choice(("user", "job")), self.id("a"))
            parts.append(("", Block("seq", parts=[("", first), *self.sequence(depth + 1).parts])))
        return Block("par", self.id("p"), parts)

    def handler(self, event: str, depth: int) -> Guard:
        name, interrupting = self.id("h"), event == "error" or self.chance(0.5)
        return Guard(name, event, interrupting, self.sequence(depth + 2))

    def guard(self, block: Block, depth: int) -> None:
        events = ["message", "timer", "signal"] + ([] if block.kind == "user" else ["error"])
        for event in self.rng.sample(events, self.rng.choice((1, 1, 2))):
            outputs = [(self.rng.choice(NAMES), self.source())] if self.chance(0.3) else []
            interrupting, before = event == "error" or self.chance(0.5), self.joins
            self.joins = before and interrupting
            name = self.id("g")
            body = self.sequence(depth + 2)
            block.guards.append(Guard(name, event, interrupting, body, outputs))
            self.joins = before

    def loop(self, block: Block) -> Loop:
        conditions = (
            "",
            "",
            self.condition(),
            "numberOfCompletedInstances = 2",
            "loopCounter = 2",
        )
        loop = Loop(
            self.rng.choice(("items", "items", "two", "none")),
            self.rng.choice(("item", "a")),
            sequential=self.chance(0.4),
            condition=self.rng.choice(conditions),
        )
        if self.chance(0.8):
            loop.into = f"l_{block.id}"
            loop.element = self.rng.choice(("r", "b", "item", "a + 1", "loopCounter"))
        return loop
