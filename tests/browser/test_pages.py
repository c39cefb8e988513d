"""Every page in both languages, on a desktop and on a phone: answers, fits, and axe is silent."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest
from django.urls import get_resolver, resolve
from django.utils import translation
from playwright.sync_api import Browser, Page

from review_ui.errors import server_error
from tests.browser.chromium import Office, browser, demo_office, executable, overflows, violations
from tests.browser.stops import ACTS, FILES, STOPS
from tests.browser.tour import DESKTOP, LANGUAGES, PHONE, Visitor, walk
from tests.conftest import IN_CI

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None and not IN_CI, reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
TRIES = 10


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with demo_office(claims=40, scenes=True) as running:
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
    seen: set[str] = set()

    for stop, status in walk(visitor, office.places):
        page = visitor.page
        seen.add(name_of(page))
        problems += [f"{stop.name}: answered {status}"] if status != stop.status else []
        problems += [f"{stop.name}: {error}" for error in visitor.errors]
        # Words alone differ from the Chinese phone, and axe has read them on the desktop.
        silent = (width, language) == (PHONE, "en")
        found = wide(page) if silent else unsound(page)
        problems += [f"{stop.name}: {finding}" for finding in found]
    visitor.close()
    problems += [f"{name}: nobody looked" for name in sorted(pages() - seen)]

    assert problems == []


def unsound(page: Page) -> list[str]:
    """What a person would trip over."""
    return [*violations(page), *wide(page)]


def wide(page: Page) -> list[str]:
    return ["wider than the window"] if overflows(page) else []


def name_of(page: Page) -> str:
    """The name of the address that is shown; empty for one that leads nowhere."""
    path = urlsplit(page.url).path
    return resolve(path).view_name if path != "/nowhere/" else ""


def pages() -> set[str]:
    """The names of all addresses behind which there is a page."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return names - ACTS - FILES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_refusals_are_sound(office: Office, chromium: Browser, width: int, language: str) -> None:
    visitor = Visitor(chromium, office.url, width=width, language=language)
    page = visitor.page

    page.goto(f"{office.url}/login/")
    visitor.context.clear_cookies(name="csrftoken")
    assert visitor.press("main form button.btn-primary") == 403
    assert unsound(page) == []

    answers = [failed_login(visitor) for _try in range(TRIES + 1)]
    assert answers[-1] == 429
    assert unsound(page) == []

    with translation.override(language):
        body = server_error(HttpRequest()).content.decode()
    page.route("**/broken/", lambda route: route.fulfill(status=500, body=body))
    page.goto(f"{office.url}/broken/")
    assert unsound(page) == []
    visitor.close()


def failed_login(visitor: Visitor) -> int:
    visitor.page.goto(f"{visitor.base}/login/")
    visitor.page.locator("#id_username").fill("forgetful")
    visitor.page.locator("#id_password").fill("not-the-password")
    return visitor.press("main form button.btn-primary")


def test_pay_day_moves_money(chromium: Browser) -> None:
    # An office of its own: a month later what the scenes set up is over.
    with demo_office(claims=40) as office:
        visitor = Visitor(chromium, office.url, width=DESKTOP, language="en")
        visitor.become("zhidan")

        with visitor.page.expect_navigation():
            visitor.page.locator("form[action$='/demo/pay-day/'] button").click()

        assert " yuan, batch " in visitor.page.locator("[role=status]").first.inner_text()
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

    visitor.visit(next(stop for stop in STOPS if stop.name == "version"), office.places)

    assert visitor.page.locator(".bjs-powered-by").first.is_visible()
    visitor.close()
