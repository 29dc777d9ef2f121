"""Cases over HTTP: opened, taken through their stages, found again when something is due."""

from datetime import date
from typing import Any

import pytest

from app.cases.models import Case
from app.cases.repeats import end_spanning, open_repeated
from app.kernel.db import db, unit_of_work
from tests.budgets import counted_queries
from tests.tickets.stories import Json, Stories, at, code_of

LEAD, WARDEN, SUPERVISOR, COMPANY = "shequ1", "wangge11", "ducha1", "wuye11"


def opened(stories: Stories, kind: str, who: str = LEAD, **said: Any) -> Json:
    answer = try_open(stories, kind, who, **said)
    assert answer.status_code == 201, answer.text
    found: Json = answer.get_json()
    return found


def try_open(stories: Stories, kind: str, who: str = LEAD, **said: Any) -> Any:
    body: Json = {"kind": kind, "title": "示范楼北侧", "compound": stories.code(), **said}
    if body["compound"] is None:
        del body["compound"]
    return stories.post(who, "/cases", body)


def step(stories: Stories, case: Json, code: str, who: str = LEAD, **said: Any) -> Any:
    body = {"step": code, "version": case["version"], **said}
    return stories.post(who, f"/cases/{case['id']}/steps", body)


def stepped(stories: Stories, case: Json, code: str, who: str = LEAD, **said: Any) -> Json:
    answer = step(stories, case, code, who, **said)
    assert answer.status_code == 201, answer.text
    found: Json = answer.get_json()
    return found


def at_work(stories: Stories, work: Any) -> int:
    """What the worker does of it now; how much there was."""
    with stories.app.app_context():
        with unit_of_work() as session:
            done: int = work(session, stories.clock())
        db.session.remove()
    return done


def test_an_illegal_building_from_found_to_cleared(stories: Stories) -> None:
    photo = [stories.photo(WARDEN)]
    case = opened(stories, "illegal_building", WARDEN, photo_ids=photo)
    assert (case["stage_label"], case["due_on"]) == ("发现", "2026-11-26")
    assert [each["code"] for each in case["next"]] == ["dissuaded", "visit"]
    assert stories.get(LEAD, f"/photos/{photo[0]}").status_code == 200
    bare = step(stories, case, "dissuaded", WARDEN, photo_ids=photo)
    assert code_of(bare) == (422, "reason_missing")
    assert code_of(step(stories, case, "dissuaded", note="已劝")) == (422, "evidence_missing")
    skipped = step(stories, case, "referred", SUPERVISOR, note="已发函")
    assert code_of(skipped) == (409, "case_step_impossible")
    case = stepped(stories, case, "dissuaded", WARDEN, photo_ids=photo, note="已当面劝阻")
    stale = {**case, "version": 1}
    assert code_of(step(stories, stale, "reported")) == (409, "case_stale")
    case = stepped(stories, case, "reported")
    assert code_of(step(stories, case, "referred", note="已发函")) == (403, "not_allowed")
    filled = {"body": "县城管执法局", "document": "示例〔2026〕8 号"}
    case = stepped(stories, case, "referred", SUPERVISOR, note="已发函", fields=filled)
    assert (case["fields"], case["due_on"]) == (filled, "2026-12-16")
    case = stepped(stories, case, "visit", WARDEN, photo_ids=photo)
    assert case["stage"] == "referred"
    case = stepped(stories, case, "answered", SUPERVISOR, note="限期拆除")
    case = stepped(stories, case, "cleared", SUPERVISOR, photo_ids=[stories.photo(SUPERVISOR)])
    assert (case["next"], case["due_on"]) == ([], None)
    assert case["closed_at"] is not None
    labels = ["发现", "劝阻", "上报镇创建办", "移交县级部门", "现场查看", "部门答复", "处置完毕"]
    assert [each["step_label"] for each in case["steps"]] == labels
    over = step(stories, case, "visit", WARDEN, photo_ids=photo)
    assert code_of(over) == (409, "case_step_impossible")


@pytest.mark.parametrize(
    ("kind", "said", "refusal"),
    [
        ("nothing", {}, "case_kind_unknown"),
        ("root_cause", {}, "case_kind_unknown"),
        ("honour_cycle", {"note": "申报"}, "case_subject_unsuitable"),
        ("unmanaged_compound", {"compound": None, "note": "登记"}, "case_subject_unsuitable"),
        ("unmanaged_compound", {"compound": "NO", "note": "登记"}, "compound_unknown"),
        ("unmanaged_compound", {"note": "登记", "done_on": "2026-11-26"}, "case_field_unsuitable"),
        ("waste_site", {"note": "选点", "fields": {"x": 1}}, "case_field_unsuitable"),
        (
            "waste_site",
            {"note": "选点", "fields": {"contract_to": "明年"}},
            "case_field_unsuitable",
        ),
        ("renovation", {"note": "列入", "fields": {"party": "不知道"}}, "case_field_unsuitable"),
        ("renovation", {"note": "列", "fields": {"progress": "一半"}}, "case_field_unsuitable"),
        ("spanning", {"compound": None, "note": "分工"}, "case_subject_unsuitable"),
    ],
)
def test_what_is_not_opened(stories: Stories, kind: str, said: Json, refusal: str) -> None:
    assert code_of(try_open(stories, kind, **said)) == (422, refusal)
    assert stories.get(LEAD, "/cases").get_json()["items"] == []


def test_every_fault_of_the_fields_at_once(stories: Stories) -> None:
    fields = {"money": True, "colour": "红"}
    answer = try_open(
        stories, "repair_request", photo_ids=[stories.photo(LEAD)], note="漏水", fields=fields
    )
    assert set(answer.get_json()["errors"]) == {"fields.money", "fields.colour"}


def test_what_is_due_and_what_expires(stories: Stories) -> None:
    site = {"company": "示例保洁公司 13912345678", "contract_to": "2026-12-20"}
    waste = opened(stories, "waste_site", note="选在北门", fields=site)
    assert "13912345678" not in waste["fields"]["company"]
    filing = opened(stories, "unmanaged_compound", note="登记", title="散户片区")
    assert filing["due_on"] == "2026-12-09"

    def listed(**asked: Any) -> list[str]:
        items = stories.get(SUPERVISOR, "/cases", **asked).get_json()["items"]
        return [each["id"] for each in items]

    assert listed() == [filing["id"], waste["id"]]
    assert listed(kind="waste_site") == listed(expiring=1) == [waste["id"]]
    assert listed(overdue=1) == []
    assert listed(compound=stories.code("001", 2)) == []
    stories.now(at("12-10 09:00"))
    assert listed(overdue=1) == [filing["id"]]
    cleared = stepped(stories, waste, "haulage", fields={"contract_to": ""})
    assert cleared["expires_on"] is None
    assert listed(expiring=1) == []
    silent = stories.post(LEAD, f"/cases/{filing['id']}/drop", {"version": 1})
    assert code_of(silent) == (422, "reason_missing")
    body = {"version": 1, "note": "已由物业公司接管"}
    dropped = stories.post(LEAD, f"/cases/{filing['id']}/drop", body).get_json()
    assert dropped["dropped_because"] == "已由物业公司接管"
    assert listed(open=1) == [waste["id"]]
    first = stories.get(SUPERVISOR, "/cases", limit=1).get_json()
    rest = stories.get(SUPERVISOR, "/cases", cursor=first["next_cursor"]).get_json()
    assert [each["id"] for each in rest["items"]] == [waste["id"]]


def test_who_sees_and_who_may(stories: Stories) -> None:
    case = opened(stories, "unmanaged_compound", note="登记")
    path = f"/cases/{case['id']}"
    assert stories.get(WARDEN, path).status_code == 200
    assert stories.get("shequ2", path).status_code == 404
    assert stories.get(COMPANY, "/cases").status_code == 403
    verified = step(stories, case, "verified", WARDEN, photo_ids=[stories.photo(WARDEN)])
    assert code_of(verified) == (403, "not_allowed")
    assert code_of(try_open(stories, "unmanaged_compound", "shequ2", note="登记"))[0] == 403


def test_a_problem_of_several_companies_ends_with_the_last_of_them(stories: Stories) -> None:
    one, other = stories.report(), stories.report(point=stories.street, category="01-10")
    case = opened(
        stories,
        "spanning",
        compound=None,
        note="两家各清一半",
        tickets=[one["id"], other["id"]],
    )
    assert {each["id"] for each in case["tickets"]} == {one["id"], other["id"]}
    for ticket, who in ((one, COMPANY), (other, WARDEN)):
        assert at_work(stories, end_spanning) == 0
        done = stories.act(who, ticket, "rectify")
        closer = WARDEN if who == COMPANY else LEAD
        stories.act(closer, stories.see(closer, done), "close")
    assert at_work(stories, end_spanning) == 1
    assert at_work(stories, end_spanning) == 0
    ended = stories.get(LEAD, f"/cases/{case['id']}").get_json()
    assert (ended["stage"], ended["steps"][-1]["by"]) == ("ended", None)


def test_the_third_time_in_ninety_days_opens_one(stories: Stories) -> None:
    for _ in range(2):
        stories.report(category="05-03")
    stories.report(category="01-36")
    assert at_work(stories, open_repeated) == 0
    stories.later(days=80)
    third = stories.report(category="05-03")
    assert at_work(stories, open_repeated) == 1
    assert at_work(stories, open_repeated) == 0
    (case,) = stories.get(LEAD, "/cases").get_json()["items"]
    assert (case["kind"]["code"], case["compound"]["code"]) == ("root_cause", stories.code())
    assert third["id"] in case["ticket_ids"]
    assert len(case["ticket_ids"]) == 3
    notice = stepped(stories, case, "notified", WARDEN, photo_ids=[stories.photo(WARDEN)])
    assert notice["stage_label"] == "楼道告示，限期自行清理"
    body = {"version": notice["version"], "note": "只是同一处反复上报"}
    stories.post(LEAD, f"/cases/{case['id']}/drop", body)
    assert at_work(stories, open_repeated) == 0
    for _ in range(3):
        stories.report(category="05-03")
    assert at_work(stories, open_repeated) == 1


def test_the_kinds_are_listed_as_shipped_and_a_case_goes_by_its_own(stories: Stories) -> None:
    case = opened(stories, "unmanaged_compound", note="登记")
    with stories.app.app_context():
        with unit_of_work() as session:
            found = session.query(Case).one()
            assert found.due_on == date(2026, 12, 9)
        db.session.remove()
    kinds = stories.get(LEAD, "/cases/kinds").get_json()["items"]
    codes = [each["code"] for each in kinds]
    assert codes[:2] == ["illegal_building", "unmanaged_compound"]
    assert {"waste_site", "renovation", "repair_request", "honour_cycle"} <= set(codes)
    assert case["next"][0]["code"] == kinds[1]["stages"][1]["code"]


def test_a_list_asks_little(stories: Stories) -> None:
    for _ in range(3):
        opened(stories, "unmanaged_compound", note="登记")
    stories.get(SUPERVISOR, "/me")
    with counted_queries(stories.app) as asked:
        assert stories.get(SUPERVISOR, "/cases").status_code == 200
    assert len(asked) <= 8, asked
