"""Spreadsheets that go out: words stay words, whatever they begin with."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767
"""What a cell can hold, by the format."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def text_cell(sheet: Any, text: str) -> Any:
    """A cell with words: never a formula, here or once somebody has edited it, without what XML
    cannot hold, and no longer than a cell may be."""
    cell: Any = WriteOnlyCell(sheet, value=_CONTROLS.sub("", text)[:LONGEST])
    # What was assigned has been looked at, and "=…" taken for a formula.
    cell.data_type = "s"
    if text.startswith(_STARTS_OF_FORMULAS):
        cell.quotePrefix = True
    return cell


def workbook_of(
    title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int]]
) -> bytes:
    """An xlsx of one sheet: a heading of columns (name, width in characters), then the rows."""
    workbook = Workbook(write_only=True)
    sheet: Any = workbook.create_sheet(title)
    for number, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, name) for name, _ in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    return saved(workbook)


@dataclass(frozen=True)
class Ledger:
    """Rows to be kept as files, one for each year: the year of a row comes with it."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[tuple[int, Sequence[str | int]]]


def write_ledger(ledger: Ledger, folder: Path) -> int:
    """Writes a ledger whose rows come in the order of their years; how many rows it has."""
    total = 0
    for year, rows in groupby(ledger.rows, key=lambda row: row[0]):
        kept = [row for _, row in rows]
        total += len(kept)
        data = workbook_of(ledger.name, ledger.columns, kept)
        (folder / f"{ledger.name}-{year}.xlsx").write_bytes(data)
    return total


def _heading(sheet: Any, name: str) -> Any:
    cell = text_cell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: str | int) -> Any:
    if isinstance(value, int):
        return value
    cell = text_cell(sheet, value)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def saved(workbook: Workbook) -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
