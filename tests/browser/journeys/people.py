"""What somebody without an office does: register, claim, read, correct."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from review_ui.demo import invented
from tests.browser.journeys.stage import Stage, follow, until

OFFICE = "长春市社会保险局"
PASSWORD = "Baishan-1949"


@dataclass
class Applicant:
    """Somebody at home with a phone; the number chooses who."""

    stage: Stage
    who: invented.Invented
    number: str = ""

    @property
    def username(self) -> str:
        return f"journey{self.who.number}"

    @property
    def page(self) -> Page:
        return self.stage.at_home(self.username)


def newcomer(stage: Stage, serial: int, *, card_ends: str = "") -> Applicant:
    """Somebody whom the office does not know yet."""
    return Applicant(stage, invented.person(serial, card_ends=card_ends))


def register(somebody: Applicant) -> None:
    """Open an account, leave, and come back by the login page."""
    page = somebody.page
    page.goto(somebody.stage.office.url)
    follow(page.get_by_role("link", name="登录"))
    follow(page.get_by_role("link", name="注册"))
    page.get_by_label("用户名或手机号").fill(somebody.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("姓名").fill(somebody.who.name)
    page.get_by_label("证件号").fill(somebody.who.id_number)
    page.get_by_label("手机号", exact=True).fill(somebody.who.phone)
    follow(page.get_by_role("button", name="注册"))
    expect(page.get_by_role("heading", name="我的申请")).to_be_visible()
    follow(page.get_by_role("button", name="退出"))
    follow(page.get_by_role("link", name="登录"))
    page.get_by_label("用户名或手机号").fill(somebody.username)
    page.get_by_label("密码").fill(PASSWORD)
    follow(page.get_by_role("button", name="登录"))
    expect(page.get_by_role("heading", name="我的申请")).to_be_visible()


def fill_in(somebody: Applicant) -> None:
    """Notice, details and pictures, up to the page that shows all answers."""
    page = somebody.page
    follow(page.get_by_role("button", name="开始申领"))
    page.get_by_label("我已读完并了解以上告知").check()
    follow(page.get_by_role("button", name="继续"))
    page.get_by_label("手机号").fill(somebody.who.phone)
    page.get_by_label("一类银行卡").check()
    page.get_by_label("卡号").fill(somebody.who.card)
    page.get_by_label("最后参保地的经办机构").select_option(label=option(page, OFFICE))
    follow(page.get_by_role("button", name="保存并继续"))
    for place, title in enumerate(missing_pictures(page)):
        upload(page, title, picture(title, somebody.who.number + place))
    follow(page.get_by_role("link", name="继续"))


def option(page: Page, beginning: str) -> str:
    """The whole text of the option that begins so; the phone number stands behind the name."""
    return page.locator("option", has_text=beginning).first.inner_text()


def missing_pictures(page: Page) -> list[str]:
    expect(page.get_by_role("heading", name="上传照片")).to_be_visible()
    return page.get_by_role("listitem").get_by_role("heading").all_inner_texts()


def upload(page: Page, title: str, file: FilePayload) -> None:
    """Press the picture's button and choose a file, as the browser then asks for one."""
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))
    with page.expect_navigation(), page.expect_file_chooser() as chooser:
        row.locator("label.btn").click()
        chooser.value.set_files(file)
    expect(row.get_by_role("img", name=title)).to_be_visible()


def picture(title: str, shade: int) -> FilePayload:
    """A card drawn for this claim; every other one is a PNG."""
    image = Image.new("RGB", (1000, 630), (shade * 37 % 256, shade * 59 % 256, 200))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((20, 20, 980, 610), radius=36, outline=(40, 50, 60), width=6)
    for row in range(8):
        pen.rectangle(
            (80, 60 + row * 60, 300 + (row * shade * 17) % 500, 90 + row * 60), "#46535f"
        )
    kind = ("JPEG", "jpg") if shade % 2 else ("PNG", "png")
    out = io.BytesIO()
    image.save(out, kind[0])
    return FilePayload(
        name=f"{title}.{kind[1]}", mimeType=f"image/{kind[0].lower()}", buffer=out.getvalue()
    )


def submit(somebody: Applicant) -> None:
    """The last click; the slip shows the number to remember."""
    page = somebody.page
    expect(page.get_by_role("heading", name="核对填报内容")).to_be_visible()
    follow(page.get_by_role("button", name="上报"))
    expect(page.get_by_role("heading", name="申领回执")).to_be_visible()
    somebody.number = page.locator(".sl-slip-no").inner_text().strip()
    follow(page.get_by_role("link", name="返回申请"))


def slip(somebody: Applicant) -> str:
    """Open the receipt again from the claim: the number that it shows."""
    page = somebody.page
    follow(page.get_by_role("link", name="打印回执"))
    shown = page.locator(".sl-slip-no").inner_text().strip()
    follow(page.get_by_role("link", name="返回申请"))
    return shown


def apply(somebody: Applicant) -> None:
    """From the first click to the receipt."""
    register(somebody)
    fill_in(somebody)
    submit(somebody)


def months(somebody: Applicant) -> list[dict[str, str]]:
    """The table of payments as it reads, by the heading of each column."""
    table = somebody.page.get_by_role("table")
    names = table.get_by_role("columnheader").all_inner_texts()
    rows = table.locator("tbody").get_by_role("row").all()
    cells = [row.locator("th, td").all_inner_texts() for row in rows]
    return [dict(zip(names, (c.split()[0] for c in row), strict=True)) for row in cells]


def reads_month(somebody: Applicant, state: str) -> None:
    """A month stands so, at the latest when machines are done."""
    badge = somebody.page.get_by_role("table").locator(".sl-badge")
    until(somebody.page, badge.filter(has_text=state))


def sees(somebody: Applicant, state: str) -> None:
    """The claim's page says so, at the latest when machines are done."""
    page = somebody.page
    until(page, page.locator(".sl-state .sl-badge").filter(has_text=state))
