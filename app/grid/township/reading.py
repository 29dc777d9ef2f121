"""A township's folder as raw rows, each with its file and line; nothing is judged but its form."""

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.grid.township.faults import Cause, Fault
from app.grid.township.features import Feature, parse_features

WORKBOOK = "township.xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the township: its file, its sheet names and its columns."""

    name: str
    chinese_name: str
    columns: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's name when the table comes as CSV."""
        return f"{self.name}.csv"


ORGANISATIONS = Table("organisations", "组织", ("编码", "上级编码", "名称", "类型"))
PEOPLE = Table("people", "人员", ("用户名", "姓名", "手机号", "组织编码", "角色"))
COMPOUNDS = Table(
    "compounds", "小区", ("编码", "名称", "社区编码", "物业公司编码", "类型", "楼栋数", "户数")
)
CHECKPOINTS = Table("checkpoints", "点位", ("小区编码", "名称", "区域"))
TABLES = (ORGANISATIONS, PEOPLE, COMPOUNDS, CHECKPOINTS)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the trimmed text of each known column."""

    file: str
    line: int
    values: Mapping[str, str]

    def fault(self, what: str, cause: Cause | None = None) -> Fault:
        """A fault found in this row."""
        return Fault(self.file, self.line, what, cause=cause)


@dataclass(frozen=True, slots=True)
class RawTownship:
    """All that the folder says; a table or feature file that could not be read is None."""

    tables: Mapping[str, tuple[Row, ...] | None]
    cells: tuple[Feature, ...] | None
    compound_outlines: tuple[Feature, ...] | None
    faults: tuple[Fault, ...]


def read_township(directory: Path) -> RawTownship:
    """Read the folder; what cannot be read is told in `faults`, nothing is raised."""
    faults: list[Fault] = []
    if not directory.is_dir():
        faults.append(Fault(str(directory), None, "没有这个文件夹"))
        return RawTownship(dict.fromkeys(t.name for t in TABLES), None, None, tuple(faults))
    tables = _tables(directory, faults)
    cells = _features(directory / "cells.geojson", faults, needed=True)
    outlines = _features(directory / "compounds.geojson", faults, needed=False)
    return RawTownship(tables, cells, outlines, tuple(faults))


def _tables(directory: Path, faults: list[Fault]) -> dict[str, tuple[Row, ...] | None]:
    workbook = directory / WORKBOOK
    if not workbook.is_file():
        return {table.name: _csv_rows(directory / table.file, table, faults) for table in TABLES}
    doubled = [table.file for table in TABLES if (directory / table.file).is_file()]
    if doubled:
        what = f"文件夹里又有 {WORKBOOK} 又有 {'、'.join(doubled)}，只能留一种"
        faults.append(Fault(WORKBOOK, None, what))
    return _workbook_rows(workbook, faults)


def _csv_rows(path: Path, table: Table, faults: list[Fault]) -> tuple[Row, ...] | None:
    data = _bytes_of(path, faults)
    if data is None:
        return None
    text = _decoded(data, path.name, faults, expected=table.columns)
    if text is None:
        return None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    numbered: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in lines:
            numbered.append((start, cells))
            start = lines.line_num + 1
    except csv.Error as error:
        faults.append(Fault(path.name, start, f"这一行不是正确的 CSV：{error}"))
        return None
    return _rows(path.name, table, numbered, faults)


def _workbook_rows(path: Path, faults: list[Fault]) -> dict[str, tuple[Row, ...] | None]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        faults.append(Fault(WORKBOOK, None, "打不开，不是正确的 xlsx 文件"))
        return dict.fromkeys(table.name for table in TABLES)
    try:
        return {table.name: _sheet_rows(workbook, table, faults) for table in TABLES}
    finally:
        workbook.close()


def _sheet_rows(workbook: Any, table: Table, faults: list[Fault]) -> tuple[Row, ...] | None:
    names = {name.strip().lower(): name for name in workbook.sheetnames}
    name = names.get(table.name) or names.get(table.chinese_name)
    if name is None:
        what = f"缺少工作表 {table.name}（或“{table.chinese_name}”）"
        faults.append(Fault(WORKBOOK, None, what))
        return None
    rows = workbook[name].iter_rows(values_only=True)
    numbered = [(line, [_cell_text(v) for v in cells]) for line, cells in enumerate(rows, 1)]
    return _rows(f"{WORKBOOK}[{name}]", table, numbered, faults)


def _rows(
    file: str, table: Table, numbered: Sequence[tuple[int, list[str]]], faults: list[Fault]
) -> tuple[Row, ...] | None:
    """The rows under the header; None with a fault when a column is missing."""
    header = [_trimmed(cell) for cell in numbered[0][1]] if numbered else []
    missing = [column for column in table.columns if column not in header]
    if missing:
        faults.append(Fault(file, 1, _wrong_header(header, missing, table)))
        return None
    at = {column: header.index(column) for column in table.columns}
    rows = []
    for line, raw in numbered[1:]:
        cells = [_trimmed(cell) for cell in raw]
        if any(cells[len(header) :]):
            lost = Cause(table.name, "")
            faults.append(Fault(file, line, "这一行的列数比表头多", cause=lost))
        elif any(cells):
            values = {c: cells[i] if i < len(cells) else "" for c, i in at.items()}
            rows.append(Row(file, line, values))
    return tuple(rows)


def _wrong_header(header: list[str], missing: list[str], table: Table) -> str:
    if len(missing) < len(table.columns):
        return f"缺少列：{'、'.join(missing)}"
    there = ",".join(header).rstrip(",")
    there = f"“{there[:39]}…”" if len(there) > 40 else f"“{there}”" if there else "空的"
    return f"第一行应是表头“{','.join(table.columns)}”，现在是{there}"


def _features(path: Path, faults: list[Fault], *, needed: bool) -> tuple[Feature, ...] | None:
    if not needed and not path.exists():
        return ()
    data = _bytes_of(path, faults)
    text = None if data is None else _decoded(data, path.name, faults, expected=())
    return None if text is None else parse_features(path.name, text, faults)


def _bytes_of(path: Path, faults: list[Fault]) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        faults.append(Fault(path.name, None, "缺少这个文件"))
    except OSError:
        faults.append(Fault(path.name, None, "这个文件读不出来"))
    return None


def _decoded(data: bytes, file: str, faults: list[Fault], *, expected: Iterable[str]) -> str | None:
    """UTF-8 with or without BOM, else GB18030 when it makes sense; a fault when neither does."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        faults.append(Fault(file, 1, "这是 UTF-16 编码，请另存为“CSV UTF-8”"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    spoilt = _spoilt_lines(data)
    if spoilt:
        what = "这里有不是 UTF-8 的字节，文件的其余部分是 UTF-8"
        faults.extend(Fault(file, at, what) for at in spoilt)
        return None
    try:
        text = data.decode("gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = None
    wanted = tuple(expected)
    if text is not None and (not wanted or any(word in text.split("\n")[0] for word in wanted)):
        return text
    faults.append(Fault(file, line, "这里的文字既不是 UTF-8 也不是 GB18030 编码"))
    return None


def _spoilt_lines(data: bytes) -> list[int]:
    """The lines with broken bytes of a text that is UTF-8 for the most part, else none.

    GB18030 would read most of such a text too, as other characters.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(letter > "\x7f" for letter in text) - broken
    if whole <= 2 * broken:
        return []
    return [line for line, said in enumerate(text.split("\n"), 1) if "\ufffd" in said]


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _trimmed(text: str) -> str:
    return text.strip().strip("\ufeff\u200b").strip()
