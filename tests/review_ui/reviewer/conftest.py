import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests import make
from workflows.accounts.models import User


@pytest.fixture(autouse=True)
def _addresses(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.review_ui.reviewer.addresses"
    settings.STATIC_ROOT = str(tmp_path)
    monkeypatch.setattr("engine.clock.now", lambda: make.AT)


@pytest.fixture
def people() -> make.Cast:
    return make.cast()


def as_(user: User, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([0-9a-f-]*)"', page)
    assert found is not None
    return found[1]
