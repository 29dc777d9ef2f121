"""At the desk: deciding by keys, undoing, others who were quicker, lists and one ticket."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy import update

from app.kernel.db import unit_of_work
from app.people.models import AccessToken
from tests.clocks import MovableClock
from tests.journeys.desks import Desk
from tests.tickets.stories import picture
from tests.towns import Town
from tests.web.asking import BASE, COMPOUND

Ask = Callable[[str], Any]
URGENT, ILLEGAL, ORDINARY = "04-96", "01-01", "01-10"


class People:
    """What people do with tickets over the API while somebody sits at a desk."""

    def __init__(self, ask: Ask, town: Town) -> None:
        self.ask, self.town = ask, town
        self._clients: dict[str, Any] = {}

    def as_(self, who: str) -> Any:
        """Somebody's client."""
        if who not in self._clients:
            self._clients[who] = self.ask(who)
        return self._clients[who]

    def photo(self, who: str, point: tuple[float, float] | None = None) -> str:
        """A photo of the garden, or of elsewhere."""
        lng, lat = point or self.town.cell("001", 1).centre
        files = {"file": ("a.jpg", picture(), "image/jpeg")}
        said = {"lng": str(lng), "lat": str(lat), "accuracy_m": "5"}
        return str(self.as_(who).post(f"{BASE}/photos", files=files, data=said).json()["id"])

    def rectified(self, category: str, *, far: bool = False) -> dict[str, Any]:
        """A ticket that the company says it has put right."""
        place = self.town.cell("202", 4).centre if far else None
        body = {"category": category, "compound": COMPOUND, "photo_ids": [self.photo("wangge11")]}
        made = self.as_("wangge11").post(f"{BASE}/tickets", json=body).json()
        return self.act("wuye11", made, "rectify", photo_ids=[self.photo("wuye11", place)])

    def act(self, who: str, ticket: dict[str, Any], action: str, **said: Any) -> dict[str, Any]:
        """The ticket after an action."""
        body = {"version": ticket["version"], **said}
        answer = self.as_(who).post(f"{BASE}/tickets/{ticket['id']}/{action}", json=body)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def see(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """The ticket as it is."""
        seen: dict[str, Any] = self.as_("ducha2").get(f"{BASE}/tickets/{ticket['id']}").json()
        return seen

    def look_over(self, ticket: dict[str, Any]) -> None:
        """A supervisor finds that nothing must be covered on its photos."""
        for use in self.see(ticket)["photos"]:
            body = {"version": 0, "decision": "clear", "boxes": []}
            path = f"{BASE}/photos/{use['photo']['id']}/masks"
            answer = self.as_("ducha2").put(path, json=body)
            assert answer.status_code == 200, answer.text


@pytest.fixture
def people(town: Town, sign_in_over_http: Ask) -> People:
    """The township at work."""
    return People(sign_in_over_http, town)


def test_deciding_by_keys(desk: Desk, people: People) -> None:
    fire, second = people.rectified(URGENT), people.rectified(URGENT)
    shed = people.rectified(ILLEGAL)
    people.rectified(ORDINARY)
    desk.sign_in("ducha1")
    desk.reads("3 张在等")
    desk.shows(fire["number"])

    desk.press("a")
    desk.shows(second["number"])
    desk.reads("示例花园 通过，结案")
    desk.press("z")
    desk.shows(fire["number"])
    desk.reads("已撤销")
    desk.time_passes()
    assert people.see(fire)["state"] == "rectified", "what was undone never left"

    desk.press("a")
    desk.shows(second["number"])
    desk.press("r")
    desk.reads("为什么退回返工")
    desk.press("2")
    desk.shows(shed["number"])
    desk.reads("本次已办 1 张")
    assert people.see(fire)["state"] == "closed", "the next decision sends the one before"
    assert people.see(second)["state"] == "rectified"
    desk.time_passes()
    desk.reads("本次已办 2 张")
    returned = people.see(second)
    assert (returned["state"], returned["timeline"][-1]["note"]) == ("dispatched", "只整改了一部分")

    desk.page.get_by_label("只看").select_option(label="照片不符")
    desk.reads("都看完了")
    desk.page.get_by_label("只看").select_option(label="违法建设")
    desk.shows(shed["number"])
    desk.press("s")
    desk.reads("剩下的 1 张是跳过的")
    desk.tap("再看跳过的")
    desk.press("r", "0")
    desk.page.keyboard.type("asz 棚子还在")
    desk.page.keyboard.press("Enter")
    desk.time_passes()
    desk.reads("都看完了")
    desk.reads("本次已办 1 张")
    assert people.see(shed)["timeline"][-1]["note"] == "asz 棚子还在"


def test_a_key_is_one_decision(desk: Desk, people: People) -> None:
    """Not one more while it is held or pressed twice, and none while an input method is at work."""
    tickets = [people.rectified(URGENT) for _ in range(3)]
    desk.sign_in("ducha1")
    desk.shows(tickets[0]["number"])
    pressed = (
        "(more) => document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyA', ...more}))"
    )
    desk.page.clock.fast_forward(1_000)
    desk.page.evaluate(pressed, {"isComposing": True})
    desk.page.evaluate(pressed, {"ctrlKey": True})
    desk.page.clock.pause_at(desk.page.evaluate("Date.now()") / 1_000 + 1)
    desk.page.keyboard.press("a")
    desk.shows(tickets[1]["number"])
    desk.page.evaluate(pressed, {"repeat": True})
    desk.page.keyboard.press("a")
    desk.page.clock.resume()
    desk.time_passes()
    desk.reads("本次已办 1 张")
    desk.shows(tickets[1]["number"])
    assert [people.see(t)["state"] for t in tickets] == ["closed", "rectified", "rectified"]


def test_what_others_decided_meanwhile_is_shown(desk: Desk, people: People) -> None:
    taken, changed, last = (people.rectified(URGENT) for _ in range(3))
    desk.sign_in("ducha1")
    desk.shows(taken["number"])
    people.act("shequ1", taken, "return", note="没有清走")
    people.act("ducha2", changed, "comment", note="现场再看一次")
    desk.press("a")
    desk.shows(changed["number"])
    desk.press("a")
    desk.shows(last["number"])
    desk.reads(f"{taken['number']} 的“通过，结案”没有收下")
    desk.reads("工单现在是“待整改”")
    desk.time_passes()
    desk.shows(changed["number"])
    desk.reads("在您决定之后有变动，请重新看")
    desk.press("a")
    desk.shows(last["number"])
    desk.time_passes()
    desk.reads("本次已办 1 张")
    closed = people.see(changed)
    assert [event["action"] for event in closed["timeline"]].count("close") == 1
    assert people.see(taken)["state"] == "dispatched"


def test_leaving_sends_what_was_decided_once(desk: Desk, people: People) -> None:
    first, second = people.rectified(URGENT), people.rectified(URGENT)
    desk.sign_in("ducha1")
    desk.shows(first["number"])
    desk.press("a")
    desk.shows(second["number"])
    desk.page.goto("about:blank")
    desk.open("tickets?state=closed")
    expect(desk.page.locator(".list tbody tr")).to_have_count(1)
    desk.open("review")
    desk.shows(second["number"])
    desk.press("a")
    desk.reads("都看完了")
    desk.tap("工单")
    desk.reads("共 2 张，没有办结 0 张")
    for ticket in (first, second):
        done = people.see(ticket)
        assert [event["action"] for event in done["timeline"]].count("close") == 1


def test_a_lost_session_loses_no_decision(
    desk: Desk, people: People, app: Flask, clock: MovableClock
) -> None:
    first, second = people.rectified(URGENT), people.rectified(URGENT)
    desk.sign_in("ducha1")
    desk.shows(first["number"])
    desk.press("a")
    desk.shows(second["number"])
    with app.app_context(), unit_of_work() as session:
        browsers = update(AccessToken).where(AccessToken.agent.is_not(None))
        session.execute(browsers.values(revoked_at=clock()))
    desk.time_passes()
    desk.reads("用户名")
    desk.sign_in("ducha1")
    desk.shows(second["number"])
    assert people.see(first)["state"] == "closed"


def test_a_lead_checks_and_leaves_what_is_contradicted(
    desk: Desk, open_desk: Callable[..., Desk], people: People
) -> None:
    plain, far = people.rectified(ORDINARY), people.rectified(ORDINARY, far=True)
    desk.sign_in("shequ1")
    desk.shows(far["number"])
    desk.reads("照片与事实不符，结案由督查员")
    expect(desk.page.get_by_role("button", name="通过")).to_be_disabled()
    desk.press("a", "s")
    desk.shows(plain["number"])
    desk.press("a")
    desk.reads("剩下的 1 张是跳过的")
    desk.time_passes()
    desk.reads("本次已办 1 张")

    above = open_desk()
    above.sign_in("ducha1")
    above.shows(far["number"])
    above.press("a")
    above.reads("照片与事实不符，为什么可以结案")
    above.press("1")
    above.time_passes()
    above.reads("都看完了")
    above.reads("本次已办 1 张")
    closed = people.see(far)
    assert (closed["state"], closed["second_look"]) == ("closed", "waiting")

    other = open_desk()
    other.sign_in("ducha2")
    other.shows(far["number"])
    other.press("a")
    other.time_passes()
    other.reads("本次已办 1 张")
    assert people.see(far)["second_look"] == "ok"


def test_a_company_and_a_warden_are_led_to_their_own_pages(
    desk: Desk, open_desk: Callable[..., Desk], town: Town
) -> None:
    for who, at in (("wuye11", desk), ("wangge11", open_desk())):
        at.sign_in(who, "tickets")
        at.reads("督查台供督查员、社区负责人和管理员使用")
        assert at.page.locator("table, nav").count() == 0
        at.tap("打开手机页面")
        expect(at.page.locator("#tabs")).to_be_visible()


def test_a_list_narrowed_and_saved(desk: Desk, people: People, tmp_path: Any) -> None:
    done = people.rectified(URGENT)
    people.act("ducha2", people.rectified(ORDINARY), "close")
    desk.sign_in("ducha1", "tickets")
    desk.reads("共 2 张，没有办结 1 张")
    desk.page.get_by_label("待核查", exact=True).check()
    desk.page.get_by_label("社区（村）").select_option(label="示例镇第一社区")
    desk.page.get_by_label("类别").select_option(label="占用消防通道")
    desk.tap("查询")
    desk.reads("共 1 张，没有办结 1 张")
    expect(desk.page.get_by_label("待核查", exact=True)).to_be_checked()
    for words in ("导出 Excel", "导出 CSV"):
        with desk.page.expect_download() as told:
            desk.tap(words)
        told.value.save_as(tmp_path / told.value.suggested_filename)
    (book,) = tmp_path.glob("tickets-*.xlsx")
    sheet: Any = load_workbook(book).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [done["number"]]
    (text,) = tmp_path.glob("tickets-*.csv")
    assert done["number"] in text.read_text(encoding="utf-8-sig")
    desk.page.locator(".list a").first.click()
    desk.reads("情况")


def test_one_ticket_is_acted_on_and_printed(desk: Desk, people: People) -> None:
    ticket = people.rectified(ORDINARY)
    desk.sign_in("ducha1", f"tickets/{ticket['id']}")
    desk.tap("督办")
    desk.submit()
    desk.reads("督办：好了")
    people.act("ducha2", people.see(ticket), "comment", note="已电话催办")
    desk.tap("退回返工")
    desk.submit()
    desk.reads("请写明理由")
    desk.tap("没有清理干净", within=desk.page.locator("dialog"))
    desk.submit()
    desk.reads("没有做成“退回返工”：这张工单刚才有变动")
    desk.reads("已电话催办")
    desk.tap("退回返工")
    desk.tap("没有清理干净", within=desk.page.locator("dialog"))
    desk.submit()
    desk.reads("退回返工：好了")
    back = people.see(ticket)
    assert (back["state"], back["rework_count"]) == ("dispatched", 1)
    desk.tap("派遣")
    desk.page.get_by_label("派给谁").select_option(label="示例镇第一社区")
    desk.page.get_by_label("说明").fill("由社区先清理")
    desk.submit()
    desk.reads("派遣：好了")
    assert people.see(ticket)["responsible"]["name"] == "示例镇第一社区"

    desk.page.wait_for_load_state("networkidle")
    assert desk.page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    desk.page.emulate_media(media="print")
    assert desk.page.locator("figure img").count() == 2
    for hidden in ("#top", ".actions", ".person"):
        assert not any(node.is_visible() for node in desk.page.locator(hidden).all())
    assert "网格员" not in desk.page.locator("main").inner_text()


def test_every_figure_leads_to_its_tickets(desk: Desk, people: People) -> None:
    people.act("ducha2", people.rectified(URGENT), "close")
    people.rectified(ORDINARY)
    rows = desk.page.locator(".list tbody tr")
    desk.sign_in("ducha1", "map")
    desk.page.get_by_role("link", name="第1网格，没有办结 1 张").click()
    desk.reads("共 1 张，没有办结 1 张")
    desk.tap("统计")
    desk.page.get_by_role("link", name="待核查 1").click()
    desk.reads("共 1 张，没有办结 1 张")
    desk.tap("统计")
    desk.page.get_by_label("分组").select_option(label="责任单位")
    desk.page.get_by_role("button", name="统计").click()
    desk.reads("按责任单位")
    for row in ("处置率", "示例甲物业公司"):
        figures = desk.page.locator("tr", has=desk.page.get_by_role("rowheader", name=row))
        figures.first.get_by_role("link", name="2", exact=True).first.click()
        desk.reads("处置率的分子")
        expect(rows).to_have_count(2)
        desk.page.go_back()
        desk.reads("按责任单位")


def test_a_week_of_rounds_beside_its_spot_checks(desk: Desk, people: People) -> None:
    body = {"compound": COMPOUND, "all_fine": True}
    assert people.as_("wangge11").post(f"{BASE}/rounds", json=body).status_code == 201
    desk.sign_in("shequ1", "coverage")
    desk.page.get_by_role("link", name="自报 1/").first.click()
    desk.reads("走到了")
    garden = desk.page.locator("tr", has_text="示例花园")
    expect(garden).to_contain_text("还没到抽查")
    desk.tap("覆盖总表")
    desk.reads("随机抽到的几个")
