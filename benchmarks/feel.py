"""`python -m benchmarks.feel [rounds]`: what FEEL costs here, beside other expression libraries.

Measured are those that happen to be installed (`pip install bkflow-feel cel-python pySFeel`): the
product needs none of them. bkflow-feel and pySFeel go from text to value each time; CEL, another
language, compiles once like ours. A dash: not understood, or another answer. Microseconds of
processor time; compare ratios only.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from engine.feel import BUILTINS, compile_expression
from engine.feel.parser import parse_expression

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
VARIABLES: Mapping[str, object] = {"amount": 5, "name": "bar"}
# What it shows, in FEEL, in CEL.
CASES = (
    ("arithmetic", "amount * 3 + 2 > 10", "amount * 3 + 2 > 10"),
    ("condition", 'if amount > 3 then "a" else "b"', 'amount > 3 ? "a" : "b"'),
    ("membership", "amount in [1..10]", "amount >= 1 && amount <= 10"),
    ("logic", 'name = "bar" and amount > 2', 'name == "bar" && amount > 2'),
    ("text", 'contains(name, "a")', 'name.contains("a")'),
    ("pattern", 'matches(name, "^b.r$")', 'name.matches("^b.r$")'),
    ("loop", "for i in [1, 2, 3] return i * 2", "[1, 2, 3].map(i, i * 2)"),
    ("quantifier", "some x in [1, 2, 3] satisfies x > 2", "[1, 2, 3].exists(x, x > 2)"),
    ("filter", "[1, 2, 3][item > 1]", "[1, 2, 3].filter(x, x > 1)"),
    ("context", "{a: 1, b: 2}.b", '{"a": 1, "b": 2}.b'),
    (
        "dates",
        'date("2020-01-01") < date("2020-02-01")',
        'timestamp("2020-01-01T00:00:00Z") < timestamp("2020-02-01T00:00:00Z")',
    ),
)
OTHERS = ("bkflow", "pySFeel", "CEL compile", "CEL evaluate")
Act = Callable[[], object]


class Row(NamedTuple):
    """One expression: microseconds by measure; None where a library does not answer the same."""

    name: str
    spent: dict[str, float | None]


def ours(text: str) -> dict[str, Act]:
    names = tuple(VARIABLES)
    known = (*BUILTINS, *names)
    compiled = compile_expression(text, names=names)
    # Comments of their own, so that the cache does not know the text.
    numbers = count()
    return {
        "parse": lambda: parse_expression(text, known),
        "compile": lambda: compile_expression(f"{text} // {next(numbers)}", names=names),
        "evaluate": lambda: compiled.evaluate(VARIABLES, at=AT),
    }


def theirs(feel: str, cel: str) -> Iterator[tuple[str, Act, Act]]:
    """Name, what is measured, and what gives the answer, of every library that is installed."""
    with contextlib.suppress(ImportError):
        evaluate = importlib.import_module("bkflow_feel.api").parse_expression
        act = lambda: evaluate(feel, dict(VARIABLES))  # noqa: E731  # measured and asked
        yield "bkflow", act, act
    with contextlib.suppress(ImportError):
        parser = importlib.import_module("pySFeel").SFeelParser()
        for name, value in VARIABLES.items():
            parser.sFeelParse(
                f'{name} <- "{value}"' if isinstance(value, str) else f"{name} <- {value}"
            )
        act = lambda: parser.sFeelParse(feel)[1]  # noqa: E731  # measured and asked
        yield "pySFeel", act, act
    with contextlib.suppress(ImportError):
        celpy = importlib.import_module("celpy")
        environment, given = celpy.Environment(), celpy.json_to_cel(dict(VARIABLES))
        program = environment.program(environment.compile(cel))
        run = lambda: program.evaluate(given)  # noqa: E731  # measured and asked
        yield "CEL compile", lambda: environment.program(environment.compile(cel)), run
        yield "CEL evaluate", run, run


def same(left: object, right: object) -> bool:
    """Equal answers, whatever the library's kinds of number and list."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(left) is bool(right)
    if isinstance(left, Decimal) and isinstance(right, (int, float, Decimal)):
        return left == Decimal(str(right))
    return left == right


def answers(act: Act, expected: object) -> bool:
    # The libraries print, log and raise what they do not understand.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return same(expected, act())
        except Exception:  # noqa: BLE001  # every library has its own
            return False


def microseconds(act: Act, rounds: int) -> float:
    began = time.process_time()
    for _ in range(rounds):
        act()
    return (time.process_time() - began) / rounds * 1e6


def measure(rounds: int) -> list[Row]:
    logging.disable(logging.CRITICAL)
    rows: list[Row] = []
    gc.collect()
    gc.disable()
    for name, feel, cel in CASES:
        acts = ours(feel)
        spent: dict[str, float | None] = {
            key: microseconds(act, rounds) for key, act in acts.items()
        }
        expected = acts["evaluate"]()
        for key, act, asked in theirs(feel, cel):
            fit = answers(asked, expected)
            spent[key] = microseconds(act, max(rounds // 10, 1)) if fit else None
        rows.append(Row(name, spent))
    gc.enable()
    logging.disable(logging.NOTSET)
    return rows


def main(rounds: int, show: Callable[[str], None] = print) -> None:
    rows = measure(rounds)
    columns = ["parse", "compile", "evaluate"]
    columns += [key for key in OTHERS if any(key in row.spent for row in rows)]
    show(f"{'':>12}" + "".join(f"{key:>14}" for key in columns))
    for row in rows:
        cells = (row.spent.get(key) for key in columns)
        show(f"{row.name:>12}" + "".join(f"{'-' if c is None else f'{c:.1f}':>14}" for c in cells))
    for key in columns[3:]:
        show(f"{key} / ours, median: {_ratio(rows, key):.1f}")


def _ratio(rows: list[Row], key: str) -> float:
    """Against the same work: what is compiled once, or the whole way from text to value."""
    own = {"CEL evaluate": ("evaluate",), "CEL compile": ("compile",)}.get(
        key, ("compile", "evaluate")
    )
    ratios = sorted(
        other / sum(row.spent[part] or 0 for part in own)
        for row in rows
        if (other := row.spent.get(key)) is not None
    )
    return ratios[len(ratios) // 2] if ratios else float("nan")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
