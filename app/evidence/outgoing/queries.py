"""The photos that wait for somebody to look at them, and how many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.clock import parse_instant
from app.kernel.paging import cut_page, decode_cursor
from app.people.access import Actor
from app.photos.masking.models import PhotoWanted
from app.photos.models import Photo, PhotoBlob
from app.tickets.models import Ticket
from app.tickets.queries import visible_to


@dataclass(frozen=True)
class ToMask:
    """A photo that waits, as part of which ticket, and who wants it for what."""

    photo_id: UUID
    ticket: Ticket
    wanted: Sequence[PhotoWanted]


@dataclass(frozen=True)
class ToMaskPage:
    """Some of them, the one that waits longest first; how many photos of how many tickets wait."""

    items: Sequence[ToMask]
    photos: int
    tickets: int
    next_cursor: str | None


def to_mask_page(session: Session, actor: Actor, *, limit: int, cursor: str | None) -> ToMaskPage:
    """A page of the photos that wait, of tickets that the actor sees."""
    waiting = _waiting(actor).subquery()
    counts = select(func.count(waiting.c.photo_id.distinct()),
                    func.count(waiting.c.ticket_id.distinct()))  # fmt: skip
    photos, tickets = session.execute(counts).one()
    asked = select(waiting)
    if cursor is not None:
        at, photo_id, ticket_id = decode_cursor(cursor, parse_instant, UUID, UUID)
        asked = asked.where(_after(waiting.c, at, photo_id, ticket_id))
    order = waiting.c.since, waiting.c.photo_id, waiting.c.ticket_id
    rows = session.execute(asked.order_by(*order).limit(limit + 1)).all()
    page = cut_page(rows, limit, _position)
    return ToMaskPage(_items(session, page.items), photos, tickets, page.next_cursor)


def _waiting(actor: Actor) -> Any:
    return (
        select(
            PhotoWanted.photo_id,
            PhotoWanted.ticket_id,
            func.min(PhotoWanted.wanted_at).label("since"),
        )
        .join(Ticket, Ticket.id == PhotoWanted.ticket_id)
        .join(Photo, Photo.id == PhotoWanted.photo_id)
        .join(PhotoBlob, PhotoBlob.sha256 == Photo.sha256)
        .where(visible_to(actor), PhotoBlob.mask_id.is_(None), Photo.purged_at.is_(None))
        .group_by(PhotoWanted.photo_id, PhotoWanted.ticket_id)
    )


def _after(columns: Any, at: datetime, photo_id: UUID, ticket_id: UUID) -> Any:
    same_photo = and_(columns.photo_id == photo_id, columns.ticket_id > ticket_id)
    return or_(
        columns.since > at, and_(columns.since == at, or_(columns.photo_id > photo_id, same_photo))
    )


def _position(row: Row[Any]) -> tuple[str, str, str]:
    return row.since.isoformat(), str(row.photo_id), str(row.ticket_id)


def _items(session: Session, rows: Sequence[Row[Any]]) -> list[ToMask]:
    tickets = select(Ticket).where(Ticket.id.in_({row.ticket_id for row in rows}))
    tickets = tickets.options(joinedload(Ticket.community), joinedload(Ticket.compound))
    known = {ticket.id: ticket for ticket in session.scalars(tickets)}
    asked = select(PhotoWanted).where(PhotoWanted.photo_id.in_({row.photo_id for row in rows}))
    asked = asked.options(joinedload(PhotoWanted.wanted_by)).order_by(PhotoWanted.id)
    wanted = defaultdict(list)
    for one in session.scalars(asked):
        wanted[one.photo_id, one.ticket_id].append(one)
    return [
        ToMask(row.photo_id, known[row.ticket_id], wanted[row.photo_id, row.ticket_id])
        for row in rows
    ]
