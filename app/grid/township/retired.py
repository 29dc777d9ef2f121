"""What is retired, or is to be: files hang nothing new on it."""

from collections.abc import Sequence

from app.grid.township.faults import Fault
from app.grid.township.features import Feature
from app.grid.township.reading import Row
from app.grid.township.rows import Known


def check_retired(
    organisations: Sequence[Row],
    compounds: Sequence[Row],
    cells: Sequence[Feature],
    known: Known,
    faults: list[Fault],
) -> None:
    """No contract with a company that is retired, nothing new below what is to be retired.

    What the township itself retired comes back when its files name it; the county's does not.
    """
    for row in organisations:
        if row.values["编码"] not in known.organisations:
            _refuse_ending(row, row.values["上级编码"], known, faults)
    for row in compounds:
        company = known.organisations.get(row.values["物业公司编码"])
        if company is not None and company.is_retired:
            what = f"物业公司 {company.code}（{company.name}）已于 {company.retired_on} 停用"
            faults.append(row.fault(what))
        if row.values["编码"] not in known.compound_towns:
            _refuse_ending(row, row.values["社区编码"], known, faults)
    for feature in cells:
        if feature.properties.get("code") not in known.cells:
            _refuse_ending(feature, feature.properties.get("organisation"), known, faults)


def _refuse_ending(row: Row | Feature, code: object, known: Known, faults: list[Fault]) -> None:
    place = known.organisations.get(code) if isinstance(code, str) else None
    if place is not None and place.retired_on is not None and not place.is_retired:
        faults.append(row.fault(f"{code}（{place.name}）从 {place.retired_on} 起停用，不能再添"))
