"""Data associations: when they are mappings, and when they document."""

from __future__ import annotations

import pytest

from engine.kernel.model import IoMapping
from tests.engine.kernel.diagrams import (
    bpmn,
    codes,
    element,
    extensions,
    io,
    main_line,
    model_of,
    over_data,
    read,
    signal,
    throw,
)
from tests.engine.kernel.runtime.play import play

DATA = (
    '<dataObject id="o1"/><dataObjectReference id="amount_ref" name="amount" dataObjectRef="o1"/>'
    '<dataObject id="o2" name="total"/><dataObjectReference id="total_ref" dataObjectRef="o2"/>'
    '<dataObjectReference id="loose_ref" name="Data Object 1" dataObjectRef="o1"/>'
)
SPECIFICATION = (
    '<ioSpecification><dataInput id="i1" name="sum"/><dataInput id="i2" name="amount"/>'
    '<dataOutput id="r1" name="result"/><dataOutput id="r2"/>'
    "<inputSet/><outputSet/></ioSpecification>"
)


def association(way: str, source: str, target: str, *inside: str) -> str:
    drawn = f"<sourceRef>{source}</sourceRef>" if source else ""
    return (
        f"<data{way}Association>{drawn}<targetRef>{target}</targetRef>"
        f"{''.join(inside)}</data{way}Association>"
    )


def assignment(source: str, target: str) -> str:
    return f"<assignment><from>{source}</from><to>{target}</to></assignment>"


def job(*inside: str) -> str:
    drawn = extensions('<zeebe:taskDefinition type="notify"/>')
    return DATA + main_line("t") + element("serviceTask", "t", "", drawn, SPECIFICATION, *inside)


def mapping(*inside: str) -> IoMapping | None:
    return model_of(job(*inside)).node("p", "t").io


class TestMeaning:
    def test_other_name(self) -> None:
        run = play(
            job(
                association("Input", "amount_ref", "i1"),
                association("Output", "r1", "total_ref"),
            ),
            amount=3,
        )
        assert [j.inputs for j in run.result.jobs] == [{"sum": 3}]

        run.do("t", result=9, lost=1)

        assert run.root == {"amount": 3, "total": 9}

    def test_output_that_is_not_delivered_is_not_copied(self) -> None:
        run = play(job(association("Output", "r1", "total_ref")), total=7)

        run.do("t")

        assert run.root == {"total": 7}

    def test_assignment_and_transformation(self) -> None:
        run = play(
            job(
                association("Input", "amount_ref", "i1", assignment("=amount * 2", "sum")),
                association("Input", "amount_ref", "i2", assignment("fixed", "i2")),
                association(
                    "Output", "r1", "total_ref", "<transformation>=result + 1</transformation>"
                ),
            ),
            amount=3,
        )
        assert [j.inputs for j in run.result.jobs] == [{"sum": 6, "amount": "fixed"}]

        run.do("t", result=9)

        assert run.root == {"amount": 3, "total": 10}

    def test_thrown_event_carries_its_inputs(self) -> None:
        sent = throw("t", signal()).replace(
            "</intermediateThrowEvent>",
            '<dataInput id="i1" name="sum"/>'
            + association("Input", "amount_ref", "i1")
            + "<inputSet/></intermediateThrowEvent>",
        )

        run = play(DATA + main_line("t") + sent, amount=3)

        assert [t.variables for t in run.result.thrown] == [{"sum": 3}]

    def test_equal_names_stand_beside_others(self) -> None:
        drawn = mapping(
            association("Input", "amount_ref", "i2"), association("Input", "amount_ref", "i1")
        )

        assert drawn is not None
        assert [pair.target for pair in drawn.inputs] == ["amount", "sum"]

    def test_before_the_mapping_of_the_dialect(self) -> None:
        drawn = element(
            "serviceTask",
            "t",
            "",
            extensions('<zeebe:taskDefinition type="notify"/>', io(inputs={"x": "=sum"})),
            SPECIFICATION,
            association("Input", "amount_ref", "i1"),
        )

        run = play(DATA + main_line("t") + drawn, amount=3)

        assert [j.inputs for j in run.result.jobs] == [{"sum": 3, "x": 3}]


@pytest.mark.parametrize(
    "drawn",
    [
        association("Input", "amount_ref", "i2"),
        association("Input", "loose_ref", "i1"),
        association("Input", "amount_ref", "nothing"),
        association("Output", "r2", "total_ref"),
        association("Output", "", "total_ref"),
        association("Input", "amount_ref", "i1") + over_data("i1", "one"),
        '<property id="here" name="__targetRef_placeholder"/>'
        + association("Input", "amount_ref", "here"),
    ],
)
def test_documents(drawn: str) -> None:
    assert mapping(drawn) is None


@pytest.mark.parametrize(
    "inside",
    [
        assignment("=1", ""),
        assignment("=1", "sum.part"),
        "<transformation></transformation>",
    ],
)
def test_what_cannot_be_read_is_refused(inside: str) -> None:
    found = read(bpmn(job(association("Input", "amount_ref", "i1", inside))))

    assert ("data.assignment", "t") in codes(found)


def test_an_assignment_that_was_left_empty_assigns_nothing() -> None:
    found = read(bpmn(job(association("Input", "amount_ref", "i1", assignment("", "sum")))))

    assert found.model is not None
    assert found.model.node("p", "t").io is None
    assert ("data.assignment", "t") in codes(found, "warning")
