"""The running office of the journeys: who sits before which screen, and which day it is."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from review_ui.demo.seed import next_pay_day
from tests.browser.chromium import ROOT, Office
from tests.browser.tour import DESKTOP, PHONE, Visitor

PATIENCE_S = 30
# Past the longest holiday that can begin on a pay day.
AFTER_PAY_DAY = timedelta(days=8)


@dataclass
class Stage:
    """One journey in the office that all of them share."""

    office: Office
    browser: Browser
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def at_home(self, name: str) -> Page:
        """Somebody with a phone, whose browser nobody else uses."""
        if name not in self.visitors:
            self.visitors[name] = Visitor(
                self.browser, self.office.url, width=PHONE, language="zh-hans"
            )
        return self.visitors[name].page

    def officer(self, username: str) -> Page:
        """The screen of an officer, logged in by the demo's banner."""
        if username not in self.visitors:
            visitor = Visitor(self.browser, self.office.url, width=DESKTOP, language="zh-hans")
            visitor.become(username)
            self.visitors[username] = visitor
        return self.visitors[username].page

    def let_the_pay_day_pass(self) -> None:
        """Nobody clicks time: the demo's stored clock goes on, behind the next pay day."""
        now = datetime.now(UTC)
        stored = self.folder / "clock_shift"
        shift = float(stored.read_text()) if stored.exists() else 0.0
        target = next_pay_day(now + timedelta(seconds=shift)) + AFTER_PAY_DAY
        part = stored.with_suffix(".part")
        part.write_text(str((target - now).total_seconds()))
        part.replace(stored)

    def check_invariants(self) -> "subprocess.CompletedProcess[str]":
        """What the command says about this office's database."""
        environment = {n: v for n, v in os.environ.items() if n != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "manage.py", "check_invariants"],
            cwd=ROOT,
            env=environment | {"DEMO": "1", "DATA_DIR": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def folder(self) -> Path:
        """Where this office keeps its data."""
        return self.office.log.parent

    def assert_clean(self) -> None:
        """No script failed on anybody's screen, and the books of the office hold."""
        said = {name: one.errors for name, one in self.visitors.items() if one.errors}
        assert said == {}, said
        end = time.monotonic() + PATIENCE_S
        # What fell due a moment ago is not late yet: the next beat takes it.
        while (answer := self.check_invariants()).returncode and time.monotonic() < end:
            time.sleep(1)
        assert "0 violated" in answer.stdout, answer.stdout + answer.stderr

    def close(self) -> None:
        for visitor in self.visitors.values():
            visitor.close()


def follow(control: Locator) -> None:
    """Click, and wait for the page that comes: what is read next is read there."""
    with control.page.expect_navigation():
        control.click()


def until(page: Page, wanted: Locator) -> Locator:
    """Look again, as people do, until machines have done their part."""
    end = time.monotonic() + PATIENCE_S
    while not wanted.count():
        assert time.monotonic() < end, page.locator("main").inner_text()
        page.wait_for_timeout(400)
        page.reload()
    return wanted.first
