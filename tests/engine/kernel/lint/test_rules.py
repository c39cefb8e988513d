"""Every rule finds the diagram that breaks it, at the right element; none cries without cause."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import engine.decisions
import engine.kernel
from engine.kernel.lint import explain
from engine.kernel.lint.support import REFUSED
from engine.kernel.lint.texts import WORDING
from engine.kernel.read.tables import SILENT
from engine.types import Finding
from tests.engine.kernel.lint.cases import CASES

KERNEL = Path(engine.kernel.__file__).parent
# Said only when the library refuses what lint let pass; test_bundle.py makes it do so.
UNPROVOKED = {"library.refused"}
# Codes that the tables choose from at the place where they report them.
CHOSEN = {"no-logic", "several-logics", "not-xml", "doctype"}
DECISIONS = Path(engine.decisions.__file__).parent
# Findings that come with others, because the diagram says nothing else about them.
WARNINGS = {
    "start.several_blank",
    "flow.default_condition",
    "flow.twice",
    "foreign.engine",
    "camunda.ignored",
    "event.no_name",
    "id.malformed",
    "id.missing",
    "lane.twice",
    "gateway.joins_and_splits",
    "gateway.no_default",
    "join.may_wait",
    "join.pairs",
    "join.too_many_markings",
    "lane.unknown_member",
    "merge.doubles",
    "name.missing",
    "name.no_english",
    "node.implicit_end",
    "process.executable_absent",
    "process.left_out",
    "message.flow_differs",
    "start.implicit",
    "task.abstract",
    "call.recursive",
    "user_task.assignee_only",
}


@pytest.mark.parametrize("code", CASES)
class TestRule:
    def test_is_found_at_its_element(self, code: str) -> None:
        make, where = CASES[code]

        findings = make().findings

        assert (code, where) in [(f.code, f.element_id) for f in findings], findings

    def test_refuses_unless_it_only_warns(self, code: str) -> None:
        make, _ = CASES[code]

        result = make()

        level = next(f.level for f in result.findings if f.code == code)
        assert level == ("warning" if code in WARNINGS else "error")
        assert (result.model is None) == bool(result.errors)

    def test_says_what_is_wrong_and_what_to_do(self, code: str) -> None:
        make, _ = CASES[code]
        finding = next(f for f in make().findings if f.code == code)

        sentences = [text for both in explain(finding) for text in (both.zh, both.en)]

        assert all(sentences)
        assert not any("–" in text or "{" in text for text in sentences)


# Given by the layer that deploys.
FROM_ABOVE = {"bundle.too_costly", "form.unreadable", "outcome.without_flow"}


class TestTexts:
    def test_exist_for_every_code_that_is_used(self) -> None:
        assert used_codes() - {"dmn.feel"} | FROM_ABOVE == {
            code for code in WORDING if not code.startswith("dmn.")
        }

    def test_exist_for_every_code_of_the_tables(self) -> None:
        named = re.compile(r"""(?:problem|remark|report|_refused|TableFinding)\(\s*"([a-z-]+)\"""")
        sources = [file.read_text() for file in DECISIONS.glob("*.py")]
        used = {code for text in sources for code in named.findall(text)} - SILENT

        known = {code.removeprefix("dmn.") for code in WORDING if code.startswith("dmn.")}
        assert used - CHOSEN == known - CHOSEN

    def test_have_a_case_each(self) -> None:
        wanted = {code for code in WORDING if not code.startswith("dmn.")}
        assert set(CASES) == wanted - UNPROVOKED - FROM_ABOVE

    def test_use_the_same_arguments_in_both_languages(self) -> None:
        for code, wording in WORDING.items():
            for text in wording:
                assert names_in(text.zh) == names_in(text.en), code

    def test_of_an_unknown_code_name_it(self) -> None:
        message, remedy = explain(Finding("error", "no.such.code", "x.bpmn"))

        assert message.zh == message.en == "no.such.code"
        assert remedy.en


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def used_codes() -> set[str]:
    """Codes in calls of `error`, `warning` and `Refused` anywhere in the kernel."""
    found = set(REFUSED)
    for file in KERNEL.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and called(node) in ("error", "warning", "Refused"):
                found |= codes_of(node.args[0]) if node.args else set()
    return found


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def codes_of(argument: ast.expr) -> set[str]:
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    if isinstance(argument, ast.JoinedStr) and ast.unparse(argument).startswith("f'todo."):
        return {"todo.error", "todo.escalation"}
    return set()
