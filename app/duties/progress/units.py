"""The units whose progress is asked for, with their titles and, where one is counted, compounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.catalogue.desk.models import UnitKind
from app.duties.titles.models import UnitTitle
from app.grid.models import Compound
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType

TYPES = sorted({*COMMUNITY_TYPES, OrganisationType.town})


@dataclass(frozen=True, slots=True)
class Unit:
    """A community, a village or a town's office; `titles` with the days on which each holds."""

    id: UUID
    code: str
    name: str
    type: OrganisationType
    path: str
    titles: tuple[tuple[UnitKind, date, date | None], ...] = ()

    def titles_on(self, day: date) -> frozenset[UnitKind]:
        """The titles it has on a day."""
        return frozenset(
            title for title, from_on, to_on in self.titles
            if from_on <= day and (to_on is None or to_on > day)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A compound in service on a day."""

    id: UUID
    code: str
    name: str
    unit_id: UUID


def units_in(session: Session, holds: ColumnElement[bool], *, day: date) -> list[Unit]:
    """The units in use on a day of which a condition on Organisation rows holds, by code, with
    all their titles; one query."""
    lasts = or_(Organisation.retired_on.is_(None), Organisation.retired_on > day)
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.code,
            Organisation.name,
            Organisation.type,
            Organisation.path,
            UnitTitle.title,
            UnitTitle.from_on,
            UnitTitle.to_on,
        )
        .outerjoin(UnitTitle, UnitTitle.organisation_id == Organisation.id)
        .where(holds, lasts, Organisation.type.in_(TYPES))
        .order_by(Organisation.code)
    )
    known: dict[UUID, list[tuple[UnitKind, date, date | None]]] = {}
    units: dict[UUID, tuple[str, str, OrganisationType, str]] = {}
    for unit_id, code, name, kind, path, title, from_on, to_on in rows:
        units[unit_id] = (code, name, kind, path)
        titles = known.setdefault(unit_id, [])
        if title is not None:
            titles.append((title, from_on, to_on))
    return [Unit(unit_id, *said, tuple(known[unit_id])) for unit_id, said in units.items()]


def places_of(session: Session, holds: ColumnElement[bool], *, day: date) -> Sequence[Place]:
    """The compounds in service on a day of the organisations of which a condition holds, by code;
    one query."""
    rows = session.execute(
        select(Compound.id, Compound.code, Compound.name, Compound.organisation_id)
        .join(Organisation, Organisation.id == Compound.organisation_id)
        .where(holds, Compound.in_service(day))
        .order_by(Compound.code)
    )
    return [Place(*row) for row in rows]
