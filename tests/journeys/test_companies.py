"""A property company's people: what is urgent, one photo for neighbours, not ours, and no names."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.phones import Phone
from tests.towns import Town
from tests.web.asking import BASE, COMPOUND, a_picture

Ask = Callable[[str], Any]


@pytest.fixture
def tickets(town: Town, sign_in_over_http: Ask) -> list[dict[str, Any]]:
    """Three of one compound, each with a photo, that wait for the company."""
    warden = sign_in_over_http("wangge11")
    made = []
    for number, category in enumerate(("01-36", "01-10", "04-96")):
        file = {"file": ("a.jpg", a_picture(120 + number, 90), "image/jpeg")}
        photo = warden.post(f"{BASE}/photos", files=file).json()
        body = {"category": category, "compound": COMPOUND, "photo_ids": [photo["id"]]}
        made.append(warden.post(f"{BASE}/tickets", json=body).json())
    return made


def test_one_photo_for_two_and_the_third_is_not_ours(
    phone: Phone, tickets: list[dict[str, Any]], sign_in_over_http: Ask
) -> None:
    phone.sign_in("wuye11")
    phone.reads("按小区走")
    cards = phone.page.locator("a.ticket")
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text("占消防道")
    phone.tap("乱堆乱放：拍照整改")
    expect(phone.page.get_by_alt_text("整改前照片")).to_be_visible()
    phone.tap("对照着拍")
    phone.page.locator("video").evaluate(
        "(video) => video.readyState || new Promise((ready) => video.onloadeddata = ready)"
    )
    phone.tap("拍", within=phone.page.locator("dialog"))
    expect(phone.page.get_by_alt_text("整改后照片")).to_be_visible()
    phone.tap("同一小区的也整改好了")
    phone.page.get_by_role("checkbox", name="暴露垃圾").check()
    phone.tap("已清走")
    phone.tap("提交整改")
    phone.reads("整改已提交")
    expect(cards).to_have_count(1)

    cards.first.click()
    phone.tap("交给同事")
    phone.page.get_by_label("交给谁").select_option(label="示例甲物业公司员工2")
    phone.tap("交给他")
    phone.reads("经办 示例甲物业公司员工2")
    phone.tap("不是我们的")
    phone.tap("申请回退")
    phone.reads("请写明理由")
    phone.tap("属于市政或其他单位")
    phone.tap("申请回退", within=phone.page.locator("dialog"))
    phone.reads("已申请回退，等待答复")
    assert "网格员" not in phone.page.locator("body").inner_text()

    states = {
        one["id"]: sign_in_over_http("shequ1").get(f"{BASE}/tickets/{one['id']}").json()
        for one in tickets
    }
    assert [state["state"] for state in states.values()] == ["rectified", "rectified", "dispatched"]
    assert states[tickets[2]["id"]]["pending"]["kind"] == "send_back"


def test_a_warden_sees_the_after_photo_and_the_lead_answers(
    phone: Phone,
    tickets: list[dict[str, Any]],
    sign_in_over_http: Ask,
    open_phone: Any,
    server: Any,
) -> None:
    company = sign_in_over_http("wuye11")
    file = {"file": ("a.jpg", a_picture(90, 90), "image/jpeg")}
    photo = company.post(f"{BASE}/photos", files=file).json()
    first, second, _ = tickets
    done = {"version": first["version"], "photo_ids": [photo["id"]]}
    assert company.post(f"{BASE}/tickets/{first['id']}/rectify", json=done).status_code == 200
    asked = {"version": second["version"], "note": "不在合同范围"}
    assert company.post(f"{BASE}/tickets/{second['id']}/send_back", json=asked).status_code == 200

    phone.sign_in("wangge11", "mine")
    phone.reads("待核查 1")
    expect(phone.page.locator("a.ticket .pair img")).to_have_count(2)
    phone.page.locator("a.ticket").first.click()
    phone.tap("核查通过")
    phone.tap("核查通过", within=phone.page.locator("dialog"))
    phone.reads("已结案")

    lead = open_phone(server.url, width=360)
    lead.sign_in("shequ1")
    lead.reads("不在合同范围")
    lead.page.locator("a.ticket", has_text="不在合同范围").click()
    lead.tap("不同意回退")
    lead.page.get_by_label("为什么不同意").fill("合同第三条")
    lead.tap("不同意回退", within=lead.page.locator("dialog"))
    lead.reads("合同第三条")

    answered = open_phone(server.url)
    answered.sign_in("wuye11")
    answered.tap("已经答复 1 项")
    answered.reads("不同意回退：合同第三条")
