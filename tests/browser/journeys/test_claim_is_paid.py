"""From the first click of somebody unknown to the money, in a browser."""

from tests.browser.journeys import officer, payer, people
from tests.browser.journeys.marks import JOURNEY
from tests.browser.journeys.stage import Stage

pytestmark = JOURNEY


def test_somebody_registers_applies_and_is_paid(stage: Stage) -> None:
    somebody = people.newcomer(stage, 700)
    people.apply(somebody)
    people.sees(somebody, "审核中")
    assert people.slip(somebody) == somebody.number

    officer.approve(stage, somebody.number)
    people.sees(somebody, "已通过")
    promised = people.months(somebody)
    assert {month["状态"] for month in promised} == {"待发放"}
    stage.let_the_pay_day_pass()
    batch = payer.pay(stage, somebody.number)

    line = payer.line(stage, batch, somebody.number)
    people.reads_month(somebody, "已发放")
    first, *later = people.months(somebody)
    assert (first["月份"], first["状态"]) == (line["月份"], line["状态"])
    assert first["金额（元）"] == line["金额（元）"] == promised[0]["金额（元）"]
    assert "已发放" not in {month["状态"] for month in later}
    stage.assert_clean()
