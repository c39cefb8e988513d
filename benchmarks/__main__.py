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
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "engine.json"
        command = [sys.executable, "-m", "benchmarks.engine", "--json", str(result)]
        ended = subprocess.run(command, check=False)  # noqa: S603 - our own module
        if ended.returncode:
            return ended.returncode
        measures = json.loads(result.read_text())
    kernel_lines = shown(partial(kernel.main, 400))
    feel_lines = shown(partial(feel.main, 2_000))
    rows = "\n".join(
        f"| {name.replace('_', ' ')} | {value:.2f} |" for name, value in measures.items()
    )
    PAGE.write_text(
        HEAD.format(
            cpu=f"{platform.machine()}, two cores",
            python=platform.python_version(),
            engine=rows,
            kernel=kernel_lines,
            feel=feel_lines,
        ),
        encoding="utf-8",
    )
    print(f"written: {PAGE.relative_to(Path.cwd())}")
    return 0


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
