"""Papers at a desk: a ledger is downloaded, a bulletin drafted, edited, made, sent and issued."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import expect

from app.jobs.worker import Worker
from app.kernel.clock import shanghai_day
from app.kernel.db import db
from tests.clocks import MovableClock
from tests.journeys.desks import Desk
from tests.journeys.test_administration import fill, seen, send, sheet
from tests.journeys.test_desks import ORDINARY, People
from tests.journeys.test_desks import people as people
from tests.tickets.stories import picture
from tests.web.asking import BASE

Work = Callable[[], None]


@pytest.fixture
def work(app: Flask, clock: MovableClock) -> Work:
    """A worker comes by and does what there is to do."""

    def done() -> None:
        with app.app_context():
            Worker(clock, name="w", periodic=(), continual=()).work_once()
            db.session.remove()

    return done


def test_a_bulletin_from_the_draft_to_what_is_issued(
    desk: Desk, people: People, work: Work, clock: MovableClock, open_desk: Callable[..., Desk]
) -> None:
    ticket = people.rectified(ORDINARY)
    people.act("shequ1", ticket, "close")
    desk.sign_in("ducha1", "papers/ledgers")
    faults = seen(desk, "ledgers")
    with desk.page.expect_download() as told:
        desk.tap("下载问题整改台账")
    ledger: Any = load_workbook(io.BytesIO(told.value.path().read_bytes())).active
    assert any(ticket["number"] in row for row in ledger.iter_rows(values_only=True))

    desk.tap("通报和汇报")
    desk.tap("起草")
    today = shanghai_day(clock()).isoformat()
    fill(desk, 从=today, **{"到（含当天）": today})
    send(desk)
    desk.reads("正在生成 0%")
    expect(desk.page.get_by_role("button", name="取消")).to_be_visible()
    work()
    desk.page.clock.fast_forward(2_000)
    desk.reads("下载 Word")
    faults += seen(desk, "a report")

    desk.tap("选典型案例")
    sheet(desk).get_by_role("checkbox").check()
    faults += seen(desk, "cases")
    send(desk)
    desk.reads("要重新生成")
    desk.page.get_by_role("button", name="改写：下步要求").click()
    fill(desk, **{"文中用（可不填）": "请各社区对照通报逐件核对。"})
    send(desk)
    desk.tap("送审")
    send(desk, refused="改动以后还没有重新生成")
    desk.page.keyboard.press("Escape")

    people.look_over(ticket)
    clock.move(timedelta(days=1))
    desk.tap("填期号、落款日期")
    fill(desk, **{"期号（可不填）": "第11期"})
    send(desk)
    desk.tap("重新生成")
    send(desk)
    work()
    desk.page.clock.fast_forward(2_000)
    desk.reads_no_more("要重新生成")
    desk.tap("送审")
    send(desk)
    expect(desk.page.get_by_role("button", name="改写")).to_have_count(0)
    desk.tap("签发")
    send(desk)
    desk.reads("已签发")
    with desk.page.expect_download() as told:
        desk.tap("下载 Word")
    said = "\n".join(one.text for one in Document(str(told.value.path())).paragraphs)
    assert "请各社区对照通报逐件核对。" in said

    lead = open_desk()
    lead.sign_in("shequ2", "papers/reports")
    lead.reads("第11期")
    lead.page.locator("tbody a").click()
    lead.reads("下步要求")
    expect(lead.page.get_by_role("button", name="退回修改")).to_have_count(0)

    desk.open("papers/dossiers")
    desk.tap("做一份")
    send(desk)
    desk.reads("0%")
    work()
    desk.page.clock.fast_forward(3_000)
    desk.reads("已做好")
    faults += seen(desk, "dossiers")
    with desk.page.expect_download() as told:
        desk.tap("下载示例镇")
    with zipfile.ZipFile(told.value.path()) as packed:
        assert any(name.endswith("manifest-sha256.txt") for name in packed.namelist())
    assert faults == []


def test_a_draft_is_stopped_and_removed(desk: Desk, people: People, work: Work) -> None:
    desk.sign_in("shequ1", "papers/reports")
    desk.tap("起草")
    fill(desk, 种类="工作汇报")
    send(desk)
    desk.reads("正在生成")
    desk.tap("取消")
    desk.reads("上一次生成：已取消")
    desk.tap("删除草稿")
    send(desk)
    desk.reads("还没有")

    made = people.rectified(ORDINARY)
    desk.open(f"tickets/{made['id']}")
    with desk.page.expect_download() as told:
        desk.tap("工单 PDF")
    assert told.value.suggested_filename == f"工单-{made['number']}.pdf"
    expect(desk.page.get_by_role("link", name="整改通知书")).to_have_count(0)
    people.act("shequ1", made, "return", note="没有清理干净")
    desk.page.reload()
    expect(desk.page.get_by_role("link", name="整改通知书")).to_be_visible()


def test_codes_and_a_ticket_from_the_hotline(
    desk: Desk, people: People, open_desk: Callable[..., Desk]
) -> None:
    desk.sign_in("shequ1", "papers/codes")
    desk.reads("示例镇第一社区全部")
    faults = seen(desk, "codes")
    with desk.page.expect_download() as told:
        desk.tap("下载示例镇第一社区的二维码")
    assert told.value.suggested_filename == "二维码-示例镇第一社区.pdf"

    desk.open("tickets")
    desk.tap("登记工单")
    fill(desk, **{"来件编号（可不填）": "12345-0001", "什么问题": "暴露垃圾"})
    fill(desk, 小区="示例花园（示例镇第一社区）")
    file: Any = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    sheet(desk).locator("input[type=file]").set_input_files(file)
    desk.reads("已上传 1 张")
    faults += seen(desk, "a new ticket")
    send(desk)
    desk.reads("12345 热线 12345-0001")
    (made,) = people.as_("shequ1").get(f"{BASE}/tickets").json()["items"]
    assert (made["source"], made["cover"] is not None) == ("hotline", True)

    office = open_desk()
    office.sign_in("guanli", "admin/people/wangge11")
    office.tap("解除微信绑定")
    send(office)
    office.reads("微信绑定已解除")
    assert faults == []
