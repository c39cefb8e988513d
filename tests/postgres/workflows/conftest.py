"""Fixtures of the domain's tests on PostgreSQL."""

from tests.engine.fixtures import bells
from tests.engine.postgres_world import postgres, postgres_url

__all__ = ["bells", "postgres", "postgres_url"]
