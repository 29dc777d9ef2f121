"""The office's work at a desk: duties and records, who answers for what, checklists."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.journeys.desks import Desk
from tests.journeys.test_administration import fill, seen, send, sheet
from tests.journeys.test_desks import People
from tests.journeys.test_desks import people as people
from tests.tickets.stories import picture
from tests.towns import Town
from tests.web.asking import BASE

GROUPS = """async () => {
    const address = document.querySelector('script').src.replace(/[^/]*$/, 'units.js');
    const { plansFor, supervises } = await import(address);
    const post = (role, type, code, communities) => ({ posts: [
        { role, organisation_type: type, organisation: { code }, communities }] });
    const all = [post('supervisor', 'town', 'T', []),
        post('supervisor', 'management_group', 'G', ['A']),
        post('lead', 'community', 'A', []), post('administrator', 'county', 'C', [])];
    return all.map((me) => [supervises, plansFor].flatMap((may) => [may(me, 'A'), may(me, 'B')]));
}"""
"""Whom the desk offers to supervise and to plan for units A and B."""


def row(desk: Desk, words: str) -> Any:
    """The row of a table that says these words."""
    return desk.page.locator("tbody tr", has_text=words).first


def test_what_is_missing_is_recorded_and_reviewed(
    desk: Desk, people: People, open_desk: Callable[..., Desk]
) -> None:
    desk.sign_in("ducha1", "work/duties")
    desk.reads("各单位指标完成情况")
    office, group, lead_of_a, administrator = desk.page.evaluate(GROUPS)
    assert (office, administrator) == ([True] * 4, [False] * 4)
    assert (group, lead_of_a) == ([True, False, True, False], [False, False, True, False])
    row(desk, "示例镇第一社区").get_by_role("link").click()
    desk.reads("还差")
    expect(row(desk, "物业公司考核上报")).to_contain_text("0 / 1")
    expect(desk.page.get_by_role("link", name="记一条")).to_have_count(0)
    body = {"kinds": ["company_appraisal"], "subject": "物业公司季度考核", "quantity": 1}
    body |= {"photo_ids": [people.photo("shequ1")], "links": ["https://example.org/1"]}
    made = people.as_("shequ1").post(f"{BASE}/records", json=body)
    assert made.status_code == 201, made.text
    desk.page.reload()
    expect(row(desk, "物业公司考核上报")).to_contain_text("另有 1 条待审核")
    row(desk, "物业公司考核上报").get_by_role("link").click()
    desk.tap("物业公司季度考核")
    faults = seen(desk, "a record")
    desk.page.get_by_role("button", name="退回").click()
    send(desk, refused="请填写")
    fill(desk, 为什么退回="没有附评分表")
    send(desk)
    expect(desk.page.get_by_role("button", name="通过")).to_have_count(0)

    lead = open_desk()
    lead.sign_in("shequ1", "work/duties")
    expect(row(lead, "物业公司考核上报").get_by_role("link", name="记一条")).to_be_visible()
    lead.open(f"work/records/{made.json()['id']}")
    lead.reads("没有附评分表")
    expect(lead.page.get_by_role("button", name="退回")).to_have_count(0)
    lead.page.get_by_role("button", name="更正").click()
    expect(sheet(lead)).to_contain_text("现有 1 张")
    fill(lead, **{"做了什么，一句话": "物业公司第四季度考核", "网址（可不填）": "不是网址"})
    send(lead, refused="须为 http:// 或 https:// 开头的网址")
    fill(lead, **{"网址（可不填）": "https://example.org/2"})
    faults += seen(lead, "a correction")
    send(lead)
    lead.reads("原来的做了什么：物业公司季度考核")
    lead.reads("原来的网址：https://example.org/1")
    expect(lead.page.get_by_role("heading", name="物业公司第四季度考核")).to_be_visible()
    lead.page.get_by_role("button", name="撤回").click()
    send(lead)
    lead.reads("已撤回")
    assert faults == []


def test_who_answers_and_what_is_missing_on_the_walls(
    desk: Desk, people: People, town: Town
) -> None:
    desk.sign_in("shequ1", "work/assignments")
    row(desk, "示例镇第一社区").get_by_role("link").click()
    row(desk, "问题不过当日").get_by_role("button").click()
    fill(desk, 谁负责="第一社区网格员1（示例镇第一社区 网格员）")
    send(desk)
    desk.tap("几项一起定")
    sheet(desk).get_by_label("谁负责").select_option(index=1)
    for box in sheet(desk).get_by_role("checkbox").all()[:3]:
        box.check()
    faults = seen(desk, "several at once")
    send(desk)
    expect(row(desk, "问题不过当日")).to_contain_text("第一社区网格员1")
    desk.page.get_by_role("button", name="交接", exact=True).click()
    fill(desk, 谁移交="第一社区网格员1（示例镇第一社区 网格员）")
    fill(desk, 交给谁="第一社区负责人（示例镇第一社区 社区负责人）")
    send(desk)
    expect(row(desk, "问题不过当日")).to_contain_text("第一社区负责人")

    desk.open("work/checklists/entrance_board")
    desk.page.get_by_role("button", name="登记看到的：示例花园").click()
    fill_missing = sheet(desk).get_by_label("市民公约")
    fill_missing.check()
    send(desk)
    garden = row(desk, "示例花园")
    expect(garden).to_contain_text("缺 1 项")
    garden.get_by_role("button", name="转工单").click()
    file: Any = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    send(desk, refused="请选照片")
    sheet(desk).get_by_label("照片", exact=True).set_input_files(file)
    desk.reads("已上传 1 张")
    faults += seen(desk, "a gap")
    send(desk)
    expect(garden).to_contain_text("待整改")
    faults += seen(desk, "a checklist")
    (made,) = people.as_("shequ1").get(f"{BASE}/tickets").json()["items"]
    assert (made["category"]["code"], made["compound"]["name"]) == ("02-99", "示例花园")
    assert faults == []
