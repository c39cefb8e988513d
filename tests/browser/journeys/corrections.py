"""What an applicant does with a claim that is not done: correct it, withdraw it, delete it."""

from playwright.sync_api import Page, expect

from tests.browser.journeys import people
from tests.browser.journeys.people import Applicant
from tests.browser.journeys.stage import follow, until


def begin(somebody: Applicant) -> Page:
    """Open what is to be corrected, as soon as the claim has come back."""
    page = somebody.page
    follow(until(page, page.get_by_role("link", name="现在补正")))
    expect(page.get_by_role("heading", name="补正申请")).to_be_visible()
    return page


def open_pictures(page: Page) -> list[str]:
    """The pictures that can be changed here."""
    return page.get_by_role("listitem").get_by_role("heading").all_inner_texts()


def replace(somebody: Applicant, title: str) -> None:
    """Choose another picture for the one that was sent back."""
    people.upload(somebody.page, title, people.picture(title, somebody.who.number + 50))


def send_again(page: Page) -> None:
    follow(page.get_by_role("button", name="重新上报"))


def withdraw(somebody: Applicant) -> None:
    """Withdraw, and say so once more on the page that tells what it means."""
    page = somebody.page
    follow(page.get_by_role("link", name="撤回申请"))
    follow(page.get_by_role("button", name="撤回"))
    expect(page.get_by_role("status")).to_contain_text("撤回")


def delete(somebody: Applicant) -> None:
    """Delete, and say so once more; then the list of claims comes."""
    page = somebody.page
    follow(page.get_by_role("link", name="删除申请").first)
    follow(page.get_by_role("button", name="删除"))
    expect(page.get_by_role("heading", name="我的申请")).to_be_visible()
