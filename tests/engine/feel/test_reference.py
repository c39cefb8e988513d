"""The list of functions in docs/reference/feel.md is what the package declares."""

from collections.abc import Iterator
from pathlib import Path

from engine.feel import BUILTINS

PAGE = Path(__file__).parents[3] / "docs/reference/feel.md"
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
