"""Somebody has to be left who can administer: whoever that is keeps account and post."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.administration.errors import LastAdministrator
from app.people.models import Organisation, OrganisationType, Person, Post, Role


def refuse_without_administrator(
    session: Session, person: Person, ending: Collection[Post], *, day: date, what: str
) -> None:
    """Raises LastAdministrator when nobody in use would be an administrator as high as a person is
    by the posts that end on a day: of the county, or, below it, anywhere.

    Only posts that hold then and have no end count, since whoever is left may not be left for long.
    """
    if not any(post.role is Role.administrator for post in ending):
        return
    ended = {post.id for post in ending}
    kinds = {post.id: post.organisation.type for post in ending if post.role is Role.administrator}
    needed = {OrganisationType.county} & set(kinds.values())
    for row in _lasting(session, day):
        if row.id not in ended and (not needed or row.type in needed):
            return
    raise LastAdministrator(
        f"{person.username} 是唯一在用的管理员，{what}后没有人能管理；请先设另一位管理员。"
    )


def _lasting(session: Session, day: date) -> Sequence[Row[UUID, OrganisationType]]:
    """The posts of administrators in use that hold on a day and have no end, locked: two
    administrators who end one another's at once do so one after the other."""
    return session.execute(
        select(Post.id, Organisation.type)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .join(Person, Person.id == Post.person_id)
        .where(
            Post.role == Role.administrator,
            Post.from_on <= day,
            Post.to_on.is_(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Post.id)
        .with_for_update(of=[Post, Person])
    ).all()
