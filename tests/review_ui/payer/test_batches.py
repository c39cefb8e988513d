"""A batch from its plan to the reconciled books, through the pages, by three people."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests import make
from tests.review_ui.payer.conftest import DUE, as_, key_of
from workflows.models import AuditEntry, BankFile, BankResult, PaymentBatch
from workflows.ports.bank import BankOutcome

pytestmark = pytest.mark.django_db(transaction=True)


def post(client: Client, row: PaymentBatch, act: str, **fields: object) -> tuple[int, str]:
    """Open the page, press one of its buttons, follow the redirect."""
    page = client.get(f"/payments/{row.number}/").content.decode()
    if 'name="key"' in page:
        fields.setdefault("key", key_of(page))
    answer = client.post(f"/payments/{row.number}/{act}/", fields, follow=True)
    return answer.status_code, answer.content.decode()


def made(people: make.Cast) -> PaymentBatch:
    """The plan and the batch that comes of it."""
    make.approved(people)
    make.settle(DUE)
    client = as_(people.feng)
    plan = client.get(
        "/payments/new/", {"programme": "TEST", "office": "", "cut_off": "2026-12-25"}
    )
    assert PaymentBatch.objects.count() == 0
    fields = {"programme": "TEST", "office": "", "cut_off": "2026-12-25"}
    answer = client.post(
        "/payments/create/", {**fields, "key": key_of(plan.content.decode())}, follow=True
    )
    assert answer.status_code == 200
    make.settle(DUE)
    return PaymentBatch.objects.get()


def answer_of(row: PaymentBatch, outcome: BankOutcome = BankOutcome.PAID) -> SimpleUploadedFile:
    return SimpleUploadedFile("answer.csv", make.answers(row, outcome), "text/csv")


def sent(people: make.Cast) -> PaymentBatch:
    row = made(people)
    assert post(as_(people.chen), row, "check", verdict="right")[0] == 200
    make.settle(DUE)
    assert post(as_(people.chu), row, "release", password=make.PASSWORD)[0] == 200
    assert post(as_(people.feng), row, "sent")[0] == 200
    make.settle(DUE)
    row.refresh_from_db()
    assert row.status == "sent"
    return row


def test_three_people_bring_a_batch_to_its_reconciled_end(people: make.Cast) -> None:
    row = sent(people)
    page = as_(people.feng).get(f"/payments/{row.number}/").content.decode()
    assert "三数一致" in page
    status, page = post(as_(people.feng), row, "results", file=answer_of(row))
    assert status == 200
    make.settle(DUE)
    status, page = post(as_(people.feng), row, "reconcile")
    assert status == 200
    row.refresh_from_db()
    assert (row.status, row.maker, row.checker, row.releaser) == (
        "reconciled",
        people.feng,
        people.chen,
        people.chu,
    )


def test_the_plan_says_what_stays_out_and_why(people: make.Cast) -> None:
    claim = make.approved(people)
    make.settle(DUE)
    assert claim.account is not None
    assert claim.number is not None
    claim.account.verification = "closed"
    claim.account.save(update_fields=["verification"])
    answer = as_(people.feng).get("/payments/new/", {"programme": "TEST", "cut_off": "2026-12-25"})
    page = answer.content.decode()
    assert "账户已销户" in page
    assert claim.number in page
    assert PaymentBatch.objects.count() == 0


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-45"])
def test_a_day_that_is_none_is_said_at_the_field(people: make.Cast, day: str) -> None:
    answer = as_(people.feng).get("/payments/new/", {"programme": "TEST", "cut_off": day})
    assert answer.status_code == 422
    assert "sl-errors" in answer.content.decode()


def test_nobody_checks_or_releases_what_they_made(people: make.Cast) -> None:
    row = made(people)
    for role in ("payment_checker", "payment_releaser"):
        make.officer("feng", role, place=None)
    page = as_(people.feng).get(f"/payments/{row.number}/").content.decode()
    assert f"/payments/{row.number}/check/" not in page
    assert "须由另一人办理" in page
    answer = as_(people.feng).post(f"/payments/{row.number}/check/", {"verdict": "right"})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.status == "draft"


def test_a_checker_does_not_release_the_same_batch(people: make.Cast) -> None:
    row = made(people)
    make.officer("chen", "payment_releaser", place=None)
    post(as_(people.chen), row, "check", verdict="right")
    make.settle(DUE)
    answer = as_(people.chen).post(f"/payments/{row.number}/release/", {"password": make.PASSWORD})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.status == "checked"


def test_a_release_needs_the_own_password(people: make.Cast) -> None:
    row = made(people)
    post(as_(people.chen), row, "check", verdict="right")
    make.settle(DUE)
    status, page = post(as_(people.chu), row, "release", password="something-else")
    assert status == 422
    assert "这不是您的密码" in page
    row.refresh_from_db()
    assert row.status == "checked"


def test_a_wrong_batch_is_refused_with_a_note_and_dissolved(people: make.Cast) -> None:
    row = made(people)
    status, page = post(as_(people.chen), row, "check", verdict="wrong", note="")
    assert status == 422
    assert "请说明哪里有误" in page
    assert post(as_(people.chen), row, "check", verdict="wrong", note="截止日不对")[0] == 200
    make.settle(DUE)
    row.refresh_from_db()
    assert row.status == "void"
    seen = as_(people.feng).get(f"/payments/{row.number}/").content.decode()
    assert "截止日不对" in seen
    assert "核对人的说明" in seen


def test_a_note_on_a_right_batch_stays_with_it_and_is_sealed(people: make.Cast) -> None:
    row = made(people)
    post(as_(people.chen), row, "check", verdict="right", note="已核对原件")

    row.refresh_from_db()
    assert row.check_note == "已核对原件"
    with connection.cursor() as cursor:
        cursor.execute("SELECT check_note FROM workflows_paymentbatch")
        stored = bytes(cursor.fetchone()[0])
    assert "已核对原件".encode() not in stored
    entry = AuditEntry.objects.get(act="batch.checked")
    assert "已核对原件" not in entry.body
    assert '"note":true' in entry.body


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe\x00broken", "未按约定编码"),
        (b"nothing,of,this\n1,2,3\n", "缺少列"),
    ],
)
def test_an_unreadable_answer_changes_nothing(people: make.Cast, data: bytes, said: str) -> None:
    row = sent(people)
    file = SimpleUploadedFile("answer.csv", data, "text/csv")
    status, page = post(as_(people.feng), row, "results", file=file)
    assert status == 422
    assert said in page
    assert not BankFile.objects.filter(direction="in").exists()


def test_the_same_answer_is_taken_once(people: make.Cast) -> None:
    row = sent(people)
    assert post(as_(people.feng), row, "results", file=answer_of(row))[0] == 200
    make.settle(DUE)
    status, page = post(as_(people.feng), row, "results", file=answer_of(row))
    assert status == 422
    assert "此前已载入" in page
    assert BankFile.objects.filter(direction="in").count() == 1


def test_an_answer_to_another_batch_is_refused(people: make.Cast) -> None:
    first = sent(people)
    claim = make.conclude(make.checked(people.zhang), "pass", people.qian)
    claim = make.conclude(claim, "recommend_approval", people.lin)
    make.conclude(claim, "approve", people.zhou)
    second = make.released(people, at=DUE)
    status, page = post(as_(people.feng), second, "results", file=answer_of(first))
    assert status == 422
    assert "别的批次" in page
    assert not BankFile.objects.filter(direction="in").exists()


def test_an_anomaly_is_listed_and_explained(people: make.Cast) -> None:
    row = sent(people)
    data = make.answers(row)
    strange = re.sub(rb"80000|800\.00|1000\.00", b"1.00", data)
    assert strange != data
    file = SimpleUploadedFile("answer.csv", strange, "text/csv")
    status, page = post(as_(people.feng), row, "results", file=file)
    assert (status, "金额与发送的不同" in page) == (200, True), page
    result = BankResult.objects.exclude(anomaly="")[0]
    address = f"/payments/{row.number}/anomalies/{result.pk}/"
    assert as_(people.chen).post(address).status_code == 404
    assert as_(people.feng).post(address).status_code == 302
    result.refresh_from_db()
    assert result.explained_by == people.feng


def test_the_file_is_given_out_after_the_release_and_is_the_same_each_time(
    people: make.Cast,
) -> None:
    row = made(people)
    post(as_(people.chen), row, "check", verdict="right")
    make.settle(DUE)
    file = BankFile.objects.get(direction="out")
    address = f"/payments/files/{file.pk}/"
    assert as_(people.feng).get(address).status_code == 403
    post(as_(people.chu), row, "release", password=make.PASSWORD)
    first, second = (as_(people.feng).get(address) for _ in range(2))
    assert first.content == second.content
    assert make.GOOD_CARD.encode() in first.content
    file.refresh_from_db()
    assert file.downloads == 2
    assert as_(people.chen).get(address).status_code == 403
    assert as_(people.lin).get(address).status_code == 404


def test_pages_are_for_people_who_pay(people: make.Cast) -> None:
    row = made(people)
    for user in (people.lin, people.wang):
        assert as_(user).get("/payments/").status_code == 404
        assert as_(user).get(f"/payments/{row.number}/").status_code == 404
    assert as_(people.chen).get("/payments/new/").status_code == 404


def test_the_pages_speak_english(people: make.Cast) -> None:
    row = made(people)
    for address in ("/payments/", "/payments/new/", f"/payments/{row.number}/"):
        page = as_(people.feng, "en").get(address).content.decode()
        main = page[page.index("<main") :]
        words = re.sub(r"测试补助|长春市社会保险局|吉林市社会保险局|feng|王\*", "", main)
        assert not re.search(r"[\u4e00-\u9fff]", words), words


def test_a_page_never_shows_a_whole_account(people: make.Cast) -> None:
    row = made(people)
    page = as_(people.feng).get(f"/payments/{row.number}/").content.decode()
    assert make.GOOD_CARD not in page
    assert make.GOOD_CARD[-4:] in page


def test_a_repeated_form_does_it_once(people: make.Cast) -> None:
    make.approved(people)
    make.settle(DUE)
    client = as_(people.feng)
    fields = {"programme": "TEST", "office": "", "cut_off": "2026-12-25"}
    key = key_of(client.get("/payments/new/", fields).content.decode())
    for _ in range(2):
        answer = client.post("/payments/create/", {**fields, "key": key})
        assert answer.status_code == 302
    assert PaymentBatch.objects.count() == 1


def test_totals_that_differ_close_the_release(people: make.Cast) -> None:
    row = made(people)
    post(as_(people.chen), row, "check", verdict="right")
    make.settle(DUE)
    line = row.instructions.get()
    line.amount_fen += 1
    line.save(update_fields=["amount_fen"])
    status, page = post(as_(people.chu), row, "release", password=make.PASSWORD)
    assert status == 403
    assert "三数不一致" in page
    assert "差额0.01元" in page
    row.refresh_from_db()
    assert row.status == "checked"
