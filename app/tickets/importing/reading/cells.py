"""The cells of one row, each read as its column asks; what cannot be read is noted, not raised."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.grid.models import Area
from app.kernel.geo import Datum
from app.kernel.masking import masked, without_numbers
from app.tickets.importing.reading.quoting import quoted
from app.tickets.importing.reading.values import BadCell, instant_of, number_of, text_of
from app.tickets.importing.reading.words import (
    AREA_NAMES,
    DATUM_NAMES,
    SOURCE_CHOICES,
    SOURCE_NAMES,
    Column,
    plain,
)
from app.tickets.intake.elsewhere import A_YEAR, is_believable_limit
from app.tickets.words import Source

LONGEST_NUMBER = 64
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 2000
MOST_PHOTOS = 20
AHEAD = timedelta(minutes=5)

_SEPARATORS = re.compile(r"[;；\n\r、|]+")
_PLAIN_AREAS = {plain(name): area for name, area in AREA_NAMES.items()}
_PLAIN_SOURCES = {plain(name): source for name, source in SOURCE_NAMES.items()}
_PLAIN_DATUMS = {plain(name): datum for name, datum in DATUM_NAMES.items()}

Noted = tuple[Column, str]


class CellReader:
    """Reads the cells of one row; `faults` and `remarks` gather what there is to say of them."""

    def __init__(self, cells: Mapping[Column, Any]) -> None:
        self._cells = cells
        self.faults: list[Noted] = []
        self.remarks: list[Noted] = []

    def text(self, column: Column, longest: int = LONGEST_NAME) -> str:
        """The words of a cell, empty when they cannot be read or are too long."""
        try:
            text = text_of(self._cells.get(column))
        except BadCell as fault:
            self._fault(column, str(fault))
            return ""
        if len(text) > longest:
            self._fault(column, f"超过 {longest} 个字")
            return ""
        return text

    def needed(self, column: Column, longest: int = LONGEST_NAME) -> str:
        """The words of a cell that must not be empty."""
        noted = len(self.faults)
        text = self.text(column, longest)
        if not text and len(self.faults) == noted:
            self._fault(column, "没有填；合并的单元格请拆开，每行都填")
        return text

    def instant(self, column: Column, *, to_the_end: bool = False) -> datetime | None:
        """The instant in a cell, if there is any."""
        try:
            return instant_of(self._cells.get(column), to_the_end=to_the_end)
        except (BadCell, OverflowError) as fault:
            self._fault(column, str(fault) if isinstance(fault, BadCell) else "不是日期")
            return None

    def check_times(
        self, handed_down: datetime | None, due: datetime | None, now: datetime
    ) -> None:
        """Handed down within the last year, and due after that."""
        if handed_down is not None and handed_down > now + AHEAD:
            self._fault(Column.handed_down, "晚于现在")
        if handed_down is not None and handed_down < now - A_YEAR:
            self._fault(Column.handed_down, "是一年以前，请核对年份")
        if due is not None and not is_believable_limit(due, now=now):
            self._fault(Column.due, "离现在太远，请核对年份")
        if handed_down is not None and due is not None and due < handed_down:
            self._fault(Column.due, "早于交办时间")

    def source(self) -> Source | None:
        """Where the row comes from."""
        said = self.needed(Column.source)
        found = _PLAIN_SOURCES.get(plain(said))
        if said and found is None:
            self._fault(Column.source, f"没有{quoted(said)}，请写{'、'.join(SOURCE_CHOICES)}之一")
        return found

    def external_number(self) -> str:
        """The number it has there: never that of a telephone."""
        number = self.needed(Column.number, LONGEST_NUMBER)
        if number and without_numbers(number) != number:
            self._fault(Column.number, "像电话或身份证号码，不能用作编号")
            return ""
        return " ".join(number.split())

    def area(self) -> Area | None:
        """The part of the compound."""
        said = self.text(Column.area)
        found = _PLAIN_AREAS.get(plain(said))
        if said and found is None:
            names = "、".join(name for name in AREA_NAMES if not name.isascii())
            self._fault(Column.area, f"没有{quoted(said)}，请写{names}之一")
        return found

    def position(self) -> tuple[float, float, Datum] | None:
        """Degrees with their datum: all three, or none. A datum is never guessed."""
        noted = len(self.faults)
        lng, lat = self._number(Column.lng), self._number(Column.lat)
        said = self.text(Column.datum)
        datum = _PLAIN_DATUMS.get(plain(said))
        if said and datum is None:
            self._fault(Column.datum, f"没有{quoted(said)}，请写 wgs84、gcj02 或 bd09")
        if (lng is None) != (lat is None) and len(self.faults) == noted:
            self._fault(Column.lng, "经度和纬度须同时填写")
        if lng is None or lat is None or len(self.faults) > noted:
            return None
        if not said:
            self._fault(Column.datum, "有经纬度时须写明坐标系：wgs84、gcj02 或 bd09")
        if not (-180 <= lng <= 180 and -90 <= lat <= 90) or (lng, lat) == (0, 0):
            self._fault(Column.lng, "经纬度不成立，请核对；经度在前")
        return None if datum is None or len(self.faults) > noted else (lng, lat, datum)

    def _number(self, column: Column) -> float | None:
        try:
            return number_of(self._cells.get(column))
        except BadCell as fault:
            self._fault(column, str(fault))
            return None

    def description(self) -> str:
        """What is wrong, without who a resident is."""
        text = self.text(Column.description, LONGEST_DESCRIPTION)
        hidden = masked(text)
        if hidden != text:
            self.remarks.append((Column.description, "其中的电话、身份证号码或房号已隐去，不保存"))
        return hidden

    def photo_names(self) -> tuple[str, ...]:
        """The files named in the cell that can be looked for: names alone, without a folder."""
        said = self.text(Column.photos, LONGEST_DESCRIPTION)
        names = tuple(
            dict.fromkeys(name for part in _SEPARATORS.split(said) if (name := part.strip()))
        )
        if len(names) > MOST_PHOTOS:
            self._fault(Column.photos, f"每行最多 {MOST_PHOTOS} 张")
        if any(map(_has_folder, names)):
            self._fault(Column.photos, "只写文件名，不写文件夹")
        return tuple(name for name in names[:MOST_PHOTOS] if not _has_folder(name))

    def _fault(self, column: Column, message: str) -> None:
        self.faults.append((column, message))


def _has_folder(name: str) -> bool:
    return "/" in name or "\\" in name or name in (".", "..")
