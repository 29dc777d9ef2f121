"""Rules of organisations.csv: one town in one county, a tree, codes that are its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.grid.township.faults import Cause, Fault
from app.grid.township.fields import code_text, labelled, required_text
from app.grid.township.reading import ORGANISATIONS, Row
from app.grid.township.rows import Known, OrganisationRow
from app.people.models import COMMUNITY_TYPES, ORGANISATION_TYPE_LABELS, OrganisationType

County = OrganisationType.county
Town = OrganisationType.town

PARENT_TYPES: Mapping[OrganisationType, tuple[OrganisationType, ...]] = {
    County: (),
    Town: (County,),
    OrganisationType.management_group: (Town,),
    **{community: (Town,) for community in sorted(COMMUNITY_TYPES)},
    OrganisationType.property_company: (County,),
    OrganisationType.enforcement_body: (County, Town),
}
"""What each type of organisation may hang under."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The organisations that other tables may name: type by code, None when it is not certain.

    `own` holds the codes in the file and is None when the file could not be read; `shared` holds
    the county's rows in the database.
    """

    own: Mapping[str, OrganisationType | None] | None
    shared: Mapping[str, OrganisationType]

    def has(self, code: str) -> bool:
        """Whether the code may be named; everything may while the file is unreadable."""
        return self.own is None or code in self.own or code in self.shared

    def type_of(self, code: str) -> OrganisationType | None:
        """The type of an organisation that may be named, None when it is not certain."""
        return (self.own or {}).get(code) or self.shared.get(code)

    def lacking(self, code: str) -> Cause:
        """Why a code may not be named: there is no such organisation."""
        return Cause(ORGANISATIONS.name, code, missing=True)


def directory_of(rows: Sequence[Row] | None, known: Known) -> Directory:
    """What other tables may name, taken from the raw rows so that one fault makes no others."""
    shared = {o.code: o.type for o in known.organisations.values() if o.town_code is None}
    if rows is None:
        return Directory(None, shared)
    types = {label: type_ for type_, label in ORGANISATION_TYPE_LABELS.items()}
    own = {row.values["编码"]: types.get(row.values["类型"]) for row in rows}
    return Directory(own, shared)


def check_organisations(
    rows: Sequence[Row], directory: Directory, known: Known, faults: list[Fault]
) -> tuple[OrganisationRow, ...]:
    """The rows that are well formed; every broken rule is added to `faults`."""
    read = [
        (row, checked) for row in rows if (checked := _read(row, directory, faults)) is not None
    ]
    town_code = _the_town(rows, read, faults)
    _check_county(read, known, faults)
    first: dict[str, Row] = {}
    for row, checked in read:
        if (earlier := first.setdefault(checked.code, row)) is not row:
            faults.append(row.fault(f"编码 {checked.code} 与第 {earlier.line} 行重复"))
            continue
        _check_known(row, checked, town_code, known, faults)
    _check_cycles(list(first.values()), faults)
    return tuple(checked for _, checked in read)


def town_code_of(organisations: Sequence[OrganisationRow]) -> str:
    """The code of the town, or empty when there is none."""
    return next((o.code for o in organisations if o.type is Town), "")


def _read(row: Row, directory: Directory, faults: list[Fault]) -> OrganisationRow | None:
    code = code_text(row, "编码", faults)
    name = required_text(row, "名称", faults, longest=80)
    type_ = labelled(row, "类型", ORGANISATION_TYPE_LABELS, faults)
    parent = row.values["上级编码"] or None
    if type_ is not None:
        _check_parent(row, type_, parent, directory, faults)
    if code is None or name is None or type_ is None:
        return None
    return OrganisationRow(code, name, type_, parent)


def _the_town(
    rows: Sequence[Row], read: Sequence[tuple[Row, OrganisationRow]], faults: list[Fault]
) -> str | None:
    towns = [(row, checked) for row, checked in read if checked.type is Town]
    label = ORGANISATION_TYPE_LABELS[Town]
    types = {row.values["类型"] for row in rows}
    # A row whose type cannot be read may be the one.
    if label not in types and types <= set(ORGANISATION_TYPE_LABELS.values()):
        faults.append(Fault(rows[0].file if rows else ORGANISATIONS.file, 1, f"没有{label}这一行"))
    for row, _ in towns[1:]:
        faults.append(row.fault(f"一个文件夹只能有一个{label}，第 {towns[0][0].line} 行已有一个"))
    return towns[0][1].code if towns else None


def _check_county(
    read: Sequence[tuple[Row, OrganisationRow]], known: Known, faults: list[Fault]
) -> None:
    counties = [(row, checked) for row, checked in read if checked.type is County]
    for row, _ in counties[1:]:
        faults.append(row.fault(f"只能有一个县，第 {counties[0][0].line} 行已有一个"))
    for row, checked in counties[:1]:
        if known.county_code not in (None, checked.code):
            faults.append(row.fault(f"本系统的县是 {known.county_code}，不是 {checked.code}"))


def _check_parent(
    row: Row,
    own: OrganisationType,
    parent: str | None,
    directory: Directory,
    faults: list[Fault],
) -> None:
    allowed, label = PARENT_TYPES[own], ORGANISATION_TYPE_LABELS[own]
    if parent is None or not allowed:
        if parent is not None:
            faults.append(row.fault(f"{label}没有上级，“上级编码”应为空"))
        elif allowed:
            faults.append(row.fault("“上级编码”不能为空"))
        return
    if not directory.has(parent):
        faults.append(row.fault(f"没有编码为 {parent} 的上级组织", directory.lacking(parent)))
        return
    type_ = directory.type_of(parent)
    if type_ is not None and type_ not in allowed:
        wanted = "或".join(ORGANISATION_TYPE_LABELS[one] for one in allowed)
        what = f"{label}的上级应是{wanted}，{parent} 是{ORGANISATION_TYPE_LABELS[type_]}"
        faults.append(row.fault(what, Cause(ORGANISATIONS.name, parent)))


def _check_known(
    row: Row, checked: OrganisationRow, town_code: str | None, known: Known, faults: list[Fault]
) -> None:
    there = known.organisations.get(checked.code)
    if there is None:
        return
    if there.type is not checked.type:
        label = ORGANISATION_TYPE_LABELS[there.type]
        faults.append(row.fault(f"编码 {checked.code} 在系统里是{label}“{there.name}”"))
    elif there.town_code is None or town_code is None:
        return
    elif there.town_code != town_code:
        faults.append(row.fault(f"编码 {checked.code} 属于另一个镇 {there.town_code}"))
    elif there.parent_code != checked.parent_code:
        faults.append(row.fault(f"上级在系统里是 {there.parent_code}，不能改"))


def _check_cycles(rows: Sequence[Row], faults: list[Fault]) -> None:
    """A fault at every row whose chain of parents comes back to itself."""
    parents = {row.values["编码"]: row.values["上级编码"] for row in rows}
    for row in rows:
        chain = [row.values["编码"]]
        while (above := parents.get(chain[-1])) and above not in chain:
            chain.append(above)
        if above == chain[0]:
            faults.append(row.fault(f"上级关系成了一个圈：{' → '.join([*chain, chain[0]])}"))
