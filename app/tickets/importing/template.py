"""An empty spreadsheet to fill in: the columns, what may stand in them, and the dictionary."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.catalogue.queries import CategoryView
from app.grid.models import AREA_LABELS
from app.kernel.spreadsheets import saved
from app.tickets.importing.reading.rows import MOST_ROWS
from app.tickets.importing.reading.words import NEEDED, SOURCE_CHOICES, Column

ABOUT = {
    Column.source: "必填。" + "、".join(SOURCE_CHOICES),
    Column.number: "必填。来件上的编号；没有的自编一个。同一来源同一编号已有工单的，导入时跳过",
    Column.handed_down: "如 2026-11-23 09:30",
    Column.due: "来件要求的办结期限，如 2026-11-30；只写日期的算到当天结束",
    Column.category: "必填。名称或代码，见“事项字典”；分不清的写“其他”",
    Column.condition: "名称或代码；不写取该类别的第一个",
    Column.community: "名称、简称或编码；可以不写，小区、网格有重名分不清时才须写",
    Column.compound: "名称或编码；小区、网格、经纬度至少写一样，或照片带有定位",
    Column.cell: "名称或编码",
    Column.area: "、".join(AREA_LABELS.values()),
    Column.lng: "度，如 118.317263",
    Column.lat: "度，如 30.921845",
    Column.datum: "写了经纬度就须写：wgs84（手机定位）、gcj02（高德、腾讯）、bd09（百度）",
    Column.description: "不写居民姓名、电话、房号；电话、身份证号码和房号会被隐去",
    Column.photos: "文件名，多张用分号隔开；照片打成一个 zip 一起上传",
}

WIDTHS = {Column.description: 50, Column.photos: 30, Column.number: 22, Column.compound: 20}
CHOICES = {
    Column.source: SOURCE_CHOICES,
    Column.area: tuple(AREA_LABELS.values()),
    Column.datum: ("wgs84", "gcj02", "bd09"),
}


def template_workbook(categories: Sequence[CategoryView]) -> bytes:
    """The template with the dictionary in force."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "工单"
    sheet.append([column.value for column in Column])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(Column, start=1):
        _shape(sheet, get_column_letter(number), column)
    _explain(workbook.create_sheet("填写说明"))
    _list_dictionary(workbook.create_sheet("事项字典"), categories)
    return saved(workbook)


def _shape(sheet: Any, letter: str, column: Column) -> None:
    """Numbers and codes stay as typed only where a column is text."""
    dimension = sheet.column_dimensions[letter]
    dimension.width = WIDTHS.get(column, 14)
    dimension.number_format = "@"
    sheet[f"{letter}1"].font = Font(bold=True)
    for row in range(2, MOST_ROWS + 2):
        sheet[f"{letter}{row}"].number_format = "@"
    if column in CHOICES:
        listed = DataValidation(type="list", formula1=f'"{",".join(CHOICES[column])}"')
        listed.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        sheet.add_data_validation(listed)


def _explain(sheet: Any) -> None:
    sheet.append(["列", "怎么填"])
    for column in Column:
        sheet.append([column.value, ABOUT[column]])
    sheet.append([])
    needed = "、".join(NEEDED)
    sheet.append(["", f"一个文件最多 {MOST_ROWS} 行。{needed}三列必须有，其余用不到的列可以删去。"])
    sheet.append(["", "姓名、电话、房号等列不读取、不保存；请不要把它们发给无关的人。"])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 80
    sheet["A1"].font = sheet["B1"].font = Font(bold=True)


def _list_dictionary(sheet: Any, categories: Sequence[CategoryView]) -> None:
    sheet.append(["类别", "代码", "情形", "办理时限"])
    for category in categories:
        for condition in category.conditions:
            sheet.append([category.name, category.code, condition.name, condition.limit.label])
    for letter, width in zip("ABCD", (24, 10, 30, 16), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
