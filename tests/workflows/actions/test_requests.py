"""A repeated request gets its first answer."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from engine.errors import (
    BeingProcessed,
    InstanceNotActive,
    NotPermitted,
    NotWaiting,
    TaskAssignedElsewhere,
    TaskNotOpen,
)
from tests import make
from workflows.accounts.models import User
from workflows.actions import refusals
from workflows.actions.requests import once
from workflows.errors import (
    AttemptsExhausted,
    BatchChanged,
    ClaimChanged,
    DuplicateClaim,
    IncompleteClaim,
    InvalidInput,
    NotAllowed,
    NoticeNotAccepted,
    PayoutGateClosed,
    PortUnavailable,
    Refused,
    RequestBodyDiffers,
    RequestInFlight,
    TooLate,
)
from workflows.models import Office, RequestKey

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
KEPT: tuple[refusals.Refusal, ...] = (
    AttemptsExhausted(3),
    BatchChanged({7: "account", 12: "amount"}),
    ClaimChanged(by_id=4, at=THEN, status="denied"),
    DuplicateClaim("TEST-2026-000001"),
    InvalidInput({"note": "required"}),
    NotAllowed("not_own", "four_eyes"),
    NotPermitted("four_eyes", detail="first_review"),
    NotWaiting("withdraw_requested"),
    TaskNotOpen(9, by_id=4, closed_at=THEN),
    TooLate("correction", ended_at=THEN),
)
PASSING = (
    IncompleteClaim(["file:id_front", "phone"]),
    NoticeNotAccepted("2"),
    Refused(["E06", "E07"]),
    BeingProcessed("a row is locked"),
    InstanceNotActive("suspended"),
    TaskAssignedElsewhere(9, by_id=4, until=THEN),
    PayoutGateClosed("unreconciled"),
    PortUnavailable("bank", "timeout"),
)


class Counter:
    """An act that counts how often it runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> Office:
        self.runs += 1
        return make.office()


class Refuser:
    """An act that writes something and is then refused."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.runs = 0

    def __call__(self) -> Office:
        self.runs += 1
        Office.objects.update(phone="changed")
        raise self.error


@pytest.fixture
def user() -> User:
    make.programme()
    return make.applicant("wang")


def asked(
    act: Callable[[], Office], user: User, at: datetime, key: str = "k", body: str = "b"
) -> Office:
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

    def test_final_refusal_is_given_again_and_not_judged_again(
        self, user: User, at: datetime
    ) -> None:
        act = Refuser(InvalidInput({"reasons": "required", "note": "required"}))
        for _ in range(2):
            with pytest.raises(InvalidInput) as refused:
                asked(act, user, at)

            assert refused.value.fields == {"reasons": "required", "note": "required"}
        assert act.runs == 1
        assert make.office().phone != "changed"

    def test_key_of_a_refusal_takes_no_other_body(self, user: User, at: datetime) -> None:
        with pytest.raises(NotAllowed):
            asked(Refuser(NotAllowed("not_own")), user, at)

        act = Counter()
        with pytest.raises(RequestBodyDiffers):
            asked(act, user, at, body="other")
        assert act.runs == 0

    @pytest.mark.parametrize("passing", PASSING, ids=lambda error: error.code)
    def test_refusal_that_passes_leaves_the_key_free(
        self, passing: Exception, user: User, at: datetime
    ) -> None:
        with pytest.raises(type(passing)):
            asked(Refuser(passing), user, at)

        act = Counter()
        asked(act, user, at)
        assert act.runs == 1

    @pytest.mark.parametrize("same_body", [True, False])
    def test_refusal_gives_way_to_the_answer_of_a_request_at_the_same_moment(
        self, user: User, at: datetime, *, same_body: bool
    ) -> None:
        """The other request takes the key after this one rolled back."""
        act = Refuser(ClaimChanged(status="denied"))
        won = make.office()
        refused = refusals.as_json

        def meanwhile(error: refusals.Refusal) -> dict[str, object]:
            asked(lambda: won, user, at, body="b" if same_body else "other")
            return refused(error)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(refusals, "as_json", meanwhile)
            if same_body:
                assert asked(act, user, at) == won
            else:
                with pytest.raises(RequestBodyDiffers):
                    asked(act, user, at)

    def test_request_that_is_still_running_is_told_so(self, user: User, at: datetime) -> None:
        act = Counter()
        asked(act, user, at)
        RequestKey.objects.update(status=None)

        with pytest.raises(RequestInFlight):
            asked(act, user, at)


class TestRefusals:
    @pytest.mark.parametrize("error", KEPT, ids=lambda error: error.code)
    def test_stored_refusal_says_the_same(self, error: refusals.Refusal) -> None:
        stored = json.loads(json.dumps(refusals.as_json(error)))

        again = refusals.from_json(stored)

        assert refusals.is_final(error)
        assert type(again) is type(error)
        assert (str(again), vars(again)) == (str(error), vars(error))

    def test_every_kind_is_tried(self) -> None:
        assert {type(error) for error in KEPT} == set(refusals.FINAL)
