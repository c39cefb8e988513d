"""Where a claim stands: the receipt's date, what comes next, by when and whom to call."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import make
from tests.journeys.test_denied_claim import denied
from tests.journeys.test_shipped_programme import approved
from workflows.actions import accounts
from workflows.models import Claim, Status
from workflows.ports.bank import BankOutcome
from workflows.queries import applicant
from workflows.values import bank_card

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_CARD = bank_card.complete("990000000000777")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.clock.now", lambda: make.AT)


class TestSlip:
    @pytest.mark.parametrize(("days", "shown"), [(1, "11月11日"), (4, "11月16日")])
    def test_answer_is_expected_when_the_programme_says(
        self, client: Client, days: int, shown: str
    ) -> None:
        people = make.cast(service={"expected_wd": days})
        claim = make.submitted(people.wang)
        client.force_login(people.wang)

        page = client.get(reverse("claim-slip", args=[claim.pk])).content.decode()

        assert shown in page

    def test_no_answer_is_expected_where_the_status_has_no_deadline(self, client: Client) -> None:
        people = make.cast()
        claim = make.approved(people)
        make.paid(people, at=make.AT + timedelta(days=15), outcome=BankOutcome.ACCOUNT_CLOSED)

        status = card_on(status_page(client, people, claim))
        slip = client.get(reverse("claim-slip", args=[claim.pk])).content.decode()

        assert "没有期限" in status
        assert "预计审核完毕" not in slip


def status_page(client: Client, people: make.Cast, claim: Claim, language: str = "zh-hans") -> str:
    client.force_login(people.wang)
    client.cookies["django_language"] = language
    return client.get(reverse("claim", args=[claim.pk])).content.decode()


def coming_on(page: str) -> str:
    """The last line of the timeline."""
    _, found = page.split('<li class="is-next">')
    return found.split("</li>")[0]


def card_on(page: str) -> str:
    """What stands before the table of payments: the card and the button below it."""
    return page.split("<h1>")[1].split('aria-labelledby="pay"', maxsplit=1)[0]


class TestDates:
    @pytest.mark.parametrize(
        ("language", "shown"), [("zh-hans", "2026年12月1日"), ("en", "1 Dec 2026")]
    )
    def test_date_of_a_message_is_in_words_and_not_broken(
        self, client: Client, language: str, shown: str
    ) -> None:
        make.shipped()
        people = make.cast()
        claim = make.returned(people)

        page = status_page(client, people, claim, language)

        # On the card and in the timeline.
        assert page.count(f'<span class="sl-nowrap">{shown}</span>') == 2
        assert "2026-12-01" not in page


class TestFailedPayment:
    def test_card_says_what_happened_and_the_button_is_beside_it(self, client: Client) -> None:
        make.shipped()
        people = make.cast()
        claim = approved(people, make.AT)
        make.paid(people, at=make.AT + timedelta(days=15), outcome=BankOutcome.ACCOUNT_CLOSED)

        card = card_on(status_page(client, people, claim))

        assert "sl-state is-c-you" in card
        assert "银行告知账户已销户" in card
        assert "请提供另一个收款账户" in card
        assert reverse("claim-account", args=[claim.pk]) in card

    def test_account_that_was_given_waits_for_an_officer(self, client: Client) -> None:
        people = make.cast()
        claim = make.approved(people)
        later = make.AT + timedelta(days=15)
        make.paid(people, at=later, outcome=BankOutcome.ACCOUNT_CLOSED)
        accounts.change_account(
            make.fresh(claim),
            account_kind="debit_card",
            account_text=OTHER_CARD,
            by=people.wang,
            at=later,
        )

        page = status_page(client, people, claim)

        assert "sl-state is-c-office" in card_on(page)
        assert "已收到您的新账户" in card_on(page)
        assert reverse("claim-account", args=[claim.pk]) not in page


class TestWhatComesNext:
    def test_officers_step_has_the_deadline_of_the_diagram(self, client: Client) -> None:
        people = make.cast()
        claim = make.checked(people.wang)

        line = coming_on(status_page(client, people, claim))

        assert "工作人员正在核对您的材料" in line
        assert "11月13日" in line
        assert "0431-89323019" in line

    def test_returned_claim_names_the_day_of_the_applicant(self, client: Client) -> None:
        people = make.cast()
        claim = make.returned(people)

        assert "12月1日" in coming_on(status_page(client, people, claim))

    def test_appeal_is_open_until_its_day(self, client: Client) -> None:
        people = make.cast()
        claim = denied(people, make.AT)

        assert "2027年1月9日" in coming_on(status_page(client, people, claim))

    def test_approved_claim_names_month_and_pay_day(self, client: Client) -> None:
        people = make.cast()
        claim = make.approved(people)

        line = coming_on(status_page(client, people, claim))

        assert "2026-11" in line
        assert "11月20日" in line

    def test_day_that_is_over_tells_to_call(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = make.cast()
        claim = make.checked(people.wang)
        monkeypatch.setattr("engine.clock.now", lambda: make.AT + timedelta(days=9))

        page = status_page(client, people, claim, "en")

        assert "This day is over. Please call the office." in page
        assert "-" not in page.split("At the latest")[1].split("</dd>")[0].split("<br>")[1]

    def test_closed_claim_waits_for_nothing(self, client: Client) -> None:
        people = make.cast()
        claim = make.checked(people.wang)
        Claim.objects.update(status=Status.WITHDRAWN)

        assert "is-next" not in status_page(client, people, claim)

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_every_status_has_its_sentence(self, language: str) -> None:
        people = make.cast()
        claim = make.checked(people.wang)
        said = set()
        for status in Status:
            claim.status = status
            with translation.override(language):
                said.add(applicant.status(claim).next_step)

        assert "" not in said
        # Automatic checks twice, the second look twice, three that are closed, money twice.
        assert len(said) == len(Status) - 5
