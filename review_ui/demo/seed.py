"""Fill an empty demo: officers, claims of the last months, pay days; all through real acts."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from engine.errors import EngineError
from review_ui.demo import invented, payday, stories
from review_ui.demo.cast import CHANGCHUN, JILIN, OFFICERS, PASSWORD, PROVINCE
from review_ui.demo.scenario import Scenario
from workflows.accounts.models import User
from workflows.actions import people
from workflows.errors import WorkflowsError
from workflows.queries import processes, rulebook
from workflows.uploads import pictures

Say = Callable[[str], None]
# How long ago claims began: most of them lately, so that every queue has work.
AGES = (1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 20, 25, 32, 40, 48, 55, 63, 75, 90)
# Three of a hundred wait for something; the last four digits of a card tell the bank what to do.
TURNS = {3: "return", 7: "return", 11: "silent", 17: "delete", 19: "withdraw", 23: "draft"}
CARDS = {5: "0001", 29: "0004", 41: "0003"}
PAY_DAY = 20


def officers(at: datetime) -> dict[tuple[str, str], User]:
    """An account per member; (role, office) -> the first of those who hold it."""
    found: dict[tuple[str, str], User] = {}
    today = rulebook.local_day(at)
    for member in OFFICERS:
        user = people.open_officer_account(member.username, member.name, PASSWORD, by=None, at=at)
        everywhere = member.office == PROVINCE
        office = None if everywhere else rulebook.office(member.office, on=today)
        for role in member.roles:
            people.assign_role(user, role, office=office, by=None, at=at)
            found.setdefault((role, member.office), user)
    return found


def fill(count: int, *, at: datetime, say: Say) -> None:
    """Seed `count` claims that end at `at`; about 0.3 s each."""
    began = at - timedelta(days=120)
    say("officers")
    stage = stories.Stage(began, next(iter(processes.programme_names())), officers(began))
    queue: list[tuple[datetime, int, Iterator[datetime]]] = []
    order = itertools.count()
    for number in range(1, count + 1):
        start, story = _planned(stage, number, at)
        heapq.heappush(queue, (start, next(order), story))
    heapq.heappush(queue, (_first_pay_day(began), next(order), _pay_days(stage, at)))
    with pictures.remembering():
        _play(stage, queue, order, at=at, say=say, count=count)


def _planned(
    stage: stories.Stage, number: int, at: datetime
) -> tuple[datetime, Iterator[datetime]]:
    draw = random.Random(number)  # noqa: S311 - invented data
    days = AGES[number % len(AGES)]
    start = stories.next_working_time(at - timedelta(days=days + 1), 1, draw)
    start = min(start, at - timedelta(hours=1, minutes=number % 50))
    office = JILIN if number % 6 == 0 else CHANGCHUN
    turn = TURNS.get(number % 31, "")
    claimant = stories.Claimant(stage, number * 3, office, card_ends=CARDS.get(number % 43, ""))
    if turn == "draft":
        return start, stories.draft(claimant)
    return start, stories.claim(claimant, turn=turn)


def _play(
    stage: stories.Stage,
    queue: list[tuple[datetime, int, Iterator[datetime]]],
    order: Iterator[int],
    *,
    at: datetime,
    say: Say,
    count: int,
) -> None:
    """Act in the order of time; machines run between two acts."""
    begun: set[int] = set()
    while queue and queue[0][0] < at:
        when, place, story = heapq.heappop(queue)
        stage.now = when
        payday.settle(when)
        try:
            following = next(story, None)
        except (WorkflowsError, EngineError) as refusal:
            # An invented act that the rules refuse ends that story only; the claim stays real.
            say(f"refused: {refusal.code} {refusal}")
            following = None
        if place < count:
            begun.add(place)
            if len(begun) % 25 == 0:
                say(f"{len(begun)} / {count}")
        if following is not None:
            heapq.heappush(queue, (following, next(order), story))
    stage.now = at
    payday.settle(at)


def _first_pay_day(after: datetime) -> datetime:
    first = after.replace(day=PAY_DAY, hour=2, minute=0, second=0, microsecond=0)
    return first if first > after else next_pay_day(after)


def next_pay_day(after: datetime) -> datetime:
    """The twentieth that follows, ten in the morning in China."""
    month = (after.replace(day=1) + timedelta(days=32)).replace(day=1)
    candidate = after.replace(day=PAY_DAY, hour=2, minute=0, second=0, microsecond=0)
    if candidate > after:
        return candidate
    return month.replace(day=PAY_DAY, hour=2, minute=0, second=0, microsecond=0)


def _pay_days(stage: stories.Stage, at: datetime) -> Iterator[datetime]:
    while True:
        # Pay days are moved to working days: three days later everything of the month is due.
        payday.run(stage.programme, stage.now + timedelta(days=3))
        following = next_pay_day(stage.now)
        if following >= at:
            return
        yield following


def scenario(count: int) -> Scenario:
    """What the simulated registers know about the people of `fill`."""
    facts = {}
    for number in range(1, count + 1):
        told = _TOLD.get(number % 37)
        if told is not None:
            facts[invented.person(number * 3).id_number] = told
    return Scenario(facts)


_TOLD: dict[int, dict[str, object]] = {
    4: {"employed": True},
    9: {"headcount_reported": False},
    13: {"pension": "unavailable"},
    16: {"register_name": "王伍"},
    21: {"ui_history": "never", "contribution_months": 8},
    25: {"ui_history": "never", "contribution_months": 30, "separation_voluntary": True},
    27: {"ui_history": "never", "contribution_months": 30, "separation_voluntary": False},
    30: {"months_to_pension": 3},
    34: {"pension": True},
}
