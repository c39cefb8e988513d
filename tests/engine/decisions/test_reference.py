"""The table in docs/reference/dmn.md counts what is tested."""

from collections.abc import Iterator
from math import prod
from pathlib import Path

from tests.engine.decisions import test_analysis as analysis
from tests.engine.decisions import test_graphs as graphs
from tests.engine.decisions import test_imports as imports
from tests.engine.decisions import test_limits as limits
from tests.engine.decisions import test_read as reading
from tests.engine.decisions import test_services as services
from tests.engine.decisions import test_tables as tables
from tests.engine.decisions import test_typing as typing

PAGE = Path(__file__).parents[3] / "docs/reference/dmn.md"
TOPICS: dict[str, tuple[object, ...]] = {
    "decision tables": (tables,),
    "requirement graphs, scopes": (graphs.TestGraph, services.TestScope),
    "knowledge models": (graphs.TestKnowledge, services.test_knowledge_may_not_require_data),
    "decision services": (
        services.test_service_is_called_like_a_function,
        services.test_service_is_evaluated_by_id_or_name,
        services.test_type_of_a_service_may_restrict_its_parameters,
        graphs.test_decision_service_is_a_function_over_its_decisions,
        graphs.test_service_answers_in_its_declared_type,
    ),
    "boxed expressions": (graphs.test_boxed_expression,),
    "types, allowed values, conversions": (graphs.TestTypes, typing),
    "imports": (imports,),
    "what is refused or read in spite of faults": (reading,),
    "limits": (limits,),
    "analysis of tables": (analysis,),
}


def count(tested: object) -> int:
    """The cases of a module, a class or a function of tests."""
    inner = [value for name, value in vars(tested).items() if name.lower().startswith("test")]
    if inner:
        return sum(map(count, inner))
    marks = getattr(tested, "pytestmark", [])
    return prod(len(mark.args[1]) for mark in marks if mark.name == "parametrize")


def cases() -> Iterator[str]:
    yield "| topic | cases |"
    yield "|---|---|"
    for topic, tested in TOPICS.items():
        yield f"| {topic} | {sum(map(count, tested))} |"


def test_page_counts_the_cases_of_every_topic() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = page.partition("<!-- cases -->\n")[2].partition("<!-- end of cases -->")[0]

    assert listed.splitlines() == list(cases())
