"""Accounts and posts: whose, by whom, and what the log keeps of them."""

import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tests.administration.desks import BASE, COUNTY, MINE, OTHER, Desk
from tests.towns import PASSWORD


def a_warden(desk: Desk, **more: Any) -> dict[str, Any]:
    """An account to be made."""
    post = {"role": "warden", "organisation": desk.town.community()}
    return {"username": "xin.1", "name": "新人", "phone": "13800001234", "post": post, **more}


def signs_in(desk: Desk, username: str, password: str) -> Any:
    """The answer to a sign-in."""
    body = {"username": username, "password": password}
    return desk.client.post(f"{BASE}/auth/password", json=body)


def test_an_account_gets_a_password_once_and_works(desk: Desk) -> None:
    made = desk.post(MINE, "/people", **a_warden(desk))
    assert (made["phone"], made["has_password"], made["active"]) == ("13800001234", False, True)
    assert [one["role"] for one in made["posts"]] == ["warden"]
    key = str(uuid4())
    told = desk.ask("POST", MINE, "/people/xin.1/reset-password", {}, key=key)
    password = told.get_json()["password"]
    signed_in = signs_in(desk, "xin.1", password).get_json()
    assert signed_in["person"]["posts"][0]["organisation"]["code"] == desk.town.community()
    again = desk.ask("POST", MINE, "/people/xin.1/reset-password", {}, key=key)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.get_json() == {"username": "xin.1", "password": None}
    assert signs_in(desk, "xin.1", password).status_code == 200
    log = json.dumps(desk.changes(COUNTY), ensure_ascii=False)
    assert password not in log and "13800001234" not in log and "138****1234" in log


def test_a_fresh_password_ends_the_sign_ins_before_it(desk: Desk) -> None:
    assert desk.ask("GET", "wangge11", "/me").status_code == 200
    desk.post(MINE, "/people/wangge11/reset-password")
    assert desk.ask("GET", "wangge11", "/me").status_code == 401
    assert signs_in(desk, "wangge11", PASSWORD).status_code == 401


def test_closing_and_opening_an_account(desk: Desk) -> None:
    assert desk.ask("GET", "wangge11", "/me").status_code == 200
    assert desk.post(MINE, "/people/wangge11/deactivate")["active"] is False
    assert desk.ask("GET", "wangge11", "/me").status_code == 401
    assert signs_in(desk, "wangge11", PASSWORD).status_code == 401
    desk.post(MINE, "/people/wangge11/activate")
    assert signs_in(desk, "wangge11", PASSWORD).status_code == 200
    actions = [one["action"] for one in desk.changes(MINE, "&subject=wangge11")]
    assert actions == ["activate", "deactivate"]
    assert desk.refused("POST", MINE, f"/people/{MINE}/deactivate") == (409, "own_account")


def test_signing_out_everywhere(desk: Desk) -> None:
    assert desk.ask("GET", "wangge11", "/me").status_code == 200
    desk.post(MINE, "/people/wangge11/sign-out")
    assert desk.ask("GET", "wangge11", "/me").status_code == 401
    assert signs_in(desk, "wangge11", PASSWORD).status_code == 200


def test_names_numbers_and_usernames_are_checked(desk: Desk) -> None:
    assert desk.refused("POST", MINE, "/people", **a_warden(desk, username="wangge11")) == (
        409,
        "already_taken",
    )
    phone = desk.get(MINE, "/people/wangge11")["phone"]
    assert desk.refused("POST", MINE, "/people", **a_warden(desk, phone=phone)) == (
        409,
        "already_taken",
    )
    for wrong in ({"phone": "12"}, {"username": "有 空格"}, {"name": ""}):
        assert desk.refused("POST", MINE, "/people", **a_warden(desk, **wrong)) == (
            422,
            "invalid_input",
        )
    changed = desk.put(MINE, "/people/wangge11", name="改名", phone="13911112222")
    assert (changed["name"], changed["phone"]) == ("改名", "13911112222")
    entry = desk.changes(MINE, "&subject=wangge11")[0]
    assert entry["after"] == {"name": "改名", "phone": "139****2222", "active": True}
    assert entry["before"]["phone"] == f"{phone[:3]}****{phone[-4:]}"


def test_the_masked_middle_of_a_number_is_a_change_too(desk: Desk) -> None:
    desk.put(MINE, "/people/wangge11", name="甲", phone="13911112222")
    desk.put(MINE, "/people/wangge11", name="甲", phone="13900002222")
    assert desk.changes(MINE, "&subject=wangge11")[0]["after"]["phone_changed"] is True


def test_another_township_and_the_county_are_out_of_reach(desk: Desk) -> None:
    for path in ("/people/wangge11", "/people/wangge11/deactivate"):
        method = "GET" if path.endswith("11") else "POST"
        assert desk.refused(method, OTHER, path) == (404, "not_found")
    assert desk.refused("GET", MINE, "/people/guanli") == (404, "not_found")
    assert desk.refused("POST", MINE, "/people/wuye11/reset-password") == (404, "not_found")
    assert desk.refused("GET", "shequ1", "/people/wangge11") == (403, "not_allowed")
    elsewhere = a_warden(desk, post={"role": "administrator", "organisation": "340299"})
    assert desk.refused("POST", MINE, "/people", **elsewhere) == (403, "not_allowed")
    names = {one["username"] for one in desk.get(MINE, "/people?limit=100")["items"]}
    assert "wangge11" in names and MINE in names
    assert not names & {"guanli", "wuye11", OTHER, "t102wangge11"}


def test_somebody_is_found_by_a_part_of_a_name_or_number(desk: Desk) -> None:
    number = desk.get(MINE, "/people/wangge11")["phone"]
    for word, found in (
        ("GGE11", ["wangge11"]),
        ("第二社区负责", ["shequ2"]),
        (number[3:], ["wangge11"]),
        ("%", []),
        ("guanli", []),
    ):
        items = desk.get(MINE, f"/people?q={quote(word)}")["items"]
        assert [one["username"] for one in items] == found, word


def test_an_account_that_may_do_more_is_not_taken_over(desk: Desk) -> None:
    """A county administrator who is also a warden here stays the county's."""
    desk.post(COUNTY, "/people/wangge11/posts", role="administrator", organisation="340299")
    assert desk.get(MINE, "/people/wangge11")["username"] == "wangge11"
    for action in ("reset-password", "deactivate", "sign-out", "activate"):
        path = f"/people/wangge11/{action}"
        assert desk.refused("POST", MINE, path) == (403, "not_allowed")
    body = {"from_on": desk.day(), "to_on": desk.day(2), "deputy": "wangge12"}
    assert desk.refused("POST", MINE, "/people/wangge11/leave", **body) == (403, "not_allowed")
    assert desk.refused("PUT", MINE, "/people/wangge11", name="甲") == (403, "not_allowed")


def test_posts_begin_and_end_with_dates(desk: Desk) -> None:
    second = desk.town.community("002")
    body = {"role": "warden", "organisation": second, "from_on": desk.day(2)}
    held = desk.post(MINE, "/people/wangge11/posts", **body)["posts"]
    given = next(one for one in held if one["organisation"]["code"] == second)
    assert (given["from_on"], given["to_on"]) == (desk.day(2), None)
    assert desk.refused("POST", MINE, "/people/wangge11/posts", **body) == (409, "post_held")
    impossible = {**body, "role": "supervisor"}
    assert desk.refused("POST", MINE, "/people/wangge11/posts", **impossible) == (
        422,
        "post_impossible",
    )
    judged = {"role": "lead", "organisation": second, "from_on": desk.day()}
    answer = desk.refused("POST", COUNTY, "/people/wuye11/posts", **judged)
    assert answer == (422, "post_impossible"), "it would read who reported its company"
    path = f"/people/wangge11/posts/{given['id']}/end"
    desk.post(MINE, path, on=desk.day(5))
    ended = next(
        one for one in desk.get(MINE, "/people/wangge11")["posts"] if one["id"] == given["id"]
    )
    assert (ended["from_on"], ended["to_on"]) == (desk.day(2), desk.day(5))
    entry = desk.changes(MINE, "&subject=wangge11&kind=post")[0]
    assert (entry["before"]["to_on"], entry["after"]["to_on"]) == (None, desk.day(5))
    assert desk.refused("POST", MINE, "/people/wangge12" + path[16:]) == (404, "not_found")


def test_an_administrator_does_not_end_their_own_post(desk: Desk) -> None:
    own = desk.get(MINE, f"/people/{MINE}")["posts"][0]["id"]
    assert desk.refused("POST", MINE, f"/people/{MINE}/posts/{own}/end") == (409, "own_account")
    desk.post(COUNTY, f"/people/{MINE}/posts/{own}/end")
    assert desk.refused("GET", MINE, "/organisations") == (403, "not_allowed")


def test_a_cancelled_post_is_taken_up_again(desk: Desk) -> None:
    body = {"role": "warden", "organisation": desk.town.community("002")}
    for _ in range(2):
        posts = desk.post(MINE, "/people/wangge11/posts", **body)["posts"]
        live = [one for one in posts if one["organisation"]["code"].endswith("002")]
        assert [one["to_on"] for one in live] == [None]
        desk.post(MINE, f"/people/wangge11/posts/{live[0]['id']}/end")


def test_the_last_administrator_keeps_account_and_post(desk: Desk) -> None:
    """One of two is to leave next week; until then that one cannot send the other away today."""
    body = {"role": "administrator", "organisation": "340299"}
    (second,) = (
        one for one in desk.post(COUNTY, "/people/shequ1/posts", **body)["posts"]
        if one["role"] == "administrator"
    )  # fmt: skip
    (first,) = desk.get(COUNTY, f"/people/{COUNTY}")["posts"]
    mine = f"/people/{COUNTY}/posts/{first['id']}/end"
    desk.post(COUNTY, f"/people/shequ1/posts/{second['id']}/end", on=desk.day(7))
    assert desk.refused("POST", "shequ1", mine) == (409, "last_administrator")
    assert desk.refused("POST", "shequ1", mine, on=desk.day(5)) == (409, "last_administrator")
    assert desk.refused("POST", "shequ1", f"/people/{COUNTY}/deactivate") == (
        409,
        "last_administrator",
    )
    told = desk.ask("POST", "shequ1", mine, {}).get_json()["detail"]
    assert told == "guanli 是唯一在用的管理员，结束岗位后没有人能管理；请先设另一位管理员。"
    assert desk.get(COUNTY, f"/people/{COUNTY}")["posts"][0]["to_on"] is None
    desk.post(COUNTY, "/people/wangge12/posts", **body)
    desk.post("shequ1", mine)
    assert desk.refused("GET", COUNTY, "/organisations") == (403, "not_allowed")
