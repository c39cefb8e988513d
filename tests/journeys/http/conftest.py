import pytest

from tests import make
from tests.journeys.http.site import Site


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(make.cast(), monkeypatch)
