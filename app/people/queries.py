"""Reads about persons and organisations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.kernel.clock import shanghai_day
from app.people.access import Actor, ActorPost
from app.people.models import (
    AccessToken,
    GroupScope,
    Organisation,
    OrganisationType,
    Person,
    Post,
)


def actor_by_token(session: Session, token_hash: str, *, now: datetime) -> Actor | None:
    """The person a live token belongs to, with the posts in force today, in one query (a second
    one only for somebody of a management group)."""
    day = shanghai_day(now)
    rows = session.execute(
        select(Person.id, Person.name, Person.username, Post, Organisation)
        .join(AccessToken, AccessToken.person_id == Person.id)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.in_force(day)))
        .outerjoin(
            Organisation,
            and_(
                Organisation.id == Post.organisation_id,
                or_(Organisation.retired_on.is_(None), Organisation.retired_on > day),
            ),
        )
        .where(
            AccessToken.token_hash == token_hash,
            AccessToken.revoked_at.is_(None),
            AccessToken.expires_at > now,
            Person.deactivated_at.is_(None),
        )
        .order_by(Post.id)
    ).all()
    if not rows:
        return None
    held = [(row.Post, row.Organisation) for row in rows if row.Post and row.Organisation]
    given = _communities_given(session, held, now=now)
    posts = tuple(_actor_post(post, place, given) for post, place in held)
    return Actor(rows[0].id, rows[0].name, rows[0].username, posts)


def _communities_given(
    session: Session, held: list[tuple[Post, Organisation]], *, now: datetime
) -> dict[UUID, frozenset[UUID]]:
    groups = [o.id for _, o in held if o.type is OrganisationType.management_group]
    if not groups:
        return {}
    day = shanghai_day(now)
    scopes = session.execute(
        select(GroupScope.group_id, GroupScope.organisation_id).where(
            GroupScope.group_id.in_(groups), GroupScope.in_force(day)
        )
    ).all()
    return {g: frozenset(s.organisation_id for s in scopes if s.group_id == g) for g in groups}


def _actor_post(post: Post, place: Organisation, given: dict[UUID, frozenset[UUID]]) -> ActorPost:
    return ActorPost(
        id=post.id,
        role=post.role,
        organisation_id=place.id,
        organisation_code=place.code,
        organisation_name=place.name,
        organisation_type=place.type,
        path=place.path,
        town_id=place.town_id,
        given=given.get(place.id, frozenset()),
    )


def organisation_by_code(session: Session, code: str) -> Organisation | None:
    """The organisation with a code, retired ones too."""
    return session.scalar(select(Organisation).where(Organisation.code == code))


def person_by_username(session: Session, username: str) -> Person | None:
    """The person with a username."""
    return session.scalar(select(Person).where(Person.username == username))
