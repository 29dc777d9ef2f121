"""Loading files beside changes made over the API: both are on the log, plans are kept."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import Result
from sqlalchemy import select

from app.demo.files import write_township
from app.grid.models import Cell, CellOutline, CompanyContract
from app.kernel.clock import shanghai_day
from app.kernel.db import db
from tests.administration.desks import COUNTY, MINE, Desk
from tests.administration.drawings import collection, feature, halves, joined


def run(desk: Desk, *arguments: str, given: str | None = None) -> Result:
    """`flask …` that succeeds."""
    done = desk.app.test_cli_runner().invoke(args=list(arguments), input=given)
    assert done.exit_code == 0, done.output
    return done


def test_a_load_is_one_entry_with_its_counts(desk: Desk, tmp_path: Path) -> None:
    write_township(tmp_path)
    run(desk, "township", "load", str(tmp_path))
    assert desk.changes(COUNTY) == []
    people = tmp_path / "people.csv"
    added = f"xin9,新人,13800009999,{desk.town.community()},网格员\r\n"
    people.write_text(people.read_text(encoding="utf-8-sig") + added, encoding="utf-8")
    run(desk, "township", "load", str(tmp_path))
    entry = desk.changes(MINE)[0]
    assert (entry["kind"], entry["subject"], entry["actor"]) == (
        "township",
        desk.town.code,
        None,
    )
    assert entry["after"]["made"] == {"人员": 1, "岗位": 1}


def test_commands_about_people_and_groups_are_logged(desk: Desk) -> None:
    run(desk, "people", "deactivate", "wangge11")
    run(desk, "people", "activate", "wangge11")
    run(desk, "people", "set-password", "wangge11", given="一个很长的口令-1\n")
    run(desk, "organisations", "give", f"{desk.town.code}-G1", desk.town.community())
    entries = [(one["subject"], one["action"]) for one in desk.changes(MINE)]
    assert entries == [
        (f"{desk.town.code}-G1", "change"),
        ("wangge11", "reset_password"),
        ("wangge11", "activate"),
        ("wangge11", "deactivate"),
    ]


def rows_on_each_day(desk: Desk, rows: list[Any], days: int) -> list[int]:
    """How many of the rows hold on each of the days from today on."""
    today = shanghai_day(desk.clock())
    return [
        sum(row.holds_on(today + timedelta(days=offset)) for row in rows) for offset in range(days)
    ]


def test_a_load_keeps_what_is_planned(desk: Desk, tmp_path: Path) -> None:
    """Never two contracts or two outlines on one day, whatever was planned before the load."""
    compound, cell = desk.town.compound(), desk.town.cell("001", 4)
    path = f"/compounds/{compound.code}/contract"
    desk.post(MINE, path, company="WY299002", from_on=desk.day(3))
    home = desk.town.community()
    west, east = halves(cell)
    drawn = collection(feature(cell.code, home, west), feature(f"{home}009", home, east))
    desk.post(MINE, "/cells/redraw", features=drawn, from_on=desk.day(3), dry_run=False)
    write_township(tmp_path)
    swapped(tmp_path, desk.town.cell("002", 1).code, desk.town.cell("002", 2).code)
    table = tmp_path / "compounds.csv"
    text = table.read_text(encoding="utf-8-sig").replace("WY299001", "WY299002")
    table.write_text(text, encoding="utf-8")
    desk.clock.move(timedelta(days=1))
    run(desk, "township", "load", str(tmp_path))
    with desk.app.app_context():
        for kind in (CompanyContract, CellOutline):
            rows: list[Any] = list(db.session.scalars(select(kind)))
            owners = {getattr(row, "compound_id", None) or row.cell_id for row in rows}
            for owner in owners:
                own = [
                    r
                    for r in rows
                    if owner in (getattr(r, "compound_id", None), getattr(r, "cell_id", None))
                ]
                assert max(rows_on_each_day(desk, own, 5)) == 1
        db.session.remove()


def swapped(folder: Path, one: str, other: str) -> None:
    """The files with the outlines of two cells exchanged."""
    path = folder / "cells.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    found = {each["properties"]["code"]: each for each in document["features"]}
    first, second = found[one], found[other]
    first["geometry"], second["geometry"] = second["geometry"], first["geometry"]
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def ground_of(desk: Desk, code: str, ahead: int) -> list[Any]:
    """The outlines that a cell has on a day from today."""
    day = shanghai_day(desk.clock()) + timedelta(days=ahead)
    with desk.app.app_context():
        cell = select(Cell.id).where(Cell.code == code).scalar_subquery()
        asked = select(CellOutline.outline).where(CellOutline.cell_id == cell)
        found = list(db.session.scalars(asked.where(CellOutline.in_force(day))))
        db.session.remove()
    return found


def test_a_load_does_not_break_a_planned_redrawing(desk: Desk, tmp_path: Path) -> None:
    """Two cells are to change places next week; files that exchange one of them with a third today
    would leave one piece of ground twice and another to nobody."""
    one, two, three = (desk.town.cell("001", number) for number in (1, 2, 3))
    home = desk.town.community()
    drawn = collection(
        feature(one.code, home, two.outline, name=one.name),
        feature(two.code, home, one.outline, name=two.name),
    )
    desk.post(MINE, "/cells/redraw", features=drawn, from_on=desk.day(7), dry_run=False)
    before = [ground_of(desk, cell.code, ahead) for cell in (one, two, three) for ahead in (0, 7)]
    write_township(tmp_path)
    run(desk, "township", "load", str(tmp_path))
    swapped(tmp_path, one.code, three.code)
    for command in ("load", "check"):
        done = desk.app.test_cli_runner().invoke(args=["township", command, str(tmp_path)])
        assert done.exit_code == 1, done.output
        assert f"{desk.day(7)} 起已安排了重划网格" in done.output
        assert f"网格 {two.code} 与 {three.code} 重叠" in done.output
        assert "平方米不属于任何网格" in done.output
    assert before == [
        ground_of(desk, cell.code, ahead) for cell in (one, two, three) for ahead in (0, 7)
    ]
    desk.clock.move(timedelta(days=7))
    swapped(tmp_path, one.code, three.code)
    run(desk, "township", "load", str(tmp_path))


def test_a_load_changes_what_a_planned_redrawing_leaves_alone(desk: Desk, tmp_path: Path) -> None:
    one, two = desk.town.cell("002", 1), desk.town.cell("002", 2)
    cell, home = desk.town.cell(), desk.town.community()
    west, east = halves(cell)
    drawn = collection(feature(cell.code, home, west), feature(f"{home}009", home, east))
    desk.post(MINE, "/cells/redraw", features=drawn, from_on=desk.day(7), dry_run=False)
    write_township(tmp_path)
    swapped(tmp_path, one.code, two.code)
    done = run(desk, "township", "load", str(tmp_path), "--retire-missing")
    assert f"{home}009" not in done.output
    assert ground_of(desk, one.code, 0) == ground_of(desk, one.code, 7)
    assert [len(ground_of(desk, f"{home}009", ahead)) for ahead in (0, 7)] == [0, 1]
    desk.clock.move(timedelta(days=7))
    codes = {one["code"] for one in desk.get("shequ1", f"/cells?organisation={home}")["items"]}
    assert f"{home}009" in codes


def test_a_load_leaves_planned_retirements(desk: Desk, tmp_path: Path) -> None:
    """Files of today name what is there today, whatever is to end next week."""
    compound, home = desk.town.compound().code, desk.town.community()
    west, east = desk.town.cell("001", 1), desk.town.cell("001", 2)
    drawn = collection(feature(west.code, home, joined(west, east), name=west.name))
    body = {"features": drawn, "retire": [east.code], "from_on": desk.day(7), "dry_run": False}
    desk.post(MINE, "/cells/redraw", **body)
    desk.post(MINE, f"/compounds/{compound}/retire", on=desk.day(7))
    write_township(tmp_path)
    run(desk, "township", "load", str(tmp_path))
    assert desk.get(MINE, f"/compounds/{compound}")["retired_on"] == desk.day(7)
    desk.clock.move(timedelta(days=7))
    cells = {one["code"] for one in desk.get("shequ1", f"/cells?organisation={home}")["items"]}
    assert west.code in cells and east.code not in cells


def test_a_catalogue_is_not_loaded_over_what_is_planned(desk: Desk) -> None:
    condition = {
        "code": "any",
        "name": "甲",
        "limit": {"amount": 4, "unit": "hour"},
        "closing_test": "已清理",
    }
    body = {"name": "甲", "standard_ref": "本县规定", "conditions": [condition]}
    path = "/dictionary/340299/categories/01-36"
    desk.put(COUNTY, path, **body, from_on=desk.day(2))
    refused = desk.app.test_cli_runner().invoke(args=["catalogue", "load"])
    assert refused.exit_code == 1
    assert desk.day(2) in refused.output
    desk.clock.move(timedelta(days=2))
    run(desk, "catalogue", "load")
    entry = desk.changes(COUNTY)[0]
    assert (entry["kind"], entry["action"]) == ("catalogue", "load")
