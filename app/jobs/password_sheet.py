"""First passwords on paper: one slip a person, to be cut out and handed over."""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from app.people.administration import FirstPassword

Sheet = Callable[[Sequence[FirstPassword], date, str | None], bytes]
"""Draws the passwords as they stand on a day (Asia/Shanghai), with the address to sign in at."""

TITLE = "格巡系统登录凭据"
COLUMNS = ("姓名", "用户名", "单位", "初始口令")
ADVICE = "仅限本人使用，请妥善保管，不要转告他人或拍照外传；需要更换或遗失时，请联系管理员重设。"

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>初始口令单</title><style>
@page {{ size: A4; margin: 12mm }}
body {{ font: 14px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0 }}
main {{ display: grid; grid-template-columns: 1fr 1fr }}
section {{ border: 1px dashed #666; padding: 4mm 6mm; break-inside: avoid }}
dl {{ display: grid; grid-template-columns: 5em 1fr; margin: 0 }}
dd {{ margin: 0; overflow-wrap: anywhere }}
.password {{ font: bold 18px/1.4 monospace }}
h1 {{ font-size: 15px; margin: 0 0 1mm }}
small {{ color: #444 }}
</style></head><body><main>
{slips}
</main></body></html>
"""


def html_sheet(passwords: Sequence[FirstPassword], day: date, address: str | None) -> bytes:
    """A page for printing on A4, two slips in a row with dashed borders to cut along."""
    slips = "\n".join(_html_slip(one, day, _advice(address)) for one in passwords)
    return _PAGE.format(slips=slips).encode()


def xlsx_sheet(passwords: Sequence[FirstPassword], day: date, address: str | None) -> bytes:
    """A workbook with a bordered slip of three rows for each person and a gap between."""
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = "初始口令单"
    for letter, width in zip("ABCD", (14, 18, 34, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    for number, one in enumerate(passwords):
        _xlsx_slip(sheet, number * 4 + 1, _values(one, day), _advice(address))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


SHEETS: Mapping[str, Sheet] = {
    ".html": html_sheet,
    ".xlsx": xlsx_sheet,
}
"""How to draw the sheet, by the ending of the file's name."""


def write_once(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; OSError when it cannot be."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _advice(address: str | None) -> str:
    where = f"登录地址：{address}" if address else "登录地址以管理员的通知为准"
    return f"{where}。{ADVICE}"


def _values(one: FirstPassword, day: date) -> tuple[str, str, str, str]:
    held = [post.organisation.name for post in one.person.posts if post.holds_on(day)]
    places = "、".join(dict.fromkeys(held))
    return (one.person.name, one.person.username, places, one.password)


def _html_slip(one: FirstPassword, day: date, advice: str) -> str:
    pairs = zip(COLUMNS, _values(one, day), strict=True)
    rows = "".join(
        f'<dt>{label}</dt><dd class="{"password" if label == COLUMNS[3] else "text"}">'
        f"{escape(value)}</dd>"
        for label, value in pairs
    )
    return f"<section><h1>{TITLE}</h1><dl>{rows}</dl><small>{escape(advice)}</small></section>"


def _xlsx_slip(sheet: Worksheet, top: int, values: Sequence[str], advice: str) -> None:
    edge = Side(style="thin")
    border = Border(edge, edge, edge, edge)
    for column, (label, value) in enumerate(zip(COLUMNS, values, strict=True), 1):
        head = sheet.cell(top, column, label)
        cell = sheet.cell(top + 1, column, value)
        # A name that begins with "=" is a name, never a formula.
        cell.data_type = "s"
        head.font, head.border, cell.border = Font(bold=True), border, border
    note = sheet.cell(top + 2, 1, advice)
    note.alignment, note.font = Alignment(wrap_text=True, vertical="top"), Font(size=9)
    sheet.merge_cells(start_row=top + 2, end_row=top + 2, start_column=1, end_column=4)
    sheet.row_dimensions[top + 2].height = 30
