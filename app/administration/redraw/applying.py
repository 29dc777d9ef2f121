"""Writing a drawing: outlines by date, new cells, cells that go, and their wardens."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.administration.audit import Act, Subject, record_change
from app.administration.errors import RedrawFaulty
from app.administration.models import ChangeKind, SubjectKind
from app.administration.redraw.drawing import Drawing
from app.grid.models import Cell, CellOutline, CellWarden
from app.grid.township.cells import DrawnCell
from app.grid.version import renew_grid_version
from app.kernel.ids import new_id
from app.people.models import Organisation, Person, Post, Role


def apply_drawing(session: Session, drawing: Drawing, *, act: Act) -> None:
    """Make the drawing true from its day on; raises RedrawFaulty when it breaks a rule."""
    wardens = wardens_named(session, drawing)
    if drawing.faults:
        raise RedrawFaulty("；".join(drawing.faults[:20]), faults=drawing.faults)
    for drawn in drawing.drawn:
        _draw(session, drawing, drawn, wardens.get(drawn.row.code), act)
    for code in drawing.retired:
        retire_cell(session, drawing.standing[code].cell, drawing.from_on, act)
    session.flush()
    renew_grid_version(session)


def wardens_named(session: Session, drawing: Drawing) -> Mapping[str, list[Person]]:
    """The wardens that features name, by cell code; who is none there is a fault of the drawing."""
    found: dict[str, list[Person]] = {}
    for cell in drawing.drawn:
        names = drawing.warden_lists.get(cell.row.code)
        home = drawing.communities.get(cell.row.organisation_code)
        if names is None or home is None:
            continue
        there = _wardens_of(session, home, drawing.from_on)
        strangers = [name for name in names if name not in there]
        drawing.faults += [
            f"网格 {cell.row.code}：{name} 不是{home.name}的网格员" for name in strangers
        ]
        found[cell.row.code] = [there[name] for name in dict.fromkeys(names) if name in there]
    return found


def _wardens_of(session: Session, home: Organisation, day: date) -> dict[str, Person]:
    rows = session.scalars(
        select(Person)
        .join(Post, Post.person_id == Person.id)
        .where(Post.organisation_id == home.id, Post.role == Role.warden, Post.in_force(day))
    )
    return {person.username: person for person in rows}


def _draw(
    session: Session,
    drawing: Drawing,
    drawn: DrawnCell,
    wardens: list[Person] | None,
    act: Act,
) -> None:
    there = drawing.standing.get(drawn.row.code)
    home = drawing.communities[drawn.row.organisation_code]
    before = None
    if there is None:
        cell = Cell(id=new_id(), code=drawn.row.code, name=drawn.row.name)
        cell.organisation = home
        session.add(cell)
        session.flush()
    else:
        cell = there.cell
        before = _state(session, cell, there.outline, drawing.from_on)
        cell.name = drawn.row.name
    _write_outline(session, cell, drawn.row.outline, drawing.from_on)
    if wardens is not None:
        _write_wardens(session, cell, {one.id for one in wardens}, drawing.from_on)
    session.flush()
    after = _state(session, cell, drawn.row.outline, drawing.from_on)
    action = ChangeKind.redraw if there else ChangeKind.create
    subject = Subject(SubjectKind.cell, cell.code, home)
    record_change(
        session, act, subject, action, before=before, after=_dated(after, before, drawing)
    )


def _dated(
    after: dict[str, Any], before: dict[str, Any] | None, drawing: Drawing
) -> dict[str, Any]:
    """What is after, with the day it begins unless nothing changed."""
    return after if after == before else {**after, "from_on": drawing.from_on.isoformat()}


def _write_outline(session: Session, cell: Cell, outline: dict[str, Any], day: date) -> None:
    """A changed outline ends on the day and the new one begins; one of that day is corrected."""
    current = session.scalar(
        select(CellOutline).where(CellOutline.cell_id == cell.id, CellOutline.in_force(day))
    )
    if current is not None and current.outline == outline:
        return
    if current is not None and current.from_on == day:
        current.outline = outline
        return
    if current is not None:
        current.to_on = day
    session.add(CellOutline(cell_id=cell.id, outline=outline, from_on=day))


def _write_wardens(session: Session, cell: Cell, wanted: set[UUID], day: date) -> None:
    current = _wardens_on(session, cell, day)
    for one in current:
        if one.person_id not in wanted:
            one.to_on = day
    for person_id in sorted(wanted - {one.person_id for one in current}):
        session.add(CellWarden(cell_id=cell.id, person_id=person_id, from_on=day))


def _wardens_on(session: Session, cell: Cell, day: date) -> list[CellWarden]:
    rows = session.scalars(
        select(CellWarden).where(CellWarden.cell_id == cell.id, CellWarden.in_force(day))
    )
    return list(rows)


def retire_cell(session: Session, cell: Cell, day: date, act: Act) -> None:
    """Take a cell out of service on a day, with its outline and its wardens."""
    outline = session.scalar(
        select(CellOutline).where(CellOutline.cell_id == cell.id, CellOutline.in_force(day))
    )
    before = _state(session, cell, outline.outline if outline else None, day)
    cell.retired_on = day
    for row in (outline, *_wardens_on(session, cell, day)):
        if row is not None:
            row.to_on = day
    after = {**before, "retired_on": day.isoformat(), "outline": None, "wardens": []}
    subject = Subject(SubjectKind.cell, cell.code, cell.organisation)
    record_change(session, act, subject, ChangeKind.retire, before=before, after=after)


def _state(
    session: Session, cell: Cell, outline: dict[str, Any] | None, day: date
) -> dict[str, Any]:
    names = session.scalars(
        select(Person.username)
        .join(CellWarden, CellWarden.person_id == Person.id)
        .where(CellWarden.cell_id == cell.id, CellWarden.in_force(day))
        .order_by(Person.username)
    )
    return {"name": cell.name, "outline": outline, "wardens": list(names)}
