"""A claim comes back because of one picture: corrected and approved, or deleted."""

from playwright.sync_api import expect

from tests.browser.journeys import corrections, officer, people
from tests.browser.journeys.marks import JOURNEY
from tests.browser.journeys.people import Applicant
from tests.browser.journeys.stage import Stage

pytestmark = JOURNEY
FRONT = "身份证人像面"
NOTE = "左下角看不清"


def returned(stage: Stage, serial: int) -> Applicant:
    """Somebody applies, and the checker cannot read one picture."""
    somebody = people.newcomer(stage, serial)
    people.apply(somebody)
    officer.send_back(stage, "hedui", somebody.number, part=FRONT, code="A02", note=NOTE)
    people.sees(somebody, "需要您补正")
    return somebody


def test_one_picture_is_corrected_and_the_claim_approved(stage: Stage) -> None:
    somebody = returned(stage, 710)
    page = corrections.begin(somebody)
    expect(page.get_by_text(NOTE)).to_be_visible()
    assert corrections.open_pictures(page) == [FRONT]
    expect(page.get_by_role("textbox")).to_have_count(0)

    corrections.replace(somebody, FRONT)
    corrections.send_again(page)

    people.sees(somebody, "审核中")
    assert officer.changed_parts(stage, "hedui", somebody.number) == FRONT
    officer.approve(stage, somebody.number)
    people.sees(somebody, "已通过")
    stage.assert_clean()


def test_deleted_claim_is_gone_from_the_list(stage: Stage) -> None:
    somebody = returned(stage, 711)
    page = corrections.begin(somebody)
    assert officer.found(stage, somebody.number, "退回补正")

    corrections.delete(somebody)

    expect(page.get_by_text(somebody.number)).to_have_count(0)
    expect(page.get_by_role("button", name="开始申领")).to_be_visible()
    expect(officer.search(stage, somebody.number).get_by_text("没有找到申请")).to_be_visible()
    stage.assert_clean()
