"""Writing cells, their outlines by date and their wardens."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.grid.models import Cell, CellOutline, CellWarden
from app.grid.township.rows import CellRow
from app.grid.township.run import LoadRun
from app.kernel.ids import new_id


def write_cells(run: LoadRun, rows: Sequence[CellRow]) -> None:
    """Make and update cells; a changed outline or warden ends today and the new one starts."""
    own = [o.id for o in run.organisations.values() if run.is_own(o)]
    found = run.session.scalars(select(Cell).where(Cell.organisation_id.in_(own)))
    run.cells = {cell.code: cell for cell in found}
    for row in rows:
        _write_cell(run, row)
    run.session.flush()
    outlines = _outlines_in_force(run)
    ids = [cell.id for cell in run.cells.values()]
    planned = run.planned_starts(CellOutline.cell_id, ids)
    wardens = _wardens_in_force(run)
    for row in rows:
        cell = run.cells[row.code]
        _write_outline(run, row, cell, outlines.get(cell.id), planned.get(cell.id))
        _write_wardens(run, row, cell, wardens.get(cell.id, []))
    run.session.flush()


def _write_cell(run: LoadRun, row: CellRow) -> None:
    there = run.cells.get(row.code)
    if there is not None:
        run.keep("网格", there, {"name": row.name})
        return
    home = run.organisations[row.organisation_code]
    run.cells[row.code] = Cell(id=new_id(), code=row.code, name=row.name, organisation_id=home.id)
    run.make("网格", run.cells[row.code])


def _outlines_in_force(run: LoadRun) -> dict[UUID, CellOutline]:
    rows = run.session.scalars(
        select(CellOutline).where(
            CellOutline.cell_id.in_([cell.id for cell in run.cells.values()]),
            CellOutline.in_force(run.today),
        )
    )
    return {outline.cell_id: outline for outline in rows}


def _write_outline(
    run: LoadRun, row: CellRow, cell: Cell, current: CellOutline | None, until: date | None
) -> None:
    if current is not None and current.outline == row.outline:
        return
    if current is not None and current.from_on == run.today:
        # Drawn today and drawn again: nothing was ever decided on the first one's days.
        run.update("网格轮廓", current, {"outline": row.outline})
        return
    if current is not None:
        # Where an end is planned, it stays: others take the ground then.
        until = until or current.to_on
        run.end("网格轮廓", current)
    drawn = CellOutline(cell_id=cell.id, outline=row.outline, from_on=run.today, to_on=until)
    run.make("网格轮廓", drawn)


def _wardens_in_force(run: LoadRun) -> dict[UUID, list[CellWarden]]:
    rows = run.session.scalars(
        select(CellWarden).where(
            CellWarden.cell_id.in_([cell.id for cell in run.cells.values()]),
            CellWarden.in_force(run.today),
        )
    )
    by_cell: dict[UUID, list[CellWarden]] = {}
    for warden in rows:
        by_cell.setdefault(warden.cell_id, []).append(warden)
    return by_cell


def _write_wardens(run: LoadRun, row: CellRow, cell: Cell, current: list[CellWarden]) -> None:
    wanted = [run.people[username].id for username in row.wardens]
    for warden in current:
        if warden.person_id not in wanted:
            run.end("网格员分工", warden)
    there = {warden.person_id for warden in current}
    for person_id in wanted:
        if person_id not in there:
            warden = CellWarden(cell_id=cell.id, person_id=person_id, from_on=run.today)
            run.make("网格员分工", warden)
