"""An xlsx workbook, looked at before it is parsed: parts, sizes, no document type."""

import io
import zlib
from collections.abc import Iterator, Sequence
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook

from app.tickets.importing.errors import ImportUnreadable

MOST_PARTS = 1000
MOST_UNPACKED = 10 * 1024 * 1024
"""Of all parts, pictures too: any of them may be named as a sheet. 500 rows with long descriptions
are a tenth of it."""

_DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_CHUNK = 1 << 18
_NO_WORKBOOK = "不是正确的 xlsx 文件，请在表格软件里打开后另存为 .xlsx 再导入。"


def workbook_lines(
    data: bytes, *, most_columns: int
) -> Iterator[tuple[str, Iterator[tuple[int, Sequence[Any]]]]]:
    """Each visible sheet's name with its numbered lines, values only, formulas as last computed.

    Lines are parsed as they are asked for, before the next sheet is. Raises ImportUnreadable.
    """
    _look_at(data)
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        # The parser's own errors are of every kind: whatever it is, it is not a workbook.
        raise ImportUnreadable(_NO_WORKBOOK) from error
    try:
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible" and hasattr(sheet, "reset_dimensions"):
                yield sheet.title, _lines(sheet, most_columns)
    finally:
        workbook.close()


def _lines(sheet: Any, most_columns: int) -> Iterator[tuple[int, Sequence[Any]]]:
    # What a sheet says about its size is not believed: only its rows are.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=most_columns, values_only=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise ImportUnreadable(_NO_WORKBOOK) from error
        yield number, cells


def _look_at(data: bytes) -> None:
    """Refuses what would grow beyond bounds, or brings entities of its own, when parsed.

    A part never gives more bytes than its entry says, so the sum of those is the bound.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise ImportUnreadable("表格解开后过大，请只留要导入的内容，另存为 .xlsx 再导入。")
            for part in parts:
                _refuse_document_type(archive, part)
    except (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise ImportUnreadable(_NO_WORKBOOK) from error


def _refuse_document_type(archive: ZipFile, entry: ZipInfo) -> None:
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if any(mark in tail + chunk for mark in _DOCUMENT_TYPES):
                raise ImportUnreadable(_NO_WORKBOOK)
            tail = chunk[-32:]
