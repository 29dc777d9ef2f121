"""Nobody is on both sides: of a property company, and among those who judge its work."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import ROLE_LABELS, Person, Post, Role

JUDGED = frozenset({Role.property_staff})
JUDGING = frozenset({Role.warden, Role.lead, Role.supervisor, Role.administrator})
NOT_BOTH = "物业人员不能兼任巡查、核查和管理的岗位。"


def other_side(asked: Iterable[Role], held: Iterable[Role]) -> str | None:
    """What a person who holds these roles is already, where it does not go with those asked for;
    None where all go together. Else somebody would read who reported their company, and change its
    limits."""
    new, old = frozenset(asked), frozenset(held)
    for ours, theirs in ((JUDGED, JUDGING), (JUDGING, JUDGED)):
        if new & ours and (other := old & theirs):
            return "、".join(sorted(ROLE_LABELS[role] for role in other))
    return None


def why_both_sides(
    session: Session, person: Person, roles: Iterable[Role], *, since: date
) -> str | None:
    """Why a person cannot have a post of these roles from a day on: they have one of the other side
    that is not over by then. None when they have not."""
    held = session.scalars(
        select(Post.role).where(
            Post.person_id == person.id, (Post.to_on.is_(None)) | (Post.to_on > since)
        )
    )
    has = other_side(roles, held)
    return None if has is None else f"{person.name}已是{has}，{NOT_BOTH}"
