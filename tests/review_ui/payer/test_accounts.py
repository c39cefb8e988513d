"""A new account after a failed payment, confirmed by a payer who sees it masked."""

import pytest

from engine import api
from engine.types import TaskView
from tests import make
from tests.review_ui.payer.conftest import DUE, as_
from workflows.actions import accounts
from workflows.models import Claim
from workflows.ports.bank import BankOutcome
from workflows.queries.coming import CHANGE_ACCOUNT
from workflows.values import bank_card

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_CARD = bank_card.complete("990000000000777")


def waiting(people: make.Cast) -> tuple[Claim, TaskView]:
    """A claim whose new account waits for a payer."""
    claim = make.approved(people)
    make.paid(people, at=DUE, outcome=BankOutcome.ACCOUNT_CLOSED)
    claim = accounts.change_account(
        make.fresh(claim),
        account_kind="debit_card",
        account_text=OTHER_CARD,
        by=people.wang,
        at=DUE,
    )
    make.settle(DUE)
    return make.fresh(claim), accounts.waiting_task(claim, accounts.CONFIRM)


def test_a_payer_confirms_what_is_shown_masked(people: make.Cast) -> None:
    claim, task = waiting(people)
    client = as_(people.feng)
    listed = client.get("/payments/").content.decode()
    assert f"/payments/accounts/{task.id}/" in listed
    page = client.get(f"/payments/accounts/{task.id}/").content.decode()
    assert OTHER_CARD not in page
    assert OTHER_CARD[-4:] in page
    assert "王五" not in page
    answer = client.post(f"/payments/accounts/{task.id}/", {"verdict": "right"})
    assert answer.status_code == 302
    account = make.fresh(claim).account
    assert account is not None
    assert account.confirmed_by == people.feng
    assert api.task(task.id).status == "completed"


def test_a_refused_account_is_asked_for_again(people: make.Cast) -> None:
    claim, task = waiting(people)
    answer = as_(people.feng).post(f"/payments/accounts/{task.id}/", {"verdict": "wrong"})
    assert answer.status_code == 302
    assert accounts.waiting_task(make.fresh(claim), CHANGE_ACCOUNT).status == "open"


def test_an_answer_that_is_none_is_asked_for(people: make.Cast) -> None:
    _claim, task = waiting(people)
    assert as_(people.feng).post(f"/payments/accounts/{task.id}/", {}).status_code == 422
    assert api.task(task.id).status == "open"


def test_only_payers_see_it(people: make.Cast) -> None:
    _claim, task = waiting(people)
    for user in (people.chen, people.lin, people.wang):
        assert as_(user).get(f"/payments/accounts/{task.id}/").status_code == 404
