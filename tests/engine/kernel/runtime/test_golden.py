"""Stored states of every format load and finish. Written by `write`, never changed afterwards.

python -m tests.engine.kernel.runtime.test_golden
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.feel import YearsMonthsDuration
from engine.kernel import operations
from engine.kernel.state import FORMAT, dumps, loads
from engine.types import Variable
from tests.engine.kernel import diagrams
from tests.engine.kernel.claim import FORM, claim
from tests.engine.kernel.diagrams import (
    ad_hoc,
    boundary,
    bpmn,
    call,
    catch,
    compensate,
    each,
    end,
    event_sub,
    flow,
    gateway,
    io,
    main_line,
    message,
    process,
    repeat,
    say,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    undoable,
    user,
)
from tests.engine.kernel.runtime.play import Play

FOLDER = Path(__file__).parents[3] / "golden" / "kernel"
PAIR = (
    start()
    + gateway("parallel", "f")
    + user("a")
    + user("b")
    + gateway("parallel", "j")
    + end()
    + flow("s", "f")
    + flow("f", "a", "j", "e")
    + flow("f", "b", "j")
)
INNER = start("is") + user("u") + end("ie") + flow("is", "u", "ie")
WAITS = (
    start()
    + gateway("eventBased", "g")
    + catch("c1", message())
    + catch("c2", timer())
    + end("e1")
    + end("e2")
    + flow("s", "g")
    + flow("g", "c1", "e1")
    + flow("g", "c2", "e2")
)
HANDLER = event_sub(
    "E", signal(), say("h"), end("Ee"), flow("E_start", "h", "Ee"), interrupting=False
)
SCALARS: dict[str, Variable] = {
    "rate": Decimal("0.125"),
    "day": datetime(2026, 1, 5, tzinfo=UTC).date(),
    "moment": datetime(2026, 1, 5, 9, tzinfo=UTC),
    "span": timedelta(days=2, microseconds=1),
    "list": [1, Decimal("2.5"), {"键": None}],
}
# What an act brings: element and story -> variables.
BRINGS: dict[tuple[str, str], dict[str, Variable]] = {
    ("claim", "review"): {"outcome": "return"},
    ("claim", "edit"): {"action": "withdraw"},
    ("incident", "y"): {"team": "staff"},
}
# Name -> diagram, variables, acts before it is stored, acts afterwards.
STORIES: dict[str, tuple[bytes, dict[str, Variable], list[str], list[str]]] = {
    "claim": (claim(), FORM, ["submit"], ["review", "edit"]),
    "join": (bpmn(PAIR), {}, ["a"], ["b"]),
    "scalars": (bpmn(main_line("u") + user("u")), SCALARS, [], ["u"]),
    "instances": (
        bpmn(
            main_line("P")
            + sub(
                "P",
                INNER,
                HANDLER,
                loop=each("=who", "one", into="all", result="=x"),
                extra=io(inputs={"x": "=one * 2"}),
            )
        ),
        {"who": [1, 2, 3]},
        ["u 2"],
        ["u 1", "u 3"],
    ),
    "event_gateway": (bpmn(WAITS), {"key": "K"}, [], ["c1"]),
    "loop": (
        bpmn(main_line("u") + user("u", loop=repeat(3))),
        {},
        ["u 1"],
        ["u 2", "u 3"],
    ),
    "compensation": (
        bpmn(
            main_line("A", "P", "j", "t")
            + undoable("A")
            + sub("P", start("ps") + undoable("B") + end("pe") + flow("ps", "B", "pe"))
            + service("j")
            + throw("t", compensate())
        ),
        {"n": Decimal("1.5")},
        [],
        ["j"],
    ),
    "ad_hoc": (
        bpmn(main_line("P") + ad_hoc("P", user("a"), user("b"), user("c"), sequential=True)),
        {},
        ["a"],
        ["b", "c"],
    ),
    "quantity": (
        bpmn(
            start()
            + gateway("parallel", "f")
            + user("a")
            + user("b")
            + user("t", attributes='startQuantity="2"')
            + end()
            + flow("s", "f")
            + flow("f", "a", "t", "e")
            + flow("f", "b", "t")
        ),
        {},
        ["b"],
        ["a", "t"],
    ),
    "undone_call": (
        bpmn(
            main_line("c", "t") + call("c", "q") + throw("t", compensate()),
            more=process(
                "q",
                start("qs")
                + user("A")
                + boundary("bA", "A", compensate())
                + user("undo", attributes='isForCompensation="true"')
                + '<association id="as" sourceRef="bA" targetRef="undo"/>'
                + end("qe"),
                flow("qs", "A", "qe"),
            ),
        ),
        {"n": Decimal("1.5")},
        ["A"],
        ["undo"],
    ),
    "incident": (
        bpmn(main_line("x", "y") + script("x", "1", "n") + user("y", groups="=team")),
        {},
        [],
        ["y", "y"],
    ),
}


def stored(name: str) -> Play:
    xml, variables, before, _ = STORIES[name]
    run = Play(diagrams.model(xml), variables)
    for act in before:
        run.do(act)
    return run


def finish(run: Play, name: str) -> None:
    for act in STORIES[name][3]:
        run.do(act, **BRINGS.get((name, act), {}))


def write() -> None:
    """Store every story in the present format; an existing file is left as it is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in STORIES:
        path = FOLDER / f"{name}.{FORMAT}.state"
        if not path.exists():
            path.write_bytes(dumps(stored(name).state))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.state")), ids=lambda path: path.name)
def test_stored_state_finishes(path: Path) -> None:
    name = path.name.split(".")[0]
    run = stored(name)
    run.state = loads(path.read_bytes())
    assert operations.open_items(run.model, run.state) == operations.open_items(
        run.model, stored(name).state
    )

    finish(run, name)

    twin = stored(name)
    finish(twin, name)
    assert run.completed
    assert run.root == twin.root


def test_every_story_is_stored_in_the_present_format() -> None:
    names = {path.name for path in FOLDER.glob(f"*.{FORMAT}.state")}

    assert names == {f"{name}.{FORMAT}.state" for name in STORIES}


def test_months_survive() -> None:
    run = Play(
        diagrams.model_of(main_line("m", "u") + script("m", 'duration("P1Y2M")', "m") + user("u"))
    )

    assert run.stored().scopes[run.state.root].variables["m"] == YearsMonthsDuration(14)


if __name__ == "__main__":
    write()
