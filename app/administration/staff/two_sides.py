"""Nobody is on both sides: of a property company, and among those who judge its work."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import ROLE_LABELS, Person, Post, Role

JUDGED = frozenset({Role.property_staff})
JUDGING = frozenset({Role.warden, Role.lead, Role.supervisor, Role.administrator})


def why_both_sides(
    session: Session, person: Person, roles: Iterable[Role], *, since: date
) -> str | None:
    """Why a person cannot have a post of these roles from a day on: they have one of the other side
    that is not over by then. None when they have not.

    Else somebody would read who reported their company, and change its limits.
    """
    asked = set(roles)
    held = set(
        session.scalars(
            select(Post.role).where(
                Post.person_id == person.id, (Post.to_on.is_(None)) | (Post.to_on > since)
            )
        )
    )
    for ours, theirs in ((JUDGED, JUDGING), (JUDGING, JUDGED)):
        if asked & ours and (other := held & theirs):
            has = "、".join(sorted(ROLE_LABELS[role] for role in other))
            return f"{person.name}已是{has}，物业人员不能兼任巡查、核查和管理的岗位。"
    return None
