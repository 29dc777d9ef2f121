"""What a report can name or lie in: the cells, compounds and checkpoints of some townships."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.grid.indexes import cell_index, compound_index
from app.grid.locate import CompoundIndex, locate
from app.grid.models import Cell, Checkpoint, Compound
from app.kernel.geo import Datum, to_wgs84
from app.people.models import Organisation
from app.rounds.models import Round
from app.rounds.queries import round_by_id
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


def is_retired(thing: Organisation | Cell | Compound | Checkpoint, day: date) -> bool:
    """Whether something is out of use on a day (Asia/Shanghai)."""
    return thing.retired_on is not None and thing.retired_on <= day


def fits(compound: Compound, cell: Cell | None) -> bool:
    """Whether a compound and a cell, where there is one, are of one community."""
    return cell is None or cell.organisation_id == compound.organisation_id


class TownMap:
    """The cells, compounds and checkpoints of some townships as they were on a day."""

    def __init__(self, session: Session, towns: frozenset[UUID], day: date) -> None:
        self.session, self.towns, self.day = session, towns, day

    def at(self, position: Position | None) -> tuple[Cell | None, Compound | None]:
        """The cell and the compound that hold a position, in one query; of several compounds the
        one with the lowest code."""
        if position is None:
            return None, None
        cell_id = self._cell_id_at(position.lng, position.lat, position.accuracy_m)
        holding = self._compounds().holding(position.lng, position.lat)
        if not holding:
            return self._cell(cell_id), None
        row = self.session.execute(
            select(Compound, Cell)
            .outerjoin(Cell, Cell.id == cell_id)
            .where(Compound.id == holding[0].id)
            .options(joinedload(Compound.organisation))
        ).one()
        return row.Cell, row.Compound

    def cell_of_compound(self, compound: Compound) -> Cell | None:
        """The cell that holds the middle of a compound's outline, where there is one."""
        place = self._compounds().get(compound.id)
        if place is None:
            return None
        middle = place.outline.representative_point()
        return self._cell(self._cell_id_at(middle.x, middle.y))

    def reaches(self, compound: Compound, cell: Cell) -> bool:
        """Whether a compound may lie in a cell: of one community, and on its ground as far as
        the outline is known."""
        if not fits(compound, cell) or compound.outline is None:
            return fits(compound, cell)
        index = cell_index(self.session, day=self.day, town_ids=self.towns)
        return any(
            each.id == cell.id for each in index.sharing_ground_with(shape(compound.outline))
        )

    def cell_named(self, code: str | None) -> Cell | None:
        """The cell with a code; raises PlaceUnknown."""
        if code is None:
            return None
        cell = self.session.scalar(
            select(Cell).where(Cell.code == code).options(joinedload(Cell.organisation))
        )
        if cell is None or is_retired(cell, self.day):
            raise PlaceUnknown("没有这个网格。", fields={"cell": ["没有这个网格"]})
        return cell

    def compound_named(self, code: str | None) -> Compound | None:
        """The compound with a code; raises PlaceUnknown."""
        if code is None:
            return None
        compound = self.session.scalar(
            select(Compound).where(Compound.code == code).options(joinedload(Compound.organisation))
        )
        if compound is None or is_retired(compound, self.day):
            raise PlaceUnknown("没有这个小区。", fields={"compound": ["没有这个小区"]})
        return compound

    def checkpoint_named(self, checkpoint_id: UUID | None) -> Checkpoint | None:
        """The checkpoint with an id; raises PlaceUnknown."""
        if checkpoint_id is None:
            return None
        found = self.session.get(Checkpoint, checkpoint_id)
        if found is None or is_retired(found, self.day):
            raise PlaceUnknown("没有这个点位。", fields={"checkpoint": ["没有这个点位"]})
        return found

    def round_named(self, round_id: UUID | None) -> Round | None:
        """The round with an id; raises RoundUnknown."""
        if round_id is None:
            return None
        found = round_by_id(self.session, round_id)
        if found is None:
            raise RoundUnknown("请核对巡查记录。", fields={"round": ["没有这次巡查"]})
        return found

    def community_of(self, place: Compound | Cell | None) -> Organisation | None:
        """The community or village of a place when it is of these townships."""
        home = place.organisation if place else None
        return home if home is not None and home.town_id in self.towns else None

    def _cell(self, cell_id: UUID | None) -> Cell | None:
        if cell_id is None:
            return None
        return self.session.get(Cell, cell_id, options=[joinedload(Cell.organisation)])

    def _cell_id_at(self, lng: float, lat: float, accuracy_m: float | None = None) -> UUID | None:
        index = cell_index(self.session, day=self.day, town_ids=self.towns)
        located = locate(index, lng, lat, accuracy_m)
        return located.cell.id if located.cell else None

    def _compounds(self) -> CompoundIndex:
        return compound_index(self.session, day=self.day, town_ids=self.towns)
