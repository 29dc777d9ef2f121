"""Records on a phone: what is missing, a short form that no lost network loses, checklists."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from app.kernel.clock import shanghai_day, utc_now
from tests.journeys.phones import Phone
from tests.journeys.test_reachable import judged
from tests.servers import LiveServer
from tests.tickets.stories import picture
from tests.towns import Town
from tests.web.asking import BASE

Ask = Callable[[str], Any]


def recorded(ask: Ask) -> list[dict[str, Any]]:
    """The records that there are, the newest day first."""
    items: list[dict[str, Any]] = ask("ducha1").get(f"{BASE}/records").json()["items"]
    return items


def arrived(ask: Ask, subject: str) -> dict[str, Any]:
    """The only record, once it has reached the server as this."""
    give_up = time.monotonic() + 15
    while True:
        found = recorded(ask)
        if [one["subject"] for one in found] == [subject] or time.monotonic() > give_up:
            (one,) = found
            return one
        time.sleep(0.2)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
def test_recorded_without_a_network(phone: Phone, town: Town, sign_in_over_http: Ask) -> None:
    phone.sign_in("wangge11", "me")
    phone.tap("创建工作")
    phone.reads("还差")
    line = phone.page.locator("a.line", has_text="新时代文明实践站活动")
    expect(line).to_contain_text("完成 0 / 4")
    phone.page.wait_for_load_state("networkidle")
    phone.context.set_offline(True)
    line.click()
    phone.tap("记下")
    phone.reads("请写做了什么")
    phone.page.get_by_label("做了什么").fill("科普进社区")
    phone.page.get_by_label("参加人数").fill("32")
    phone.shoot("拍照", picture())
    expect(phone.page.get_by_alt_text("照片 1")).to_be_visible()
    phone.page.get_by_text("补充（可不填）").click()
    phone.page.get_by_text("同一件事还算别的").click()
    phone.page.get_by_label("理论宣讲").check()
    phone.tap("记下")
    phone.page.clock.fast_forward(10_000)
    phone.reads("还没有送到的")
    assert recorded(sign_in_over_http) == []
    phone.context.set_offline(False)
    phone.page.clock.fast_forward(10_000)
    phone.reads_no_more("还没有送到的")
    (one,) = recorded(sign_in_over_http)
    assert (one["subject"], one["quantity"], len(one["photos"])) == ("科普进社区", 32, 1)
    assert {kind["code"] for kind in one["kinds"]} == {"activity", "theory_lecture"}
    phone.open("records")
    expect(line).to_contain_text("完成 1 / 4")


def test_what_is_refused_and_what_is_returned_is_mended(
    phone: Phone, town: Town, sign_in_over_http: Ask
) -> None:
    phone.sign_in("shequ1", "records/new?kind=company_appraisal")
    faults = judged(phone, "the form")
    phone.page.get_by_label("做了什么").fill("物业公司考核")
    phone.page.get_by_label("哪天").fill(f"{shanghai_day(utc_now()) + timedelta(days=3)}")
    phone.tap("记下")
    phone.reads("没有收下：")
    faults += judged(phone, "refused")
    phone.tap("修改")
    phone.page.get_by_label("哪天").fill(f"{shanghai_day(utc_now())}")
    phone.tap("记下")
    phone.reads("最近的记录")
    one = arrived(sign_in_over_http, "物业公司考核")
    assert one["state"] == "waiting"
    back = {"version": one["version"], "note": "没有写分数"}
    sign_in_over_http("ducha1").post(f"{BASE}/records/{one['id']}/return", json=back)
    phone.open(f"records/{one['id']}")
    phone.reads("退回：没有写分数")
    faults += judged(phone, "a record")
    phone.tap("改好再交")
    phone.page.get_by_label("做了什么").fill("物业公司考核 92 分")
    phone.tap("提交更正")
    phone.reads("最近的记录")
    one = arrived(sign_in_over_http, "物业公司考核 92 分")
    assert (one["subject"], one["state"]) == ("物业公司考核 92 分", "waiting")
    faults += judged(phone, "records")
    assert faults == []


def test_what_is_missing_on_the_wall_becomes_a_ticket(
    server: LiveServer, open_phone: Callable[..., Phone], town: Town, sign_in_over_http: Ask
) -> None:
    phone = open_phone(server.url, width=360)
    phone.sign_in("wangge11", "records/checklists")
    phone.tap("小区主次入口宣传栏")
    garden = phone.page.locator("li.card", has_text="示例花园")
    garden.get_by_role("button", name="都有").click()
    expect(garden).to_contain_text("都有")
    garden.locator("summary").click()
    garden.get_by_role("button", name="缺：市民公约").click()
    expect(garden).to_contain_text("缺 1 项")
    faults = judged(phone, "a checklist")
    phone.shoot("拍一张", picture())
    expect(garden).to_contain_text("已成工单")
    phone.page.clock.fast_forward(15_000)
    phone.reads_no_more("条待发")
    phone.open("records/checklists/entrance_board")
    garden.locator("summary").click()
    expect(garden).to_contain_text("待整改")
    (made,) = sign_in_over_http("shequ1").get(f"{BASE}/tickets").json()["items"]
    assert (made["category"]["code"], made["description"]) == (
        "02-99", "小区主次入口宣传栏：缺“市民公约”",
    )  # fmt: skip
    assert faults == []
