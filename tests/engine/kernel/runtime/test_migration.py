"""Instances move to another version of their diagram, or say why they cannot."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel import migration, operations
from engine.kernel.migration import Place
from engine.kernel.model import Model
from engine.kernel.state import dumps
from engine.types import OpenSubscription
from tests.engine.kernel import diagrams
from tests.engine.kernel.diagrams import (
    call,
    catch,
    each,
    end,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    message,
    process,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.engine.kernel.runtime.play import AT, DAY, Play


def plan_of(old: Model, new: Model, wanted: Mapping[Place, Place] | None = None) -> migration.Plan:
    return migration.plan(old, new, "p", "p", wanted)


def why(
    run: Play, new: Model, wanted: Mapping[Place, Place] | None = None
) -> list[tuple[str, str]]:
    """Reasons and elements that keep this instance where it is."""
    found = migration.problems(run.stored(), plan_of(run.model, new, wanted))
    return [(problem.reason, problem.element_id) for problem in found]


def move(run: Play, new: Model, wanted: Mapping[Place, Place] | None = None) -> None:
    assert why(run, new, wanted) == []
    how = plan_of(run.model, new, wanted)
    run.note(migration.migrate(run.stored(), how, at=run.at))
    run.model = new


TWO = main_line("a", "b") + user("a") + user("b")


class TestMoves:
    def test_same_element_keeps_token_and_variables(self) -> None:
        run = Play(diagrams.model_of(TWO), {"x": 1})
        token = run.find("a").token
        new = diagrams.model_of(
            main_line("a", "extra", "b") + user("a") + user("b") + user("extra")
        )

        move(run, new)

        assert run.find("a").token == token
        run.do("a")
        assert run.names() == ["extra"]
        assert run.root["x"] == 1

    def test_renamed_element_by_mapping(self) -> None:
        run = Play(diagrams.model_of(TWO))
        new = diagrams.model_of(main_line("check", "b") + user("check") + user("b"))

        assert why(run, new) == [("not_mapped", "a")]
        move(run, new, {("p", "a"): ("p", "check")})

        run.do("check")
        assert run.names() == ["b"]

    def test_instance_that_looped_back_many_times(self) -> None:
        looped = (
            start(),
            end(),
            gateway("exclusive", "again", "again_e"),
            flow("s", "a", "again", "e"),
            flow("again", "a", when="more"),
            user("a"),
        )
        run = Play(diagrams.model_of(*looped))
        for _ in range(20):
            run.do("a", more=True)

        move(run, diagrams.model_of(*looped))

        run.do("a", more=False)
        assert run.completed

    def test_inside_subprocess_and_instances(self) -> None:
        inner = start("s2") + end("e2") + flow("s2", "u", "e2")
        loop = each("=who", "one", into="all", result="=answer")
        old = diagrams.model_of(main_line("part") + sub("part", inner, user("u", loop=loop)))
        new = diagrams.model_of(
            main_line("part", "last") + user("last") + sub("part", inner, user("u", loop=loop))
        )
        run = Play(old, {"who": ["x", "y"]})
        run.do("u 1", answer="yes")

        move(run, new)

        run.do("u 2", answer="no")
        assert run.names() == ["last"]

    def test_inside_a_called_process(self) -> None:
        def calling(*steps: str) -> Model:
            inner = start("s2") + end("e2") + flow("s2", *steps, "e2")
            called = process("q", inner, *(user(step) for step in steps))
            return diagrams.model_of(main_line("c") + call("c", "q"), more=called)

        run = Play(calling("u"))

        move(run, calling("u", "more"))

        run.do("u")
        assert run.names() == ["more"]

    def test_inside_a_sequential_ad_hoc_subprocess(self) -> None:
        def loose(*steps: str) -> Model:
            inside = "".join(user(step) for step in steps)
            drawn = f'<adHocSubProcess id="loose" ordering="Sequential">{inside}</adHocSubProcess>'
            return diagrams.model_of(main_line("loose") + drawn)

        run = Play(loose("a", "b"))

        move(run, loose("a", "b", "c"))

        run.do("a")
        assert run.names() == ["b"]

    def test_tokens_in_a_join_find_their_flow_by_its_source(self) -> None:
        def forked(name: str) -> str:
            return (
                start()
                + end()
                + gateway("parallel", "fork")
                + gateway("parallel", "join")
                + flow("s", "fork")
                + flow("fork", "a")
                + flow("a", "join", id=name)
                + flow("fork", "b", "join", "e")
                + user("a")
                + user("b")
            )

        run = Play(diagrams.model_of(forked("old")))
        run.do("a")

        move(run, diagrams.model_of(forked("new")))

        run.do("b")
        assert run.completed


class TestEvents:
    def test_timer_keeps_its_moment(self) -> None:
        def due(days: int) -> Model:
            return diagrams.model_of(
                main_line("a") + user("a") + handled("late", "a", timer(f"P{days}D"))
            )

        run = Play(due(3))

        move(run, due(9))

        assert run.due() == [AT + 3 * DAY]

    def test_new_boundary_is_armed_and_a_deleted_one_gone(self) -> None:
        run = Play(
            diagrams.model_of(main_line("a") + user("a") + handled("late", "a", timer("P3D"))),
            {"key": "k"},
        )
        new = diagrams.model_of(main_line("a") + user("a") + handled("stop", "a", message("M1")))

        move(run, new)

        assert run.names() == ["a", "stop"]

    def test_reminder_that_fired_is_not_armed_again(self) -> None:
        diagram = main_line("a") + user("a") + handled("remind", "a", timer(), interrupting=False)
        run = Play(diagrams.model_of(diagram))
        run.do("remind")

        move(run, diagrams.model_of(diagram))

        assert run.due() == []

    def test_new_event_subprocess_listens(self) -> None:
        run = Play(diagrams.model_of(TWO), {"key": "k"})
        new = diagrams.model_of(TWO + event_sub("stop", message("M1")))

        move(run, new)

        assert "a" in run.names()
        assert len(run.names()) == 2

    def test_renamed_message_is_waited_for_by_its_new_name(self) -> None:
        old = diagrams.model_of(main_line("m") + catch("m", message("M1")))
        new = diagrams.model_of(main_line("m") + catch("m", message("M2")))
        run = Play(old, {"key": "k"})

        move(run, new)

        (item,) = run.items
        assert isinstance(item, OpenSubscription)
        assert item.name == new.containers["p"].nodes["m"].events[0].name


class TestRefused:
    def test_element_became_something_else(self) -> None:
        run = Play(diagrams.model_of(main_line("a") + user("a")))

        assert why(run, diagrams.model_of(main_line("a") + service("a"))) == [
            ("kind_changed", "a")
        ]

    def test_element_moved_into_a_subprocess(self) -> None:
        run = Play(diagrams.model_of(main_line("a") + user("a")))
        inner = start("s2") + end("e2") + flow("s2", "a", "e2")
        new = diagrams.model_of(main_line("part") + sub("part", inner, user("a")))

        assert why(run, new, {("p", "a"): ("part", "a")}) == [("other_level", "a")]

    def test_refused_instance_is_unchanged(self) -> None:
        run = Play(diagrams.model_of(TWO))
        raw = dumps(run.stored())

        why(run, diagrams.model_of(main_line("z") + user("z")))

        assert dumps(run.state) == raw

    def test_incident_moves_and_is_retried_on_the_new_version(self) -> None:
        run = Play(diagrams.model_of(main_line("u", "b") + user("u", assignee="=[1]") + user("b")))
        assert run.incidents() == [("u", "bad-assignment")]

        move(run, diagrams.model_of(main_line("u", "b") + user("u") + user("b")))
        run.retry()

        assert run.names() == ["u"]


def test_what_cannot_be_armed_is_a_reason_and_no_incident() -> None:
    run = Play(diagrams.model_of(TWO))
    new = diagrams.model_of(TWO + event_sub("stop", message("M1")))
    how = plan_of(run.model, new)

    found = migration.trial(run.stored(), how, at=AT)

    assert [(problem.reason, problem.element_id) for problem in found] == [("cannot_arm", "stop")]


def test_boundary_on_another_activity_is_refused() -> None:
    old = main_line("a", "b") + user("a") + user("b") + handled("late", "a", timer())
    new = main_line("a", "b") + user("a") + user("b") + handled("late", "b", timer())
    run = Play(diagrams.model_of(old))

    assert why(run, diagrams.model_of(new)) == [("attached_elsewhere", "late")]


def test_operations_go_on_after_moving() -> None:
    run = Play(diagrams.model_of(main_line("j", "b") + service("j") + user("b")))
    new = diagrams.model_of(main_line("j", "c") + service("j") + user("c"))

    move(run, new)
    token = run.find("j").token
    run.note(operations.complete_job(new, run.stored(), token, {}, at=AT))

    assert run.names() == ["c"]
