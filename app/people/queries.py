"""Reads about persons and organisations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.kernel.clock import shanghai_day
from app.kernel.db import fetch
from app.people.access import Actor, ActorPost
from app.people.models import (
    AccessToken,
    GroupScope,
    Organisation,
    Person,
    Post,
)


def actor_by_token(session: Session, token_hash: str, *, now: datetime) -> Actor | None:
    """The person a live token belongs to, with the posts in force today and the communities given
    to their management groups, in one query."""
    said = {"token_hash": token_hash, "now": now, "day": shanghai_day(now)}
    return _actor(fetch(session, _asked_by_token(), said))


def sign_ins_of(session: Session, person_id: UUID, *, now: datetime) -> Sequence[AccessToken]:
    """A person's sign-ins that hold, the newest first, 100 at most."""
    return session.scalars(
        select(AccessToken)
        .where(
            AccessToken.person_id == person_id,
            AccessToken.revoked_at.is_(None),
            AccessToken.expires_at > now,
        )
        .order_by(AccessToken.issued_at.desc(), AccessToken.id.desc())
        .limit(100)
    ).all()


def actor_by_id(session: Session, person_id: UUID, *, now: datetime) -> Actor | None:
    """The person with an id as a sign-in would find them, for work done on their behalf."""
    asked = _persons_with_posts().where(Person.id == person_id)
    return _actor(fetch(session, asked, {"day": shanghai_day(now)}))


def _actor(rows: Sequence[Row[Any]]) -> Actor | None:
    if not rows:
        return None
    held = {row.post_id: row for row in rows if row.post_id and row.organisation_id}
    posts = tuple(_actor_post(row, rows) for row in held.values())
    return Actor(rows[0].person_id, rows[0].person_name, rows[0].username, posts)


@cache
def _asked_by_token() -> Select[*tuple[Any, ...]]:
    """Every request asks it: building it each time would cost three times what asking costs."""
    return (
        _persons_with_posts()
        .join(AccessToken, AccessToken.person_id == Person.id)
        .where(
            AccessToken.token_hash == bindparam("token_hash"),
            AccessToken.revoked_at.is_(None),
            AccessToken.expires_at > bindparam("now"),
        )
    )


def _persons_with_posts() -> Select[*tuple[Any, ...]]:
    """Accounts in use: a row for each post of `day`, and for each community given to the post's
    management group."""
    day: Any = bindparam("day", type_=Date())
    community = aliased(Organisation)
    return (
        select(
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Person.username,
            Post.id.label("post_id"),
            Post.role,
            Organisation.id.label("organisation_id"),
            Organisation.code,
            Organisation.name,
            Organisation.type,
            Organisation.path,
            Organisation.town_id,
            GroupScope.organisation_id.label("given"),
            community.code.label("given_code"),
        )
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.in_force(day)))
        .outerjoin(
            Organisation,
            and_(
                Organisation.id == Post.organisation_id,
                or_(Organisation.retired_on.is_(None), Organisation.retired_on > day),
            ),
        )
        .outerjoin(
            GroupScope, and_(GroupScope.group_id == Organisation.id, GroupScope.in_force(day))
        )
        .outerjoin(community, community.id == GroupScope.organisation_id)
        .where(Person.deactivated_at.is_(None))
        .order_by(Post.id)
    )


def _actor_post(row: Row[Any], rows: Iterable[Row[Any]]) -> ActorPost:
    """A post, with the communities given to the management group it is at."""
    given = {one.given_code: one.given for one in rows if one.post_id == row.post_id and one.given}
    return ActorPost(
        id=row.post_id,
        role=row.role,
        organisation_id=row.organisation_id,
        organisation_code=row.code,
        organisation_name=row.name,
        organisation_type=row.type,
        path=row.path,
        town_id=row.town_id,
        given=frozenset(given.values()),
        given_codes=tuple(sorted(given)),
    )


def organisation_by_code(session: Session, code: str) -> Organisation | None:
    """The organisation with a code, retired ones too."""
    return session.scalar(select(Organisation).where(Organisation.code == code))


def person_by_username(session: Session, username: str) -> Person | None:
    """The person with a username."""
    return session.scalar(select(Person).where(Person.username == username))
