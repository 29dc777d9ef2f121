"""Rounds over HTTP: what a warden sends, and what becomes of it."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.grid.models import Checkpoint, Compound
from app.kernel.ids import new_id
from app.people.access import Actor
from app.rounds.models import RoundCheck
from tests.rounds.walks import CHECKPOINTS, SignIn, Walks, at, missing, results
from tests.towns import Town


def test_one_tap_completes_a_round(walks: Walks) -> None:
    done = walks.walk("wangge11", all_fine=True)
    assert done["week"] == "2026-W48"
    assert done["compound"] == {"code": walks.code(), "name": "示例花园"}
    assert done["complete"] is True
    assert done["completed_at"] == "2026-11-25T09:00:00+08:00"
    assert done["missing"] == []
    assert results(done) == dict.fromkeys(CHECKPOINTS, "fine")
    assert list(results(done)) == list(CHECKPOINTS)
    first = done["checks"][0]
    assert first == {
        "checkpoint": {
            "id": walks.checkpoints(walks.code())["主出入口"],
            "name": "主出入口",
            "area": "main_entrance",
            "area_label": "主出入口",
        },
        "result": "fine",
        "result_label": "正常",
        "by": {"id": first["by"]["id"], "name": "第一社区网格员1"},
        "at": "2026-11-25T09:00:00+08:00",
        "ticket": None,
        "note": None,
    }


def test_two_wardens_share_a_round(walks: Walks) -> None:
    begun = walks.walk(
        "wangge11", checks=[walks.check("主出入口", "fine"), walks.check("楼道1", "problem")]
    )
    assert begun["complete"] is False
    assert begun["completed_at"] is None
    assert missing(begun) == ["主干道", "公共环境", "楼道2", "宣传栏", "垃圾分类亭"]
    walks.clock.move(timedelta(days=2))
    done = walks.walk("wangge12", all_fine=True)
    assert done["id"] == begun["id"]
    assert done["complete"] is True
    assert done["completed_at"] == "2026-11-27T09:00:00+08:00"
    assert results(done) == {**dict.fromkeys(CHECKPOINTS, "fine"), "楼道1": "problem"}
    seen_by = {one["checkpoint"]["name"]: one["by"]["name"] for one in done["checks"]}
    assert seen_by["楼道1"] == seen_by["主出入口"] == "第一社区网格员1"
    assert seen_by["楼道2"] == "第一社区网格员2"


def test_the_lead_walks_too(walks: Walks) -> None:
    assert walks.walk("shequ1", all_fine=True)["checks"][0]["by"]["name"] == "第一社区负责人"


def test_checks_win_over_the_tap_they_come_with(walks: Walks) -> None:
    done = walks.walk(
        "wangge11", all_fine=True, checks=[walks.check("宣传栏", "problem", note=" 海报脱落 ")]
    )
    assert done["complete"] is True
    assert results(done) == {**dict.fromkeys(CHECKPOINTS, "fine"), "宣传栏": "problem"}
    assert [one["note"] for one in done["checks"] if one["note"]] == ["海报脱落"]


def test_the_latest_look_counts_and_nothing_is_overwritten(walks: Walks) -> None:
    walks.walk("wangge11", checks=[walks.check("楼道1", "problem")])
    walks.clock.move(timedelta(hours=1))
    again = walks.walk("wangge12", checks=[walks.check("楼道1", "fine")])
    assert results(again) == {"楼道1": "fine"}
    assert walks.write(lambda s: s.scalar(select(func.count(RoundCheck.id)))) == 2


def test_offline_calls_arriving_out_of_order_come_out_right(walks: Walks) -> None:
    later = walks.check("楼道1", "fine")
    earlier = walks.check("楼道1", "problem")
    walks.walk("wangge12", checks=[later], occurred_at=at("2026-11-24 16:00"))
    came_late = walks.walk("wangge11", checks=[earlier], occurred_at=at("2026-11-24 10:00"))
    assert results(came_late) == {"楼道1": "fine"}


def test_a_problem_seen_before_a_tap_but_sent_after_it_is_not_lost(walks: Walks) -> None:
    tapped = walks.walk("wangge12", all_fine=True, occurred_at=at("2026-11-24 16:00"))
    assert tapped["completed_at"] == "2026-11-24T16:00:00+08:00"
    problem = [walks.check("楼道1", "problem")]
    done = walks.walk("wangge11", checks=problem, occurred_at=at("2026-11-24 10:00"))
    assert results(done)["楼道1"] == "problem"
    assert done["completed_at"] == "2026-11-24T16:00:00+08:00"


def test_a_tap_sent_after_later_checks_completes_at_its_own_time(walks: Walks) -> None:
    walks.walk("wangge12", checks=[walks.check("楼道1", "problem")])
    done = walks.walk("wangge11", all_fine=True, occurred_at=at("2026-11-24 10:00"))
    assert results(done)["楼道1"] == "problem"
    assert done["completed_at"] == "2026-11-24T10:00:00+08:00"


def test_a_slow_phone_clock_is_corrected(walks: Walks) -> None:
    done = walks.walk(
        "wangge11",
        all_fine=True,
        occurred_at=at("2026-11-25 04:00"),
        sent_at=at("2026-11-25 05:00"),
    )
    assert done["completed_at"] == "2026-11-25T08:00:00+08:00"
    kept = walks.write(lambda s: s.scalars(select(RoundCheck.clock_offset_s)).first())
    assert kept == 4 * 3600


@pytest.mark.parametrize(("now", "status"), [("11:59", 201), ("12:00", 201), ("12:01", 422)])
def test_a_week_takes_late_arrivals_until_monday_noon(walks: Walks, now: str, status: int) -> None:
    walks.clock.set(at(f"2026-11-30 {now}"))
    body = {"compound": walks.code(), "all_fine": True}
    sent = walks.post("wangge11", {**body, "occurred_at": "2026-11-29T18:00:00+08:00"})
    assert sent.status_code == status
    if status == 201:
        assert sent.get_json()["week"] == "2026-W48"
    else:
        assert sent.get_json()["code"] == "week_closed"
        assert walks.post("wangge11", body).get_json()["week"] == "2026-W49"


def test_weeks_at_the_end_of_a_year(walks: Walks) -> None:
    walks.clock.set(at("2027-01-04 08:00"))
    sunday = walks.walk("wangge11", all_fine=True, occurred_at=at("2027-01-03 23:59"))
    monday = walks.walk("wangge11", all_fine=True, occurred_at=at("2027-01-04 00:00"))
    assert (sunday["week"], monday["week"]) == ("2026-W53", "2027-W01")
    assert sunday["id"] != monday["id"]


def test_the_same_request_again_is_answered_and_not_done_again(walks: Walks) -> None:
    body = {"compound": walks.code(), "checks": [walks.check("主干道", "problem")]}
    first = walks.post("wangge11", body, key="morning")
    again = walks.post("wangge11", body, key="morning")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.get_json() == first.get_json()
    assert walks.write(lambda s: s.scalar(select(func.count(RoundCheck.id)))) == 1
    other = walks.post("wangge11", {**body, "all_fine": True}, key="morning")
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


def test_a_compound_without_checkpoints_is_complete_with_a_tap(walks: Walks) -> None:
    walks.write(lambda s: s.execute(update(Checkpoint).values(retired_on=date(2026, 11, 1))))
    done = walks.walk("wangge11", all_fine=True)
    assert (done["complete"], done["checks"]) == (True, [])
    walks.clock.move(timedelta(hours=2))
    assert walks.walk("wangge12", all_fine=True)["completed_at"] == done["completed_at"]


def test_a_retired_checkpoint_is_not_needed_but_taken(walks: Walks) -> None:
    checks = [walks.check("宣传栏", "problem")]
    retired = update(Checkpoint).where(Checkpoint.name == "宣传栏")
    walks.write(lambda s: s.execute(retired.values(retired_on=date(2026, 11, 24))))
    assert "宣传栏" not in missing(walks.walk("wangge11", checks=[walks.check("主干道", "fine")]))
    assert "宣传栏" not in results(walks.walk("wangge11", all_fine=True))
    assert results(walks.walk("wangge11", checks=checks))["宣传栏"] == "problem"


def test_a_checkpoint_added_afterwards_is_asked_for_at_the_next_call(walks: Walks) -> None:
    done = walks.walk("wangge11", all_fine=True)

    def add(session: Session) -> None:
        code = walks.code()
        compound_id = session.scalar(select(Compound.id).where(Compound.code == code))
        assert compound_id is not None
        session.add(
            Checkpoint(
                compound_id=compound_id,
                name="充电棚",
                area="main_road",
                position=99,
                in_service_on=date(2026, 11, 25),
            )
        )

    walks.write(add)
    assert walks.get("shequ1", f"/rounds/{done['id']}").get_json()["complete"] is True
    again = walks.walk("wangge11", checks=[walks.check("主干道", "fine")])
    assert (again["complete"], missing(again)) == (False, ["充电棚"])
    assert walks.walk("wangge11", all_fine=True)["complete"] is True


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("wangge21", 403, "not_allowed"),
        ("shequ2", 403, "not_allowed"),
        ("ducha1", 403, "not_allowed"),
        ("guanli", 403, "not_allowed"),
        ("wuye11", 403, "not_allowed"),
        ("zhifa1", 403, "not_allowed"),
    ],
)
def test_only_the_communitys_own_people_walk(
    walks: Walks, who: str, status: int, code: str
) -> None:
    answer = walks.post(who, {"compound": walks.code(), "all_fine": True})
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_permission_comes_before_the_body(walks: Walks) -> None:
    assert walks.post("wuye11", {"compound": 7}).status_code == 403
    assert walks.post("wangge21", {"compound": walks.code(), "checks": 7}).status_code == 403
    headers = {**walks.sign_in("ducha1"), "Content-Type": "application/json"}
    answer = walks.client.post("/api/v1/rounds", data=b"{", headers=headers)
    assert answer.status_code == 403
    assert walks.client.post("/api/v1/rounds", json={}).status_code == 401


def test_another_township_is_unknown(
    client: FlaskClient,
    sign_in: SignIn,
    two_towns: tuple[Town, Town],
) -> None:
    first, second = two_towns
    headers = sign_in(first.who("wangge11"))
    body = {"compound": second.compound("001", 1).code, "all_fine": True}
    answer = client.post("/api/v1/rounds", json=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "compound_unknown")
    assert list(answer.get_json()["errors"]) == ["compound"]
    there = client.post("/api/v1/rounds", json=body, headers=sign_in(second.who("wangge11")))
    assert there.status_code == 201
    path = f"/api/v1/rounds/{there.get_json()['id']}"
    assert client.get(path, headers=headers).status_code == 404
    assert client.get(path, headers=sign_in("ducha1")).status_code == 404
    assert client.get(path, headers=sign_in("guanli")).status_code == 200
    assert client.get("/api/v1/rounds", headers=sign_in("ducha1")).get_json()["items"] == []


BAD_BODIES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "invalid_input", "body"),
    ({"all_fine": False}, "invalid_input", "body"),
    ({"all_fine": None, "checks": []}, "invalid_input", "body"),
    ({"all_fine": True, "compound": "nowhere"}, "compound_unknown", "compound"),
    ({"all_fine": True, "compound": None}, "invalid_input", "compound"),
    ({"all_fine": True, "occurred_at": "2026-11-25T08:00:00"}, "invalid_input", "occurred_at"),
    ({"all_fine": True, "occurred_at": "2026-11-22T08:00:00+08:00"}, "bad_occurred_at",
     "occurred_at"),
    ({"all_fine": True, "occurred_at": "2026-11-25T09:06:00+08:00"}, "bad_occurred_at",
     "occurred_at"),
    ({"checks": [{"checkpoint": "gate", "result": "fine"}]}, "invalid_input",
     "checks.0.checkpoint"),
    ({"checks": [{"checkpoint": str(UUID(int=1)), "result": "fine"}]}, "checkpoint_unknown",
     "checks.0.checkpoint"),
    ({"checks": [{"checkpoint": str(UUID(int=1)), "result": "good"}]}, "invalid_input",
     "checks.0.result"),
    ({"all_fine": True, "checks": [{"checkpoint": str(UUID(int=1)), "result": "fine",
     "ticket": "7"}]}, "invalid_input", "checks.0.ticket"),
    ({"all_fine": True, "checks": [{"checkpoint": str(UUID(int=1)), "result": "fine",
     "note": "长" * 501}]}, "invalid_input", "checks.0.note"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "field"), BAD_BODIES)
def test_what_is_wrong_with_a_body(
    walks: Walks, body: dict[str, Any], code: str, field: str
) -> None:
    answer = walks.post("wangge11", {"compound": walks.code(), **body})
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert list(answer.get_json()["errors"]) == [field]
    assert walks.get("wangge11", "/rounds").get_json()["items"] == []


def test_a_checkpoint_of_another_compound_is_refused(walks: Walks) -> None:
    other = walks.check("主干道", "fine", walks.code("001", 2))
    answer = walks.post("wangge11", {"compound": walks.code(), "checks": [other]})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "checkpoint_unknown")


def test_two_results_for_one_checkpoint_are_refused(walks: Walks) -> None:
    checks = [walks.check("主干道", "fine"), walks.check("主干道", "problem")]
    answer = walks.post("wangge11", {"compound": walks.code(), "checks": checks})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "checkpoint_repeated")
    assert list(answer.get_json()["errors"]) == ["checks.1.checkpoint"]


def test_a_retired_compound_is_not_walked(walks: Walks) -> None:
    retired = update(Compound).where(Compound.code == walks.code())
    walks.write(lambda s: s.execute(retired.values(retired_on=date(2026, 11, 25))))
    body = {"compound": walks.code(), "all_fine": True}
    answer = walks.post("wangge11", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "compound_unknown")
    yesterday = {**body, "occurred_at": "2026-11-24T18:00:00+08:00"}
    assert walks.post("wangge11", yesterday).status_code == 201


def test_a_problem_may_name_a_ticket_that_the_actor_sees(walks: Walks) -> None:
    mine, foreign = new_id(), new_id()

    def seen(
        session: Session, actor: Actor, ticket_ids: Sequence[UUID], compound: Compound
    ) -> Collection[UUID]:
        assert compound.code == walks.code()
        return {mine}.intersection(ticket_ids)

    walks.app.extensions["gexun_round_tickets"] = seen
    checks = [
        walks.check("楼道1", "problem", ticket=str(mine)),
        walks.check("楼道2", "problem", ticket=str(foreign)),
    ]
    body = {"compound": walks.code(), "checks": checks}
    answer = walks.post("wangge11", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "ticket_unknown")
    assert list(answer.get_json()["errors"]) == ["checks.1.ticket"]
    added = walks.walk("wangge11", checks=checks[:1])
    assert [one["ticket"] for one in added["checks"]] == [str(mine)]


def test_a_ticket_not_sent_yet_is_sent_again_later(walks: Walks) -> None:
    check = walks.check("楼道1", "problem", ticket="key:not-yet")
    answer = walks.post("wangge11", {"compound": walks.code(), "checks": [check]})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "reference_unknown")


def test_who_reads_a_round(walks: Walks) -> None:
    made = walks.walk("wangge11", all_fine=True)
    seen = {}
    for who in ("wangge12", "shequ1", "ducha1", "guanli", "wangge21", "shequ2", "wuye11", "zhifa1"):
        one = walks.get(who, f"/rounds/{made['id']}")
        listed = walks.get(who, "/rounds").get_json()["items"]
        assert [item["id"] for item in listed] == ([made["id"]] if one.status_code == 200 else [])
        seen[who] = one.status_code
        if one.status_code == 200:
            assert one.get_json() == made
    assert [who for who, status in seen.items() if status == 200] == [
        "wangge12", "shequ1", "ducha1", "guanli",
    ]  # fmt: skip
    assert set(seen.values()) == {200, 404}
    assert walks.get("ducha1", "/rounds/nonsense").status_code == 404


def test_the_list_is_paged_newest_first_and_narrowed(walks: Walks) -> None:
    first = walks.walk("wangge11", all_fine=True)
    second = walks.walk("wangge21", walks.code("002"), all_fine=True)
    walks.clock.move(timedelta(days=7))
    third = walks.walk("wangge11", all_fine=True)
    newest_first = [third["id"], second["id"], first["id"]]

    found: list[str] = []
    cursor: dict[str, Any] = {}
    while len(found) < 9:
        page = walks.get("ducha1", "/rounds", limit=1, **cursor).get_json()
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == newest_first

    def listed(**query: str) -> list[str]:
        items = walks.get("ducha1", "/rounds", **query).get_json()["items"]
        return [one["id"] for one in items]

    assert listed(week="2026-W48") == newest_first[1:]
    assert listed(organisation=walks.town.community("002")) == [second["id"]]
    assert listed(organisation=walks.town.code) == newest_first
    assert listed(compound=walks.code()) == [third["id"], first["id"]]
    assert listed(compound=walks.code(), week="2026-W49") == [third["id"]]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"week": "2026-W54"}, 422),
        ({"week": "last"}, 422),
        ({"organisation": "nowhere"}, 404),
        ({"compound": "nowhere"}, 404),
        ({"cursor": "rubbish"}, 422),
        ({"cursor": "WzEsMl0"}, 422),
        ({"limit": "0"}, 422),
    ],
)
def test_bad_questions(walks: Walks, query: dict[str, str], status: int) -> None:
    assert walks.get("ducha1", "/rounds", **query).status_code == status
