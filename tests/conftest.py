"""What every test shares: no network, a fixed time, services found or named as missing."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import translation

# A browser that lives through a session keeps an event loop in its thread; the tests of the same
# process that follow are as synchronous as ever.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
SERVICES = {"postgres": 5432, "rabbitmq": 5672, "redis": 6379}


def answers(port: int) -> bool:
    """Whether something listens on this loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked with a service is skipped where that does not answer, but never under CI."""
    missing = {name: port for name, port in SERVICES.items() if not answers(port)}
    for item in items:
        for name, port in missing.items():
            if item.get_closest_marker(name) is None:
                continue
            if IN_CI:
                raise pytest.UsageError(f"{name} must answer on 127.0.0.1:{port} under CI")
            item.add_marker(pytest.mark.skip(reason=f"{name} does not answer on 127.0.0.1:{port}"))


@pytest.fixture
def at() -> datetime:
    """Tuesday 10 November 2026, 10:00 in Changchun."""
    return datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Each test starts and ends in the product's first language."""
    with translation.override("zh-hans"):
        yield
