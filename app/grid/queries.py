"""Reads about cells, compounds, companies and who is responsible; bounded in queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.grid.indexes import Towns
from app.grid.indexes import cell_index as cell_index
from app.grid.indexes import compound_index as compound_index
from app.grid.locate import Place
from app.grid.models import Cell, CellOutline, CellWarden, Checkpoint, CompanyContract, Compound
from app.people.models import (
    GroupScope,
    Organisation,
    OrganisationType,
    Person,
    Post,
    Role,
)


@dataclass(frozen=True, slots=True)
class ResponsiblePerson:
    """Somebody who answers for a place, by a post; phone numbers are not given out."""

    person: Person
    role: Role
    organisation: Organisation


def cell_by_code(session: Session, code: str) -> Cell | None:
    """The cell with a code and its organisation, retired ones too."""
    return session.scalar(
        select(Cell)
        .join(Cell.organisation)
        .options(contains_eager(Cell.organisation))
        .where(Cell.code == code)
    )


def compound_by_code(session: Session, code: str) -> Compound | None:
    """The compound with a code and its organisation, retired ones too."""
    return session.scalar(
        select(Compound)
        .join(Compound.organisation)
        .options(contains_eager(Compound.organisation))
        .where(Compound.code == code)
    )


def under_organisation(organisation: Organisation, *, day: date) -> ColumnElement[bool]:
    """The condition that an Organisation row lies in a subtree.

    A management group's subtree are the communities and villages given to it that day.
    """
    within = and_(Organisation.path >= organisation.path, Organisation.path < organisation.path_end)
    if organisation.type is not OrganisationType.management_group:
        return within
    given = select(GroupScope.organisation_id).where(
        GroupScope.group_id == organisation.id, GroupScope.in_force(day)
    )
    return Organisation.id.in_(given)


def cells_of(
    session: Session,
    *,
    towns: Towns,
    day: date,
    organisation: Organisation | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[Cell]:
    """Cells that are there on a day, by code, with their organisations; those behind the code
    `after`. One that a planned redrawing will make is not there before its first outline."""
    there = select(CellOutline.cell_id).where(CellOutline.in_force(day))
    asked = (
        select(Cell)
        .join(Cell.organisation)
        .options(contains_eager(Cell.organisation))
        .where(Cell.in_service(day), Cell.id.in_(there), _of_towns(towns))
        .order_by(Cell.code)
        .limit(limit)
    )
    if organisation is not None:
        asked = asked.where(under_organisation(organisation, day=day))
    if after is not None:
        asked = asked.where(Cell.code > after)
    return session.scalars(asked).all()


def outlines_of_cells(
    session: Session, cells: Sequence[Cell], *, day: date
) -> Mapping[UUID, dict[str, Any]]:
    """The GeoJSON outlines in force on a day by cell id."""
    rows = session.execute(
        select(CellOutline.cell_id, CellOutline.outline).where(
            CellOutline.cell_id.in_([cell.id for cell in cells]), CellOutline.in_force(day)
        )
    )
    return {cell_id: outline for cell_id, outline in rows}


def wardens_of_cells(
    session: Session, cell_ids: Collection[UUID], *, day: date
) -> Mapping[UUID, list[Person]]:
    """The wardens on a day by cell id, by username."""
    rows = session.execute(
        select(CellWarden.cell_id, Person)
        .join(Person, Person.id == CellWarden.person_id)
        .where(CellWarden.cell_id.in_(cell_ids), CellWarden.in_force(day))
        .order_by(Person.username)
    )
    wardens: dict[UUID, list[Person]] = {}
    for cell_id, person in rows:
        wardens.setdefault(cell_id, []).append(person)
    return wardens


def compounds_of(
    session: Session,
    *,
    towns: Towns,
    day: date,
    organisation: Organisation | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[Compound]:
    """Compounds in service by code, with their organisations; those behind the code `after`.

    A property company's are those it is in contract for on the day.
    """
    asked = (
        select(Compound)
        .join(Compound.organisation)
        .options(contains_eager(Compound.organisation))
        .where(Compound.in_service(day), _of_towns(towns))
        .order_by(Compound.code)
        .limit(limit)
    )
    if organisation is not None:
        asked = asked.where(_answered_for_by(organisation, day))
    if after is not None:
        asked = asked.where(Compound.code > after)
    return session.scalars(asked).all()


def checkpoints_in_service(
    session: Session, compound_ids: Collection[UUID], *, day: date
) -> Mapping[UUID, list[Checkpoint]]:
    """Checkpoints in service on a day, in their order, by compound id."""
    rows = session.scalars(
        select(Checkpoint)
        .where(
            Checkpoint.compound_id.in_(compound_ids),
            Checkpoint.in_service(day),
        )
        .order_by(Checkpoint.position, Checkpoint.name)
    )
    checkpoints: dict[UUID, list[Checkpoint]] = {}
    for checkpoint in rows:
        checkpoints.setdefault(checkpoint.compound_id, []).append(checkpoint)
    return checkpoints


def companies_in_contract(
    session: Session, compound_ids: Collection[UUID], *, day: date
) -> Mapping[UUID, Organisation]:
    """The property company in contract on a Shanghai day by compound id; none: not in it."""
    rows = session.execute(
        select(CompanyContract.compound_id, Organisation)
        .join(Organisation, Organisation.id == CompanyContract.company_id)
        .where(CompanyContract.compound_id.in_(compound_ids), CompanyContract.in_force(day))
    )
    return {compound_id: company for compound_id, company in rows}


def companies_serving(session: Session, town_id: UUID, *, day: date) -> Sequence[Organisation]:
    """The property companies in contract in a township on a Shanghai day, by code."""
    home = aliased(Organisation)
    return session.scalars(
        select(Organisation)
        .join(CompanyContract, CompanyContract.company_id == Organisation.id)
        .join(Compound, Compound.id == CompanyContract.compound_id)
        .join(home, home.id == Compound.organisation_id)
        .where(home.town_id == town_id, CompanyContract.in_force(day))
        .distinct()
        .order_by(Organisation.code)
    ).all()


def contracts_of(session: Session, compound: Compound) -> list[CompanyContract]:
    """All contracts of a compound, past and planned ones too, the oldest first; not those that were
    cancelled before their first day, which never held."""
    rows = session.scalars(
        select(CompanyContract)
        .options(joinedload(CompanyContract.company))
        .where(CompanyContract.compound_id == compound.id)
        .order_by(CompanyContract.from_on, CompanyContract.id)
    )
    return [one for one in rows if one.to_on != one.from_on]


def cells_of_compound(session: Session, compound: Compound, *, day: date) -> tuple[Place, ...]:
    """The cells of its township that a compound's outline lies in; empty when it has none."""
    if compound.outline is None:
        return ()
    town_id = compound.organisation.town_id
    towns = None if town_id is None else frozenset({town_id})
    index = cell_index(session, day=day, town_ids=towns)
    return index.sharing_ground_with(shape(compound.outline))


def responsible_people(
    session: Session, compound: Compound, *, company: Organisation | None, day: date
) -> list[ResponsiblePerson]:
    """Who answers for a compound on a day: the wardens of its cells, the community's leads, its
    other wardens, then the company's staff; three queries at most."""
    homes = [compound.organisation_id, *([company.id] if company else [])]
    rows = session.execute(
        select(Person, Post.role, Organisation)
        .join(Post, Post.person_id == Person.id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(
            Post.organisation_id.in_(homes),
            Post.in_force(day),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.username)
    )
    people = [ResponsiblePerson(person, role, home) for person, role, home in rows]
    near = _wardens_of_compound(session, compound, day)
    return sorted(people, key=lambda one: _rank(one, near))


def _wardens_of_compound(session: Session, compound: Compound, day: date) -> frozenset[UUID]:
    cells = cells_of_compound(session, compound, day=day)
    if not cells:
        return frozenset()
    wardens = wardens_of_cells(session, [cell.id for cell in cells], day=day)
    return frozenset(person.id for people in wardens.values() for person in people)


def _rank(one: ResponsiblePerson, near: frozenset[UUID]) -> int:
    if one.role is Role.warden:
        return 0 if one.person.id in near else 2
    return 1 if one.role is Role.lead else 3


def _answered_for_by(organisation: Organisation, day: date) -> ColumnElement[bool]:
    if organisation.type is not OrganisationType.property_company:
        return under_organisation(organisation, day=day)
    return Compound.id.in_(
        select(CompanyContract.compound_id).where(
            CompanyContract.company_id == organisation.id, CompanyContract.in_force(day)
        )
    )


def _of_towns(towns: Towns) -> ColumnElement[bool]:
    """The condition that an Organisation row belongs to one of the townships."""
    return Organisation.town_id.is_not(None) if towns is None else Organisation.town_id.in_(towns)
