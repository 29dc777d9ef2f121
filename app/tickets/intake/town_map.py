"""What a report can name or lie in: the cells, compounds and checkpoints of some townships."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import Select, bindparam, func, literal, select
from sqlalchemy.orm import Session, aliased, defer, joinedload

from app.catalogue.snapshots import CATALOGUE
from app.grid.indexes import cell_index, compound_index
from app.grid.locate import CellIndex, CompoundIndex, Place, locate
from app.grid.models import Cell, Checkpoint, CompanyContract, Compound
from app.grid.service_days import was_in_service
from app.grid.version import MAP
from app.kernel.geo import Datum, to_wgs84
from app.kernel.stamps import ask_together
from app.people.models import Organisation
from app.rounds.models import Round
from app.tickets.errors import PlaceUnknown, RoundUnknown


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


def is_retired(organisation: Organisation, day: date) -> bool:
    """Whether an organisation is out of use on a day (Asia/Shanghai)."""
    return organisation.retired_on is not None and organisation.retired_on <= day


def fits(compound: Compound | Place, cell: Cell | Place | None) -> bool:
    """Whether a compound and a cell, where there is one, are of one community."""
    return cell is None or cell.organisation_id == compound.organisation_id


@dataclass(frozen=True)
class NamedPlaces:
    """What was named, in force that day; `part_of` is the compound of the checkpoint, else of the
    round."""

    compound: Compound | None
    cell: Cell | None
    checkpoint: Checkpoint | None
    walk: Round | None
    part_of: Compound | None


NOTHING_NAMED = NamedPlaces(None, None, None, None, None)


class TownMap:
    """The cells, compounds and checkpoints of some townships as they were on a day; before the
    records of a township begin, as they were on their first day."""

    def __init__(self, session: Session, towns: frozenset[UUID], day: date) -> None:
        self.session, self.towns, self.day = session, towns, day

    def named(
        self,
        *,
        compound: str | None,
        cell: str | None,
        checkpoint: UUID | None = None,
        walk: UUID | None = None,
    ) -> NamedPlaces:
        """What codes and ids name, in one query; raises PlaceUnknown or RoundUnknown.

        The versions of the map and of the catalogue come with it, so that neither is asked for by
        itself.
        """
        codes = {"compound": compound, "cell": cell, "checkpoint": checkpoint, "walk": walk}
        if not any(codes.values()):
            ask_together(self.session, MAP, CATALOGUE)
            return NOTHING_NAMED
        *places, of_map, of_catalogue = self.session.execute(_places_named(), codes).unique().one()
        MAP.keep(self.session, of_map)
        CATALOGUE.keep(self.session, of_catalogue)
        named = NamedPlaces(*places)
        if checkpoint is not None and not self._serves(named.checkpoint):
            raise PlaceUnknown("没有这个点位。", fields={"checkpoint": ["没有这个点位"]})
        if cell is not None and not self._is_there(named.cell):
            raise PlaceUnknown("没有这个网格。", fields={"cell": ["没有这个网格"]})
        if walk is not None and named.walk is None:
            raise RoundUnknown("请核对巡查记录。", fields={"round": ["没有这次巡查"]})
        if compound is not None and not self._serves(named.compound):
            raise PlaceUnknown("没有这个小区。", fields={"compound": ["没有这个小区"]})
        return named

    def _serves(self, place: Compound | Checkpoint | None) -> bool:
        return place is not None and was_in_service(self.session, place, self.day)

    def _is_there(self, cell: Cell | None) -> bool:
        """A cell is there while it has an outline."""
        return cell is not None and self._cells().get(cell.id) is not None

    def holding(self, position: Position | None) -> tuple[Place | None, Place | None]:
        """The cell and the compound that hold a position; of several the lowest code."""
        if position is None:
            return None, None
        compounds = self._compounds().holding(position.lng, position.lat)
        cell = self._cell_at(position.lng, position.lat)
        return cell, compounds[0] if compounds else None

    def may_lie_in(self, cell: Cell, position: Position | None) -> bool:
        """Whether a position is in a cell, or so near to it that nobody but who was there knows."""
        if position is None:
            return False
        at = locate(self._cells(), position.lng, position.lat, position.accuracy_m)
        return any(each.id == cell.id for each in (at.cell, *at.candidates) if each)

    def cell_of_compound(self, compound: Compound | Place) -> Place | None:
        """The cell that holds the middle of a compound's outline, where there is one."""
        place = self._compounds().get(compound.id)
        if place is None:
            return None
        middle = place.outline.representative_point()
        return self._cell_at(middle.x, middle.y)

    def loaded(
        self, cell: Cell | Place | None, compound: Compound | Place | None
    ) -> tuple[Cell | None, Compound | None]:
        """The rows of what was found in the indexes, in one query; rows stay what they are."""
        cell_id = cell.id if isinstance(cell, Place) else None
        compound_id = compound.id if isinstance(compound, Place) else None
        found_cell = found_compound = None
        if cell_id or compound_id:
            ids = {"cell": cell_id, "compound": compound_id}
            found_cell, found_compound = self.session.execute(_places_found(), ids).unique().one()
        return (
            cell if isinstance(cell, Cell) else found_cell,
            compound if isinstance(compound, Compound) else found_compound,
        )

    def reaches(self, compound: Compound, cell: Cell) -> bool:
        """Whether a compound may lie in a cell: of one community, and on its ground as far as
        the outline is known."""
        if not fits(compound, cell) or compound.outline is None:
            return fits(compound, cell)
        sharing = self._cells().sharing_ground_with(shape(compound.outline))
        return any(each.id == cell.id for each in sharing)

    def community_of(self, place: Compound | Cell | None) -> Organisation | None:
        """The community or village of a place when it is of these townships."""
        home = place.organisation if place else None
        return home if home is not None and home.town_id in self.towns else None

    def _cell_at(self, lng: float, lat: float) -> Place | None:
        return next(iter(self._cells().holding(lng, lat)), None)

    def _cells(self) -> CellIndex:
        return cell_index(self.session, day=self.day, town_ids=self.towns)

    def _compounds(self) -> CompoundIndex:
        return compound_index(self.session, day=self.day, town_ids=self.towns)


@cache
def _places_found() -> Select[Cell, Compound]:
    """One row: a cell and a compound by their ids, each where there is one, with its contracts."""
    one = select(literal(1).label("one")).subquery()
    return (
        select(Cell, Compound)
        .select_from(one)
        .outerjoin(Cell, Cell.id == bindparam("cell"))
        .outerjoin(Compound, Compound.id == bindparam("compound"))
        .options(
            joinedload(Cell.organisation),
            joinedload(Compound.organisation),
            joinedload(Compound.contracts).joinedload(CompanyContract.company),
            defer(Compound.outline),
        )
    )


@cache
def _places_named() -> Select[*tuple[Any, ...]]:
    """One row: what codes and ids name, each where there is one, with what says on which days it
    was in service and who was in contract; and the versions of the map and of the catalogue."""
    one, part_of = select(literal(1).label("one")).subquery(), aliased(Compound)
    return (
        select(Compound, Cell, Checkpoint, Round, part_of, MAP.asked, CATALOGUE.asked)
        .select_from(one)
        .outerjoin(Compound, Compound.code == bindparam("compound"))
        .outerjoin(Cell, Cell.code == bindparam("cell"))
        .outerjoin(Checkpoint, Checkpoint.id == bindparam("checkpoint"))
        .outerjoin(Round, Round.id == bindparam("walk"))
        .outerjoin(part_of, part_of.id == func.coalesce(Checkpoint.compound_id, Round.compound_id))
        .options(
            joinedload(Compound.organisation),
            joinedload(Compound.gaps),
            joinedload(Compound.contracts).joinedload(CompanyContract.company),
            joinedload(Cell.organisation),
            joinedload(Checkpoint.gaps),
            joinedload(part_of.organisation),
            joinedload(part_of.contracts).joinedload(CompanyContract.company),
        )
    )
