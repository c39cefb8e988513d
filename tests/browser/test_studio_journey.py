"""Somebody draws one more step; claims that come later pass it, those before do not."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from review_ui.demo.cast import PASSWORD
from tests.browser.chromium import Office, browser, demo_office
from tests.browser.drawing import Canvas
from tests.browser.journeys import officer, people
from tests.browser.journeys.marks import JOURNEY
from tests.browser.journeys.stage import Stage, until
from tests.review_ui.reviewer.test_added_steps import FORM

pytestmark = JOURNEY
FLOW = "check_attachments_to_gw_attachments"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with demo_office(claims=6) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def stage(office: Office, chromium: Browser) -> Iterator[Stage]:
    journey = Stage(office, chromium)
    yield journey
    journey.close()


def test_a_drawn_step_is_worked_by_later_claims_only(stage: Stage) -> None:
    before = people.newcomer(stage, 900)
    people.apply(before)
    people.sees(before, "审核中")
    author = stage.officer("liucheng")
    standing = begin(author)
    add_form(author)
    draw(author)
    reads_changes(author, standing)
    publish(stage.officer("fabu"), standing)

    officer.conclude(stage, "hedui", before.number, "材料齐全")
    later = people.newcomer(stage, 901)
    people.apply(later)
    officer.conclude(stage, "hedui", later.number, "材料齐全")
    look_at_seal(stage, later.number)
    for claim, version in ((before, "流程第1版"), (later, "流程第2版")):
        steps = history(stage, claim.number, version)
        assert ("查看公章" in steps) == (claim is later)
        officer.conclude(stage, "shenhe", claim.number, "建议通过")
    stage.assert_clean()


def begin(page: Page) -> int:
    """Begin a draft over the process in force; how many claims stand at the check of papers."""
    page.get_by_role("link", name="流程与规则表").click()
    page.get_by_role("link", name="申请审核", exact=True).click()
    standing = standing_at(page, "核对材料")
    page.get_by_label("要改什么").fill("公章单独查看")
    page.get_by_role("button", name="基于第1版的草稿").click()
    expect(page.get_by_role("heading", name="公章单独查看")).to_be_visible()
    return standing


def add_form(page: Page) -> None:
    """Put the form of the coming step into the draft."""
    data = json.dumps(FORM).encode()
    file = FilePayload(name="look_at_seal.json", mimeType="application/json", buffer=data)
    page.get_by_label("替换或新增文件").set_input_files(file)
    page.locator("#name").fill("forms/look_at_seal.json")
    page.get_by_role("button", name="放入草稿").click()
    expect(page.get_by_role("link", name="forms/look_at_seal.json")).to_be_visible()


def draw(page: Page) -> None:
    """One more task behind the check of the papers; the check while drawing leads to its end."""
    drawing = page.get_by_role("row").filter(has_text="claim_review.bpmn")
    drawing.get_by_role("link", name="编辑").click()
    canvas = Canvas(page)
    canvas.lint_says(errors=0)
    canvas.come_near(FLOW)
    canvas.make_room(FLOW, 160)
    canvas.insert_task(FLOW)
    canvas.write("查看公章")
    expect(canvas.finding("查看公章")).to_contain_text("没有类型的任务会直接通过")
    canvas.change_to("replace-with-user-task")
    canvas.fill("id", "look_at_seal")
    canvas.panel("shenling-form").locator("select").select_option("look_at_seal")
    canvas.panel("shenling-candidateGroups").get_by_label("材料核对").check()
    canvas.fill("shenling-text-en", "Look at the seal")
    canvas.pick("check_attachments")
    canvas.fill("name", "先核对材料")
    break_and_mend(canvas)
    canvas.save()


def break_and_mend(canvas: Canvas) -> None:
    """Without a way in, nobody would ever stand at the step; the check says so at once."""
    canvas.pick("look_at_seal")
    canvas.cut(FLOW)
    expect(canvas.finding("查看公章")).to_contain_text("没有任何路径能到达这里")
    canvas.undo()
    canvas.lint_says(errors=0)


def standing_at(page: Page, name: str) -> int:
    """How many claims stand at a step, as the outline of the version says."""
    page.locator("summary").first.click()
    step = page.get_by_role("button", name=name, exact=True)
    line = page.get_by_role("listitem").filter(has=step)
    said = re.search(r"(\d+)", line.locator("b").inner_text())
    assert said is not None
    return int(said[1])


def reads_changes(page: Page, standing: int) -> None:
    """The draft's page lists what differs, and how many claims stand there today."""
    page.get_by_role("link", name="公章单独查看").click()
    expect(changed(page, "look_at_seal")).to_contain_text("新增")
    expect(changed(page, "check_attachments")).to_contain_text("修改")
    expect(changed(page, "check_attachments").get_by_role("cell").last).to_have_text(str(standing))
    expect(page.get_by_text("草稿是您写的，须由另一人发布。")).to_be_visible()


def changed(page: Page, element: str) -> Locator:
    """The line of the changes about an element."""
    return page.get_by_role("row").filter(has=page.get_by_text(element, exact=True))


def publish(page: Page, standing: int) -> None:
    """Another person reads the same and publishes with the password."""
    page.get_by_role("link", name="流程与规则表").click()
    page.get_by_role("link", name="公章单独查看").click()
    expect(changed(page, "check_attachments").get_by_role("cell").last).to_have_text(str(standing))
    page.get_by_label("改了什么、为什么").fill("公章须单独查看")
    page.get_by_label("再次输入您的密码").fill(PASSWORD)
    page.get_by_role("button", name="发布草稿").click()
    expect(page.get_by_role("status").first).to_contain_text("已发布")


def look_at_seal(stage: Stage, number: str) -> None:
    """The step has a place in the queue and a page, which asks what its form says."""
    page = stage.officer("hedui")
    page.get_by_role("link", name="待领取").click()
    until(page, page.get_by_role("link", name="查看公章", exact=True)).click()
    expect(page.get_by_role("link", name=number)).to_be_visible()
    officer.take(stage, "hedui", number)
    officer.choose(page, "公章清楚")
    page.get_by_label("公章单位").fill("某某公司")
    officer.finish(page, number)


def history(stage: Stage, number: str, version: str) -> str:
    """What the officer reads beside the diagram of a claim."""
    page = officer.search(stage, number)
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="流程图和记录").click()
    expect(page.locator(".sl-head")).to_contain_text(version)
    steps: str = page.get_by_role("table", name="记录").inner_text()
    return steps
