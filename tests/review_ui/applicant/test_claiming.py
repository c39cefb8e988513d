"""The applicant's pages, from registering to correcting, deleting and withdrawing."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import make
from tests.journeys.test_failed_payment import OTHER_CARD, failed
from workflows.accounts.models import User
from workflows.actions.reviews import Flag
from workflows.models import Claim, NoticeAcceptance

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def stage() -> make.Cast:
    return make.cast()


@pytest.fixture
def web(client: Client, stage: make.Cast) -> Client:
    client.force_login(stage.wang)
    return client


def key() -> str:
    return str(uuid4())


def send_pictures(web: Client, claim: Claim) -> None:
    for shade, spec in enumerate(("id_front", "id_back", "card_picture")):
        answer = web.post(
            reverse("claim-upload", args=[claim.pk, spec]),
            {"file": SimpleUploadedFile(f"{spec}.jpg", make.picture(90 + shade))},
        )
        assert answer.status_code == 302


def fill_in(web: Client) -> Claim:
    web.post(reverse("claim-start", args=["TEST"]), {"key": key()})
    claim = Claim.objects.get(person__user__username="wang")
    web.post(reverse("claim-notice", args=[claim.pk]), {"read": "yes", "key": key()})
    web.post(
        reverse("claim-details", args=[claim.pk]),
        {
            "phone": "138 0000 5678",
            "account_kind": "debit_card",
            "account_number": make.GOOD_CARD,
            "office": "JL-CC-01",
            "act": "save",
            "key": key(),
        },
    )
    send_pictures(web, claim)
    return claim


@pytest.mark.usefixtures("stage")
def test_register_and_identify_in_one_form(client: Client) -> None:
    answer = client.post(
        reverse("register"),
        {
            "username": "lisi",
            "password": "a-good-long-one",
            "name": "李四",
            "id_number": make.id_number(321),
            "phone": "13900001111",
            "key": key(),
        },
    )

    assert answer.status_code == 302, answer.context["form"].errors
    assert client.get(reverse("my-claims")).status_code == 200


@pytest.mark.usefixtures("stage")
def test_wrong_id_number_is_said_in_words_and_leaves_no_account(client: Client) -> None:
    given = {"username": "lisi", "password": "a-good-long-one", "name": "李四", "key": key()}

    answer = client.post(
        reverse("register"), {**given, "id_number": "229901199003071248", "phone": "139"}
    )

    assert answer.status_code == 200
    assert "证件号" in answer.content.decode()
    assert not User.objects.filter(username="lisi").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_answers(web: Client, language: str) -> None:
    web.cookies["django_language"] = language
    claim = fill_in(web)

    for name in ("claim-notice", "claim-details", "claim-files", "claim-check"):
        assert web.get(reverse(name, args=[claim.pk])).status_code == 200
    for name in ("home", "offices", "privacy", "my-claims"):
        assert web.get(reverse(name)).status_code == 200
        assert web.head(reverse(name)).status_code == 200


def test_details_with_an_office_that_is_none_are_not_half_saved(web: Client) -> None:
    web.post(reverse("claim-start", args=["TEST"]), {"key": key()})
    claim = Claim.objects.get()

    answer = web.post(
        reverse("claim-details", args=[claim.pk]),
        {
            "phone": "13911112222",
            "account_kind": "debit_card",
            "account_number": make.GOOD_CARD,
            "office": "XX-99",
            "act": "save",
            "key": key(),
        },
    )

    assert answer.context["form"].errors["office"]
    after = make.fresh(claim)
    assert after.account is None
    assert after.person.phone != "13911112222"


def test_notice_must_be_ticked(web: Client) -> None:
    web.post(reverse("claim-start", args=["TEST"]), {"key": key()})
    claim = Claim.objects.get()

    answer = web.post(reverse("claim-notice", args=[claim.pk]), {"key": key()})

    assert answer.status_code == 200
    assert not NoticeAcceptance.objects.filter(claim=claim).exists()


def test_submitted_claim_has_a_slip_and_two_clicks_are_one_claim(web: Client) -> None:
    claim = fill_in(web)
    sent = {"key": key()}

    first = web.post(reverse("claim-check", args=[claim.pk]), sent)
    second = web.post(reverse("claim-check", args=[claim.pk]), sent)

    assert (first.status_code, second.status_code) == (302, 302)
    claim.refresh_from_db()
    assert claim.submission_no == 1
    assert claim.number
    assert claim.number in web.get(reverse("claim-slip", args=[claim.pk])).content.decode()
    assert web.get(reverse("claim", args=[claim.pk])).status_code == 200


def test_incomplete_claim_names_what_is_missing(web: Client) -> None:
    web.post(reverse("claim-start", args=["TEST"]), {"key": key()})
    claim = Claim.objects.get()

    answer = web.post(reverse("claim-check", args=[claim.pk]), {"key": key()})

    assert answer.status_code == 200
    assert "还缺" in answer.content.decode()


def test_text_file_is_no_picture(web: Client) -> None:
    web.post(reverse("claim-start", args=["TEST"]), {"key": key()})
    claim = Claim.objects.get()

    answer = web.post(
        reverse("claim-upload", args=[claim.pk, "id_front"]),
        {"file": SimpleUploadedFile("a.jpg", b"<html>no picture</html>")},
        follow=True,
    )

    assert answer.status_code == 200
    assert not claim.attachments.exists()


def test_stranger_meets_not_found(client: Client, stage: make.Cast) -> None:
    claim = make.checked(stage.wang)
    client.force_login(stage.zhang)

    for name in ("claim", "claim-slip", "claim-withdraw", "claim-correct", "claim-files"):
        assert client.get(reverse(name, args=[claim.pk])).status_code == 404


def test_returned_claim_is_corrected_and_goes_on(client: Client, stage: make.Cast) -> None:
    claim = make.returned(stage)
    client.force_login(stage.wang)
    page = client.get(reverse("claim-correct", args=[claim.pk])).content.decode()
    client.post(
        reverse("claim-upload", args=[claim.pk, "id_front"]),
        {"file": SimpleUploadedFile("new.jpg", make.picture(200))},
    )

    answer = client.post(reverse("claim-correct", args=[claim.pk]), {"key": key()})

    assert "左下角看不清" in page
    assert answer.status_code == 302
    assert make.fresh(claim).submission_no == 2


def test_untouched_correction_is_refused(client: Client, stage: make.Cast) -> None:
    claim = make.returned(stage)
    client.force_login(stage.wang)

    answer = client.post(reverse("claim-correct", args=[claim.pk]), {"key": key()})

    assert answer.status_code == 200
    assert make.fresh(claim).submission_no == 1


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("page_of_the_key", ["the first page", "the page of the refusal"])
def test_refused_correction_is_sent_again_from_either_page(
    client: Client, stage: make.Cast, page_of_the_key: str
) -> None:
    claim = make.returned(stage)
    client.force_login(stage.wang)
    path = reverse("claim-correct", args=[claim.pk])
    first = key_on(client.get(path).content.decode())
    refused = client.post(path, {"key": first}).content.decode()
    client.post(
        reverse("claim-upload", args=[claim.pk, "id_front"]),
        {"file": SimpleUploadedFile("new.jpg", make.picture(200))},
    )

    back = page_of_the_key == "the first page"
    client.post(path, {"key": first if back else key_on(refused)})

    assert make.fresh(claim).submission_no == 2


def test_refused_account_is_corrected_with_the_key_of_the_new_page(
    client: Client, stage: make.Cast
) -> None:
    claim, _ = failed(stage, make.AT)
    client.force_login(stage.wang)
    path = reverse("claim-account", args=[claim.pk])
    given = {"account_kind": "debit_card", "key": key_on(client.get(path).content.decode())}
    refused = client.post(path, {**given, "account_number": make.GOOD_CARD})
    other = {**given, "account_number": OTHER_CARD}

    spent = client.post(path, other)
    taken = client.post(path, {**other, "key": key_on(refused.content.decode())})

    assert refused.context["form"].errors
    assert spent.status_code == 422
    assert taken.status_code == 302
    assert make.fresh(claim).account_id != claim.account_id


def test_returned_phone_is_the_one_thing_to_enter(client: Client, stage: make.Cast) -> None:
    claim = make.conclude(
        make.checked(stage.wang), "return", stage.qian, items=[Flag("phone", "A02", "打不通")]
    )
    client.force_login(stage.wang)
    page = client.get(reverse("claim-correct", args=[claim.pk])).content.decode()

    answer = client.post(
        reverse("claim-correct", args=[claim.pk]), {"phone": "13911112222", "key": key()}
    )

    assert 'name="phone"' in page
    assert 'name="account_number"' not in page
    assert answer.status_code == 302
    assert make.fresh(claim).person.phone == "13911112222"


@pytest.mark.usefixtures("stage")
def test_taken_id_number_leaves_no_account(client: Client) -> None:
    answer = client.post(
        reverse("register"),
        {
            "username": "lisi",
            "password": "a-good-long-one",
            "name": "王五",
            "id_number": "229901199003071249",
            "phone": "13900001111",
            "key": key(),
        },
    )

    assert answer.status_code == 200
    assert not User.objects.filter(username="lisi").exists()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("name", "status"), [("withdraw", "withdrawn"), ("delete", "deleted")])
def test_returned_claim_is_given_up(
    client: Client, stage: make.Cast, name: str, status: str
) -> None:
    claim = make.returned(stage)
    client.force_login(stage.wang)
    page = client.get(reverse(f"claim-{name}", args=[claim.pk]))

    answer = client.post(reverse(f"claim-{name}", args=[claim.pk]), {"key": key()})

    assert page.status_code == 200
    assert answer.status_code == 302
    make.settle()
    assert make.fresh(claim).status == status


def test_picture_carries_the_headers_of_a_private_file(client: Client, stage: make.Cast) -> None:
    claim = make.checked(stage.wang)
    client.force_login(stage.wang)
    row = claim.attachments.get(spec="id_front")

    answer = client.get(reverse("claim-picture", args=[row.pk]))
    head = client.head(reverse("claim-picture", args=[row.pk]))

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(answer.content))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
