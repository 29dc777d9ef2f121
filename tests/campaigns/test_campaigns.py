"""A campaign over HTTP: planned for a month, carried out step by step, seen on the board."""

from typing import Any

import pytest

from app.catalogue.models import Action
from tests.budgets import counted_queries
from tests.tickets.stories import Json, Stories, at, code_of

LEAD, WARDEN, SUPERVISOR, COMPANY = "shequ1", "wangge11", "ducha1", "wuye11"
Answered = Any


def plan(stories: Stories, who: str = LEAD, **said: Any) -> Answered:
    body = {"compound": stories.code(), "month": "2026-11", **said}
    return stories.post(who, "/campaigns", body)


def planned(stories: Stories, **said: Any) -> Json:
    answer = plan(stories, **said)
    assert answer.status_code == 201, answer.text
    found: Json = answer.get_json()
    return found


def step(
    stories: Stories, campaign: Json, action: str, which: str, who: str = LEAD, **said: Any
) -> Answered:
    body: Json = {"action": action, "step": which, "done_on": "2026-11-25", **said}
    if which != "nothing_found" and "photo_ids" not in body:
        body["photo_ids"] = [stories.photo(who)]
    return stories.post(who, f"/campaigns/{campaign['id']}/steps", body)


def part(campaign: Json, action: str) -> Json:
    found: Json = next(each for each in campaign["parts"] if each["action"] == action)
    return found


def whole(stories: Stories, campaign: Json, who: str = LEAD) -> Json:
    answer = stories.get(who, f"/campaigns/{campaign['id']}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found


def carried_out(stories: Stories, campaign: Json, day: str = "2026-11-25") -> Json:
    """All six actions: clutter in four steps, of the others nothing was found."""
    notice = [stories.photo(LEAD)]
    for action in Action:
        said: Json = {"done_on": day, "photo_ids": notice}
        assert step(stories, campaign, action, "publicise", **said).status_code == 201
        if action != "clutter":
            said = {"note": "逐栋查看，没有发现", "done_on": day}
            assert step(stories, campaign, action, "nothing_found", **said).status_code == 201
    reused = step(stories, campaign, "clutter", "self_clear", done_on=day, photo_ids=notice)
    assert code_of(reused) == (422, "photo_reused")
    for each in ("self_clear", "joint_action", "maintain"):
        assert step(stories, campaign, "clutter", each, done_on=day).status_code == 201
    return whole(stories, campaign)


def test_from_the_plan_to_the_end(stories: Stories) -> None:
    campaign = planned(stories)
    assert (campaign["actions_done"], campaign["actions"]) == (0, 6)
    assert {each["next"][0]["step"] for each in campaign["parts"]} == {"publicise"}
    assert code_of(step(stories, campaign, "clutter", "joint_action")) == (409, "step_out_of_order")
    done = carried_out(stories, campaign)
    assert (done["actions_done"], done["completed_on"]) == (6, "2026-11-25")
    clutter = part(done, "clutter")
    assert [each["step_label"] for each in clutter["steps"]] == [
        "宣传发动",
        "自行清理",
        "集中行动",
        "监管维护",
    ]
    assert all(each["photo_ids"] for each in clutter["steps"])
    assert part(done, "private_wiring")["steps"][-1]["note"] == "逐栋查看，没有发现"
    assert all(each["next"] == [] for each in done["parts"])
    assert code_of(step(stories, campaign, "clutter", "publicise")) == (409, "campaign_over")
    last = clutter["steps"][-1]["id"]
    taken = stories.post(LEAD, f"/campaigns/{campaign['id']}/steps/{last}/withdraw", {})
    assert taken.status_code == 200, taken.text
    assert (taken.get_json()["completed_on"], taken.get_json()["actions_done"]) == (None, 5)
    assert step(stories, campaign, "clutter", "maintain").get_json()["completed_on"] == "2026-11-25"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"done_on": "2026-11-26"}, "step_date_unsuitable"),
        ({"done_on": "2026-09-30"}, "step_date_unsuitable"),
        ({"photo_ids": []}, "evidence_missing"),
        ({"photo_ids": ["key:unknown"]}, "reference_unknown"),
        ({"action": "nothing"}, "invalid_input"),
    ],
)
def test_a_step_that_is_not_taken(stories: Stories, said: Json, refusal: str) -> None:
    campaign = planned(stories)
    body: Json = {"action": "clutter", "step": "publicise", "done_on": "2026-11-25", **said}
    body.setdefault("photo_ids", [stories.photo(LEAD)])
    answer = stories.post(LEAD, f"/campaigns/{campaign['id']}/steps", body)
    assert code_of(answer) == (422, refusal)
    assert part(whole(stories, campaign), "clutter")["steps"] == []


def test_days_and_reasons(stories: Stories) -> None:
    campaign = planned(stories)
    assert step(stories, campaign, "clutter", "publicise", done_on="2026-11-20").status_code == 201
    early = step(stories, campaign, "clutter", "self_clear", done_on="2026-11-19")
    assert code_of(early) == (422, "step_date_unsuitable")
    silent = step(stories, campaign, "clutter", "nothing_found")
    assert code_of(silent) == (422, "reason_missing")
    foreign = step(stories, campaign, "clutter", "self_clear", photo_ids=[stories.photo(COMPANY)])
    assert code_of(foreign) == (422, "photo_not_yours")


def test_once_a_month_for_one_place(stories: Stories) -> None:
    first = planned(stories)
    assert code_of(plan(stories)) == (409, "campaign_exists")
    assert plan(stories, area="stairwell").status_code == 201
    assert code_of(plan(stories, area="stairwell")) == (409, "campaign_exists")
    silent = stories.post(LEAD, f"/campaigns/{first['id']}/drop", {})
    assert code_of(silent) == (422, "reason_missing")
    dropped = stories.post(LEAD, f"/campaigns/{first['id']}/drop", {"note": "改到下个月"})
    assert dropped.get_json()["dropped_because"] == "改到下个月"
    assert code_of(step(stories, first, "clutter", "publicise")) == (409, "campaign_over")
    planned(stories)
    listed = stories.get(LEAD, "/campaigns", month="2026-11", limit=1).get_json()
    rest = stories.get(LEAD, "/campaigns", month="2026-11", cursor=listed["next_cursor"])
    assert len(listed["items"] + rest.get_json()["items"]) == 2
    assert stories.get(LEAD, "/campaigns", month="2026-10").get_json()["items"] == []


def test_the_same_request_again(stories: Stories) -> None:
    body = {"compound": stories.code(), "month": "2026-11"}
    first = stories.post(LEAD, "/campaigns", body, key="plan-1")
    again = stories.post(LEAD, "/campaigns", body, key="plan-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()


def test_who_may(stories: Stories) -> None:
    assert code_of(plan(stories, WARDEN)) == (403, "not_allowed")
    assert code_of(plan(stories, COMPANY)) == (403, "not_allowed")
    assert code_of(plan(stories, "shequ2")) == (403, "not_allowed")
    assert code_of(plan(stories, compound="NO")) == (422, "compound_unknown")
    campaign = planned(stories)
    assert step(stories, campaign, "clutter", "publicise", WARDEN).status_code == 201
    assert code_of(step(stories, campaign, "clutter", "self_clear", "wangge21"))[0] == 404
    assert stories.get(SUPERVISOR, f"/campaigns/{campaign['id']}").status_code == 200
    assert stories.get("shequ2", f"/campaigns/{campaign['id']}").status_code == 404
    assert stories.get(COMPANY, "/campaigns").status_code == 403
    photo = part(whole(stories, campaign), "clutter")["steps"][0]["photo_ids"][0]
    assert stories.get(LEAD, f"/photos/{photo}").status_code == 200
    gone = stories.client.delete(f"/api/v1/photos/{photo}", headers=stories.headers(WARDEN))
    assert gone.status_code == 409


def test_what_was_found_is_derived(stories: Stories) -> None:
    campaign = planned(stories)
    mine = stories.report(category="01-36")
    stories.report(category="04-96")
    stories.report(point=stories.street, category="01-36")
    found = part(whole(stories, campaign), "clutter")
    assert (found["found"], found["closed"]) == (1, 0)
    done = stories.act(COMPANY, mine, "rectify")
    stories.act(LEAD, stories.see(LEAD, done), "close")
    found = part(whole(stories, campaign), "clutter")
    assert (found["found"], found["closed"]) == (1, 1)
    path = f"/campaigns/{campaign['id']}/tickets"
    (only,) = stories.get(LEAD, path).get_json()["items"]
    assert only["id"] == mine["id"]
    assert only["cover"] and only["after_cover"]
    carried_out(stories, campaign)
    stories.now(at("11-27 09:00"))
    stories.report(category="01-36")
    assert part(whole(stories, campaign), "clutter")["found"] == 1


def test_the_half_year(stories: Stories) -> None:
    def line() -> Json:
        answer = stories.get(LEAD, "/campaigns/progress", half="2026H2").get_json()
        (found,) = answer["items"]
        return found

    before = line()
    code = stories.code()
    assert before["done"] == 0
    assert code in [each["code"] for each in before["missing"]]
    assert [each["month"] for each in before["months"]][-2:] == ["2026-11", "2026-12"]
    carried_out(stories, planned(stories))
    after = line()
    assert (after["done"], after["compounds"]) == (1, before["compounds"])
    assert code not in [each["code"] for each in after["missing"]]
    assert after["months"][4] == {"month": "2026-11", "needed": 1, "planned": 1}
    other = stories.get(LEAD, "/campaigns/progress", half="2026H1").get_json()["items"][0]
    assert other["done"] == 0


def test_the_boards_ask_little(stories: Stories) -> None:
    carried_out(stories, planned(stories))
    stories.get(SUPERVISOR, "/me")
    for path, most in (
        ("/campaigns/progress", 9),
        ("/campaigns/candidates", 10),
        ("/campaigns", 8),
    ):
        with counted_queries(stories.app) as asked:
            assert stories.get(SUPERVISOR, path).status_code == 200
        assert len(asked) <= most, (path, asked)


def test_candidates_and_the_award(stories: Stories) -> None:
    code = stories.code()
    stories.now(at("2027-06-10 09:00"))
    for month, day in (("2027-01", "2027-03-01"), ("2027-07", "2027-07-05")):
        stories.now(at(f"{day} 10:00"))
        carried_out(stories, planned(stories, month=month), day)
    found = candidate(stories, code)
    assert found["grade"] is None
    reasons = {each["criterion"]: each for each in found["grades"][0]["reasons"]}
    assert (reasons["campaigns"]["observed"], reasons["campaigns"]["met"]) == (2.0, True)
    assert (reasons["coverage"]["observed"], reasons["coverage"]["met"]) == (0.0, False)
    assert reasons["in_time"]["met"] is None
    said = {"compound": code, "award": "civilised_compound", "grounds": "六项行动全部完成"}
    refused = stories.post(LEAD, "/awards", said)
    assert code_of(refused) == (422, "not_a_candidate")
    assert "巡查覆盖率" in refused.get_json()["detail"]


def candidate(stories: Stories, code: str) -> Json:
    found = stories.get(LEAD, "/campaigns/candidates").get_json()["items"]
    (only,) = [each for each in found if each["compound"]["code"] == code]
    return dict(only)


def test_a_model_compound_applies_directly(stories: Stories) -> None:
    """Early in a year in which every week was walked; both halves are only asked for at its end."""
    code = stories.code()
    stories.now(at("2027-01-04 09:00"))
    walk = {"compound": code, "all_fine": True}
    assert stories.post(WARDEN, "/rounds", walk).status_code == 201
    stories.now(at("2027-01-12 10:00"))
    reasons = {e["criterion"]: e for e in candidate(stories, code)["grades"][0]["reasons"]}
    assert (reasons["coverage"]["observed"], reasons["coverage"]["met"]) == (1.0, True)
    said = {
        "compound": code,
        "award": "civilised_unit",
        "grounds": "邻里和睦",
        "unit": "3 栋 2 单元",
    }
    made = stories.post(LEAD, "/awards", said)
    assert made.status_code == 201, made.text
    award = made.get_json()
    assert (award["state_label"], award["direct"], award["year"]) == ("待审核", False, 2027)
    assert code_of(stories.post(LEAD, "/awards", said)) == (409, "award_exists")
    assert code_of(stories.post(WARDEN, "/awards", said)) == (403, "not_allowed")
    path = f"/awards/{award['id']}"
    assert code_of(stories.post(LEAD, f"{path}/accept", {})) == (403, "not_allowed")
    assert code_of(stories.post(SUPERVISOR, f"{path}/return", {})) == (422, "reason_missing")
    answered = stories.post(SUPERVISOR, f"{path}/accept", {}).get_json()
    assert answered["state"] == "accepted"
    assert code_of(stories.post(LEAD, f"{path}/withdraw", {})) == (409, "award_exists")
    (listed,) = stories.get(LEAD, "/awards", year=2027).get_json()["items"]
    assert listed["id"] == award["id"]
    assert stories.get("shequ2", "/awards").get_json()["items"] == []
    again = {**said, "grounds": ""}
    assert code_of(stories.post(SUPERVISOR, "/awards", again)) == (422, "reason_missing")
    own = stories.post(SUPERVISOR, "/awards", {**said, "unit": "5 栋"}).get_json()
    assert code_of(stories.post(SUPERVISOR, f"/awards/{own['id']}/accept", {})) == (403, "own_work")
