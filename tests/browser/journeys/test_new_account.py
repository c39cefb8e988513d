"""The bank sends a month back; the applicant gives another account, and the month is paid."""

from playwright.sync_api import expect

from review_ui.demo import invented
from tests.browser.journeys import accounts, officer, payer, people
from tests.browser.journeys.marks import JOURNEY
from tests.browser.journeys.stage import Stage

pytestmark = JOURNEY
LIMITED = "0005"


def test_failed_month_is_paid_to_another_account(stage: Stage) -> None:
    somebody = people.newcomer(stage, 730, card_ends=LIMITED)
    people.apply(somebody)
    officer.approve(stage, somebody.number, look="F02")
    stage.let_the_pay_day_pass()
    first = payer.pay(stage, somebody.number)
    failed = payer.line(stage, first, somebody.number)
    assert failed["收款账户"] == f"尾号{LIMITED}"
    assert "已到限额" in failed["状态"]
    people.reads_month(somebody, "未到账")
    expect(somebody.page.get_by_text("此账户有收款限额").first).to_be_visible()

    other = invented.person(731).card
    accounts.give(somebody, other)
    accounts.confirm(stage, somebody.number, other)
    second = payer.pay(stage, somebody.number)

    paid = payer.line(stage, second, somebody.number)
    assert paid["收款账户"] == f"尾号{other[-4:]}"
    assert (paid["月份"], paid["金额（元）"]) == (failed["月份"], failed["金额（元）"])
    people.reads_month(somebody, "已发放")
    month = people.months(somebody)[0]
    assert (month["月份"], month["金额（元）"]) == (paid["月份"], paid["金额（元）"])
    stage.assert_clean()
