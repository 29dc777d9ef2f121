"""Coming back into service, and what holds on days before a township's records begin."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Subquery, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.grid.models import Cell, CellOutline, Checkpoint, Compound, ServiceGap
from app.people.models import Organisation


def take_up_again(session: Session, place: Cell | Compound | Checkpoint, *, today: date) -> None:
    """Put a retired place back into service from today (Asia/Shanghai) on.

    The days since it was retired stay days out of service; a retirement of today or planned for
    later is simply cancelled.
    """
    retired_on, place.retired_on = place.retired_on, None
    if retired_on is None or retired_on >= today:
        return
    before = session.scalar(
        select(ServiceGap).where(ServiceGap.place_id == place.id, ServiceGap.to_on == retired_on)
    )
    if before is not None:
        before.to_on = today
    else:
        session.add(ServiceGap(place_id=place.id, from_on=retired_on, to_on=today))


def beginnings() -> Subquery:
    """Rows (town_id, begun_on): the day on which the records of each township begin, the first of
    any of its outlines and compounds."""
    outlines = (
        select(Organisation.town_id, CellOutline.from_on)
        .join(Cell, Cell.organisation_id == Organisation.id)
        .join(CellOutline, CellOutline.cell_id == Cell.id)
    )
    compounds = select(Organisation.town_id, Compound.in_service_on).join(
        Compound, Compound.organisation_id == Organisation.id
    )
    known = union_all(outlines, compounds).subquery()
    begun_on = func.min(known.c.from_on).label("begun_on")
    return select(known.c.town_id, begun_on).group_by(known.c.town_id).subquery()


def day_on_record(day: date, begun_on: Any) -> Any:
    """The SQL value of the day whose state stands for a day: before the records begin, their first
    day's does."""
    return case((begun_on > day, begun_on), else_=literal(day, Date))


def was_in_service(session: Session, place: Compound | Checkpoint, day: date) -> bool:
    """Whether a compound or checkpoint was in service on a day; before its township's records
    begin, whether it was on their first day."""
    return place.serves_on(_day_on_record_of(session, place, day))


def _day_on_record_of(session: Session, place: Compound | Checkpoint, day: date) -> date:
    """The database is only asked for a day before the place's own first."""
    if place.in_service_on <= day:
        return day
    begun = beginnings()
    compound_id = place.id if isinstance(place, Compound) else place.compound_id
    begun_on: date | None = session.scalar(
        select(begun.c.begun_on)
        .join(Organisation, Organisation.town_id == begun.c.town_id)
        .join(Compound, Compound.organisation_id == Organisation.id)
        .where(Compound.id == compound_id)
    )
    return day if begun_on is None else max(day, begun_on)
