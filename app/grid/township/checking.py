"""All rules of a township's files at once. Pure: raw rows and what is known in, faults out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from app.grid.township.cells import (
    check_cells,
    check_compound_outlines,
    check_overlaps,
    check_wardens,
    ground_of,
)
from app.grid.township.compounds import check_checkpoints, check_compounds
from app.grid.township.faults import Fault, TownshipFaults
from app.grid.township.fields import is_code, is_username
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
from app.grid.township.retired import check_retired
from app.grid.township.rows import CheckedTownship, Known
from app.grid.township.telling import only_causes, summed_up

_KEYS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    ORGANISATIONS.name: ("编码", is_code),
    PEOPLE.name: ("用户名", is_username),
    COMPOUNDS.name: ("编码", is_code),
}
"""The column by which other files name a table's rows, and what it must look like."""

_SHEET = re.compile(rf"{re.escape(WORKBOOK)}\[(.*)\]")
_SHEETS = {name: table.file for table in TABLES for name in (table.name, table.chinese_name)}
_FILE_ORDER = (WORKBOOK, *(table.file for table in TABLES), "cells.geojson", "compounds.geojson")


def checked_township(
    raw: RawTownship, known: Known, *, retire_missing: bool = False
) -> CheckedTownship:
    """The township when it breaks no rule; raises TownshipFaults with every fault there is."""
    faults = list(raw.faults)
    township = _check(raw, known, faults, retire_missing=retire_missing)
    if faults:
        told = only_causes(_in_reading_order(faults), _unreadable_codes(raw))
        raise TownshipFaults(told, summed_up(told, _sizes(raw)))
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
    check_wardens(features, people, directory, faults)
    check_overlaps(features, cells, known, town, faults, retire_missing=retire_missing)
    check_retired(rows or (), compounds or (), features, known, faults)
    ground = ground_of(features, cells)
    codes = None if compounds is None else frozenset(row.values["编码"] for row in compounds)
    return CheckedTownship(
        town_code=town,
        organisations=organisations,
        posts=check_people(people or (), directory, known, faults),
        compounds=check_compounds(compounds or (), directory, known, town, faults),
        checkpoints=check_checkpoints(checkpoints or (), codes, faults),
        cells=tuple(cell.row for cell in cells),
        compound_outlines=check_compound_outlines(outlines, compounds, ground, faults),
    )


def _in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """By file, or sheet, as the README lists them, then by line; as found within a line."""
    ranks = {name: rank for rank, name in enumerate(_FILE_ORDER)}
    return sorted(
        faults, key=lambda fault: (ranks.get(_file_of(fault), -1), fault.file, fault.line or 0)
    )


def _file_of(fault: Fault) -> str:
    """The file of a fault; of one in a sheet, the CSV that the sheet stands for."""
    sheet = _SHEET.fullmatch(fault.file)
    return _SHEETS.get(sheet[1].strip().lower(), fault.file) if sheet else fault.file


def _unreadable_codes(raw: RawTownship) -> dict[str, int]:
    """How many rows of each table have no code that others could name, or could not be read."""
    lost = Counter(fault.cause.table for fault in raw.faults if fault.cause is not None)
    for name, (column, sound) in _KEYS.items():
        lost[name] += sum(not sound(row.values[column]) for row in raw.tables[name] or ())
    return dict(lost)


def _sizes(raw: RawTownship) -> dict[str, int]:
    """How many rows or features each file has, those that could not be read too."""
    sizes = Counter(fault.file for fault in raw.faults if fault.number or fault.cause)
    for row in chain.from_iterable(rows or () for rows in raw.tables.values()):
        sizes[row.file] += 1
    for feature in chain(raw.cells or (), raw.compound_outlines or ()):
        sizes[feature.file] += 1
    return dict(sizes)
