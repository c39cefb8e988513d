"""A repeated request gets its first answer."""

from datetime import datetime

import pytest

from tests import make
from workflows.accounts.models import User
from workflows.actions.requests import once
from workflows.errors import InvalidInput, RequestBodyDiffers, RequestInFlight
from workflows.models import Office, RequestKey

pytestmark = pytest.mark.django_db


class Counter:
    """An act that counts how often it runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> Office:
        self.runs += 1
        return make.office()


@pytest.fixture
def user() -> User:
    make.programme()
    return make.applicant("wang")


def asked(act: Counter, user: User, at: datetime, key: str = "k", body: str = "b") -> Office:
    return once(
        act,
        again=lambda pk: Office.objects.get(pk=pk),
        by=user,
        route="r",
        key=key,
        body={"b": body},
        at=at,
    )


class TestOnce:
    def test_same_key_runs_once(self, user: User, at: datetime) -> None:
        act = Counter()

        assert asked(act, user, at) == asked(act, user, at)
        assert act.runs == 1

    def test_without_key_it_runs_each_time(self, user: User, at: datetime) -> None:
        act = Counter()
        asked(act, user, at, key="")
        asked(act, user, at, key="")

        assert act.runs == 2

    def test_other_body_is_refused(self, user: User, at: datetime) -> None:
        act = Counter()
        asked(act, user, at)

        with pytest.raises(RequestBodyDiffers):
            asked(act, user, at, body="other")
        assert act.runs == 1

    def test_other_person_is_independent(self, user: User, at: datetime) -> None:
        act = Counter()
        asked(act, user, at)
        asked(act, make.applicant("zhang", id_text=make.id_number(1), name="张四"), at)

        assert act.runs == 2

    def test_refusal_leaves_the_key_free(self, user: User, at: datetime) -> None:
        def refused() -> Office:
            raise InvalidInput({"x": "y"})

        act = Counter()
        for _ in range(2):
            with pytest.raises(InvalidInput):
                once(refused, again=refused_again, by=user, route="r", key="k", body={}, at=at)
        asked(act, user, at)

        assert act.runs == 1

    def test_request_that_is_still_running_is_told_so(self, user: User, at: datetime) -> None:
        act = Counter()
        asked(act, user, at)
        RequestKey.objects.update(status=None)

        with pytest.raises(RequestInFlight):
            asked(act, user, at)


def refused_again(pk: str) -> Office:
    raise AssertionError(pk)
