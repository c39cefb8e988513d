"""Registering, logging in and out, what a wrong password says, and when the door closes."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests import make
from workflows.accounts.models import User

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("people")]
FOUND, OK, LOCKED = 302, 200, 429
LIMIT = settings.AXES_FAILURE_LIMIT


def log_in(
    client: Client, username: str, password: str = make.PASSWORD, **more: str
) -> "_MonkeyPatchedWSGIResponse":
    return client.post("/login/", {"username": username, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def newcomer(**changes: str) -> dict[str, str]:
    return {
        "username": "lisi",
        "password": make.PASSWORD,
        "name": "李四",
        "id_number": make.id_number(321),
        "phone": "13900001111",
        "key": str(uuid4()),
        **changes,
    }


class TestRegister:
    def test_newcomer_is_logged_in_and_can_come_back(self, client: Client) -> None:
        assert client.post("/register/", newcomer()).headers["Location"] == "/claims/"
        assert is_in(client)

        again = Client()
        assert log_in(again, "lisi").status_code == FOUND
        assert again.get("/claims/").status_code == OK

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"password": "short"}, "password"),
            ({"password": "password1"}, "password"),
            ({"username": "wang"}, "username"),
            ({"id_number": "229901199003071248"}, "id_number"),
            ({"phone": "139"}, "phone"),
            ({"name": ""}, "name"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, client: Client, changes: dict[str, str], field: str
    ) -> None:
        before = User.objects.count()

        answer = client.post("/register/", newcomer(**changes))

        assert answer.status_code == OK
        assert set(answer.context["form"].errors) == {field}
        assert User.objects.count() == before
        assert not is_in(client)

    def test_password_is_never_shown_again(self, client: Client) -> None:
        page = client.post("/register/", newcomer(phone="139")).content.decode()

        assert make.PASSWORD not in page


class TestLogIn:
    @pytest.mark.parametrize(
        ("who", "first_page"),
        [
            ("wang", "/claims/"),
            ("qian", "/work/"),
            ("wu", "/work/"),
            ("feng", "/payments/"),
            ("yunwei", "/operations/"),
            ("wei", "/studio/"),
        ],
    )
    def test_leads_to_the_first_page_of_the_role(
        self, client: Client, who: str, first_page: str
    ) -> None:
        make.officer("yunwei", "operator", place=None)
        make.officer("wei", "process_author", place=None)

        assert log_in(client, who).headers["Location"] == "/start/"

        last = client.get("/start/", follow=True)
        assert last.status_code == OK
        assert last.redirect_chain[-1][0] == first_page

    def test_officer_without_a_role_is_told_so(self, client: Client) -> None:
        make.officer("new")
        log_in(client, "new")

        page = client.get("/office/")

        assert page.status_code == OK
        assert next(item.name for item in page.templates) == "accounts/no_work.html"

    @pytest.mark.parametrize("name", ["wang", "nobody-of-that-name"])
    def test_refusal_does_not_say_whether_there_is_such_a_person(
        self, client: Client, name: str
    ) -> None:
        answer = log_in(client, name, "not-the-password")
        unknown = log_in(Client(), "another-name", "not-the-password")

        assert answer.status_code == OK
        assert not is_in(client)
        said, also = (a.context["form"].non_field_errors() for a in (answer, unknown))
        assert said == also
        assert said == ["用户名与密码不匹配，请重新输入。"]
        assert "not-the-password" not in answer.content.decode()

    def test_disabled_account_stays_out(self, client: Client, people: make.Cast) -> None:
        User.objects.filter(pk=people.qian.pk).update(is_active=False)

        assert log_in(client, "qian").status_code == OK
        assert not is_in(client)

    @pytest.mark.parametrize(
        ("wanted", "leads_to"),
        [("/work/queue/", "/work/queue/"), ("https://elsewhere.example/", "/start/")],
    )
    def test_goes_on_where_one_was_sent_from_but_never_elsewhere(
        self, client: Client, wanted: str, leads_to: str
    ) -> None:
        assert log_in(client, "qian", next=wanted).headers["Location"] == leads_to

    def test_page_behind_it_asks_for_it_first(self, client: Client) -> None:
        assert client.get("/work/queue/").headers["Location"] == "/login/?next=/work/queue/"

    def test_log_out_is_a_button_and_ends_the_session(self, client: Client) -> None:
        log_in(client, "qian")
        assert client.get("/logout/").status_code == 405

        assert client.post("/logout/").headers["Location"] == "/"

        assert not is_in(client)
        assert client.get("/work/").status_code == FOUND


class TestLockOut:
    def test_right_password_does_not_open_after_too_many_wrong_ones(self, client: Client) -> None:
        for _ in range(LIMIT - 1):
            assert log_in(client, "wang", "wrong").status_code == OK

        assert log_in(client, "wang", "wrong").status_code == LOCKED
        refused = log_in(client, "wang")
        assert refused.status_code == LOCKED
        assert "尝试次数太多" in refused.content.decode()
        assert not is_in(client)

    def test_others_get_in_meanwhile(self, client: Client) -> None:
        for _ in range(LIMIT):
            log_in(client, "wang", "wrong")

        assert log_in(Client(), "zhang").status_code == FOUND
        elsewhere = Client(REMOTE_ADDR="10.0.0.9")
        assert log_in(elsewhere, "wang").status_code == FOUND

    def test_door_opens_again_after_three_minutes(self, client: Client) -> None:
        for _ in range(LIMIT):
            log_in(client, "wang", "wrong")
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=3, seconds=5))

        assert log_in(client, "wang").status_code == FOUND
        assert is_in(client)


class TestPreferences:
    def test_language_is_switched_and_stays(self, client: Client) -> None:
        assert "登录" in client.get("/login/").content.decode()

        answer = client.post("/preferences/", {"language": "en", "next": "/login/"})

        assert answer.headers["Location"] == "/login/"
        page = client.get("/login/").content.decode()
        assert "Log in" in page
        assert '<html lang="en"' in page

    @pytest.mark.parametrize(
        ("field", "value", "cookie"),
        [
            ("language", "fr", "django_language"),
            ("theme", "pink", "sl_theme"),
            ("large_print", "yes", "sl_large_print"),
        ],
    )
    def test_what_is_not_offered_is_not_kept(
        self, client: Client, field: str, value: str, cookie: str
    ) -> None:
        answer = client.post("/preferences/", {field: value})

        assert answer.status_code == FOUND
        assert cookie not in answer.cookies

    def test_leads_nowhere_else(self, client: Client) -> None:
        given = {"language": "en", "next": "https://elsewhere.example/"}

        assert client.post("/preferences/", given).headers["Location"] == "/"
