"""Incidents as an operator meets them: by cause, with what to do, repaired one by one or all."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from engine import api
from engine.management.invariants import collect, violations
from engine.models import Incident
from review_ui.operations import causes, views
from tests import make
from tests.review_ui import world
from tests.review_ui.payer.conftest import DUE, as_
from workflows import background
from workflows.actions import entitlements
from workflows.errors import Refused
from workflows.models import AuditEntry, Claim

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "已补参数，重新执行"
RAISED = re.compile(r'(?:Failure|HandlerError|note_failure)\(\s*"([a-z_-]+)"')
# Raised by a name or beside the two classes: kernel/runtime/failures.py lists them.
NAMED = {"automatic-loop", "stalled", "uncaught-cancel", "worker_lost", "timer_failed"}
NAMED |= {"variable_refused", "variable_too_large", "feel_budget"}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Entitlements cannot be created until `undo`."""

    def refuse(*_claim: object, **_amount: object) -> None:
        raise Refused(["E06"])

    patch = pytest.MonkeyPatch()
    patch.setattr(entitlements, "create", refuse)
    monkeypatch.setattr("engine.clock.now", lambda: DUE)
    return patch


def stopped_claims(people: make.Cast, count: int) -> list[Claim]:
    found = []
    for serial in range(count):
        user = make.applicant(
            f"payee{serial}",
            id_text=make.id_number(500 + serial),
            name="马七",
            phone=f"139115{serial:05}",
        )
        claim = make.conclude(make.checked(user, at=DUE), "pass", people.qian, at=DUE)
        claim = make.conclude(claim, "recommend_approval", people.lin, at=DUE)
        found.append(make.conclude(claim, "approve", people.zhou, at=DUE))
    return found


def one_of(claim: Claim) -> int:
    (incident,) = api.incidents(claim.instance_id)
    return incident.id


class TestWords:
    def test_every_code_that_is_raised_has_words_and_no_other(self) -> None:
        raised = set(NAMED)
        for package in ("engine/kernel", "engine/jobs", "engine/runtime", "workflows"):
            for file in (Path(settings.BASE_DIR) / package).rglob("*.py"):
                raised |= set(RAISED.findall(file.read_text(encoding="utf-8")))

        assert raised == set(causes.CAUSES)

    def test_ambiguous_table_is_explained_by_its_family(self) -> None:
        assert causes.explain("decision-unique") == causes.NO_SINGLE_ANSWER

    def test_code_of_a_strange_handler_is_not_left_without_a_next_step(self) -> None:
        assert causes.explain("something-of-their-own") == causes.UNKNOWN


class TestList:
    def test_nothing_stands_still(self, operator: Client) -> None:
        page = operator.get("/operations/").content.decode()

        assert "没有故障" in page
        assert "data-row>" not in page

    def test_same_cause_is_one_row_worst_first(
        self, operator: Client, people: make.Cast, broken: pytest.MonkeyPatch
    ) -> None:
        stopped_claims(people, 2)
        broken.undo()
        world.stopped(people, DUE)

        answer = operator.get("/operations/")

        rows = [(row.code, row.element_id, row.count) for row in answer.context["causes"]]
        assert rows == [("no_month_left", "create_entitlement", 2), ("no-match", "amount_of", 1)]
        page = answer.content.decode()
        assert "没有可发放的月份" in page
        assert "规则表没有命中行" in page
        assert answer.context["total"] == 3

    def test_english_reader_reads_english(
        self, people: make.Cast, broken: pytest.MonkeyPatch
    ) -> None:
        stopped_claims(people, 1)
        broken.undo()
        english = as_(make.officer("ops", "operator", place=None), "en")

        page = english.get("/operations/").content.decode()

        assert "No month is left to pay" in page
        assert "drawn there or were stopped" in page

    def test_shows_numbers_of_claims_and_nobody(
        self, operator: Client, people: make.Cast, broken: pytest.MonkeyPatch
    ) -> None:
        (claim,) = stopped_claims(people, 1)
        broken.undo()

        page = operator.get(f"/operations/incidents/{one_of(claim)}/").content.decode()

        assert claim.number
        assert claim.number in page
        assert "data-bpmn-viewer" in page
        for hidden in (claim.person.name, claim.person.id_number, claim.person.phone):
            assert hidden not in page


class TestRetry:
    @pytest.fixture
    def claims(self, people: make.Cast, broken: pytest.MonkeyPatch) -> list[Claim]:
        """Three that stand at the same step; the cause is gone."""
        found = stopped_claims(people, 3)
        broken.undo()
        return found

    def test_one_is_tried_first_and_its_audit_row_says_who(
        self, operator: Client, claims: list[Claim]
    ) -> None:
        first = one_of(claims[0])

        answer = operator.post(f"/operations/incidents/{first}/retry/", {"note": NOTE})

        assert answer.headers["Location"] == "/operations/"
        assert [one.entitlements.exists() for one in claims] == [True, False, False]
        row = AuditEntry.objects.get(act="incident.resolved")
        assert (row.claim_id, row.by and row.by.username) == (claims[0].pk, "ops")
        assert "已重试1件" in operator.get("/operations/").content.decode()
        resolved = Incident.objects.exclude(resolved_at=None).get()
        assert (resolved.pk, resolved.note) == (first, NOTE)

    def test_all_of_a_cause(self, operator: Client, claims: list[Claim]) -> None:
        answer = operator.post(
            f"/operations/incidents/{one_of(claims[0])}/retry/",
            {"note": NOTE, "all": "yes"},
            follow=True,
        )

        assert all(one.entitlements.exists() for one in claims)
        assert AuditEntry.objects.filter(act="incident.resolved").count() == 3
        assert "没有故障" in answer.content.decode()
        make.settle(DUE)
        assert not list(violations(collect(), at=DUE, real=DUE))

    def test_other_causes_are_left_alone(
        self, operator: Client, people: make.Cast, claims: list[Claim]
    ) -> None:
        other = world.stopped(people, DUE)

        operator.post(
            f"/operations/incidents/{one_of(claims[0])}/retry/", {"note": NOTE, "all": "yes"}
        )

        assert [one.id for one in api.incidents()] == [other]

    def test_one_that_fails_again_holds_up_nobody(
        self, operator: Client, claims: list[Claim], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create = entitlements.create

        def sometimes(claim: Claim, **amount: object) -> object:
            if claim.pk == claims[1].pk:
                raise Refused(["E06"])
            return create(claim, **amount)  # type: ignore[arg-type]  # passed on as it came

        monkeypatch.setattr(entitlements, "create", sometimes)

        operator.post(
            f"/operations/incidents/{one_of(claims[0])}/retry/", {"note": NOTE, "all": "yes"}
        )

        assert [one.entitlements.exists() for one in claims] == [True, False, True]
        (left,) = api.incidents()
        assert (left.instance_id, left.count) == (claims[1].instance_id, 2)

    def test_without_a_reason_nothing_is_done(self, operator: Client, claims: list[Claim]) -> None:
        incident = one_of(claims[0])

        answer = operator.post(
            f"/operations/incidents/{incident}/retry/", {"note": " "}, follow=True
        )

        assert answer.redirect_chain[-1][0] == f"/operations/incidents/{incident}/"
        assert "请写明重试的理由" in answer.content.decode()
        assert len(api.incidents()) == 3

    def test_what_a_colleague_has_repaired_is_not_there_any_more(
        self, operator: Client, claims: list[Claim]
    ) -> None:
        address = f"/operations/incidents/{one_of(claims[0])}/retry/"
        operator.post(address, {"note": NOTE})

        assert operator.post(address, {"note": NOTE}).status_code == 404
        assert AuditEntry.objects.filter(act="incident.resolved").count() == 1

    def test_more_than_fit_at_hand_follow_the_first_in_the_background(
        self, operator: Client, claims: list[Claim], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "AT_HAND", 2)
        sent: list[dict[str, int]] = []
        monkeypatch.setattr(
            "workflows.actions.incidents.current_app.send_task",
            lambda _name, kwargs: sent.append(kwargs),
        )
        first = one_of(claims[0])

        answer = operator.post(
            f"/operations/incidents/{first}/retry/", {"note": NOTE, "all": "yes"}, follow=True
        )

        assert "正在后台重试" in answer.content.decode()
        assert sent == [{"incident_id": first}]
        assert [one.entitlements.exists() for one in claims] == [True, False, False]
        background.retry_others(**sent[0])
        make.settle(DUE)
        assert all(one.entitlements.exists() for one in claims)
        assert {one.note for one in Incident.objects.all()} == {NOTE}
        row = AuditEntry.objects.get(act="incidents.retried")
        assert row.by is not None
        assert row.by.username == "ops"
        assert not list(violations(collect(), at=DUE, real=DUE))

    def test_others_are_left_alone_when_the_first_was_not_retried(
        self, claims: list[Claim]
    ) -> None:
        background.retry_others(incident_id=one_of(claims[0]))

        assert len(api.incidents()) == 3


class TestMany:
    def test_incident_behind_the_first_page_is_found_and_reached(
        self,
        operator: Client,
        people: make.Cast,
        broken: pytest.MonkeyPatch,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        claims = stopped_claims(people, 3)
        broken.undo()
        monkeypatch.setattr(views, "SHOWN", 2)
        oldest, latest = one_of(claims[0]), one_of(claims[2])

        first = operator.get(f"/operations/incidents/{latest}/")
        older = operator.get(f"/operations/incidents/{latest}/?before={first.context['more']}")

        assert [one.id for one in older.context["same"]] == [oldest]
        assert older.context["more"] is None
        assert operator.get(f"/operations/incidents/{oldest}/").status_code == 200

    def test_incident_of_two_hundred_and_one_has_its_page(
        self, operator: Client, people: make.Cast, broken: pytest.MonkeyPatch
    ) -> None:
        (claim,) = stopped_claims(people, 1)
        broken.undo()
        oldest = Incident.objects.get()
        for token in range(1_000, 1_200):
            Incident.objects.create(
                instance=oldest.instance,
                token=token,
                element_id="quality_check",
                code="no-match",
                first_at=DUE,
                last_at=DUE + timedelta(hours=1),
            )

        assert operator.get(f"/operations/incidents/{one_of_old(claim)}/").status_code == 200
        rows = operator.get("/operations/").context["causes"]
        assert [(row.code, row.count) for row in rows] == [
            ("no-match", 200),
            ("no_month_left", 1),
        ]


def test_step_is_called_by_its_name(broken: pytest.MonkeyPatch) -> None:
    make.shipped()
    cast = make.cast()
    claim = make.conclude(make.approved(cast, at=DUE), "confirm", cast.zheng, at=DUE)
    broken.undo()
    operator = as_(make.officer("ops", "operator", place=None))

    assert ">生成待遇</td>" in operator.get("/operations/").content.decode()
    page = operator.get(f"/operations/incidents/{one_of(claim)}/").content.decode()
    assert "<dd>生成待遇</dd>" in page


def one_of_old(claim: Claim) -> int:
    return Incident.objects.get(instance=claim.instance_id, element_id="create_entitlement").pk
