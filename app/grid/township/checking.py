"""All rules of a township's files at once. Pure: raw rows and what is known in, faults out."""

from collections.abc import Iterable

from app.grid.township.cells import (
    check_cells,
    check_compound_outlines,
    check_overlaps,
    check_wardens,
)
from app.grid.township.compounds import check_checkpoints, check_compounds
from app.grid.township.faults import Fault, TownshipFaults
from app.grid.township.organisations import check_organisations, directory_of, town_code_of
from app.grid.township.people import check_people
from app.grid.township.reading import (
    CHECKPOINTS,
    COMPOUNDS,
    ORGANISATIONS,
    PEOPLE,
    TABLES,
    WORKBOOK,
    RawTownship,
)
from app.grid.township.rows import CheckedTownship, Known

_FILE_ORDER = (WORKBOOK, *(table.file for table in TABLES), "cells.geojson", "compounds.geojson")


def checked_township(
    raw: RawTownship, known: Known, *, retire_missing: bool = False
) -> CheckedTownship:
    """The township when it breaks no rule; raises TownshipFaults with every fault there is."""
    faults = list(raw.faults)
    township = _check(raw, known, faults, retire_missing=retire_missing)
    if faults:
        raise TownshipFaults(_in_reading_order(faults))
    return township


def _check(
    raw: RawTownship, known: Known, faults: list[Fault], *, retire_missing: bool
) -> CheckedTownship:
    rows, people, compounds, checkpoints = (
        raw.tables[table.name] for table in (ORGANISATIONS, PEOPLE, COMPOUNDS, CHECKPOINTS)
    )
    directory = directory_of(rows, known)
    organisations = () if rows is None else check_organisations(rows, directory, known, faults)
    town = town_code_of(organisations)
    features, outlines = raw.cells or (), raw.compound_outlines or ()
    cells = check_cells(features, directory, faults)
    check_wardens(features, people, faults)
    check_overlaps(cells, known, town, faults, retire_missing=retire_missing)
    codes = None if compounds is None else frozenset(row.values["编码"] for row in compounds)
    return CheckedTownship(
        town_code=town,
        organisations=organisations,
        posts=check_people(people or (), directory, known, faults),
        compounds=check_compounds(compounds or (), directory, known, town, faults),
        checkpoints=check_checkpoints(checkpoints or (), codes, faults),
        cells=tuple(cell.row for cell in cells),
        compound_outlines=check_compound_outlines(outlines, compounds, cells, faults),
    )


def _in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """By file as the README lists them, then by line; as found within a line."""
    ranks = {name: rank for rank, name in enumerate(_FILE_ORDER)}
    return sorted(
        faults, key=lambda fault: (ranks.get(fault.file, -1), fault.file, fault.line or 0)
    )
