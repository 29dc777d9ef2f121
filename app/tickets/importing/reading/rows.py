"""Lines into rows: the header is found, each cell is read, and every fault is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from app.grid.models import Area
from app.kernel.geo import Datum
from app.tickets.importing.errors import ImportUnreadable
from app.tickets.importing.reading.cells import CellReader
from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.sheets import Line, Sheet, read_sheets
from app.tickets.importing.reading.words import NEEDED, Column, column_headed, is_ending, is_private
from app.tickets.words import SOURCE_LABELS, Source

MOST_ROWS = 500
HEADER_WITHIN = 20
"""A title, a date and a unit may stand above the header."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fault or a remark: what is said about a line (None: about the file) and a column."""

    line: int | None
    field: str | None
    message: str


@dataclass(frozen=True, slots=True)
class GivenPosition:
    """Degrees on the datum that was written beside them."""

    lng: float
    lat: float
    datum: Datum


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One row as it was written, each cell read; texts hold nobody's number. What is in a column
    that is `faulty` could not be read, and stands here as nothing or as something."""

    line: int
    source: Source
    number: str
    category: str
    condition: str
    community: str
    compound: str
    cell: str
    area: Area | None
    position: GivenPosition | None
    description: str
    handed_down_at: datetime | None
    due_at: datetime | None
    photos: tuple[str, ...]
    faulty: frozenset[Column] = frozenset()


@dataclass(slots=True)
class SaidSheet:
    """What a file says: its rows, also those with faults, what is wrong, and what is only
    remarked."""

    sheet: str | None
    rows: list[SaidRow] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the columns are; `line` is the header's own, or the lower one of two."""

    line: int
    at: dict[Column, int]
    others: tuple[str, ...]


def read_rows(data: bytes, *, now: datetime) -> SaidSheet:
    """The rows of the first sheet that has the header.

    Raises ImportTooLarge, or ImportUnreadable when no row can be read.
    """
    for sheet in read_sheets(data):
        header = _header_of(sheet)
        if header is not None:
            return _read(sheet, header, now)
    wanted = "、".join(NEEDED)
    raise ImportUnreadable(f"找不到表头：前 {HEADER_WITHIN} 行里须有一行写着{wanted}等列名。")


def _header_of(sheet: Sheet) -> _Header | None:
    for line, below in zip_longest(sheet.lines, sheet.lines[1:]):
        if line.number > HEADER_WITHIN:
            return None
        known = _columns(line)
        if Column.number in known and (Column.category in known or Column.source in known):
            line = _of_two(line, below) or line
            return _checked_header(line, _columns(line))
    return None


def _columns(line: Line) -> list[Column | None]:
    return [column_headed(_heading(cell)) for cell in line.cells]


def _of_two(line: Line, below: Line | None) -> Line | None:
    """A header over two lines, cells merged across and down, as one; None when it is one line."""
    said = [_heading(cell) for cell in below.cells] if below else []
    if below is None or not any(said) or not all(map(column_headed, filter(None, said))):
        return None
    cells = (low or high for high, low in zip_longest(line.cells, said))
    return Line(below.number, tuple(cells))


def _checked_header(line: Line, known: Sequence[Column | None]) -> _Header:
    twice = next((c for c in known if c is not None and known.count(c) > 1), None)
    if twice is not None:
        raise ImportUnreadable(f"第 {line.number} 行是表头，其中“{twice}”有两列，请只留一列。")
    missing = [column for column in NEEDED if column not in known]
    if missing:
        raise ImportUnreadable(f"第 {line.number} 行是表头，其中没有：{'、'.join(missing)}。")
    headings = [_heading(cell) for cell in line.cells]
    others = (name for name, column in zip(headings, known, strict=True) if name and not column)
    at = {column: place for place, column in enumerate(known) if column is not None}
    return _Header(line.number, at, tuple(others))


def _heading(cell: Any) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _read(sheet: Sheet, header: _Header, now: datetime) -> SaidSheet:
    said = SaidSheet(sheet.name, remarks=list(_about_other_columns(header)))
    below = [line for line in sheet.lines if line.number > header.line]
    lines = [line for line in below if not _is_ending(line, header)]
    kept = {line.number for line in lines}
    ends = [line.number for line in below if line.number not in kept]
    said.remarks += [Told(number, None, "表尾的一行，没有当作一件") for number in ends]
    if not lines:
        raise ImportUnreadable("表头下面没有内容。")
    if len(lines) > MOST_ROWS:
        detail = f"一个文件最多 {MOST_ROWS} 行，这个有 {len(lines)} 行，请分成几个文件。"
        raise ImportUnreadable(detail)
    said.rows += [_row(line, header, said, now) for line in lines]
    _refuse_repeated(said)
    return said


def _about_other_columns(header: _Header) -> Iterable[Told]:
    private = [quoted(name) for name in header.others if is_private(name)]
    ignored = [quoted(name) for name in header.others if not is_private(name)]
    if private:
        message = f"可能含居民个人信息的列，没有读取，也不保存：{'、'.join(private)}"
        yield Told(header.line, None, message)
    if ignored:
        yield Told(header.line, None, f"用不到的列，没有读取：{'、'.join(ignored)}")


def _row(line: Line, header: _Header, said: SaidSheet, now: datetime) -> SaidRow:
    cells = CellReader({column: _cell(line, place) for column, place in header.at.items()})
    handed_down, due = cells.instant(Column.handed_down), cells.instant(Column.due, to_the_end=True)
    cells.check_times(handed_down, due, now)
    source, number = cells.source(), cells.external_number()
    category = cells.needed(Column.category)
    given = cells.position()
    row = SaidRow(
        line=line.number,
        source=source or Source.resident,
        number=number,
        category=category,
        condition=cells.text(Column.condition),
        community=cells.text(Column.community),
        compound=cells.text(Column.compound),
        cell=cells.text(Column.cell),
        area=cells.area(),
        position=GivenPosition(*given) if given else None,
        description=cells.description(),
        handed_down_at=handed_down,
        due_at=due,
        photos=cells.photo_names(),
    )
    said.faults += [Told(line.number, fault[0], fault[1]) for fault in cells.faults]
    said.remarks += [Told(line.number, remark[0], remark[1]) for remark in cells.remarks]
    return replace(row, faulty=frozenset(column for column, _ in cells.faults))


def _is_ending(line: Line, header: _Header) -> bool:
    """A total or a note below the rows: it begins as such, and has no category."""
    first = next(cell for cell in map(_heading, line.cells) if cell)
    return is_ending(first) and not _heading(_cell(line, header.at[Column.category]))


def _cell(line: Line, place: int) -> Any:
    return line.cells[place] if place < len(line.cells) else None


def _refuse_repeated(said: SaidSheet) -> None:
    """One number of one source stands in a file once."""
    first: dict[tuple[Source, str], int] = {}
    for place, row in enumerate(said.rows):
        if row.faulty & {Column.source, Column.number}:
            continue
        earlier = first.setdefault((row.source, row.number), row.line)
        if earlier != row.line:
            what = f"{SOURCE_LABELS[row.source]}的 {row.number} 与第 {earlier} 行重复"
            said.faults.append(Told(row.line, Column.number, what))
            said.rows[place] = replace(row, faulty=row.faulty | {Column.number})
