"""A lock that somebody keeps is told in a typed way; other failures stay what they are."""

import pytest
from django.db import OperationalError

from engine.errors import BeingProcessed
from tests import make
from workflows.actions.acting import acting
from workflows.models import Office


class PgError(Exception):
    """What the driver raises below Django's error."""

    def __init__(self, pgcode: str) -> None:
        self.pgcode = pgcode


def failure(text: str, cause: Exception | None = None) -> OperationalError:
    error = OperationalError(text)
    error.__cause__ = cause
    return error


def rename_and_stop() -> None:
    with acting():
        Office.objects.all().update(name="x")
        raise ValueError("stop")


@pytest.mark.django_db
class TestActing:
    @pytest.mark.parametrize(
        "error",
        [
            failure("database is locked"),
            failure("canceling statement", PgError("55P03")),
            failure("deadlock", PgError("40P01")),
        ],
    )
    def test_kept_lock_is_being_processed(self, error: OperationalError) -> None:
        with pytest.raises(BeingProcessed), acting():
            raise error

    def test_other_failure_stays_what_it_is(self) -> None:
        with pytest.raises(OperationalError), acting():
            raise failure("disk full", PgError("53100"))

    def test_nothing_is_left_of_a_failed_act(self) -> None:
        make.programme()

        with pytest.raises(ValueError, match="stop"):
            rename_and_stop()

        assert not Office.objects.filter(name="x").exists()
