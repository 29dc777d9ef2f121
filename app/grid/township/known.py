"""What the database knows, as the plain values that checking needs."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.grid.models import Cell, CellOutline, Compound
from app.grid.township.rows import Known, KnownCell, KnownOrganisation, KnownPerson
from app.people.models import Organisation, Person, Post, Role


def what_is_known(session: Session, *, day: date) -> Known:
    """Everything of the deployment that a township's files may clash with, on a Shanghai day."""
    organisations = session.scalars(select(Organisation)).all()
    codes = {organisation.id: organisation.code for organisation in organisations}
    towns = {o.id: codes.get(o.town_id) if o.town_id else None for o in organisations}
    people = session.execute(select(Person.id, Person.username, Person.name, Person.phone))
    roles = _roles(session, day)
    compounds = session.execute(select(Compound.code, Compound.organisation_id))
    return Known(
        organisations={
            o.code: KnownOrganisation(
                o.code,
                o.name,
                o.type,
                codes.get(o.parent_id) if o.parent_id else None,
                towns[o.id],
                o.retired_on,
                o.retired_on is not None and o.retired_on <= day,
            )
            for o in organisations
        },
        people={
            p.username: KnownPerson(p.username, p.name, p.phone, frozenset(roles[p.id]))
            for p in people
        },
        compound_towns={code: towns[home] for code, home in compounds},
        cells=_cells(session, towns, day),
    )


def _roles(session: Session, day: date) -> dict[UUID, set[Role]]:
    roles: dict[UUID, set[Role]] = defaultdict(set)
    not_over = select(Post.person_id, Post.role).where((Post.to_on.is_(None)) | (Post.to_on > day))
    for person_id, role in session.execute(not_over):
        roles[person_id].add(role)
    return roles


def _cells(session: Session, towns: dict[UUID, str | None], day: date) -> dict[str, KnownCell]:
    rows = session.execute(
        select(Cell.code, Cell.organisation_id, CellOutline.outline).outerjoin(
            CellOutline, and_(CellOutline.cell_id == Cell.id, CellOutline.in_force(day))
        )
    )
    return {
        code: KnownCell(code, towns[home], shape(outline) if outline else None)
        for code, home, outline in rows
    }
