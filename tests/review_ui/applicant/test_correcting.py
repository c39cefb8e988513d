"""Every part that can be sent back has a field, or a sentence that says what to do."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import make
from tests.review_ui.applicant.test_claiming import key, send_pictures
from tests.workflows.handlers.test_checks import ran
from workflows.actions.reviews import Flag
from workflows.handlers import checks
from workflows.models import Claim

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = ("string", "integer", "number", "boolean", "date", "choice")
ANSWERS = {
    "string": "长春一汽",
    "integer": 12,
    "number": "2.5",
    "boolean": False,
    "date": "2026-03-01",
    "choice": "b",
}
TYPED = {f"question_q_{kind}": str(ANSWERS[kind]) for kind in KINDS} | {"question_q_boolean": "no"}


def question(kind: str) -> dict[str, object]:
    named = {"zh-hans": f"问题{kind}", "en": f"Question {kind}"}
    choices = [{"value": code, "label": {"zh-hans": code}} for code in ("a", "b")]
    return {"name": f"q_{kind}", "type": kind, "label": named, "help": {}, "choices": choices}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.clock.now", lambda: make.AT)


@pytest.fixture
def stage() -> make.Cast:
    return make.cast(
        questions=[question(kind) for kind in KINDS], facts=[f"q_{kind}" for kind in KINDS]
    )


@pytest.fixture
def web(client: Client, stage: make.Cast) -> Client:
    client.force_login(stage.wang)
    return client


def started(web: Client) -> Claim:
    web.post(reverse("claim-start", args=["TEST"]), {"key": key()})
    claim = Claim.objects.get()
    web.post(reverse("claim-notice", args=[claim.pk]), {"read": "yes", "key": key()})
    return claim


def details(web: Client, claim: Claim, **typed: str) -> str:
    given = {
        "phone": "13800005678",
        "account_kind": "debit_card",
        "account_number": make.GOOD_CARD,
        "office": "JL-CC-01",
        "act": "save",
        "key": key(),
    }
    answer = web.post(
        reverse("claim-details", args=[claim.pk]), {**given, **TYPED, **typed}, follow=True
    )
    return answer.content.decode()


def submitted(web: Client) -> Claim:
    claim = started(web)
    details(web, claim)
    send_pictures(web, claim)
    web.post(reverse("claim-check", args=[claim.pk]), {"key": key()})
    make.settle()
    return make.fresh(claim)


def returned(web: Client, stage: make.Cast, *items: Flag) -> Claim:
    return make.conclude(submitted(web), "return", stage.qian, items=items)


def page_of(web: Client, claim: Claim) -> str:
    return web.get(reverse("claim-correct", args=[claim.pk])).content.decode()


def send_picture(web: Client, claim: Claim, spec: str, *, shade: int) -> None:
    picture = SimpleUploadedFile(f"{spec}.jpg", make.picture(shade))
    web.post(reverse("claim-upload", args=[claim.pk, spec]), {"file": picture})


def resubmit(web: Client, claim: Claim, **typed: str) -> int:
    web.post(reverse("claim-correct", args=[claim.pk]), {"key": key(), **typed})
    return make.fresh(claim).submission_no


class TestQuestions:
    def test_answers_are_asked_kept_and_shown_again(self, web: Client) -> None:
        claim = started(web)

        details(web, claim)

        assert make.fresh(claim).answers == {f"q_{kind}": ANSWERS[kind] for kind in KINDS}
        again = web.get(reverse("claim-details", args=[claim.pk])).content.decode()
        assert "长春一汽" in again
        assert '<option value="no" selected>' in again

    def test_missing_answer_is_named_before_submitting(self, web: Client) -> None:
        claim = started(web)

        page = web.get(reverse("claim-check", args=[claim.pk])).content.decode()

        assert "问题date" in page

    def test_answer_of_another_kind_is_refused(self, web: Client) -> None:
        claim = started(web)

        details(web, claim, question_q_date="gestern")

        assert not make.fresh(claim).answers

    def test_answers_reach_the_process_as_what_they_are(self, web: Client) -> None:
        claim = submitted(web)

        facts = ran(checks.normalise, claim)

        assert facts["q_date"] == date(2026, 3, 1)
        assert facts["q_number"] == Decimal("2.5")
        assert (facts["q_integer"], facts["q_boolean"], facts["q_choice"]) == (12, False, "b")


class TestCorrections:
    @pytest.mark.parametrize("kind", KINDS)
    def test_returned_answer_has_its_field_and_no_other(
        self, web: Client, stage: make.Cast, kind: str
    ) -> None:
        claim = returned(web, stage, Flag(f"q_{kind}", "A02"))

        page = page_of(web, claim)

        assert page.count('name="question_') == 1
        assert f'name="question_q_{kind}"' in page
        assert 'name="phone"' not in page

    def test_changed_answer_lets_the_claim_go_on(self, web: Client, stage: make.Cast) -> None:
        claim = returned(web, stage, Flag("q_choice", "A02"))

        assert resubmit(web, claim, question_q_choice="b") == 1
        assert resubmit(web, claim, question_q_choice="a") == 2
        assert make.fresh(claim).answers["q_choice"] == "a"

    @pytest.mark.parametrize(
        ("target", "said"),
        [
            ("office", "经办机构会自行转办"),
            ("employer", "由原单位办理"),
            ("name", "带身份证到经办机构"),
            ("E99", "这里没有需要填写的内容"),
        ],
    )
    def test_what_is_not_the_applicants_says_what_to_do_and_blocks_nothing(
        self, web: Client, stage: make.Cast, target: str, said: str
    ) -> None:
        claim = returned(web, stage, Flag(target, "A02", "请看"))

        assert said in page_of(web, claim)
        assert resubmit(web, claim) == 2

    def test_replaced_picture_is_not_called_unreadable_any_more(
        self, web: Client, stage: make.Cast
    ) -> None:
        claim = returned(web, stage, Flag("file:id_front", "A02", "左下角"))
        assert "要改的1处" in page_of(web, claim)
        before = claim.attachments.get(spec="id_front", removed_at=None)

        send_picture(web, claim, "id_front", shade=222)
        page = page_of(web, claim)

        assert "已更换，尚未上报" in page
        assert "退回原因：" in page
        assert "左下角" in page
        assert "is-flag" not in page
        assert "已全部更换，请重新上报" in page
        assert reverse("claim-picture", args=[before.pk]) not in page

    def test_same_picture_again_replaces_nothing(self, web: Client, stage: make.Cast) -> None:
        claim = returned(web, stage, Flag("file:id_front", "A02"))

        send_picture(web, claim, "id_front", shade=90)

        assert "已更换，尚未上报" not in page_of(web, claim)

    def test_reason_that_names_no_part_opens_every_file(
        self, web: Client, stage: make.Cast
    ) -> None:
        claim = returned(web, stage, Flag("A02", "A02"))

        page = page_of(web, claim)

        assert page.count(f"/claims/{claim.pk}/files/") == 3
