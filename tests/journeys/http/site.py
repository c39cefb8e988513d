"""The site as people use it: pages, forms and buttons, one browser for each person."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import make
from workflows.accounts.models import User
from workflows.models import Claim, PaymentBatch
from workflows.ports.bank import BankOutcome

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

FOUND, OK = 302, 200
CARD = {"account_kind": "debit_card", "account_number": make.GOOD_CARD}


@dataclass
class Site:
    """The pages at one moment; machines run between the clicks."""

    cast: make.Cast
    patch: pytest.MonkeyPatch
    at: datetime = make.AT
    browsers: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.move_to(self.at)

    def move_to(self, at: datetime) -> None:
        """Let the time come; what is due then happens."""
        self.at = at
        self.patch.setattr("engine.clock.now", lambda: at)
        make.settle(at)

    def browser(self, user: User) -> Client:
        """Where somebody is logged in, through the login page."""
        if user.username not in self.browsers:
            client = Client()
            given = {"username": user.username, "password": make.PASSWORD}
            assert client.post("/login/", given).status_code == FOUND
            self.browsers[user.username] = client
        return self.browsers[user.username]

    def read(self, user: User, path: str) -> str:
        answer = self.browser(user).get(path)
        assert answer.status_code == OK, (path, answer.status_code)
        return answer.content.decode()

    def press(self, user: User, path: str, **fields: object) -> str:
        """Send a form, follow the redirect, let machines run; the page that comes back."""
        sent = {"key": str(uuid4()), **fields}
        answer = self.browser(user).post(path, sent, follow=True)
        said = answer.content.decode()
        assert answer.status_code == OK, (path, answer.status_code, errors(said))
        make.settle(self.at)
        return said


def errors(page: str) -> list[str]:
    """What a page complains about."""
    return re.findall(r'class="[^"]*(?:error|invalid)[^"]*"[^>]*>([^<]+)', page)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([0-9a-f-]*)"', page)
    assert found is not None, name
    return found[1]


def picture(shade: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("picture.jpg", make.picture(shade), "image/jpeg")


# --------------------------------------------------------------------------- the applicant


def register(site: Site, username: str, serial: int) -> User:
    """Somebody opens an account and is logged in by it."""
    client = Client()
    given = {
        "username": username,
        "password": make.PASSWORD,
        "name": "赵六",
        "id_number": make.id_number(serial),
        "phone": "13900001111",
        "key": str(uuid4()),
    }
    answer: _MonkeyPatchedWSGIResponse = client.post("/register/", given)
    assert answer.status_code == FOUND, errors(answer.content.decode())
    site.browsers[username] = client
    return User.objects.get(username=username)


def fill_in(site: Site, user: User, *, programme: str = "TEST", **details: str) -> Claim:
    """Start, notice, details, pictures; ready for the last click."""
    site.press(user, f"/claims/start/{programme}/")
    claim = Claim.objects.get(person__user=user, status="draft")
    home = f"/claims/{claim.pk}"
    site.press(user, f"{home}/notice/", read="yes")
    given = {"phone": "13900001111", "office": "JL-CC-01", "act": "save", **CARD, **details}
    site.press(user, f"{home}/details/", **given)
    page = site.read(user, f"{home}/files/")
    specs = sorted(set(re.findall(rf"{home}/files/([\w-]+)/", page)))
    assert specs
    for shade, spec in enumerate(specs):
        site.press(user, f"{home}/files/{spec}/", file=picture(100 + shade))
    return claim


def submit(site: Site, user: User, claim: Claim) -> Claim:
    page = site.read(user, f"/claims/{claim.pk}/check/")
    site.press(user, f"/claims/{claim.pk}/check/", key=hidden(page, "key"))
    return make.fresh(claim)


def apply(site: Site, user: User, **details: str) -> Claim:
    return submit(site, user, fill_in(site, user, **details))


# --------------------------------------------------------------------------- officers


def conclude(site: Site, user: User, claim: Claim, outcome: str, **fields: object) -> Claim:
    """Take the next task, read the desk, conclude."""
    page = site.press(user, "/work/next/")
    return at_desk(site, user, claim, page, outcome, **fields)


def at_desk(
    site: Site, user: User, claim: Claim, page: str, outcome: str, **fields: object
) -> Claim:
    """Conclude the task whose desk is open."""
    assert claim.number is not None
    assert claim.number in page
    found = re.search(r"/work/tasks/(\d+)/conclude/", page)
    assert found is not None
    sent = {name: hidden(page, name) for name in ("key", "submission_sha256")}
    site.press(user, found[0], outcome=outcome, **sent, **fields)
    return make.fresh(claim)


def approve(site: Site, claim: Claim) -> Claim:
    """From the attachment check to the approval, and the second look when it is drawn."""
    conclude(site, site.cast.qian, claim, "pass")
    conclude(site, site.cast.lin, claim, "recommend_approval")
    claim = conclude(site, site.cast.zhou, claim, "approve")
    if claim.status == "quality_check":
        claim = conclude(site, site.cast.zheng, claim, "confirm")
    return claim


# --------------------------------------------------------------------------- money


def make_batch(site: Site) -> PaymentBatch:
    """The payer looks at the plan and makes the batch of it."""
    feng, day = site.cast.feng, f"{site.at:%Y-%m-%d}"
    programme = make.programme().code
    before = PaymentBatch.objects.count()
    page = site.read(feng, f"/payments/new/?programme={programme}&office=&cut_off={day}")
    assert PaymentBatch.objects.count() == before
    plan = {"programme": programme, "office": "", "cut_off": day, "key": hidden(page, "key")}
    site.press(feng, "/payments/create/", **plan)
    return PaymentBatch.objects.latest("pk")


def send_batch(site: Site) -> PaymentBatch:
    """Made, checked, released with the password, downloaded, sent."""
    row = make_batch(site)
    cast, home = site.cast, f"/payments/{row.number}"
    site.press(cast.chen, f"{home}/check/", verdict="right")
    site.press(cast.chu, f"{home}/release/", password=make.PASSWORD)
    page = site.read(cast.feng, f"{home}/")
    found = re.search(r"/payments/files/\d+/", page)
    assert found is not None
    data = b"".join(site.browser(cast.feng).get(found[0]))
    assert all(i.end_to_end_id.encode() in data for i in row.instructions.all())
    site.press(cast.feng, f"{home}/sent/")
    row.refresh_from_db()
    assert row.status == "sent"
    return row


def pay(site: Site, outcome: BankOutcome = BankOutcome.PAID) -> PaymentBatch:
    """A batch up to the signature under the bank's answer."""
    row = send_batch(site)
    home = f"/payments/{row.number}"
    answer = SimpleUploadedFile("answer.csv", make.answers(row, outcome), "text/csv")
    site.press(site.cast.feng, f"{home}/results/", file=answer)
    site.press(site.cast.feng, f"{home}/reconcile/")
    row.refresh_from_db()
    assert row.status == "reconciled"
    return row


def months(site: Site, user: User, claim: Claim) -> list[tuple[str, str]]:
    """Period and state of each month as the applicant reads them."""
    page = site.read(user, f"/claims/{claim.pk}/")
    row = r'<tr><th scope="row">([^<]+)</th>.*?<span class="sl-badge[^>]*>(.*?)</td>'
    return [
        (period, re.sub(r"<.*?>", " ", state, flags=re.DOTALL).split()[0])
        for period, state in re.findall(row, page, re.DOTALL)
    ]
