"""Queues, the desk and its conclusions, as people use them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engine import api
from engine.types import TaskView
from tests import make
from tests.review_ui.reviewer.conftest import as_, hidden
from workflows.actions import reviews
from workflows.models import AccessLog, Attachment, Claim, Review

pytestmark = pytest.mark.django_db(transaction=True)


def at_desk(client: Client, claim: Claim) -> tuple[TaskView, dict[str, str]]:
    """Take the open task and read the hidden fields of its page."""
    task = make.task(claim)
    page = client.post(f"/work/tasks/{task.id}/take/", follow=True).content.decode()
    return task, {
        "key": hidden(page, "key"),
        "submission_sha256": hidden(page, "submission_sha256"),
    }


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "待领取"), ("en", "My queue")])
def test_a_queue_shows_only_the_own_office(people: make.Cast, language: str, word: str) -> None:
    claim = make.checked(people.wang)
    own = as_(people.qian, language).get("/work/queue/").content.decode()
    assert claim.number
    assert claim.number in own
    assert word in own
    assert claim.number not in as_(people.zhu, language).get("/work/queue/").content.decode()


def test_a_stranger_finds_neither_desk_nor_claim_nor_picture(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    picture = Attachment.objects.filter(claim=claim).first()
    assert picture is not None
    paths = [
        f"/work/tasks/{make.task(claim).id}/",
        f"/work/claims/{claim.pk}/",
        f"/work/claims/{claim.pk}/diagram/",
        f"/work/claims/{claim.pk}/reveal/phone/",
        f"/work/files/{picture.pk}/",
    ]
    for path in paths:
        assert as_(people.zhu).get(path).status_code == 404
        assert as_(people.wang).get(path).status_code == 404
        assert Client().get(path).status_code == 302


def test_roles_of_machines_give_no_way_in(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    operator = make.officer("ops", "operator", place=None)
    assert as_(operator).get("/work/queue/").status_code == 404
    assert as_(operator).get(f"/work/claims/{claim.pk}/").status_code == 404
    assert as_(people.han).post("/work/next/").status_code == 404


def test_take_complete_and_go_on_to_the_next(people: make.Cast) -> None:
    first, second = make.checked(people.wang), make.checked(people.zhang)
    client = as_(people.qian)
    task, fields = at_desk(client, first)
    answer = client.post(f"/work/tasks/{task.id}/conclude/", {**fields, "outcome": "pass"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/work/tasks/{make.task(second).id}/"
    assert Review.objects.get().outcome == "pass"
    page = client.get(answer["Location"]).content.decode()
    assert f"{first.number}已办完" in page


def test_a_second_click_on_a_conclusion_is_answered_like_the_first(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    task, fields = at_desk(client, claim)
    path = f"/work/tasks/{task.id}/conclude/"

    answers = [client.post(path, {**fields, "outcome": "pass"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Review.objects.count() == 1


def test_a_corrected_conclusion_goes_through_with_the_key_of_the_new_page(
    people: make.Cast,
) -> None:
    client = as_(people.qian)
    task, fields = at_desk(client, make.checked(people.wang))
    path = f"/work/tasks/{task.id}/conclude/"
    refused = client.post(path, {**fields, "outcome": "return"}).content.decode()
    corrected = {**fields, "outcome": "return", "reason:file:id_front": "A02"}

    spent = client.post(path, corrected)
    taken = client.post(path, {**corrected, "key": hidden(refused, "key")})

    assert spent.status_code == 422
    assert taken.status_code == 302


def test_when_nothing_is_left_the_list_says_so_kindly(people: make.Cast) -> None:
    page = as_(people.qian, "en").post("/work/next/", follow=True).content.decode()
    assert "Nothing is waiting for you" in page


def test_a_return_asks_for_reasons_and_keeps_the_flags(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    task, fields = at_desk(client, claim)
    path = f"/work/tasks/{task.id}/conclude/"
    refused = client.post(path, {**fields, "outcome": "return", "note": "看不清楚"})
    assert refused.status_code == 422
    assert "至少选择一个原因" in refused.content.decode()
    assert "看不清楚" in refused.content.decode()
    fields["key"] = hidden(refused.content.decode(), "key")
    flags = {"reason:file:id_front": "A02", "note:file:id_front": "左下角"}
    assert client.post(path, {**fields, **flags, "outcome": "return"}).status_code == 302
    item = Review.objects.get().submission.corrections.get()
    assert (item.target, item.reason, item.note) == ("file:id_front", "A02", "左下角")


def test_without_a_conclusion_the_page_asks_for_one(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    task, fields = at_desk(client, claim)
    answer = client.post(f"/work/tasks/{task.id}/conclude/", fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_loser_of_a_race_reads_who_was_faster_and_keeps_the_note(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    task, fields = at_desk(client, claim)
    reviews.release(task.id, by=people.qian, at=make.AT)
    winner = make.officer("sun2", "attachment_checker")
    make.conclude(claim, "pass", winner)
    answer = client.post(
        f"/work/tasks/{task.id}/conclude/", {**fields, "outcome": "pass", "note": "核对过原件"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "sun2" in page
    assert "11月10日 10:00" in page
    assert "核对过原件" in page


def test_what_is_on_another_desk_cannot_be_concluded(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    task = make.task(claim)
    reviews.take(task.id, by=make.officer("sun2", "attachment_checker"), at=make.AT)
    path = f"/work/tasks/{task.id}/conclude/"
    answer = as_(people.qian).post(path, {"outcome": "pass", "note": "x"})
    assert answer.status_code == 409
    assert "sun2" in answer.content.decode()


def test_four_eyes_are_explained_in_words(people: make.Cast) -> None:
    claim = make.reviewed(people)
    both = people.qian
    make.officer("qian", "approver")
    path = f"/work/tasks/{make.task(claim).id}/conclude/"
    answer = as_(both, "en").post(path, {"outcome": "approve"})
    assert answer.status_code == 403
    assert "You took part in an earlier step" in answer.content.decode()


def test_the_count_of_reads_of_a_queue_does_not_grow(
    people: make.Cast,
) -> None:
    client = as_(people.qian)
    make.checked(people.wang)
    client.get("/work/queue/")
    with CaptureQueriesContext(connection) as one:
        client.get("/work/queue/")
    make.checked(people.zhang)
    with CaptureQueriesContext(connection) as two:
        client.get("/work/queue/")
    assert len(one) == len(two)


def test_a_masked_value_is_shown_for_a_purpose_and_written_down(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    path = f"/work/claims/{claim.pk}/reveal/phone/"
    assert "13800005678" not in client.get(path).content.decode()
    assert client.post(path, {"purpose": " "}).status_code == 422
    assert not AccessLog.objects.filter(kind="reveal").exists()
    assert "13800005678" in client.post(path, {"purpose": "电话核实"}).content.decode()
    assert AccessLog.objects.get(kind="reveal").purpose == "电话核实"
    assert client.get(f"/work/claims/{claim.pk}/reveal/password/").status_code == 404


def test_a_picture_is_sandboxed_and_its_reading_written_down(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    row = Attachment.objects.filter(claim=claim).first()
    assert row is not None
    answer = as_(people.qian).get(f"/work/files/{row.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert AccessLog.objects.filter(kind="file", target=str(row.pk)).exists()


def test_diagram_state_and_xml(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    state = client.get(f"/work/claims/{claim.pk}/state/").json()
    assert state["elements"]["check_attachments"] == {
        "state": "active",
        "count": 1,
        "holder": "office",
    }
    assert client.get(f"/work/claims/{claim.pk}/diagram/").status_code == 200
    xml = client.get(f"/work/diagrams/{make.task(claim).definition_id}/")
    assert xml["Content-Type"] == "application/xml"
    assert client.get("/work/diagrams/999999/").status_code == 404


def test_search_and_done(people: make.Cast) -> None:
    claim = make.conclude(make.checked(people.wang), "pass", people.qian)
    client = as_(people.qian)
    assert claim.number
    assert claim.number in client.get("/work/done/").content.decode()
    found = client.get("/work/search/", {"q": claim.number}).content.decode()
    assert f"/work/claims/{claim.pk}/" in found
    assert client.get("/work/search/", {"after": "nonsense"}).status_code == 200
    assert client.get("/work/search/", {"after": "2026-01-01T00:00:00+00:00|x"}).status_code == 200
    assert client.get("/work/queue/", {"after": "nonsense", "due": "x"}).status_code == 200
    assert client.get(f"/work/claims/{claim.pk}/").status_code == 200


def with_standing_reason(claim: Claim, code: str) -> None:
    """A check of the current submission fires one more reason."""
    submission = claim.submissions.get(number=claim.submission_no)
    last = submission.checks.order_by("-revision", "-seq").first()
    assert last is not None
    last.pk = None
    last.seq += 100
    last.reasons = [code]
    last.save(force_insert=True)


def test_a_blocked_approval_lists_its_reasons_until_they_are_answered(
    people: make.Cast,
) -> None:
    claim = make.reviewed(people)
    with_standing_reason(claim, "E10")
    client = as_(people.zhou)
    task, fields = at_desk(client, claim)
    page = client.get(f"/work/tasks/{task.id}/").content.decode()
    assert 'aria-disabled="true"' in page
    assert 'href="#standing-E10"' in page
    path = f"/work/tasks/{task.id}/conclude/"
    assert client.post(path, {**fields, "outcome": "approve"}).status_code == 409
    assert not Review.objects.filter(outcome="approve").exists()
    answer = f"/work/tasks/{task.id}/answer/"
    client.post(answer, {"reason": "E10", "evidence": " "})
    fields["key"] = hidden(client.get(f"/work/tasks/{task.id}/").content.decode(), "key")
    assert client.post(path, {**fields, "outcome": "approve"}).status_code == 409
    client.post(answer, {"reason": "E10", "evidence": "户口簿第3页"})
    page = client.get(f"/work/tasks/{task.id}/").content.decode()
    assert 'aria-disabled="true"' not in page
    fields["key"] = hidden(page, "key")
    assert client.post(path, {**fields, "outcome": "approve"}).status_code == 302


def test_notes_of_colleagues_stand_on_the_desk(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    client = as_(people.qian)
    task = make.task(claim)
    sent = {"text": "已电话联系", "task": str(task.id)}
    page = client.post(f"/work/claims/{claim.pk}/note/", sent, follow=True).content.decode()
    assert "已电话联系" in page


def test_a_batch_is_worked_on_at_its_own_page(people: make.Cast) -> None:
    make.approved(people)
    at = make.AT + timedelta(days=45)
    batch = make.batch(people, at=at)
    make.settle(at)
    task = api.open_tasks(batch.instance_id)[0]
    for path in (f"/work/tasks/{task.id}/", f"/work/tasks/{task.id}/conclude/"):
        client = as_(people.chen)
        answer = client.post(path) if path.endswith("conclude/") else client.get(path)
        assert answer["Location"] == f"/payments/{batch.number}/"


def test_what_only_the_register_says_is_not_called_equal(people: make.Cast) -> None:
    claim = make.checked(people.wang)
    page = as_(people.qian).get(f"/work/claims/{claim.pk}/").content.decode()
    assert "只有登记" in page
    assert ">False<" not in page


def test_parts_to_send_back_are_those_of_the_claim() -> None:
    make.shipped()
    people = make.cast()
    claim = make.checked(people.wang)

    page = as_(people.qian).post(f"/work/tasks/{make.task(claim).id}/take/", follow=True)

    targets = {part.target for part in page.context["parts"] if part.target.startswith("file:")}
    known = {spec.code for spec in claim.version.rules.attachments}
    assert targets == {"file:id_front", "file:id_back", "file:card_picture"}
    assert "passbook" in known


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "已领完"), ("en", "Drawn to its end")])
def test_values_of_facts_are_in_words(language: str, word: str) -> None:
    make.shipped()
    people = make.cast()
    claim = make.conclude(make.checked(people.wang), "pass", people.qian)

    page = as_(people.lin, language).get(f"/work/claims/{claim.pk}/").content.decode()

    assert word in page
    # Ids of rules may hold it; a value never stands alone.
    assert not re.search(r"\bexhausted\b", page)
