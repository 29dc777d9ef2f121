"""The inbox of a person, and whom news about illegal building is for."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.kernel.clock import parse_instant
from app.kernel.paging import Page, cut_page, decode_cursor
from app.notices.models import Notice
from app.people.models import GroupScope, Organisation, OrganisationType, Post, Role


def notices_page(
    session: Session, person_id: UUID, *, unread: bool, limit: int, cursor: str | None
) -> Page[Notice]:
    """A person's notices, the newest first; only those not read where that is asked."""
    asked = select(Notice).where(Notice.person_id == person_id)
    if unread:
        asked = asked.where(Notice.read_at.is_(None))
    if cursor is not None:
        at, notice_id = decode_cursor(cursor, parse_instant, UUID)
        same = and_(Notice.created_at == at, Notice.id < notice_id)
        asked = asked.where(or_(Notice.created_at < at, same))
    ordered = asked.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit + 1)
    rows = session.scalars(ordered).all()
    return cut_page(rows, limit, _position)


def _position(notice: Notice) -> tuple[Any, ...]:
    return notice.created_at.isoformat(), str(notice.id)


def unread_count(session: Session, person_id: UUID) -> int:
    """How many notices a person has not read."""
    asked = select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return session.scalar(asked) or 0


def told_of_illegal_building(session: Session, place: Organisation, *, day: date) -> Sequence[UUID]:
    """The supervisors of a community's town and of the groups that it is given to, and the staff of
    the county's enforcement bodies, by their posts of a day."""
    bodies = Organisation.type == OrganisationType.enforcement_body
    of_a_body = and_(Post.role == Role.enforcement_staff, bodies)
    groups = select(GroupScope.group_id).where(
        GroupScope.organisation_id == place.id, GroupScope.in_force(day)
    )
    over_it = or_(Organisation.id == place.town_id, Organisation.id.in_(groups))
    of_the_town = and_(Post.role == Role.supervisor, over_it)
    in_use = or_(Organisation.retired_on.is_(None), Organisation.retired_on > day)
    return session.scalars(
        select(Post.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.in_force(day), in_use, or_(of_a_body, of_the_town))
        .distinct()
    ).all()
