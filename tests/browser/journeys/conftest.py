"""One office and one browser for all journeys; each journey has its own people."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Office, browser, demo_office
from tests.browser.journeys.stage import Stage


@pytest.fixture(scope="session")
def shared_office() -> Iterator[Office]:
    with demo_office(claims=6) as running:
        yield running


@pytest.fixture(scope="session")
def shared_chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def stage(shared_office: Office, shared_chromium: Browser) -> Iterator[Stage]:
    journey = Stage(shared_office, shared_chromium)
    yield journey
    journey.close()
