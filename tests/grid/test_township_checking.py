"""Every rule of a township's files, broken one at a time: the fault, its file and its line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box

from app.demo.township import COUNTY, TOWN
from app.grid.township.checking import checked_township
from app.grid.township.faults import TownshipFaults
from app.grid.township.reading import read_township
from app.grid.township.rows import (
    NOTHING_KNOWN,
    Known,
    KnownCell,
    KnownOrganisation,
    KnownPerson,
)
from app.people.models import OrganisationType, Role
from tests.grid.folders import Folder

COMMUNITY = f"{TOWN}001"
OTHER = f"{TOWN}002"
OTHER_TOWN = f"{COUNTY}102"
Spoil = Callable[[Folder], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "township")


def faults_of(
    folder: Folder, known: Known = NOTHING_KNOWN, *, retire_missing: bool = False
) -> list[str]:
    try:
        checked_township(read_township(folder.path), known, retire_missing=retire_missing)
    except TownshipFaults as told:
        return [str(fault) for fault in told.faults]
    return []


def put(name: str, line: int, column: str, value: str) -> Spoil:
    return lambda folder: folder.put(name, line, column, value)


def add(name: str, *cells: str) -> Spoil:
    return lambda folder: folder.add(name, *cells)


def feature(name: str, number: int, change: Callable[[dict[str, Any]], Any]) -> Spoil:
    return lambda folder: folder.change_map(name, lambda all_of: change(all_of[number - 1]))


def properties(**values: Any) -> Spoil:
    return feature("cells", 2, lambda one: one["properties"].update(values))


def ring(change: Callable[[list[Any]], Any]) -> Spoil:
    """Change the ring of the second cell in place."""
    return feature("cells", 2, lambda one: change(one["geometry"]["coordinates"][0]))


def geometry(value: Any) -> Spoil:
    return feature("cells", 2, lambda one: one.update(geometry=value))


def test_the_demonstration_breaks_no_rule(folder: Folder) -> None:
    assert faults_of(folder) == []


CELL = "cells.geojson:1: 第2个要素"
BOX = [[118.30, 30.91], [118.301, 30.91], [118.301, 30.911], [118.30, 30.911], [118.30, 30.91]]

SPOILED: list[tuple[Spoil, str]] = [
    # organisations.csv: 2 county, 3 enforcement body, 4–5 companies, 6 town, 7–9 groups, then units
    (put("organisations", 8, "编码", ""), "organisations.csv:8: “编码”不能为空"),
    (put("organisations", 8, "编码", "a b"), "organisations.csv:8: “编码”写的是“a b”"),
    (put("organisations", 8, "编码", "9" * 33), "organisations.csv:8: “编码”写的是"),
    (put("organisations", 8, "名称", ""), "organisations.csv:8: “名称”不能为空"),
    (put("organisations", 8, "名称", "长" * 81), "organisations.csv:8: “名称”超过 80 个字"),
    (put("organisations", 8, "名称", "a\x07b"), "organisations.csv:8: “名称”里有看不见的控制字符"),
    (put("organisations", 8, "类型", "小组"), "organisations.csv:8: “类型”不能是“小组”"),
    (put("organisations", 8, "上级编码", ""), "organisations.csv:8: “上级编码”不能为空"),
    (put("organisations", 8, "上级编码", "X9"), "organisations.csv:8: 没有编码为 X9 的上级组织"),
    (put("organisations", 8, "上级编码", COUNTY), "organisations.csv:8: 管理组的上级应是镇创建办"),
    (put("organisations", 4, "上级编码", TOWN), "organisations.csv:4: 物业公司的上级应是县"),
    (put("organisations", 2, "上级编码", TOWN), "organisations.csv:2: 县没有上级"),
    (
        put("organisations", 8, "编码", f"{TOWN}-G1"),
        f"organisations.csv:8: 编码 {TOWN}-G1 与第 7 行重复",
    ),
    (put("organisations", 6, "类型", "管理组"), "organisations.csv:1: 没有镇创建办这一行"),
    (
        put("organisations", 7, "类型", "镇创建办"),
        "organisations.csv:7: 一个文件夹只能有一个镇创建办",
    ),
    (add("organisations", "340288", "", "另一县", "县"), "organisations.csv:14: 只能有一个县"),
    (put("organisations", 6, "上级编码", f"{TOWN}-G1"), "organisations.csv:6: 上级关系成了一个圈"),
    (put("organisations", 7, "上级编码", f"{TOWN}-G1"), "organisations.csv:7: 上级关系成了一个圈"),
    # people.csv
    (put("people", 2, "用户名", "管理 员"), "people.csv:2: “用户名”写的是“管理 员”"),
    (put("people", 2, "姓名", ""), "people.csv:2: “姓名”不能为空"),
    (put("people", 2, "手机号", ""), "people.csv:2: “手机号”不能为空"),
    (put("people", 2, "手机号", "1.3E+10"), "people.csv:2: “手机号”写的是“1.3E+10”"),
    (put("people", 2, "手机号", "１３１２９９０００９９"), "people.csv:2: “手机号”写的是"),
    (put("people", 2, "角色", "村长"), "people.csv:2: “角色”不能是“村长”"),
    (put("people", 2, "组织编码", "X9"), "people.csv:2: 没有编码为 X9 的组织"),
    (put("people", 2, "角色", "网格员"), f"people.csv:2: 县 {COUNTY} 不能设网格员"),
    (
        add("people", "xin1", "新人", "13129900001", TOWN, "督查员"),
        "people.csv:19: 手机号 13129900001 与第 2 行的 guanli 重复",
    ),
    (
        add("people", "guanli", "别人", "13129900001", TOWN, "管理员"),
        "people.csv:19: 用户名 guanli 的姓名或手机号与第 2 行不同",
    ),
    (
        add("people", "guanli", "系统管理员", "13129900099", TOWN, "管理员"),
        "people.csv:19: 用户名 guanli 的姓名或手机号与第 2 行不同",
    ),
    (
        add("people", "guanli", "系统管理员", "13129900001", COUNTY, "管理员"),
        "people.csv:19: 与第 2 行重复",
    ),
    (
        add("people", "guanli", "系统管理员", "13129900001", "WY299001", "物业人员"),
        "people.csv:19: 系统管理员在表里也是管理员，物业人员不能兼任",
    ),
    # compounds.csv
    (put("compounds", 2, "编码", ""), "compounds.csv:2: “编码”不能为空"),
    (
        put("compounds", 3, "编码", f"{COMMUNITY}C01"),
        f"compounds.csv:3: 编码 {COMMUNITY}C01 与第 2 行重复",
    ),
    (put("compounds", 2, "社区编码", "X9"), "compounds.csv:2: 没有编码为 X9 的社区或村"),
    (put("compounds", 2, "类型", "居民点"), "compounds.csv:2: “类型”居民点只用于村里的"),
    (put("compounds", 2, "社区编码", TOWN), f"compounds.csv:2: “社区编码” {TOWN} 不是社区或村"),
    (put("compounds", 2, "物业公司编码", "X9"), "compounds.csv:2: 没有编码为 X9 的物业公司"),
    (
        put("compounds", 2, "物业公司编码", COMMUNITY),
        f"compounds.csv:2: “物业公司编码” {COMMUNITY} 不是物业公司",
    ),
    (put("compounds", 2, "类型", "别墅"), "compounds.csv:2: “类型”不能是“别墅”"),
    (put("compounds", 2, "楼栋数", "十二"), "compounds.csv:2: “楼栋数”写的是“十二”"),
    (put("compounds", 2, "户数", "-5"), "compounds.csv:2: “户数”写的是“-5”"),
    (put("compounds", 2, "户数", ""), "compounds.csv:2: “户数”不能为空"),
    # checkpoints.csv
    (put("checkpoints", 2, "小区编码", "X9"), "checkpoints.csv:2: 没有编码为 X9 的小区"),
    (put("checkpoints", 2, "名称", ""), "checkpoints.csv:2: “名称”不能为空"),
    (put("checkpoints", 2, "区域", "屋顶"), "checkpoints.csv:2: “区域”不能是“屋顶”"),
    (
        put("checkpoints", 3, "名称", "主出入口"),
        f"checkpoints.csv:3: 小区 {COMMUNITY}C01 的点位“主出入口”与第 2 行重复",
    ),
    # cells.geojson
    (
        properties(code=f"{COMMUNITY}01"),
        f"{CELL} {COMMUNITY}01：网格编码 {COMMUNITY}01 不是 15 位数字",
    ),
    (properties(code=f"{OTHER}009"), f"{CELL} {OTHER}009：网格编码应是所属组织编码 {COMMUNITY} 加"),
    (
        properties(code=f"{COMMUNITY}001"),
        f"{CELL} {COMMUNITY}001：编码 {COMMUNITY}001 与第1个要素重复",
    ),
    (properties(code=5), f"{CELL}：code 应是文字"),
    (properties(name=""), f"{CELL} {COMMUNITY}002：name 应是文字，不能为空"),
    (properties(organisation=TOWN), f"{CELL} {COMMUNITY}002：organisation {TOWN} 不是社区或村"),
    (properties(organisation="X9"), f"{CELL} {COMMUNITY}002：没有编码为 X9 的社区或村"),
    (properties(wardens="wangge11"), f"{CELL} {COMMUNITY}002：wardens 应是用户名的列表"),
    (properties(wardens=["nobody"]), f"{CELL} {COMMUNITY}002：人员表里没有网格员 nobody"),
    (properties(wardens=["ducha1"]), f"{CELL} {COMMUNITY}002：ducha1 不是网格员"),
    (
        properties(wardens=["wangge21"]),
        f"{CELL} {COMMUNITY}002：网格员 wangge21 是别的社区（{OTHER}）的",
    ),
    (geometry(None), f"{CELL} {COMMUNITY}002：轮廓应是 Polygon"),
    (
        geometry({"type": "Point", "coordinates": BOX[0]}),
        f"{CELL} {COMMUNITY}002：轮廓应是 Polygon",
    ),
    (geometry({"type": "Polygon"}), f"{CELL} {COMMUNITY}002：轮廓没有坐标"),
    (
        geometry({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}),
        f"{CELL} {COMMUNITY}002：坐标应是数字",
    ),
    (
        geometry({"type": "Polygon", "coordinates": [[[float("nan"), 30.9]] * 4]}),
        f"{CELL} {COMMUNITY}002：坐标应是数字",
    ),
    (
        geometry({"type": "Polygon", "coordinates": [BOX[:2] + BOX[:1]]}),
        f"{CELL} {COMMUNITY}002：轮廓少于 4 个点",
    ),
    (
        geometry({"type": "Polygon", "coordinates": [BOX[:4]]}),
        f"{CELL} {COMMUNITY}002：轮廓没有闭合",
    ),
    (
        geometry({"type": "Polygon", "coordinates": [[BOX[0], BOX[1], BOX[0], BOX[0]]]}),
        f"{CELL} {COMMUNITY}002：轮廓面积为零",
    ),
    (
        geometry(
            {"type": "Polygon", "coordinates": [[BOX[0], BOX[2], BOX[1], [118.3, 30.9115], BOX[0]]]}
        ),
        f"{CELL} {COMMUNITY}002：轮廓自相交",
    ),
    (
        ring(lambda points: [point.reverse() for point in points]),
        f"{CELL} {COMMUNITY}002：经纬度写反了",
    ),
    (
        ring(lambda points: [point.__setitem__(0, point[0] - 100) for point in points]),
        f"{CELL} {COMMUNITY}002：坐标 [18.",
    ),
    (
        ring(lambda points: [point.__setitem__(0, point[0] - 0.0008) for point in points]),
        f"{CELL} {COMMUNITY}002：与网格 {COMMUNITY}001 重叠",
    ),
    # compounds.geojson
    (
        feature("compounds", 2, lambda one: one["properties"].update(code="X9")),
        "compounds.geojson:1: 第2个要素 X9：没有编码为 X9 的小区",
    ),
    (
        feature("compounds", 2, lambda one: one["properties"].update(code=f"{COMMUNITY}C01")),
        f"compounds.geojson:1: 第2个要素 {COMMUNITY}C01：小区 {COMMUNITY}C01 的轮廓重复",
    ),
    (
        feature("compounds", 2, lambda one: one["properties"].pop("code")),
        "compounds.geojson:1: 第2个要素：code 应是小区编码",
    ),
    (
        feature("compounds", 2, lambda one: one["geometry"].update(coordinates=[BOX])),
        f"compounds.geojson:1: 第2个要素 {COMMUNITY}C02：轮廓不在所属社区的任何网格里",
    ),
    (
        feature("compounds", 2, lambda one: one["geometry"].update(coordinates=[BOX[:4]])),
        f"compounds.geojson:1: 第2个要素 {COMMUNITY}C02：轮廓没有闭合",
    ),
]


@pytest.mark.parametrize(("spoil", "wanted"), SPOILED, ids=[wanted for _, wanted in SPOILED])
def test_a_broken_rule_is_told_with_file_and_line(
    folder: Folder, spoil: Spoil, wanted: str
) -> None:
    spoil(folder)
    told = faults_of(folder)
    assert any(fault.startswith(wanted) for fault in told), told


def test_a_sliver_of_rounding_is_no_overlap(folder: Folder) -> None:
    ring(lambda points: [p.__setitem__(0, p[0] - 5e-8) for p in points])(folder)
    assert faults_of(folder) == []


def test_all_faults_are_told_at_once_in_the_order_of_the_files(folder: Folder) -> None:
    properties(wardens=["nobody"])(folder)
    folder.put("checkpoints", 2, "区域", "屋顶")
    folder.put("people", 9, "手机号", "12")
    folder.put("people", 3, "手机号", "12")
    folder.put("organisations", 8, "名称", "")
    places = [fault.split(": ")[0] for fault in faults_of(folder)]
    assert places == [
        "organisations.csv:8",
        "people.csv:3",
        "people.csv:9",
        "checkpoints.csv:2",
        "cells.geojson:1",
    ]


def test_one_fault_makes_no_others(folder: Folder) -> None:
    """A spoilt cell does not make everything that names the row unknown."""
    folder.put("organisations", folder.line_of("organisations", COMMUNITY), "名称", "")
    folder.put("people", folder.line_of("people", "wangge11"), "手机号", "1")
    folder.put("compounds", 2, "户数", "多")
    assert len(faults_of(folder)) == 3


@pytest.mark.parametrize("wrong", ["", "a b"])
@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        ("organisations", COMMUNITY, "编码"),
        ("organisations", TOWN, "编码"),
        ("people", "wangge11", "用户名"),
        ("compounds", f"{COMMUNITY}C01", "编码"),
    ],
)
def test_a_spoilt_code_is_the_only_fault(
    folder: Folder, name: str, row: str, column: str, wrong: str
) -> None:
    """Whatever names the row elsewhere is right, and is not told."""
    line = folder.line_of(name, row)
    folder.put(name, line, column, wrong)
    (told,) = faults_of(folder)
    assert told.startswith(f"{name}.csv:{line}: “{column}”")


def test_a_row_with_too_many_cells_is_the_only_fault(folder: Folder) -> None:
    lines = folder.table("compounds")
    lines[1].insert(1, "多出的一格")
    folder.write_table("compounds", lines)
    assert faults_of(folder) == ["compounds.csv:2: 这一行的列数比表头多"]


def test_a_spoilt_code_does_not_hide_a_code_that_nobody_has(folder: Folder) -> None:
    folder.put("compounds", 2, "编码", "a b")
    folder.put("checkpoints", folder.line_of("checkpoints", f"{COMMUNITY}C02"), "小区编码", "X9")
    told = faults_of(folder)
    assert any("没有编码为 X9 的小区" in fault for fault in told)
    assert any(f"没有编码为 {COMMUNITY}C01 的小区" in fault for fault in told)


@pytest.mark.parametrize(
    "spoil",
    [
        properties(organisation="X9"),
        geometry(None),
        ring(lambda points: points.pop()),
        put("people", 10, "角色", "大王"),
        put("people", 10, "组织编码", "X9"),
        put("organisations", 6, "类型", "小组"),
    ],
)
def test_what_follows_from_a_fault_is_not_told(folder: Folder, spoil: Spoil) -> None:
    assert folder.table("people")[9][0] == "wangge11"
    spoil(folder)
    assert len(faults_of(folder)) == 1, faults_of(folder)


def test_every_cell_of_a_row_is_checked_at_once(folder: Folder) -> None:
    folder.put("people", 2, "手机号", "12")
    folder.put("people", 2, "组织编码", "X9")
    folder.put("compounds", 2, "户数", "多")
    folder.put("compounds", 2, "物业公司编码", "X8")
    folder.put("organisations", 8, "名称", "")
    folder.put("organisations", 8, "上级编码", "X7")
    assert len(faults_of(folder)) == 6


def test_a_code_that_nobody_has_is_told_once_with_all_its_lines(folder: Folder) -> None:
    """One row of compounds.csv is gone; each of its checkpoints would say the same."""
    code = f"{COMMUNITY}C01"
    lines = [n for n, row in enumerate(folder.table("checkpoints"), 1) if row[0] == code]
    folder.drop("compounds", holding=code)
    told = [fault for fault in faults_of(folder) if fault.startswith("checkpoints.csv")]
    also = f"（第 {lines[1]}–{lines[-1]} 行也是）"
    assert told == [f"checkpoints.csv:{lines[0]}: 没有编码为 {code} 的小区{also}"]


def test_a_cell_drawn_over_many_is_told_once(folder: Folder) -> None:
    def spread(cells: list[dict[str, Any]]) -> None:
        cells[0]["geometry"] = {
            "type": "Polygon",
            "coordinates": [
                [[118.2, 30.8], [118.5, 30.8], [118.5, 31], [118.2, 31], [118.2, 30.8]]
            ],
        }

    folder.change_map("cells", spread)
    (told,) = faults_of(folder)
    assert told.startswith(f"cells.geojson:1: 第1个要素 {COMMUNITY}001：与网格 {COMMUNITY}002 重叠")
    assert told.count("与网格") == 15


def lines_told(folder: Folder) -> tuple[str, ...]:
    with pytest.raises(TownshipFaults) as told:
        checked_township(read_township(folder.path), NOTHING_KNOWN)
    return told.value.lines


def swap(feature: dict[str, Any]) -> None:
    for point in feature["geometry"]["coordinates"][0]:
        point.reverse()


def test_a_map_with_all_coordinates_swapped_is_one_summary(folder: Folder) -> None:
    folder.change_map("cells", lambda cells: [swap(cell) for cell in cells])
    head, *shown = lines_told(folder)
    assert head == "cells.geojson: 全部 16 个要素都有同样的错误，只列前 3 处："
    assert len(shown) == 3
    assert all("经纬度写反了" in line for line in shown)


def test_all_but_one_are_told_each(folder: Folder) -> None:
    folder.change_map("cells", lambda cells: [swap(cell) for cell in cells[1:]])
    assert len(lines_told(folder)) == 15


def test_a_column_spoilt_by_a_spreadsheet_is_one_summary(folder: Folder) -> None:
    lines = folder.table("people")
    phone = lines[0].index("手机号")
    for row in lines[1:]:
        row[phone] = f"{row[phone][0]}.{row[phone][1:4]}E+10"
    folder.write_table("people", lines)
    head, *shown = lines_told(folder)
    assert head == f"people.csv: 全部 {len(lines) - 1} 行都有同样的错误，只列前 3 处："
    assert [line.partition(" ")[0] for line in shown] == [
        "people.csv:2:",
        "people.csv:3:",
        "people.csv:4:",
    ]


def test_all_faults_are_counted_whatever_is_shown(folder: Folder) -> None:
    folder.change_map("cells", lambda cells: [swap(cell) for cell in cells])
    folder.drop("compounds", holding=f"{COMMUNITY}C01")
    checkpoints = sum(row[0] == f"{COMMUNITY}C01" for row in folder.table("checkpoints"))
    with pytest.raises(TownshipFaults) as told:
        checked_township(read_township(folder.path), NOTHING_KNOWN)
    assert told.value.count == 16 + checkpoints + 1


def test_a_communitys_compounds_are_not_told_beside_it(folder: Folder) -> None:
    known = knowing(
        organisations=organisation(
            COMMUNITY, OrganisationType.community, town=OTHER_TOWN, parent=OTHER_TOWN
        ),
        compound_towns={f"{COMMUNITY}C01": OTHER_TOWN, f"{COMMUNITY}C02": OTHER_TOWN},
    )
    (told,) = faults_of(folder, known)
    assert told.endswith(f"编码 {COMMUNITY} 属于另一个镇 {OTHER_TOWN}")


def test_a_spoilt_cell_still_replaces_the_one_in_force(folder: Folder) -> None:
    """Else its neighbours would be said to overlap what it was."""
    there = KnownCell(f"{COMMUNITY}001", TOWN, box(118.30, 30.90, 118.32, 30.93))
    feature("cells", 1, lambda one: one["properties"].update(name=""))(folder)
    assert len(faults_of(folder, knowing(cells={there.code: there}))) == 1


def test_an_unreadable_table_does_not_make_its_rows_unknown(folder: Folder) -> None:
    (folder.path / "organisations.csv").unlink()
    (folder.path / "people.csv").unlink()
    (folder.path / "compounds.csv").unlink()
    (folder.path / "cells.geojson").write_text("{", encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults_of(folder)] == [
        "organisations.csv",
        "people.csv",
        "compounds.csv",
        "cells.geojson",
    ]


def test_a_parent_may_come_later(folder: Folder) -> None:
    lines = folder.table("organisations")
    folder.write_table("organisations", [lines[0], *reversed(lines[1:])])
    assert faults_of(folder) == []


def organisation(
    code: str,
    type_: OrganisationType,
    *,
    town: str | None,
    parent: str | None = COUNTY,
    name: str = "系统里的",
) -> dict[str, KnownOrganisation]:
    return {code: KnownOrganisation(code, name, type_, parent, town)}


def knowing(**parts: Any) -> Known:
    return replace(NOTHING_KNOWN, **parts)


COUNTY_TYPE = OrganisationType.county
COMPANY = OrganisationType.property_company
GROUP = OrganisationType.management_group
IN_A_COMPANY = KnownPerson("guanli", "系统管理员", "13129900001", frozenset({Role.property_staff}))


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (
            knowing(organisations=organisation("340288", COUNTY_TYPE, town=None, parent=None)),
            f"organisations.csv:2: 本系统的县是 340288，不是 {COUNTY}",
        ),
        (
            knowing(organisations=organisation("WY299001", GROUP, town=OTHER_TOWN)),
            "organisations.csv:4: 编码 WY299001 在系统里是管理组“系统里的”",
        ),
        (
            knowing(organisations=organisation(f"{TOWN}-G1", GROUP, town=OTHER_TOWN)),
            f"organisations.csv:7: 编码 {TOWN}-G1 属于另一个镇 {OTHER_TOWN}",
        ),
        (
            knowing(people={"guanli": KnownPerson("guanli", "张三", "13129900001")}),
            "people.csv:2: 用户名 guanli 在系统里是“张三”，不是“系统管理员”",
        ),
        (
            knowing(people={"guanli": KnownPerson("guanli", "系统管理员", "13900000000")}),
            "people.csv:2: 用户名 guanli 在系统里的手机号是 13900000000",
        ),
        (
            knowing(people={"guanli": IN_A_COMPANY}),
            "people.csv:2: 系统管理员（guanli）在系统里已是物业人员，物业人员不能兼任",
        ),
        (
            knowing(people={"laowang": KnownPerson("laowang", "老王", "13129900001")}),
            "people.csv:2: 手机号 13129900001 已是系统里 laowang 的",
        ),
        (
            knowing(compound_towns={f"{COMMUNITY}C01": OTHER_TOWN}),
            f"compounds.csv:2: 编码 {COMMUNITY}C01 属于另一个镇 {OTHER_TOWN}",
        ),
        (
            knowing(
                cells={"1": KnownCell("1", OTHER_TOWN, box(118.3095, 30.9175, 118.3105, 30.9185))}
            ),
            f"cells.geojson:1: 第1个要素 {COMMUNITY}001：与网格 1 重叠",
        ),
    ],
)
def test_a_clash_with_the_database_is_told(folder: Folder, known: Known, wanted: str) -> None:
    told = faults_of(folder, known)
    assert any(fault.startswith(wanted) for fault in told), told


def test_a_county_row_with_another_name_is_no_fault(folder: Folder) -> None:
    known = knowing(organisations=organisation("WY299001", COMPANY, town=None, name="旧名"))
    assert faults_of(folder, known) == []


def test_a_company_known_to_the_county_need_not_be_in_the_file(folder: Folder) -> None:
    folder.put("compounds", 2, "物业公司编码", "WY9")
    assert faults_of(folder, knowing(organisations=organisation("WY9", COMPANY, town=None))) == []


def test_a_cell_of_ours_that_stays_may_not_be_drawn_over(folder: Folder) -> None:
    stays = KnownCell(f"{COMMUNITY}099", TOWN, box(118.3095, 30.9175, 118.3105, 30.9185))
    known = knowing(cells={stays.code: stays})
    (told,) = faults_of(folder, known)
    assert told.endswith("（文件里没有它，系统里还在用；要停用请加 --retire-missing）")
    assert faults_of(folder, known, retire_missing=True) == []
