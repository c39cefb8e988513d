"""Every page in both languages, on a desktop and on a phone: answers, fits, and axe is silent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Office, browser, demo_office, executable, overflows, violations
from tests.browser.tour import DESKTOP, LANGUAGES, PHONE, STOPS, Visitor, walk
from tests.conftest import IN_CI

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None and not IN_CI, reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with demo_office(claims=40) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_page_is_sound(office: Office, chromium: Browser, width: int, language: str) -> None:
    visitor = Visitor(chromium, office.url, width=width, language=language)
    problems: list[str] = []

    for stop, status in walk(visitor):
        page = visitor.page
        problems += [f"{stop.name}: answered {status}"] if status != 200 else []
        problems += [f"{stop.name}: wider than the window"] if overflows(page) else []
        problems += [f"{stop.name}: {error}" for error in visitor.errors]
        problems += [f"{stop.name}: {finding}" for finding in violations(page)]
    visitor.close()

    assert problems == []


def test_pay_day_moves_money(office: Office, chromium: Browser) -> None:
    visitor = Visitor(chromium, office.url, width=DESKTOP, language="zh-hans")
    visitor.become("zhidan")

    with visitor.page.expect_navigation():
        visitor.page.locator("form[action$='/demo/pay-day/'] button").click()

    assert visitor.page.locator("[role=status]").first.inner_text().strip()
    assert visitor.errors == []
    visitor.close()


def test_officer_concludes_a_clean_claim_by_keyboard(office: Office, chromium: Browser) -> None:
    visitor = Visitor(chromium, office.url, width=DESKTOP, language="zh-hans")
    visitor.become("hedui")
    visitor.page.goto(office.url + "/work/queue/")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("n")
    first = visitor.page.url

    visitor.page.keyboard.press("1")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Control+Enter")

    assert "/work/tasks/" in first
    assert visitor.page.url != first
    assert visitor.errors == []
    visitor.close()


def test_logo_of_the_diagram_library_stays_visible(office: Office, chromium: Browser) -> None:
    visitor = Visitor(chromium, office.url, width=DESKTOP, language="zh-hans")
    visitor.become("liucheng")

    visitor.visit(next(stop for stop in STOPS if stop.name == "version"))

    assert visitor.page.locator(".bjs-powered-by").first.is_visible()
    visitor.close()
