"""Changes in the order they happened, none left out.

A change carries the instant at which its request began, and is seen when its transaction ends: of
two, the later instant may be seen first. So what is younger than a minute is not told yet, nor, on
PostgreSQL, what is younger than a minute before the oldest transaction that is still writing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select, text, union
from sqlalchemy.orm import Session

from app.kernel.clock import parse_instant
from app.kernel.db import UTCDateTime
from app.kernel.paging import decode_cursor, encode_cursor
from app.people.access import Actor
from app.tickets.fetching import listed
from app.tickets.models import Leg, Ticket, TicketMove
from app.tickets.queries import (
    answering,
    communities_seen,
    sees_now,
    visible_to,
    ways_of_seeing,
)

SETTLED_AFTER = timedelta(minutes=1)
"""Longer than any request takes from its beginning to its transaction's, and than clocks of one
deployment differ."""

_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
_NO, _YES = literal(0), literal(1)
_OLDEST_WRITER = text(
    "SELECT min(xact_start) FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
).columns(at=UTCDateTime())


@dataclass(frozen=True)
class Changes:
    """Tickets by the time of their last change, the oldest first; the ids of those that were moved
    out of sight; where to go on; whether there is more at once."""

    tickets: list[Ticket]
    gone: list[UUID]
    cursor: str
    more: bool


def changes_since(
    session: Session, actor: Actor, since: str | None, *, limit: int, now: datetime
) -> Changes:
    """What the actor sees of tickets changed after a cursor or an instant (RFC 3339), from the
    beginning without one.

    A ticket handed over changed last when it was handed over. Raises BadCursor.
    """
    until = settled_until(session, now)
    last = _position(since) if since else None
    rows = session.execute(_first(actor, last, until, limit + 1)).all()
    told, more = rows[:limit], len(rows) > limit
    found = select(Ticket).where(Ticket.id.in_([row.id for row in told])).options(*listed())
    tickets = {ticket.id: ticket for ticket in session.scalars(found)} if told else {}
    return Changes(
        [tickets[row.id] for row in told if not row.gone],
        [row.id for row in told if row.gone],
        _cursor(told, more, last, until),
        more,
    )


def settled_until(session: Session, now: datetime) -> datetime:
    """The instant before which nothing can change any more."""
    oldest = None
    if session.get_bind().dialect.name == "postgresql":
        oldest = session.scalar(_OLDEST_WRITER)
    return min(now, oldest or now) - SETTLED_AFTER


def _first(
    actor: Actor, last: tuple[datetime, UUID] | None, until: datetime, most: int
) -> Select[Any]:
    """The first ids of each way in which the actor sees tickets, put together."""
    firsts = [
        select(Ticket.id, Ticket.updated_at.label("at"), _NO.label("gone")).where(
            way, *_between(Ticket.updated_at, Ticket.id, last, until)
        )
        for way in ways_of_seeing(actor)
    ]
    firsts += _handed_over(actor, last, until)
    firsts += _moved_away(actor, last, until)
    ordered = [each.order_by("at", Ticket.id).limit(most).subquery() for each in firsts]
    both = union(*(select(each) for each in ordered)).subquery()
    return select(both).order_by(both.c.at, both.c.id).limit(most)


def _handed_over(
    actor: Actor, last: tuple[datetime, UUID] | None, until: datetime
) -> list[Select[Any]]:
    mine = answering(actor)
    if not mine:
        return []
    left_at = func.max(Leg.to_at)
    left = (
        select(Leg.ticket_id.label("id"), left_at.label("at"))
        .where(Leg.organisation_id.in_(mine), Leg.as_left.is_not(None))
        .group_by(Leg.ticket_id)
        .subquery()
    )
    unseen = not_(func.coalesce(sees_now(actor), False))
    return [
        select(Ticket.id, left.c.at, _NO.label("gone"))
        .join(left, left.c.id == Ticket.id)
        .where(unseen, *_between(left.c.at, Ticket.id, last, until))
    ]


def _moved_away(
    actor: Actor, last: tuple[datetime, UUID] | None, until: datetime
) -> list[Select[Any]]:
    """What left the actor's communities for one where they do not see it."""
    communities = communities_seen(actor)
    if not communities:
        return []
    left_at = func.max(TicketMove.at).label("at")
    left = (
        select(TicketMove.ticket_id.label("id"), left_at)
        .where(TicketMove.community_id.in_(communities))
        .group_by(TicketMove.ticket_id)
        .subquery()
    )
    unseen = not_(func.coalesce(visible_to(actor), False))
    return [
        select(Ticket.id, left.c.at, _YES.label("gone"))
        .join(left, left.c.id == Ticket.id)
        .where(unseen, *_between(left.c.at, Ticket.id, last, until))
    ]


def _between(
    at: ColumnElement[Any] | Any,
    ticket_id: Any,
    last: tuple[datetime, UUID] | None,
    until: datetime,
) -> list[ColumnElement[bool]]:
    """After the last one told, up to what is settled."""
    if last is None:
        return [at <= until]
    since, last_id = last
    return [at <= until, at >= since, or_(at > since, and_(at == since, ticket_id > last_id))]


def _cursor(told: Any, more: bool, last: tuple[datetime, UUID] | None, until: datetime) -> str:
    """The last one told, or the end of what is settled; never behind where the reader was."""
    at, last_id = (told[-1].at, told[-1].id) if more else (until, _LAST_ID)
    if last is not None and (at, last_id) < last:
        at, last_id = last
    return encode_cursor(at.isoformat(), str(last_id))


def _position(since: str) -> tuple[datetime, UUID]:
    """A cursor, or an instant: what changed at it is told."""
    try:
        return parse_instant(since), _FIRST_ID
    except ValueError:
        at, last_id = decode_cursor(since, parse_instant, _id)
        return at, last_id


def _id(value: Any) -> UUID:
    return UUID(str(value))
