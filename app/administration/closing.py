"""A township leaves: everything of it ends on a day, nothing is removed and all stays readable."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.administration.audit import Act
from app.administration.organisations import refuse_retired, retire_organisation
from app.administration.places.compounds import retire_compound
from app.administration.redraw.applying import retire_cell
from app.grid.models import Cell, CellOutline, CellWarden, Checkpoint, Compound
from app.grid.version import renew_grid_version
from app.kernel.dated import day_from
from app.people.models import Organisation, OrganisationType


def close_township(
    session: Session, town: Organisation, *, on: date | None, act: Act
) -> Counter[str]:
    """Retire a township with all that hangs on it, from the leaves to the root; what ended, by
    Chinese kind. Raises AlreadyRetired, or BadDates for a day that is past.

    Posts end with their organisations, contracts with their compounds; the companies and the
    county stay as they are.
    """
    refuse_retired(town.retired_on, act)
    day, ended = day_from(on, today=act.today, field="on"), Counter[str]()
    for compound in session.scalars(_used(Compound, town, day)):
        _retire_checkpoints(session, compound, day)
        retire_compound(session, compound, on=day, act=act)
        ended["小区"] += 1
    for cell in session.scalars(_used(Cell, town, day)):
        retire_cell(session, cell, day, act)
        _end_what_is_planned(session, cell, day)
        ended["网格"] += 1
    for organisation in _organisations(session, town, day):
        retire_organisation(session, organisation, on=day, act=act)
        ended["组织"] += 1
    renew_grid_version(session)
    return ended


def _retire_checkpoints(session: Session, compound: Compound, day: date) -> None:
    of_it = select(Checkpoint).where(Checkpoint.compound_id == compound.id)
    for checkpoint in session.scalars(of_it.where(Checkpoint.retired_on.is_(None))):
        checkpoint.retired_on = day


def _end_what_is_planned(session: Session, cell: Cell, day: date) -> None:
    """Outlines and wardens that were to hold after the day."""
    outlines = session.scalars(select(CellOutline).where(CellOutline.cell_id == cell.id))
    wardens = session.scalars(select(CellWarden).where(CellWarden.cell_id == cell.id))
    rows: list[CellOutline | CellWarden] = [*outlines, *wardens]
    for row in rows:
        if row.to_on is None or row.to_on > day:
            row.to_on = max(day, row.from_on)


def _used(kind: type[Compound] | type[Cell], town: Organisation, day: date) -> Select[Any]:
    in_use = or_(kind.retired_on.is_(None), kind.retired_on > day)
    home = Organisation.id == kind.organisation_id
    found = select(kind).join(Organisation, home).where(Organisation.town_id == town.id, in_use)
    return found.order_by(kind.code)


def _organisations(session: Session, town: Organisation, day: date) -> list[Organisation]:
    """Those in use, the town itself last."""
    in_use = or_(Organisation.retired_on.is_(None), Organisation.retired_on > day)
    found = session.scalars(select(Organisation).where(Organisation.town_id == town.id, in_use))
    return sorted(found, key=lambda one: (one.type is OrganisationType.town, one.code))
