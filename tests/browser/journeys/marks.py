"""The marks of a journey: a browser, and one worker for the office that all share."""

import pytest

from tests.browser.chromium import executable
from tests.conftest import IN_CI

JOURNEY = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None and not IN_CI, reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser-journeys"),
]
