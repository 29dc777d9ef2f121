"""Spreadsheets and zips made for tests."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

HEADER = (
    "来源", "编号", "交办时间", "期限", "类别", "情形", "社区", "小区", "网格", "区域", "经度",
    "纬度", "坐标系", "问题描述", "照片(文件名；分隔)",
)  # fmt: skip
SHORT = ("来源", "编号", "类别", "小区")


def xlsx(rows: Iterable[Sequence[Any]], title: str = "工单") -> bytes:
    """A workbook of one sheet."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def csv_of(rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """A CSV in an encoding."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by name."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def row(**said: Any) -> list[Any]:
    """A row under HEADER: what is said, by the column's name; the rest of an honest one."""
    known = {"来源": "12345热线", "编号": "2026-001", "类别": "01-36"}
    values = {**known, **said}
    return [values.get(name.partition("(")[0]) for name in HEADER]
