"""A spreadsheet's bytes into numbered lines of cells; what it is, is told by content, never name.

Bounds are looked at before anything is parsed; whatever a parser makes of hostile bytes is one
refusal.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.tickets.importing.errors import ImportTooLarge, ImportUnreadable
from app.tickets.importing.reading.workbooks import workbook_lines

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 60

_BEGINNING = 2000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number from 1, and its cells as they came."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a sheet; `name` is None for a CSV."""

    name: str | None
    lines: tuple[Line, ...]


def read_sheets(data: bytes) -> Iterator[Sheet]:
    """The sheets in their order, with the lines that have anything in them.

    Raises ImportTooLarge or ImportUnreadable.
    """
    if len(data) > MOST_BYTES:
        raise ImportTooLarge(f"表格不超过 {MOST_BYTES >> 20} MB，请分成几个文件。")
    if data.startswith(_OLD_EXCEL):
        detail = "是旧版 .xls，或加了密码的表格，请另存为不加密码的 .xlsx 再导入。"
        raise ImportUnreadable(detail)
    if data.startswith(_ZIP):
        for name, rows in workbook_lines(data, most_columns=MOST_COLUMNS + 1):
            yield Sheet(name, _bounded(rows))
        return
    if data.lstrip()[:1] == b"<":
        raise ImportUnreadable("是网页格式的表格，请在表格软件里打开后另存为 .xlsx 再导入。")
    yield Sheet(None, _bounded(_csv_lines(data)))


def _bounded(rows: Iterable[tuple[int, Sequence[Any]]]) -> tuple[Line, ...]:
    """The lines that are not empty; lines between are counted, and a wide one is refused."""
    lines = []
    for number, cells in rows:
        if number > MOST_LINES:
            detail = f"表格有 {MOST_LINES} 行以上（空行也算），请删去多余的行再导入。"
            raise ImportUnreadable(detail)
        kept = tuple(cells)
        if any(cell is not None and str(cell).strip() for cell in kept[MOST_COLUMNS:]):
            raise ImportUnreadable(f"表格超过 {MOST_COLUMNS} 列，请删去用不到的列再导入。")
        if any(cell is not None and str(cell).strip() for cell in kept):
            lines.append(Line(number, kept[:MOST_COLUMNS]))
    return tuple(lines)


def _csv_lines(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise ImportUnreadable(f"第 {start} 行不是正确的 CSV，请检查引号。") from None
        yield start, cells
        start = reader.line_num + 1


def _delimiter(text: str) -> str:
    """What stands between cells, by the first lines: a comma, or a tab or semicolon where there
    are more of them."""
    beginning = text[:_BEGINNING]
    return max(",\t;", key=beginning.count)


def _decoded(data: bytes) -> str:
    """UTF-8 with or without BOM, else GB18030, which most spreadsheets write in China; UTF-16 is
    what they call Unicode text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return data.decode("utf-16")
    if b"\x00" in data:
        raise ImportUnreadable("不是表格文件，请用 .xlsx 或 .csv。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportUnreadable("文字既不是 UTF-8 也不是 GB18030 编码，请另存为 .xlsx 再导入。")
