"""Complaints over HTTP: by residents with a receipt, by staff with a name or none, and answered."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.complaints.models import Complaint
from app.complaints.reminding import tell_complaints
from app.complaints.service import forget_phones
from app.kernel.db import db, unit_of_work
from app.people.models import Organisation as County
from app.tickets.models import Ticket, TicketPhoto
from app.web.idempotency import RequestRecord
from tests.tickets.stories import Json, Stories, at, code_of
from tests.tickets.test_free_text import everything_stored

OFFICE, WARDEN, COMPANY = "ducha1", "wangge11", "wuye11"
FAR = (118.40, 30.99)
ONCE = "0123456789abcdef-once"


def said(stories: Stories, scene: str, **more: Any) -> Any:
    body = {"kind": "wrong_report", "text": "楼道里没有堆东西", "once": ONCE, **more}
    return stories.client.post(f"/api/v1/complaints/at/{scene}", json=body)


def read(stories: Stories, receipt: Json, **other: Any) -> Any:
    body = {"number": receipt["number"], "code": receipt["code"], **other}
    return stories.client.post("/api/v1/complaints/receipts", json=body)


def listed(stories: Stories, who: str = OFFICE, **query: Any) -> list[Json]:
    answer = stories.get(who, "/complaints", **query)
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.get_json()["items"]
    return items


def told(stories: Stories) -> None:
    """What the worker tells now."""
    with stories.app.app_context():
        with unit_of_work() as session:
            tell_complaints(session, stories.clock())
        db.session.remove()


def notices(stories: Stories, who: str) -> list[tuple[str, str]]:
    items = stories.get(who, "/notices").get_json()["items"]
    return [(each["kind"], each["text"]) for each in items if "投诉建议" in each["text"]]


def test_a_resident_is_answered_by_the_receipt(stories: Stories, scene: str) -> None:
    line = {"phone": "0553-3838438 转 8", "hours": "工作日 8:00–18:00"}
    path = f"/api/v1/complaints/offices/{stories.town.code}"
    written = stories.client.put(path, json=line, headers=stories.headers(OFFICE))
    assert written.status_code == 200, written.text
    place = stories.client.get(f"/api/v1/complaints/at/{scene}").get_json()
    assert (place["office"]["phone"], place["office"]["answering_limit"]) == (
        line["phone"],
        "5 个工作日",
    )
    ticket = stories.report()
    sent = {"phone": "138 0013 8000", "ticket_number": ticket["number"]}
    answer = said(stories, scene, text="请看 3栋501室，<b>没有</b>，电话13800138000", **sent)
    assert answer.status_code == 201, answer.text
    receipt = answer.get_json()
    assert receipt["answer_by"] == "2026-12-02"
    again = said(stories, scene, text="请看 3栋501室，<b>没有</b>，电话13800138000", **sent)
    assert again.get_json() == receipt
    assert code_of(said(stories, scene, text="别的")) == (422, "complaint_key_reused")

    (one,) = listed(stories)
    assert (one["source_label"], one["by"], one["ticket"]["number"]) == (
        "居民",
        None,
        ticket["number"],
    )
    assert one["phone"] == "138 0013 8000"
    assert one["text"] == "请看 3栋***室，<b>没有</b>，电话［号码已隐去］"
    for who in ("guanli", OFFICE):
        assert stories.get(who, f"/complaints/{one['id']}").status_code == 200
    assert code_of(stories.get("shequ1", "/complaints")) == (403, "not_allowed")

    waiting = read(stories, receipt).get_json()
    assert (waiting["answer"], waiting["answer_by"]) == (None, "2026-12-02")
    spelt = {"number": receipt["number"].lower(), "code": receipt["code"].lower().replace("-", " ")}
    assert read(stories, receipt, **spelt).get_json() == waiting
    assert code_of(read(stories, receipt, code="AAAA-AAAA-AAAA")) == (404, "receipt_unknown")
    assert code_of(read(stories, receipt, number="TS000000-00000")) == (404, "receipt_unknown")

    path, body = f"/complaints/{one['id']}/answer", {"outcome": "corrected", "answer": "已作废"}
    assert code_of(stories.post(OFFICE, path, {**body, "version": 9})) == (409, "complaint_stale")
    done = stories.post(OFFICE, path, {**body, "version": one["version"]})
    assert done.status_code == 200, done.text
    twice = stories.post(OFFICE, path, {**body, "version": 2})
    assert code_of(twice) == (409, "complaint_answered")
    found = read(stories, receipt).get_json()
    assert (found["outcome_label"], found["answer"], found["answered_on"]) == (
        "已更正",
        "已作废",
        "2026-11-25",
    )
    assert listed(stories, open="1") == []

    with stories.app.app_context():
        with unit_of_work() as session:
            stories.later(days=89)
            assert forget_phones(session, stories.clock(), 9) == 0
            stories.later(days=2)
            assert forget_phones(session, stories.clock(), 9) == 1
        row = db.session.scalars(select(Complaint).where(Complaint.number == one["number"])).one()
        assert (row.once, row.said_hash) == (None, None), "the number could be guessed from it"
        db.session.remove()
    assert stories.get(OFFICE, f"/complaints/{one['id']}").get_json()["phone"] is None


def test_of_who_is_anonymous_nothing_is_kept(stories: Stories) -> None:
    body = {"kind": "system", "text": "打卡太多", "once": ONCE}
    key = "a-key-that-is-not-kept"
    answer = stories.post(WARDEN, "/complaints/anonymous", body, key=key)
    assert answer.status_code == 201, answer.text
    receipt = answer.get_json()
    assert listed(stories) == []
    told(stories)
    assert notices(stories, OFFICE) == []
    warden = stories.person(WARDEN)
    with stories.app.app_context():
        session = db.session()
        row = session.scalars(select(Complaint)).one()
        values = {str(getattr(row, column.name)) for column in Complaint.__table__.columns}
        assert warden not in values
        assert stories.town.community() not in values
        assert (row.received_at, row.id.version) == (at("11-26 00:00"), 4)
        kept = session.scalars(select(RequestRecord.key)).all()
        assert key not in kept
        db.session.remove()
    stories.now(at("11-26 08:05"))
    (one,) = listed(stories)
    assert (one["by"], one["source_label"], one["received_on"]) == (
        None,
        "工作人员（匿名）",
        "2026-11-26",
    )
    told(stories)
    ((kind, text),) = notices(stories, OFFICE)
    assert kind == "complaint_received"
    assert one["number"] in text
    assert stories.get(WARDEN, "/complaints/mine").get_json()["items"] == []
    assert read(stories, receipt).get_json()["text"] == "打卡太多"
    for who in (OFFICE, "guanli"):
        seen = stories.get(who, f"/complaints/{one['id']}").text
        assert warden not in seen + stories.get("guanli", "/audit").text


def test_staff_with_a_name_are_told_and_late_answers_climb(stories: Stories) -> None:
    made = stories.post(COMPANY, "/complaints", {"kind": "decision", "text": "不是我们的"})
    assert (made.status_code, made.get_json()["office"]["name"]) == (201, "示例县")
    stories.later(minutes=1)
    body = {"kind": "decision", "text": "派错了", "office": stories.town.code}
    key = "3f6f7e0a-once"
    number = stories.post(COMPANY, "/complaints", body, key=key).get_json()["number"]
    assert stories.post(COMPANY, "/complaints", body, key=key).get_json()["number"] == number
    elsewhere = {**body, "office": stories.town.community()}
    assert code_of(stories.post(COMPANY, "/complaints", elsewhere)) == (422, "office_unknown")
    assert [one["number"] for one in listed(stories)] == [number]
    assert len(listed(stories, "guanli")) == 2
    told(stories)
    told(stories)
    assert [kind for kind, _ in notices(stories, OFFICE)] == ["complaint_received"]
    stories.now(at("12-01 17:00"))
    told(stories)
    assert [kind for kind, _ in notices(stories, OFFICE)] == ["complaint_due"]
    assert listed(stories, overdue="1") == []
    stories.now(at("12-02 22:00"))
    told(stories)
    assert "超期" not in notices(stories, "guanli")[0][1]
    stories.now(at("12-03 08:30"))
    told(stories)
    assert any("已超期" in text for _, text in notices(stories, "guanli"))
    (one,) = listed(stories, overdue="1")
    answer = {"outcome": "explained", "answer": "合同里写明了", "version": one["version"]}
    assert stories.post(OFFICE, f"/complaints/{one['id']}/answer", answer).status_code == 200
    mine = stories.get(COMPANY, "/complaints/mine").get_json()["items"]
    assert [each["answer"] for each in mine] == ["合同里写明了", None]
    assert ("complaint_answered", number) in [
        (kind, number) for kind, text in notices(stories, COMPANY) if number in text
    ]


def test_an_answer_waits_while_the_office_stands_still(stories: Stories) -> None:
    body = {"kind": "suggestion", "text": "设个公告栏", "office": stories.town.code}
    assert stories.post(COMPANY, "/complaints", body).status_code == 201

    def due() -> str:
        (one,) = listed(stories)
        return str(one["due_at"])[5:16]

    assert due() == "12-02T09:00"
    days = {"from": "2026-11-26T08:00:00+08:00", "to": "2026-11-27T18:00:00+08:00"}
    why = {"document": "示例〔2026〕1号", "reason": "大雪"}
    part = {"organisation": stories.town.community(), **days, **why}
    assert stories.post("guanli", "/pauses", part).status_code == 201
    assert due() == "12-02T09:00", "the office works while one community stands still"
    whole = {"organisation": stories.town.code, **days, **why}
    assert stories.post("guanli", "/pauses", whole).status_code == 201
    assert due() == "12-04T09:00"
    stories.post(COMPANY, "/complaints", {**body, "text": "再设一个"})
    assert {one["due_at"][5:16] for one in listed(stories)} == {"12-04T09:00"}
    stories.now(at("12-01 17:00"))
    told(stories)
    assert {kind for kind, _ in notices(stories, OFFICE)} == {"complaint_received"}


def test_the_photo_of_a_wrong_report_goes_once_nothing_needs_it(
    stories: Stories, scene: str
) -> None:
    """And the complaint is linked to the ticket that its reader sees."""
    assert said(stories, scene).status_code == 201
    (one,) = listed(stories)
    ticket = stories.report()
    photo = stories.get(OFFICE, f"/tickets/{ticket['id']}").get_json()["photos"][0]["photo"]
    path = f"/complaints/{one['id']}"
    unknown = {"version": one["version"], "ticket": one["id"]}
    assert stories.post(OFFICE, f"{path}/ticket", unknown).status_code == 404
    remove = {
        "photo_ids": [photo["id"]],
        "reason": "拍到了家里，13800138000",
        "version": one["version"],
    }
    early = stories.post(OFFICE, f"{path}/photos/remove", remove)
    assert code_of(early) == (422, "photo_elsewhere")
    body = {"version": one["version"], "ticket": ticket["id"]}
    linked = stories.post(OFFICE, f"{path}/ticket", body).get_json()
    assert (linked["ticket"]["number"], linked["version"]) == (ticket["number"], 2)
    remove["version"] = 2
    assert code_of(stories.post(OFFICE, f"{path}/photos/remove", remove)) == (409, "photo_needed")
    stories.act(OFFICE, ticket, "void", note="不属实")
    hold = {"reason": "法院调取"}
    assert stories.post("guanli", f"/tickets/{ticket['id']}/holds", hold).status_code == 201
    assert code_of(stories.post(OFFICE, f"{path}/photos/remove", remove)) == (409, "photo_held")
    stories.later(minutes=1)
    released = stories.post("guanli", f"/tickets/{ticket['id']}/holds/release", hold)
    assert released.status_code == 200, released.text
    done = stories.post(OFFICE, f"{path}/photos/remove", remove)
    assert (done.status_code, done.get_json()["version"]) == (200, 3)
    assert stories.client.get(photo["urls"]["display"]).status_code == 410
    assert "13800138000" not in everything_stored(stories)
    answer = {"outcome": "corrected", "answer": "已清除", "version": 3}
    assert stories.post(OFFICE, f"{path}/answer", answer).status_code == 200
    late = stories.post(OFFICE, f"{path}/photos/remove", {**remove, "version": 4})
    assert code_of(late) == (409, "complaint_answered")


def test_what_no_complaint_removes(stories: Stories) -> None:
    """A suggestion, another township's ticket or photo, and what somebody still has to look at."""
    ticket = stories.report()
    ticket = stories.act("wuye11", ticket, "rectify", photo_ids=[stories.photo("wuye11", FAR)])
    ticket = stories.act(OFFICE, ticket, "close", note="当面看过")
    assert ticket["second_look"] == "waiting"
    use = next(one for one in ticket["photos"] if one["role"] == "after")
    asked = {"photo_ids": [use["photo"]["id"]], "reason": "拍到了家里"}
    suggestion = _linked(stories, "suggestion", ticket)
    assert _removed(stories, suggestion, asked) == (409, "removal_unsuitable")
    path = _linked(stories, "decision", ticket)
    assert _removed(stories, path, asked) == (409, "photo_in_question")
    later = stories.clock() + timedelta(hours=1)
    looked_at = update(Ticket).values(second_look=None)
    found = update(TicketPhoto).values(attached_at=later)
    stories.change(looked_at, found)
    assert _removed(stories, path, asked) == (409, "photo_in_question"), "nobody has explained"
    stories.later(hours=2)
    stories.act("wuye11", stories.see("wuye11", ticket), "explain", note="定位漂移")
    other, photo = UUID(stories.report()["id"]), UUID(use["photo"]["id"])
    county = select(County.id).where(County.type == "county").limit(1).scalar_subquery()
    uses = update(TicketPhoto).where(TicketPhoto.ticket_id == other).values(photo_id=photo)
    stories.change(uses, update(Ticket).where(Ticket.id == other).values(town_id=county))
    assert _removed(stories, path, asked) == (409, "photo_used_elsewhere")
    stories.change(update(Ticket).values(town_id=county))
    assert _removed(stories, path, asked) == (422, "ticket_elsewhere")
    link = {"version": 2, "ticket": ticket["id"]}
    assert code_of(stories.post("guanli", f"{path}/ticket", link)) == (422, "ticket_elsewhere")


def _linked(stories: Stories, kind: str, ticket: Json) -> str:
    """The path of a complaint to the township, at version 2, of which the ticket is noted."""
    body = {"kind": kind, "text": "请看看", "office": stories.town.code}
    number = stories.post(WARDEN, "/complaints", body).get_json()["number"]
    path = next(f"/complaints/{one['id']}" for one in listed(stories) if one["number"] == number)
    linked = stories.post(OFFICE, f"{path}/ticket", {"version": 1, "ticket": ticket["id"]})
    assert linked.status_code == 200, linked.text
    return path


def _removed(stories: Stories, path: str, asked: Json) -> tuple[int, str]:
    return code_of(stories.post("guanli", f"{path}/photos/remove", {**asked, "version": 2}))
