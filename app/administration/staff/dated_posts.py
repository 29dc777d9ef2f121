"""Posts as dated rows: which there are, one opened, one cut short."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Organisation, Person, Post, Role


def posts_held(
    session: Session, person: Person, role: Role, organisation: Organisation
) -> list[Post]:
    """A person's posts in one role at one organisation, past ones too, the earliest first."""
    return list(
        session.scalars(
            select(Post)
            .where(
                Post.person_id == person.id,
                Post.role == role,
                Post.organisation_id == organisation.id,
            )
            .order_by(Post.from_on)
        )
    )


def open_post(
    session: Session,
    person: Person,
    role: Role,
    organisation: Organisation,
    held: list[Post],
    from_on: date,
    to_on: date | None,
) -> Post:
    """A post for some days; one that was cancelled before its first day is taken up again."""
    post = next((one for one in held if one.from_on == from_on), None)
    if post is None:
        post = Post(
            person_id=person.id, role=role, organisation_id=organisation.id, from_on=from_on
        )
        session.add(post)
    post.to_on = to_on
    session.flush()
    return post


def cut_short(row: Post, day: date) -> None:
    """End a dated post on a day unless it ends before."""
    if row.to_on is None or row.to_on > day:
        row.to_on = max(day, row.from_on)
