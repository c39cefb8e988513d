"""From deployment to the end: user tasks, jobs, handlers inside the step, refusals."""

from datetime import datetime, timedelta

import pytest

from engine import api
from engine.errors import (
    BpmnError,
    HandlerError,
    InstanceNotActive,
    NotPermitted,
    OutcomeUnknown,
    TaskAssignedElsewhere,
    TaskNotOpen,
)
from engine.models import HistoryEvent, Job, ProcessInstance, Timer, UserTask, UserTaskCandidate
from engine.types import Grant
from tests.engine import diagrams as d
from tests.engine.fixtures import Register
from tests.engine.worlds import OFFICE, Cast, begin, deploy, only_task

pytestmark = pytest.mark.django_db


def review_and_pay(at: datetime) -> None:
    deploy(
        d.bundle(
            "claim",
            d.start(),
            d.user("review"),
            d.choice("approved"),
            d.service("pay", "pay"),
            d.end(),
            d.end("denied"),
            d.line("start", "review", "approved"),
            d.flow("approved", "pay", 'outcome = "approve"', "Approve"),
            d.flow("approved", "denied", 'outcome = "deny"', "Deny"),
            d.line("pay", "end"),
        ),
        at,
    )


class TestWholeInstance:
    def test_runs_from_start_over_task_and_job_to_its_end(
        self, cast: Cast, register: Register, at: datetime
    ) -> None:
        pay = register("pay", answer={"paid": True})
        review_and_pay(at)
        officer = cast.person("officer", "officers")

        started = begin("claim", at, months=4)
        task = only_task(started.instance_id)
        api.complete_task(task.id, outcome="approve", by=officer, at=at)
        done = api.run_due(at)

        assert done == 1
        assert api.instance(started.instance_id).status == "completed"
        assert api.variables(started.instance_id) == {
            "months": 4,
            "outcome": "approve",
            "paid": True,
        }
        assert [call.key for call in pay.calls] == [Job.objects.get().key]
        assert pay.calls[0].inputs["months"] == 4

    def test_outcomes_are_read_off_the_gateway_behind_the_task(
        self, register: Register, at: datetime
    ) -> None:
        register("pay")
        review_and_pay(at)

        task = only_task(begin("claim", at).instance_id)

        assert [(one.code, one.label.zh) for one in task.outcomes] == [
            ("approve", "Approve"),
            ("deny", "Deny"),
        ]

    def test_every_revision_leaves_history(
        self, cast: Cast, register: Register, at: datetime
    ) -> None:
        register("pay")
        review_and_pay(at)
        officer = cast.person("officer", "officers")
        instance_id = begin("claim", at).instance_id
        task = only_task(instance_id)

        api.complete_task(task.id, outcome="approve", by=officer, at=at)
        api.run_due(at)

        acts = [(one.revision, one.kind) for one in api.history(instance_id) if one.seq == 0]
        assert acts == [(1, "instance_started"), (2, "task_completed"), (3, "job_completed")]
        completed = HistoryEvent.objects.get(kind="task_completed")
        assert (completed.task_id, completed.by_id) == (task.id, officer)


class TestCompleteTask:
    @pytest.fixture
    def task_id(self, register: Register, at: datetime) -> int:
        register("pay")
        review_and_pay(at)
        return only_task(begin("claim", at).instance_id).id

    def test_closes_the_row_and_its_places_in_queues(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        officer = cast.person("officer", "officers")

        advance = api.complete_task(task_id, outcome="deny", by=officer, at=at)

        row = UserTask.objects.get()
        assert (row.status, row.closed_by_id, row.outcome) == ("completed", officer, "deny")
        assert advance.ended == (task_id,)
        assert advance.status == "completed"
        assert not UserTaskCandidate.objects.exists()

    def test_second_person_meets_task_not_open(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        fast = cast.person("fast", "officers")
        slow = cast.person("slow", "officers")
        api.complete_task(task_id, outcome="approve", by=fast, at=at)

        with pytest.raises(TaskNotOpen) as refused:
            api.complete_task(task_id, outcome="deny", by=slow, at=at)

        assert (refused.value.by_id, refused.value.closed_at) == (fast, at)
        assert UserTask.objects.get(pk=task_id).outcome == "approve"

    def test_stranger_of_another_group_or_scope_is_refused(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        payer = cast.person("payer", "payers")
        elsewhere = cast.person("elsewhere", "officers", scope="P/JL")

        with pytest.raises(NotPermitted) as no_group:
            api.complete_task(task_id, outcome="deny", by=payer, at=at)
        with pytest.raises(NotPermitted) as no_scope:
            api.complete_task(task_id, outcome="deny", by=elsewhere, at=at)

        assert (no_group.value.reason, no_scope.value.reason) == ("not_candidate", "wrong_scope")

    def test_a_grant_for_everything_below_covers_the_office(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        province = cast.person("province", "officers", scope="P/*")

        advance = api.complete_task(task_id, outcome="deny", by=province, at=at)

        assert advance.status == "completed"

    def test_participation_rule_of_the_domain_refuses(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        officer = cast.person("officer", "officers")
        cast.objections[officer] = "own_case"

        with pytest.raises(NotPermitted) as refused:
            api.complete_task(task_id, outcome="deny", by=officer, at=at)

        assert refused.value.reason == "own_case"

    def test_on_another_desk_until_the_lease_runs_out(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        fast, slow = cast.person("fast", "officers"), cast.person("slow", "officers")
        api.assign_task(task_id, by=fast, at=at, lease_s=600)

        with pytest.raises(TaskAssignedElsewhere) as refused:
            api.complete_task(task_id, outcome="deny", by=slow, at=at)
        later = at + timedelta(minutes=11)
        api.complete_task(task_id, outcome="deny", by=slow, at=later)

        assert refused.value.by_id == fast

    @pytest.mark.parametrize(
        ("outcome", "variables"), [("burn", {}), ("deny", {"amount": 1}), ("deny", {"paid": True})]
    )
    def test_undeclared_outcomes_and_fields_are_refused(
        self,
        cast: Cast,
        task_id: int,
        at: datetime,
        outcome: str,
        variables: dict[str, bool | int],
    ) -> None:
        officer = cast.person("officer", "officers")

        with pytest.raises(OutcomeUnknown):
            api.complete_task(task_id, outcome=outcome, variables=variables, by=officer, at=at)

        assert UserTask.objects.get(pk=task_id).status == "open"

    def test_suspended_instance_takes_nothing(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        officer = cast.person("officer", "officers")
        instance_id = api.task(task_id).instance_id
        api.suspend_instance(instance_id, by=None, at=at)

        with pytest.raises(InstanceNotActive):
            api.complete_task(task_id, outcome="deny", by=officer, at=at)
        api.resume_instance(instance_id, by=None, at=at)
        advance = api.complete_task(task_id, outcome="deny", by=officer, at=at)

        assert advance.revision == 4

    def test_cancelled_instance_has_nothing_open(
        self, cast: Cast, task_id: int, at: datetime
    ) -> None:
        officer = cast.person("officer", "officers")
        api.cancel_instance(api.task(task_id).instance_id, by=None, at=at)

        with pytest.raises(TaskNotOpen):
            api.complete_task(task_id, outcome="deny", by=officer, at=at)

        assert not UserTaskCandidate.objects.exists()


class TestFourEyes:
    @pytest.fixture(autouse=True)
    def _deployed(self, at: datetime) -> None:
        rule = '<shenling:fourEyes notSameAs="review"/>'
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.user("approve", extra=rule),
                d.choice("good"),
                d.end(),
                d.line("start", "review", "approve", "good"),
                d.flow("good", "end", 'outcome = "yes"'),
                d.flow("good", "review", 'outcome = "again"'),
            ),
            at,
        )

    def test_reviewer_may_not_approve(self, cast: Cast, at: datetime) -> None:
        first, second = cast.person("first", "officers"), cast.person("second", "officers")
        instance_id = begin("claim", at).instance_id
        api.complete_task(only_task(instance_id).id, outcome="done", by=first, at=at)
        approval = only_task(instance_id)

        with pytest.raises(NotPermitted) as completing:
            api.complete_task(approval.id, outcome="yes", by=first, at=at)
        with pytest.raises(NotPermitted) as assigning:
            api.assign_task(approval.id, by=first, at=at)
        passed_over = api.next_task(by=first, at=at)
        api.complete_task(approval.id, outcome="yes", by=second, at=at)

        assert completing.value.reason == assigning.value.reason == "four_eyes"
        assert completing.value.detail == "review"
        assert passed_over is None

    def test_reviewer_of_an_earlier_round_may_not_approve(self, cast: Cast, at: datetime) -> None:
        first, second = cast.person("first", "officers"), cast.person("second", "officers")
        third = cast.person("third", "officers")
        instance_id = begin("claim", at).instance_id
        for person, outcome in ((first, "done"), (second, "again"), (third, "done")):
            api.complete_task(only_task(instance_id).id, outcome=outcome, by=person, at=at)

        with pytest.raises(NotPermitted):
            api.complete_task(only_task(instance_id).id, outcome="yes", by=first, at=at)

    def test_person_who_also_acted_in_another_instance_of_the_case_may_not(
        self, cast: Cast, at: datetime
    ) -> None:
        first, second = cast.person("first", "officers"), cast.person("second", "officers")
        earlier, later = begin("claim", at).instance_id, begin("claim", at).instance_id
        api.complete_task(only_task(earlier).id, outcome="done", by=first, at=at)
        api.complete_task(only_task(later).id, outcome="done", by=second, at=at)

        with pytest.raises(NotPermitted):
            api.complete_task(only_task(later).id, outcome="yes", by=first, at=at)


class TestTransactionalHandlers:
    @pytest.fixture(autouse=True)
    def check(self, register: Register, at: datetime) -> int:
        self.handler = register("check", transactional=True, answer={"ok": True})
        error = (
            '<bpmn:boundaryEvent id="refused" attachedToRef="check"><bpmn:errorEventDefinition '
            'errorRef="e"/></bpmn:boundaryEvent>'
        )
        definition = deploy(
            d.bundle(
                "claim",
                d.start(),
                d.service("check", "check"),
                error,
                d.user("review"),
                d.user("repair"),
                d.end(),
                d.line("start", "check", "review", "end"),
                d.line("refused", "repair", "end"),
                around='<bpmn:error id="e" name="e" errorCode="unfit"/>',
            ),
            at,
        )
        return definition.id

    def test_run_inside_the_step(self, at: datetime) -> None:
        started = begin("claim", at)

        assert only_task(started.instance_id).element_id == "review"
        assert not Job.objects.exists()
        assert api.variables(started.instance_id)["ok"] is True
        assert started.revision == 1

    def test_bpmn_error_takes_the_boundary(self, at: datetime) -> None:
        self.handler.answer = BpmnError("unfit")

        assert only_task(begin("claim", at).instance_id).element_id == "repair"

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (HandlerError("no_register", "office"), "no_register"),
            (ZeroDivisionError("secret"), "handler_failed"),
            (SystemExit(3), "handler_failed"),
        ],
    )
    def test_failure_is_an_incident_that_can_be_repaired(
        self, at: datetime, error: BaseException, code: str
    ) -> None:
        self.handler.answer = error
        instance_id = begin("claim", at).instance_id
        (incident,) = api.incidents(instance_id)
        self.handler.answer = {"ok": True}

        api.resolve_incident(incident.id, action="retry", by=None, at=at, note="fixed")

        assert incident.code == code
        assert "secret" not in incident.detail
        assert only_task(instance_id).element_id == "review"
        (resolved,) = api.incidents(instance_id, resolved=True)
        assert (resolved.resolution, resolved.note) == ("retry", "fixed")

    def test_repair_that_fails_again_counts_up(self, at: datetime) -> None:
        self.handler.answer = HandlerError("no_register")
        instance_id = begin("claim", at).instance_id
        (first,) = api.incidents(instance_id)

        api.resolve_incident(first.id, by=None, at=at + timedelta(hours=1))

        (again,) = api.incidents(instance_id)
        assert (again.id, again.count) == (first.id, 2)
        assert again.last_at == at + timedelta(hours=1)

    def test_skip_answers_in_place_of_the_handler(self, at: datetime) -> None:
        self.handler.answer = HandlerError("no_register")
        instance_id = begin("claim", at).instance_id
        (incident,) = api.incidents(instance_id)

        api.resolve_incident(incident.id, action="skip", patch={"ok": False}, by=None, at=at)

        assert only_task(instance_id).element_id == "review"
        assert api.variables(instance_id)["ok"] is False


class TestTimers:
    @pytest.fixture
    def instance_id(self, at: datetime) -> int:
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.timer("review", "late", "P3D"),
                d.user("chase", "chiefs"),
                d.end(),
                d.line("start", "review", "end"),
                d.line("late", "chase", "end"),
            ),
            at,
        )
        return begin("claim", at).instance_id

    def test_fires_when_due_and_not_before(self, instance_id: int, at: datetime) -> None:
        before = api.run_due(at + timedelta(days=2))
        after = api.run_due(at + timedelta(days=3))

        assert (before, after) == (0, 1)
        assert only_task(instance_id).element_id == "chase"
        assert Timer.objects.get().status == "fired"
        assert UserTask.objects.get(element_id="review").status == "cancelled"

    def test_goes_with_its_task(self, instance_id: int, cast: Cast, at: datetime) -> None:
        officer = cast.person("officer", "officers")

        api.complete_task(only_task(instance_id).id, outcome="done", by=officer, at=at)

        assert Timer.objects.get().status == "cancelled"
        assert api.run_due(at + timedelta(days=9)) == 0

    def test_waits_while_its_instance_is_suspended(self, instance_id: int, at: datetime) -> None:
        api.suspend_instance(instance_id, by=None, at=at)
        late = at + timedelta(days=4)

        assert api.run_due(late) == 0
        api.resume_instance(instance_id, by=None, at=late)
        assert api.run_due(late) == 1


class TestSetScope:
    def test_moves_open_tasks_but_not_those_of_a_group_with_its_own(
        self, cast: Cast, at: datetime
    ) -> None:
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.fork("fork"),
                d.user("review"),
                d.user("correct", "applicant"),
                d.fork("join"),
                d.end(),
                d.line("start", "fork", "review", "join", "end"),
                d.line("fork", "correct", "join"),
            ),
            at,
        )
        started = api.start_instance(
            "claim",
            business_key="SL-1",
            scope=OFFICE,
            group_scopes={"applicant": "person:7"},
            variables={},
            by=None,
            at=at,
        )

        api.set_scope(started.instance_id, "P/JL", by=None, at=at)

        scopes = {task.element_id: task.scope for task in api.open_tasks(started.instance_id)}
        assert scopes == {"review": "P/JL", "correct": "person:7"}
        applicant = cast.person("applicant", "applicant", scope="person:7")
        assert cast.held[applicant] == {Grant("applicant", "person:7")}
        (mine,) = api.worklist(by=applicant, at=at).items
        assert mine.element_id == "correct"
        assert ProcessInstance.objects.get().scope == "P/JL"


class TestDiagramState:
    def test_shows_what_is_open_done_and_the_way_gone(
        self, cast: Cast, register: Register, at: datetime
    ) -> None:
        register("pay")
        review_and_pay(at)
        officer = cast.person("officer", "officers")
        instance_id = begin("claim", at).instance_id
        api.complete_task(only_task(instance_id).id, outcome="approve", by=officer, at=at)

        state = api.diagram_state(instance_id)

        elements = state["elements"]
        assert isinstance(elements, dict)
        shown = {key: one["state"] for key, one in elements.items() if isinstance(one, dict)}
        assert shown == {
            "start": "completed",
            "review": "completed",
            "approved": "completed",
            "pay": "active",
        }
        assert state["flows"] == ["approved_to_pay", "review_to_approved", "start_to_review"]


class TestLoopOfHandlers:
    def test_ends_in_an_incident(self, register: Register, at: datetime) -> None:
        spin = register("spin", transactional=True)
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.choice("merge"),
                d.service("spin", "spin"),
                d.choice("enough"),
                d.end(),
                d.line("start", "merge", "spin", "enough"),
                d.flow("enough", "end", "stop = true"),
                d.flow("enough", "merge", "stop = false"),
            ),
            at,
        )

        instance_id = begin("claim", at, stop=False).instance_id

        (incident,) = api.incidents(instance_id)
        assert (incident.code, incident.element_id) == ("automatic-loop", "spin")
        assert len(spin.calls) == 200


class TestPoisonedInstance:
    def test_does_not_stop_the_timers_of_others(self, at: datetime) -> None:
        deploy(
            d.bundle(
                "claim",
                d.start(),
                d.user("review"),
                d.timer("review", "late", "P3D"),
                d.end(),
                d.line("start", "review", "end"),
                d.line("late", "end"),
            ),
            at,
        )
        poisoned, healthy = begin("claim", at).instance_id, begin("claim", at).instance_id
        ProcessInstance.objects.filter(pk=poisoned).update(state=b"\x00\x01damaged bytes")
        due = at + timedelta(days=3)

        first, second = api.fire_timers(due), api.fire_timers(due)

        assert (first, second) == (1, 0)
        assert api.instance(healthy).status == "completed"
        (incident,) = api.incidents(poisoned)
        assert (incident.code, incident.count) == ("state_error", 2)
