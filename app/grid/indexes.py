"""Indexes of outlines, built once for each version of the map and kept in the process."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import Select, Subquery, select
from sqlalchemy.orm import Session

from app.grid.locate import CellIndex, CompoundIndex, OutlineIndex, Place
from app.grid.models import Cell, CellOutline, Compound
from app.grid.service_days import beginnings, day_on_record
from app.grid.version import MAP
from app.people.models import Organisation

Index = TypeVar("Index", bound=OutlineIndex)
Towns = frozenset[UUID] | None
"""The townships an index covers; None: the whole county."""

KEPT = 64
"""Indexes kept: a few days for each set of townships that somebody asks from."""


class IndexShelf:
    """The most recently used indexes by version, day and townships; safe to share by threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._indexes: OrderedDict[tuple[object, ...], OutlineIndex] = OrderedDict()

    def take(self, kind: type[Index], key: tuple[object, ...], build: Callable[[], Index]) -> Index:
        """The index under a key, built when it is not there."""
        with self._lock:
            found = self._indexes.get((kind, *key))
            if isinstance(found, kind):
                self._indexes.move_to_end((kind, *key))
                return found
        built = build()
        with self._lock:
            self._indexes[kind, *key] = built
            while len(self._indexes) > self._kept:
                self._indexes.popitem(last=False)
        return built

    def clear(self) -> None:
        """Forgets every index."""
        with self._lock:
            self._indexes.clear()


_shelf = IndexShelf()


def forget_indexes() -> None:
    """Empty the process's memory of the map."""
    _shelf.clear()


def cell_index(session: Session, *, day: date, town_ids: Towns = None) -> CellIndex:
    """The cells' outlines in force on a Shanghai day, of some townships or of all.

    Before the records of a township begin, the outlines of their first day stand.
    Costs one query by key a session; a load in any process is seen by the next session.
    """
    return _taken(
        session, CellIndex, day, town_ids, lambda: CellIndex(_cells(session, day, town_ids))
    )


def compound_index(session: Session, *, day: date, town_ids: Towns = None) -> CompoundIndex:
    """The known outlines of compounds in service on a Shanghai day, kept like `cell_index`."""
    return _taken(
        session,
        CompoundIndex,
        day,
        town_ids,
        lambda: CompoundIndex(_compounds(session, day, town_ids)),
    )


def _taken(
    session: Session,
    kind: type[Index],
    day: date,
    town_ids: Towns,
    build: Callable[[], Index],
) -> Index:
    version = MAP.of(session)
    if version is None:
        return build()
    return _shelf.take(kind, (version, day, town_ids), build)


def _cells(session: Session, day: date, town_ids: Towns) -> list[Place]:
    begun = beginnings()
    on_record = day_on_record(day, begun.c.begun_on)
    asked = (
        select(Cell.id, Cell.code, Cell.name, Cell.organisation_id, CellOutline.outline)
        .join(CellOutline, CellOutline.cell_id == Cell.id)
        .join(Organisation, Organisation.id == Cell.organisation_id)
        .where(CellOutline.in_force(on_record), Cell.in_service(on_record))
    )
    return [_place(*row) for row in session.execute(_of_towns(asked, begun, town_ids))]


def _compounds(session: Session, day: date, town_ids: Towns) -> list[Place]:
    begun = beginnings()
    on_record = day_on_record(day, begun.c.begun_on)
    asked = (
        select(
            Compound.id, Compound.code, Compound.name, Compound.organisation_id, Compound.outline
        )
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(Compound.outline.is_not(None), Compound.in_service(on_record))
    )
    return [_place(*row) for row in session.execute(_of_towns(asked, begun, town_ids))]


def _of_towns(asked: Select[Any], begun: Subquery, town_ids: Towns) -> Select[Any]:
    """Only places of some townships, each beside the day on which its township's records begin."""
    asked = asked.join(begun, begun.c.town_id == Organisation.town_id)
    return asked if town_ids is None else asked.where(Organisation.town_id.in_(town_ids))


def _place(
    place_id: UUID, code: str, name: str, organisation_id: UUID, outline: dict[str, object]
) -> Place:
    return Place(place_id, code, name, organisation_id, shape(outline))
