"""Spreadsheets written while they are sent: read back by a program that reads them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from openpyxl import load_workbook

from app.kernel.streaming_sheets import LONGEST, Value, streamed_csv, streamed_xlsx

COLUMNS = (("名称", 20), ("数", 8), ("时间", 17))
AT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","点我")']


def book(rows: list[list[Value]], **more: int) -> Any:
    """A workbook as openpyxl reads it."""
    return load_workbook(io.BytesIO(b"".join(streamed_xlsx("工单", COLUMNS, rows, **more))))


def test_words_numbers_instants_and_what_is_not_there() -> None:
    sheet = book([["一 & <二>\n三", 7, AT], ["", 0, None]]).active
    assert sheet.title == "工单"
    assert [cell.value for cell in sheet[1]] == ["名称", "数", "时间"]
    assert [cell.value for cell in sheet[2]] == ["一 & <二>\n三", 7, datetime(2026, 11, 25, 9, 30)]
    assert [cell.value for cell in sheet[3]] == [None, 0, None]
    assert sheet["A1"].font.bold
    assert sheet["C2"].number_format.replace("\\", "") == "yyyy-mm-dd hh:mm"
    assert (sheet.freeze_panes, sheet.column_dimensions["A"].width) == ("A2", 20)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_words_are_a_formula(text: str) -> None:
    cell = book([[text, 1, AT]]).active["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    (_, row) = list(csv.reader(io.StringIO(b"".join(
        streamed_csv(COLUMNS, [[text, 1, AT]])
    ).decode("utf-8-sig"), newline="")))  # fmt: skip
    assert row == [f"'{text}", "1", "2026-11-25 09:30"]


def test_what_xml_cannot_hold_is_left_out_and_too_long_words_are_cut() -> None:
    sheet = book([["a\x00b\x0b\ud800c", 1, AT], ["长" * (LONGEST + 5), 1, AT]]).active
    assert sheet["A2"].value == "abc"
    assert len(sheet["A3"].value) == LONGEST


def test_a_full_sheet_is_followed_by_another() -> None:
    for rows, sizes in ((0, [0]), (3, [3]), (7, [3, 3, 1])):
        found = book([[f"第{n}行", n, AT] for n in range(rows)], most_rows=3)
        assert [len(list(sheet.rows)) - 1 for sheet in found] == sizes
        values = [row[1].value for sheet in found for row in list(sheet.rows)[1:]]
        assert values == list(range(rows))


def test_nothing_is_gathered() -> None:
    """Pieces leave while rows are still to come, and few rows are ahead of them."""
    taken = 0

    def rows() -> Iterator[list[Value]]:
        nonlocal taken
        for number in range(20_000):
            taken += 1
            yield [f"第{number}行", number, AT]

    for make in (streamed_xlsx, lambda _, *more: streamed_csv(*more)):
        taken, seen = 0, []
        for piece in make("工单", COLUMNS, rows()):
            assert isinstance(piece, bytes)
            seen.append(taken)
        assert all(later - earlier <= 1_000 for earlier, later in pairwise(seen))
        assert seen[-1] == taken == 20_000


def test_the_archive_is_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(streamed_xlsx("工单", COLUMNS, [])))) as packed:
        assert packed.testzip() is None
        assert "xl/worksheets/sheet1.xml" in packed.namelist()
