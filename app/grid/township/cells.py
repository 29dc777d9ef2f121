"""Rules of cells.geojson and compounds.geojson."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.grid.township.faults import Cause, Fault
from app.grid.township.features import Feature
from app.grid.township.organisations import Directory
from app.grid.township.outlines import overlapping_pairs, polygon_of
from app.grid.township.reading import COMPOUNDS, PEOPLE, Row
from app.grid.township.rows import CellRow, Known, KnownCell
from app.people.models import COMMUNITY_TYPES, ROLE_LABELS, Role

CELL_CODE = re.compile(r"[0-9]{15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DrawnCell:
    """A well-formed cell with its shape and the feature it came from."""

    row: CellRow
    feature: Feature
    shape: BaseGeometry


def check_cells(
    features: Sequence[Feature], directory: Directory, faults: list[Fault]
) -> list[DrawnCell]:
    """The cells that are well formed; every broken rule but those of wardens and overlap."""
    drawn: list[DrawnCell] = []
    first: dict[str, Feature] = {}
    for feature in features:
        code = feature.properties.get("code")
        if isinstance(code, str) and (earlier := first.setdefault(code, feature)) is not feature:
            faults.append(feature.fault(f"编码 {code} 与第{earlier.number}个要素重复"))
        before = len(faults)
        row = _cell(feature, directory, faults)
        figure = polygon_of(feature.geometry)
        if isinstance(figure, str):
            faults.append(feature.fault(figure))
        elif row is not None and len(faults) == before:
            drawn.append(DrawnCell(replace(row, outline=figure[1]), feature, figure[0]))
    return drawn


def check_wardens(
    features: Sequence[Feature],
    people: Sequence[Row] | None,
    directory: Directory,
    faults: list[Fault],
) -> None:
    """Every warden named by a cell is a warden of that cell's community in people.csv.

    Looks at the raw rows, so that a fault elsewhere in a row makes no other; None: unreadable.
    """
    if people is None:
        return
    homes = _warden_homes(people, directory)
    for feature in features:
        for name in _warden_names(feature) or ():
            wrong = _wrong_warden(name, _certain_home(feature, directory), homes)
            if wrong:
                faults.append(feature.fault(*wrong))


def check_overlaps(
    features: Sequence[Feature],
    cells: Sequence[DrawnCell],
    known: Known,
    town_code: str,
    faults: list[Fault],
    *,
    retire_missing: bool,
) -> None:
    """No cell shares ground with another one, nor with a cell that stays in force."""
    staying = _staying_cells(features, known, town_code, retire_missing=retire_missing)
    shapes = [cell.shape for cell in cells] + [shape for _, shape in staying]
    named = [(cell.row.code, "") for cell in cells]
    named += [(there.code, _staying_hint(there, town_code)) for there, _ in staying]
    pairs = [pair for pair in overlapping_pairs(shapes) if pair[0] < len(cells)]
    for at, shared in _told_at(pairs, len(cells)).items():
        told = (
            f"与网格 {named[other][0]} 重叠 {area:.0f} 平方米{named[other][1]}"
            for other, area in shared
        )
        faults.append(cells[at].feature.fault("，".join(told)))


def _told_at(
    pairs: Sequence[tuple[int, int, float]], own: int
) -> dict[int, list[tuple[int, float]]]:
    """Each overlap at one of its two cells: of ours, the one that overlaps most others, else the
    later one; with what else it overlaps."""
    partners: Counter[int] = Counter(index for a, b, _ in pairs for index in (a, b) if index < own)
    told: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for first, second, area in pairs:
        at = max((i for i in (first, second) if i < own), key=lambda i: (partners[i], i))
        told[at].append((first + second - at, area))
    return told


def _staying_cells(
    features: Sequence[Feature], known: Known, town_code: str, *, retire_missing: bool
) -> list[tuple[KnownCell, BaseGeometry]]:
    """Cells in force that the files do not replace, with their shapes."""
    named = {feature.properties.get("code") for feature in features}
    return [
        (cell, cell.outline)
        for cell in known.cells.values()
        if cell.outline is not None
        and cell.code not in named
        and not (retire_missing and cell.town_code == town_code)
    ]


def _staying_hint(cell: KnownCell, town_code: str) -> str:
    if cell.town_code != town_code:
        return f"（它属于另一个镇 {cell.town_code}）"
    return "（文件里没有它，系统里还在用；要停用请加 --retire-missing）"


def ground_of(
    features: Sequence[Feature], cells: Sequence[DrawnCell]
) -> dict[str, list[BaseGeometry]]:
    """The shapes of each community's cells, of those communities only whose cells are all known."""
    ground: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell in cells:
        ground[cell.row.organisation_code].append(cell.shape)
    drawn = {cell.feature.number for cell in cells}
    for feature in features:
        if feature.number not in drawn:
            ground.pop(str(feature.properties.get("organisation")), None)
            ground.pop(str(feature.properties.get("code"))[:-3], None)
    return ground


def check_compound_outlines(
    features: Sequence[Feature],
    compounds: Sequence[Row] | None,
    ground: Mapping[str, Sequence[BaseGeometry]],
    faults: list[Fault],
) -> dict[str, dict[str, Any]]:
    """Tidy outlines by compound code; each must touch a cell of the compound's community.

    `compounds` are the raw rows of compounds.csv; None: unreadable. `ground` is ground_of's.
    """
    homes = (
        None if compounds is None else {r.values["编码"]: r.values["社区编码"] for r in compounds}
    )
    outlines: dict[str, dict[str, Any]] = {}
    for feature in features:
        code = feature.properties.get("code")
        if wrong := _wrong_compound(code, homes, outlines):
            faults.append(feature.fault(*wrong))
        figure = polygon_of(feature.geometry)
        if isinstance(figure, str):
            faults.append(feature.fault(figure))
            continue
        if isinstance(code, str):
            outlines.setdefault(code, figure[1])
            around = ground.get((homes or {}).get(code, ""), [])
            if around and not any(figure[0].intersects(one) for one in around):
                faults.append(feature.fault("轮廓不在所属社区的任何网格里"))
    return outlines


def _cell(feature: Feature, directory: Directory, faults: list[Fault]) -> CellRow | None:
    code, name, home = (_text(feature, key, faults) for key in ("code", "name", "organisation"))
    wardens = _warden_names(feature)
    if wardens is None:
        faults.append(feature.fault("wardens 应是用户名的列表"))
    if code and not CELL_CODE.fullmatch(code):
        faults.append(feature.fault(f"网格编码 {code} 不是 15 位数字"))
    elif code and home and _is_own(home, directory) and code[:-3] != home:
        faults.append(feature.fault(f"网格编码应是所属组织编码 {home} 加 3 位顺序号"))
    if home and not _is_own(home, directory):
        faults.append(feature.fault(f"没有编码为 {home} 的社区或村", directory.lacking(home)))
    elif home and directory.type_of(home) not in (None, *COMMUNITY_TYPES):
        faults.append(feature.fault(f"organisation {home} 不是社区或村"))
    if not (code and name and home) or wardens is None:
        return None
    return CellRow(code, name, home, tuple(dict.fromkeys(wardens)), {})


def _is_own(code: str, directory: Directory) -> bool:
    return directory.own is None or code in directory.own


def _certain_home(feature: Feature, directory: Directory) -> str | None:
    """The cell's community, None when what the file says of it is wrong itself."""
    code, home = feature.properties.get("code"), feature.properties.get("organisation")
    if not isinstance(code, str) or not isinstance(home, str):
        return None
    return home if code[:-3] == home and _is_own(home, directory) else None


def _warden_homes(people: Sequence[Row], directory: Directory) -> dict[str, set[str] | None]:
    """By username the communities where one is a warden; None when a row leaves it open."""
    homes: dict[str, set[str] | None] = {}
    for row in people:
        name, role, home = (row.values[column] for column in ("用户名", "角色", "组织编码"))
        held = homes.setdefault(name, set())
        if role not in ROLE_LABELS.values() or not directory.has(home):
            homes[name] = None
        elif held is not None and role == ROLE_LABELS[Role.warden]:
            held.add(home)
    return homes


def _text(feature: Feature, key: str, faults: list[Fault]) -> str | None:
    value = feature.properties.get(key)
    if isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= 80:
        return value.strip()
    faults.append(feature.fault(f"{key} 应是文字，不能为空，最多 80 个字"))
    return None


def _warden_names(feature: Feature) -> list[str] | None:
    names = feature.properties.get("wardens", [])
    if names is None:
        return []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return names


def _wrong_warden(
    name: str, community: str | None, homes: Mapping[str, set[str] | None]
) -> tuple[str, Cause | None] | None:
    if name not in homes:
        return f"人员表里没有网格员 {name}", Cause(PEOPLE.name, name, missing=True)
    held = homes[name]
    if held is None:
        return None
    if not held:
        return f"{name} 不是网格员", Cause(PEOPLE.name, name)
    if community is not None and community not in held:
        return f"网格员 {name} 是别的社区（{'、'.join(sorted(held))}）的", None
    return None


def _wrong_compound(
    code: Any, homes: Mapping[str, str] | None, outlines: Mapping[str, Any]
) -> tuple[str, Cause | None] | None:
    if not isinstance(code, str) or not code:
        return "code 应是小区编码", None
    if homes is not None and code not in homes:
        return f"没有编码为 {code} 的小区", Cause(COMPOUNDS.name, code, missing=True)
    return (f"小区 {code} 的轮廓重复", None) if code in outlines else None
