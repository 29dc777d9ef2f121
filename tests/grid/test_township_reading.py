"""A folder as raw rows: encodings, spreadsheets, lines, and what cannot be read."""

import codecs
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.grid.township.checking import checked_township
from app.grid.township.faults import TownshipFaults
from app.grid.township.reading import TABLES, read_township
from app.grid.township.rows import NOTHING_KNOWN, CheckedTownship
from tests.grid.folders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "镇")


def faults_of(folder: Folder) -> list[str]:
    return [str(fault) for fault in read_township(folder.path).faults]


def checked(folder: Folder) -> CheckedTownship:
    return checked_township(read_township(folder.path), NOTHING_KNOWN)


def to_workbook(folder: Folder, *, chinese: bool = False, numbers: bool = False) -> Path:
    """Turn the CSVs into sheets of one workbook; `numbers`: cells of digits become numbers."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for table in TABLES:
        sheet = workbook.create_sheet(table.chinese_name if chinese else table.name)
        for row in folder.table(table.name):
            sheet.append([int(c) if numbers and c.isdecimal() else c or None for c in row])
        (folder.path / table.file).unlink()
    workbook.save(folder.path / "township.xlsx")
    return folder.path / "township.xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_office_encodings_say_the_same(folder: Folder, encoding: str) -> None:
    wanted = checked(folder)
    for path in folder.path.iterdir():
        text = path.read_text(encoding="utf-8-sig")
        path.write_bytes(text.encode(encoding))
    assert checked(folder) == wanted


@pytest.mark.parametrize("chinese", [False, True])
@pytest.mark.parametrize("numbers", [False, True])
def test_a_workbook_says_the_same(folder: Folder, chinese: bool, numbers: bool) -> None:
    wanted = checked(folder)
    to_workbook(folder, chinese=chinese, numbers=numbers)
    assert checked(folder) == wanted


@pytest.mark.parametrize(
    ("chinese", "names"), [(True, ("组织", "人员")), (False, ("organisations", "people"))]
)
def test_a_fault_in_a_workbook_names_sheet_and_line(
    folder: Folder, chinese: bool, names: tuple[str, str]
) -> None:
    folder.put("people", 3, "角色", "大王")
    folder.put("organisations", 8, "名称", "")
    to_workbook(folder, chinese=chinese)
    with pytest.raises(TownshipFaults) as told:
        checked(folder)
    first, second = (str(fault) for fault in told.value.faults)
    assert first == f"township.xlsx[{names[0]}]:8: “名称”不能为空"
    assert second.startswith(f"township.xlsx[{names[1]}]:3: “角色”不能是“大王”")


def test_one_broken_character_does_not_make_another_text_of_it(folder: Folder) -> None:
    """GB18030 can read it, as characters that nobody wrote."""
    path = folder.path / "cells.geojson"
    whole = path.read_bytes()
    spoilt = whole.replace("网格".encode(), "网格".encode()[:-1] + b"\x80\x80", 1)
    path.write_bytes(spoilt)
    assert faults_of(folder) == ["cells.geojson:1: 这里有不是 UTF-8 的字节，文件的其余部分是 UTF-8"]


def test_spaces_blank_lines_and_extra_columns_do_no_harm(folder: Folder) -> None:
    wanted = checked(folder)
    lines = [
        [f" {cell}\u3000", *row[1:], "备注"] for row in folder.table("people") for cell in row[:1]
    ]
    folder.write_table("people", [lines[0], [], ["", "", ""], *lines[1:], []])
    assert checked(folder) == wanted


def test_lines_are_those_of_the_file_also_behind_a_line_break_in_quotes(folder: Folder) -> None:
    path = folder.path / "checkpoints.csv"
    path.write_text('小区编码,名称,区域\n甲,"楼\n道",楼道\n乙,楼道,楼道\n', encoding="utf-8")
    rows = read_township(folder.path).tables["checkpoints"]
    assert rows is not None
    assert [(row.line, row.values["小区编码"]) for row in rows] == [(2, "甲"), (4, "乙")]


def test_features_know_the_line_they_begin_on(folder: Folder) -> None:
    path = folder.path / "cells.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    cells = read_township(folder.path).cells
    assert cells is not None
    lines = path.read_text(encoding="utf-8").split("\n")
    assert len({cell.line for cell in cells}) == len(cells)
    assert all(lines[cell.line - 1].strip() == "{" for cell in cells)


def test_compound_outlines_may_be_left_out(folder: Folder) -> None:
    (folder.path / "compounds.geojson").unlink()
    assert checked(folder).compound_outlines == {}


def test_every_missing_file_is_told_at_once(folder: Folder) -> None:
    for path in folder.path.iterdir():
        path.unlink()
    assert faults_of(folder) == [
        "organisations.csv: 缺少这个文件",
        "people.csv: 缺少这个文件",
        "compounds.csv: 缺少这个文件",
        "checkpoints.csv: 缺少这个文件",
        "cells.geojson: 缺少这个文件",
    ]


def test_no_folder(tmp_path: Path) -> None:
    (fault,) = read_township(tmp_path / "没有").faults
    assert "没有这个文件夹" in str(fault)


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("people.csv", "用户名,姓名,手机号,角色\n".encode(), "people.csv:1: 缺少列：组织编码"),
        (
            "people.csv",
            b"",
            "people.csv:1: 第一行应是表头“用户名,姓名,手机号,组织编码,角色”，现在是空的",
        ),
        (
            "people.csv",
            "甲;乙\n".encode(),
            "people.csv:1: 第一行应是表头“用户名,姓名,手机号,组织编码,角色”，现在是“甲;乙”",
        ),
        (
            "people.csv",
            '用户名,姓名,手机号,组织编码,角色\n"a'.encode(),
            "people.csv:2: 这一行不是正确的 CSV",
        ),
        (
            "people.csv",
            "用户名,姓名,手机号,组织编码,角色\n甲\n".encode() + b"\xff\xff\n",
            "people.csv:3: 这里有不是 UTF-8 的字节",
        ),
        (
            "people.csv",
            codecs.BOM_UTF16_LE + "用户名,姓名".encode("utf-16-le"),
            "people.csv:1: 这是 UTF-16 编码，请另存为“CSV UTF-8”",
        ),
        (
            "people.csv",
            "用户名,姓名,手机号,组织编码,角色\na,b,c,d,e,f\n".encode(),
            "people.csv:2: 这一行的列数比表头多",
        ),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection",\n"features": [',
            "cells.geojson:2: 不是正确的 JSON",
        ),
        ("cells.geojson", b"[" * 100_000, "cells.geojson:1: 不是正确的 JSON"),
        ("cells.geojson", b"[]", "cells.geojson:1: 不是 GeoJSON 的 FeatureCollection"),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection", "features": {}}',
            "cells.geojson:1: 不是 GeoJSON",
        ),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection", "features": [{"type": "Feature"}]}',
            "cells.geojson:1: 第1个要素：不是带 properties 的 Feature",
        ),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection", "features": [], "crs": {"name": "BD09"}}',
            "cells.geojson:1: 坐标系应是 WGS-84",
        ),
        ("township.xlsx", b"PK nothing", "township.xlsx: 打不开，不是正确的 xlsx 文件"),
    ],
)
def test_what_cannot_be_read_is_told(
    folder: Folder, name: str, content: bytes, wanted: str
) -> None:
    (folder.path / name).write_bytes(content)
    assert any(fault.startswith(wanted) for fault in faults_of(folder)), faults_of(folder)


def test_two_sources_of_the_same_table_are_refused(folder: Folder) -> None:
    people = (folder.path / "people.csv").read_bytes()
    to_workbook(folder)
    (folder.path / "people.csv").write_bytes(people)
    assert faults_of(folder) == [
        "township.xlsx: 文件夹里又有 township.xlsx 又有 people.csv，只能留一种"
    ]


def test_a_missing_sheet_is_told(folder: Folder) -> None:
    path = to_workbook(folder)
    from openpyxl import load_workbook

    workbook = load_workbook(path)
    del workbook["people"]
    workbook.save(path)
    assert faults_of(folder) == ["township.xlsx: 缺少工作表 people（或“人员”）"]
