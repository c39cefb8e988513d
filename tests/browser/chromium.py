"""A headless Chromium, a running demo office, and a look at a page as axe sees it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).with_name("axe.min.js")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without these, Chromium looks for its maker's hosts, which a closed network refuses one by one.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 180


def executable() -> str | None:
    """The distribution's Chromium, or None where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


_open: list[Browser] = []


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser that is closed afterwards, or the one that is open: Playwright runs once."""
    if _open:
        yield _open[0]
        return
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        _open.append(chromium)
        try:
            yield chromium
        finally:
            _open.clear()
            chromium.close()


@dataclass(frozen=True, slots=True)
class Office:
    """A running demo: its address and its process; `places` are those of the scenes."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path
    places: Mapping[str, str] = field(default_factory=dict)


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo_office(claims: int, *, scenes: bool = False) -> Iterator[Office]:
    """`manage.py demo` with its own data folder, ended by SIGTERM.

    `scenes` puts somebody into each state that has a page of its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="shenling-browser-"))
    port = free_port()
    log = folder / "log"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "CELERY_BROKER_URL", "PYTEST_VERSION"}
    } | {"DEMO": "1", "DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", "demo", "--port", str(port), "--claims", str(claims)]
    try:
        places = _set_up(command, folder, environment, log) if scenes else {}
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603 - our own command with our own arguments
                command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            _wait(f"http://127.0.0.1:{port}/health", process, log)
            yield Office(f"http://127.0.0.1:{port}", process, log, places)
        finally:
            process.terminate()
            process.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(
    demo: list[str], folder: Path, environment: dict[str, str], log: Path
) -> Mapping[str, str]:
    """Fill the demo and play the scenes before anything is served."""
    target = folder / "places.json"
    play = [sys.executable, "-m", "tests.browser.scenes", str(target)]
    for command in ([*demo, "--no-serve"], play):
        with log.open("ab") as out:
            done = subprocess.run(  # noqa: S603 - our own commands with our own arguments
                command, cwd=ROOT, env=environment, stdout=out, stderr=out, check=False
            )
        if done.returncode:
            raise RuntimeError(f"{command[1:3]} failed:\n{_end_of(log)}")
    places: Mapping[str, str] = json.loads(target.read_text(encoding="utf-8"))
    return places


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"the demo did not start:\n{_end_of(log)}")


def violations(page: Page) -> list[str]:
    """Serious and critical findings of axe on this page, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS
    )
    return [
        f"{v['id']} ({v['impact']}): {n['html'][:160]} {json.dumps(n['target'])}"
        for v in result["violations"]
        if v["impact"] in {"serious", "critical"}
        for n in v["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide
