"""Message flows between pools: who names the message."""

from __future__ import annotations

import pytest

from tests.engine.kernel.diagrams import (
    bpmn,
    codes,
    element,
    end,
    flow,
    message,
    model,
    process,
    read,
    start,
    throw,
)

BLANK = "<messageEventDefinition/>"


def pools(thrown: str, caught: str, flow_message: str = "") -> bytes:
    named = f'messageRef="{flow_message}"' if flow_message else ""
    collaboration = element(
        "collaboration",
        "c",
        "",
        '<participant id="p1" processRef="p"/><participant id="p2" processRef="q"/>',
        element("messageFlow", "mf", f'sourceRef="t" targetRef="qs" {named}'),
    )
    return bpmn(
        start() + throw("t", thrown) + end() + flow("s", "t", "e"),
        more=collaboration + process("q", start("qs", caught), end("qe"), flow("qs", "qe")),
    )


@pytest.mark.parametrize(
    ("thrown", "caught", "flow_message", "name"),
    [
        (BLANK, BLANK, "", "mf"),
        (message("M0"), BLANK, "", "M0"),
        (BLANK, message("M0"), "", "M0"),
        (BLANK, BLANK, "M0", "M0"),
    ],
)
def test_both_ends_have_one_message(
    thrown: str, caught: str, flow_message: str, name: str
) -> None:
    drawn = model(pools(thrown, caught, flow_message))

    ends = drawn.node("p", "t").events + drawn.node("q", "qs").events
    assert [event.name for event in ends] == [name, name]


def test_flow_to_a_pool_of_others_names_nothing() -> None:
    found = read(
        bpmn(
            start() + throw("t", BLANK) + end() + flow("s", "t", "e"),
            more='<collaboration id="c"><participant id="other"/>'
            '<messageFlow id="mf" sourceRef="t" targetRef="other"/></collaboration>',
        )
    )

    assert ("todo.message", "t") in codes(found)
