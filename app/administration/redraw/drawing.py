"""What is drawn: features read and checked as the loading of a township checks them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.administration.sight import of_towns
from app.grid.indexes import Towns
from app.grid.models import Cell, CellOutline
from app.grid.township.cells import DrawnCell, check_cells
from app.grid.township.faults import Fault
from app.grid.township.features import parse_features
from app.grid.township.organisations import Directory
from app.kernel.dated import ChangePlanned
from app.people.models import Organisation

FILE = "features"


@dataclass(frozen=True, slots=True)
class StandingCell:
    """A cell with the outline in force on the day; None: it has none that day."""

    cell: Cell
    outline: dict[str, Any] | None
    shape: BaseGeometry | None


@dataclass(slots=True)
class Drawing:
    """What is to become of the cells from a day on, with every fault there is."""

    from_on: date
    standing: dict[str, StandingCell]
    """The cells of the whole county in use on the day, by code."""
    drawn: tuple[DrawnCell, ...]
    retired: tuple[str, ...]
    communities: dict[str, Organisation]
    warden_lists: dict[str, list[str]]
    """The usernames that features name as wardens, for those that name any."""
    faults: list[str] = field(default_factory=list)


def read_drawing(
    session: Session,
    document: Any,
    retired: Sequence[str],
    *,
    towns: Towns,
    from_on: date,
) -> Drawing:
    """The drawing in a GeoJSON FeatureCollection; broken rules are its `faults`.

    Raises ChangePlanned when outlines begin later than the day.
    """
    faults: list[Fault] = []
    communities = _communities(session, towns, from_on)
    features = parse_features(FILE, json.dumps(document), faults) or ()
    known = {code: one.type for code, one in communities.items()}
    drawn = check_cells(features, Directory(known, {}), faults)
    standing = _standing(session, from_on)
    drawing = Drawing(
        from_on=from_on,
        standing=standing,
        drawn=tuple(drawn),
        retired=tuple(dict.fromkeys(retired)),
        communities=communities,
        warden_lists={
            str(one.properties.get("code")): list(one.properties["wardens"])
            for one in features
            if isinstance(one.properties.get("wardens"), list)
        },
        faults=[fault.what for fault in faults],
    )
    drawing.faults += _wrong_codes(session, drawing, communities.values())
    _refuse_later_outlines(session, drawing)
    return drawing


def _communities(session: Session, towns: Towns, day: date) -> dict[str, Organisation]:
    rows = session.scalars(
        select(Organisation).where(
            of_towns(towns),
            Organisation.town_id.is_not(None),
            or_(Organisation.retired_on.is_(None), Organisation.retired_on > day),
        )
    )
    return {one.code: one for one in rows}


def _standing(session: Session, day: date) -> dict[str, StandingCell]:
    outlines = {
        cell_id: outline
        for cell_id, outline in session.execute(
            select(CellOutline.cell_id, CellOutline.outline).where(CellOutline.in_force(day))
        )
    }
    cells = session.scalars(
        select(Cell).options(joinedload(Cell.organisation)).where(Cell.in_service(day))
    )
    found: dict[str, StandingCell] = {}
    for cell in cells:
        outline = outlines.get(cell.id)
        found[cell.code] = StandingCell(cell, outline, shape(outline) if outline else None)
    return found


def _wrong_codes(
    session: Session, drawing: Drawing, communities: Iterable[Organisation]
) -> list[str]:
    """Faults of codes: to be retired and unknown or drawn too, or drawn and retired before."""
    drawn = {cell.row.code for cell in drawing.drawn}
    own = {one.id for one in communities}
    wrong = []
    for code in drawing.retired:
        there = drawing.standing.get(code)
        if there is None or there.cell.organisation_id not in own:
            wrong.append(f"没有编码为 {code} 的网格可以停用")
        elif code in drawn:
            wrong.append(f"网格 {code} 不能又重划又停用")
    for cell in drawing.drawn:
        home = drawing.communities.get(cell.row.organisation_code)
        if home is not None and home.retired_on and cell.row.code not in drawing.standing:
            wrong.append(f"{home.name}从 {home.retired_on} 起停用，不能设网格 {cell.row.code}")
    gone = session.scalars(select(Cell.code).where(Cell.code.in_(drawn - drawing.standing.keys())))
    wrong += [f"网格 {code} 已停用，编码不能再用" for code in sorted(gone)]
    return wrong


def _refuse_later_outlines(session: Session, drawing: Drawing) -> None:
    """Cells tile: while some are to change later, nothing before that day can be told to fit."""
    towns = towns_of(drawing)
    later = session.scalar(
        select(CellOutline.from_on)
        .join(Cell, Cell.id == CellOutline.cell_id)
        .join(Organisation, Organisation.id == Cell.organisation_id)
        .where(
            CellOutline.from_on > drawing.from_on,
            or_(CellOutline.to_on.is_(None), CellOutline.to_on > CellOutline.from_on),
            Organisation.town_id.in_(towns),
        )
        .limit(1)
    )
    if later is not None:
        raise ChangePlanned(f"{later} 起已安排了一次重划，请从那天或以后再划。")


def touched_organisations(drawing: Drawing) -> list[Organisation]:
    """The communities whose cells are drawn or retired."""
    codes = [cell.row.organisation_code for cell in drawing.drawn]
    found = [drawing.communities[code] for code in codes if code in drawing.communities]
    retired = [drawing.standing[code] for code in drawing.retired if code in drawing.standing]
    homes = [one.cell.organisation for one in retired]
    # What is out of sight is told as a fault, like what does not exist.
    return [*found, *(home for home in homes if home.code in drawing.communities)]


def towns_of(drawing: Drawing) -> frozenset[Any]:
    """The townships whose cells are drawn or retired."""
    return frozenset(one.town_id for one in touched_organisations(drawing) if one.town_id)
