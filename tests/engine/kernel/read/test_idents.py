"""Diagrams of other modellers: ids that are missing, long or odd keep nothing from running."""

from itertools import pairwise

import pytest

from engine.kernel.model import Model
from engine.kernel.read import ReadResult
from tests.engine.kernel.diagrams import (
    boundary,
    bpmn,
    call,
    codes,
    end,
    event_sub,
    extensions,
    flow,
    gateway,
    main_line,
    message,
    process,
    read,
    say,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.engine.kernel.runtime.play import Play

PLAIN = main_line("t") + say("t")


def warned(result: ReadResult) -> list[tuple[str, str]]:
    found = codes(result, "warning")
    return [pair for pair in found if not pair[0].startswith("name.")]


def line(*names: str) -> str:
    """Start, these nodes, end; the flows have plain ids."""
    ids = ["s", *names, "e"]
    flows = [flow(a, b, id=f"f{number}") for number, (a, b) in enumerate(pairwise(ids))]
    return start() + end() + "".join(flows)


def run(*body: str, more: str = "", shared: str | None = None) -> tuple[ReadResult, Play]:
    drawn = bpmn(*body, more=more) if shared is None else bpmn(*body, more=more, shared=shared)
    result = read(drawn)
    assert isinstance(result.model, Model), result.errors
    return result, Play(result.model)


class TestOddIds:
    @pytest.mark.parametrize(
        "name",
        ["1task", "-a", "审核", "Prüfung", "Pru\u0308fung", "sid-1F-2", "_1.2", "कार्य", "x" * 100],
    )
    def test_are_kept_when_they_can_be_stored(self, name: str) -> None:
        result, play = run(line(name), say(name, "done"))

        assert warned(result) == []
        assert (name, "completed") in play.history

    @pytest.mark.parametrize("name", ["x" * 101, "my task", "{A-1}", "a/b", "ns:a", "a\u00a0b"])
    def test_are_replaced_and_named_as_drawn(self, name: str) -> None:
        lanes = f'<laneSet><lane id="l"><flowNodeRef>{name}</flowNodeRef></lane></laneSet>'
        handled = boundary("b", name, timer()) + end("be") + flow("b", "be")

        result, play = run(lanes, line(name), say(name, "done"), handled)

        assert warned(result) == [("id.malformed", name)]
        assert play.completed
        assert play.log == ["done"]

    def test_are_cut_in_findings_when_they_are_absurd(self) -> None:
        found = warned(read(bpmn(line("x" * 5_000), say("x" * 5_000))))

        assert found == [("id.malformed", "x" * 300)]

    def test_that_meet_when_cleaned_stay_apart(self) -> None:
        drawn = line("a b", "a/b") + say("a b", "one") + say("a/b", "two")

        result, play = run(drawn)

        assert len(warned(result)) == 2
        assert play.log == ["one", "two"]

    def test_of_processes_are_called_by_the_same_name(self) -> None:
        called = process("my process", start("qs"), end("qe"), flow("qs", "i", "qe"), say("i"))

        _, play = run(main_line("c"), call("c", "my process", child=False), more=called)

        assert play.log == ["i"]

    def test_of_default_flows_are_followed(self) -> None:
        ways = (
            flow("s", "g")
            + flow("g", "a", when="false")
            + flow("g", "b", id="the default")
            + flow("a", "e")
            + flow("b", "e")
        )

        _, play = run(
            start(), end(), gateway("exclusive", "g", "the default"), say("a"), say("b"), ways
        )

        assert play.log == ["b"]


class TestMissingIds:
    def test_of_flows_are_given(self) -> None:
        drawn = PLAIN.replace('id="s_t" ', "").replace('id="t_e" ', "")

        result, play = run(drawn)

        assert warned(result) == [("id.missing", "p"), ("id.missing", "p")]
        assert play.log == ["t"]

    def test_of_event_subprocesses_and_lanes_are_given(self) -> None:
        inside = event_sub("x", signal(), end("xe"), flow("x_start", "h", "xe"), say("h"))
        lanes = '<laneSet id="ls"><lane name="A"><flowNodeRef>u</flowNodeRef></lane></laneSet>'

        result, play = run(lanes, main_line("u"), user("u"), inside.replace('id="x" ', ""))
        play.signal("S1")

        assert warned(result) == [("id.missing", "ls"), ("id.missing", "p")]
        assert play.log == ["h"]

    def test_of_messages_that_nobody_can_refer_to_do_not_matter(self) -> None:
        result, _ = run(PLAIN, shared='<message name="x"/><error errorCode="1"/>')

        assert warned(result) == []

    def test_of_a_process_are_an_error(self) -> None:
        drawn = bpmn(PLAIN, id="q").replace(b'<process id="q"', b"<process")

        assert ("process.no_id", "definitions") in codes(read(drawn))


class TestOtherSlips:
    def test_a_signal_without_a_name_is_known_by_its_id(self) -> None:
        result, play = run(
            main_line("t"),
            throw("t", signal("S9")),
            event_sub("x", signal("S9"), end("xe"), flow("x_start", "h", "xe"), say("h")),
            shared='<signal id="S9"/>',
        )

        assert ("event.no_name", "S9") in warned(result)
        assert play.log == ["h"]

    def test_a_message_without_a_name_is_thrown_by_its_id(self) -> None:
        _, play = run(main_line("t"), throw("t", message("m")), shared='<message id="m"/>')

        assert [thrown.name for thrown in play.result.thrown] == ["m"]

    @pytest.mark.parametrize("length", [200, 201])
    def test_a_name_of_an_event_must_fit(self, length: int) -> None:
        shared = f'<signal id="S1" name="{"x" * length}"/>'

        found = codes(read(bpmn(main_line("t"), throw("t", signal()), shared=shared)))

        assert found == ([] if length == 200 else [("event.long_name", "t")])

    def test_a_long_name_is_cut(self) -> None:
        result = read(bpmn(main_line("u"), user("u", attributes=f'name="{"名" * 300}"')))

        assert result.model is not None
        assert result.model.node("p", "u").name.zh == "名" * 199 + "…"

    def test_two_notes_may_share_an_id(self) -> None:
        note = '<textAnnotation id="n"><text>x</text></textAnnotation>'

        result, _ = run(PLAIN, note, note)

        assert ("id.duplicate", "n") in warned(result)

    def test_an_empty_condition_where_none_may_stand_says_nothing(self) -> None:
        drawn = start() + end() + flow("s", "e", inside="<conditionExpression/>")

        _, play = run(drawn)

        assert play.completed

    def test_an_empty_condition_behind_a_choice_is_open(self) -> None:
        drawn = main_line("t") + say("t") + end("x")
        drawn += flow("t", "x", inside="<conditionExpression/>")

        assert ("todo.condition", "t_x") in codes(read(bpmn(drawn)))

    def test_lane_sets_may_sort_the_same_nodes_twice(self) -> None:
        lanes = "".join(
            f'<laneSet><lane id="{name}"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
            for name in "lm"
        )

        result, _ = run(PLAIN, lanes)

        assert ("lane.twice", "t") in warned(result)

    def test_lanes_with_other_roles_are_an_error(self) -> None:
        lanes = "".join(
            f'<lane id="{role}" shenling:role="{role}"><flowNodeRef>t</flowNodeRef></lane>'
            for role in ("staff", "senior")
        )

        assert ("lane.twice", "t") in codes(read(bpmn(PLAIN, f"<laneSet>{lanes}</laneSet>")))

    def test_a_join_may_end_the_process(self) -> None:
        drawn = start() + gateway("parallel", "g") + gateway("parallel", "j") + say("a") + say("b")
        drawn += flow("s", "g", "a", "j") + flow("g", "b", "j")

        result, play = run(drawn)

        assert ("node.implicit_end", "j") in warned(result)
        assert play.completed

    @pytest.mark.parametrize(
        "inside",
        [
            '<camunda:executionListener class="" event=""/>',
            '<camunda:properties><camunda:property name="a" value="b"/></camunda:properties>',
            '<zeebe:taskHeaders><zeebe:header id="h" key="a" value="b"/></zeebe:taskHeaders>',
        ],
    )
    def test_what_does_nothing_may_stay(self, inside: str) -> None:
        drawn = f'<task id="t" camunda:asyncBefore="true">{extensions(inside)}</task>'

        _, play = run(main_line("t"), drawn)

        assert play.completed

    def test_references_that_were_left_empty_mean_nothing(self) -> None:
        drawn = main_line("t") + say("t", attributes='default=""')
        receives = main_line("r") + '<receiveTask id="r" messageRef=""/>'

        _, play = run(drawn)

        assert play.completed
        assert codes(read(bpmn(receives))) == [("todo.message", "r")]
