"""Bytes into rows: encodings, headers, what is not read, and everything hostile."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.grid.models import Area
from app.kernel.errors import DomainError
from app.tickets.importing.errors import ImportTooLarge, ImportUnreadable, PhotoArchiveFaulty
from app.tickets.importing.photo_files import FolderOfPhotos, UnreadableFile, ZipOfPhotos
from app.tickets.importing.reading.rows import SaidSheet, read_rows
from app.tickets.importing.reading.sheets import MOST_BYTES
from app.tickets.importing.reading.words import Column, column_headed
from tests.tickets.importing.sheets import HEADER, SHORT, csv_of, row, saved, xlsx, zip_of

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
ONE = ("12345热线", "2026-001", "01-36", "甲小区")


def read(data: bytes) -> SaidSheet:
    return read_rows(data, now=NOW)


def faults(data: bytes) -> list[tuple[int | None, str | None]]:
    return [(fault.line, fault.field) for fault in read(data).faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv(encoding: str) -> None:
    said = read(csv_of([SHORT, ONE], encoding))
    assert [(one.line, one.number, one.compound) for one in said.rows] == [
        (2, "2026-001", "甲小区")
    ]
    assert (said.sheet, said.faults) == (None, [])


def test_a_workbook_with_a_title_and_empty_rows_between() -> None:
    said = read(xlsx([["交办单"], [], SHORT, [], ONE, [None, " "]], title="十一月"))
    assert [(one.line, one.number) for one in said.rows] == [(5, "2026-001")]
    assert said.sheet == "十一月"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_what_stands_between_the_cells_of_a_csv(encoding: str, delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["交办单"], SHORT, ONE])
    said = read(out.getvalue().encode(encoding))
    assert [(one.line, one.number, one.compound) for one in said.rows] == [(3, ONE[1], "甲小区")]


def test_a_header_over_two_lines_of_merged_cells() -> None:
    above = ["来源", "编号", "时间", None, "类别", "地点", None]
    below = [None, None, "交办日期", "办结时限（要求）", None, "小区名称", "部位"]
    one = ["热线", "1", datetime(2026, 11, 20, 9), date(2026, 11, 30), "01-36", "甲小区", "楼道"]
    said = read(xlsx([["交办单"], above, below, [], one]))
    assert said.faults == said.remarks == []
    (found,) = said.rows
    assert (found.line, found.compound, found.area) == (5, "甲小区", Area.stairwell)
    assert found.handed_down_at == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert found.due_at == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)


def test_what_stands_below_the_rows() -> None:
    ends = [("合计", "2"), ("备注：请按期回复",), ("制表人", None, "", "张")]
    said = read(xlsx([SHORT, ONE, *ends]))
    assert [one.line for one in said.rows] == [2]
    assert [(one.line, one.message) for one in said.remarks] == [
        (line, "表尾的一行，没有当作一件") for line in (3, 4, 5)
    ]
    assert faults(xlsx([SHORT, ONE, ("合计", "2", "01-36", "甲小区")])) == [(3, "来源")]
    with pytest.raises(ImportUnreadable):
        read(xlsx([SHORT, *ends]))


def test_other_headings_that_offices_use() -> None:
    header = ("工单来源", "受理编号", "交办日期", "办理时限", "问题类别", "所属社区", "小区名称",
              "所属网格", "问题内容")  # fmt: skip
    assert all(column_headed(name) for name in header)


def test_the_first_sheet_with_the_header_counts() -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(["说明"])
    hidden = workbook.create_sheet("旧的")
    hidden.sheet_state = "hidden"
    sheet: Any = workbook.create_sheet("新的")
    for each in (SHORT, ONE):
        hidden.append(["x", *each])
        sheet.append(each)
    assert read(saved(workbook)).sheet == "新的"


def test_every_fault_of_every_row_is_told() -> None:
    rows = [
        HEADER,
        row(),
        row(来源="邻居", 期限="明天", 编号="2"),
        row(编号=None, 类别=None),
        row(编号="4", 经度=118.3, 纬度=30.9),
        row(编号="5", 经度=118.3),
        row(编号="6", 经度="东", 纬度=30.9, 坐标系="火星"),
        row(编号="7", 交办时间="2026-11-26", 期限="2026-11-20"),
        row(编号="8", 交办时间="2020-11-26"),
        row(编号="9", 区域="屋顶", 照片="a/b.jpg"),
        row(编号="10", 问题描述="长" * 2001, 照片=";".join(f"{n}.jpg" for n in range(21))),
        row(编号="13800138000"),
        row(编号=2.02611230001234e19),
        row(),
        row(编号="14", 类别=datetime(1936, 1, 1)),
        row(编号="15", 来源="#N/A"),
    ]
    assert faults(xlsx(rows)) == [
        (3, "期限"), (3, "来源"),
        (4, "编号"), (4, "类别"),
        (5, "坐标系"),
        (6, "经度"),
        (7, "经度"), (7, "坐标系"),
        (8, "交办时间"), (8, "期限"),
        (9, "交办时间"),
        (10, "区域"), (10, "照片"),
        (11, "问题描述"), (11, "照片"),
        (12, "编号"),
        (13, "编号"),
        (15, "类别"),
        (16, "来源"),
        (14, "编号"),
    ]  # fmt: skip


def test_who_a_resident_is_is_never_read() -> None:
    header = (*SHORT, "问题描述", "来电人", "联系电话", "房号", "满意度")
    said = read(xlsx([header, (*ONE, "打 13800138000 找他", "张三", 13900139000, "3-402", "满意")]))
    text = repr(said)
    assert not any(word in text for word in ("张三", "138001", "139001", "3-402", "满意，"))
    remarks = [(one.line, one.field, one.message) for one in said.remarks]
    assert "来电人" in remarks[0][2]
    assert "联系电话" in remarks[0][2]
    assert "房号" in remarks[0][2]
    assert "满意度" in remarks[1][2]
    assert remarks[2][:2] == (2, "问题描述")


def test_a_fault_does_not_repeat_a_number() -> None:
    said = read(xlsx([SHORT, ("13800138000", "1", "01-36", "甲")]))
    assert said.faults
    assert "13800138000" not in repr(said)


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([["甲", "乙"], ["1", "2"]], "表头"),
        ([SHORT], "没有内容"),
        ([("编号", "类别"), ("1", "2")], "来源"),
        ([("来源", "编号", "编号", "类别"), ONE], "两列"),
        ([SHORT, *[ONE] * 501], "500"),
        ([[*SHORT, *["x"] * 60], ONE], "60 列"),
        ([*[["x"]] * 25, SHORT, ONE], "表头"),
    ],
)
def test_what_no_row_can_be_read_of(rows: list[Any], word: str) -> None:
    for data in (xlsx(rows), csv_of(rows)):
        with pytest.raises(ImportUnreadable) as refused:
            read(data)
        assert word in refused.value.detail


def packed(**parts: bytes) -> bytes:
    """A workbook with some parts replaced; `__` stands for `/`."""
    out = io.BytesIO()
    replaced = {name.replace("__", "/") + ".xml": data for name, data in parts.items()}
    with (
        ZipFile(io.BytesIO(xlsx([SHORT, ONE]))) as known,
        ZipFile(out, "w", ZIP_DEFLATED) as archive,
    ):
        for name in known.namelist():
            archive.writestr(name, replaced.get(name) or known.read(name))
    return out.getvalue()


SHEET = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
    f"{SHEET}<sheetData><row><c t='inlineStr'><is><t>&b;</t></is></c></row></sheetData></worksheet>"
)
FAR = (
    f"{SHEET}<dimension ref='A1:XFD1048576'/><sheetData><row r='1048576'>"
    "<c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c></row></sheetData></worksheet>"
)
HOSTILE = {
    "nothing": b"",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "a web page": b"<html><table><tr><td>1</td></tr></table></html>",
    "only the beginning of a zip": b"PK\x03\x04" + b"\0" * 100,
    "another zip": zip_of({"a.txt": b"a"}),
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "neither encoding": "来源,编号".encode() + b"\xff\xfe\xff",
    "broken quotes": '来源,编号,类别\n"a"b,2,3\n'.encode(),
    "entities": packed(xl__worksheets__sheet1=LAUGHS.encode()),
    "entities in another encoding": packed(xl__worksheets__sheet1=LAUGHS.encode("utf-16")),
    "no xml": packed(xl__worksheets__sheet1=b"\0\1\2"),
    "an unclosed sheet": packed(xl__worksheets__sheet1=SHEET.encode()),
    "the last cell there can be": packed(xl__worksheets__sheet1=FAR.encode()),
    "no workbook": packed(xl__workbook=b"<workbook/>"),
    "much that packs well": packed(xl__styles=b" " * (70 << 20)),
    "a cut workbook": xlsx([SHORT, ONE])[:-300],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused(name: str) -> None:
    with pytest.raises(ImportUnreadable) as refused:
        read(HOSTILE[name])
    assert refused.value.detail


def test_a_large_file() -> None:
    with pytest.raises(ImportTooLarge):
        read(b"a" * (MOST_BYTES + 1))


def test_formulas_count_as_last_computed_and_merged_cells_are_not_guessed() -> None:
    workbook = Workbook()
    sheet: Any = workbook.active
    for each in (SHORT, ONE, (None, "2", "01-36", "甲"), ("12345热线", "=1+1", "01-36", "甲")):
        sheet.append(each)
    sheet.merge_cells("A2:A3")
    assert faults(saved(workbook)) == [(3, Column.source), (4, Column.number)]


@given(st.binary(max_size=400))
def test_whatever_bytes_come_are_read_or_refused(data: bytes) -> None:
    for sent in (data, b"PK\x03\x04" + data):
        try:
            read(sent)
        except DomainError:
            continue


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_workbook_with_a_changed_byte_is_read_or_refused(place: int, byte: int) -> None:
    data = bytearray(xlsx([HEADER, row()]))
    data[place % len(data)] = byte
    try:
        read(bytes(data))
    except DomainError as refused:
        assert refused.detail


class TestPhotoFiles:
    """Names find what is there; a zip stays within its bounds."""

    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "1.JPG").write_bytes(b"x")
        (tmp_path / "down").mkdir()
        (tmp_path / "down" / "2.jpg").write_bytes(b"y")
        for name in ("热线.csv", "~$热线.xlsx", "Thumbs.db", ".1.jpg"):
            (tmp_path / name).write_bytes(b"")
        files = FolderOfPhotos(tmp_path, sheet=tmp_path / "热线.csv")
        assert list(files.names()) == ["1.JPG"]
        assert ("1.jpg" in files, "2.jpg" in files, "../x" in files) == (True, False, False)
        with files.opened("1.jpg") as file:
            assert file.read() == b"x"

    def test_a_zip_with_folders_and_chinese_names(self) -> None:
        names = {"照片/楼道.jpg": b"x", "__MACOSX/照片/._楼道.jpg": b"", "../../2.jpg": b"y"}
        files = ZipOfPhotos(io.BytesIO(zip_of(names)))
        assert sorted(files.names()) == ["2.jpg", "楼道.jpg"]
        with files.opened("楼道.JPG") as file:
            assert file.read() == b"x"

    def test_an_old_packer_s_names(self) -> None:
        data = zip_of({"AAAA.jpg": b"x"}).replace(b"AAAA", "楼道".encode("gb18030"))
        assert "楼道.jpg" in ZipOfPhotos(io.BytesIO(data))

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"PK\x03\x04 nothing",
            zip_of({"a/1.jpg": b"x", "b/1.jpg": b"y"}),
            zip_of({f"{n}.jpg": b"" for n in range(301)}),
            zip_of({f"{n}.jpg": b"\0" * (31 << 20) for n in range(10)}),
        ],
        ids=["empty", "no zip", "one name twice", "many", "much"],
    )
    def test_what_is_refused(self, data: bytes) -> None:
        with pytest.raises(PhotoArchiveFaulty):
            ZipOfPhotos(io.BytesIO(data))

    def test_a_locked_zip(self) -> None:
        data = bytearray(zip_of({"1.jpg": b"x"}))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + offset] |= 1
        with pytest.raises(PhotoArchiveFaulty, match="密码"):
            ZipOfPhotos(io.BytesIO(bytes(data)))

    def test_an_entry_that_is_not_what_it_says(self) -> None:
        data = bytearray(zip_of({"1.jpg": b"x" * 100}))
        data[data.index(b"1.jpg") + 6] ^= 0xFF
        files = ZipOfPhotos(io.BytesIO(bytes(data)))
        with pytest.raises(UnreadableFile), files.opened("1.jpg") as file:
            file.read(1 << 20)
