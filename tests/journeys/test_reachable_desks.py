"""Anyone can use it: every page of the desk, in ordinary and in large text."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.desks import Desk
from tests.journeys.test_desks import ILLEGAL, ORDINARY, URGENT, People
from tests.journeys.test_reachable import judged
from tests.towns import Town
from tests.web.asking import BASE

PAGES = {
    "ducha1": {
        "review": "系统注意到的",
        "tickets": "共 3 张",
        "tickets?state=withdrawn&second_look=ok&sort=due": "没有符合条件的",
        "tickets/{ticket}": "责任环节",
        "map": "示例镇第一社区第1网格",
        "map?show=red": "没有超期没有整改的工单",
        "coverage": "自报",
        "coverage/{week}?organisation=340299101001": "示例花园",
        "summary?by=responsible": "按责任单位",
        "kpis/rectified/denominator": "处置率的分母",
        "me/inbox": "1 条未读",
        "me/account": "现在登录着",
        "complaints": "路灯不亮",
        "photo-checks": "没有等着看的",
    },
    "shequ2": {"review": "都看完了"},
    "guanli": {"tickets": "共 3 张", "admin/thresholds": "没有定过，一直用系统自带的"},
    "wuye11": {"review": "打开手机页面"},
}


@pytest.mark.parametrize("who", PAGES)
def test_every_page_in_both_sizes(
    who: str, desk: Desk, town: Town, sign_in_over_http: Callable[[str], Any]
) -> None:
    people = People(sign_in_over_http, town)
    ticket = people.rectified(URGENT, far=True)
    people.rectified(ORDINARY)
    people.rectified(ILLEGAL)
    said = {"kind": "suggestion", "text": "路灯不亮，希望修好。"}
    assert people.as_("wangge11").post(f"{BASE}/complaints", json=said).status_code == 201
    week = people.as_("ducha1").get(f"{BASE}/coverage").json()["week"]
    desk.open("")
    faults = judged(desk, "sign-in")
    desk.sign_in(who)
    for place, words in PAGES[who].items():
        desk.open(place.format(ticket=ticket["id"], week=week))
        desk.reads(words)
        desk.page.wait_for_load_state("networkidle")
        faults += judged(desk, place)
    assert faults == []


def test_what_opens_over_a_page(
    desk: Desk, town: Town, sign_in_over_http: Callable[[str], Any]
) -> None:
    people = People(sign_in_over_http, town)
    ticket = people.rectified(URGENT, far=True)
    people.rectified(URGENT)
    desk.sign_in("ducha1")
    faults = []
    for key, words in (("r", "为什么退回返工"), ("?", "撤销刚才的决定"), ("f", "放大")):
        desk.shows(ticket["number"])
        desk.press(key)
        desk.reads(words)
        faults += judged(desk, words)
        desk.page.keyboard.press("Escape")
    desk.press("a", "1")
    desk.reads("撤销")
    faults += judged(desk, "undo")
    desk.open(f"tickets/{ticket['id']}")
    for action, words in (
        ("移交", "单位名称"),
        ("并入另一张", "找哪一张"),
        ("改类别、地点", "小区"),
    ):
        button = desk.page.get_by_role("button", name=action)
        if button.count():
            button.click()
            desk.reads(words)
            faults += judged(desk, action)
            desk.page.keyboard.press("Escape")
    faults += _what_is_kept(desk, people, ticket)
    assert faults == []


def _what_is_kept(desk: Desk, people: People, ticket: dict[str, Any]) -> list[str]:
    """Who saw the received files, and that they are kept: placed, and released again."""
    seen = people.as_("ducha1").get(f"{BASE}/tickets/{ticket['id']}").json()
    people.as_("ducha1").get(seen["photos"][0]["photo"]["urls"]["received"])
    desk.tap("照片保全和查看记录")
    desk.reads("没有保全过")
    desk.reads("原图")
    faults = judged(desk, "what is kept")
    desk.page.get_by_role("button", name="保全", exact=True).click()
    desk.page.get_by_label("为什么保全", exact=True).fill("案号 2026-1")
    desk.page.locator("dialog.sheet").last.locator("form > .button").click()
    desk.reads("保全中")
    faults += judged(desk, "a hold")
    desk.page.get_by_role("button", name="解除保全", exact=True).click()
    desk.page.get_by_label("为什么解除", exact=True).fill("已结案")
    desk.page.locator("dialog.sheet").last.locator("form > .button").click()
    desk.reads("已结案")
    return faults
