"""The dictionary by township and by date."""

from datetime import timedelta
from typing import Any

from tests.administration.desks import COUNTY, MINE, OTHER, Desk

CODE = "01-36"


def body(**more: Any) -> dict[str, Any]:
    """The category 01-36 with half a day's limit."""
    condition = {
        "code": "any",
        "name": "乱堆物堆料",
        "limit": {"amount": 4, "unit": "hour"},
        "closing_test": "已清理",
    }
    return {
        "name": "乱堆物堆料",
        "action": "clutter",
        "standard_ref": "本镇规定",
        "conditions": [condition],
        **more,
    }


def limit(desk: Desk, who: str, code: str = CODE) -> str:
    """The limit of a category's first condition as somebody sees it."""
    items = desk.get(who, "/categories")["items"]
    found = next(one for one in items if one["code"] == code)
    return str(found["conditions"][0]["limit_label"])


def category(desk: Desk, who: str, query: str) -> dict[str, Any]:
    """01-36 in a dictionary."""
    items = desk.get(who, f"/dictionary?{query}")["items"]
    return next(one for one in items if one["code"] == CODE)


def test_a_limit_is_overridden_for_one_township_from_a_day_on(desk: Desk) -> None:
    path = f"/dictionary/{desk.town.code}/categories/{CODE}"
    standard = limit(desk, "shequ1")
    desk.put(MINE, path, **body(from_on=desk.day(1)))
    assert limit(desk, "shequ1") == standard
    desk.clock.move(timedelta(days=1))
    assert limit(desk, "shequ1") == "4 个工作小时"
    assert limit(desk, "t102shequ1") == standard
    own = category(desk, MINE, f"town={desk.town.code}")
    assert (own["own"], own["from_on"], own["to_on"]) == (True, desk.day(), None)
    assert category(desk, MINE, f"town={desk.town.code}&day={desk.day(-1)}")["own"] is False
    assert category(desk, OTHER, f"town={desk.other.code}")["own"] is False
    entry = desk.changes(MINE, "&kind=category")[0]
    assert entry["subject"] == CODE
    assert entry["before"]["conditions"][0]["limit"] != {"amount": 4, "unit": "hour"}
    assert entry["after"]["conditions"][0]["limit"] == {"amount": 4, "unit": "hour"}
    assert entry["after"]["from_on"] == desk.day()


def test_a_ticket_is_filed_under_the_rule_of_its_day(desk: Desk) -> None:
    ticket = {"category": CODE, "source": "resident", "compound": desk.town.compound().code}
    before = desk.post("wangge12", "/tickets", **ticket)
    desk.put(MINE, f"/dictionary/{desk.town.code}/categories/{CODE}", **body())
    after = desk.post("wangge12", "/tickets", **ticket)
    assert after["due_at"] < before["due_at"]
    again = desk.get("shequ1", f"/tickets/{before['id']}")
    assert again["due_at"] == before["due_at"]


def test_an_override_ends_and_the_deployments_holds_again(desk: Desk) -> None:
    path = f"/dictionary/{desk.town.code}/categories/{CODE}"
    standard = limit(desk, "shequ1")
    assert desk.refused("POST", MINE, f"{path}/end") == (409, "not_overridden")
    desk.put(MINE, path, **body())
    desk.clock.move(timedelta(days=3))
    desk.post(MINE, f"{path}/end", on=desk.day(1))
    assert limit(desk, "shequ1") == "4 个工作小时"
    desk.clock.move(timedelta(days=1))
    assert limit(desk, "shequ1") == standard
    entry = desk.changes(MINE, "&kind=category")[0]
    assert entry["action"] == "end"
    assert entry["before"]["conditions"][0]["limit"] == {"amount": 4, "unit": "hour"}
    desk.put(MINE, path, **body())
    assert limit(desk, "shequ1") == "4 个工作小时"


def test_a_change_before_a_planned_one_is_refused(desk: Desk) -> None:
    path = f"/dictionary/{desk.town.code}/categories/{CODE}"
    desk.put(MINE, path, **body(from_on=desk.day(5)))
    assert desk.refused("PUT", MINE, path, **body()) == (409, "change_planned")
    desk.put(MINE, path, **body(from_on=desk.day(5), name="改名"))
    assert category(desk, MINE, f"town={desk.town.code}&day={desk.day(5)}")["name"] == "改名"
    desk.post(MINE, f"{path}/end", on=desk.day(5))
    assert category(desk, MINE, f"town={desk.town.code}&day={desk.day(5)}")["own"] is False
    desk.put(MINE, path, **body())


def test_conditions_are_replaced_whole(desk: Desk) -> None:
    path = f"/dictionary/{desk.town.code}/categories/{CODE}"
    two = body()["conditions"] + [
        {
            "code": "large",
            "name": "大件",
            "limit": {"amount": 2, "unit": "day"},
            "closing_test": "已清运",
            "enforcement": True,
        }
    ]
    desk.put(MINE, path, **body(conditions=two))
    shown = category(desk, MINE, f"town={desk.town.code}")["conditions"]
    assert [one["code"] for one in shown] == ["any", "large"]
    assert shown[1]["enforcement"] is True
    desk.put(MINE, path, **body())
    shown = category(desk, MINE, f"town={desk.town.code}")["conditions"]
    assert [one["code"] for one in shown] == ["any"]


def test_the_countys_dictionary_is_the_countys(desk: Desk) -> None:
    path = f"/dictionary/340299/categories/{CODE}"
    assert desk.refused("PUT", MINE, path, **body()) == (403, "not_allowed")
    assert desk.refused("PUT", OTHER, path.replace("340299", desk.town.code), **body()) == (
        404,
        "not_found",
    )
    assert desk.refused("GET", OTHER, f"/dictionary?town={desk.town.code}") == (404, "not_found")
    assert desk.refused("GET", "shequ1", f"/dictionary?town={desk.town.code}") == (
        403,
        "not_allowed",
    )
    desk.put(COUNTY, path, **body())
    assert limit(desk, "shequ1") == limit(desk, "t102shequ1") == "4 个工作小时"
    community = f"/dictionary/{desk.town.community()}/categories/{CODE}"
    assert desk.refused("PUT", COUNTY, community, **body()) == (404, "not_found")


def test_what_is_said_is_checked(desk: Desk) -> None:
    path = f"/dictionary/{desk.town.code}/categories/{CODE}"

    def said(**more: Any) -> tuple[int, str]:
        return desk.refused("PUT", MINE, path, **body(**more))

    condition = body()["conditions"][0]
    assert said(conditions=[]) == (422, "invalid_input")
    assert said(conditions=[condition, condition]) == (422, "invalid_input")
    assert said(conditions=[{**condition, "limit": {"amount": 0, "unit": "hour"}}]) == (
        422,
        "invalid_input",
    )
    assert said(from_on=desk.day(-1)) == (422, "bad_dates")
    wrong = path.replace(CODE, "x")
    assert desk.refused("PUT", MINE, wrong, **body()) == (422, "invalid_input")
    assert desk.changes(MINE, "&kind=category") == []


def test_a_township_has_a_ladder_of_its_own_from_a_day_on(desk: Desk) -> None:
    path = f"/dictionary/{desk.town.code}/reminders"
    county = desk.get(MINE, path)
    assert (county["own"], len(county["rungs"])) == (False, 10)
    mine = [{"clock": "rectifying", "percent": 90, "tell": "lead"}]
    desk.put(MINE, path, rungs=mine, from_on=desk.day(1))
    assert desk.get(MINE, path) == county
    desk.clock.move(timedelta(days=1))
    own = desk.get(MINE, path)
    assert [(one["percent"], one["tell_label"]) for one in own["rungs"]] == [
        (90, "社区（村）负责人")
    ]
    assert own["own"]
    assert desk.get(COUNTY, f"/dictionary/{desk.other.code}/reminders") == county
    early = [{"clock": "filing", "percent": 80, "tell": "lead"}]
    assert desk.refused("PUT", MINE, path, rungs=early) == (422, "invalid_input")
    assert desk.refused("PUT", OTHER, path, rungs=mine) == (404, "not_found")
    desk.post(MINE, f"{path}/end")
    assert desk.get(MINE, path) == county
    assert desk.refused("POST", MINE, f"{path}/end") == (409, "not_overridden")
    changes = desk.changes(MINE, "&kind=reminders")
    assert [one["action"] for one in changes] == ["end", "change"]
