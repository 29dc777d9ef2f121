"""What is retired, or is to be: nothing new hangs on it, whichever is said first."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from app.demo.files import write_township
from tests.administration.desks import COUNTY, MINE, Desk
from tests.administration.drawings import collection, feature, halves

RETIRED = (409, "already_retired")
NEW = "WY299009"


def a_company(desk: Desk) -> str:
    """A property company without contracts."""
    body = {"code": NEW, "name": "新公司", "type": "property_company", "parent": "340299"}
    desk.post(COUNTY, "/organisations", **body)
    return NEW


def a_community(desk: Desk) -> str:
    """A community with nothing in it."""
    code = f"{desk.town.code}009"
    body = {"code": code, "name": "新社区", "type": "community", "parent": desk.town.code}
    desk.post(MINE, "/organisations", **body)
    return code


def a_compound(organisation: str) -> dict[str, Any]:
    """A compound to be made."""
    return {
        "code": f"{organisation}C88",
        "name": "新小区",
        "organisation": organisation,
        "kind": "old_housing",
        "buildings": 1,
        "households": 1,
        "checkpoints": [],
    }


def test_a_contract_with_a_company_that_is_to_be_retired(desk: Desk) -> None:
    desk.post(COUNTY, f"/organisations/{a_company(desk)}/retire", on=desk.day(5))
    path = f"/compounds/{desk.town.compound().code}/contract"
    for ahead in (5, 8):
        planned = {"company": NEW, "from_on": desk.day(ahead)}
        assert desk.refused("POST", MINE, path, **planned) == RETIRED
    held = desk.post(MINE, path, company=NEW, from_on=desk.day(2))["contracts"]
    assert (held[-1]["company"]["code"], held[-1]["to_on"]) == (NEW, desk.day(5))
    desk.clock.move(timedelta(days=5))
    assert desk.get(MINE, path.removesuffix("/contract"))["company"] is None
    assert desk.refused("POST", MINE, path, company=NEW) == (422, "organisation_unknown")


def test_a_contract_of_a_compound_that_is_to_be_retired(desk: Desk) -> None:
    compound = f"/compounds/{desk.town.compound().code}"
    desk.post(MINE, f"{compound}/retire", on=desk.day(5))
    late = {"company": "WY299002", "from_on": desk.day(5)}
    assert desk.refused("POST", MINE, f"{compound}/contract", **late) == RETIRED
    held = desk.post(MINE, f"{compound}/contract", company="WY299002")["contracts"]
    assert held[-1]["to_on"] == desk.day(5)


def test_what_hangs_on_a_community_that_is_to_be_retired(desk: Desk) -> None:
    code, elsewhere = a_community(desk), desk.town.compound()
    desk.post(MINE, f"/organisations/{code}/retire", on=desk.day(5))
    assert desk.refused("POST", MINE, "/compounds", **a_compound(code)) == RETIRED
    moved = {**a_compound(code), "name": "甲"}
    del moved["code"], moved["checkpoints"]
    assert desk.refused("PUT", MINE, f"/compounds/{elsewhere.code}", **moved) == RETIRED
    west, _ = halves(desk.town.cell())
    drawn = collection(feature(f"{code}001", code, west))
    faults = desk.post(MINE, "/cells/redraw", features=drawn)["faults"]
    assert f"新社区从 {desk.day(5)} 起停用，不能设网格 {code}001" in faults
    late = {"role": "lead", "organisation": code, "from_on": desk.day(5)}
    assert desk.refused("POST", MINE, "/people/wangge11/posts", **late) == RETIRED
    post = {"role": "lead", "organisation": code}
    posts = desk.post(MINE, "/people/wangge11/posts", **post)["posts"]
    assert [one["to_on"] for one in posts if one["organisation"]["code"] == code] == [desk.day(5)]
    group = f"/organisations/{desk.town.code}-G1"
    assert [one["code"] for one in desk.put(MINE, f"{group}/given", organisations=[code])["given"]]
    desk.clock.move(timedelta(days=5))
    assert desk.get(MINE, group)["given"] == []


def test_a_group_that_is_retired_is_given_nothing(desk: Desk) -> None:
    group = f"/organisations/{desk.town.code}-G1"
    desk.post(MINE, f"{group}/retire")
    given = {"organisations": [desk.town.community()]}
    assert desk.refused("PUT", MINE, f"{group}/given", **given) == RETIRED


def test_a_town_that_is_to_be_retired_gets_no_community(desk: Desk) -> None:
    done = run(desk, "township", "close", desk.town.code, "--on", desk.day(5))
    assert done.exit_code == 0, done.output
    body = {"code": f"{desk.town.code}009", "name": "新社区", "type": "community"}
    assert desk.refused("POST", MINE, "/organisations", **body, parent=desk.town.code) == RETIRED


def run(desk: Desk, *arguments: str) -> Result:
    """`flask …`."""
    return desk.app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture
def files(desk: Desk, tmp_path: Path) -> Path:
    """The township's files."""
    write_township(tmp_path)
    return tmp_path


def written(files: Path, table: str, row: str) -> None:
    """A row added to a table."""
    path = files / table
    text = path.read_text(encoding="utf-8-sig") + row + "\r\n"
    path.write_text(text, encoding="utf-8")


def test_files_make_no_contract_with_a_retired_company(desk: Desk, files: Path) -> None:
    desk.post(COUNTY, f"/organisations/{a_company(desk)}/retire")
    path = files / "compounds.csv"
    text = path.read_text(encoding="utf-8-sig").replace("WY299001", NEW, 1)
    path.write_text(text, encoding="utf-8")
    done = run(desk, "township", "load", str(files))
    assert done.exit_code == 1
    assert f"物业公司 {NEW}（新公司）已于 {desk.day()} 停用" in done.output


def test_files_end_a_contract_with_the_company(desk: Desk, files: Path) -> None:
    desk.post(COUNTY, f"/organisations/{a_company(desk)}/retire", on=desk.day(5))
    path = files / "compounds.csv"
    text = path.read_text(encoding="utf-8-sig").replace("WY299001", NEW, 1)
    path.write_text(text, encoding="utf-8")
    desk.clock.move(timedelta(days=1))
    done = run(desk, "township", "load", str(files))
    assert done.exit_code == 0, done.output
    held = desk.get(MINE, f"/compounds/{desk.town.compound().code}")["contracts"]
    assert (held[-1]["company"]["code"], held[-1]["to_on"]) == (NEW, desk.day(4))


def test_files_add_nothing_to_a_community_that_is_to_be_retired(desk: Desk, files: Path) -> None:
    code = a_community(desk)
    desk.post(MINE, f"/organisations/{code}/retire", on=desk.day(5))
    written(files, "organisations.csv", f"{code},{desk.town.code},新社区,社区")
    written(files, "people.csv", f"xin9,新人,13800009999,{code},社区负责人")
    done = run(desk, "township", "load", str(files))
    assert done.exit_code == 0, done.output
    assert [one["to_on"] for one in desk.get(MINE, "/people/xin9")["posts"]] == [desk.day(5)]
    written(files, "compounds.csv", f"{code}C01,新小区,{code},,老旧小区,1,1")
    done = run(desk, "township", "load", str(files))
    assert done.exit_code == 1
    assert f"{code}（新社区）从 {desk.day(5)} 起停用，不能再添" in done.output


def test_files_give_no_post_at_a_retired_company(desk: Desk, files: Path) -> None:
    desk.post(COUNTY, f"/organisations/{a_company(desk)}/retire")
    written(files, "organisations.csv", f"{NEW},340299,新公司,物业公司")
    written(files, "people.csv", f"xin9,新人,13800009999,{NEW},物业人员")
    done = run(desk, "township", "load", str(files))
    assert done.exit_code == 0, done.output
    assert "新公司已停用，没有给 xin9 设岗位" in done.output
    assert desk.get(COUNTY, "/people/xin9")["posts"] == []
