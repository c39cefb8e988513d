"""Jobs, timers and what is stuck; health and figures for machines."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Never

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from engine import api
from engine.models import Job, UserTask
from tests import make
from tests.review_ui.payer.conftest import DUE, as_
from workflows.actions import batches, outside
from workflows.errors import PortUnavailable
from workflows.models import Claim, PaymentBatch, Status

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


class TestJobs:
    def test_empty_room_says_so(self, operator: Client) -> None:
        page = operator.get("/operations/work/").content.decode()

        assert "没有等待的后台任务" in page
        assert "没有定时器" in page

    def test_waiting_job_is_listed_with_its_step(
        self, operator: Client, people: make.Cast
    ) -> None:
        make.submitted(people.wang, at=DUE)

        answer = operator.get("/operations/work/")

        assert {(job.type, job.status) for job in answer.context["jobs"]} >= {
            ("registers.match", "ready")
        }
        assert "match_registers" in answer.content.decode()

    def test_register_that_stays_silent_leaves_a_failed_job_that_can_be_retried(
        self, operator: Client, people: make.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent() -> Never:
            raise PortUnavailable("register", "no_answer")

        with monkeypatch.context() as patch:
            patch.setattr(outside, "registers", silent)
            claim = make.submitted(people.wang, at=DUE)
            for hours in range(6):
                make.settle(DUE + hours * HOUR)
        (incident,) = api.incidents(claim.instance_id)
        page = operator.get("/operations/work/").content.decode()

        operator.post(f"/operations/incidents/{incident.id}/retry/", {"note": "已恢复"})
        make.settle(DUE + 6 * HOUR)

        assert (incident.code, incident.detail) == ("handler_failed", "PortUnavailable")
        assert "未成功" in page
        assert "handler_failed" in page
        assert make.fresh(claim).status == Status.ATTACHMENT_CHECK
        assert not Job.objects.filter(status="failed").exists()

    def test_timers_stand_in_the_order_they_are_due(
        self, operator: Client, people: make.Cast
    ) -> None:
        make.returned(people, at=DUE)

        answer = operator.get("/operations/work/")

        timers = answer.context["timers"]
        assert [timer.element_id for timer in timers] == ["remind_after", "expired_after"]
        assert timers[0].due_at < timers[1].due_at
        page = answer.content.decode()
        assert page.index("remind_after") < page.index("expired_after")


class TestStuck:
    def test_what_stands_nowhere_is_named_until_the_sweeper_has_mended_it(
        self, operator: Client, people: make.Cast
    ) -> None:
        make.approved(people)
        batch = make.batch(people, at=DUE)
        lose_task(batch)
        before = operator.get("/operations/").content.decode()

        api.sweep(DUE)

        after = operator.get("/operations/").content.decode()
        assert "卡住的申请" in before
        assert batch.number in before
        assert batch.number not in after
        assert batches.open_task(batch, "check_batch").status == "open"


def lose_task(batch: PaymentBatch) -> None:
    """Close its open task in the table, behind the engine's back."""
    lost = UserTask.objects.filter(instance=batch.instance_id, status="open")
    assert lost.update(status="cancelled", closed_at=DUE) == 1


class TestHealth:
    @pytest.fixture(autouse=True)
    def asked_anew(self) -> Iterator[None]:
        cache.clear()
        yield
        cache.clear()

    def test_answers_while_the_database_does(self, client: Client) -> None:
        answer = client.get("/health")

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert "no-cache" in answer.headers["Cache-Control"]

    def test_says_when_the_database_does_not(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone() -> Never:
            raise DatabaseError("server closed the connection")

        monkeypatch.setattr(connection, "cursor", gone)

        answer = client.get("/health")

        assert answer.status_code == 503
        assert "server closed" not in answer.content.decode()

    def test_deep_health_sees_a_broken_world(self, operator: Client, people: make.Cast) -> None:
        claim = make.checked(people.wang, at=DUE)
        assert operator.get("/health/deep").json() == {"status": "ok"}
        Claim.objects.filter(pk=claim.pk).update(status=Status.COMPLETED)

        assert operator.get("/health/deep").json() == {"status": "ok"}
        cache.clear()
        answer = operator.get("/health/deep")

        assert answer.status_code == 500
        assert answer.json() == {"status": "broken", "violated": {"I05": 1, "I11": 1}}

    def test_deep_health_prints_nothing(
        self, operator: Client, capfd: pytest.CaptureFixture[str]
    ) -> None:
        operator.get("/health/deep")

        assert capfd.readouterr() == ("", "")

    def test_deep_health_is_for_operators_and_for_who_knows_the_token(
        self, client: Client, people: make.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def asked(given: str) -> int:
            return client.get("/health/deep", headers={"Authorization": given}).status_code

        assert as_(people.zhou).get("/health/deep").status_code == 404
        assert asked("Bearer ") == 302

        monkeypatch.setenv("HEALTH_TOKEN", "of-the-monitoring")

        assert [asked("Bearer of-the-monitoring"), asked("Bearer another")] == [200, 302]

    @pytest.mark.parametrize("path", ["/health", "/health/deep", "/metrics"])
    def test_is_only_read(self, client: Client, path: str) -> None:
        assert client.post(path).status_code == 405


class TestMetrics:
    def test_figures_are_those_of_the_tables(self, client: Client, people: make.Cast) -> None:
        make.checked(people.wang, at=DUE)

        found = metrics(client)

        assert found == {f"shenling_{name}": value for name, value in api.figures(DUE).items()}
        assert found["shenling_user_tasks_open"] == 1
        assert found["shenling_instances_active"] == 1

    def test_late_timers_and_tasks_are_counted(
        self, client: Client, people: make.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claim = make.returned(people, at=DUE)
        assert claim.correction_due_at is not None
        late = claim.correction_due_at + HOUR
        monkeypatch.setattr("engine.clock.now", lambda: late)

        found = metrics(client)

        assert found["shenling_timers_due"] == 2
        assert found["shenling_timer_lag_seconds"] > HOUR.total_seconds()

    def test_holds_nothing_about_anybody(self, client: Client, people: make.Cast) -> None:
        claim = make.checked(people.wang, at=DUE)
        text = client.get("/metrics").content.decode()

        assert claim.number
        for hidden in (claim.number, claim.person.name, claim.person.phone):
            assert hidden not in text


def metrics(client: Client) -> dict[str, float]:
    """The page as a scraper reads it."""
    text = client.get("/metrics").content.decode()
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
