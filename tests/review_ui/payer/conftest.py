import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests import make
from workflows.accounts.models import User

DUE = make.AT + timedelta(days=45)


@pytest.fixture(autouse=True)
def _static(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock that the pages read."""

    def set_to(at: datetime) -> None:
        monkeypatch.setattr("engine.clock.now", lambda: at)

    set_to(DUE)
    return set_to


@pytest.fixture
def people(request: pytest.FixtureRequest) -> make.Cast:
    request.getfixturevalue("now")
    return make.cast()


def as_(user: User, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]
