"""Compounds, contracts and checkpoints: a change holds from its day, the past stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from tests.administration.desks import COUNTY, MINE, OTHER, Desk
from tests.towns import Town


def a_compound(town: Town, **more: Any) -> dict[str, Any]:
    """A compound to be made."""
    return {
        "code": f"{town.community()}C99",
        "name": "新小区",
        "organisation": town.community(),
        "kind": "old_housing",
        "buildings": 3,
        "households": 40,
        "checkpoints": [{"name": "主出入口", "area": "main_entrance"}],
        **more,
    }


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """A body without some members."""
    return {name: value for name, value in body.items() if name not in names}


def responsible(desk: Desk) -> str:
    """Who a fresh ticket of the first compound goes to."""
    body = {"category": "01-36", "source": "resident", "compound": desk.town.compound().code}
    return str(desk.post("wangge12", "/tickets", **body)["responsible"]["code"])


def test_a_compound_is_made_and_walked_at_once(desk: Desk) -> None:
    made = desk.post(MINE, "/compounds", **a_compound(desk.town))
    assert (made["in_service_on"], made["contracts"]) == (desk.day(), [])
    assert [one["name"] for one in made["checkpoints"]] == ["主出入口"]
    round_ = desk.post("wangge11", "/rounds", compound=made["code"], all_fine=True)
    assert round_["complete"] is True
    entry = desk.changes(MINE, f"&subject={made['code']}&kind=compound")[0]
    assert entry["before"] is None
    assert entry["after"]["households"] == 40


def test_another_outline_is_seen_at_once(desk: Desk) -> None:
    compound, cell = desk.town.compound(), desk.town.cell("001", 3)
    path = f"/compounds/{compound.code}"
    body = without(a_compound(desk.town), "code", "checkpoints")
    lng, lat = cell.centre
    where = f"/cells/locate?lng={lng}&lat={lat}"
    assert desk.get("wangge11", where)["compounds"] == []
    outline = {"type": "Polygon", "coordinates": [[list(point) for point in cell.outline]]}
    desk.put(MINE, path, **{**body, "outline": outline})
    assert [one["code"] for one in desk.get("wangge11", where)["compounds"]] == [compound.code]
    entry = desk.changes(MINE, f"&subject={compound.code}")[0]
    assert entry["before"]["name"] == "示例花园"
    assert entry["after"]["outline"] == outline


def test_outlines_codes_and_communities_are_checked(desk: Desk) -> None:
    def made(**more: Any) -> tuple[int, str]:
        return desk.refused("POST", COUNTY, "/compounds", **a_compound(desk.town, **more))

    far = [[100, 30], [100.1, 30], [100.1, 30.1], [100, 30]]
    assert made(outline={"type": "Polygon", "coordinates": [far]}) == (422, "outline_faulty")
    assert made(outline={"type": "Point"}) == (422, "outline_faulty")
    assert made(code=desk.town.compound().code) == (409, "already_taken")
    assert made(organisation=desk.town.code) == (422, "organisation_misplaced")
    assert made(kind="settlement") == (422, "organisation_misplaced"), "it would not be walked"
    assert made(in_service_on=desk.day(-1)) == (422, "bad_dates")
    path = f"/compounds/{desk.town.compound().code}"
    body = without(a_compound(desk.town), "code", "checkpoints")
    moved = {**body, "organisation": desk.other.community()}
    assert desk.refused("PUT", COUNTY, path, **moved) == (422, "organisation_misplaced")
    assert desk.refused("PUT", OTHER, path, **body) == (404, "not_found")
    assert desk.refused("PUT", "shequ1", path, **body) == (403, "not_allowed")
    assert desk.refused("POST", OTHER, "/compounds", **a_compound(desk.town)) == (
        422,
        "organisation_unknown",
    )


def test_a_retired_compound_is_due_no_more_and_readable(desk: Desk) -> None:
    code = desk.town.compound().code
    gone = desk.post(MINE, f"/compounds/{code}/retire", on=desk.day(1))
    assert gone["retired_on"] == desk.day(1)
    assert gone["contracts"][-1]["to_on"] == desk.day(1)
    assert code in {one["code"] for one in desk.get("shequ1", "/compounds")["items"]}
    desk.clock.move(timedelta(days=1))
    assert code not in {one["code"] for one in desk.get("shequ1", "/compounds")["items"]}
    assert desk.get("shequ1", f"/compounds/{code}")["retired_on"] == desk.day()
    assert desk.refused("POST", MINE, f"/compounds/{code}/retire") == (409, "already_retired")


def test_a_contract_changes_on_its_day(desk: Desk) -> None:
    path = f"/compounds/{desk.town.compound().code}/contract"
    held = desk.post(MINE, path, company="WY299002", from_on=desk.day(2))["contracts"]
    assert [(one["company"]["code"], one["to_on"]) for one in held] == [
        ("WY299001", desk.day(2)),
        ("WY299002", None),
    ]
    assert responsible(desk) == "WY299001"
    for who in (MINE, "shequ1", "wuye11"):
        assert desk.get(who, path.removesuffix("/contract"))["contracts"] == held
    assert desk.refused("POST", MINE, path, company=None) == (409, "change_planned")
    desk.clock.move(timedelta(days=2))
    assert responsible(desk) == "WY299002"
    entry = desk.changes(MINE, "&kind=contract")[0]
    assert entry["before"]["company"] == "WY299001"
    assert entry["after"] == {"company": "WY299002", "from_on": desk.day(), "to_on": None}


def test_a_contract_ends_without_another(desk: Desk) -> None:
    path = f"/compounds/{desk.town.compound().code}/contract"
    desk.clock.move(timedelta(days=1))
    assert desk.post(MINE, path, company=None)["contracts"][-1]["to_on"] == desk.day()
    assert responsible(desk) == desk.town.community()
    again = desk.post(MINE, path, company="WY299002")["contracts"]
    assert again[-1] == {
        "company": {"code": "WY299002", "name": "示例乙物业公司"},
        "from_on": desk.day(),
        "to_on": None,
    }
    assert responsible(desk) == "WY299002"


@pytest.mark.parametrize("code", ["340299-CWB", "340299101002"])
def test_only_a_company_has_a_contract(desk: Desk, code: str) -> None:
    path = f"/compounds/{desk.town.compound().code}/contract"
    assert desk.refused("POST", MINE, path, company=code) == (422, "organisation_misplaced")
    assert desk.refused("POST", MINE, path) == (422, "invalid_input")


def test_the_same_company_again_changes_nothing(desk: Desk) -> None:
    path = f"/compounds/{desk.town.compound().code}/contract"
    desk.post(MINE, path, company="WY299001")
    assert desk.changes(MINE, "&kind=contract") == []


def test_checkpoints_come_change_and_go(desk: Desk) -> None:
    code = desk.town.compound().code
    path = f"/compounds/{code}/checkpoints"
    added = desk.post(MINE, path, name="楼道9", area="stairwell")["checkpoints"][-1]
    assert desk.refused("POST", MINE, path, name="楼道9", area="stairwell") == (
        409,
        "already_taken",
    )
    renamed = desk.put(MINE, f"{path}/{added['id']}", name="楼道10", area="stairwell")
    assert renamed["checkpoints"][-1]["name"] == "楼道10"
    desk.post(MINE, f"{path}/{added['id']}/retire")
    names = [one["name"] for one in desk.get("wangge11", f"/compounds/{code}")["checkpoints"]]
    assert "楼道10" not in names
    desk.post(MINE, path, name="楼道10", area="main_road")
    shown = desk.get("wangge11", f"/compounds/{code}")["checkpoints"][-1]
    assert (shown["id"], shown["area"]) == (added["id"], "main_road")
    actions = [one["action"] for one in desk.changes(MINE, "&kind=checkpoint")]
    assert actions == ["create", "retire", "change", "create"]
    other = f"/compounds/{desk.town.compound('001', 2).code}/checkpoints/{added['id']}"
    assert desk.refused("PUT", MINE, other, name="甲", area="main_road") == (404, "not_found")
