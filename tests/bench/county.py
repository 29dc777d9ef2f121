"""Townships of a real one's size, in the folder format of `township load`.

There are two unless said otherwise. Each has 14 communities with six compounds and 23 villages
with two settlements: 37 units of four cells unless said otherwise, 130 places that are walked.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

COUNTY = "340297"
_FIRST = 101
COMMUNITIES, VILLAGES = 14, 23
CUT = (2, 2)
"""Into how many cells a unit is cut, from west to east and from south to north."""
COMPANIES = tuple(f"WY297{number:03d}" for number in range(1, 7))
AREAS = ("主出入口", "主干道", "公共环境", "楼道", "宣传栏", "垃圾分类亭")
WEST, SOUTH, WIDTH, HEIGHT = 118.20, 30.80, 0.004, 0.003
UNITS_IN_A_ROW = 8


def town_codes(count: int) -> tuple[str, ...]:
    """The codes of so many townships, 899 at most, from west to east."""
    return tuple(f"{COUNTY}{_FIRST + index}" for index in range(count))


TOWNS = town_codes(2)

Table = list[Sequence[object]]
Ring = list[tuple[float, float]]


@dataclass
class _Folder:
    """The rows of one township."""

    town: str
    cut: tuple[int, int]
    organisations: Table = field(default_factory=list)
    people: Table = field(default_factory=list)
    compounds: Table = field(default_factory=list)
    checkpoints: Table = field(default_factory=list)
    cells: list[tuple[dict[str, object], Ring]] = field(default_factory=list)
    outlines: list[tuple[dict[str, object], Ring]] = field(default_factory=list)


def write_county(
    folder: Path, cut: tuple[int, int] = CUT, towns: Sequence[str] = TOWNS
) -> list[Path]:
    """Writes the townships; the folders to load, in their order."""
    return [_write(folder / town, _township(town, cut)) for town in towns]


def _township(town: str, cut: tuple[int, int]) -> _Folder:
    rows = _Folder(town, cut)
    rows.organisations += [
        (COUNTY, "", "试验县", "县"),
        (f"{COUNTY}-CWB", COUNTY, "试验县查违办", "执法机构"),
        *((code, COUNTY, f"试验物业{code[-1]}", "物业公司") for code in COMPANIES),
        (town, COUNTY, f"试验{town[-3:]}镇", "镇创建办"),
    ]
    rows.people += [
        ("guanli", "系统管理员", "13197000000", COUNTY, "管理员"),
        *(
            (f"wuye{code[-1]}", f"物业员工{code[-1]}", f"1319700001{code[-1]}", code, "物业人员")
            for code in COMPANIES
        ),
        (f"ducha{town[-3:]}", f"督查员{town[-3:]}", f"1319701{town[-3:]}0", town, "督查员"),
    ]
    for number in range(COMMUNITIES + VILLAGES):
        _add_unit(rows, number)
    return rows


def _add_unit(rows: _Folder, number: int) -> None:
    is_village = number >= COMMUNITIES
    code = f"{rows.town}{201 + number - COMMUNITIES if is_village else 1 + number:03d}"
    name = f"第{number + 1}{'村' if is_village else '社区'}"
    rows.organisations.append((code, rows.town, name, "村" if is_village else "社区"))
    for role, sign_in in (("社区负责人", "shequ"), ("网格员", "wangge")):
        phone = f"13{1 if sign_in == 'shequ' else 2}{code[6:9]}00{code[9:]}"
        rows.people.append((f"{sign_in}{code[6:]}", f"{name}{role}", phone, code, role))
    for index in range(rows.cut[0] * rows.cut[1]):
        _add_cell(rows, code, number, index)
    for index in range(2 if is_village else 6):
        _add_compound(rows, code, number, index, is_village=is_village)


def _add_cell(rows: _Folder, code: str, number: int, index: int) -> None:
    properties = {
        "code": f"{code}{index + 1:03d}",
        "name": f"第{number + 1}单元第{index + 1}网格",
        "organisation": code,
        "wardens": [f"wangge{code[6:]}"],
    }
    across, up = rows.cut
    at = index % across / across, index // across / up
    rows.cells.append((properties, _ring(rows.town, number, at, (1 / across, 1 / up))))


def _add_compound(rows: _Folder, code: str, number: int, index: int, *, is_village: bool) -> None:
    compound = f"{code}C{index + 1:02d}"
    kind = "居民点" if is_village else ("商品房小区", "老旧小区")[index % 2]
    company = "" if is_village or index == 5 else COMPANIES[(number + index) % len(COMPANIES)]
    name = f"{'桃李杏梅兰竹菊松柏榆槐柳枫桂荷'[number % 15]}苑{number + 1}区{index + 1}号院"
    rows.compounds.append((compound, name, code, company, kind, 10, 300))
    rows.checkpoints += [(compound, area, area) for area in AREAS]
    at = index % 3 / 3 + 0.05, index // 3 / 2 + 0.05
    rows.outlines.append(({"code": compound}, _ring(rows.town, number, at, (0.2, 0.2))))


def _ring(town: str, number: int, at: tuple[float, float], size: tuple[float, float]) -> Ring:
    """A rectangle in a unit's block, by shares of the block's width and height."""
    offset = (int(town[-3:]) - _FIRST) * UNITS_IN_A_ROW
    west = WEST + (offset + number % UNITS_IN_A_ROW + at[0]) * WIDTH
    south = SOUTH + (number // UNITS_IN_A_ROW + at[1]) * HEIGHT
    east, north = west + size[0] * WIDTH, south + size[1] * HEIGHT
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [(round(lng, 7), round(lat, 7)) for lng, lat in corners]


def _write(folder: Path, rows: _Folder) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "organisations": ("编码,上级编码,名称,类型", rows.organisations),
        "people": ("用户名,姓名,手机号,组织编码,角色", rows.people),
        "compounds": ("编码,名称,社区编码,物业公司编码,类型,楼栋数,户数", rows.compounds),
        "checkpoints": ("小区编码,名称,区域", rows.checkpoints),
    }
    for name, (header, table) in tables.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([header.split(","), *table])
    for name, features in (("cells", rows.cells), ("compounds", rows.outlines)):
        document = {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for properties, ring in features
            ],
        }
        text = json.dumps(document, ensure_ascii=False)
        (folder / f"{name}.geojson").write_text(text, encoding="utf-8")
    return folder
