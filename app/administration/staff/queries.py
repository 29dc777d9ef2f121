"""Reads about accounts, posts and leaves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.administration.models import Leave, LeavePost
from app.grid.indexes import Towns
from app.grid.queries import under_organisation
from app.people.models import Organisation, Person, Post


def people_administered(
    session: Session,
    towns: Towns,
    *,
    day: date,
    under: Organisation | None = None,
    word: str | None = None,
    after: str | None = None,
    limit: int,
) -> Sequence[Person]:
    """Accounts by username with their posts: those with a post that has not ended, in the
    townships and below an organisation; of the whole county also those without any. A word is
    part of a name, a username or a phone number."""
    asked = (
        select(Person)
        .options(selectinload(Person.posts).options(joinedload(Post.organisation)))
        .order_by(Person.username)
        .limit(limit)
    )
    if after is not None:
        asked = asked.where(Person.username > after)
    if word is not None:
        known = (Person.name, Person.username, Person.phone)
        asked = asked.where(or_(*(one.icontains(word, autoescape=True) for one in known)))
    if towns is not None or under is not None:
        held = (
            select(Post.person_id)
            .join(Organisation, Organisation.id == Post.organisation_id)
            .where(or_(Post.to_on.is_(None), Post.to_on > day))
        )
        if towns is not None:
            held = held.where(Organisation.town_id.in_(towns))
        if under is not None:
            held = held.where(under_organisation(under, day=day))
        asked = asked.where(Person.id.in_(held))
    return session.scalars(asked).all()


def absent_people(session: Session, person_ids: Collection[UUID], *, day: date) -> frozenset[UUID]:
    """Those of some people who are on leave on a day (Asia/Shanghai)."""
    asked = select(Leave.person_id).where(Leave.person_id.in_(person_ids), Leave.in_force(day))
    return frozenset(session.scalars(asked))


def leaves_of(
    session: Session, person_ids: Collection[UUID], *, day: date
) -> Mapping[UUID, list[Leave]]:
    """Leaves that last or are still to come on a day, by person, the earliest first."""
    rows = session.scalars(
        select(Leave)
        .options(joinedload(Leave.deputy))
        .where(Leave.person_id.in_(person_ids), Leave.to_on > day, Leave.to_on > Leave.from_on)
        .order_by(Leave.from_on)
    )
    leaves: dict[UUID, list[Leave]] = {}
    for leave in rows:
        leaves.setdefault(leave.person_id, []).append(leave)
    return leaves


def leave_of(session: Session, person: Person, leave_id: UUID | None) -> Leave | None:
    """A leave of a person by its id."""
    leave = session.get(Leave, leave_id) if leave_id else None
    return leave if leave is not None and leave.person_id == person.id else None


def stood_for(session: Session, post_ids: Collection[UUID]) -> Mapping[UUID, Person]:
    """For posts that deputies were given: the absent person, by the deputy's post."""
    rows = session.execute(
        select(LeavePost.post_id, Person)
        .join(Leave, Leave.id == LeavePost.leave_id)
        .join(Person, Person.id == Leave.person_id)
        .where(LeavePost.post_id.in_(post_ids))
        .order_by(LeavePost.id)
    )
    return {post_id: person for post_id, person in rows}


def home_of(person: Person, *, day: date) -> Organisation | None:
    """Where a change of an account is logged: at its posts in force, else at the last one.

    None: an account that acts in several townships is the county's business.
    """
    live = [post for post in person.posts if post.holds_on(day)]
    posts = live or person.posts[-1:]
    towns = {post.organisation.town_id for post in posts}
    return posts[0].organisation if len(towns) == 1 else None
