"""Lists cost the same number of statements however long they are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.review_ui.payer.conftest import DUE, _static, as_, now, people
from workflows.accounts.models import User
from workflows.actions import batches, corrections, reviews
from workflows.models import Claim, PaymentBatch
from workflows.uploads.pictures import remembering

__all__ = ["_static", "now", "people"]
pytestmark = pytest.mark.django_db(transaction=True)
FEW = 5
LATER = DUE + timedelta(days=10)
# A frame, its counts and a list: a page that needs more than this does something row by row.
AT_MOST = 30


@pytest.fixture(autouse=True)
def _pictures_once() -> Iterator[None]:
    with remembering():
        yield


def payees(count: int) -> Iterator[User]:
    """So many people more."""
    first = User.objects.filter(username__startswith="payee").count()
    for number in range(first, first + count):
        yield make.applicant(
            f"payee{number:03}",
            id_text=make.id_number(300 + number),
            name="王五",
            phone=f"13700000{number:03}",
        )


def checked(count: int) -> list[Claim]:
    return [make.checked(user) for user in payees(count)]


def waiting(_cast: make.Cast, count: int) -> None:
    checked(count)


def taken(cast: make.Cast, count: int) -> None:
    for claim in checked(count):
        reviews.take(make.task(claim).id, by=cast.qian, at=make.AT)


def concluded(cast: make.Cast, count: int) -> None:
    for claim in checked(count):
        make.conclude(claim, "pass", cast.qian)


def approved(cast: make.Cast, count: int) -> None:
    for claim in checked(count):
        checked_claim = make.conclude(claim, "pass", cast.qian)
        reviewed = make.conclude(checked_claim, "recommend_approval", cast.lin)
        make.conclude(reviewed, "approve", cast.zhou)
    make.settle(DUE)


def in_batches(cast: make.Cast, count: int) -> None:
    """A batch for every month, so that there are many."""
    approved(cast, count)
    plan = batches.preview_batch(
        make.programme(), office=None, cut_off=DUE.date(), by=cast.feng, at=DUE
    )
    for line in plan.lines:
        batches.create_batch(
            make.programme(),
            office=None,
            cut_off=DUE.date(),
            only=[line.instalment_id],
            by=cast.feng,
            at=DUE,
        )


def withdrawn(cast: make.Cast, count: int) -> None:
    """One person who claims and takes it back, again and again."""
    for _ in range(count):
        corrections.withdraw_claim(make.checked(cast.wang), by=cast.wang, at=make.AT)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page needs, and how long it is."""

    statements: int
    length: int


def cost(user: User, path: str) -> Cost:
    """Of the second call: the first one fills caches."""
    client = as_(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200
    return Cost(len(captured), len(answer.content))


Grow = Callable[[make.Cast, int], object]
PLAN = f"/payments/new/?programme=TEST&office=&cut_off={DUE:%Y-%m-%d}"
LISTS: dict[Grow, tuple[str, list[str], int]] = {
    waiting: ("qian", ["/work/queue/", "/work/overdue/", "/work/search/"], 50),
    taken: ("qian", ["/work/"], 15),
    concluded: ("qian", ["/work/done/"], 15),
    approved: ("feng", [PLAN], 12),
    in_batches: ("feng", ["/payments/"], 12),
    withdrawn: ("wang", ["/claims/"], 12),
}


@pytest.mark.parametrize("grow", LISTS)
def test_list_costs_the_same(people: make.Cast, now: Callable[..., None], grow: Grow) -> None:
    who, paths, many = LISTS[grow]
    now(LATER)
    user = getattr(people, who)
    grow(people, FEW)
    few = {path: cost(user, path) for path in paths}
    grow(people, many - FEW)

    for path in paths:
        more = cost(user, path)
        assert more.length > few[path].length, path
        assert more.statements == few[path].statements <= AT_MOST, path


def test_batch_costs_the_same_however_many_lines_it_has(
    people: make.Cast, now: Callable[..., None]
) -> None:
    now(LATER)
    costs = []
    for count in (2, 10):
        approved(people, count)
        row: PaymentBatch = make.batch(people, at=DUE)
        assert row.line_count == count
        costs.append(cost(people.feng, f"/payments/{row.number}/"))

    assert costs[1].length > costs[0].length
    assert costs[0].statements == costs[1].statements <= AT_MOST
