"""Whether a problem was seen before: possible duplicates among the open, recurrence of a closed.

Alike are tickets of one category within 30 m, or in the same compound and area.
"""

import math
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Result, Row, and_, false, or_, select
from sqlalchemy.orm import Session

from app.grid.models import Area
from app.kernel.geo import distance_m
from app.tickets.models import OPEN_STATES, State, Ticket

NEAR_M = 30.0
RECURRENCE = timedelta(days=30)
_METRES_PER_DEGREE = 111_195.0


def within_box(lng: float, lat: float, metres: float) -> ColumnElement[bool]:
    """The SQL condition that a ticket lies in a box around a WGS-84 point."""
    high = metres / _METRES_PER_DEGREE * 1.01
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    return and_(
        Ticket.lat.between(lat - high, lat + high), Ticket.lng.between(lng - wide, lng + wide)
    )


def _alike(
    compound_id: UUID | None, area: Area | None, lng: float | None, lat: float | None
) -> ColumnElement[bool]:
    same_area: Any = false()
    if compound_id is not None and area is not None:
        same_area = and_(Ticket.compound_id == compound_id, Ticket.area == area)
    near: Any = false() if lng is None or lat is None else within_box(lng, lat, NEAR_M)
    return or_(same_area, near)


def _is_alike(ticket: Ticket, other: Row[Any]) -> bool:
    named = ticket.area is not None and ticket.compound_id is not None
    if named and (other.compound_id, other.area) == (ticket.compound_id, ticket.area):
        return True
    if None in (ticket.lng, ticket.lat, other.lng, other.lat):
        return False
    return distance_m(ticket.lng, ticket.lat, other.lng, other.lat) <= NEAR_M  # type: ignore[arg-type]


def mark_repeats(session: Session, ticket: Ticket) -> None:
    """Notes on a ticket which open ones it may duplicate and which closed one it repeats: the one
    closed last, at most 30 days before this one occurred."""
    alike = [other for other in _others(session, ticket).all() if _is_alike(ticket, other)]
    ticket.possible_duplicate_of = [str(o.id) for o in alike if o.state is not State.closed]
    closed = [other for other in alike if other.state is State.closed]
    newest = max(closed, key=lambda other: other.closed_at, default=None)
    ticket.recurrence_of_id = newest.id if newest else None


def _others(session: Session, ticket: Ticket) -> Result[Any]:
    """Tickets of the category in a box around it or in its compound and area, newest first."""
    began = ticket.occurred_at
    was_closed = and_(
        Ticket.state == State.closed, Ticket.closed_at.between(began - RECURRENCE, began)
    )
    with session.no_autoflush:
        return session.execute(
            select(
                Ticket.id,
                Ticket.state,
                Ticket.closed_at,
                Ticket.compound_id,
                Ticket.area,
                Ticket.lng,
                Ticket.lat,
            )
            .where(
                Ticket.town_id == ticket.town_id,
                Ticket.category_code == ticket.category_code,
                Ticket.id != ticket.id,
                or_(Ticket.state.in_(OPEN_STATES), was_closed),
                _alike(ticket.compound_id, ticket.area, ticket.lng, ticket.lat),
            )
            .order_by(Ticket.reported_at.desc(), Ticket.id.desc())
            .limit(200)
        )
