"""Redrawing cells: a preview that writes nothing, then outlines from a day on."""

from datetime import timedelta
from typing import Any

import pytest

from tests.administration.desks import COUNTY, MINE, OTHER, Desk
from tests.administration.drawings import collection, feature, halves, joined, middle_of


def split(desk: Desk, **more: Any) -> dict[str, Any]:
    """The first cell gives its eastern half to a new one."""
    cell, home = desk.town.cell(), desk.town.community()
    west, east = halves(cell)
    drawn = collection(
        feature(cell.code, home, west, name=cell.name),
        feature(f"{home}009", home, east, name="新网格", wardens=["wangge12"]),
    )
    return {"features": drawn, **more}


def test_a_split_is_previewed_and_writes_nothing(desk: Desk) -> None:
    old, new = desk.town.cell().code, f"{desk.town.community()}009"
    point = middle_of(halves(desk.town.cell())[1])
    ticket = {
        "category": "01-36",
        "source": "resident",
        "position": {"lng": point[0], "lat": point[1]},
    }
    desk.post("wangge11", "/tickets", **ticket)
    seen = desk.post(MINE, "/cells/redraw", **split(desk))
    assert (seen["applied"], seen["faults"]) == (False, [])
    changes = {one["code"]: one for one in seen["cells"]}
    assert (changes[old]["change"], changes[new]["change"]) == ("redrawn", "new")
    whole = changes[old]["before_m2"]
    assert changes[old]["after_m2"] + changes[new]["after_m2"] == pytest.approx(whole, abs=1)
    assert [(one["from_cell"]["code"], one["to_cell"]["code"]) for one in seen["moves"]] == [
        (old, new)
    ]
    assert seen["moves"][0]["area_m2"] == pytest.approx(changes[new]["after_m2"], abs=1)
    moved = {one["compound"]["code"]: one for one in seen["compounds"]}
    compound = moved[desk.town.compound().code]
    assert [one["code"] for one in compound["from_cells"]] == [old]
    assert [one["code"] for one in compound["to_cells"]] == [old, new]
    assert seen["effects"] == [{"kind": "open_tickets", "label": "未办结的工单", "count": 1}]
    assert desk.located("wangge11", point) == old
    assert desk.changes(MINE, "&kind=cell") == []


def test_a_split_applied_holds_from_its_day(desk: Desk) -> None:
    old, new = desk.town.cell().code, f"{desk.town.community()}009"
    point = middle_of(halves(desk.town.cell())[1])
    body = split(desk, dry_run=False, from_on=desk.day(2))
    ticket = {
        "category": "01-36",
        "source": "resident",
        "position": {"lng": point[0], "lat": point[1]},
    }
    before = desk.post("wangge11", "/tickets", **ticket)
    assert desk.post(MINE, "/cells/redraw", **body)["applied"] is True
    assert desk.located("wangge11", point) == old
    listed = f"/cells?organisation={desk.town.community()}"
    there = {one["code"] for one in desk.get("shequ1", listed)["items"]}
    assert old in there and new not in there
    early = {"category": "01-36", "source": "resident", "cell": new}
    assert desk.refused("POST", "wangge11", "/tickets", **early) == (422, "place_unknown")
    desk.clock.move(timedelta(days=2))
    assert desk.located("wangge11", point) == new
    assert desk.get("shequ1", f"/tickets/{before['id']}")["cell"]["code"] == old
    assert desk.post("wangge11", "/tickets", **ticket)["cell"]["code"] == new
    entries = {one["subject"]: one for one in desk.changes(MINE, "&kind=cell")}
    assert (entries[old]["action"], entries[new]["action"]) == ("redraw", "create")
    assert entries[old]["before"]["outline"] != entries[old]["after"]["outline"]
    assert entries[old]["after"]["from_on"] == desk.day()
    assert entries[new]["before"] is None
    cells = desk.get("shequ1", f"/cells?organisation={desk.town.community()}")["items"]
    wardens = {one["code"]: [who["name"] for who in one["wardens"]] for one in cells}
    assert wardens[new] == ["第一社区网格员2"]
    assert wardens[old] == ["第一社区网格员1"]


def test_two_cells_become_one(desk: Desk) -> None:
    west, east = desk.town.cell("001", 1), desk.town.cell("001", 2)
    drawn = collection(feature(west.code, west.organisation, joined(west, east)))
    body = {"features": drawn, "retire": [east.code], "dry_run": False}
    done = desk.post(MINE, "/cells/redraw", **body)
    assert [one["change"] for one in done["cells"]] == ["redrawn", "retired"]
    assert desk.located("wangge11", east.centre) == west.code
    codes = {one["code"] for one in desk.get("shequ1", "/cells?limit=100")["items"]}
    assert east.code not in codes
    entry = desk.changes(MINE, f"&subject={east.code}")[0]
    assert entry["after"]["retired_on"] == desk.day()
    again = {"features": collection(feature(east.code, east.organisation, east.outline))}
    assert any("已停用" in one for one in desk.post(MINE, "/cells/redraw", **again)["faults"])


def test_overlaps_and_gaps_are_faults(desk: Desk) -> None:
    cell, next_cell = desk.town.cell("001", 1), desk.town.cell("001", 2)
    home = desk.town.community()
    too_much = collection(feature(cell.code, home, joined(cell, next_cell)))
    seen = desk.post(MINE, "/cells/redraw", features=too_much)
    assert [one for one in seen["faults"] if "重叠" in one and next_cell.code in one]
    too_little = collection(feature(cell.code, home, halves(cell)[0]))
    seen = desk.post(MINE, "/cells/redraw", features=too_little)
    assert [one for one in seen["faults"] if "不再属于任何网格" in one]
    assert seen["moves"][0]["to_cell"] is None
    answer = desk.ask("POST", MINE, "/cells/redraw", {"features": too_little, "dry_run": False})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "redraw_faulty")
    assert answer.get_json()["faults"] == seen["faults"]
    assert desk.changes(MINE, "&kind=cell") == []


def test_a_hole_among_new_cells_is_a_fault(desk: Desk) -> None:
    home = desk.town.community()
    x, y, step = 118.2, 30.8, 0.001

    def square(column: int, row: int) -> list[tuple[float, float]]:
        west, south = x + column * step, y + row * step
        return [
            (west, south),
            (west + step, south),
            (west + step, south + step),
            (west, south + step),
            (west, south),
        ]

    ring = [(c, r) for c in range(3) for r in range(3) if (c, r) != (1, 1)]
    drawn = [
        feature(f"{home}{100 + number}", home, square(column, row))
        for number, (column, row) in enumerate(ring)
    ]
    faults = desk.post(MINE, "/cells/redraw", features=collection(*drawn))["faults"]
    assert len(faults) == 1 and "空洞" in faults[0]
    drawn.append(feature(f"{home}199", home, square(1, 1)))
    assert desk.post(MINE, "/cells/redraw", features=collection(*drawn))["faults"] == []


def test_what_is_malformed_is_told_feature_by_feature(desk: Desk) -> None:
    home, cell = desk.town.community(), desk.town.cell()
    drawn = collection(
        feature("12", home, cell.outline),
        feature(cell.code, home, cell.outline, name=""),
        feature(cell.code, home, cell.outline, wardens=["shequ1"], name="甲"),
    )
    faults = desk.post(MINE, "/cells/redraw", features=drawn)["faults"]
    for said in ("不是 15 位数字", "name 应是文字", "重复", "不是示例镇第一社区的网格员"):
        assert any(said in one for one in faults), said
    faults = desk.post(MINE, "/cells/redraw", features={"type": "Point"})["faults"]
    assert faults == ["不是 GeoJSON 的 FeatureCollection"]
    empty = collection()
    faults = desk.post(MINE, "/cells/redraw", features=empty, retire=["000"])["faults"]
    assert faults == ["没有编码为 000 的网格可以停用"]


def test_one_redrawing_after_another(desk: Desk) -> None:
    desk.post(MINE, "/cells/redraw", **split(desk, dry_run=False, from_on=desk.day(5)))
    assert desk.refused("POST", MINE, "/cells/redraw", **split(desk)) == (409, "change_planned")
    corrected = split(desk, dry_run=False, from_on=desk.day(5))
    done = desk.post(MINE, "/cells/redraw", **corrected)
    assert {one["change"] for one in done["cells"]} == {"unchanged"}
    assert len(desk.changes(MINE, "&kind=cell")) == 2
    early = split(desk, dry_run=False, from_on=desk.day(-1))
    assert desk.refused("POST", MINE, "/cells/redraw", **early) == (422, "bad_dates")


def test_whose_cells_may_be_redrawn(desk: Desk) -> None:
    assert desk.refused("POST", "shequ1", "/cells/redraw", **split(desk)) == (403, "not_allowed")
    faults = desk.post(OTHER, "/cells/redraw", **split(desk))["faults"]
    assert all(f"没有编码为 {desk.town.community()}" in one for one in faults) and faults
    applied = split(desk, dry_run=False)
    assert desk.refused("POST", OTHER, "/cells/redraw", **applied) == (422, "redraw_faulty")
    cell = desk.other.cell()
    stolen = {"features": collection(), "retire": [f" {cell.code} "], "dry_run": False}
    assert desk.refused("POST", MINE, "/cells/redraw", **stolen) == (422, "redraw_faulty")
    assert desk.post(COUNTY, "/cells/redraw", **applied)["applied"] is True


def test_ground_goes_from_one_township_to_another_by_the_county(desk: Desk) -> None:
    """Both sides at once: what one gives up the other takes, and only the county may say so."""
    mine, theirs = desk.town.cell(), desk.other.cell()
    west, east = halves(mine)
    drawn = collection(
        feature(mine.code, mine.organisation, west),
        feature(theirs.code, theirs.organisation, theirs.outline, east),
    )
    seen = desk.post(COUNTY, "/cells/redraw", features=drawn)
    assert seen["faults"] == []
    assert [(one["from_cell"]["code"], one["to_cell"]["code"]) for one in seen["moves"]] == [
        (mine.code, theirs.code)
    ]
    desk.post(COUNTY, "/cells/redraw", features=drawn, dry_run=False)
    assert desk.located(COUNTY, middle_of(east)) == theirs.code
    assert {one["subject"] for one in desk.changes(MINE, "&kind=cell")} == {mine.code}


def test_a_new_community_with_cells_and_compounds(desk: Desk) -> None:
    """What is done when a community is split: organisation, cells, compound, people."""
    code = f"{desk.town.code}009"
    place = {"code": code, "name": "新社区", "type": "community", "parent": desk.town.code}
    desk.post(MINE, "/organisations", **place)
    cell = desk.town.cell("001", 4)
    post = {"role": "warden", "organisation": code}
    desk.post(MINE, "/people", username="xin1", name="新网格员", post=post)
    drawn = collection(feature(f"{code}001", code, cell.outline, wardens=["xin1"]))
    body = {"features": drawn, "retire": [cell.code], "dry_run": False}
    done = desk.post(MINE, "/cells/redraw", **body)
    assert [one["to_cell"]["code"] for one in done["moves"]] == [f"{code}001"]
    outline = {"type": "Polygon", "coordinates": [[list(point) for point in cell.outline]]}
    compound = {
        "code": f"{code}C01",
        "name": "新小区",
        "organisation": code,
        "kind": "commercial_housing",
        "buildings": 2,
        "households": 30,
        "outline": outline,
    }
    desk.post(MINE, "/compounds", **compound)
    shown = desk.get("shequ1", f"/compounds/{code}C01")
    assert [one["code"] for one in shown["cells"]] == [f"{code}001"]
    assert [one["name"] for one in shown["responsible_people"]] == ["新网格员"]
    where = f"/cells/locate?lng={cell.centre[0]}&lat={cell.centre[1]}"
    assert [one["code"] for one in desk.get("shequ1", where)["compounds"]] == [f"{code}C01"]
