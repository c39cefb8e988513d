"""Repairs that change where an instance stands, and what they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import MoveRefused, NotWaiting
from engine.kernel import moving
from engine.types import OpenTimer, OpenUserTask, Variable
from tests.engine.kernel.diagrams import (
    boundary,
    deadline,
    each,
    end,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    message,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.engine.kernel.runtime.play import AT, DAY, Play, play


def move(run: Play, source: str, target: str) -> None:
    token = run.find(source).token
    run.note(moving.move_token(run.model, run.stored(), token, target, at=run.at))


class TestMoveToken:
    def test_back_to_an_earlier_step(self) -> None:
        run = play(main_line("a", "b") + user("a") + user("b"))
        run.do("a", x=1)

        move(run, "b", "a")

        assert run.names() == ["a"]
        assert ("b", "cancelled") in run.history
        assert run.root["x"] == 1

    def test_takes_boundary_events_and_everything_inside_along(self) -> None:
        run = play(
            start(),
            end(),
            flow("s", "part", "b", "e"),
            sub("part", start("s2"), end("e2"), flow("s2", "u", "e2"), user("u")),
            boundary("late", "part", timer()),
            end("gone"),
            flow("late", "gone"),
            user("b"),
        )

        token = next(e.id for e in run.state.executions.values() if e.element == "part")
        plan = moving.plan_move(run.model, run.stored(), token, "b")
        run.note(moving.move_token(run.model, run.state, token, "b", at=AT))

        assert plan.cancelled == ("part", "u")
        assert run.names() == ["b"]

    def test_whole_multi_instance_moves(self) -> None:
        run = play(
            main_line("u", "b") + user("u", loop=each("=who", "one")) + user("b"), who=[1, 2]
        )

        move(run, "u 2", "b")

        assert run.names() == ["b"]

    @pytest.mark.parametrize(
        ("target", "reason"), [("s", "not_enterable"), ("join", "join"), ("nowhere", "elsewhere")]
    )
    def test_refuses_what_cannot_be_entered(self, target: str, reason: str) -> None:
        run = play(*FORK)

        with pytest.raises(MoveRefused) as refused:
            move(run, "a", target)

        assert refused.value.reason == reason
        assert run.names() == ["a", "b"]

    def test_refuses_to_leave_a_join_waiting(self) -> None:
        run = play(*FORK)
        run.do("a")

        with pytest.raises(MoveRefused) as refused:
            move(run, "b", "after")

        assert (refused.value.reason, refused.value.element_id) == ("join_would_wait", "join")

    def test_says_that_other_tokens_stay(self) -> None:
        run = play(*FORK)

        plan = moving.plan_move(run.model, run.stored(), run.find("a").token, "b")

        assert plan.warnings == ("parallel",)

    def test_out_of_an_incident(self) -> None:
        run = play(main_line("j", "b") + service("j") + user("b"))
        run.fail("j")

        move(run, "j", "b")

        assert run.names() == ["b"]


FORK = (
    start(),
    end(),
    gateway("parallel", "fork"),
    gateway("parallel", "join"),
    flow("s", "fork"),
    flow("fork", "a", "join"),
    flow("fork", "b", "join"),
    flow("join", "after", "e"),
    user("a"),
    user("b"),
    user("after"),
)


class TestSkip:
    def test_failed_job_goes_on_with_given_results(self) -> None:
        run = play(main_line("j", "b") + service("j") + user("b"))
        run.fail("j")
        token = run.find("j").token

        run.note(moving.skip(run.model, run.stored(), token, {"found": True}, at=AT))

        assert run.names() == ["b"]
        assert run.root["found"] is True

    def test_failed_entry_of_a_user_task(self) -> None:
        run = play(main_line("u", "b") + user("u", assignee="=[1]") + user("b"))
        assert run.incidents() == [("u", "bad-assignment")]
        token = run.find("u").token

        run.note(moving.skip(run.model, run.stored(), token, {"outcome": "ok"}, at=AT))

        assert run.names() == ["b"]

    @pytest.mark.parametrize(
        ("given", "kept"), [({"votes": [1, 2], "why": "paper"}, [1, 2]), ({"why": "paper"}, [])]
    )
    def test_failed_entry_of_a_multi_instance_activity(
        self, given: dict[str, Variable], kept: list[int]
    ) -> None:
        loop = each("=who", "one", into="votes", result="=vote")
        run = play(main_line("u", "b") + user("u", loop=loop) + user("b"))
        assert run.incidents() == [("u", "bad-collection")]
        token = run.find("u").token

        run.note(moving.skip(run.model, run.stored(), token, given, at=AT))

        assert run.names() == ["b"]
        assert (run.root["votes"], run.root["why"]) == (kept, "paper")

    def test_gateway_is_not_skipped(self) -> None:
        run = play(
            start(),
            end(),
            gateway("exclusive", "which"),
            flow("s", "which"),
            flow("which", "a", when="x > 1"),
            flow("which", "b", when="x < 1"),
            flow("a", "e"),
            flow("b", "e"),
            user("a"),
            user("b"),
        )

        with pytest.raises(NotWaiting):
            moving.skip(run.model, run.stored(), run.find("which").token, {}, at=AT)

    def test_needs_an_incident(self) -> None:
        run = play(main_line("j") + service("j"))

        with pytest.raises(NotWaiting):
            moving.skip(run.model, run.stored(), run.find("j").token, {}, at=AT)


class TestInstances:
    def test_one_more_reviewer(self) -> None:
        loop = each("=who", "one", into="all", result="=answer")
        run = play(main_line("u", "b") + user("u", loop=loop) + user("b"), who=["x", "y"])
        token = run.find("u 1").token

        run.note(moving.add_instance(run.model, run.stored(), token, "z", at=AT))
        assert run.sees("u 3")["one"] == "z"
        for number in (1, 2, 3):
            run.do(f"u {number}", answer=number)

        assert run.names() == ["b"]
        assert run.root["all"] == [1, 2, 3]

    def test_sequential_runs_it_last(self) -> None:
        loop = each("=who", "one", sequential=True)
        run = play(main_line("u") + user("u", loop=loop), who=["x"])

        token = run.find("u").token
        run.note(moving.add_instance(run.model, run.stored(), token, "z", at=AT))
        assert run.names() == ["u 1"]
        run.do("u 1")

        assert run.sees("u 2")["one"] == "z"

    def test_taken_out_instance_is_not_waited_for(self) -> None:
        loop = each("=who", "one", into="all", result="=answer")
        run = play(main_line("u", "b") + user("u", loop=loop) + user("b"), who=["x", "y"])
        run.do("u 1", answer="yes")

        token = run.find("u 2").token
        run.note(moving.remove_instance(run.model, run.stored(), token, at=AT))

        assert run.names() == ["b"]
        assert run.root["all"] == ["yes", None]

    def test_plain_task_has_no_instances(self) -> None:
        run = play(main_line("u") + user("u"))

        with pytest.raises(NotWaiting):
            moving.add_instance(run.model, run.stored(), run.find("u").token, 1, at=AT)


class TestTime:
    def test_timer_gets_another_moment(self) -> None:
        run = play(
            main_line("u")
            + user("u")
            + boundary("late", "u", timer())
            + end("x")
            + flow("late", "x")
        )
        timer_item = run.find("late")
        assert isinstance(timer_item, OpenTimer)

        run.note(
            moving.reschedule(
                run.model, run.stored(), timer_item.token, "late", AT + 5 * DAY, at=AT
            )
        )

        assert run.due() == [AT + 5 * DAY]

    def test_due_date_of_a_task(self) -> None:
        run = play(main_line("u") + user("u", deadline("3")))
        later = AT + timedelta(days=30)

        token = run.find("u").token
        run.note(moving.postpone(run.model, run.stored(), token, later, at=AT))

        task = run.find("u")
        assert isinstance(task, OpenUserTask)
        assert task.due_at == later


def test_a_join_in_vain_is_an_incident_whatever_could_still_interrupt() -> None:
    run = play(
        *FORK, handled("off", "b", message("M2")), event_sub("stop", message("M1")), key="k"
    )
    run.do("a")

    run.do("off")

    assert run.incidents() == [("join", "stalled")]
    run.do("stop_start")
    assert run.completed
