"""The invariants on PostgreSQL: the same broken worlds as on SQLite are seen."""

from datetime import datetime

import pytest

from engine.management import deep
from tests.engine.api.test_invariants import BREAK, build_world, violated
from tests.engine.fixtures import Register
from tests.engine.worlds import Cast

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres", "bells")]


class TestInvariants:
    @pytest.fixture(autouse=True)
    def _world(self, postgres: str, cast: Cast, register: Register, at: datetime) -> None:
        assert postgres
        build_world(cast, register, at)

    def test_hold_in_a_healthy_world(self, at: datetime) -> None:
        assert violated(at) == set()
        assert list(deep.problems()) == []

    @pytest.mark.parametrize("number", sorted(BREAK))
    def test_each_sees_its_own_broken_world(self, number: str, at: datetime) -> None:
        BREAK[number]()

        assert number in violated(at)
