"""Queues: order, pages, filters, counts, and taking the next task."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from engine import api
from engine.errors import NotFound, NotPermitted, TaskAssignedElsewhere
from tests.engine import diagrams as d
from tests.engine.worlds import Cast, deploy, only_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _deployed(at: datetime) -> None:
    deploy(
        d.bundle("claim", d.start(), d.user("review"), d.end(), d.line("start", "review", "end")),
        at,
    )


def task_in(scope: str, at: datetime, key: str = "SL-1", priority: int = 50) -> int:
    started = api.start_instance(
        "claim", business_key=key, scope=scope, variables={}, by=None, at=at
    )
    task_id = only_task(started.instance_id).id
    if priority != 50:
        api.set_priority(task_id, priority, by=None, at=at)
    return task_id


class TestWorklist:
    def test_shows_what_the_grants_reach_and_nothing_else(self, cast: Cast, at: datetime) -> None:
        here, below, elsewhere = (task_in(s, at) for s in ("P/CC", "P/CC/01", "Q/JL"))
        officer = cast.person("officer", "officers", scope="P/CC")
        province = cast.person("province", "officers", scope="P/*")
        payer = cast.person("payer", "payers", scope="P/*")

        def ids(person: int) -> set[int]:
            return {task.id for task in api.worklist(by=person, at=at).items}

        assert ids(officer) == {here}
        assert ids(province) == {here, below}
        assert ids(payer) == set()
        assert elsewhere not in ids(province)

    def test_pages_follow_priority_and_lose_nothing(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        ordinary = [task_in("P/CC", at) for _ in range(5)]
        urgent = task_in("P/CC", at, priority=90)
        seen, after = [], None

        while True:
            page = api.worklist(by=officer, at=at, after=after, limit=2)
            seen += [task.id for task in page.items]
            after = page.next_cursor
            if after is None:
                break

        assert seen == [urgent, *ordinary]

    def test_filters_by_key_element_and_desk(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        first, second = task_in("P/CC", at, "SL-1"), task_in("P/CC", at, "SL-2")
        api.assign_task(second, by=officer, at=at)

        def ids(page: api.Page) -> list[int]:
            return [task.id for task in page.items]

        assert ids(api.worklist(by=officer, at=at, search_keys=["SL-1"])) == [first]
        assert ids(api.worklist(by=officer, at=at, search_keys=[])) == []
        assert ids(api.worklist(by=officer, at=at, mine=True)) == [second]
        assert ids(api.worklist(by=officer, at=at, element="other")) == []
        assert ids(api.worklist(by=officer, at=at, groups=["payers"])) == []

    def test_foreign_cursor_is_not_found(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")

        with pytest.raises(NotFound):
            api.worklist(by=officer, at=at, after="nonsense")

    def test_costs_two_statements(
        self, cast: Cast, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        officer = cast.person("officer", "officers")
        for _ in range(3):
            task_in("P/CC", at)

        with django_assert_num_queries(2):
            api.worklist(by=officer, at=at)


class TestCounts:
    def test_counts_open_mine_and_overdue_in_one_statement(
        self, cast: Cast, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        officer = cast.person("officer", "officers")
        api.assign_task(task_in("P/CC", at), by=officer, at=at)
        task_in("P/CC", at)
        task_in("Q/JL", at)

        with django_assert_num_queries(1):
            found = api.counts(by=officer, at=at)

        assert found == {("officers", "review"): api.TaskCounts(2, 1, 0, 0)}


class TestNextTask:
    def test_takes_the_most_urgent_free_task(self, cast: Cast, at: datetime) -> None:
        officer, other = cast.person("officer", "officers"), cast.person("other", "officers")
        ordinary, urgent = task_in("P/CC", at), task_in("P/CC", at, priority=90)
        taken = task_in("P/CC", at, priority=99)
        api.assign_task(taken, by=other, at=at)

        first = api.next_task(by=officer, at=at)
        second = api.next_task(by=officer, at=at)
        third = api.next_task(by=officer, at=at)

        assert first is not None
        assert second is not None
        assert (first.id, first.assignee_id) == (urgent, officer)
        assert second.id == ordinary
        assert third is None

    def test_expired_desk_is_free_and_keeps_the_draft(self, cast: Cast, at: datetime) -> None:
        slow, fast = cast.person("slow", "officers"), cast.person("fast", "officers")
        task_id = task_in("P/CC", at)
        api.assign_task(task_id, by=slow, at=at, lease_s=60)
        api.save_draft(task_id, {"note": "half"}, by=slow, at=at)

        later = api.next_task(by=fast, at=at + timedelta(minutes=2))

        assert later is not None
        assert (later.assignee_id, later.draft) == (fast, {"note": "half"})

    def test_passes_over_what_a_rule_forbids(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        task_in("P/CC", at)
        cast.objections[officer] = "relative"

        assert api.next_task(by=officer, at=at) is None

    def test_skips_what_the_person_put_aside(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        first, second = task_in("P/CC", at), task_in("P/CC", at)

        found = api.next_task(by=officer, at=at, skip=[first])

        assert found is not None
        assert found.id == second


class TestAssignTask:
    def test_loser_learns_who_has_it(self, cast: Cast, at: datetime) -> None:
        fast, slow = cast.person("fast", "officers"), cast.person("slow", "officers")
        task_id = task_in("P/CC", at)
        api.assign_task(task_id, by=fast, at=at)

        with pytest.raises(TaskAssignedElsewhere) as refused:
            api.assign_task(task_id, by=slow, at=at)

        assert refused.value.by_id == fast

    def test_given_back_task_is_free(self, cast: Cast, at: datetime) -> None:
        fast, slow = cast.person("fast", "officers"), cast.person("slow", "officers")
        task_id = task_in("P/CC", at)
        api.assign_task(task_id, by=fast, at=at)

        api.unassign_task(task_id, by=fast, at=at)

        assert api.assign_task(task_id, by=slow, at=at).assignee_id == slow

    def test_right_withdrawn_a_moment_ago_counts(self, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")
        task_id = task_in("P/CC", at)
        api.assign_task(task_id, by=officer, at=at)
        cast.held[officer] = frozenset()

        with pytest.raises(NotPermitted):
            api.complete_task(task_id, outcome="done", by=officer, at=at)


class TestDiagramAssignee:
    def test_person_named_by_the_diagram_finds_the_task_on_the_desk(
        self, cast: Cast, at: datetime
    ) -> None:
        named = (
            '<bpmn:userTask id="sign" name="sign"><bpmn:extensionElements><zeebe:userTask/>'
            '<zeebe:assignmentDefinition assignee="=owner" candidateGroups="chiefs"/>'
            "</bpmn:extensionElements></bpmn:userTask>"
        )
        deploy(
            d.bundle("own", d.start(), named, d.end(), d.line("start", "sign", "end"), key="own"),
            at,
        )
        owner, other = cast.person("owner"), cast.person("other", "chiefs")
        for who in (str(owner), "999999"):
            api.start_instance(
                "own",
                business_key=who,
                scope="P/CC",
                variables={"owner": who},
                by=None,
                at=at,
            )

        (mine,) = api.worklist(by=owner, at=at, mine=True).items
        (free,) = [task for task in api.worklist(by=other, at=at).items if task.id != mine.id]
        advance = api.complete_task(mine.id, outcome="done", by=owner, at=at)

        assert mine.assignee_id == owner
        assert free.assignee_id is None
        assert advance.status == "completed"
