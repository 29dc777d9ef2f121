"""Indexes are kept by version, day and townships, the least used one let go first."""

from datetime import date

from sqlalchemy.orm import Session

from app.grid.indexes import IndexShelf, cell_index
from app.grid.locate import CellIndex, CompoundIndex
from app.grid.models import Cell, CellOutline
from app.grid.version import MAP, renew_grid_version
from app.kernel.clock import shanghai_day, utc_now
from tests.towns import Town

SQUARE = [[118.20, 30.90], [118.21, 30.90], [118.21, 30.91], [118.20, 30.90]]


def test_an_index_is_built_once_for_its_key() -> None:
    shelf = IndexShelf(kept=2)
    first = shelf.take(CellIndex, ("a",), CellIndex)
    assert shelf.take(CellIndex, ("a",), CellIndex) is first
    assert shelf.take(CellIndex, ("b",), CellIndex) is not first


def test_kinds_do_not_mix() -> None:
    shelf = IndexShelf()
    cells = shelf.take(CellIndex, ("a",), CellIndex)
    assert isinstance(shelf.take(CompoundIndex, ("a",), CompoundIndex), CompoundIndex)
    assert shelf.take(CellIndex, ("a",), CellIndex) is cells


def test_the_least_used_is_let_go() -> None:
    shelf = IndexShelf(kept=2)
    first = shelf.take(CellIndex, ("a",), CellIndex)
    shelf.take(CellIndex, ("b",), CellIndex)
    assert shelf.take(CellIndex, ("a",), CellIndex) is first
    shelf.take(CellIndex, ("c",), CellIndex)
    assert shelf.take(CellIndex, ("a",), CellIndex) is first


def test_a_change_undone_leaves_nothing_behind(town: Town, session: Session) -> None:
    day, version = shanghai_day(utc_now()), MAP.of(session)
    before = len(cell_index(session, day=day))
    community = session.query(Cell).first()
    assert community is not None
    cell = Cell(code="9" * 15, name="新", organisation_id=community.organisation_id)
    session.add(cell)
    session.flush()
    outline = {"type": "Polygon", "coordinates": [SQUARE]}
    session.add(CellOutline(cell_id=cell.id, outline=outline, from_on=date(2020, 1, 1)))
    renew_grid_version(session)
    session.flush()
    assert len(cell_index(session, day=day)) == before + 1
    session.rollback()
    assert MAP.of(session) == version
    assert len(cell_index(session, day=day)) == before


def test_without_a_version_nothing_is_kept(session: Session) -> None:
    day = shanghai_day(utc_now())
    assert cell_index(session, day=day) is not cell_index(session, day=day)
