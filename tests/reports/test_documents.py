"""A bulletin's life: drafted, edited, made again, sent for approval, issued, and then kept."""

import io
from datetime import datetime
from typing import Any

import pytest
from docx import Document
from sqlalchemy import update

from app.jobs.worker import Worker
from app.kernel.clock import SHANGHAI
from app.kernel.db import db
from app.tickets.models import Ticket
from tests.tickets.stories import Json, Stories, code_of

NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
STRANGE = "纸箱 {{ 7*7 }} {% for x in y %} <w:p/> &amp; \x07"
ONLY_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def work(stories: Stories) -> None:
    """What a worker finds to do."""
    with stories.app.app_context():
        Worker(stories.clock, name="w", periodic=(), continual=()).work_once()
        db.session.remove()


def closed_ticket(stories: Stories, **said: Any) -> Json:
    ticket = stories.act("wuye11", stories.report(**said), "rectify", note="已清走")
    return stories.act("shequ1", ticket, "close")


def put(stories: Stories, who: str, path: str, body: Json) -> Any:
    return stories.client.put(f"/api/v1{path}", json=body, headers=stories.headers(who))


def done(answer: Any) -> Json:
    assert answer.status_code in (200, 201), answer.text
    told: Json = answer.get_json()
    return told


def begun(stories: Stories, who: str = "ducha1", **said: Any) -> Json:
    body = {"kind": "bulletin", "organisation": stories.town.code, **NOVEMBER, **said}
    return done(stories.post(who, "/reports", body))


def seen(stories: Stories, report: Json, who: str = "ducha1") -> Json:
    return done(stories.get(who, f"/reports/{report['id']}"))


def act(stories: Stories, report: Json, action: str, who: str = "ducha1") -> Any:
    version = {"version": seen(stories, report)["version"]}
    return stories.post(who, f"/reports/{report['id']}/{action}", version)


def removed(stories: Stories, report: Json, who: str = "ducha1", version: int = 0) -> Any:
    version = version or seen(stories, report)["version"]
    path = f"/api/v1/reports/{report['id']}?version={version}"
    return stories.client.delete(path, headers=stories.headers(who))


def file_of(stories: Stories, report: Json, who: str = "ducha1") -> bytes:
    answer = stories.get(who, f"/reports/{report['id']}/document.docx")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def text_of(data: bytes) -> str:
    """The words of a document, those in its tables included."""
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def sentence(report: Json, key: str) -> Json:
    return next(one for one in report["sentences"] if one["key"] == key)


def test_from_the_draft_to_what_is_kept(stories: Stories) -> None:
    tickets = [closed_ticket(stories), closed_ticket(stories, category="01-10")]
    stories.report(category="01-17")
    report = begun(stories)
    assert (report["state"], report["job"]["state"], report["document"]) == (
        "draft",
        "waiting",
        None,
    )
    work(stories)
    report = seen(stories, report)
    assert (report["job"]["state"], report["document"]["up_to_date"]) == ("done", True)
    assert sentence(report, "reported")["text"] == "2026年11月，全镇共上报问题 3 件，立案 3 件。"
    path = f"/reports/{report['id']}"
    found = done(stories.get("ducha1", f"{path}/candidates"))["items"]
    assert {one["id"] for one in found} == {one["id"] for one in tickets}
    edit = {
        "version": report["version"],
        "issue_number": "第11期",
        "cases": [one["id"] for one in tickets],
        "sentences": {
            "closed": "结案情况另行通报。",
            "next_steps": "请逐件核对，电话 13800138000。",
        },
    }
    edited = done(put(stories, "ducha1", path, edit))
    assert not edited["document"]["up_to_date"]
    assert code_of(put(stories, "ducha1", path, edit)) == (409, "stale_report")
    assert code_of(act(stories, report, "submit")) == (409, "report_not_ready")
    stories.now(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    done(act(stories, report, "make"))
    work(stories)
    _waits_until_somebody_looked(stories, report, tickets)
    data = file_of(stories, report)
    said = text_of(data)
    for part in ("第11期", "结案情况另行通报。", "［号码已隐去］", "整改前", "2026年12月1日"):
        assert part in said, part
    assert "应结案工单" not in said, "what somebody wrote stands in place of ours"
    assert len(Document(io.BytesIO(data)).inline_shapes) == 5, "the chart and two pairs"
    assert sentence(seen(stories, report), "closed")["generated"].startswith("应结案工单")
    done(act(stories, report, "make"))
    work(stories)
    assert file_of(stories, report) == data, "the same facts make the same bytes"
    assert done(act(stories, report, "submit"))["state"] == "submitted"
    assert code_of(act(stories, report, "make")) == (409, "report_closed")
    assert code_of(stories.get("wangge11", path)) == (404, "not_found")
    _is_not_issued_with_an_older_picture(stories, report, tickets[0])
    masked = file_of(stories, report)
    assert masked != data
    assert done(act(stories, report, "issue"))["state"] == "issued"
    data = masked
    stories.change(update(Ticket).values(description="后来改了"))
    for action in ("make", "submit", "return", "issue"):
        assert code_of(act(stories, report, action)) == (409, "report_closed"), action
    assert file_of(stories, report, "wangge11") == data, "everybody in the town reads it"
    counted = done(stories.get("ducha1", f"{path}/closed/numerator"))["items"]
    assert {one["ticket"]["id"] for one in counted} == {one["id"] for one in tickets}
    assert code_of(stories.get("shequ2", f"{path}/closed/numerator")) == (404, "not_found")
    (listed,) = done(stories.get("shequ2", "/reports", state="issued"))["items"]
    assert (listed["id"], listed["issue_number"]) == (report["id"], "第11期")
    assert stories.get("wuye11", "/reports").status_code == 403


def _waits_until_somebody_looked(stories: Stories, report: Json, tickets: list[Json]) -> None:
    """The draft has its pairs, of grey; it is not sent, and the photos it shows are on the list."""
    draft = file_of(stories, report)
    assert len(Document(io.BytesIO(draft)).inline_shapes) == 5, "the chart and two pairs"
    refused = act(stories, report, "submit")
    assert code_of(refused) == (409, "masks_pending")
    assert {one["id"] for one in refused.get_json()["tickets"]} == {one["id"] for one in tickets}
    waiting = stories.get("shequ1", "/photos/to-mask", limit=3).get_json()
    assert (waiting["photos"], waiting["tickets"], len(waiting["items"])) == (4, 2, 3)
    rest = stories.get("shequ1", "/photos/to-mask", limit=3, cursor=waiting["next_cursor"])
    seen_all = [*waiting["items"], *rest.get_json()["items"]]
    assert len({one["photo"]["id"] for one in seen_all}) == 4
    assert {one["wanted"][0]["purpose"] for one in seen_all} == {"bulletin"}
    assert stories.get("shequ2", "/photos/to-mask").get_json()["photos"] == 0
    for ticket in tickets:
        stories.look_over(ticket)
    assert stories.get("ducha1", "/photos/to-mask").get_json()["photos"] == 0
    assert "改过遮盖，请重新生成" in act(stories, report, "submit").get_json()["detail"]
    done(act(stories, report, "make"))
    work(stories)
    assert file_of(stories, report) != draft


def _is_not_issued_with_an_older_picture(stories: Stories, report: Json, ticket: Json) -> Json:
    """Somebody finds a face after all: the file that was sent shows it."""
    photo = stories.see("ducha1", ticket)["photos"][0]["photo"]["id"]
    box = {"x": 1, "y": 1, "width": 8, "height": 8}
    body = {"version": 1, "decision": "masked", "boxes": [box]}
    assert stories.put("ducha1", f"/photos/{photo}/masks", body).status_code == 200
    refused = act(stories, report, "issue")
    assert code_of(refused) == (409, "report_not_ready")
    for action in ("return", "make"):
        done(act(stories, report, action))
    work(stories)
    return done(act(stories, report, "submit"))


def test_who_sends_and_who_issues(stories: Stories) -> None:
    unit = stories.town.community()
    report = begun(stories, "shequ1", organisation=unit)
    work(stories)
    stories.now(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    answer = act(stories, report, "submit", "shequ1")
    said = "没有填期号；是这段时间结束以前生成的，请重新生成。"
    assert answer.get_json()["detail"] == said
    path, version = f"/reports/{report['id']}", seen(stories, report)["version"]
    done(put(stories, "shequ1", path, {"version": version, "issue_number": "1"}))
    done(act(stories, report, "make", "shequ1"))
    assert "正在生成" in act(stories, report, "submit", "shequ1").get_json()["detail"]
    work(stories)
    done(act(stories, report, "submit", "shequ1"))
    assert code_of(act(stories, report, "issue", "shequ1")) == (403, "not_allowed")
    assert seen(stories, report, "shequ1")["allowed_actions"] == ["return"]
    assert seen(stories, report)["allowed_actions"] == ["return", "issue"]
    assert code_of(removed(stories, report, "shequ1")) == (409, "report_closed")
    assert done(act(stories, report, "return"))["state"] == "draft"
    assert "delete" not in seen(stories, report, "shequ1")["allowed_actions"]
    kept = removed(stories, report, "shequ1")
    assert code_of(kept) == (409, "report_closed"), "it was sent for approval once"
    assert "送审过" in kept.get_json()["detail"]
    done(act(stories, report, "submit", "shequ1"))
    done(act(stories, report, "issue"))
    again = begun(stories, "shequ1", organisation=unit)
    body = {"version": 1, "issue_number": "1"}
    done(put(stories, "shequ1", f"/reports/{again['id']}", body))
    work(stories)
    assert act(stories, again, "submit").get_json()["detail"] == "期号已经用过。"
    assert seen(stories, again)["allowed_actions"] == ["edit", "make", "submit"]
    assert code_of(removed(stories, again)) == (403, "not_allowed"), "somebody else's draft"
    done(act(stories, again, "make", "shequ1"))
    assert code_of(removed(stories, again, "shequ1", version=1)) == (409, "stale_report")
    assert removed(stories, again, "shequ1").status_code == 204
    assert code_of(stories.get("shequ1", f"/reports/{again['id']}")) == (404, "not_found")
    work(stories)
    group = {"kind": "bulletin", "organisation": f"{stories.town.code}-G1", **NOVEMBER}
    assert code_of(stories.post("ducha1", "/reports", group)) == (422, "report_unsuitable")


@ONLY_SQLITE
def test_words_of_people_are_only_words(stories: Stories) -> None:
    ticket = closed_ticket(stories, description=STRANGE)
    waiting = stories.report(category="01-10")
    report = begun(stories)
    path = f"/reports/{report['id']}"
    wrong = {"version": 1, "cases": [ticket["id"], waiting["id"]]}
    answer = put(stories, "ducha1", path, wrong)
    assert code_of(answer) == (422, "case_unsuitable")
    assert answer.get_json()["tickets"] == [{"id": waiting["id"]}]
    unknown = {"version": 1, "sentences": {"nothing": "x"}}
    assert code_of(put(stories, "ducha1", path, unknown)) == (422, "invalid_input")
    text = {f"case:{ticket['number']}": STRANGE, "next_steps": STRANGE}
    done(put(stories, "ducha1", path, {"version": 1, "cases": [ticket["id"]], "sentences": text}))
    work(stories)
    said = text_of(file_of(stories, report))
    assert said.count("纸箱 {{ 7*7 }} {% for x in y %} <w:p/> &amp;") == 2
    body = {"version": 2, "sentences": {"next_steps": None}}
    assert sentence(done(put(stories, "ducha1", path, body)), "next_steps")["edited"] is None


@ONLY_SQLITE
def test_a_work_report_says_what_has_no_record(stories: Stories) -> None:
    unit = stories.town.community()
    body = {"organisation": unit, "happened_on": "2026-11-24", "kinds": ["waste_training"]}
    body |= {"subject": "垃圾分类培训", "quantity": 30, "photo_ids": [stories.photo("shequ1")]}
    done(stories.post("shequ1", "/records", body))
    closed_ticket(stories)
    report = begun(stories, "shequ1", organisation=unit, kind="work_report")
    work(stories)
    report = seen(stories, report, "shequ1")
    tenth = sentence(report, "section:10")
    assert "垃圾分类培训要求 1，完成 1" in tenth["text"]
    assert sentence(report, "section:4")["text"] == ""
    body = {"version": 1, "sentences": {"section:4": "推荐身边好人一名，正在核实。"}}
    done(put(stories, "shequ1", f"/reports/{report['id']}", body))
    done(act(stories, report, "make", "shequ1"))
    work(stories)
    said = text_of(file_of(stories, report, "shequ1"))
    assert said.count("本期无记录。") >= 5
    for part in ("推荐身边好人一名", "十一、推进老旧小区改造", "应结案工单 1 件", "垃圾分类培训"):
        assert part in said, part


@ONLY_SQLITE
def test_who_asked_can_have_it_stopped(stories: Stories) -> None:
    report = begun(stories)
    job = report["job"]["id"]
    done(stories.post("ducha1", f"/jobs/{job}/cancel", {}))
    work(stories)
    assert seen(stories, report)["job"]["state_label"] == "已取消"
    answer = stories.get("ducha1", f"/reports/{report['id']}/document.docx")
    assert code_of(answer) == (404, "not_found")
    done(act(stories, report, "make"))
    work(stories)
    assert seen(stories, report)["document"]["up_to_date"]


def test_what_a_complaint_had_removed_is_issued_no_more(stories: Stories) -> None:
    """The photo of a case goes while the bulletin waits for approval: it is made anew, without."""
    ticket = closed_ticket(stories)
    report = _submitted_with(stories, ticket)
    assert "照片已清除" not in text_of(file_of(stories, report))
    complaint = _complaint_about(stories, ticket)
    photo = stories.see("ducha1", ticket)["photos"][0]["photo"]["id"]
    body = {"version": 2, "photo_ids": [photo], "reason": "拍到了家里"}
    told = done(stories.post("ducha1", f"/complaints/{complaint}/photos/remove", body))
    assert told["issued_documents"] == []
    refused = act(stories, report, "issue")
    assert code_of(refused) == (409, "report_not_ready")
    assert "因投诉清除" in refused.get_json()["detail"]
    done(act(stories, report, "return"))
    assert "因投诉清除" in act(stories, report, "submit").get_json()["detail"]
    done(act(stories, report, "make"))
    work(stories)
    assert "照片已清除" in text_of(file_of(stories, report))
    done(act(stories, report, "submit"))
    assert done(act(stories, report, "issue"))["state"] == "issued"


def test_of_an_issued_one_the_office_is_told(stories: Stories) -> None:
    """Its file stays as it is; who removes the photo hears which documents show it."""
    ticket = closed_ticket(stories)
    report = _submitted_with(stories, ticket)
    done(act(stories, report, "issue"))
    data = file_of(stories, report)
    complaint = _complaint_about(stories, ticket)
    photos = [one["photo"]["id"] for one in stories.see("ducha1", ticket)["photos"]]
    body = {"version": 2, "photo_ids": photos, "reason": "拍到了家里"}
    told = done(stories.post("ducha1", f"/complaints/{complaint}/photos/remove", body))
    (issued,) = told["issued_documents"]
    assert issued["id"] == report["id"]
    assert issued["name"].endswith("通报（2026-11-01至2026-11-30）第11期")
    assert file_of(stories, report) == data


@ONLY_SQLITE
def test_a_case_that_was_not_true_is_issued_no_more(stories: Stories) -> None:
    """It was opened again and voided while the bulletin waited for approval."""
    ticket, good = closed_ticket(stories), closed_ticket(stories, category="01-10")
    report = _submitted_with(stories, ticket, good)
    back = stories.act("shequ1", ticket, "reopen", note="不属实")
    stories.act("ducha1", back, "void", note="不属实")
    refused = act(stories, report, "issue")
    assert code_of(refused) == (409, "report_not_ready")
    assert ticket["number"] in refused.get_json()["detail"]
    assert good["number"] not in refused.get_json()["detail"]
    version = done(act(stories, report, "return"))["version"]
    assert ticket["number"] in act(stories, report, "submit").get_json()["detail"]
    edit = {"version": version, "cases": [good["id"]]}
    done(put(stories, "ducha1", f"/reports/{report['id']}", edit))
    done(act(stories, report, "make"))
    work(stories)
    done(act(stories, report, "submit"))
    assert done(act(stories, report, "issue"))["state"] == "issued"


def _submitted_with(stories: Stories, *tickets: Json) -> Json:
    """November's bulletin with these cases, sent for approval in December."""
    for ticket in tickets:
        stories.look_over(ticket)
    stories.now(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    report = begun(stories)
    edit = {"version": 1, "issue_number": "第11期", "cases": [one["id"] for one in tickets]}
    done(put(stories, "ducha1", f"/reports/{report['id']}", edit))
    work(stories)
    return done(act(stories, report, "submit"))


def _complaint_about(stories: Stories, ticket: Json) -> str:
    """The id of a complaint, at version 2, of which the office noted the ticket."""
    said = {"kind": "wrong_report", "text": "不该拍", "office": stories.town.code}
    number = done(stories.post("shequ1", "/complaints", said))["number"]
    items = done(stories.get("ducha1", "/complaints"))["items"]
    found: str = next(one["id"] for one in items if one["number"] == number)
    body = {"version": 1, "ticket": ticket["id"]}
    done(stories.post("ducha1", f"/complaints/{found}/ticket", body))
    return found
