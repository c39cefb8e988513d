"""Returned, deleted, denied, withdrawn, and money that comes back, by nothing but pages."""

import re
from datetime import timedelta

import pytest

from tests import make
from tests.journeys.health import assert_healthy
from tests.journeys.http import site as pages
from tests.journeys.http.site import Site
from workflows.models import Claim, PaymentInstruction
from workflows.ports.bank import BankOutcome
from workflows.values import bank_card

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_CARD = bank_card.complete("990000000000777")
BLURRED = {"reason:file:id_front": "A02", "note:file:id_front": "左下角看不清"}


def returned(site: Site) -> Claim:
    """Wang applies and gets the claim back because of one picture."""
    claim = pages.apply(site, site.cast.wang)
    claim = pages.conclude(site, site.cast.qian, claim, "return", **BLURRED)
    assert claim.status == "returned"
    return claim


def test_returned_claim_is_corrected_and_approved(site: Site) -> None:
    claim, wang = returned(site), site.cast.wang
    home = f"/claims/{claim.pk}"
    site.move_to(make.AT + timedelta(days=2))
    page = site.read(wang, f"{home}/correct/")
    assert "左下角看不清" in page
    assert f"{home}/files/id_front/" in page
    assert f"{home}/files/id_back/" not in page

    site.press(wang, f"{home}/correct/", key=pages.hidden(page, "key"))
    assert make.fresh(claim).status == "returned"
    site.press(wang, f"{home}/files/id_front/", file=pages.picture(200))
    site.press(wang, f"{home}/correct/", key=pages.hidden(page, "key"))

    claim = make.fresh(claim)
    assert (claim.status, claim.submission_no) == ("attachment_check", 2)
    assert pages.approve(site, claim).status == "approved"
    assert_healthy(site.at)


def test_returned_claim_is_deleted_and_disappears(site: Site) -> None:
    claim, wang = returned(site), site.cast.wang
    assert claim.number
    assert claim.number in site.read(wang, "/claims/")

    page = site.read(wang, f"/claims/{claim.pk}/delete/")
    site.press(wang, f"/claims/{claim.pk}/delete/", key=pages.hidden(page, "key"))

    assert make.fresh(claim).status == "deleted"
    assert claim.number not in site.read(wang, "/claims/")
    assert_healthy(site.at)


def test_two_officers_deny_and_the_applicant_reads_why(site: Site) -> None:
    cast = site.cast
    claim = pages.apply(site, cast.wang)
    pages.conclude(site, cast.qian, claim, "pass")
    pages.conclude(site, cast.lin, claim, "recommend_denial", reasons=["E04"])
    claim = pages.conclude(site, cast.zhou, claim, "deny", reasons=["E04"])

    assert claim.status == "denied"
    page = site.read(cast.wang, f"/claims/{claim.pk}/")
    assert "已重新就业" in page
    assert f"/claims/{claim.pk}/appeal/" in page
    assert_healthy(site.at)


def test_denial_without_reason_stays_on_the_desk(site: Site) -> None:
    cast = site.cast
    claim = pages.apply(site, cast.wang)
    pages.conclude(site, cast.qian, claim, "pass")
    page = site.press(cast.lin, "/work/next/")
    found = re.search(r"/work/tasks/\d+/conclude/", page)
    assert found is not None
    sent = {name: pages.hidden(page, name) for name in ("key", "submission_sha256")}

    answer = site.browser(cast.lin).post(found[0], {**sent, "outcome": "recommend_denial"})

    assert answer.status_code == 422
    assert make.task(claim).element_id == "review_eligibility"
    assert_healthy(site.at)


def test_withdrawn_claim_leaves_the_officers_alone(site: Site) -> None:
    cast = site.cast
    claim = pages.apply(site, cast.wang)
    site.press(cast.qian, "/work/next/")

    page = site.read(cast.wang, f"/claims/{claim.pk}/withdraw/")
    site.press(cast.wang, f"/claims/{claim.pk}/withdraw/", key=pages.hidden(page, "key"))

    claim = make.fresh(claim)
    assert claim.status == "withdrawn"
    assert claim.number
    assert claim.number not in site.read(cast.qian, "/work/")
    assert_healthy(site.at)


def test_money_that_comes_back_goes_to_another_account(site: Site) -> None:
    cast = site.cast
    claim = pages.approve(site, pages.apply(site, cast.wang))
    site.move_to(make.AT + timedelta(days=15))
    pages.pay(site, BankOutcome.ACCOUNT_CLOSED)
    assert "账户已销户" in site.read(cast.wang, f"/claims/{claim.pk}/")

    site.move_to(make.AT + timedelta(days=16))
    path = f"/claims/{claim.pk}/account/"
    page = site.read(cast.wang, path)
    key = pages.hidden(page, "key")
    site.press(cast.wang, path, key=key, account_kind="debit_card", account_number=OTHER_CARD)
    waiting = site.read(cast.feng, "/payments/")
    found = re.search(r"/payments/accounts/\d+/", waiting)
    assert found is not None
    page = site.read(cast.feng, found[0])
    assert OTHER_CARD not in page
    site.press(cast.feng, found[0], verdict="right", key=pages.hidden(page, "key"))
    pages.pay(site)

    first, second = PaymentInstruction.objects.order_by("issue")
    assert (first.status, second.status) == ("rejected", "confirmed")
    assert second.account_number == OTHER_CARD
    assert pages.months(site, cast.wang, claim)[0] == ("2026-11", "已发放")
    assert_healthy(site.at)
