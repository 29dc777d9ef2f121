"""An administrator's desk: organisations, people, places, the dictionary and the log, by keyboard
and mouse; nothing that was filled in is lost, and nothing is done without being asked for."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.desks import Desk
from tests.journeys.test_reachable import judged
from tests.towns import Town

COUNTY = "guanli"


def fill(desk: Desk, **said: str) -> None:
    """Fills fields of the form that is open by their labels."""
    form = sheet(desk)
    for label, text in said.items():
        found = form.get_by_label(label, exact=True)
        if found.evaluate("(node) => node.tagName") == "SELECT":
            found.select_option(label=text)
        else:
            found.fill(text)


def sheet(desk: Desk) -> Locator:
    """The form over the page."""
    return desk.page.locator("dialog.sheet")


def send(desk: Desk, *, refused: str = "") -> None:
    """Sends the form that is open: it closes, or stays and says why."""
    desk.submit()
    if refused:
        expect(sheet(desk)).to_contain_text(refused)
    else:
        expect(sheet(desk)).to_have_count(0)


def seen(desk: Desk, place: str) -> list[str]:
    """What is wrong with what is shown, once nothing moves any more."""
    desk.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    return judged(desk, place)


def test_organisations_and_people(desk: Desk, town: Town, open_desk: Callable[..., Desk]) -> None:
    desk.sign_in(COUNTY, "admin/organisations")
    desk.reads("示例镇第一社区")
    faults = seen(desk, "organisations")

    desk.tap("新建本镇单位")
    fill(desk, 类型="社区", 名称="新城社区", 编码="340299101001")
    send(desk, refused="已被使用")
    assert sheet(desk).get_by_label("名称", exact=True).input_value() == "新城社区"
    faults += seen(desk, "a refused form")
    fill(desk, 编码="340299101009")
    send(desk)
    desk.tap("新城社区")
    desk.tap("改名")
    fill(desk, 名称="新城花园社区")
    send(desk)
    expect(desk.page.get_by_role("heading", name="新城花园社区")).to_be_visible()
    expect(desk.page.get_by_role("button", name="改名")).to_be_focused()
    faults += seen(desk, "an organisation")

    desk.open("admin/people")
    desk.tap("新建账号")
    fill(desk, 姓名="镇管", 用户名="有 空格", 岗位="管理员")
    fill(desk, 在哪里="示例镇创建办")
    send(desk, refused="请改正标出的")
    expect(sheet(desk).get_by_label("用户名", exact=True)).to_be_focused()
    fill(desk, 用户名="zhenguan")
    send(desk)
    desk.tap("设口令")
    desk.submit()
    desk.reads("关掉以后不能再看到")
    password = sheet(desk).locator(".password").inner_text()
    faults += seen(desk, "a password")
    desk.tap("已经记下，关闭")
    desk.reads("重设口令")
    faults += seen(desk, "a person")

    mine = open_desk()
    mine.sign_in("zhenguan", "admin/organisations", password=password)
    mine.reads("县级单位（由县管理员维护）")
    expect(mine.page.get_by_role("button", name="新建县级单位、乡镇")).to_have_count(0)
    mine.tap("人员和岗位")
    mine.page.get_by_label("姓名、用户名或手机号里的一段").fill("wangge12")
    mine.page.keyboard.press("Enter")
    expect(mine.page.locator("tbody tr")).to_have_count(1)
    faults += seen(mine, "people")
    mine.page.locator("tbody a").click()
    mine.tap("设岗位")
    fill(mine, 岗位="社区负责人")
    fill(mine, 在哪里="新城花园社区")
    send(mine)
    expect(mine.page.locator("tbody tr", has_text="新城花园社区")).to_contain_text("在任")
    mine.tap("登记请假")
    fill(mine, 回岗日="2020-01-01", 代理人的用户名="wangge11")
    send(mine, refused="日期")
    mine.page.get_by_role("button", name="关闭").click()
    mine.page.get_by_role("button", name="结束：新城花园社区 社区负责人").click()
    send(mine)
    expect(mine.page.locator("tbody tr", has_text="新城花园社区")).to_contain_text("已取消")
    mine.tap("这个人的变更记录")
    entry = mine.page.locator("tbody tr").first
    expect(entry).to_contain_text("结束")
    expect(entry).to_contain_text("镇管")
    faults += seen(mine, "the log")
    assert faults == []


def test_who_is_no_administrator_is_refused(desk: Desk, town: Town) -> None:
    desk.sign_in("ducha1", "admin/people")
    desk.reads("管理页面只供管理员使用")
    expect(desk.page.locator("#top").get_by_role("link", name="管理")).to_have_count(0)
    status = desk.page.evaluate("fetch('/api/v1/people').then((answer) => answer.status)")
    assert status == 403
    assert seen(desk, "refused") == []
