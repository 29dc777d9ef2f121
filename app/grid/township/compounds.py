"""Rules of compounds.csv and checkpoints.csv."""

from collections import Counter
from collections.abc import Sequence

from app.grid.models import AREA_LABELS, COMPOUND_KIND_LABELS, CompoundKind
from app.grid.township.faults import Cause, Fault
from app.grid.township.fields import code_text, labelled, required_text, whole_number
from app.grid.township.organisations import Directory
from app.grid.township.reading import COMPOUNDS, ORGANISATIONS, Row
from app.grid.township.rows import CheckpointRow, CompoundRow, Known
from app.people.models import COMMUNITY_TYPES, OrganisationType


def check_compounds(
    rows: Sequence[Row],
    directory: Directory,
    known: Known,
    town_code: str,
    faults: list[Fault],
) -> tuple[CompoundRow, ...]:
    """The rows that are well formed; every broken rule is added to `faults`."""
    checked: list[CompoundRow] = []
    first: dict[str, Row] = {}
    for row in rows:
        compound = _compound(row, directory, faults)
        if compound is None:
            continue
        checked.append(compound)
        if (earlier := first.setdefault(compound.code, row)) is not row:
            faults.append(row.fault(f"编码 {compound.code} 与第 {earlier.line} 行重复"))
        _check_town(row, compound, known, town_code, faults)
    return tuple(checked)


def check_checkpoints(
    rows: Sequence[Row], compound_codes: frozenset[str] | None, faults: list[Fault]
) -> tuple[CheckpointRow, ...]:
    """The rows that are well formed; `compound_codes` is None when that file is unreadable."""
    checked: list[CheckpointRow] = []
    first: dict[tuple[str, str], Row] = {}
    position: Counter[str] = Counter()
    for row in rows:
        code = code_text(row, "小区编码", faults)
        name = required_text(row, "名称", faults, longest=80)
        area = labelled(row, "区域", AREA_LABELS, faults)
        if code and compound_codes is not None and code not in compound_codes:
            lacking = Cause(COMPOUNDS.name, code, missing=True)
            faults.append(row.fault(f"没有编码为 {code} 的小区", lacking))
        if not (code and name and area):
            continue
        if (earlier := first.setdefault((code, name), row)) is not row:
            faults.append(row.fault(f"小区 {code} 的点位“{name}”与第 {earlier.line} 行重复"))
        position[code] += 1
        checked.append(CheckpointRow(code, name, area, position[code]))
    return tuple(checked)


def _compound(row: Row, directory: Directory, faults: list[Fault]) -> CompoundRow | None:
    code = code_text(row, "编码", faults)
    name = required_text(row, "名称", faults, longest=80)
    organisation = code_text(row, "社区编码", faults)
    kind = labelled(row, "类型", COMPOUND_KIND_LABELS, faults)
    buildings = whole_number(row, "楼栋数", faults)
    households = whole_number(row, "户数", faults)
    company = row.values["物业公司编码"] or None
    if organisation:
        _check_community(row, organisation, directory, faults)
        if kind is CompoundKind.settlement:
            _check_village(row, organisation, directory, faults)
    if company:
        _check_company(row, company, directory, faults)
    if not (code and name and organisation and kind) or buildings is None or households is None:
        return None
    return CompoundRow(code, name, organisation, company, kind, buildings, households)


def _check_town(
    row: Row, compound: CompoundRow, known: Known, town_code: str, faults: list[Fault]
) -> None:
    """A compound of another township, unless its whole community is and is told as such."""
    home = known.organisations.get(compound.organisation_code)
    town = known.compound_towns.get(compound.code, town_code)
    elsewhere = home is not None and home.town_code not in (None, town_code)
    if town_code and town != town_code and not elsewhere:
        faults.append(row.fault(f"编码 {compound.code} 属于另一个镇 {town}"))


def _check_community(row: Row, code: str, directory: Directory, faults: list[Fault]) -> None:
    if directory.own is not None and code not in directory.own:
        what, lacking = f"没有编码为 {code} 的社区或村", directory.lacking(code)
        faults.append(row.fault(what, lacking))
    elif (type_ := directory.type_of(code)) is not None and type_ not in COMMUNITY_TYPES:
        what, named = f"“社区编码” {code} 不是社区或村", Cause(ORGANISATIONS.name, code)
        faults.append(row.fault(what, named))


def _check_village(row: Row, code: str, directory: Directory, faults: list[Fault]) -> None:
    """What is walked every week must not become a settlement, which need not be, by one word."""
    if directory.type_of(code) is OrganisationType.community:
        label = COMPOUND_KIND_LABELS[CompoundKind.settlement]
        faults.append(row.fault(f"“类型”{label}只用于村里的，{code} 是社区"))


def _check_company(row: Row, code: str, directory: Directory, faults: list[Fault]) -> None:
    if not directory.has(code):
        what, lacking = f"没有编码为 {code} 的物业公司", directory.lacking(code)
        faults.append(row.fault(what, lacking))
    elif directory.type_of(code) not in (None, OrganisationType.property_company):
        what, named = f"“物业公司编码” {code} 不是物业公司", Cause(ORGANISATIONS.name, code)
        faults.append(row.fault(what, named))
