"""What the three people of a payment do, and the bank between them."""

from datetime import UTC, datetime

from playwright.sync_api import FilePayload, Page, expect

from review_ui.demo.cast import PASSWORD
from tests.browser.journeys.stage import Stage, follow, until
from workflows.ports import catalogue
from workflows.ports.bank_simulator import SimulatedBank

MAKER, CHECKER, RELEASER = "zhidan", "jiaoyan", "fangxing"
FORMAT = "csv_utf8"


def pay(stage: Stage, claim: str) -> str:
    """A batch with this claim's month, up to the signature under the bank's answer: its number."""
    batch = make_batch(stage, claim)
    check(stage, batch)
    release(stage, batch)
    send_and_load(stage, batch)
    reconcile(stage, batch)
    return batch


def make_batch(stage: Stage, claim: str) -> str:
    """Look at what is due until this claim's month is, then make the batch of it."""
    page = stage.officer(MAKER)
    follow(page.get_by_role("link", name="支付批次").first)
    follow(page.get_by_role("link", name="制单").first)
    follow(page.get_by_role("button", name="查看"))
    until(page, page.get_by_role("row").filter(has_text=claim))
    follow(page.get_by_role("button", name="制单"))
    expect(page.get_by_role("status")).to_contain_text("已制成")
    return page.get_by_role("heading", level=1).locator(".sl-code").inner_text()


def check(stage: Stage, batch: str) -> None:
    """A second person compares and says that it is right."""
    page = open_batch(stage, CHECKER, batch)
    follow(until(page, page.get_by_role("button", name="正确")))
    expect(page.get_by_role("status")).to_be_visible()


def release(stage: Stage, batch: str) -> None:
    """A third person lets the file go, with the password once more."""
    page = open_batch(stage, RELEASER, batch)
    until(page, page.get_by_label("再次输入您的密码")).fill(PASSWORD)
    follow(page.get_by_role("button", name="放行"))
    expect(page.get_by_role("status")).to_be_visible()


def send_and_load(stage: Stage, batch: str) -> None:
    """The maker carries the file to the bank and loads its answer."""
    page = open_batch(stage, MAKER, batch)
    handed = until(page, page.get_by_role("button", name="已送银行"))
    with page.expect_download() as download:
        page.get_by_role("link", name=".csv").click()
    answer = answer_of_the_bank(stage, batch, download.value.path().read_bytes())
    follow(handed)
    until(page, page.get_by_label("银行回盘文件")).set_input_files(answer)
    follow(page.get_by_role("button", name="载入回盘"))
    expect(page.get_by_role("status")).to_be_visible()


def answer_of_the_bank(stage: Stage, batch: str, file: bytes) -> FilePayload:
    """The demo's bank takes the file and writes down what became of each line."""
    bank = SimulatedBank(stage.folder / "bank.sqlite3")
    form = catalogue.get("bank_format", FORMAT)
    result = bank.take_file(form, file, batch=batch, on=datetime.now(UTC).date())
    return FilePayload(name=f"{batch}-result.csv", mimeType="text/csv", buffer=result)


def reconcile(stage: Stage, batch: str) -> None:
    """Sign under three equal totals."""
    page = stage.officer(MAKER)
    follow(until(page, page.get_by_role("button", name="对账办结")))
    expect(page.get_by_role("status")).to_contain_text("办结")
    assert batch in page.get_by_role("heading", level=1).inner_text()


def open_batch(stage: Stage, username: str, batch: str) -> Page:
    """Open a batch from the list."""
    page = stage.officer(username)
    follow(page.get_by_role("link", name="支付批次").first)
    follow(page.get_by_role("link", name=batch))
    return page


def line(stage: Stage, batch: str, claim: str) -> dict[str, str]:
    """What the batch's page says about the payment of a claim, by the heading of each column."""
    page = open_batch(stage, MAKER, batch)
    table = page.get_by_role("table", name="笔")
    names = table.get_by_role("columnheader").all_inner_texts()
    cells = table.get_by_role("row").filter(has_text=claim).get_by_role("cell").all_inner_texts()
    return dict(zip(names, cells, strict=True))
