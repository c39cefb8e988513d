"""What an officer does with a claim: find it, take it, conclude it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys.stage import Stage, follow, until


def conclude(stage: Stage, username: str, number: str, outcome: str, *, code: str = "") -> None:
    """Take this claim from the queue and conclude it; `code` is a reason to tick."""
    page = take(stage, username, number)
    choose(page, outcome)
    if code:
        chip(page, code).click()
    finish(page, number)


def send_back(
    stage: Stage, username: str, number: str, *, part: str, code: str, note: str
) -> None:
    """Return a claim because of one part, with a reason and a word for the applicant."""
    page = take(stage, username, number)
    choose(page, "退回补正")
    reason = page.get_by_label(f"原因：{part}")
    reason.select_option(label=reason.locator("option", has_text=code).inner_text())
    page.get_by_label(f"给申请人的说明：{part}").fill(note)
    finish(page, number)


def choose(page: Page, outcome: str) -> None:
    """Press an outcome in the bar below the desk."""
    page.get_by_role("group", name="结论").get_by_text(outcome).click()


def take(stage: Stage, username: str, number: str) -> Page:
    """Open the desk of a claim in the queue, and take it unless it already came by itself."""
    page = stage.officer(username)
    follow(page.get_by_role("link", name="待领取"))
    follow(until(page, page.get_by_role("link", name=number)))
    expect(page.get_by_role("list", name="进度")).to_be_visible()
    free = page.get_by_role("button", name=re.compile("^领取"))
    if free.count():
        follow(free)
    expect(page.get_by_text("已分配给您")).to_be_visible()
    return page


def chip(page: Page, code: str) -> Locator:
    """A reason to tick, in the list of all reasons."""
    return page.get_by_role("group", name="原因").locator("label", has_text=code)


def finish(page: Page, number: str) -> None:
    """Press the button of the outcome; the next claim or the empty list comes up."""
    here = page.url
    follow(page.get_by_role("button", name="下一件"))
    assert page.url != here, (number, page.locator("main").inner_text())


def answer(stage: Stage, username: str, number: str, *, code: str, evidence: str) -> None:
    """Say what was looked at, so that a reason no longer stands against an approval."""
    page = take(stage, username, number)
    expect(page.get_by_role("radio", name="建议通过")).to_be_disabled()
    standing = page.get_by_role("region", name="需要处理的原因")
    expect(standing).to_contain_text(code)
    standing.get_by_label("查看了什么，在哪里查看").fill(evidence)
    follow(standing.get_by_role("button", name="写明依据"))
    expect(page.get_by_role("status")).to_contain_text(code)


def approve(stage: Stage, number: str, *, look: str = "") -> None:
    """Check, review and approval, each by another person; a fourth looks again at a sample.

    `look` is a reason that the reviewer clears first.
    """
    conclude(stage, "hedui", number, "材料齐全")
    if look:
        answer(stage, "shenhe", number, code=look, evidence="已与银行电话核实")
    conclude(stage, "shenhe", number, "建议通过")
    conclude(stage, "fuhe", number, "核定通过")
    if found(stage, number, "抽查", "已核定") == "抽查":
        conclude(stage, "choucha", number, "结论成立")


def found(stage: Stage, number: str, *states: str) -> str:
    """Search for a claim until it stands in one of these states: which one."""
    page = search(stage, number)
    badge = page.get_by_role("row").filter(has_text=number).locator(".sl-badge")
    return until(page, badge.filter(has_text=re.compile("|".join(states)))).inner_text().strip()


def search(stage: Stage, number: str) -> Page:
    """Type the number into the box that every office page has."""
    page = stage.officer("fuhe")
    box = page.get_by_role("searchbox", name="查找申请")
    box.fill(number)
    with page.expect_navigation():
        box.press("Enter")
    return page


def changed_parts(stage: Stage, username: str, number: str) -> str:
    """What the desk marks as changed since the last look."""
    page = take(stage, username, number)
    return page.locator(".sl-tag.is-warn").filter(has_text="有变化").inner_text().split("：")[1]
