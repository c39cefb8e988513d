"""Every construct of BPMN as the smallest diagram that shows it, with acts and their trace.

A case is executed when its diagram deploys and gives the trace, else it is refused. The tables of
docs/reference/bpmn.md are made of these cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from engine.kernel.read import ReadResult
from engine.types import OpenUserTask, Variable
from tests.engine.kernel.diagrams import (
    CANCEL,
    TERMINATE,
    boundary,
    bpmn,
    catch,
    compensate,
    condition,
    end,
    error,
    escalation,
    event_sub,
    flow,
    link,
    main_line,
    message,
    read,
    say,
    signal,
    start,
    sub,
    throw,
    timer,
    undoable,
    user,
)
from tests.engine.kernel.runtime.play import Play

DEFINITIONS = {
    "none": "",
    "message": message(),
    "timer": timer(),
    "signal": signal(),
    "conditional": condition("x"),
    "error": error(),
    "escalation": escalation(),
    "compensation": compensate(),
    "cancel": CANCEL,
    "terminate": TERMINATE,
    "link": link("L"),
    "multiple": signal() + timer(),
    "parallel multiple": signal() + signal("S2"),
}
MULTIPLE_THROWN = signal() + message("M0")
FAILING = sub("f", start("fs") + end("fe", error()) + flow("fs", "fe"))
# Position -> the event that stands there in its case.
DRAWN_AS = {
    "start of process": '<startEvent id="s"',
    "start of subprocess": '<startEvent id="is"',
    "event subprocess": '<startEvent id="X_start"',
    "event subprocess, not interrupting": '<startEvent id="X_start"',
    "catch": '<intermediateCatchEvent id="c"',
    "boundary": '<boundaryEvent id="b"',
    "boundary, not interrupting": '<boundaryEvent id="b"',
    "throw": '<intermediateThrowEvent id="t"',
    "end": '<endEvent id="oe"',
}
POSITIONS = tuple(DRAWN_AS)


@dataclass(frozen=True)
class Case:
    body: str
    acts: tuple[str, ...] = ()
    want: tuple[Variable, ...] = ("done",)
    more: str = ""
    variables: dict[str, Variable] = field(default_factory=dict)
    start_event: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def read(self) -> ReadResult:
        return read(bpmn(self.body, more=self.more), **self.files)

    def play(self) -> Play:
        """The instance after all acts; user tasks are completed with `x` set to true."""
        model = self.read().model
        assert model is not None
        run = Play(model, {"key": "k", "x": False, **self.variables}, self.start_event)
        for act in self.acts:
            if act.startswith("!"):
                run.signal(act[1:])
            elif isinstance(item := run.find(act), OpenUserTask):
                run.act(item, {"x": True})
            else:
                run.do(act)
        return run


def outcome(case: Case) -> str:
    """Empty when it is executed, else the code of its first error."""
    errors = case.read().errors
    return errors[0].code if errors else ""


def event_case(kind: str, position: str) -> Case:
    case = CASES_AT[position](kind, DEFINITIONS[kind])
    return as_parallel(case, position) if kind == "parallel multiple" else case


def starting(kind: str, drawn: str) -> Case:  # noqa: ARG001  # every position takes both
    body = start("s", drawn) + end() + flow("s", "a", "e") + say("a", "done")
    return Case(body, start_event="s")


def starting_inside(kind: str, drawn: str) -> Case:  # noqa: ARG001  # every position takes both
    inside = start("is", drawn) + end("ie") + flow("is", "a", "ie") + say("a", "done")
    return Case(main_line("o") + sub("o", inside))


def as_parallel(case: Case, position: str) -> Case:
    """The same, with the attribute that asks for all of the events."""
    drawn = DRAWN_AS[position]
    assert drawn in case.body
    body = case.body.replace(drawn, f'{drawn} parallelMultiple="true"')
    return Case(body, case.acts, case.want, start_event=case.start_event)


def happens(kind: str, event: str) -> tuple[str, tuple[str, ...], str]:
    """How an event comes about in a scope: ids of nodes on its path, acts, and their drawing."""
    by_itself = {
        "message": (event,),
        "timer": (event,),
        "signal": ("!S1",),
        "multiple": ("!S1",),
        "parallel multiple": ("!S1", "!S2"),
    }
    drawn = {
        "conditional": ("set", ("set",), user("set")),
        "error": ("f", (), FAILING),
        "escalation": ("th", (), throw("th", escalation())),
    }
    return drawn.get(kind) or ("", by_itself.get(kind, ()), "")


def path(first: str, *nodes: str) -> str:
    return flow(*(name for name in (first, *nodes) if name))


def in_event_subprocess(kind: str, drawn: str, *, interrupting: bool) -> Case:
    if kind == "compensation":
        handler = event_sub(
            "X", drawn, end("xe"), flow("X_start", "h", "xe"), say("h", "done"),
            interrupting=interrupting,
        )  # fmt: skip
        scope = sub("o", start("os") + end("oe") + flow("os", "oe") + handler)
        return Case(main_line("o", "th") + scope + throw("th", compensate("o")))
    name, acts, more = happens(kind, "X_start")
    body = start() + end() + path("s", name, "w", "e") + more + user("w")
    body += event_sub(
        "X", drawn, end("xe"), flow("X_start", "h", "xe"), say("h", "done"),
        interrupting=interrupting,
    )  # fmt: skip
    return Case(body, acts if interrupting else (*acts, "w"))


def caught(kind: str, drawn: str) -> Case:
    if kind == "link":
        body = start() + throw("t", link("L")) + flow("s", "t")
        return Case(body + catch("c", drawn) + flow("c", "a", "e") + say("a", "done") + end())
    _, acts, _ = happens(kind, "c")
    body = main_line("c", "a") + catch("c", drawn) + say("a", "done")
    return Case(body, () if kind == "conditional" else acts, variables={"x": True})


def at_border(kind: str, drawn: str, *, interrupting: bool) -> Case:
    handled = boundary("b", "o", drawn, interrupting=interrupting)
    after = say("h", "done") + end("be") + flow("b", "h", "be")
    if kind == "compensation":
        undone = handled + say("h", "done", attributes='isForCompensation="true"')
        undone += '<association id="as" sourceRef="b" targetRef="h"/>'
        return Case(main_line("o", "th") + undone + say("o", "first") + throw("th", drawn),
                    want=("first", "done"))  # fmt: skip
    if kind == "cancel":
        inside = start("os") + end("oe", CANCEL) + flow("os", "oe")
        return Case(main_line("o") + sub("o", inside, tag="transaction") + handled + after)
    name, acts, more = happens(kind, "b")
    inside = start("os") + end("oe") + path("os", name, "w", "oe") + more + user("w")
    acts = acts if interrupting else (*acts, "w")
    return Case(main_line("o") + sub("o", inside) + handled + after, acts)


def thrown(kind: str, drawn: str) -> Case:
    drawn = MULTIPLE_THROWN if kind == "multiple" else drawn
    if kind == "link":
        return caught(kind, drawn)
    if kind == "compensation":
        body = main_line("o", "t") + undoable("o") + throw("t", drawn)
        return Case(body, want=("o", "undo_o"))
    return Case(main_line("t", "a") + throw("t", drawn) + say("a", "done"))


def ended(kind: str, drawn: str) -> Case:
    """An end event in a subprocess with a border that catches what it may throw."""
    drawn = MULTIPLE_THROWN if kind == "multiple" else drawn
    tag = "transaction" if kind == "cancel" else "subProcess"
    inside = start("os") + say("a", "done") + end("oe", drawn) + flow("os", "a", "oe")
    body = main_line("o") + sub("o", inside, tag=tag)
    if kind in ("error", "escalation", "cancel"):
        body += boundary("b", "o", drawn) + end("be") + flow("b", "h", "be") + say("h", "caught")
        return Case(body, want=("done", "caught"))
    return Case(body)


CASES_AT: dict[str, Callable[[str, str], Case]] = {
    "start of process": starting,
    "start of subprocess": starting_inside,
    "event subprocess": partial(in_event_subprocess, interrupting=True),
    "event subprocess, not interrupting": partial(in_event_subprocess, interrupting=False),
    "catch": caught,
    "boundary": partial(at_border, interrupting=True),
    "boundary, not interrupting": partial(at_border, interrupting=False),
    "throw": thrown,
    "end": ended,
}
