"""Which imports somebody sees: their own, and those that their organisation answers for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, load_only

from app.kernel.errors import NotThere
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost
from app.people.models import OrganisationType, Role
from app.tickets.importing.models import TicketImport

LISTED = (
    *(TicketImport.id, TicketImport.file_name, TicketImport.state, TicketImport.made_at),
    *(TicketImport.applied_at, TicketImport.new_count, TicketImport.already_there_count),
    TicketImport.faulty_count,
)


def import_in_sight(
    session: Session, actor: Actor, import_id: UUID | None, *, for_update: bool = False
) -> TicketImport:
    """The import with an id, when the actor sees it; raises NotThere."""
    asked = select(TicketImport).where(TicketImport.id == import_id, _seen_by(actor))
    asked = asked.options(joinedload(TicketImport.person), joinedload(TicketImport.organisation))
    if for_update:
        asked = asked.with_for_update(of=TicketImport)
        asked = asked.execution_options(populate_existing=True)
    found = session.scalar(asked) if import_id else None
    if found is None:
        raise NotThere("没有这次导入，或不在您的范围内；超过 30 天的已清理。")
    return found


def imports_page(
    session: Session, actor: Actor, *, limit: int, cursor: str | None
) -> Page[TicketImport]:
    """A page of the imports that the actor sees, the one uploaded last first."""
    asked = (
        select(TicketImport)
        .where(_seen_by(actor))
        .options(
            load_only(*LISTED),
            joinedload(TicketImport.person),
            joinedload(TicketImport.organisation),
        )
    )
    if cursor is not None:
        (after,) = decode_cursor(cursor, _id)
        asked = asked.where(TicketImport.id < after)
    rows = session.scalars(asked.order_by(TicketImport.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit, lambda one: (str(one.id),))


def tickets_made_by(found: TicketImport) -> Sequence[UUID]:
    """The ids of the tickets that an import made, and of those that it met."""
    return [UUID(one["id"]) for one in found.made.values()]


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    colleagues = (_answers_for(post) for post in actor.posts_as(Role.lead, Role.supervisor))
    return or_(TicketImport.person_id == actor.person_id, *colleagues)


def _answers_for(post: ActorPost) -> ColumnElement[bool]:
    if post.organisation_type is OrganisationType.town:
        return TicketImport.town_id == post.town_id
    return TicketImport.organisation_id.in_([post.organisation_id, *sorted(post.given)])


def _id(value: Any) -> UUID:
    return UUID(str(value))
