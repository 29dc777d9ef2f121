"""A month's campaign, a case and an award at a desk."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from app.kernel.clock import shanghai_day, utc_now
from tests.journeys.desks import Desk
from tests.journeys.test_administration import fill, seen, send, sheet
from tests.journeys.test_desks import People
from tests.journeys.test_desks import people as people
from tests.tickets.stories import picture


def photo(desk: Desk) -> None:
    """Adds a photo to the form that is open."""
    file: Any = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    sheet(desk).locator("input[type=file]").set_input_files(file)
    desk.reads("已上传 1 张")


def test_a_campaign_step_by_step(desk: Desk, people: People) -> None:
    people.rectified("01-36")
    desk.sign_in("shequ1", "work/campaigns")
    desk.tap("安排一个小区")
    fill(desk, 小区="示例花园（示例镇第一社区）")
    send(desk)
    desk.reads("清理乱堆乱放")
    desk.page.get_by_role("button", name="记下一步：清理乱堆乱放").click()
    send(desk, refused="请选照片")
    photo(desk)
    sheet(desk).get_by_label("清理毁绿种菜").check()
    faults = seen(desk, "a step")
    send(desk)
    for action in ("清理乱堆乱放", "清理毁绿种菜"):
        card = desk.page.get_by_role("region", name=action)
        expect(card).to_contain_text("宣传发动")
    expect(desk.page.get_by_text("发现问题 1 个，办结 0 个")).to_be_visible()
    desk.page.get_by_role("button", name="撤回最后一步：清理毁绿种菜").click()
    send(desk)
    expect(desk.page.get_by_role("region", name="清理毁绿种菜")).to_contain_text("没有开始")
    faults += seen(desk, "a campaign")
    desk.open("work/campaigns/progress")
    expect(desk.page.locator("tbody tr").first).to_contain_text("1 / 1")
    desk.open("work/campaigns/candidates")
    desk.reads("示范小区的理由")
    assert faults == []


def test_a_case_and_an_award(desk: Desk, people: People, open_desk: Callable[..., Desk]) -> None:
    desk.sign_in("shequ1", "work/cases")
    desk.tap("立一个")
    desk.tap("无物业小区建档")
    fill(desk, 事由="临街散户建档", 小区="示例临街散户（示例镇第一社区）")
    fill(desk, 说明="登记 12 户", **{"户数（可不填）": "12"})
    faults = seen(desk, "a new case")
    send(desk)
    desk.reads("下一步最晚")
    desk.tap("走访")
    send(desk, refused="请填写")
    fill(desk, 说明="走访两户")
    send(desk)
    desk.tap("实地核实")
    photo(desk)
    send(desk)
    desk.reads("等待：镇里建档（创建办）")
    expect(desk.page.get_by_role("button", name="镇里建档")).to_have_count(0)
    desk.open("work/awards")
    desk.tap("新的申报")
    fill(desk, 小区="示例花园（示例镇第一社区）", 评选="文明单元", 理由="邻里和睦")
    fill(desk, **{"哪个单元（可不填）": "3 栋 2 单元"})
    send(desk)
    desk.reads("3 栋 2 单元")
    expect(desk.page.get_by_role("button", name="同意")).to_have_count(0)

    office = open_desk()
    office.sign_in("ducha1", "work/cases")
    office.tap("临街散户建档")
    office.tap("镇里建档")
    send(office)
    office.reads("镇里建档，已结束")
    faults += seen(office, "a case")
    office.open("work/awards")
    office.page.get_by_role("button", name="同意").click()
    send(office)
    (award,) = people.as_("ducha1").get("/api/v1/awards").json()["items"]
    assert (award["state"], award["year"]) == ("accepted", shanghai_day(utc_now()).year)
    assert faults == []
