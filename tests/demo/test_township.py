"""The demonstration township is a proper one, and two of them fit in one county."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, unary_union

from app.demo.files import write_township
from app.demo.plans import LARGE
from app.demo.township import TOWN, Township, demonstration_township

SECOND = "340299102"


def outlines(township: Township) -> list[Polygon]:
    return [Polygon(cell.outline) for cell in township.cells]


@given(seed=st.integers(0, 10_000), town=st.sampled_from([TOWN, SECOND]))
def test_cells_tile_whatever_the_seed(seed: int, town: str) -> None:
    polygons = outlines(demonstration_township(town, seed=seed))
    whole = unary_union(polygons)
    assert all(polygon.is_valid and polygon.exterior.is_ccw for polygon in polygons)
    assert isinstance(whole, Polygon)
    assert not whole.interiors
    assert whole.area == pytest.approx(sum(polygon.area for polygon in polygons), rel=1e-9)


def test_compounds_lie_in_the_cell_of_their_number() -> None:
    township = demonstration_township()
    cells = {cell.code: Polygon(cell.outline) for cell in township.cells}
    drawn = [compound for compound in township.compounds if compound.outline]
    assert len(drawn) < len(township.compounds)
    for compound in drawn:
        number = int(compound.code[-2:])
        assert cells[f"{compound.community}{number:03d}"].contains(Polygon(compound.outline))


def test_every_kind_occurs() -> None:
    township = demonstration_township()
    assert {row.type for row in township.organisations} == {
        *("县", "镇创建办", "管理组", "社区", "安置小区村", "村", "物业公司", "执法机构")
    }
    assert {post.role for post in township.posts} == {
        *("网格员", "社区负责人", "物业人员", "督查员", "执法人员", "管理员")
    }
    assert {compound.kind for compound in township.compounds} == {
        *("商品房小区", "老旧小区", "安置小区", "散户", "居民点")
    }
    assert any(not c.company and c.kind == "老旧小区" for c in township.compounds)


def test_every_name_that_is_used_is_known() -> None:
    township = demonstration_township(SECOND)
    codes = {row.code for row in township.organisations}
    people = {post.username for post in township.posts}
    assert {row.parent for row in township.organisations} - {""} <= codes
    assert {post.organisation for post in township.posts} <= codes
    assert {c.community for c in township.compounds} <= codes
    assert {c.company for c in township.compounds} - {""} <= codes
    assert {name for cell in township.cells for name in cell.wardens} <= people


def test_two_townships_share_the_county_and_nothing_else() -> None:
    one, two = demonstration_township(), demonstration_township(SECOND)
    shared = {row.code for row in one.organisations} & {row.code for row in two.organisations}
    assert shared == {"340299", "340299-CWB", "WY299001", "WY299002"}
    phones_one = {(post.username, post.name, post.phone) for post in one.posts}
    phones_two = {(post.username, post.name, post.phone) for post in two.posts}
    both = phones_one & phones_two
    assert {post.organisation for post in one.posts if post.username in {b[0] for b in both}} <= (
        shared
    )
    numbers = [phone for _, _, phone in phones_one | phones_two]
    assert len(numbers) == len(set(numbers))
    assert not unary_union(outlines(one)).intersects(unary_union(outlines(two)))


def test_the_large_township_tiles_and_lies_beside_the_small_one() -> None:
    small, large = demonstration_township(), demonstration_township(SECOND, plan=LARGE)
    whole = unary_union(outlines(large))
    assert isinstance(whole, Polygon)
    assert not whole.interiors
    assert not whole.intersects(unary_union(outlines(small)))
    assert len(large.compounds) > 2.5 * len(small.compounds)
    codes = {row.code for row in large.organisations}
    assert {compound.company for compound in large.compounds} - {""} == {
        code for code, _, _ in LARGE.companies
    }
    assert {code for code, _, _ in LARGE.companies} <= codes
    assert len({compound.name for compound in large.compounds}) == len(large.compounds)
    for compound in large.compounds:
        assert compound.name.startswith("示例")


def test_files_are_those_of_an_office_machine(tmp_path: Path) -> None:
    township = write_township(tmp_path / "town")
    assert {path.name for path in (tmp_path / "town").iterdir()} == {
        *("organisations.csv", "people.csv", "compounds.csv", "checkpoints.csv"),
        *("cells.geojson", "compounds.geojson"),
    }
    people = (tmp_path / "town" / "people.csv").read_bytes()
    assert people.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(people.decode("utf-8-sig").splitlines()))
    assert len(rows) == len(township.posts)
    assert rows[0]["用户名"] == "guanli"
    cells = json.loads((tmp_path / "town" / "cells.geojson").read_text(encoding="utf-8"))
    assert len(cells["features"]) == 16
    assert len(cells["features"][0]["properties"]["code"]) == 15


@pytest.mark.parametrize("town", ["340299100", "340223101", "34029910", "x"])
def test_a_code_of_another_county_is_refused(town: str) -> None:
    with pytest.raises(ValueError, match=town):
        demonstration_township(town)
