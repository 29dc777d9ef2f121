"""Reads about assignments: who sees which, lists by keyset."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.duties.assignments.models import ANSWERING, AssignedKind, Assignment, Part
from app.grid.models import CompanyContract, Compound
from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation, Person, Post
from app.rounds.queries import Scope, visible_to


@dataclass(frozen=True, slots=True)
class AssignmentFilter:
    """What assignments are narrowed to: those that hold on a day."""

    day: date
    kind: AssignedKind | None = None
    part: Part | None = None
    username: str | None = None


def assignments_page(
    session: Session,
    scope: Scope,
    wanted: AssignmentFilter,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page[Assignment]:
    """A page of the assignments in a scope that hold on a day, the newest first; one query."""
    person = aliased(Person)
    asked = _whole().where(scope.holds(), Assignment.in_force(wanted.day))
    if wanted.kind is not None:
        asked = asked.where(Assignment.kind == wanted.kind)
    if wanted.part is not None:
        asked = asked.where(Assignment.part == wanted.part)
    if wanted.username is not None:
        asked = asked.join(person, person.id == Assignment.person_id)
        asked = asked.where(person.username == wanted.username)
    if cursor is not None:
        (after,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(Assignment.id < after)
    asked = asked.order_by(Assignment.id.desc()).limit(limit + 1)
    return cut_page(session.scalars(asked).all(), limit, lambda one: (str(one.id),))


def assignment_in_sight(session: Session, actor: Actor, assignment_id: UUID | None) -> Assignment:
    """The assignment with an id, when the actor sees its unit; raises NotThere."""
    asked = _whole().where(Assignment.id == assignment_id, visible_to(actor))
    found = session.scalar(asked) if assignment_id else None
    if found is None:
        raise NotThere("没有这项分工，或不在您的范围内。")
    return found


def _whole() -> Select[Assignment]:
    """Assignments with all they are shown with, in one query."""
    return (
        select(Assignment)
        .join(Assignment.organisation)
        .options(
            contains_eager(Assignment.organisation),
            joinedload(Assignment.person),
            joinedload(Assignment.cell),
            joinedload(Assignment.compound),
            joinedload(Assignment.checkpoint),
        )
    )


def people_to_name(
    session: Session, unit: Organisation, *, day: date, limit: int, cursor: str | None = None
) -> Page[Post]:
    """A page of the posts in a unit's township by which people may answer for something of it;
    one query."""
    home, person = contains_eager(Post.organisation), joinedload(Post.person)
    asked = select(Post).join(Post.organisation).join(Person, Person.id == Post.person_id)
    asked = asked.where(
        Organisation.town_id == unit.town_id,
        Post.role.in_(ANSWERING),
        Post.in_force(day),
        Person.deactivated_at.is_(None),
    )
    if cursor is not None:
        (after,) = decode_cursor(cursor, lambda each: UUID(str(each)))
        asked = asked.where(Post.id > after)
    rows = session.scalars(asked.options(home, person).order_by(Post.id).limit(limit + 1)).all()
    return cut_page(rows, limit, lambda one: (str(one.id),))


def company_person(
    session: Session, username: str, unit: Organisation, *, day: date
) -> Person | None:
    """The person with a username who is of a property company in contract in a unit on a day."""
    serving = (
        select(CompanyContract.company_id)
        .join(Compound, Compound.id == CompanyContract.compound_id)
        .where(Compound.organisation_id == unit.id, CompanyContract.in_force(day))
    )
    asked = select(Person).join(Post, Post.person_id == Person.id)
    of_it = Post.in_force(day), Post.organisation_id.in_(serving)
    return session.scalars(asked.where(Person.username == username, *of_it).limit(1)).first()
