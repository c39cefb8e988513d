"""Every construct of the dialect, as it stands in the model."""

import pytest

from engine.feel import Expression
from engine.kernel.model import (
    Assignment,
    Call,
    DecisionWork,
    IoMapping,
    JobWork,
    MultiInstance,
    Node,
    ScriptWork,
    StandardLoop,
    UserWork,
)
from tests.engine.kernel.diagrams import (
    CANCEL,
    TERMINATE,
    at_date,
    boundary,
    bpmn,
    call,
    catch,
    codes,
    compensate,
    condition,
    cycle,
    deadline,
    each,
    element,
    end,
    english,
    error,
    escalation,
    event_sub,
    extensions,
    flow,
    four_eyes,
    gateway,
    handled,
    headers,
    io,
    link,
    main_line,
    message,
    milestone,
    model_of,
    process,
    properties,
    read,
    receive,
    repeat,
    say,
    script,
    send,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    times,
    undoable,
    user,
)


def node(name: str, *body: str, container: str = "p", more: str = "", **files: bytes) -> Node:
    return model_of(*body, more=more, **files).containers[container].nodes[name]


def source(value: object) -> str:
    assert isinstance(value, Expression)
    return value.source


def user_work(*extra: str, **more: str) -> UserWork:
    work = node("u", main_line("u"), user("u", *extra, **more)).work
    assert isinstance(work, UserWork)
    return work


class TestPeople:
    def test_groups_form_and_rules(self) -> None:
        drawn = user("u", four_eyes("v"), deadline("5"), groups="reviewer, senior", form="check")

        work = node("u", main_line("v", "u"), user("v"), drawn, forms__check_json=b"{}").work

        assert work == UserWork(
            groups=("reviewer", "senior"), form_id="check", working_days=5, not_same_as=("v",)
        )

    def test_groups_as_an_expression(self) -> None:
        assert source(user_work(groups='=["staff"]').groups) == '["staff"]'

    def test_assignee_schedule_and_priority(self) -> None:
        work = user_work(
            '<zeebe:taskSchedule dueDate="=due"/>',
            '<zeebe:priorityDefinition priority="80"/>',
            assignee="=officer",
        )

        assert (source(work.assignee), source(work.due_date)) == ("officer", "due")
        assert work.priority == 80

    def test_deadline_as_an_expression(self) -> None:
        assert source(user_work(deadline("=days")).working_days) == "days"

    def test_marker_is_optional(self) -> None:
        assert user_work("<zeebe:userTask/>") == user_work()

    @pytest.mark.parametrize("attribute", ["formId", "formKey", "externalReference"])
    def test_three_spellings_of_a_form(self, attribute: str) -> None:
        drawn = user("u", f'<zeebe:formDefinition {attribute}="check"/>')

        work = node("u", main_line("u"), drawn, forms__check_json=b"{}").work

        assert isinstance(work, UserWork)
        assert work.form_id == "check"

    def test_manual_tasks_are_work_of_people_too(self) -> None:
        work = node("u", main_line("u"), user("u", tag="manualTask")).work

        assert isinstance(work, UserWork)

    def test_four_eyes_may_name_a_task_of_another_process(self) -> None:
        other = process("q", start("qs"), user("v"), end("qe"), flow("qs", "v", "qe"))

        assert node("u", main_line("u"), user("u", four_eyes("v")), more=other).work


class TestLanes:
    LANES = (
        '<laneSet><lane id="outer" name="窗口" shenling:role="staff">'
        "<flowNodeRef>u</flowNodeRef><flowNodeRef>v</flowNodeRef><childLaneSet>"
        '<lane id="inner" shenling:role="senior"><flowNodeRef>u</flowNodeRef></lane>'
        "</childLaneSet></lane></laneSet>"
    )

    def test_inner_lane_gives_the_group(self) -> None:
        nodes = model_of(
            self.LANES, main_line("u", "v"), user("u", groups=""), user("v", groups="")
        ).containers["p"].nodes  # fmt: skip

        works = [nodes[name].work for name in "uv"]
        assert [w.groups for w in works if isinstance(w, UserWork)] == [("senior",), ("staff",)]
        assert [nodes[name].lane_role for name in "uv"] == ["senior", "staff"]

    def test_candidate_groups_go_before_the_lane(self) -> None:
        work = node("u", self.LANES, main_line("u", "v"), user("u"), user("v")).work

        assert isinstance(work, UserWork)
        assert work.groups == ("staff",)

    def test_lane_without_role_reaches_nobody(self) -> None:
        lanes = '<laneSet><lane id="l"><flowNodeRef>u</flowNodeRef></lane></laneSet>'

        found = codes(read(bpmn(lanes, main_line("u"), user("u", groups=""))))

        assert found == [("user_task.nobody", "u")]

    def test_subprocess_passes_its_lane_on(self) -> None:
        inner = sub("x", start("xs"), user("y", groups=""), end("xe"), flow("xs", "y", "xe"))

        found = node("y", self.LANES.replace(">u<", ">x<"), main_line("x", "v"), user("v"), inner,
                     container="x")  # fmt: skip

        assert found.lane_role == "senior"

    def test_are_kept_with_the_process(self) -> None:
        lanes = (
            model_of(self.LANES, main_line("u", "v"), user("u"), user("v")).processes["p"].lanes
        )

        assert [(lane.id, lane.role, lane.parent) for lane in lanes] == [
            ("outer", "staff", None),
            ("inner", "senior", "outer"),
        ]


class TestTexts:
    def test_name_is_chinese_and_its_english_a_text(self) -> None:
        drawn = user(
            "u",
            english("Review"),
            '<shenling:text lang="zh">正在审核</shenling:text>',
            attributes='name="审核"',
        )

        found = node("u", main_line("u"), drawn)

        assert (found.name.zh, found.name.en) == ("审核", "Review")
        assert dict(found.texts) == {"en": "Review", "zh": "正在审核"}

    def test_flows_have_names_in_both_languages(self) -> None:
        named = flow("u", "e", name="通过", inside=extensions(english("Pass")))

        (leaving,) = node("u", start(), end(), flow("s", "u"), user("u"), named).flows

        assert (leaving.name.zh, leaving.name.en) == ("通过", "Pass")

    def test_milestones_and_properties(self) -> None:
        found = node(
            "u", main_line("u"), user("u", milestone("reviewed"), properties(b="2", a="1"))
        )

        assert found.milestone == "reviewed"
        assert list(found.properties.items()) == [("a", "1"), ("b", "2")]


class TestWork:
    def test_service_task(self) -> None:
        drawn = service("t", headers(channel="sms"), type="notify", retries="5")

        assert node("t", main_line("t"), drawn).work == JobWork("notify", 5, {"channel": "sms"})

    @pytest.mark.parametrize("tag", ["sendTask", "scriptTask", "businessRuleTask"])
    def test_other_tasks_of_handlers(self, tag: str) -> None:
        assert node("t", main_line("t"), service("t", tag=tag)).work == JobWork("notify")

    def test_script(self) -> None:
        work = node("t", main_line("t"), script("t", "n + 1", "n")).work

        assert isinstance(work, ScriptWork)
        assert (source(work.expression), work.result_variable) == ("n + 1", "n")

    def test_names_with_chinese_variables(self) -> None:
        work = node("t", main_line("t"), script("t", "1", "金额")).work

        assert isinstance(work, ScriptWork)
        assert work.result_variable == "金额"

    def test_abstract_task_has_none(self) -> None:
        assert node("t", main_line("t"), element("task", "t")).work is None

    def test_send_task_throws_its_message(self) -> None:
        found = node("t", main_line("t"), send("t"))

        assert found.work is None
        assert [(e.kind, e.name) for e in found.events] == [("message", "M1")]

    def test_receive_task_waits_for_its_message(self) -> None:
        (event,) = node("t", main_line("t"), receive("t")).events

        assert (event.kind, event.name, source(event.correlation_key)) == ("message", "M1", "key")

    def test_io_mapping(self) -> None:
        mapping = io(inputs={"who": "=applicant", "kind": "plain"}, outputs={"sent": "=result"})

        found = node("t", main_line("t"), service("t", mapping)).io

        assert isinstance(found, IoMapping)
        assert source(found.inputs[0].source) == "applicant"
        assert found.inputs[1] == Assignment("kind", "plain")
        assert [a.target for a in found.outputs] == ["sent"]


class TestCalls:
    CALLED = process("q", start("qs"), end("qe"), flow("qs", "qe"))

    def test_zeebe(self) -> None:
        found = node("c", main_line("c"), call("c", "q", child=False), more=self.CALLED)

        assert found.call == Call("q", all_child_variables=False)
        assert found.inner == "q"

    def test_plain_bpmn(self) -> None:
        drawn = element("callActivity", "c", 'calledElement="q"')

        assert node("c", main_line("c"), drawn, more=self.CALLED).call == Call("q")


class TestSubprocesses:
    def test_embedded(self) -> None:
        body = main_line("x"), sub("x", start("xs"), say("y"), end("xe"), flow("xs", "y", "xe"))
        read_model = model_of(*body)

        assert read_model.containers["p"].nodes["x"].inner == "x"
        assert [s.id for s in read_model.containers["x"].starts] == ["xs"]
        assert read_model.containers["x"].process == "p"

    @pytest.mark.parametrize(
        "event",
        [message(), timer(), signal(), condition("n = 1"), error(), escalation(), error("")],
    )
    def test_event_subprocess(self, event: str) -> None:
        read_model = model_of(
            main_line(), event_sub("x", event, say("y"), end("xe"), flow("x_start", "y", "xe"))
        )

        ((trigger, begin),) = read_model.containers["p"].event_subprocesses
        assert (trigger.id, begin.id, begin.interrupting) == ("x", "x_start", True)
        assert trigger.event_subprocess

    def test_event_subprocess_that_does_not_interrupt(self) -> None:
        drawn = event_sub("x", signal(), end("xe"), flow("x_start", "xe"), interrupting=False)

        ((_, begin),) = model_of(main_line(), drawn).containers["p"].event_subprocesses

        assert not begin.interrupting

    def test_compensation_event_subprocess(self) -> None:
        undo = event_sub("u", compensate(), say("y"), end("ue"), flow("u_start", "y", "ue"))
        inner = sub("x", start("xs"), end("xe"), flow("xs", "xe"), undo)

        inside = model_of(main_line("x"), inner).containers["x"]

        assert inside.compensation == "u"
        assert inside.event_subprocesses == ()

    def test_transaction_with_cancel(self) -> None:
        inner = start("xs") + end("xe", CANCEL) + flow("xs", "xe")
        drawn = sub("x", inner, tag="transaction"), handled("b", "x", CANCEL)

        read_model = model_of(main_line("x"), *drawn)

        assert read_model.containers["p"].nodes["x"].boundaries == ("b",)
        assert [e.kind for e in read_model.containers["x"].nodes["xe"].events] == ["cancel"]


class TestLoops:
    def loop(self, drawn: str) -> MultiInstance | StandardLoop | None:
        return node("t", main_line("t"), service("t", loop=drawn)).loop

    def test_over_a_collection(self) -> None:
        found = self.loop(
            each(
                "=files",
                "file",
                into="results",
                result="=vote.score",
                until="=done",
                sequential=True,
            )
        )

        assert isinstance(found, MultiInstance)
        assert found.sequential
        assert (source(found.collection), found.input_element) == ("files", "file")
        assert (found.output_collection, source(found.output_element)) == ("results", "vote.score")
        assert (found.private, source(found.completion)) == ("vote", "done")

    @pytest.mark.parametrize("result", ["=file", "=1 + 1", "=if x then y else z"])
    def test_without_a_private_variable(self, result: str) -> None:
        found = self.loop(each("=files", "file", into="results", result=result))

        assert isinstance(found, MultiInstance)
        assert found.private is None

    def test_a_number_of_times(self) -> None:
        written, computed = self.loop(times("3")), self.loop(times("=n"))

        assert isinstance(written, MultiInstance)
        assert isinstance(computed, MultiInstance)
        assert (written.cardinality, source(computed.cardinality)) == ("3", "n")

    def test_standard(self) -> None:
        found = self.loop(repeat(3, "=n < 2", test_before=True))

        assert isinstance(found, StandardLoop)
        assert (found.maximum, source(found.condition), found.test_before) == (3, "n < 2", True)

    @pytest.mark.parametrize("number", ["-1", "1001", "many", "1.5"])
    def test_refuses_a_number_out_of_bounds(self, number: str) -> None:
        drawn = bpmn(main_line("t"), service("t", loop=times(number)))

        assert codes(read(drawn)) == [("value.number", "t")]

    @pytest.mark.parametrize("number", ["0", "-1", "many", "1001"])
    def test_refuses_a_quantity_out_of_bounds(self, number: str) -> None:
        drawn = bpmn(main_line("t"), service("t", attributes=f'startQuantity="{number}"'))

        assert codes(read(drawn)) == [("value.number", "t")]


class TestGateways:
    def test_flows_run_from_top_to_bottom(self) -> None:
        shapes = "".join(
            f'<bpmndi:BPMNShape bpmnElement="{name}"><dc:Bounds x="1" y="{y}"/></bpmndi:BPMNShape>'
            for name, y in (("a", 300), ("b", 100), ("c", 200))
        )
        drawn = [gateway("parallel", "g"), flow("s", "g"), start(), *map(end, "abc")]
        drawn += [flow("g", name) for name in "abc"]

        found = node("g", *drawn, more=f"<bpmndi:BPMNDiagram>{shapes}</bpmndi:BPMNDiagram>")

        assert [leaving.target for leaving in found.flows] == ["b", "c", "a"]

    def test_exclusive_choice_with_default(self) -> None:
        drawn = start(), end("a"), end("b"), gateway("exclusive", "g", "other"), flow("s", "g")

        found = node("g", *drawn, flow("g", "a", when="n = 1"), flow("g", "b", id="other"))

        assert found.default == "other"
        assert [f.condition and f.condition.source for f in found.flows] == ["n = 1", None]

    def test_conditions_behind_an_activity(self) -> None:
        drawn = start(), end("a"), end("b"), user("u"), flow("s", "u")

        found = node("u", *drawn, flow("u", "a"), flow("u", "b", when="n = 1"))

        assert [f.condition is not None for f in found.flows] == [False, True]

    def test_race_of_events(self) -> None:
        drawn = start() + end() + gateway("eventBased", "g") + flow("s", "g", "c", "e")
        other = catch("t", timer()) + flow("g", "t", "e")

        found = node("g", drawn, catch("c", message()), other)

        assert [f.target for f in found.flows] == ["c", "t"]

    def test_race_with_a_receive_task(self) -> None:
        drawn = start() + end() + gateway("eventBased", "g") + flow("s", "g", "r", "e")
        other = catch("t", timer()) + flow("g", "t", "e")

        assert [f.target for f in node("g", drawn, receive("r"), other).flows] == ["r", "t"]

    def test_complex_join(self) -> None:
        drawn = (
            start(), end(), flow("s", "g"), gateway("parallel", "g"), *map(say, "abc"),
            gateway("complex", "k", "",
                    "<activationCondition>=activationCount = 2</activationCondition>"),
            *(flow("g", name, "k") for name in "abc"), flow("k", "e"),
        )  # fmt: skip

        found = node("k", *drawn)

        assert (found.kind, source(found.activation)) == ("complexGateway", "activationCount = 2")

    def test_inclusive_join_knows_what_can_still_come(self) -> None:
        drawn = (
            start() + end() + say("a") + say("b") + flow("s", "g") + flow("j", "e"),
            gateway("inclusive", "g", "gd") + gateway("inclusive", "j") + flow("g", "j", id="gd"),
            flow("g", "a", when="n = 1") + flow("g", "b", when="n = 2"),
            flow("a", "j") + flow("b", "j"),
        )

        ahead = model_of(*drawn).containers["p"].ahead["j"]

        assert ahead["s"] == ahead["g"] == {"a_j", "b_j", "gd"}
        assert ahead["a"] == {"a_j"}
        assert ahead["e"] == ahead["j"] == frozenset()


class TestEvents:
    @pytest.mark.parametrize(
        ("drawn", "how", "value"),
        [
            (timer("P5D"), "duration", "P5D"),
            (timer("=wait"), "duration", "wait"),
            (at_date("2026-10-01T09:00:00+08:00"), "date", "2026-10-01T09:00:00+08:00"),
            (cycle("R3/P1D"), "cycle", "R3/P1D"),
        ],
    )
    def test_timers(self, drawn: str, how: str, value: str) -> None:
        (event,) = node("c", main_line("c"), catch("c", drawn)).events

        assert event.timer == how
        assert getattr(event.value, "source", event.value) == value

    def test_working_days_beside_a_timer(self) -> None:
        drawn = catch("c", "<timerEventDefinition/>", deadline("15"))

        (event,) = node("c", main_line("c"), drawn).events

        assert (event.timer, event.value) == ("working_days", "15")

    @pytest.mark.parametrize(
        ("event", "kind", "name", "code"),
        [
            (message(), "message", "M1", None),
            (signal(), "signal", "S1", None),
            (error(), "error", "", "E1"),
            (error(""), "error", "", None),
            (escalation(), "escalation", "", "X1"),
            (timer(), "timer", "", None),
            (condition("n = 1"), "conditional", "", None),
        ],
    )
    def test_boundary(self, event: str, kind: str, name: str, code: str | None) -> None:
        nodes = model_of(main_line("u"), user("u"), handled("b", "u", event)).containers["p"].nodes

        (found,) = nodes["b"].events
        assert (found.kind, found.name, found.code) == (kind, name, code)
        assert nodes["u"].boundaries == ("b",)
        assert (nodes["b"].attached_to, nodes["b"].interrupting) == ("u", True)

    def test_boundary_that_does_not_interrupt(self) -> None:
        drawn = handled("b", "u", timer(), interrupting=False)

        assert not node("b", main_line("u"), user("u"), drawn).interrupting

    @pytest.mark.parametrize(
        ("event", "kind"),
        [(message("M0"), "message"), (signal(), "signal"), (escalation(), "escalation")],
    )
    def test_throws(self, event: str, kind: str) -> None:
        thrown = node("t", main_line("t"), throw("t", event))
        ended = node("e", start(), end("e", event), flow("s", "e"))

        assert [e.kind for e in (*thrown.events, *ended.events)] == [kind, kind]

    def test_plain_throw_event_only_marks_a_point(self) -> None:
        assert node("t", main_line("t"), throw("t")).events == ()

    @pytest.mark.parametrize(
        ("event", "kind"),
        [(TERMINATE, "terminate"), (error(), "error"), (compensate(), "compensate")],
    )
    def test_ends(self, event: str, kind: str) -> None:
        found = node("e", start(), end("e", event), flow("s", "e"))

        assert [e.kind for e in found.events] == [kind]

    def test_error_without_code_goes_by_its_name(self) -> None:
        drawn = bpmn(
            start(), end("e", error()), flow("s", "e"), shared='<error id="E1" name="坏"/>'
        )

        model = read(drawn).model

        assert model is not None
        assert [e.code for e in model.containers["p"].nodes["e"].events] == ["坏"]

    def test_several_starts(self) -> None:
        starts = (
            model_of(main_line(), start("m", message("M0")), flow("m", "e")).containers["p"].starts
        )

        assert [(s.id, [e.name for e in s.events]) for s in starts] == [("s", []), ("m", ["M0"])]

    def test_all_of_several(self) -> None:
        drawn = catch("c", signal() + message(), attributes='parallelMultiple="true"')

        found = node("c", main_line("c"), drawn)

        assert found.parallel
        assert [e.kind for e in found.events] == ["signal", "message"]

    def test_signals_are_heard_before_branches_run(self) -> None:
        assert node("c", main_line("c"), catch("c", signal())).listens_at_once
        assert not node("c", main_line("c"), catch("c", message())).listens_at_once

    def test_conditions_are_known_to_the_model(self) -> None:
        assert model_of(main_line("c"), catch("c", condition("n = 1"))).has_conditions
        assert not model_of(main_line()).has_conditions

    def test_compensation(self) -> None:
        nodes = model_of(
            main_line("A", "t"), undoable("A"), throw("t", compensate("A"))
        ).containers["p"].nodes  # fmt: skip

        assert (nodes["A"].handler, nodes["A"].boundaries) == ("undo_A", ())
        assert nodes["undo_A"].for_compensation
        assert [(e.kind, e.name) for e in nodes["t"].events] == [("compensate", "A")]

    def test_compensation_beside_an_annotation(self) -> None:
        note = '<textAnnotation id="n"/><association id="a" sourceRef="b_A" targetRef="n"/>'

        assert node("A", main_line("A"), undoable("A"), note).handler == "undo_A"

    def test_links_jump(self) -> None:
        nodes = model_of(
            start(), throw("t", link("L")), flow("s", "t"),
            catch("c", link("L")), end(), flow("c", "e"),
        ).containers["p"].nodes  # fmt: skip

        assert [(f.id, f.target) for f in nodes["t"].flows] == [("t->c", "c")]
        assert nodes["c"].incoming == ("t->c",)

    def test_payload_of_a_thrown_message(self) -> None:
        found = node("t", main_line("t"), throw("t", message(), io(inputs={"a": "=b"}))).io

        assert isinstance(found, IoMapping)
        assert [a.target for a in found.inputs] == ["a"]

    def test_boundary_outputs(self) -> None:
        drawn = boundary("b", "u", message(), io(outputs={"answer": "=reply"}))

        found = node("b", main_line("u"), user("u"), drawn, end("be"), flow("b", "be")).io

        assert isinstance(found, IoMapping)
        assert [a.target for a in found.outputs] == ["answer"]


def test_decision_work_is_compared_by_value() -> None:
    assert DecisionWork("d", "r") == DecisionWork("d", "r", no_match_null=False)
