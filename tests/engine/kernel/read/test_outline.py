from engine.kernel.read import outline
from tests.engine.kernel.diagrams import (
    bpmn,
    end,
    error,
    event_sub,
    flow,
    gateway,
    handled,
    main_line,
    model,
    model_of,
    say,
    signal,
    start,
    sub,
    undoable,
    user,
)


def ids(*body: str) -> list[tuple[int, str]]:
    return [(depth, name) for depth, name, *_ in outline(model_of(*body), "p")]


class TestOutline:
    def test_follows_the_flows_not_the_drawing(self) -> None:
        assert ids(end(), user("u"), start(), flow("s", "u", "e")) == [
            (0, "s"),
            (0, "u"),
            (0, "e"),
        ]

    def test_tells_kind_name_and_role(self) -> None:
        lane = '<lane id="l" shenling:role="staff"><flowNodeRef>u</flowNodeRef></lane>'
        lanes = f"<laneSet>{lane}</laneSet>"
        raw = bpmn(lanes, main_line("u"), user("u", attributes='name="审核"'))

        _, name, kind, text, role = outline(model(raw), "p")[1]

        assert (name, kind, text.zh, role) == ("u", "userTask", "审核", "staff")

    def test_shows_each_element_once_also_in_loops(self) -> None:
        loop = (
            gateway("exclusive", "g", "out"),
            flow("g", "u", when="n = 1"),
            flow("g", "e", id="out"),
        )

        found = ids(start(), end(), user("u"), flow("s", "u", "g"), *loop)

        assert found == [(0, "s"), (0, "u"), (0, "g"), (0, "e")]

    def test_finishes_a_branch_before_the_next(self) -> None:
        fork = (
            gateway("parallel", "f") + gateway("parallel", "j") + flow("s", "f") + flow("j", "e")
        )
        branches = flow("f", "a", "c", "j") + flow("f", "b", "j")

        found = ids(start(), end(), fork, branches, *map(say, "abc"))

        assert [name for _, name in found] == ["s", "f", "a", "c", "j", "e", "b"]

    def test_indents_subprocesses_and_lists_what_hangs_on_them(self) -> None:
        inner = start("xs") + say("y") + end("xe") + flow("xs", "y", "xe")
        late = event_sub("v", signal(), end("ve"), flow("v_start", "ve"))

        found = ids(main_line("x"), sub("x", inner), handled("b", "x", error()), late)

        assert found == [
            (0, "s"), (0, "x"), (1, "xs"), (1, "y"), (1, "xe"), (0, "b"), (0, "h_b"), (0, "e_b"),
            (0, "e"), (0, "v"), (1, "v_start"), (1, "ve"),
        ]  # fmt: skip

    def test_shows_compensation_behind_its_activity(self) -> None:
        found = [name for _, name in ids(main_line("A"), undoable("A"))]

        assert found == ["s", "A", "b_A", "undo_A", "e"]
