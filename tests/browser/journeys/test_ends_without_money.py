"""Two people deny a claim and say why; another is withdrawn by who made it."""

from playwright.sync_api import expect

from tests.browser.journeys import corrections, officer, people
from tests.browser.journeys.marks import JOURNEY
from tests.browser.journeys.stage import Stage, follow

pytestmark = JOURNEY


def test_two_officers_deny_and_the_applicant_reads_why(stage: Stage) -> None:
    somebody = people.newcomer(stage, 720)
    people.apply(somebody)
    number = somebody.number
    officer.conclude(stage, "hedui", number, "材料齐全")
    officer.conclude(stage, "shenhe", number, "建议不予发放", code="E04")
    people.sees(somebody, "审核中")
    assert officer.found(stage, number, "复核")

    officer.conclude(stage, "fuhe", number, "不予发放", code="E04")

    people.sees(somebody, "未通过")
    page = somebody.page
    expect(page.locator(".sl-state")).to_contain_text("查到您已有新的参保记录")
    expect(page.get_by_text("另一位工作人员").first).to_be_visible()
    expect(page.get_by_role("link", name="申请复核")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    assert officer.found(stage, number, "不予发放")
    stage.assert_clean()


def test_withdrawn_claim_leaves_the_queue(stage: Stage) -> None:
    somebody = people.newcomer(stage, 721)
    people.apply(somebody)
    number = somebody.number
    officer.take(stage, "hedui", number)
    people.sees(somebody, "审核中")

    corrections.withdraw(somebody)

    people.sees(somebody, "已撤回")
    desk = stage.officer("hedui")
    follow(desk.get_by_role("link", name="我的任务").first)
    expect(desk.get_by_role("heading", name="我的任务")).to_be_visible()
    expect(desk.get_by_text(number)).to_have_count(0)
    assert officer.found(stage, number, "已撤回")
    stage.assert_clean()
