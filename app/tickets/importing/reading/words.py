"""The words of a spreadsheet: its columns, and what may be written in them."""

import re
import unicodedata
from enum import StrEnum

from app.grid.models import AREA_LABELS, Area
from app.kernel.geo import Datum
from app.tickets.words import SOURCES_WITHOUT_PHOTO, Source


class Column(StrEnum):
    """The columns that are read, by their heading."""

    source = "来源"
    number = "编号"
    handed_down = "交办时间"
    due = "期限"
    category = "类别"
    condition = "情形"
    community = "社区"
    compound = "小区"
    cell = "网格"
    area = "区域"
    lng = "经度"
    lat = "纬度"
    datum = "坐标系"
    description = "问题描述"
    photos = "照片"


NEEDED = (Column.source, Column.number, Column.category)

OTHER_HEADINGS = {
    "工单编号": Column.number,
    "受理编号": Column.number,
    "热线编号": Column.number,
    "工单号码": Column.number,
    "工单来源": Column.source,
    "来件来源": Column.source,
    "派单时间": Column.handed_down,
    "转办时间": Column.handed_down,
    "交办日期": Column.handed_down,
    "派单日期": Column.handed_down,
    "转办日期": Column.handed_down,
    "办理期限": Column.due,
    "办结期限": Column.due,
    "办理时限": Column.due,
    "办结时限": Column.due,
    "截止日期": Column.due,
    "截止时间": Column.due,
    "事项类别": Column.category,
    "问题类别": Column.category,
    "立案条件": Column.condition,
    "村": Column.community,
    "村社区": Column.community,
    "社区名称": Column.community,
    "所属社区": Column.community,
    "小区名称": Column.compound,
    "所属小区": Column.compound,
    "网格单元": Column.cell,
    "网格名称": Column.cell,
    "所属网格": Column.cell,
    "部位": Column.area,
    "描述": Column.description,
    "反映内容": Column.description,
    "诉求内容": Column.description,
    "问题内容": Column.description,
    "工单内容": Column.description,
    "图片": Column.photos,
}

PRIVATE = (
    "姓名", "来电", "来访", "反映人", "投诉人", "举报人", "联系", "诉求人", "当事人", "业主",
    "居民", "市民", "电话", "手机", "号码", "身份证", "房号", "房间", "门牌", "室号", "户号",
    "楼号", "单元号", "住址", "微信", "邮箱",
)  # fmt: skip
"""What a heading has in it whose column tells who a resident is or where they live."""

_SHIPPED_SOURCES = {
    Source.hotline: ("12345热线", "12345", "热线", "市民热线"),
    Source.superior: ("上级督查", "上级交办", "督查", "交办"),
    Source.resident: ("居民反映", "居民", "群众反映"),
}

SOURCE_NAMES = {
    name: source
    for source in sorted(SOURCES_WITHOUT_PHOTO)
    for name in (source.value, *_SHIPPED_SOURCES[source])
}
"""How a source may be written; the first Chinese name of each is how a template writes it."""

SOURCE_CHOICES = tuple(names[0] for names in _SHIPPED_SOURCES.values())

DATUM_NAMES = {
    "wgs84": Datum.WGS84,
    "gps": Datum.WGS84,
    "cgcs2000": Datum.WGS84,
    "国家2000": Datum.WGS84,
    "gcj02": Datum.GCJ02,
    "高德": Datum.GCJ02,
    "腾讯": Datum.GCJ02,
    "国测局": Datum.GCJ02,
    "bd09": Datum.BD09,
    "百度": Datum.BD09,
}
"""How a datum may be written. CGCS2000 agrees with WGS-84 to less than a phone can measure."""

AREA_NAMES: dict[str, Area] = {
    **{label: area for area, label in AREA_LABELS.items()},
    **{area.value: area for area in Area},
}

ENDINGS = ("合计", "总计", "小计", "备注", "说明", "填表", "制表", "注:")
"""What a line below the rows begins with that is none itself."""

_NOTE = re.compile(r"[(（\[【].*")
_JUNK = re.compile(r"[\s*＊:：_\-/、]+")


def plain(text: str) -> str:
    """A word without what people add: width, spaces, case, hyphens."""
    return _JUNK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def column_headed(heading: str) -> Column | None:
    """The column that a heading stands for; what is in brackets does not count."""
    name = plain(_NOTE.sub("", unicodedata.normalize("NFKC", heading)))
    known = next((column for column in Column if plain(column.value) == name), None)
    return known or OTHER_HEADINGS.get(name)


def is_ending(text: str) -> bool:
    """Whether a line that begins so is what offices write below their rows."""
    return unicodedata.normalize("NFKC", text).strip().startswith(ENDINGS)


def is_private(heading: str) -> bool:
    """Whether a heading promises somebody's name, number or flat."""
    name = plain(heading)
    return any(word in name for word in PRIVATE)
