"""The rules of scopes, one small diagram each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.kernel import operations
from engine.kernel.runtime import multi_instance
from engine.types import Variable
from tests.engine.kernel.diagrams import (
    boundary,
    call,
    each,
    end,
    error,
    event_sub,
    flow,
    gateway,
    handled,
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
    timer,
    user,
)
from tests.engine.kernel.runtime.play import AT, DAY, play


def inside(*ids: str) -> str:
    return start("is") + end("ie") + flow("is", *ids, "ie")


class TestWrite:
    def test_new_variable_goes_to_the_top(self) -> None:
        body = sub("P", inside("u"), user("u"), extra=io(inputs={"mine": "=1"}))
        run = play(main_line("P", "v"), body, user("v"))

        run.do("u", mine=2, fresh=3)

        # `mine` met the subprocess's own variable and ended with it.
        assert run.root == {"fresh": 3}

    def test_last_one_to_complete_wins(self) -> None:
        run = play(
            start() + gateway("parallel", "g") + gateway("parallel", "j") + user("z") + end(),
            user("a") + user("b") + flow("s", "g") + flow("j", "z", "e"),
            flow("g", "a", "j") + flow("g", "b", "j"),
        )

        run.do("b", outcome="pass")
        run.do("a", outcome="reject")

        assert run.root == {"outcome": "reject"}

    def test_decimal_and_time_come_back_as_they_were(self) -> None:
        run = play(main_line("u", "z"), user("u"), script("z", 'due + @"P1D"', "late"), due=AT)

        run.do("u", rate=AT - AT, count=3)

        assert run.root == {"due": AT, "rate": timedelta(0), "count": 3, "late": AT + DAY}


class TestMappings:
    def test_outputs_of_a_subprocess(self) -> None:
        mapping = io(inputs={"mine": "=1"}, outputs={"total": "=mine + 1"})
        run = play(main_line("P", "v"), sub("P", inside("u"), user("u"), extra=mapping), user("v"))

        run.do("u", mine=5)

        assert run.root == {"total": 6}

    def test_mapped_input_catches_the_result(self) -> None:
        run = play(main_line("u", "v"), user("u", io(inputs={"x": "=x + 1"})), user("v"), x=1)
        assert run.sees("u") == {"x": 2}

        run.do("u", x=9, y=1)

        assert run.root == {"x": 1, "y": 1}

    def test_outputs_let_nothing_else_through(self) -> None:
        run = play(main_line("u", "v"), service("u", io(outputs={"ok": "=result.ok"})), user("v"))

        run.do("u", result={"ok": True, "score": 3}, other=1)

        assert run.root == {"ok": True}

    def test_later_mappings_see_earlier_ones(self) -> None:
        run = play(main_line("u"), user("u", io(inputs={"a": "=n + 1", "b": "=a * 2"})), n=1)

        assert run.sees("u") == {"n": 1, "a": 2, "b": 4}

    def test_inputs_of_an_event_subprocess(self) -> None:
        begin = start("Es", signal(), interrupting=False)
        inner = begin + user("w") + end("Ee") + flow("Es", "w", "Ee")
        run = play(
            main_line("u"),
            user("u"),
            sub(
                "E", inner, extra=io(inputs={"why": '="x"'}), attributes='triggeredByEvent="true"'
            ),
        )

        run.signal("S1", why="moved", other=1)

        # The mapped input catches the payload of the event.
        assert run.sees("w") == {"why": "moved", "other": 1}
        run.do("w")
        assert run.root == {"other": 1}


CALLS: list[tuple[bool, bool, str, dict[str, Variable], dict[str, Variable]]] = [
    (True, True, "", {"a": 1}, {"a": 7, "n": 8}),
    (False, False, io(inputs={"m": "=a + 1"}), {"m": 2}, {"a": 1}),
    (
        False,
        False,
        io(inputs={"m": "=a"}, outputs={"got": "=n"}),
        {"m": 1},
        {"a": 1, "got": 8},
    ),
    (True, False, io(inputs={"m": "=a"}), {"a": 1, "m": 1}, {"a": 1}),
]


class TestCall:
    @pytest.mark.parametrize(("parent", "child", "mapping", "seen", "after"), CALLS)
    def test_what_crosses_the_border(
        self,
        *,
        parent: bool,
        child: bool,
        mapping: str,
        seen: dict[str, Variable],
        after: dict[str, Variable],
    ) -> None:
        run = play(
            main_line("c", "v") + call("c", "q", mapping, parent=parent, child=child) + user("v"),
            more=process("q", start("qs"), user("u"), end("qe"), flow("qs", "u", "qe")),
            a=1,
        )
        assert run.sees("u") == seen

        run.do("u", a=7, n=8)

        assert run.root == after

    def test_depth_is_bounded(self) -> None:
        called = process(
            "q",
            start("qs") + gateway("exclusive", "x", "x_qe") + call("again", "q") + end("qe"),
            flow("qs", "x", "qe") + flow("x", "again", when="deeper") + flow("again", "qe"),
        )
        run = play(main_line("c") + call("c", "q"), more=called, deeper=True)

        assert run.incidents() == [("again", "call-depth")]
        assert sum(scope.isolated for scope in run.state.scopes.values()) == 32

    def test_levels_are_bounded(self) -> None:
        nested = call("again", "q")
        for number in range(5):
            name, last = f"P{number}", f"P{number - 1}" if number else "again"
            inner = start(f"{name}s") + end(f"{name}e") + flow(f"{name}s", last, f"{name}e")
            nested = sub(name, inner, nested)
        called = process(
            "q",
            start("qs") + gateway("exclusive", "x", "x_qe") + nested + end("qe"),
            flow("qs", "x", "qe") + flow("x", "P4", when="deeper") + flow("P4", "qe"),
        )
        run = play(main_line("c") + call("c", "q"), more=called, deeper=True)
        assert [code for _, code in run.incidents()] == ["call-depth"]

        step = operations.cancel(run.model, run.stored(), at=AT)

        assert (step.status, len(run.state.scopes)) == ("cancelled", 1)


VOTES = each("=who", "one", into="votes", result="=vote")


class TestMultiInstance:
    def test_results_by_index(self) -> None:
        run = play(main_line("u", "v"), user("u", loop=VOTES), user("v"), who=["x", "y", "z"])
        run.do("u 3", vote="c")

        run.do("u 1", vote="a", extra=1)

        assert run.names() == ["u 2"]
        assert run.sees("u")["votes"] == ["a", None, "c"]
        assert run.root == {"who": ["x", "y", "z"], "extra": 1}
        run.do("u 2")
        assert run.root["votes"] == ["a", None, "c"]

    def test_completion_condition_ends_the_rest(self) -> None:
        loop = each("=who", "one", into="votes", result="=vote", until='=vote = "no"')
        run = play(main_line("u", "v"), user("u", loop=loop), user("v"), who=[1, 2, 3])

        run.do("u 2", vote="no")

        assert run.names() == ["v"]
        assert run.root["votes"] == [None, "no", None]
        assert run.history.count(("u", "cancelled")) == 2

    def test_sequential_ones_come_one_by_one(self) -> None:
        loop = each("=who", "one", sequential=True)
        run = play(main_line("u"), user("u", loop=loop), who=["x", "y"])
        assert (run.names(), run.sees("u")["one"]) == (["u 1"], "x")

        run.do("u", who=[])

        # The collection was read once.
        assert (run.names(), run.sees("u")["one"]) == (["u 2"], "y")
        run.do("u")
        assert run.completed

    def test_empty_collection_is_passed(self) -> None:
        run = play(main_line("u", "v"), user("u", loop=VOTES), user("v"), who=[])

        assert run.names() == ["v"]
        assert run.root["votes"] == []

    @pytest.mark.parametrize("who", [None, 3, "x"])
    def test_what_is_no_list_is_an_incident(self, who: Variable) -> None:
        run = play(main_line("u"), user("u", loop=VOTES), who=who)
        assert run.incidents() == [("u", "bad-collection")]

        run.retry(who=[1])

        assert run.names() == ["u 1"]

    def test_more_than_a_thousand_are_refused(self) -> None:
        loop = each("=for i in 1..n return 1", "one")
        run = play(main_line("u"), user("u", loop=loop), n=1001)
        assert run.incidents() == [("u", "too-many-instances")]

        run.retry(n=1000)

        assert (len(run.names()), run.status) == (1000, "active")

    def test_passes_without_a_maximum_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(multi_instance, "MAX_INSTANCES", 2)
        endless = repeat(0, "=true").replace('loopMaximum="0"', "")
        run = play(main_line("u"), user("u", loop=endless))

        run.do("u")
        run.do("u")

        assert run.incidents() == [("u", "too-many-instances")]

    def test_boundary_cancels_all_subprocesses(self) -> None:
        run = play(
            main_line("P", "v"),
            sub("P", inside("u"), user("u"), loop=each("=who", "one")),
            boundary("late", "P", timer("P3D")) + user("w") + end("e2") + flow("late", "w", "e2"),
            user("v"),
            who=[1, 2],
        )
        assert run.names() == ["late", "u 1", "u 2"]

        run.do("late")

        assert (run.names(), len(run.state.scopes)) == (["w"], 1)
        run.do("w")
        assert run.completed

    def test_nested_loops_have_a_path_from_outside_in(self) -> None:
        inner = user("u", loop=each("=two", "b"))
        run = play(
            main_line("P"), sub("P", inside("u"), inner, loop=each("=two", "a")), two=[1, 2]
        )

        assert run.names() == ["u 1 1", "u 1 2", "u 2 1", "u 2 2"]


class TestFailures:
    def test_failed_exit_changes_nothing(self) -> None:
        loop = each("=who", "one", into="sizes", result="=count(docs)", until="=open")
        work = user("u", io(outputs={"n": "=n + 1"}), loop=loop)
        run = play(main_line("u"), work, who=[1], n=0, docs=[1, 2])

        run.do("u")

        assert (run.incidents(), run.root["n"]) == ([("u", "not-boolean")], 0)
        run.retry(open=False)
        assert (run.completed, run.root["n"], run.root["sizes"]) == (True, 1, [2])

    def test_failed_entry_is_taken_back(self) -> None:
        run = play(
            main_line("u"),
            user("u", io(inputs={"y": "=1"}), assignee="=who"),
            boundary("late", "u", timer("P3D")) + end("e2") + flow("late", "e2"),
            who=[1],
        )
        assert run.incidents() == [("u", "bad-assignment")]
        assert (len(run.state.scopes), run.names()) == (1, ["u"])

        run.retry(who="officer")

        assert run.names() == ["late", "u"]
        assert run.sees("u") == {"who": "officer", "y": 1}

    def test_failed_event_subprocess_keeps_its_payload(self) -> None:
        inner = user("w") + end("Ee") + flow("E_start", "w", "Ee")
        nested = event_sub(
            "F",
            message(),
            end("Fe"),
            flow("F_start", "Fe"),
        )
        run = play(main_line("u"), user("u"), event_sub("E", signal(), inner, nested))

        run.signal("S1", why="moved")

        # The nested message start needs a correlation key.
        assert run.incidents() == [("E", "bad-correlation-key")]
        run.retry(key="K")
        assert run.names() == ["F_start", "w"]
        assert run.root == {"key": "K", "why": "moved"}

    def test_condition_behind_an_activity_is_its_incident(self) -> None:
        run = play(
            start() + user("u") + say("a") + say("b") + end("ea") + end("eb") + flow("s", "u"),
            flow("u", "a", when="ready") + flow("u", "b", when="not(ready)"),
            flow("a", "ea") + flow("b", "eb"),
        )

        run.do("u", note=1)

        assert run.incidents() == [("u", "not-boolean")]
        assert run.root == {}
        run.retry(ready=True)
        assert (run.log, run.root["note"], run.completed) == (["a"], 1, True)


class TestErrors:
    @pytest.mark.parametrize("guarded", [True, False])
    def test_of_a_job_in_a_called_process(self, *, guarded: bool) -> None:
        caught = (
            boundary("caught", "c", error()) + user("w") + end("e2") + flow("caught", "w", "e2")
        )
        run = play(
            main_line("c") + call("c", "q") + (caught if guarded else ""),
            more=process("q", start("qs"), service("j"), end("qe"), flow("qs", "j", "qe")),
        )

        run.throw("j", "E1", why="account")

        if guarded:
            assert (run.names(), run.root, len(run.state.scopes)) == (["w"], {"why": "account"}, 1)
        else:
            assert run.incidents() == [("j", "uncaught-error")]
            assert (run.root, len(run.state.scopes)) == ({}, 3)

    def test_uncaught_one_comes_back_with_a_retry(self) -> None:
        run = play(main_line("j") + service("j"))
        run.throw("j", "E1")

        run.retry()
        run.do("j")

        assert run.completed

    def test_event_subprocess_catches_what_a_job_throws(self) -> None:
        inner = say("h") + end("Ee") + flow("E_start", "h", "Ee")
        run = play(main_line("j") + service("j") + event_sub("E", error(), inner))

        run.throw("j", "E1")

        assert (run.log, run.completed) == (["h"], True)

    def test_other_code_is_not_caught(self) -> None:
        run = play(main_line("j") + service("j") + handled("b", "j", error("E2")))

        run.throw("j", "E1")

        assert run.incidents() == [("j", "uncaught-error")]


class TestJoins:
    def test_tokens_pair_up(self) -> None:
        run = play(
            start() + gateway("parallel", "g") + gateway("parallel", "j") + user("z") + end(),
            "".join(user(u) for u in ("a1", "a2", "b1", "b2")),
            gateway("exclusive", "am") + gateway("exclusive", "bm"),
            flow("s", "g") + flow("g", "a1", "am", "j", "z", "e") + flow("g", "a2", "am"),
            flow("g", "b1", "bm", "j") + flow("g", "b2", "bm"),
        )

        for name, after in (
            ("a1", ["a2", "b1", "b2"]),
            ("a2", ["b1", "b2"]),
            ("b1", ["b2", "z"]),
            ("b2", ["z", "z"]),
        ):
            run.do(name)
            assert run.names() == after

    @pytest.mark.parametrize("order", ["ab", "ba"])
    @pytest.mark.parametrize("leave", [True, False])
    def test_inclusive_sees_a_token_that_left(self, order: str, *, leave: bool) -> None:
        run = play(
            start() + gateway("inclusive", "g") + gateway("inclusive", "j") + end() + end("e2"),
            gateway("exclusive", "x", "x_j") + "".join(user(u) for u in ("a", "b", "z", "away")),
            flow("s", "g") + flow("g", "a", when="true") + flow("g", "b", when="true"),
            flow("a", "j", "z", "e") + flow("b", "x", "j") + flow("away", "e2"),
            flow("x", "away", when="leave = true"),
        )

        for name in order:
            run.do(name, leave=leave)

        assert run.names() == (["away", "z"] if leave else ["z"])
