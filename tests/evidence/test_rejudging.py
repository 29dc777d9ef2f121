"""Photos and their uses judged anew because somebody asked: by what was known when they were used,
appended to what was thought of them before."""

import json
from typing import Any
from uuid import UUID

from app.kernel.db import unit_of_work
from app.tickets.judgements import JUDGED_ANEW
from app.tickets.rejudging.service import Scope, begin_rejudging, rejudge_part
from tests.evidence.conftest import Office
from tests.evidence.test_thresholds import codes, old_photo, put
from tests.tickets.stories import Json, code_of, north_of, picture


def rejudge(office: Office, *options: str) -> str:
    return office.run("photos", "rejudge", *options)


def judged(office: Office, kind: str) -> list[Json]:
    """What the chain says of later verdicts, in order."""
    return [json.loads(each.body)["facts"] for each in office.entries() if each.kind == kind]


def change(office: Office, **figures: Any) -> str:
    """Thresholds of tomorrow, and it is tomorrow; their rule version."""
    answer = put(office, "guanli", figures)
    assert answer.status_code == 200, answer.text
    office.later(days=1)
    return str(answer.get_json()["rule_version"])


def use_of(office: Office, ticket: Json, role: str = "after", who: str = "ducha1") -> Json:
    uses: list[Json] = office.see(who, ticket)["photos"]
    return next(use for use in uses if use["role"] == role)


def test_a_change_of_thresholds_reaches_old_photos_when_somebody_asks(office: Office) -> None:
    photo = old_photo(office)
    away = office.photo("wuye11", north_of(office.spot, 300))
    ticket = office.act("wuye11", office.report(), "rectify", photo_ids=[away])
    assert use_of(office, ticket)["verdict"] == "needs_review"
    office.worker()
    assert "没有一处改变" in rejudge(office)
    assert judged(office, "use_judged") + judged(office, "photo_judged") == []

    version = change(office, late=24, other_place_m=200, place_tolerance_m=50)
    assert "taken_long_ago_device" not in codes(photo)
    said = rejudge(office)
    assert f"按规则 {version} 重新判断 3 张照片" in said
    assert "照片：相符 → 有疑点 1 张" in said
    assert "用途：有疑点 → 与事实不符 1 处" in said
    again = dict(office.get("wangge11", f"/photos/{photo['id']}").get_json())
    assert (again["verdict"], "taken_long_ago_device" in codes(again)) == ("needs_review", True)
    _a_use_says_what_was_thought_of_it_and_its_maker_may_explain(office, ticket, version)

    office.worker()
    (alone,), (used,) = (
        judged(office, "photo_judged"),
        [
            each
            for each in judged(office, "use_judged")
            if each["verdict"] != each["verdict_before"]
        ],
    )
    for entry in (alone, used):
        assert (entry["judged_for"], entry["rule_version"]) == ("rejudged", version)
        assert entry["follows"]
    assert "没有发现问题" in office.verify("--with-files")
    assert "没有一处改变" in rejudge(office), "done again it comes to the same"
    office.worker()
    _what_is_altered_is_found(office)
    _loosened_again_it_comes_back(office, ticket)


def _a_use_says_what_was_thought_of_it_and_its_maker_may_explain(
    office: Office, ticket: Json, version: str
) -> None:
    use = use_of(office, ticket)
    assert use["verdict"] == "contradicted"
    assert use["findings"][0]["code"] == JUDGED_ANEW
    assert (
        f"按规则 {version} 重新判断：原来“有疑点”，现在“与事实不符”"
        in use["findings"][0]["message"]
    )
    assert [each["code"] for each in use["findings"]].count("position_away_from_place") == 1
    assert "explain" in office.see("wuye11", ticket)["allowed_actions"]


def _what_is_altered_is_found(office: Office) -> None:
    for table, where in (
        ("ticket_photos", "verdict = 'contradicted'"),
        ("photos", "verdict = 'needs_review'"),
    ):
        (row,) = office.sql(f"SELECT id FROM {table} WHERE {where} LIMIT 1")
        office.sql(f"UPDATE {table} SET verdict = 'consistent' WHERE id = :id", id=row.id)
        assert "结论" in office.verify(faults=True), table
        office.sql(f"UPDATE {table} SET {where} WHERE id = :id", id=row.id)
        assert "没有发现问题" in office.verify(), table


def _loosened_again_it_comes_back(office: Office, ticket: Json) -> None:
    change(office, late=72, other_place_m=500, place_tolerance_m=400)
    said = rejudge(office, "--from", "2026-11-25", "--to", "2026-11-25")
    assert "照片：有疑点 → 相符 1 张" in said
    assert "用途：与事实不符 → 相符 1 处" in said
    assert use_of(office, ticket)["verdict"] == "consistent"
    assert "没有一处改变" in rejudge(office, "--town", office.town.code)
    office.worker()
    assert "没有发现问题" in office.verify()


def test_what_came_later_does_not_count_and_what_was_there_then_does(office: Office) -> None:
    """Nothing is changed, so whatever is rebuilt wrongly shows as a change."""
    report, act = office.report, office.act
    shot = picture()
    first = office.photo("wuye11", office.spot, data=shot)
    served = act("wuye11", report(), "rectify", photo_ids=[first])
    office.later(minutes=10)
    returned = act("shequ1", served, "return", note="没有清干净")
    office.later(minutes=10)
    again = act("wuye11", returned, "rectify", photo_ids=[first])
    assert use_of(office, again)["verdict"] == "consistent"
    assert office.see("ducha1", again)["photos"][-1]["verdict"] == "needs_review"

    far = north_of(office.spot, 3000)
    elsewhere = report(
        point=None,
        compound=office.code("002", 1),
        photo_ids=[office.photo("shequ2", far, data=shot)],
        who="shequ2",
    )
    assert elsewhere["photos"][0]["verdict"] != "consistent"
    office.later(minutes=10)
    at_spot = report()
    act(
        "shequ1",
        at_spot,
        "comment",
        note="再看",
        photo_ids=[office.photo("shequ1", office.spot, data=shot)],
    )
    act("shequ2", elsewhere, "void", note="误报")
    fixed = [office.photo("wangge11", office.spot) for _ in range(2)]
    report(photo_ids=fixed[:1], fixed_on_spot={"photo_ids": fixed[1:]})
    moved = report(photo_ids=[office.photo("wangge11", office.spot)])
    act("shequ1", moved, "reclassify", compound=office.code("001", 2), note="写错了")

    said = rejudge(office)
    assert "没有一处改变" in said
    assert "处用途没有重新判断" in said
    change(office, copy_fine_distance=11)
    assert "没有一处改变" in rejudge(office), "only the rule version is another"


def test_what_another_ticket_became_since_accuses_nobody(office: Office) -> None:
    """One after-photo for neighbours; then one of them is moved, another is voided."""
    shot = picture()
    first, second = (
        office.act(
            "wuye11",
            office.report(),
            "rectify",
            photo_ids=[office.photo("wuye11", office.spot, data=shot)],
        )
        for _ in range(2)
    )
    far = office.photo("wuye11", north_of(office.spot, 300))
    third = office.act("wuye11", office.report(), "rectify", photo_ids=[far])
    office.act("shequ1", third, "void", note="误报")
    first = office.act("shequ1", first, "return", note="没有清干净")
    office.act("ducha1", first, "reclassify", compound=office.code("002", 1), note="写错了")
    assert use_of(office, second)["verdict"] == "consistent"
    change(office, other_place_m=200, place_tolerance_m=50)
    said = rejudge(office)
    assert "5 处用途没有重新判断" in said and "与事实不符" not in said, said
    assert use_of(office, second)["verdict"] == "consistent"
    assert use_of(office, third)["verdict"] == "needs_review"


def test_a_decision_stands_and_who_is_contradicted_later_may_explain(office: Office) -> None:
    away = office.photo("wuye11", north_of(office.spot, 300))
    ticket = office.act("wuye11", office.report(), "rectify", photo_ids=[away])
    closed = office.act("ducha1", ticket, "close", note="看过现场")
    change(office, other_place_m=200, place_tolerance_m=50)
    assert "用途：有疑点 → 与事实不符 1 处" in rejudge(office)
    seen = office.see("ducha1", closed)
    names = "state", "version", "closed_at", "second_look"
    assert [seen[name] for name in names] == [closed[name] for name in names]
    assert [each["action"] for each in seen["timeline"]][-1] == "close"
    office.act("wuye11", office.see("wuye11", closed), "explain", note="定位漂移")
    office.worker()
    assert "没有发现问题" in office.verify()


def test_who_is_stopped_goes_on_and_each_is_judged_once(office: Office) -> None:
    for _ in range(3):
        old_photo(office)
    change(office, late=24)
    with office.app.app_context():
        with unit_of_work() as session:
            run_id = begin_rejudging(session, Scope(), now=office.clock()).id
        with unit_of_work() as session:
            rejudge_part(session, run_id, most=2, now=office.clock())
    office.worker()
    assert len(judged(office, "photo_judged")) == 2
    said = rejudge(office)
    assert "接着上次没有做完的做" in said
    assert "相符 → 有疑点 3 张" in said, "what was done before is counted too"
    office.worker()
    assert len(judged(office, "photo_judged")) == 3
    assert "没有发现问题" in office.verify()
    _the_worker_does_it_and_a_person_may_stop_it(office)


def _the_worker_does_it_and_a_person_may_stop_it(office: Office) -> None:
    change(office, late=72)
    path = "/photo-thresholds/rejudge"
    assert code_of(office.post("ducha1", path, {})) == (403, "not_allowed")
    assert code_of(office.post("guanli", path, {"town": "999"})) == (422, "invalid_input")
    days = {"from_on": "2026-11-25", "to_on": "2026-11-24"}
    assert code_of(office.post("guanli", path, days))[0] == 422
    asked = office.post("guanli", path, {})
    assert asked.status_code == 202, asked.text
    job = asked.get_json()
    assert (job["kind"], job["state"], job["progress"]) == ("rejudge_photos", "waiting", 0)
    stopped = office.post("guanli", f"/jobs/{job['id']}/cancel", {}).get_json()
    assert stopped["state"] == "cancelled"
    office.worker()
    assert len(judged(office, "photo_judged")) == 3
    assert "任务编号" in rejudge(office, "--queue")
    office.post("guanli", path, {})
    office.worker()
    (done,) = office.sql(
        "SELECT id FROM jobs WHERE kind = 'rejudge_photos' AND outcome = 'done' LIMIT 1"
    )
    told = office.get("guanli", f"/jobs/{UUID(str(done.id))}").get_json()
    assert told["progress"] == 100
    office.worker()
    assert len(judged(office, "photo_judged")) == 6
    (run,) = office.sql(
        "SELECT changes FROM rejudgings WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    changes = run.changes if isinstance(run.changes, dict) else json.loads(run.changes)
    assert changes == {"photo needs_review consistent": 3}
