"""Checklists: what a site must have, when it was seen, and gaps that become tickets and close."""

from typing import Any

from tests.budgets import counted_queries
from tests.duties.office import Office
from tests.tickets.stories import Json

BOARD = "/checklists/entrance_board"


def site(office: Office, who: str = "shequ1", path: str = BOARD) -> Json:
    """The first site that somebody sees of a checklist in the first community."""
    items = office.get(who, f"{path}/sites", organisation=office.community)["items"]
    found: Json = items[0]
    return found


def item(found: Json, code: str) -> Json:
    return next(dict(one) for one in found["items"] if one["code"] == code)


def test_a_site_stands_as_it_was_last_seen(office: Office) -> None:
    lists = {one["code"]: one for one in office.get("wangge11", "/checklists")["items"]}
    assert {code: len(one["items"]) for code, one in lists.items()}["village_board"] == 14
    fresh = site(office)
    assert (fresh["complete"], fresh["missing"], fresh["unseen"]) == (False, 0, 10)
    compound = fresh["compound"]["code"]
    body = {"compound": compound, "all_present": True}
    looked = office.post("wangge11", f"{BOARD}/looks", **body)
    assert (looked["complete"], looked["unseen"]) == (True, 0)
    office.stories.later(days=2)
    gap = {"compound": compound, "items": [{"item": "good_people", "present": False}]}
    office.post("shequ1", f"{BOARD}/looks", **gap)
    now = site(office)
    assert (now["complete"], now["missing"]) == (False, 1)
    assert (item(now, "good_people")["present"], item(now, "good_people")["seen_on"]) == (
        False, "2026-11-27",
    )  # fmt: skip
    assert item(now, "core_values")["seen_on"] == "2026-11-25"
    late = {**body, "occurred_at": "2026-11-25T10:00:00+08:00"}
    office.post("wangge11", f"{BOARD}/looks", **late)
    assert item(site(office), "good_people")["present"] is False, "an older look arrived late"


def test_a_gap_becomes_a_ticket_and_is_there_again_when_it_closes(office: Office) -> None:
    stories = office.stories
    compound = stories.code()
    gap: dict[str, Any] = {
        "compound": compound,
        "item": "red_black_board",
        "photo_ids": [stories.photo("wangge11", stories.spot)],
    }
    ticket = office.post("wangge11", f"{BOARD}/tickets", **gap)
    assert (ticket["category"]["code"], ticket["compound"]["code"]) == ("02-99", compound)
    assert (ticket["area"], ticket["description"]) == (
        "notice_board", "小区主次入口宣传栏：缺“红黑榜”",
    )  # fmt: skip
    found = office.get("shequ1", f"{BOARD}/sites", organisation=office.community)["items"]
    board = next(one for one in found if one["compound"]["code"] == compound)
    shown = item(board, "red_black_board")
    assert (shown["present"], shown["ticket"]["number"]) == (False, ticket["number"])
    again = {**gap, "photo_ids": [stories.photo("wangge11", stories.spot)]}
    assert office.refused("wangge11", f"{BOARD}/tickets", **again) == (409, "item_has_ticket")
    stories.later(days=1)
    ticket = stories.act("wuye11", ticket, "rectify")
    stories.act("shequ1", ticket, "close")
    found = office.get("shequ1", f"{BOARD}/sites", organisation=office.community)["items"]
    shown = item(next(o for o in found if o["compound"]["code"] == compound), "red_black_board")
    assert (shown["present"], shown["seen_on"], shown["ticket"]) == (True, "2026-11-26", None)
    stories.later(days=1)
    gone = {"compound": compound, "items": [{"item": "red_black_board", "present": False}]}
    looked = office.post("shequ1", f"{BOARD}/looks", **gone)
    assert item(looked, "red_black_board")["present"] is False
    again["photo_ids"] = [stories.photo("wangge11", stories.spot)]
    assert office.post("wangge11", f"{BOARD}/tickets", **again)["number"] != ticket["number"]


def test_a_units_board_needs_a_place_of_its_own(office: Office) -> None:
    stories, board = office.stories, "/checklists/community_board"
    gap = {"organisation": office.community, "item": "citizens_pledge"}
    assert office.refused("shequ1", f"{board}/tickets", **gap) == (422, "evidence_missing")
    photo = stories.photo("shequ1", stories.spot)
    made = office.post("shequ1", f"{board}/tickets", **gap, photo_ids=[photo])
    assert made["description"] == "社区公益宣传：缺“市民公约”"
    elsewhere = stories.photo("shequ1", office.town.cell("002", 1).centre)
    other = {**gap, "item": "volunteering", "photo_ids": [elsewhere]}
    assert office.refused("shequ1", f"{board}/tickets", **other) == (422, "site_unknown")
    assert item(site(office, path=board), "volunteering")["present"] is None, "nothing is kept"
    rooms = {"organisation": office.community, "item": "police_room"}
    assert office.refused("shequ1", "/checklists/community_rooms/tickets", **rooms) == (
        409, "no_ticket_of_checklist",
    )  # fmt: skip


def test_what_does_not_fit_is_refused(office: Office) -> None:
    look = f"{BOARD}/looks"
    assert office.refused("shequ1", look, organisation=office.community, all_present=True) == (
        422, "site_unknown",
    )  # fmt: skip
    compound = {"compound": office.stories.code()}
    assert office.refused("shequ1", look, **compound) == (422, "site_unknown")
    unknown = {**compound, "items": [{"item": "no_such_item", "present": True}]}
    assert office.refused("shequ1", look, **unknown) == (422, "item_unknown")
    assert office.refused("shequ1", "/checklists/none/looks", **compound) == (404, "not_found")
    village = "/checklists/village_board/looks"
    body = {"organisation": office.community, "all_present": True}
    assert office.refused("shequ1", village, **body) == (422, "site_unknown")
    essentials = site(office, path="/checklists/six_essentials")
    assert [one["code"] for one in essentials["items"]] == ["pledges_and_board"]


def test_who_looks_and_who_sees(office: Office) -> None:
    body = {"compound": office.stories.code(), "all_present": True}
    for who in ("wuye11", "zhifa1", "guanli", "wangge21"):
        assert office.refused(who, f"{BOARD}/looks", **body) == (403, "not_allowed"), who
    office.post("ducha1", f"{BOARD}/looks", **body)
    assert office.stories.get("wuye11", "/checklists").status_code == 403
    mine = {"organisation": office.community}
    assert office.get("wangge21", f"{BOARD}/sites", **mine)["items"] == []
    square = "/checklists/volunteer_square"
    assert office.get("ducha1", f"{square}/sites")["items"] == []
    office.post("shequ1", f"{square}/looks", **mine, all_present=True)
    assert len(office.get("ducha1", f"{square}/sites")["items"]) == 1


def test_the_summary_adds_up_within_its_budget(office: Office) -> None:
    office.post("shequ1", f"{BOARD}/looks", compound=office.stories.code(), all_present=True)
    office.get("ducha1", "/checklists/summary")
    with counted_queries(office.stories.app) as said:
        lines = office.get("ducha1", "/checklists/summary")["items"]
    assert len(said) <= 10, said
    board = next(one for one in lines if one["checklist"]["code"] == "entrance_board")
    assert board["complete"] == 1 and board["unseen"] == 10 * (board["sites"] - 1)
    with counted_queries(office.stories.app) as said:
        office.get("ducha1", f"{BOARD}/sites")
    assert len(said) <= 4, said
