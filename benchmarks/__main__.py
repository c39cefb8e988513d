"""`python -m benchmarks`: every benchmark in one run, and a page with the ratios.

Wall times differ by a factor of three between runs on one machine; ratios of one run hold.
"""

import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import feel, kernel

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance.md"
HEAD = """# Performance

Written by `make bench`: {cpu}, Python {python}, PostgreSQL on the same machine. Read the ratios;
times in milliseconds differ by a factor of three between runs.

## A durable human step
Cold load, row lock, execute, close the task, open the next, queue row, history, **one** commit;
against a stock SpiffWorkflow blob saved to PostgreSQL without task, queue or history rows, and
against hand-written ORM rows; interleaved in one process.

| measure | value |
|---|---|
{engine}

## Many instances
Ten thousand timers due at once and two schedulers, a human step beside a hundred and beside a
hundred thousand waiting instances, a rehearsal of a thousand claims, a migration preview.

| measure | value |
|---|---|
{scale}

## Whole instances
Started, three automatic checks beside each other, two people who take a task and conclude it, a
decision, an automatic order, ended. Viewflow 2.4.0 in the same
process on the same database; spiff-arena is not on the package index, its figure is Viewflow's
times a ratio measured before (5.0 to 35.6 instances per second).

| measure | value |
|---|---|
{peers}

## The kernel alone
```
{kernel}
```

## FEEL
Microseconds an expression, beside those libraries that were installed: bkflow-feel and pySFeel
(FEEL, from text to value each time) and cel-python (another language, compiled once). A dash: not
understood, or another answer.
```
{feel}
```
"""


def main() -> int:
    """Run them, print, and write the page."""
    tables = {name: table(name) for name in ("engine", "scale", "peers")}
    kernel_lines = shown(partial(kernel.main, 400))
    feel_lines = shown(partial(feel.main, 2_000))
    PAGE.write_text(
        HEAD.format(
            cpu=f"{platform.machine()}, two cores",
            python=platform.python_version(),
            **tables,
            kernel=kernel_lines,
            feel=feel_lines,
        ),
        encoding="utf-8",
    )
    print(f"written: {PAGE.relative_to(Path.cwd())}")
    return 0


def table(name: str) -> str:
    """Run one of the benchmarks that want a process of their own; its measures as rows."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "measures.json"
        command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(result)]
        subprocess.run(command, check=True)  # noqa: S603 - our own module
        measures = json.loads(result.read_text())
    return "\n".join(
        f"| {measure.replace('_', ' ')} | {value:.2f} |" for measure, value in measures.items()
    )


def shown(run: Callable[[Callable[[str], None]], None]) -> str:
    """Run a benchmark and print its lines; return them, too."""
    lines: list[str] = []

    def show(line: str) -> None:
        print(line)
        lines.append(line)

    run(show)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
