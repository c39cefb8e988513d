"""`python -m tests.mutants.drill [word …]`: plant each bug in a copy, and see who notices.

A bug that no test notices has survived, and the drill ends with an error. It takes some minutes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from tests.mutants.planted import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("bpmn", "config", "engine", "review_ui", "workflows", "tests", "pyproject.toml")
WORKERS = 2
# What pytest answers when tests ran and some failed; anything else is no answer.
ALL_PASSED, SOME_FAILED = 0, 1


class Bench:
    """A copy of the product with a database of its own, for one bug at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for part in PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(
                    source, folder / part, ignore=shutil.ignore_patterns("node_modules")
                )
            else:
                shutil.copy(source, folder / part)

    def test(self, paths: Iterable[str]) -> int:
        """pytest's answer for these tests."""
        return subprocess.run(  # noqa: S603 - our interpreter, our tests
            [sys.executable, "-m", "pytest", "-x", "-q", "--reuse-db", *paths],
            cwd=self.folder,
            env={
                **os.environ,
                "DATA_DIR": str(self.folder / "var"),
                "TEST_SQLITE_NAME": str(self.folder / "test.sqlite3"),
            },
            stdout=subprocess.DEVNULL,
            check=False,
            timeout=1_800,
        ).returncode

    def plant(self, mutant: Mutant) -> int:
        """pytest's answer while the bug is in."""
        file = self.folder / "workflows" / f"{mutant.file}.py"
        sound = file.read_text(encoding="utf-8")
        file.write_text(sound.replace(mutant.good, mutant.bad), encoding="utf-8")
        try:
            return self.test([mutant.tests])
        finally:
            file.write_text(sound, encoding="utf-8")


def drill(mutants: list[Mutant], folder: Path) -> list[str]:
    """Names of the bugs that nobody noticed, or whose tests gave no answer."""
    benches: Queue[Bench] = Queue()
    for number in range(WORKERS):
        benches.put(Bench(folder / str(number)))

    def one(mutant: Mutant) -> int:
        bench = benches.get()
        try:
            return bench.plant(mutant)
        finally:
            benches.put(bench)

    sound = benches.get()
    if sound.test(sorted({mutant.tests for mutant in mutants})) != ALL_PASSED:
        sys.exit("the tests fail without any bug: nothing can be learned from them")
    benches.put(sound)
    survivors = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for mutant, answer in zip(mutants, pool.map(one, mutants), strict=True):
            is_caught = answer == SOME_FAILED
            say = "caught" if is_caught else "SURVIVED" if answer == ALL_PASSED else "NO ANSWER"
            sys.stdout.write(f"{say:10}{mutant.name}\n")
            sys.stdout.flush()
            if not is_caught:
                survivors.append(mutant.name)
    return survivors


def chosen(words: list[str]) -> list[Mutant]:
    return [one for one in MUTANTS if not words or any(word in one.name for word in words)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="shenling-drill-") as place:
        if left := drill(chosen(sys.argv[1:]), Path(place)):
            sys.exit(f"{len(left)} of {len(chosen(sys.argv[1:]))} were not caught")
