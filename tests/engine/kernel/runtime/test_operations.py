"""What can be done to an instance, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import (
    BudgetExceeded,
    EngineError,
    InstanceNotActive,
    NotFound,
    NotWaiting,
    TaskNotOpen,
)
from engine.kernel import operations
from engine.kernel.runtime import Runtime
from engine.kernel.values import VariableRefused, VariableTooLarge
from engine.types import Milestone, OpenJob, OpenSubscription, OpenUserTask, Variable
from tests.engine.kernel import diagrams
from tests.engine.kernel.diagrams import (
    boundary,
    catch,
    condition,
    deadline,
    each,
    end,
    escalation,
    flow,
    four_eyes,
    gateway,
    handled,
    handler,
    headers,
    io,
    main_line,
    message,
    milestone,
    say,
    script,
    send,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.kernel.runtime.play import AT, DAY, Play, play


class TestStart:
    def test_unknown_process(self) -> None:
        model = diagrams.model_of(main_line("u") + user("u"))

        with pytest.raises(NotFound):
            operations.start(model, "q", {}, at=AT)

    def test_named_start_event(self) -> None:
        model = diagrams.model_of(
            start() + start("paper", message("M0")) + user("u") + user("v") + end(),
            flow("s", "u", "e") + flow("paper", "v", "e"),
        )

        assert Play(model).names() == ["u"]
        assert Play(model, start_event="paper").names() == ["v"]
        with pytest.raises(NotFound):
            operations.start(model, "p", {}, at=AT, start_event="e")

    def test_event_subprocess_that_cannot_be_armed(self) -> None:
        body = main_line("u") + user("u")
        inner = diagrams.event_sub("E", message(), end("Ee"), flow("E_start", "Ee"))

        with pytest.raises(EngineError, match="bad-correlation-key"):
            play(body, inner)


class TestUserTask:
    def test_what_is_open(self) -> None:
        run = play(
            main_line("u", "v"),
            user("u", four_eyes("v"), deadline("3"), groups="staff, senior"),
            user("v"),
        )

        assert run.items == [
            OpenUserTask(
                token=run.items[0].token,
                element_id="u",
                process_id="p",
                path=(),
                groups=("staff", "senior"),
                assignee=None,
                form_id="",
                priority=50,
                # Monday 17:00 in Shanghai; Tuesday, Wednesday, Thursday.
                due_at=run.model.calendar.due_at(AT, 3),
                not_same_as=("v",),
            )
        ]

    def test_expressions_are_evaluated_on_entry(self) -> None:
        schedule = '<zeebe:taskSchedule dueDate="=soon"/><zeebe:priorityDefinition priority="=p"/>'
        run = play(
            main_line("u"),
            user("u", schedule, groups='=["staff", team]', assignee="=who"),
            boundary("b", "u", signal(), interrupting=False)
            + script("w", '"later"', "team")
            + end("e2")
            + flow("b", "w", "e2"),
            team="senior",
            who=17,
            soon=AT + DAY,
            p=80,
        )

        run.signal("S1")

        task = run.find("u")
        assert isinstance(task, OpenUserTask)
        assert (task.groups, task.assignee, task.priority) == (("staff", "senior"), "17", 80)
        assert task.due_at == AT + DAY

    @pytest.mark.parametrize("groups", ["=nobody", "=[]", "=[1]", '=[""]'])
    def test_groups_that_are_none(self, groups: str) -> None:
        run = play(main_line("u") + user("u", groups=groups))

        assert run.incidents() == [("u", "bad-assignment")]

    def test_second_completion_meets_task_not_open(self) -> None:
        run = play(main_line("u", "v") + user("u") + user("v"))
        token = run.find("u").token
        run.do("u")

        with pytest.raises(TaskNotOpen):
            operations.complete_user_task(run.model, run.stored(), token, {}, at=AT)

    def test_job_is_no_user_task(self) -> None:
        run = play(main_line("j") + service("j"))
        token = run.find("j").token

        with pytest.raises(TaskNotOpen):
            operations.complete_user_task(run.model, run.stored(), token, {}, at=AT)

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"a b": 1}, VariableRefused),
            ({"": 1}, VariableRefused),
            ({"x": 1.5}, VariableRefused),
            ({"x": {"": 1}}, VariableRefused),
            ({"x": {1: 1}}, VariableRefused),
            ({"x": object()}, VariableRefused),
            ({"x": "\ud800"}, VariableRefused),
            ({"x": "y" * 4096}, VariableTooLarge),
            ({"x": [[[[[[[[[1]]]]]]]]]}, VariableTooLarge),
            ({f"x{n}": "y" * 4000 for n in range(17)}, VariableTooLarge),
        ],
    )
    def test_variables_that_cannot_be_stored(
        self, values: dict[str, object], error: type[EngineError]
    ) -> None:
        run = play(main_line("u") + user("u"))

        with pytest.raises(error):
            run.do("u", **values)  # type: ignore[arg-type]  # refusing them is the point

    def test_chinese_names(self) -> None:
        run = play(main_line("u", "z") + user("u") + script("z", "金额 + 1"))

        run.do("u", 金额=2)

        assert run.log == [3]


class TestJob:
    def test_what_is_open(self) -> None:
        run = play(
            main_line("j"),
            service("j", headers(kind="sms"), io(inputs={"to": "=phone"}), retries="5"),
            phone=1,
        )

        (job,) = run.items
        assert job == OpenJob(job.token, "j", (), "notify", 5, {"kind": "sms"}, {"to": 1})

    def test_without_mapping_it_gets_all_it_sees(self) -> None:
        run = play(main_line("j") + service("j", loop=each("=who", "one")), who=[5])

        (job,) = run.items
        assert isinstance(job, OpenJob)
        assert job.inputs == {"who": [5], "one": 5, "loopCounter": 1}

    def test_failed_one_comes_back(self) -> None:
        run = play(main_line("j") + service("j"))
        token = run.find("j").token
        run.fail("j", "bank_closed", "503")
        assert run.incidents() == [("j", "bank_closed")]
        with pytest.raises(NotWaiting):
            operations.complete_job(run.model, run.stored(), token, {}, at=AT)

        run.retry()
        run.do("j", paid=True)

        assert (run.status, run.root) == ("completed", {"paid": True})
        with pytest.raises(InstanceNotActive):
            operations.complete_job(run.model, run.stored(), token, {}, at=AT)


class TestTimers:
    def at(self, value: str, part: str = "timeDuration", **variables: Variable) -> list[timedelta]:
        model = diagrams.model_of(main_line("c") + catch("c", timer(value, part)))
        run = Play(model, variables)
        if run.incidents():
            assert run.incidents() == [("c", "bad-timer")]
            return []
        return [due - AT for due in run.due()]

    @pytest.mark.parametrize(
        ("value", "days"),
        [("P2D", 2), ("P1W", 7), ("P1M", 31), ("P1Y", 365), ('=duration("P2D")', 2), ("=text", 5)],
    )
    def test_duration(self, value: str, days: int) -> None:
        assert self.at(value, text="P5D") == [timedelta(days=days)]

    @pytest.mark.parametrize("value", ["=x", "=1", '="P"', '="P11Y"', '="P9999Y"', '="tomorrow"'])
    def test_bad_duration(self, value: str) -> None:
        assert self.at(value) == []

    def test_month_ends_on_the_last_day(self) -> None:
        body = main_line("d", "c") + catch("d", timer("2026-01-31T09:00:00Z", "timeDate"))
        run = play(body + catch("c", timer("P1M")))

        run.do("d")

        assert [due.isoformat() for due in run.due()] == ["2026-02-28T09:00:00+00:00"]

    def test_date_without_offset_means_the_calendar_zone(self) -> None:
        # 08:00 in Shanghai is midnight UTC.
        assert self.at("2026-01-06T08:00:00", "timeDate") == [timedelta(hours=15)]
        assert self.at('=date("2026-01-06")', "timeDate") == [timedelta(hours=7)]

    def test_working_days(self) -> None:
        event = "<timerEventDefinition/>"
        run = play(main_line("c") + catch("c", event, deadline("=n")), n=2)

        assert run.due() == [run.model.calendar.due_at(AT, 2)]

    def test_cycle(self) -> None:
        run = play(
            main_line("u") + user("u"),
            boundary("nag", "u", timer("R3/P1D", "timeCycle"), interrupting=False)
            + script("n", "n + 1", "n")
            + end("ne")
            + flow("nag", "n", "ne"),
            n=0,
        )

        for number in (1, 2, 3):
            assert run.due() == [AT + number * DAY]
            run.do("nag")

        assert (run.names(), run.root) == (["u"], {"n": 3})
        run.do("u")
        assert run.completed

    @pytest.mark.parametrize("value", ['="R0/P1D"', '="P1D"', '="R/PT1S"', '="R3/P11Y"', "=3"])
    def test_bad_cycle(self, value: str) -> None:
        assert self.at(value, "timeCycle") == []

    def test_clock_of_an_activity_sees_its_inputs(self) -> None:
        run = play(
            main_line("u") + user("u", io(inputs={"wait": "=days"})),
            boundary("late", "u", timer("=wait")) + end("e2") + flow("late", "e2"),
            days="P2D",
        )

        assert run.due() == [AT + 2 * DAY]

    def test_fired_after_the_activity_is_gone(self) -> None:
        run = play(
            main_line("u", "v") + user("u") + user("v"),
            boundary("late", "u", timer()) + end("e2") + flow("late", "e2"),
        )
        token = run.find("late").token
        run.do("u")

        with pytest.raises(NotWaiting):
            operations.fire_timer(run.model, run.stored(), token, "late", at=AT)

    def test_two_arms_of_one_gateway(self) -> None:
        run = play(
            start() + gateway("eventBased", "g") + catch("c1", timer("P1D")),
            catch("c2", timer("P2D")) + say("a") + say("b") + end("e1") + end("e2"),
            flow("s", "g") + flow("g", "c1", "a", "e1") + flow("g", "c2", "b", "e2"),
        )
        assert len({item.token for item in run.items}) == 1

        run.do("c2")

        assert (run.log, run.completed) == (["b"], True)
        assert ("g_c2", "taken") in run.history


class TestMessages:
    def test_same_name_behind_one_gateway(self) -> None:
        run = play(
            start() + gateway("eventBased", "g") + catch("c1", message()) + catch("c2", message()),
            say("a") + say("b") + end("e1") + end("e2"),
            flow("s", "g") + flow("g", "c1", "a", "e1") + flow("g", "c2", "b", "e2"),
            key="K",
        )

        run.do("c2")

        assert run.log == ["b"]

    @pytest.mark.parametrize("key", [None, "", True, [1]])
    def test_key_that_is_none(self, key: Variable) -> None:
        model = diagrams.model_of(main_line("c") + catch("c", message()))

        run = Play(model, {"key": key})

        assert run.incidents() == [("c", "bad-correlation-key")]

    def test_number_as_key(self) -> None:
        run = play(main_line("c") + catch("c", message()), key=7)

        (waiting,) = run.items
        assert isinstance(waiting, OpenSubscription)
        assert (waiting.name, waiting.key) == ("M1", "7")

    def test_thrown_ones_carry_mapped_inputs_only(self) -> None:
        run = play(
            main_line("t", "d", "u") + throw("t", message(), io(inputs={"n": "=n + 1"})),
            send("d") + user("u"),
            key="K",
            n=1,
        )

        assert [(t.kind, t.element_id, t.name, t.key, t.variables) for t in run.result.thrown] == [
            ("message", "t", "M1", "K", {"n": 2}),
            ("message", "d", "M1", "K", {}),
        ]

    @pytest.mark.parametrize("event", [message("M0"), "<messageEventDefinition/>", ""])
    def test_end_event_with_a_handler(self, event: str) -> None:
        run = play(start() + end("e", event, handler()) + flow("s", "e"))
        assert run.names() == ["e"]

        run.do("e")

        assert (run.completed, run.result.thrown) == (True, ())

    def test_signal_leaves_when_its_handler_is_done(self) -> None:
        mapping = io(inputs={"n": "=n + 1"}, outputs={"r": "=r"})
        run = play(main_line("t", "u") + throw("t", signal(), handler(), mapping) + user("u"), n=1)
        assert not run.result.thrown

        run.do("t", r=5, lost=1)

        assert [(t.kind, t.name, t.variables) for t in run.result.thrown] == [
            ("signal", "S1", {"n": 2})
        ]
        assert run.root == {"n": 1, "r": 5}

    def test_escalation_is_raised_when_its_handler_is_done(self) -> None:
        inside = start("ps") + end("pe", escalation(), handler()) + flow("ps", "pe")
        run = play(main_line("P") + sub("P", inside) + handled("b", "P", escalation(), text="h"))
        assert run.log == []

        run.do("pe")

        assert (run.log, run.completed) == (["h"], True)


class TestSignals:
    def test_nobody_waits(self) -> None:
        run = play(main_line("u") + user("u"))

        with pytest.raises(NotWaiting):
            run.signal("S1")

    def test_payload_reaches_a_neighbour(self) -> None:
        run = play(
            start() + gateway("parallel", "g") + throw("t", signal(), io(inputs={"n": "=3"})),
            catch("c", signal()) + end("e1") + end("e2") + flow("s", "g"),
            flow("g", "t", "e1") + flow("g", "c", "e2"),
        )

        assert (run.completed, run.root) == (True, {"n": 3})


class TestMilestones:
    def test_on_entry_once(self) -> None:
        run = play(
            start("s", "", milestone("submitted")) + end("e", "", milestone("approved")),
            user("u", milestone("reviewed"), assignee="=who", loop=each("=[1, 2]", "one")),
            flow("s", "u", "e"),
        )
        assert run.milestones == ["submitted", "reviewed"]

        run.do("u 1")
        run.do("u 2")

        assert run.milestones == ["submitted", "reviewed", "approved"]
        assert run.result.milestones == (Milestone("approved", "e"),)

    def test_not_by_a_failed_entry(self) -> None:
        run = play(main_line("u") + user("u", milestone("reviewed"), groups="=team"))
        assert run.milestones == []

        run.retry(team="staff")

        assert run.milestones == ["reviewed"]


class TestBudget:
    LOOP = (
        start()
        + gateway("exclusive", "m")
        + script("n", "n + 1", "n")
        + gateway("exclusive", "x", "x_e")
        + end()
        + flow("s", "m", "n", "x", "e")
    )

    def loop(self, limit: int) -> Play:
        return play(self.LOOP + flow("x", "m", when=f"n < {limit}"), n=0)

    def test_suspends_and_goes_on(self) -> None:
        run = self.loop(500)
        assert run.status == "suspended"
        assert [(i.token, i.code) for i in run.result.incidents] == [(0, "automatic-loop")]
        with pytest.raises(InstanceNotActive):
            run.signal("S1")

        operations.resume(run.model, run.stored(), at=AT)

        assert (run.completed, run.root) == (True, {"n": 500})

    def test_ten_thousand_without_a_wait_state(self) -> None:
        run = self.loop(5_000)
        for _ in range(9):
            run.note(operations.resume(run.model, run.stored(), at=AT))

        with pytest.raises(BudgetExceeded):
            operations.resume(run.model, run.stored(), at=AT)

        assert operations.cancel(run.model, run.stored(), at=AT).status == "cancelled"

    def test_variables_of_an_instance(self) -> None:
        big = script("w", "for i in 1..300 return 1000000000", "big", io(outputs={"x": "=1"}))
        inner = start("ps") + big + end("pe") + flow("ps", "w", "pe")
        loop = each("=for i in 1..40 return i", "one", into="all", result="=mine")
        mine = io(inputs={"mine": "=for i in 1..300 return 1000000000"})
        run = play(main_line("P") + sub("P", inner + "", loop=loop, extra=mine))

        # Each instance is an attempt of its own: the first ones fit.
        assert {code for _, code in run.incidents()} == {"variable_too_large"}
        assert run.state.size <= 65_536


class TestCancel:
    def test_everything_is_cancelled(self) -> None:
        run = play(main_line("u") + user("u", loop=each("=who", "one")), who=[1, 2])

        step = operations.cancel(run.model, run.stored(), at=AT)

        assert step.status == "cancelled"
        assert [h.element_id for h in step.history if h.kind == "cancelled"] == ["u", "u", "u"]
        assert run.state.executions == {}
        assert run.state.size == len("who") + len("[1,2]")
        with pytest.raises(InstanceNotActive):
            operations.cancel(run.model, run.state, at=AT)


class TestWatchdog:
    def test_join_that_waits_in_vain(self) -> None:
        # Whether a branch comes at all is decided by a message: no check can foresee it.
        run = play(
            start() + gateway("parallel", "f") + gateway("exclusive", "m") + say("a") + say("b"),
            gateway("parallel", "j") + end() + flow("s", "f") + flow("f", "m"),
            flow("f", "m", id="second") + flow("m", "a", "j") + flow("f", "b", "j", "e"),
        )

        (incident,) = run.result.incidents
        assert (incident.token, incident.element_id, incident.code) == (0, "j", "stalled")
        with pytest.raises(NotWaiting):
            operations.retry(run.model, run.stored(), 0, {}, at=AT)

    def test_waiting_for_a_condition_is_waiting(self) -> None:
        run = play(main_line("c") + catch("c", diagrams.condition("n = 1")), n=0)

        assert (run.incidents(), run.status) == ([], "active")


class TestConditions:
    def test_one_that_cannot_be_evaluated_is_looked_at_again(self) -> None:
        heavy = "count(for i in 1..n, j in 1..100 return i * j) > 5"
        run = play(
            main_line("u") + user("u"),
            diagrams.handled("b", "u", diagrams.condition(heavy)),
            n=3_000,
        )
        assert run.incidents() == [("b", "feel_budget")]

        run.retry(n=1)

        assert (run.log, run.completed) == (["h_b"], True)


class TestConditionFilter:
    """`u` waits with a boundary event; `w` writes n, `v` writes m."""

    @staticmethod
    def run(drawn: str, **variables: Variable) -> Play:
        body = (
            start()
            + gateway("parallel", "g")
            + user("u")
            + handled("b", "u", drawn, interrupting=False, text="h")
            + "".join(user(name) for name in "vw")
            + end()
            + flow("s", "g")
            + "".join(flow("g", name, "e") for name in "uvw")
        )
        return Play(diagrams.model_of(body), variables)

    def test_other_variables_are_not_looked_at(self) -> None:
        run = self.run(condition("n + m > 2", names="n"), n=1, m=1)

        run.do("v", m=5)
        assert run.log == []

        run.do("w", n=2)
        assert run.log == ["h"]

    def test_looked_at_once_when_it_is_armed(self) -> None:
        assert self.run(condition("m > 2", names="n"), m=5).log == ["h"]

    @pytest.mark.parametrize(("changes", "log"), [("create", []), ("update", ["h"])])
    def test_new_or_changed(self, changes: str, log: list[str]) -> None:
        run = self.run(condition("n > 2", names="n, k", changes=changes), n=1)

        run.do("w", n=3)

        assert run.log == log

    def test_new_one(self) -> None:
        run = self.run(condition("n > 2", changes="create"))

        run.do("w", n=3)

        assert run.log == ["h"]


class TestCompensation:
    def undo(self, count: int) -> Play:
        loop = diagrams.times(f"={count}", sequential=True)
        task = diagrams.undoable("A").replace("</scriptTask>", f"{loop}</scriptTask>", 1)
        return play(main_line("A", "t") + task + throw("t", diagrams.compensate()))

    def test_a_hundred_in_one_act(self) -> None:
        run = self.undo(100)

        assert (run.log.count("undo_A"), run.completed) == (100, True)

    def test_handler_sees_its_inputs_then_what_the_activity_saw(self) -> None:
        handler = service(
            "undo", io(inputs={"n": "=n + 10", "m": "=n"}), attributes='isForCompensation="true"'
        )
        run = play(
            main_line("A", "w", "t") + script("A", "1", "n") + script("w", "5", "n"),
            boundary("b", "A", diagrams.compensate()) + handler,
            '<association id="as" sourceRef="b" targetRef="undo"/>',
            throw("t", diagrams.compensate()),
        )

        assert run.sees("undo") == {"n": 11, "m": 11}
        assert [job.inputs for job in run.result.jobs] == [{"n": 11, "m": 11}]

    def test_failed_handler_comes_back(self) -> None:
        handler = user("undo", groups="=team", attributes='isForCompensation="true"')
        run = play(
            main_line("A", "t", "z") + say("A") + say("z") + handler,
            boundary("b", "A", diagrams.compensate()),
            '<association id="as" sourceRef="b" targetRef="undo"/>',
            throw("t", diagrams.compensate()),
        )
        assert run.incidents() == [("undo", "bad-assignment")]

        # What the activity saw stays what it was: the group is named by the patch of the scope.
        run.retry(team="staff")
        run.do("undo")

        assert (run.log, run.completed) == (["A", "z"], True)

    def test_more_are_an_incident(self) -> None:
        assert self.undo(101).incidents() == [("A", "too-many-to-compensate")]


class TestDefects:
    def test_programming_error_leaves_the_act(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(Runtime, "perform", broken)

        with pytest.raises(ZeroDivisionError):
            play(main_line("u") + user("u"))


@pytest.mark.parametrize(
    "act",
    [
        lambda run: operations.visible(run.model, run.state, 99),
        lambda run: operations.retry(run.model, run.state, 99, {}, at=AT),
        lambda run: operations.complete_job(run.model, run.state, 99, {}, at=AT),
        lambda run: operations.deliver_message(run.model, run.state, 99, "M1", {}, at=AT),
        lambda run: operations.resume(run.model, run.state, at=AT),
    ],
    ids=["visible", "retry", "complete_job", "deliver_message", "resume"],
)
def test_unknown_token(act: Callable[[Play], object]) -> None:
    run = play(main_line("u") + user("u"))

    with pytest.raises((NotFound, NotWaiting, InstanceNotActive)):
        act(run)
