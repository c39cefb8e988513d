"""The tables of conformance in docs/reference/bpmn.md are what the cases show."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.kernel.conformance import DEFINITIONS, POSITIONS, Case, event_case, outcome
from tests.engine.kernel.conformance_parts import PARTS

PAGE = Path(__file__).parents[3] / "docs/reference/bpmn.md"
# BPMN has no such event.
ABSENT = frozenset(
    {
        "event.misplaced",
        "event.must_interrupt",
        "start.event_inside",
        "attribute.unknown",
    }
)
EVENTS = {
    f"{kind}, {position}": event_case(kind, position)
    for kind in DEFINITIONS
    for position in POSITIONS
}
CASES = EVENTS | PARTS


def shown(case: Case) -> str:
    code = outcome(case)
    if not code:
        return "✓"
    return "–" if code in ABSENT else f"`{code}`"


def of_events() -> Iterator[str]:
    yield f"| | {' | '.join(POSITIONS)} |"
    yield "|---" * (len(POSITIONS) + 1) + "|"
    for kind in DEFINITIONS:
        cells = (shown(EVENTS[f"{kind}, {position}"]) for position in POSITIONS)
        yield f"| {kind} | {' | '.join(cells)} |"


def of_parts() -> Iterator[str]:
    yield "| construct | |"
    yield "|---|---|"
    for name, case in PARTS.items():
        yield f"| {name} | {shown(case)} |"


def listed(name: str) -> list[str]:
    page = PAGE.read_text(encoding="utf-8")
    return (
        page.partition(f"<!-- {name} -->\n")[2]
        .partition(f"<!-- end of {name} -->")[0]
        .splitlines()
    )


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not outcome(case)])
def test_what_is_executed_gives_its_trace(name: str) -> None:
    case = CASES[name]

    run = case.play()

    assert tuple(run.log) == case.want
    assert run.completed


def test_page_lists_every_event_in_every_position() -> None:
    assert listed("events") == list(of_events())


def test_page_lists_every_other_construct() -> None:
    assert listed("constructs") == list(of_parts())
