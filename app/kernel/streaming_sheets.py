"""Spreadsheets of any size, written row by row while they are sent: nothing is gathered.

An xlsx is a ZIP of XML (ECMA-376), which can be written front to back. Words are inline strings,
which no program takes for formulas; those that begin like one are marked as quoted, so that they
stay words after somebody has edited them. Instants are numbers with a date's format, so that they
can be sorted and filtered.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import get_column_letter

from app.kernel.clock import SHANGHAI
from app.kernel.sheet_styles import (
    DATE,
    HEADING,
    HIGHEST,
    LINE,
    MAIN,
    NOTE,
    NUMBER,
    PRINTED,
    QUOTED,
    STYLES,
    TITLE,
    WORDS,
    lines_of,
)
from app.kernel.sheet_styles import Printed as Printed

Value = str | int | datetime | None
Column = tuple[str, int]
"""A heading, and how wide its column is in characters."""

CSV = "text/csv"
MOST_ROWS = 500_000
"""In one sheet; programs take a million, and a sheet's part of the file stays below 2 GB."""
LONGEST = 32_767
AT_ONCE = 500

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = datetime(1899, 12, 30)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DATED = 1980, 1, 1, 0, 0, 0
"""Of every part: the same rows make the same bytes."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class _Pipe(io.RawIOBase):
    """Takes what is written, gives it away; it cannot be wound back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(data)
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def streamed_xlsx(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    printed: Printed | None = None,
    most_rows: int = MOST_ROWS,
) -> Iterator[bytes]:
    """The pieces of an xlsx: a heading of columns, then the rows; a further sheet where one is
    full."""
    pipe, batches, count = _Pipe(), _batched(rows, most_rows), 0
    write = _lined(columns) if printed else _row
    with ZipFile(pipe, "w", ZIP_DEFLATED) as packed:
        batch = next(batches, None)
        while count == 0 or batch:
            count += 1
            with packed.open(_part(f"xl/worksheets/sheet{count}.xml"), "w") as sheet:
                sheet.write(_opening(columns, printed).encode())
                left = most_rows
                while batch and left:
                    sheet.write("".join(map(write, batch)).encode())
                    left -= len(batch)
                    yield pipe.taken()
                    batch = next(batches, None)
                sheet.write(_ending(columns, printed).encode())
        for name, text in _frame(title, count, printed):
            packed.writestr(_part(name), _XML + text)
    yield pipe.taken()


def _part(name: str) -> ZipInfo:
    part = ZipInfo(name, _DATED)
    part.compress_type, part.external_attr = ZIP_DEFLATED, 0o600 << 16
    return part


def _batched(rows: Iterable[Sequence[Value]], most_rows: int) -> Iterator[list[Sequence[Value]]]:
    """The rows, some at once; a batch never goes over the end of a sheet."""
    waiting, left = iter(rows), most_rows
    while batch := list(islice(waiting, min(AT_ONCE, left))):
        yield batch
        left = (left - len(batch)) or most_rows


def _opening(columns: Sequence[Column], printed: Printed | None) -> str:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_, width) in enumerate(columns, start=1)
    )
    headings = "".join(_words(name, HEADING + (PRINTED if printed else 0)) for name, _ in columns)
    last, row = get_column_letter(len(columns)), printed.heading_row if printed else 1
    fitted = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if printed else ""
    return (
        f'{_XML}<worksheet xmlns="{MAIN}">{fitted}<dimension ref="A1:{last}{row}"/><sheetViews>'
        f'<sheetView workbookViewId="0"><pane ySplit="{row}" topLeftCell="A{row + 1}" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{_above(printed)}<row>{headings}</row>"
    )


def _above(printed: Printed | None) -> str:
    if printed is None:
        return ""
    return (
        f'<row ht="30" customHeight="1">{_words(printed.title, TITLE)}</row>'
        f'<row ht="20" customHeight="1">{_words(printed.note, NOTE)}</row>'
    )


def _ending(columns: Sequence[Column], printed: Printed | None) -> str:
    if printed is None:
        return "</sheetData></worksheet>"
    last = get_column_letter(len(columns))
    return (
        f'</sheetData><mergeCells count="2"><mergeCell ref="A1:{last}1"/>'
        f'<mergeCell ref="A2:{last}2"/></mergeCells><printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
        "</worksheet>"
    )


def _row(values: Sequence[Value]) -> str:
    return f"<row>{''.join(_cell(value, 0) for value in values)}</row>"


def _lined(columns: Sequence[Column]) -> Callable[[Sequence[Value]], str]:
    """How a row for paper is written, given how wide its columns are."""
    widths = [width for _, width in columns]

    def row(values: Sequence[Value]) -> str:
        texts = ((v, w) for v, w in zip(values, widths, strict=True) if isinstance(v, str))
        height = LINE * max((lines_of(text, width) for text, width in texts), default=1)
        cells = "".join(_cell(value, PRINTED) for value in values)
        return f'<row ht="{min(height, HIGHEST)}" customHeight="1">{cells}</row>'

    return row


def _cell(value: Value, shift: int) -> str:
    if value is None or value == "":
        return f'<c s="{shift}"/>' if shift else "<c/>"
    if isinstance(value, datetime):
        return f'<c s="{DATE + shift}"><v>{_serial(value)}</v></c>'
    if isinstance(value, int):
        return f'<c s="{NUMBER + shift}"><v>{value}</v></c>'
    return _words(value, shift + (QUOTED if value.startswith(_STARTS_OF_FORMULAS) else WORDS))


def _words(text: str, style: int) -> str:
    shown = escape(_CONTROLS.sub("", text)[:LONGEST])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _serial(instant: datetime) -> float:
    """Days since the epoch of spreadsheets, in Asia/Shanghai, to the second."""
    local = instant.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return (local - _EPOCH) / timedelta(days=1)


def _frame(title: str, count: int, printed: Printed | None) -> Iterator[tuple[str, str]]:
    """The parts of a workbook around its sheets."""
    numbers = range(1, count + 1)
    yield "xl/styles.xml", STYLES
    yield "xl/workbook.xml", _workbook(title, numbers, printed)
    yield "xl/_rels/workbook.xml.rels", _links(numbers)
    yield (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="w" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    )
    yield "[Content_Types].xml", _kinds(numbers)


def _workbook(title: str, numbers: Iterable[int], printed: Printed | None) -> str:
    names = [escape(title) + ("" if n == 1 else f" {n}") for n in numbers]
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(names, start=1)
    )
    repeated = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">'
        f"'{name}'!$1:${printed.heading_row}</definedName>"
        for place, name in enumerate(names if printed else ())
        if printed
    )
    named = f"<definedNames>{repeated}</definedNames>" if repeated else ""
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>{named}</workbook>'
    )


def _links(numbers: Iterable[int]) -> str:
    links = "".join(
        f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="st" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )


def _kinds(numbers: Iterable[int]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>'
    )


def streamed_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The pieces of a CSV that spreadsheet programs read as UTF-8; words that begin like a formula
    have an apostrophe before them."""
    out, waiting = io.StringIO(newline=""), iter(rows)
    writer = csv.writer(out)
    writer.writerow([name for name, _ in columns])
    yield b"\xef\xbb\xbf" + out.getvalue().encode()
    while batch := list(islice(waiting, AT_ONCE)):
        out.seek(0)
        out.truncate()
        writer.writerows([_plain(value) for value in row] for row in batch)
        yield out.getvalue().encode()


def _plain(value: Value) -> str | int:
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        text = _CONTROLS.sub("", value)
        return f"'{text}" if text.startswith(_STARTS_OF_FORMULAS) else text
    return "" if value is None else value
