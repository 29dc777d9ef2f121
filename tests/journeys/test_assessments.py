"""Reference scores at a desk: switched on, looked into, frozen, objected to and answered."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from app.kernel.clock import shanghai_day, utc_now
from tests.journeys.desks import Desk
from tests.journeys.test_administration import fill, seen, send
from tests.journeys.test_work import row
from tests.towns import Town


def test_a_score_is_looked_into_frozen_and_objected_to(
    desk: Desk, town: Town, open_desk: Callable[..., Desk]
) -> None:
    county = open_desk()
    county.sign_in("guanli", "work/assessments")
    county.reads("现在没有启用")
    county.page.get_by_role("button", name="启用", exact=True).click()
    fill(county, 依据的文件="示例〔2026〕8号")
    send(county)
    county.reads("固定过的")
    faults = seen(county, "a county's scores")

    last = f"{shanghai_day(utc_now()).replace(day=1) - timedelta(days=1)}"[:7]
    desk.sign_in("ducha1", "work/assessments?scheme=community_month")
    desk.reads(f"社区月调度 {last}")
    row(desk, "示例镇第一社区").get_by_role("link").click()
    desk.reads("20 分 ×")
    row(desk, "处置率").get_by_role("link").first.click()
    desk.reads("的分子")
    desk.open("work/assessments?scheme=community_month")
    faults += seen(desk, "scores")
    desk.page.get_by_role("button", name="固定", exact=True).click()
    send(desk)
    row(desk, "第 1 次").get_by_role("link").click()
    desk.reads("红榜")
    faults += seen(desk, "a freeze")

    lead = open_desk()
    lead.sign_in("shequ1", "work/assessments")
    row(lead, "第 1 次").get_by_role("link").click()
    expect(lead.page.locator("tbody tr")).to_have_count(1)
    row(lead, "示例镇第一社区").get_by_role("link").click()
    lead.page.get_by_role("button", name="提出异议：到期的指标").click()
    fill(lead, 理由和依据="已经做了，有记录")
    send(lead)
    lead.reads("等待答复")
    expect(lead.page.get_by_role("button", name="答复")).to_have_count(0)
    expect(lead.page.get_by_role("button", name="提出异议")).to_have_count(0)

    desk.page.goto(lead.page.url)
    desk.page.get_by_role("button", name="答复：到期的指标").click()
    fill(desk, 怎样答复="同意，已尽职并有记录，免责（得满分）", 答复="查过了")
    send(desk)
    desk.reads("同意，尽职免责")
    faults += seen(desk, "a score with an answer")
    row(desk, "处置率").get_by_role("link").last.click()
    desk.reads("的分母")
    assert faults == []
