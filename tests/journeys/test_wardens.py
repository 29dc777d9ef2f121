"""Wardens: a clean round by one tap, a checkpoint with a problem, a place by hand, refusals."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, update

from app.kernel.clock import shanghai_day
from app.kernel.db import unit_of_work
from app.people.models import AccessToken, Person, Post
from tests.browser import PLAIN_HOST
from tests.clocks import MovableClock
from tests.journeys.phones import Phone
from tests.photos.pictures import encoded, exif, scene
from tests.servers import LiveServer
from tests.towns import Town
from tests.web.asking import a_picture

Ask = Callable[[str], Any]
MOST_BYTES = 400_000


def test_a_round_of_one_tap_and_one_with_a_problem(
    phone: Phone, town: Town, sign_in_over_http: Ask
) -> None:
    phone.sign_in("wangge11", "rounds")
    street = phone.page.locator("li.compound", has_text="示例老街小区")
    phone.tap("全部正常", within=street)
    phone.moment_passes()
    phone.reads("刚刚巡完")
    garden = phone.page.locator("li.compound", has_text="示例花园")
    phone.tap("逐个点位", within=garden)
    first = phone.page.locator("li.checkpoint").first
    phone.tap("有问题", within=first)
    phone.reads("巡查点位")
    phone.shoot("拍照上报", a_picture(200, 150))
    phone.tap("暴露垃圾")
    phone.reads("已记下")
    phone.page.clock.fast_forward(7_000)
    phone.reads("交给 示例甲物业公司")
    phone.tap("接着巡查")
    phone.reads("有问题，已上报")
    phone.tap("其余全部正常")
    phone.reads("这个小区本周已经走到")
    phone.moment_passes()
    expect(phone.page.locator(".pill")).to_be_hidden()
    asked = sign_in_over_http("shequ1")
    rounds = asked.get("/api/v1/rounds").json()["items"]
    assert {one["compound"]["name"]: one["complete"] for one in rounds} == {
        "示例花园": True,
        "示例老街小区": True,
    }
    tickets = [check["ticket"] for one in rounds for check in one["checks"] if check["ticket"]]
    (ticket,) = asked.get("/api/v1/tickets").json()["items"]
    assert tickets == [ticket["id"]]


def test_taken_back_before_and_after_it_went(
    phone: Phone, town: Town, sign_in_over_http: Ask
) -> None:
    phone.sign_in("wangge11")
    for wait_for in ("已记下，正在发", "已上报"):
        phone.shoot("拍照上报", a_picture(200, 150))
        phone.tap("飞线充电")
        if wait_for == "已上报":
            phone.moment_passes()
        phone.reads(wait_for)
        phone.tap("撤回")
        phone.tap("撤回", within=phone.page.locator("dialog"))
        phone.reads("已撤回")
        phone.page.reload()
    items = sign_in_over_http("wangge11").get("/api/v1/tickets?mine=1").json()["items"]
    assert [item["state"] for item in items] == ["withdrawn"]


def test_fixed_on_the_spot_with_words(phone: Phone, town: Town, sign_in_over_http: Ask) -> None:
    phone.sign_in("wangge11")
    phone.shoot("拍照上报", a_picture(200, 150))
    phone.tap("补充（可不填）")
    phone.page.get_by_label("说明").fill("楼道口的纸箱")
    phone.shoot("拍整改后", a_picture(150, 200))
    expect(phone.page.locator(".strip li")).to_have_count(2)
    phone.tap("乱堆乱放")
    phone.moment_passes()
    phone.reads("已上报")
    (item,) = sign_in_over_http("shequ1").get("/api/v1/tickets").json()["items"]
    assert (item["state"], item["description"]) == ("rectified", "楼道口的纸箱")


def test_without_a_position_the_place_is_chosen(
    server: LiveServer, town: Town, open_phone: Callable[..., Phone], sign_in_over_http: Ask
) -> None:
    """Refused by the person, and not to be had on plain http."""
    plain = server.url.replace("127.0.0.1", PLAIN_HOST)
    for url, words in ((server.url, "没有定位权限"), (plain, "这里不能自动定位")):
        phone = open_phone(url, position=None)
        phone.sign_in("wangge11")
        phone.reads(words)
        phone.shoot("拍照上报", a_picture(200, 150))
        phone.tap("绿化损坏")
        phone.tap("示例老街小区", within=phone.page.locator("dialog"))
        phone.moment_passes()
        phone.reads("已上报")
        phone.tap("再报一个")
        phone.tap("示例老街小区")
        phone.page.locator(".cell-map [role=button]").nth(1).click()
        phone.reads("第2网格")
    items = sign_in_over_http("shequ1").get("/api/v1/tickets").json()["items"]
    assert [item["compound"]["name"] for item in items] == ["示例老街小区"] * 2


def test_what_is_refused_is_shown_and_a_lost_session_loses_nothing(
    phone: Phone, town: Town, app: Flask, clock: MovableClock
) -> None:
    phone.sign_in("wangge11", "rounds")
    phone.reads("示例老街小区")
    with app.app_context(), unit_of_work() as session:
        session.execute(update(AccessToken).values(revoked_at=clock()))
    phone.tap("全部正常", within=phone.page.locator("li.compound", has_text="示例老街小区"))
    phone.moment_passes()
    phone.reads("有 1 条内容还没有发出")
    with app.app_context(), unit_of_work() as session:
        person = session.scalars(select(Person).where(Person.username == "wangge11")).one()
        today = shanghai_day(clock())
        ended = {"from_on": today - timedelta(days=9), "to_on": today}
        session.execute(update(Post).where(Post.person_id == person.id).values(**ended))
    phone.sign_in("wangge11", "outbox")
    phone.reads("没有收下：无权进行此操作")
    phone.tap("删除")
    phone.tap("删除", within=phone.page.locator("dialog"))
    phone.reads("没有待发的")


def test_a_large_photo_goes_small_and_upright_with_its_exif(
    phone: Phone, town: Town, sign_in_over_http: Ask
) -> None:
    said = exif(position=(118.3109, 30.9185), orientation=6, software="Camera 1.0")
    picture = encoded(scene(1, 4000, 3000), exif=said, quality=96)
    assert len(picture) > MOST_BYTES
    phone.sign_in("wangge11")
    phone.shoot("拍照上报", picture)
    phone.tap("绿化损坏")
    phone.moment_passes()
    phone.reads("已上报")
    warden = sign_in_over_http("wangge11")
    (item,) = warden.get("/api/v1/tickets?mine=1").json()["items"]
    (use,) = warden.get(f"/api/v1/tickets/{item['id']}").json()["photos"]
    photo = use["photo"]
    assert photo["bytes"] <= MOST_BYTES
    assert (photo["width"], photo["height"]) == (1536, 2048)
    assert photo["positions"]["exif"]["lng"] == pytest.approx(118.3109, abs=1e-5)
    assert photo["positions"]["device"]["accuracy_m"] == 8
    assert photo["taken_at"]["device"] is not None

    phone.open("me")
    phone.page.get_by_role("switch", name="照片发原图").click()
    phone.page.clock.fast_forward(3_600_000)
    phone.open("report")
    picture = encoded(scene(2, 1600, 1200), quality=96)
    phone.shoot("拍照上报", picture)
    phone.tap("污水乱排")
    phone.moment_passes()
    phone.reads("已上报")
    (item,) = warden.get("/api/v1/tickets?mine=1&category=01-30").json()["items"]
    ticket = warden.get(f"/api/v1/tickets/{item['id']}").json()
    (use,) = ticket["photos"]
    assert use["photo"]["bytes"] == len(picture), "the original when a person wants it"
    occurred, told = (
        datetime.fromisoformat(ticket[f"{one}_at"]) for one in ("occurred", "reported")
    )
    assert abs(occurred - told) < timedelta(minutes=30), "by the server's clock: the phone is fast"


def test_four_days_without_a_network_are_mended(
    phone: Phone, town: Town, clock: MovableClock, sign_in_over_http: Ask
) -> None:
    """Photo and report are too old by then: a person says that it is still so, and both go."""
    phone.sign_in("wangge11")
    phone.reads("示例花园")
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.shoot("拍照上报", a_picture(200, 150))
    phone.tap("污水乱排")
    phone.reads("已记下")
    clock.move(timedelta(days=4))
    phone.page.clock.fast_forward(4 * 86_400_000)
    phone.context.set_offline(False)
    phone.tap("1 条要处理")
    phone.reads("没有收下：发生时间不对")
    phone.tap("修改")
    phone.tap("污水乱排")
    phone.moment_passes()
    phone.reads("已上报")
    (item,) = sign_in_over_http("shequ1").get("/api/v1/tickets").json()["items"]
    assert item["category"]["code"] == "01-30"
