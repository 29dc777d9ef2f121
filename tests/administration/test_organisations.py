"""Organisations: who may make, rename and retire what, and that the log says so."""

from typing import Any

from tests.administration.desks import COUNTY, MINE, OTHER, Desk


def test_a_town_administrator_makes_a_community(desk: Desk) -> None:
    code = f"{desk.town.code}009"
    made = desk.post(
        MINE,
        "/organisations",
        code=code,
        name="新社区",
        type="community",
        parent=desk.town.code,
    )
    assert made["parent"] == made["town"]
    assert made["parent"]["code"] == desk.town.code
    assert made["retired_on"] is None
    entry = desk.changes(MINE, f"&subject={code}")[0]
    assert entry["before"] is None
    assert entry["after"]["name"] == "新社区"
    assert entry["actor"]["username"] == MINE
    assert (entry["kind"], entry["action"]) == ("organisation", "create")


def test_a_rename_is_logged_with_before_and_after_and_nothing_is_not(desk: Desk) -> None:
    code = desk.town.community()
    desk.put(MINE, f"/organisations/{code}", name="改名社区")
    desk.put(MINE, f"/organisations/{code}", name="改名社区")
    entries = desk.changes(MINE, f"&subject={code}")
    assert len(entries) == 1
    assert entries[0]["before"]["name"] == "示例镇第一社区"
    assert entries[0]["after"]["name"] == "改名社区"


def test_county_rows_are_the_countys(desk: Desk) -> None:
    company = {"code": "WY299009", "name": "新物业", "type": "property_company", "parent": "340299"}
    assert desk.refused("POST", MINE, "/organisations", **company) == (403, "not_allowed")
    assert desk.get(MINE, "/organisations/WY299001")["name"] == "示例甲物业公司"
    assert desk.refused("PUT", MINE, "/organisations/WY299001", name="我的") == (
        403,
        "not_allowed",
    )
    assert desk.refused("POST", MINE, f"/organisations/{desk.town.code}/retire") == (
        403,
        "not_allowed",
    )
    assert desk.post(COUNTY, "/organisations", **company)["town"] is None


def test_another_township_is_not_there(desk: Desk) -> None:
    code = desk.town.community()
    assert desk.refused("GET", OTHER, f"/organisations/{code}") == (404, "not_found")
    assert desk.refused("PUT", OTHER, f"/organisations/{code}", name="甲") == (404, "not_found")
    below = {"code": "X1", "name": "甲", "type": "community", "parent": desk.town.code}
    assert desk.refused("POST", OTHER, "/organisations", **below) == (422, "organisation_unknown")
    codes = {one["code"] for one in desk.get(OTHER, "/organisations?limit=100")["items"]}
    assert desk.other.code in codes and "WY299001" in codes
    assert not any(known.startswith(desk.town.code) for known in codes)


def test_who_administers_nothing_is_refused(desk: Desk) -> None:
    for who in ("shequ1", "ducha1", "wuye11"):
        assert desk.refused("GET", who, "/organisations") == (403, "not_allowed")
        body: dict[str, Any] = {}
        assert desk.refused("POST", who, "/organisations", **body) == (403, "not_allowed")


def test_types_codes_and_names_are_checked(desk: Desk) -> None:
    def made(**more: Any) -> tuple[int, str]:
        body = {"code": "N1", "name": "甲", "type": "community", "parent": desk.town.code, **more}
        return desk.refused("POST", COUNTY, "/organisations", **body)

    assert made(parent=desk.town.community()) == (422, "organisation_misplaced")
    assert made(type="town") == (422, "organisation_misplaced")
    assert made(type="county") == (422, "organisation_misplaced")
    assert made(code=desk.other.community()) == (409, "already_taken")
    assert made(code="有空格 1") == (422, "invalid_input")
    assert made(name="两\n行") == (422, "invalid_input")
    assert made(parent="没有") == (422, "organisation_unknown")


def test_what_is_in_use_is_not_retired(desk: Desk) -> None:
    path = f"/organisations/{desk.town.community()}/retire"
    assert desk.refused("POST", MINE, path) == (409, "still_in_use")
    assert desk.refused("POST", COUNTY, "/organisations/WY299001/retire") == (409, "still_in_use")


def test_a_retired_community_stays_readable_and_its_posts_end(desk: Desk) -> None:
    code = f"{desk.town.code}009"
    place = {"code": code, "name": "新社区", "type": "community", "parent": desk.town.code}
    desk.post(MINE, "/organisations", **place)
    desk.post(MINE, "/people/wangge11/posts", role="warden", organisation=code)
    assert desk.refused("POST", MINE, f"/organisations/{code}/retire", on=desk.day(-1)) == (
        422,
        "bad_dates",
    )
    gone = desk.post(MINE, f"/organisations/{code}/retire", on=desk.day(3))
    assert gone["retired_on"] == desk.day(3)
    posts = desk.get(MINE, "/people/wangge11")["posts"]
    assert {one["organisation"]["code"]: one["to_on"] for one in posts}[code] == desk.day(3)
    desk.post(MINE, f"/organisations/{code}/retire")
    assert desk.get(MINE, f"/organisations/{code}")["retired_on"] == desk.day()
    assert desk.refused("PUT", MINE, f"/organisations/{code}", name="甲") == (
        409,
        "already_retired",
    )


def test_a_group_is_given_communities(desk: Desk) -> None:
    group, first = f"{desk.town.code}-G1", desk.town.community()
    second = desk.town.community("002")
    given = desk.put(MINE, f"/organisations/{group}/given", organisations=[first, second])
    assert [one["code"] for one in given["given"]] == [first, second]
    desk.put(MINE, f"/organisations/{group}/given", organisations=[second])
    entry = desk.changes(MINE, f"&subject={group}")[0]
    assert (entry["before"], entry["after"]) == ({"given": [first, second]}, {"given": [second]})
    assert desk.refused(
        "PUT", COUNTY, f"/organisations/{group}/given", organisations=[desk.other.community()]
    ) == (422, "scope_impossible")


def test_pages_follow_one_another(desk: Desk) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = desk.get(COUNTY, f"/organisations?limit=4{cursor}")
        seen += [one["code"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(set(seen))
    assert {"340299", desk.town.code, desk.other.code} <= set(seen)
    towns = desk.get(COUNTY, "/organisations?type=town")["items"]
    assert [one["code"] for one in towns] == [desk.town.code, desk.other.code]
