"""A merged office leads to the one that took over."""

from datetime import date, datetime

import pytest

from tests import make
from workflows.actions import offices
from workflows.errors import NotAllowed
from workflows.queries import rulebook

pytestmark = pytest.mark.django_db


class TestMergeOffice:
    def test_work_goes_to_the_successor_from_the_day_after(self, at: datetime) -> None:
        make.programme()
        admin = make.officer("admin", "system_admin", place=None)
        old, new = make.office("JL-CC-01"), make.office("JL-JL-01")

        offices.merge_office(old, new, last_day=date(2026, 11, 30), by=admin, at=at)

        assert rulebook.office("JL-CC-01", on=date(2026, 11, 30)) == old
        assert rulebook.office("JL-CC-01", on=date(2026, 12, 1)) == new

    def test_circle_is_refused(self, at: datetime) -> None:
        make.programme()
        admin = make.officer("admin", "system_admin", place=None)
        old, new = make.office("JL-CC-01"), make.office("JL-JL-01")
        offices.merge_office(old, new, last_day=date(2026, 11, 30), by=admin, at=at)

        with pytest.raises(NotAllowed):
            offices.merge_office(new, old, last_day=date(2026, 12, 31), by=admin, at=at)

    def test_others_are_refused(self, at: datetime) -> None:
        cast = make.cast()

        with pytest.raises(NotAllowed):
            offices.merge_office(
                make.office("JL-CC-01"),
                make.office("JL-JL-01"),
                last_day=date(2026, 11, 30),
                by=cast.wu,
                at=at,
            )
