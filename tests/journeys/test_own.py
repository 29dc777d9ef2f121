"""Oneself: messages that lead to their tickets, sign-ins that one ends, another password."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.desks import Desk
from tests.journeys.phones import Phone
from tests.journeys.test_desks import ILLEGAL, People
from tests.servers import LiveServer
from tests.towns import PASSWORD, Town

ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; V2 Build/TP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko)"
)
WECHAT = f"{ANDROID} Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WINDOWS} Chrome/126.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
PAD = "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
AGENTS = {
    WECHAT: "安卓手机·微信",
    f"{WECHAT} wxwork/4.1.2": "安卓手机·企业微信",
    f"{WECHAT} miniProgram/wx0": "安卓手机·微信小程序",
    CHROME: "电脑·Chrome",
    f"{CHROME} Edg/126.0.0.0": "电脑·Edge",
    f"{CHROME} QQBrowser/12.1": "电脑·QQ 浏览器",
    f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1": "苹果手机·Safari",
    f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49": "苹果手机·微信",
    PAD: "安卓平板·Chrome",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "电脑·Firefox",
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/5 HuaweiBrowser/5": "鸿蒙设备·华为浏览器",
    "python-httpx/0.28.1": "程序（python-httpx）",
    "": "没有说明的设备",
}
NAMED = """(agents) => import(new URL('../faces/agents.js', document.querySelector(
    'link[rel=modulepreload]').href)).then(({ agentWords }) => agents.map(agentWords))"""
NEW = "纸鸢过河-2027"


@pytest.fixture
def people(town: Town, sign_in_over_http: Callable[[str], Any]) -> People:
    """The township at work."""
    return People(sign_in_over_http, town)


def test_a_message_leads_to_its_ticket_and_is_read_then(phone: Phone, people: People) -> None:
    ticket = people.rectified(ILLEGAL)
    people.rectified(ILLEGAL)
    phone.sign_in("ducha1", "me")
    phone.reads("2 条未读")
    phone.tap("消息")
    phone.reads("2 条未读")
    phone.tap(ticket["number"])
    phone.reads("经过")
    expect(phone.page.locator("main")).to_contain_text(ticket["number"])
    phone.tap("返回")
    phone.reads("1 条未读")
    phone.tap("全部标为已读")
    phone.reads("都已读")
    phone.reads_no_more("未读")
    phone.tap("返回")
    phone.reads("没有未读的")


def test_a_message_about_a_ticket_that_one_does_not_see(phone: Phone, people: People) -> None:
    ticket = people.rectified(ILLEGAL)
    phone.sign_in("zhifa1", "me/inbox")
    phone.reads("1 条未读")
    assert phone.page.locator("main a").count() == 0, "they see it once it is referred to them"
    phone.tap(ticket["number"])
    phone.reads("都已读")
    assert people.as_("zhifa1").get("/api/v1/notices").json()["unread"] == 0


def test_messages_are_there_without_a_network(phone: Phone, people: People) -> None:
    ticket = people.rectified(ILLEGAL)
    phone.sign_in("ducha1", "me")
    phone.tap("消息")
    phone.reads(ticket["number"])
    phone.tap("返回")
    phone.reads("1 条未读")
    phone.context.set_offline(True)
    phone.tap("消息")
    phone.reads("没有网络")
    phone.reads(ticket["number"])
    phone.tap("全部标为已读")
    phone.reads("现在连不上网")
    phone.reads("1 条未读")


def test_the_desk_says_how_many_wait(desk: Desk, people: People) -> None:
    ticket = people.rectified(ILLEGAL)
    desk.sign_in("ducha1", "tickets")
    link = desk.page.get_by_role("link", name="消息 1 条未读")
    link.focus()
    desk.page.keyboard.press("Enter")
    desk.reads("全部标为已读")
    desk.page.get_by_role("link", name=ticket["number"]).focus()
    desk.page.keyboard.press("Enter")
    desk.reads("责任环节")
    expect(desk.page.locator("#top .unread")).to_have_text("消息")


def test_one_sign_in_is_ended_and_then_all_others(
    server: LiveServer, town: Town, open_phone: Callable[..., Phone], desk: Desk
) -> None:
    desk.sign_in("ducha1", "tickets")
    program = server.signed_in("ducha1", PASSWORD)
    other = server.signed_in_anew("ducha1", PASSWORD)
    phone = open_phone(server.url, agent=WECHAT)
    phone.sign_in("ducha1", "me")
    phone.tap("我的登录")
    phone.reads("现在登录着 4 处")
    here = phone.page.locator("main li", has_text="这里")
    expect(here).to_contain_text("安卓手机·微信")
    expect(here.get_by_role("button")).to_have_count(0)
    phone.page.get_by_role("button", name="失效：电脑·Chrome").click()
    phone.tap("让它失效", within=phone.page.locator("dialog"))
    phone.reads("现在登录着 3 处")
    desk.open("map")
    desk.reads("用户名")
    phone.tap("让别处的登录都失效（2 处）")
    phone.tap("让它失效", within=phone.page.locator("dialog"))
    phone.reads("现在登录着 1 处")
    phone.reads_no_more("让别处的登录都失效")
    for gone in (program, other):
        assert gone.get("/api/v1/me").status_code == 401
    phone.open("me")
    phone.reads("示例")


def test_another_password(server: LiveServer, town: Town, open_desk: Callable[..., Desk]) -> None:
    other = server.signed_in("ducha1", PASSWORD)
    desk = open_desk()
    desk.sign_in("ducha1", "tickets")
    desk.page.locator("#top .who").click()
    desk.reads("现在登录着 2 处")
    for old, new, again, words in (
        (PASSWORD, NEW, "别的口令-2027", "两遍新口令不一样"),
        ("不是这个口令", NEW, NEW, "请核对原口令"),
        (PASSWORD, "12345678", "12345678", "连续的数字，如"),
    ):
        change(desk, old, new, again)
        desk.reads(words)
        desk.reads("现在登录着 2 处")
    change(desk, PASSWORD, NEW, NEW)
    desk.reads("口令已改")
    desk.reads("现在登录着 1 处")
    assert other.get("/api/v1/me").status_code == 401
    desk.tap("退出")
    desk.tap("退出", within=desk.page.locator("dialog"))
    desk.sign_in("ducha1", "tickets", password=NEW)


def change(desk: Desk, old: str, new: str, again: str) -> None:
    """Fills the form and sends it."""
    for name, text in (("原口令", old), ("新口令", new), ("再输一遍新口令", again)):
        desk.page.get_by_label(name, exact=True).fill(text)
    desk.page.get_by_role("button", name="改口令").click()


def test_browsers_by_plain_words(phone: Phone, town: Town) -> None:
    phone.open("")
    phone.reads("用户名")
    assert phone.page.evaluate(NAMED, list(AGENTS)) == list(AGENTS.values())
