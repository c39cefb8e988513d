"""Fixtures of the engine's tests."""

from tests.engine.fixtures import bells, cast, register

__all__ = ["bells", "cast", "register"]
