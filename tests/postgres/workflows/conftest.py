"""Fixtures of the domain's tests on PostgreSQL."""

import pytest

from tests import make
from tests.engine.fixtures import bells
from tests.engine.postgres_world import postgres, postgres_url

__all__ = ["bells", "postgres", "postgres_url"]


@pytest.fixture
def cast(postgres: str) -> make.Cast:
    """Everybody a story needs, in the throw-away database."""
    del postgres
    return make.cast()
