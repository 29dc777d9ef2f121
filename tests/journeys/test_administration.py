"""An administrator's desk: organisations, people, places, the dictionary and the log, by keyboard
and mouse; nothing that was filled in is lost, and nothing is done without being asked for."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, expect

from app.kernel.clock import shanghai_day, utc_now
from tests.administration.drawings import collection, feature, halves
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
    desk.page.keyboard.press("Escape")
    desk.reads("所填的都还在")
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
    mine.open("admin/organisations/WY299001")
    mine.reads("县级单位和那里的人员由县管理员维护")
    expect(mine.page.get_by_role("button", name="改名")).to_have_count(0)
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


def choose(desk: Desk, label: str, name: str, document: Any) -> None:
    """Chooses a file of JSON, or of whatever text."""
    text = document if isinstance(document, str) else json.dumps(document)
    file: Any = {"name": name, "mimeType": "application/geo+json", "buffer": text.encode()}
    desk.page.get_by_label(label, exact=True).set_input_files(file)


def row(desk: Desk, words: str) -> Locator:
    """The rows of a table that say these words."""
    return desk.page.locator("tbody tr", has_text=words)


def test_compounds_and_cells(desk: Desk, town: Town) -> None:
    desk.sign_in(COUNTY, f"admin/compounds?organisation={town.community()}")
    row(desk, "示例花园").get_by_role("link").click()
    desk.tap("换物业")
    fill(desk, 物业公司="示例乙物业公司")
    send(desk)
    expect(row(desk, "示例乙物业公司")).to_contain_text("现在的")
    expect(row(desk, "示例甲物业公司")).to_contain_text("已结束")
    desk.tap("加点位")
    fill(desk, 点位名称="楼道1", 部位="楼道")
    send(desk, refused="已")
    fill(desk, 点位名称="非机动车棚", 部位="公共环境")
    send(desk)
    row(desk, "非机动车棚").get_by_role("button", name="停用").click()
    faults = seen(desk, "a question")
    send(desk)
    expect(row(desk, "非机动车棚")).to_have_count(0)
    desk.tap("换轮廓")
    choose(desk, "GeoJSON 文件", "a.geojson", '{"type": ')
    expect(sheet(desk)).to_contain_text("不是正确的 JSON")
    choose(desk, "GeoJSON 文件", "a.geojson", feature("x", "y", halves(town.cell("202", 4))[0]))
    send(desk, refused="轮廓")
    desk.page.get_by_role("button", name="关闭").click()
    faults += seen(desk, "a compound")
    desk.open("admin/compounds")
    desk.reads("老旧小区")
    desk.tap("新建小区")
    faults += seen(desk, "compounds")

    west, east = halves(town.cell())
    one, other = "340299101001001", "340299101001005"
    kept = feature(one, town.community(), west, name="第1网格西")
    fresh = feature(other, town.community(), east, name="第5网格")
    desk.open("admin/cells")
    expect(desk.page.get_by_role("heading", name="网格（16 个）")).to_be_visible()
    faults += seen(desk, "cells")
    desk.tap("导入网格图")
    choose(desk, "网格图文件", "a.geojson", collection(kept))
    desk.tap("看会变什么")
    desk.reads("处错误，不能写入")
    desk.reads("不再属于任何网格")
    expect(desk.page.get_by_role("button", name="写入")).to_have_count(0)
    faults += seen(desk, "cells that cannot be")
    choose(desk, "网格图文件", "a.geojson", collection(kept, fresh))
    desk.reads_no_more("处错误，不能写入")
    desk.tap("看会变什么")
    desk.reads("没有错误，可以写入")
    expect(row(desk, other).first).to_contain_text("新设")
    faults += seen(desk, "cells to be")
    desk.page.get_by_role("button", name="写入").click()
    send(desk)
    expect(desk.page.get_by_role("heading", name="网格（17 个）")).to_be_visible()
    desk.page.get_by_role("button", name="改名、换网格员：第5网格").click()
    sheet(desk).get_by_label("第一社区网格员2").check()
    fill(desk, 名称="第5网格东")
    send(desk)
    expect(row(desk, other)).to_contain_text("第5网格东")
    expect(row(desk, other)).to_contain_text("第一社区网格员2")
    assert faults == []


def _ladder(desk: Desk, town: Town) -> list[str]:
    """A township takes a ladder of reminders of its own, and gives it up again."""
    desk.open(f"admin/reminders?of={town.code}")
    expect(desk.page.locator("main")).to_contain_text("全县的")
    rungs = desk.page.locator("tbody tr")
    count = rungs.count()
    desk.page.get_by_role("button", name="换成本镇的").click()
    desk.page.get_by_role("button", name="加一级").click()
    entry = sheet(desk).locator(".entry").last
    entry.get_by_label("哪个期限").select_option(label="整改")
    entry.get_by_label("告诉谁").select_option(label="管理员")
    entry.get_by_label("用掉时限的百分之几").fill("70")
    send(desk, refused="请改正标出的 1 处")
    entry.get_by_label("用掉时限的百分之几").fill("300")
    send(desk, refused="工单的提醒不发给管理员")
    entry.get_by_label("告诉谁").select_option(label="督查员")
    send(desk)
    expect(rungs).to_have_count(count + 1)
    expect(row(desk, "300%（超期以后）")).to_contain_text("督查员")
    faults = seen(desk, "the ladder of reminders")
    desk.page.get_by_role("button", name="改回全县的").click()
    send(desk)
    expect(rungs).to_have_count(count)
    return faults


def test_the_dictionary_and_pauses(desk: Desk, town: Town) -> None:
    desk.sign_in(COUNTY, f"admin/dictionary?of={town.code}")
    own = row(desk, "01-36")
    own.get_by_role("button", name="换成本镇的").click()
    fill(desk, 时限="4", 单位="个工作小时")
    desk.page.get_by_role("button", name="加一个条件").click()
    entry = sheet(desk).locator(".entry").nth(1)
    send(desk, refused="请填写")
    entry.get_by_label("立案条件").fill("堵住楼道的")
    entry.get_by_label("时限").fill("400")
    entry.get_by_label("结案标准").fill("已清理")
    send(desk, refused="请改正标出的 1 处")
    faults = seen(desk, "a refused category")
    expect(entry.get_by_label("时限")).to_be_focused()
    entry.get_by_label("时限").fill("2")
    send(desk)
    expect(own).to_contain_text("本镇自己的")
    expect(own).to_contain_text("4 个工作小时")
    expect(own).to_contain_text("2 个工作小时")
    own.get_by_role("button", name="改回全县的").click()
    send(desk)
    expect(own).to_contain_text("1 个工作日")
    desk.page.get_by_label("在下面找：编码、类别、条件").fill("违法")
    faults += seen(desk, "the dictionary")

    faults += _ladder(desk, town)
    desk.tap("暂停计时")
    desk.tap("登记暂停")
    now, day = shanghai_day(utc_now()), timedelta(days=1)
    fill(desk, 依据的文件号="镇创建〔2027〕3号", 事由="寒潮红色预警")
    fill(desk, 从什么时候=f"{now - day}T08:00", 到什么时候=f"{now - 2 * day}T08:00")
    send(desk, refused="须晚于开始时间")
    assert sheet(desk).get_by_label("事由").input_value() == "寒潮红色预警"
    fill(desk, 到什么时候=f"{now + 2 * day}T08:00")
    desk.context.set_offline(True)
    send(desk, refused="没有连上服务器，请再点一次，不会重复")
    desk.context.set_offline(False)
    send(desk)
    expect(row(desk, "寒潮红色预警")).to_contain_text("暂停中")
    desk.page.get_by_role("button", name="提前结束").click()
    send(desk)
    expect(row(desk, "寒潮红色预警")).to_contain_text("已结束")
    faults += seen(desk, "pauses")
    desk.open("admin/log?kind=category")
    expect(row(desk, "01-36").last).to_contain_text("1 个工作日")
    expect(row(desk, "01-36").last).to_contain_text("堵住楼道的 2 个工作小时")
    assert faults == []


def test_thresholds_and_what_is_kept(desk: Desk, town: Town) -> None:
    desk.sign_in(COUNTY, "admin/thresholds")
    desk.reads("没有定过，一直用系统自带的")
    faults = seen(desk, "thresholds")
    desk.tap("改界限")
    label = "拍摄后多久算旧照片（小时）"
    sheet(desk).get_by_label(label, exact=True).fill("5")
    send(desk, refused="24 到 720 小时")
    faults += seen(desk, "a refused threshold")
    sheet(desk).get_by_label(label, exact=True).fill("48")
    send(desk)
    desk.reads("拍摄后多久算旧照片：48 小时")
    desk.tap("重新判断")
    faults += seen(desk, "what is judged anew")
    send(desk)
    desk.reads("等待中，0%")
    desk.tap("取消")
    desk.reads("已取消，0%")
    assert faults == []
