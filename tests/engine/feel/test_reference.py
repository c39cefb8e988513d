"""The lists in docs/reference/feel.md are what the package declares and what is tested."""

from collections.abc import Iterator
from pathlib import Path

from engine.feel import BUILTINS
from tests.engine.feel import test_builtins as builtins
from tests.engine.feel import test_conformance as conformance
from tests.engine.feel import test_expressions as expressions
from tests.engine.feel import test_temporal as temporal

PAGE = Path(__file__).parents[3] / "docs/reference/feel.md"
TOPICS = {
    "arithmetic, precedence, negation": expressions.ARITHMETIC,
    "equality and order": expressions.COMPARISON,
    "three-valued logic, if": expressions.LOGIC,
    "between, in": expressions.MEMBERSHIP + conformance.IN,
    "for, some, every": expressions.ITERATION,
    "filters": expressions.FILTERS,
    "paths, contexts, properties": expressions.PATHS,
    "functions, named arguments": expressions.FUNCTIONS + conformance.CLOSURES,
    "instance of, function types": expressions.TYPES + conformance.TYPES,
    "literals, comments, Unicode": expressions.LEXICAL,
    "ranges and tests as ranges": conformance.RANGES,
    "string functions": builtins.STRINGS,
    "regular expressions": conformance.PATTERNS,
    "number functions, rounding": builtins.NUMBERS,
    "list functions": builtins.LISTS,
    "conversion functions": conformance.CONVERSIONS,
    "arguments: names, numbers, nulls": conformance.ARGUMENTS,
    "range functions": builtins.RANGES,
    "context functions": builtins.CONTEXTS,
    "dates, times, durations": (
        temporal.LITERALS
        + temporal.ARITHMETIC
        + temporal.ORDER
        + temporal.PARTS
        + conformance.MOMENTS
    ),
}
START, END = "<!-- functions -->\n", "<!-- end of functions -->"
GROUPS = (
    *("conversion", "boolean", "string", "list", "number", "temporal", "range", "context"),
    "own",
)


def rows() -> Iterator[str]:
    yield "| function | does | 说明 |"
    yield "|---|---|---|"
    for group in GROUPS:
        for info in BUILTINS.values():
            if info.group == group:
                shown = "<br>".join(f"`{text}`" for text in info.signatures).replace("|", "\\|")
                yield f"| {shown} | {info.en} | {info.zh} |".replace("$1 ", "`$1` ")


def test_page_lists_every_function() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = page.partition(START)[2].partition(END)[0]

    assert listed.splitlines() == list(rows())


def test_every_function_is_in_a_group_of_the_page() -> None:
    assert {info.group for info in BUILTINS.values()} == set(GROUPS)


def cases() -> Iterator[str]:
    yield "| topic | cases |"
    yield "|---|---|"
    for topic, tested in TOPICS.items():
        yield f"| {topic} | {len(tested)} |"


def test_page_counts_the_cases_of_every_topic() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = page.partition("<!-- cases -->\n")[2].partition("<!-- end of cases -->")[0]

    assert listed.splitlines() == list(cases())
