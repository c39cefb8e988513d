"""Another account after a payment that did not arrive: given by one, confirmed by another."""

from playwright.sync_api import expect

from tests.browser.journeys.payer import MAKER
from tests.browser.journeys.people import Applicant
from tests.browser.journeys.stage import Stage, follow, until


def give(somebody: Applicant, card: str) -> None:
    """Follow the claim's one button and type the number of another card."""
    page = somebody.page
    follow(until(page, page.get_by_role("link", name="更换收款账户")))
    page.get_by_label("卡的种类").select_option(label="一类银行卡")
    page.get_by_label("新的卡号").fill(card)
    follow(page.get_by_role("button", name="保存账户"))
    expect(page.get_by_role("status")).to_be_visible()


def confirm(stage: Stage, claim: str, card: str) -> None:
    """The payer sees holder and last digits, never the whole number, and confirms."""
    page = stage.officer(MAKER)
    follow(page.get_by_role("link", name="支付批次").first)
    follow(until(page, page.get_by_role("link", name=claim)))
    expect(page.get_by_role("heading", name="确认账户")).to_be_visible()
    expect(page.get_by_text(card)).to_have_count(0)
    expect(page.get_by_text(f"**** {card[-4:]}")).to_be_visible()
    follow(page.get_by_role("button", name="账户正确"))
    expect(page.get_by_role("status")).to_be_visible()
