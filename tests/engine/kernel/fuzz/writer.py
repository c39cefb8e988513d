"""A tree of blocks as a diagram."""

from __future__ import annotations

from itertools import pairwise

from tests.engine.kernel import diagrams
from tests.engine.kernel.diagrams import element, error, gateway, message, signal, timer
from tests.engine.kernel.fuzz.blocks import Block, Guard, Loop, Pairs

EVENTS = {
    "message": message("M1"),
    "timer": timer("PT1H"),
    "signal": signal("S1"),
    "error": error("E1"),
}


def bpmn(block: Block) -> bytes:
    calls: list[str] = []
    body = Writer(calls).container("p", block)
    return diagrams.bpmn(body, more="".join(calls))


def io(inputs: Pairs, outputs: Pairs) -> str:
    parts = [
        f'<zeebe:{side} source="={source}" target="{target}"/>'
        for side, pairs in (("input", inputs), ("output", outputs))
        for target, source in pairs
    ]
    return f"<zeebe:ioMapping>{''.join(parts)}</zeebe:ioMapping>" if parts else ""


def each(loop: Loop | None) -> str:
    if loop is None:
        return ""
    return diagrams.each(
        f"={loop.collection}",
        loop.item,
        into=loop.into,
        result=f"={loop.element}" if loop.into else "",
        sequential=loop.sequential,
        until=f"={loop.condition}" if loop.condition else "",
    )


class Writer:
    """Collects the elements of one process or subprocess."""

    def __init__(self, calls: list[str], *, ad_hoc: bool = False) -> None:
        self.ad_hoc = ad_hoc
        self.out: list[str] = []
        self.calls = calls

    def flow(self, source: str, target: str, when: str = "") -> str:
        name = f"f_{source}_{target}_{len(self.out)}"
        self.out.append(diagrams.flow(source, target, when=when, id=name))
        return name

    def stop(self, last: str) -> None:
        """The end of a path of its own; an ad hoc subprocess has no end events."""
        name = f"{last}_stop"
        self.put(diagrams.throw(name) if self.ad_hoc else diagrams.end(name))
        self.flow(last, name)

    def put(self, xml: str) -> None:
        self.out.append(xml)

    def write(self, block: Block) -> tuple[str, str]:
        """The ids of its first and its last element."""
        if block.kind == "seq":
            ends = [self.write(part) for _, part in block.parts]
            for (_, last), (first, _) in pairwise(ends):
                self.flow(last, first)
            return ends[0][0], ends[-1][1]
        if block.kind in ("xor", "incl"):
            return self.choice(block)
        if block.kind == "par":
            return self.parallel(block)
        if block.kind == "loop":
            return self.repeat(block)
        return self.activity(block)

    def choice(self, block: Block) -> tuple[str, str]:
        kind = {"xor": "exclusive", "incl": "inclusive"}[block.kind]
        split, join = block.id, f"{block.id}e"
        for condition, part in block.parts:
            first, last = self.write(part)
            self.flow(split, first, condition)
            self.flow(last, join)
        if block.default is None:
            default = self.flow(split, join)
        else:
            first, last = self.write(block.default)
            default = self.flow(split, first)
            self.flow(last, join)
        self.put(gateway(kind, split, default) + gateway(kind, join))
        return split, join

    def parallel(self, block: Block) -> tuple[str, str]:
        split, join = block.id, f"{block.id}e"
        for _, part in block.parts:
            first, last = self.write(part)
            self.flow(split, first)
            self.flow(last, join)
        self.put(gateway("parallel", split) + gateway("parallel", join))
        return split, join

    def repeat(self, block: Block) -> tuple[str, str]:
        begin, again, out = block.id, f"{block.id}e", f"{block.id}x"
        first, last = self.write(block.body)
        self.flow(begin, first)
        self.flow(last, again)
        self.flow(again, begin, block.condition)
        default = self.flow(again, out)
        self.put(gateway("exclusive", begin) + gateway("exclusive", again, default))
        self.put(gateway("exclusive", out))
        return begin, out

    def activity(self, block: Block) -> tuple[str, str]:
        self.put(self.drawn(block))
        last = block.id
        if any(guard.interrupting for guard in block.guards):
            last = f"{block.id}m"
            self.put(gateway("exclusive", last))
            self.flow(block.id, last)
        for guard in block.guards:
            self.boundary(block, guard, last)
        return block.id, last

    def boundary(self, block: Block, guard: Guard, last: str) -> None:
        event, mapping = EVENTS[guard.event], io([], guard.outputs)
        self.put(
            diagrams.boundary(guard.id, block.id, event, mapping, interrupting=guard.interrupting)
        )
        first, done = self.write(guard.body)
        self.flow(guard.id, first)
        if guard.interrupting:
            self.flow(done, last)
        else:
            self.stop(done)

    def drawn(self, block: Block) -> str:
        mapping, loop = io(block.inputs, block.outputs), each(block.loop)
        if block.kind == "user":
            return diagrams.user(block.id, mapping, loop=loop)
        if block.kind == "job":
            return diagrams.service(block.id, mapping, loop=loop)
        if block.kind == "script":
            return diagrams.script(block.id, block.expression, block.result, mapping, loop=loop)
        if block.kind == "catch":
            return diagrams.catch(block.id, EVENTS[block.event], mapping)
        if block.kind == "call":
            name = f"proc_{block.id}"
            below = Writer(self.calls).container(name, block.body)
            self.calls.append(diagrams.process(name, below))
            return diagrams.call(
                block.id,
                name,
                mapping,
                parent=block.all_parent,
                child=block.all_child,
                loop=loop,
            )
        return self.subprocess(block, mapping, loop)

    def subprocess(self, block: Block, mapping: str, loop: str) -> str:
        below = Writer(self.calls, ad_hoc=block.ad_hoc)
        for guard in block.handlers:
            inside = Writer(self.calls).container(
                guard.id, guard.body, EVENTS[guard.event], interrupting=guard.interrupting
            )
            below.put(element("subProcess", guard.id, 'triggeredByEvent="true"', inside))
        if block.ad_hoc:
            for _, part in block.body.parts:
                below.stop(below.write(part)[1])
            tag, body = "adHocSubProcess", "".join(below.out)
        else:
            tag, body = "subProcess", below.container(block.id, block.body)
        return diagrams.sub(block.id, body, loop=loop, extra=mapping, tag=tag)

    def container(
        self, name: str, block: Block, event: str = "", *, interrupting: bool = True
    ) -> str:
        first, last = self.write(block)
        self.put(diagrams.start(f"{name}_s", event, interrupting=interrupting))
        self.put(diagrams.end(f"{name}_e"))
        self.flow(f"{name}_s", first)
        self.flow(last, f"{name}_e")
        return "".join(self.out)
