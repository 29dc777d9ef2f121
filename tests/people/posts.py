"""People whom the demonstration township lacks, and posts that begin or end."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day, utc_now
from app.people.models import GroupScope, Organisation, Person, Post, Role
from app.people.passwords import hash_password
from tests.towns import CHEAP, LONG_AGO, PASSWORD


def organisation(session: Session, code: str) -> Organisation:
    """The organisation with a code."""
    return session.scalars(select(Organisation).where(Organisation.code == code)).one()


def add_post(
    session: Session,
    username: str,
    role: Role,
    code: str,
    *,
    from_on: date | None = None,
    to_on: date | None = None,
) -> UUID:
    """Gives somebody, known or new, a post, by default since long ago; its id."""
    person = session.scalar(select(Person).where(Person.username == username))
    if person is None:
        person = Person(
            username=username, name=username, password_hash=hash_password(PASSWORD, cost=CHEAP)
        )
        session.add(person)
        session.flush()
    began = from_on or LONG_AGO
    place = organisation(session, code)
    post = Post(
        person_id=person.id, role=role, organisation_id=place.id, from_on=began, to_on=to_on
    )
    session.add(post)
    session.flush()
    return post.id


def end_post(session: Session, post_id: UUID, now: datetime | None = None) -> None:
    """Ends a post as of the day of an instant, by default today."""
    session.get_one(Post, post_id).to_on = shanghai_day(now or utc_now())
    session.flush()


def give(session: Session, group: str, *communities: str) -> None:
    """Gives communities to a management group since long ago."""
    for code in communities:
        session.add(
            GroupScope(
                group_id=organisation(session, group).id,
                organisation_id=organisation(session, code).id,
                from_on=LONG_AGO,
            )
        )
    session.flush()
