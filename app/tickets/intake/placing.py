"""Where a report is: its cell, its compound and the community they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grid.indexes import cell_index, compound_index
from app.grid.locate import CompoundIndex, locate
from app.grid.models import Area, Cell, Checkpoint, Compound
from app.kernel.geo import Datum, to_wgs84
from app.people.access import Actor
from app.people.models import Organisation
from app.photos.models import Photo
from app.tickets.errors import PlaceUnknown


@dataclass(frozen=True)
class Position:
    """A position as given, and in WGS-84."""

    lng: float
    lat: float
    accuracy_m: float | None
    given: dict[str, Any] | None

    @classmethod
    def from_given(
        cls, lng: float, lat: float, datum: Datum, accuracy_m: float | None
    ) -> "Position":
        """A position on its declared datum."""
        given = {"lng": lng, "lat": lat, "datum": datum.value, "accuracy_m": accuracy_m}
        east, north = to_wgs84(lng, lat, datum)
        return cls(east, north, accuracy_m, given)


@dataclass(frozen=True)
class PlaceAsked:
    """What a report says about where it is."""

    compound: str | None = None
    cell: str | None = None
    position: Position | None = None
    area: Area | None = None
    checkpoint: UUID | None = None


@dataclass(frozen=True)
class TicketPlace:
    """Where a ticket is."""

    community: Organisation
    cell_id: UUID | None
    compound_id: UUID | None
    area: Area | None
    checkpoint_id: UUID | None
    position: Position | None


class TownMap:
    """The cells and compounds of some townships on a day."""

    def __init__(self, session: Session, towns: frozenset[UUID], day: date) -> None:
        self.session, self.towns, self.day = session, towns, day

    def cell_at(self, lng: float, lat: float, accuracy_m: float | None = None) -> UUID | None:
        """The cell that holds a WGS-84 point."""
        index = cell_index(self.session, day=self.day, town_ids=self.towns)
        located = locate(index, lng, lat, accuracy_m)
        return located.cell.id if located.cell else None

    def compound_at(self, lng: float, lat: float) -> UUID | None:
        """The compound that holds a WGS-84 point; the lowest code when there are several."""
        holding = self._compounds().holding(lng, lat)
        return holding[0].id if holding else None

    def cell_of_compound(self, compound: Compound) -> UUID | None:
        """The cell that holds the middle of a compound's outline, where there is one."""
        place = self._compounds().get(compound.id)
        if place is None:
            return None
        middle = place.outline.representative_point()
        return self.cell_at(middle.x, middle.y)

    def _compounds(self) -> CompoundIndex:
        return compound_index(self.session, day=self.day, town_ids=self.towns)


def place_of_report(
    session: Session, actor: Actor, asked: PlaceAsked, photos: Sequence[Photo], *, day: date
) -> TicketPlace:
    """The place: the given cell, else the position, else the photos' position; the compound: the
    given one, else the one that holds the position. Raises PlaceUnknown.
    """
    town = TownMap(session, actor.town_ids, day)
    position = asked.position or position_of_photos(photos)
    checkpoint = _checkpoint(session, asked.checkpoint)
    given_cell = _given_cell(session, asked.cell)
    compound = _compound(town, asked, checkpoint, position, given_cell)
    cell = given_cell or _cell(town, position, compound)
    community = _community(session, compound, cell)
    if community is None or community.town_id not in actor.town_ids:
        raise PlaceUnknown("地点不在本镇任何网格或小区内，请手工选择网格或小区。")
    return TicketPlace(
        community=community,
        cell_id=cell.id if cell else None,
        compound_id=compound.id if compound else None,
        area=asked.area or (checkpoint.area if checkpoint else None),
        checkpoint_id=checkpoint.id if checkpoint else None,
        position=position,
    )


def position_of_photos(photos: Sequence[Photo]) -> Position | None:
    """The first position in force among the photos, WGS-84."""
    for photo in photos:
        if photo.lng is not None and photo.lat is not None:
            from_device = photo.device_lng is not None
            return Position(
                photo.lng, photo.lat, photo.device_accuracy_m if from_device else None, None
            )
    return None


def _checkpoint(session: Session, checkpoint_id: UUID | None) -> Checkpoint | None:
    if checkpoint_id is None:
        return None
    found = session.get(Checkpoint, checkpoint_id)
    if found is None or found.retired_on is not None:
        raise PlaceUnknown("没有这个点位。", fields={"checkpoint": ["没有这个点位"]})
    return found


def _given_cell(session: Session, code: str | None) -> Cell | None:
    if code is None:
        return None
    cell = session.scalar(select(Cell).where(Cell.code == code))
    if cell is None or cell.retired_on is not None:
        raise PlaceUnknown("没有这个网格。", fields={"cell": ["没有这个网格"]})
    return cell


def _compound(
    town: TownMap,
    asked: PlaceAsked,
    checkpoint: Checkpoint | None,
    position: Position | None,
    given_cell: Cell | None,
) -> Compound | None:
    if asked.compound is not None:
        return _given_compound(town.session, asked.compound, checkpoint, given_cell)
    if checkpoint is not None:
        return town.session.get(Compound, checkpoint.compound_id)
    if position is None:
        return None
    found = town.compound_at(position.lng, position.lat)
    compound = town.session.get(Compound, found) if found else None
    return compound if compound and _fits(compound, given_cell) else None


def _given_compound(
    session: Session, code: str, checkpoint: Checkpoint | None, given_cell: Cell | None
) -> Compound:
    compound = session.scalar(select(Compound).where(Compound.code == code))
    if compound is None or compound.retired_on is not None:
        raise PlaceUnknown("没有这个小区。", fields={"compound": ["没有这个小区"]})
    if checkpoint is not None and checkpoint.compound_id != compound.id:
        raise PlaceUnknown("点位不在这个小区。", fields={"checkpoint": ["点位不在这个小区"]})
    if not _fits(compound, given_cell):
        fields = {"cell": ["网格与小区不属于同一社区"]}
        raise PlaceUnknown("网格与小区不属于同一社区。", fields=fields)
    return compound


def _fits(compound: Compound, cell: Cell | None) -> bool:
    return cell is None or cell.organisation_id == compound.organisation_id


def _cell(town: TownMap, position: Position | None, compound: Compound | None) -> Cell | None:
    """The cell of the position; of the compound when the position is outside or elsewhere."""
    found = town.cell_at(position.lng, position.lat, position.accuracy_m) if position else None
    cell = town.session.get(Cell, found) if found else None
    if compound is None or (cell is not None and _fits(compound, cell)):
        return cell
    found = town.cell_of_compound(compound)
    return town.session.get(Cell, found) if found else None


def _community(
    session: Session, compound: Compound | None, cell: Cell | None
) -> Organisation | None:
    place = compound or cell
    return session.get(Organisation, place.organisation_id) if place else None
