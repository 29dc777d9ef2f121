"""The log: who sees what of it, how it is searched, and that it goes with the change."""

from datetime import timedelta
from uuid import uuid4

from app.administration.audit import masked_phone
from app.administration.sight import path_above
from tests.administration.desks import COUNTY, MINE, OTHER, Desk

ONE, TWO, THREE = "a" * 32, "b" * 32, "b" * 31 + "c"


def test_the_log_is_read_where_one_administers(desk: Desk) -> None:
    desk.put(MINE, f"/organisations/{desk.town.community()}", name="甲")
    desk.put(OTHER, f"/organisations/{desk.other.community()}", name="乙")
    desk.put(COUNTY, "/organisations/WY299001", name="丙")
    names = {who: {one["after"]["name"] for one in desk.changes(who)} for who in (MINE, COUNTY)}
    assert names == {MINE: {"甲"}, COUNTY: {"甲", "乙", "丙"}}
    assert desk.refused("GET", "shequ1", "/audit") == (403, "not_allowed")
    other = f"/audit?organisation={desk.other.code}"
    assert desk.refused("GET", MINE, other) == (404, "not_found")


def test_the_log_is_searched(desk: Desk) -> None:
    first, second = desk.town.community(), desk.town.community("002")
    desk.put(MINE, f"/organisations/{first}", name="甲")
    desk.clock.move(timedelta(days=1))
    desk.put(COUNTY, f"/organisations/{second}", name="乙")

    def found(query: str) -> list[str]:
        return [one["subject"] for one in desk.changes(COUNTY, query)]

    assert found("") == [second, first]
    assert found(f"&organisation={desk.town.code}") == [second, first]
    assert found(f"&organisation={first}") == [first]
    assert found(f"&subject={second}") == [second]
    assert found(f"&actor={MINE}") == [first]
    assert found("&actor=nobody") == []
    assert found(f"&from={desk.day()}") == [second]
    assert found(f"&to={desk.day(-1)}") == [first]
    assert found("&kind=person") == []


def test_pages_of_the_log(desk: Desk) -> None:
    path = f"/organisations/{desk.town.community()}"
    for number in range(5):
        desk.put(MINE, path, name=f"第{number}名")
    seen: list[str] = []
    cursor = ""
    while True:
        page = desk.get(MINE, f"/audit?limit=2{cursor}")
        seen += [one["after"]["name"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"第{number}名" for number in (4, 3, 2, 1, 0)]


def test_a_refused_change_leaves_no_entry_and_a_repeated_one_only_one(desk: Desk) -> None:
    code = f"{desk.town.code}009"
    body = {"code": code, "name": "新", "type": "community", "parent": desk.town.code}
    key = str(uuid4())
    for _ in range(2):
        assert desk.ask("POST", MINE, "/organisations", body, key=key).status_code == 201
    assert desk.refused("POST", MINE, "/organisations", **body) == (409, "already_taken")
    entries = desk.changes(MINE)
    assert [one["subject"] for one in entries] == [code]
    assert entries[0]["request_id"]


def test_the_middle_of_a_number_is_hidden() -> None:
    assert masked_phone("13012340000") == "130****0000"
    assert masked_phone(None) is None


def test_the_nearest_organisation_above_all() -> None:
    assert path_above([ONE + TWO]) == ONE + TWO
    assert path_above([ONE + TWO, ONE + THREE]) == ONE
    assert path_above([ONE, ONE + TWO]) == ONE
    assert path_above([ONE + TWO, ONE]) == ONE
    assert path_above([TWO, THREE]) == ""
