"""Fixtures of the fault tests."""

from tests.engine.fixtures import bells, cast, register
from tests.engine.postgres_world import postgres, postgres_url

__all__ = ["bells", "cast", "postgres", "postgres_url", "register"]
