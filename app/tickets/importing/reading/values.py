"""One cell into one value. Dates come as dates, as serial numbers and as many kinds of text.

A time without an offset is Asia/Shanghai's.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from app.kernel.clock import SHANGHAI
from app.tickets.importing.reading.quoting import quoted

_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_SERIAL_ZERO = datetime(1899, 12, 30)
_SERIALS = (36526, 73051)
"""Excel's numbers of 2000-01-01 and 2100-01-01."""
_EXACT = 10**15
"""From here on a spreadsheet's number has lost its last digits."""

_DATE = r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?|(?P<m2>\d{2})(?P<d2>\d{2}))"
_TIME = r"(?P<h>\d{1,2})[:时点](?:(?P<i>\d{1,2})分?(?::?(?P<s>\d{1,2})秒?)?)?"
_WRITTEN = re.compile(rf"{_DATE}(?:[T ]*(?P<half>上午|下午)? *{_TIME})?", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,3}", re.ASCII)
_KEPT_AS_TEXT = re.compile(r'="(?P<formula>[^"]*)"|\'(?P<quoted>\d+)', re.ASCII)
"""How digits are kept from a spreadsheet program that would make a number of them."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\ufffe\uffff]")
_ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)


class BadCell(ValueError):
    """What is in a cell cannot be what its column asks for; the message is Chinese."""


def text_of(value: Any) -> str:
    """The words of a cell, trimmed, without what no database holds; raises BadCell."""
    if value is None:
        return ""
    if isinstance(value, float):
        return _digits(value)
    if isinstance(value, datetime | date | time):
        raise BadCell("被表格软件改成了日期或时间，请把这一列设为文本后重填")
    text = _CONTROLS.sub("", str(value)).encode("utf-8", "ignore").decode()
    text = unicodedata.normalize("NFC", text).strip()
    if text.upper() in _ERROR_VALUES:
        raise BadCell(f"单元格是错误值 {text}")
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell(f"{text} 已被表格软件改成科学计数，末几位没有了，请把这一列设为文本后重填")
    kept = _KEPT_AS_TEXT.fullmatch(text)
    return kept["formula"] or kept["quoted"] or "" if kept else text


def _digits(value: float) -> str:
    if not value.is_integer():
        return repr(value)
    if abs(value) >= _EXACT:
        raise BadCell("是 15 位以上的数字，末几位已被表格软件改掉，请把这一列设为文本后重填")
    return str(int(value))


def number_of(value: Any) -> float | None:
    """The number in a cell; None when it is empty; raises BadCell."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = unicodedata.normalize("NFKC", text_of(value))
    if not text:
        return None
    if not re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,20})?", text, re.ASCII):
        raise BadCell(f"{quoted(text)}不是数字")
    return float(text)


def instant_of(value: Any, *, to_the_end: bool = False) -> datetime | None:
    """The instant in a cell; a day alone is its beginning, or its last second; raises BadCell."""
    if value is None:
        return None
    found = _wall_time(value)
    if found is None:
        return None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise BadCell(f"年份不对：{found.year}")
    if to_the_end and found.time() == time():
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _wall_time(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return _to_the_second(value)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, bool | time | timedelta):
        raise BadCell("不是日期")
    if isinstance(value, int | float) and _SERIALS[0] <= value < _SERIALS[1]:
        return _of_serial(value)
    return _written(text_of(value))


def _of_serial(number: float) -> datetime:
    return _to_the_second(_SERIAL_ZERO + timedelta(days=number))


def _to_the_second(value: datetime) -> datetime:
    """A serial number is a binary fraction of a day: 09:30 may come as 09:29:59.999997."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _written(text: str) -> datetime | None:
    """A date as people write it, with or without a time; also RFC 3339 and a serial number."""
    if not text:
        return None
    said = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", said, re.ASCII):
        return _of_serial(float(said))
    parts = _WRITTEN.fullmatch(re.sub(r" *([-/.年月日:时分]) *", r"\1", said))
    try:
        return _of_parts(parts) if parts else _with_offset(said)
    except ValueError:
        raise BadCell(f"{quoted(text)}不是日期，请写成 2026-11-23 09:30 的样子") from None


def _of_parts(parts: re.Match[str]) -> datetime:
    month, day = parts["m"] or parts["m2"], parts["d"] or parts["d2"]
    hour = int(parts["h"] or 0)
    if parts["half"] == "下午" and hour < 12:
        hour += 12
    minute, second = int(parts["i"] or 0), int(parts["s"] or 0)
    return datetime(int(parts["y"]), int(month), int(day), hour, minute, second)


def _with_offset(text: str) -> datetime:
    """RFC 3339 with an offset; ValueError for anything else."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(SHANGHAI)
