"""Whether a problem was seen before: possible duplicates among the open, recurrence of a closed.

Alike are tickets of one category within 30 m, or in the same compound and area. What came from one
source under one number is the same, however far apart.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.kernel.db import fetch
from app.kernel.geo import distance_m
from app.tickets.models import OPEN_STATES, State, Ticket

NEAR_M = 30.0
RECURRENCE = timedelta(days=30)
_METRES_PER_DEGREE = 111_195.0


def within_box(lng: float, lat: float) -> ColumnElement[bool]:
    """The SQL condition that a ticket lies in a box of 30 m around a WGS-84 point."""
    return _in_box(_box(lng, lat))


def _box(lng: float, lat: float) -> dict[str, float]:
    high = NEAR_M / _METRES_PER_DEGREE * 1.01
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    return {"south": lat - high, "north": lat + high, "west": lng - wide, "east": lng + wide}


def _in_box(box: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(
        Ticket.lat.between(box["south"], box["north"]),
        Ticket.lng.between(box["west"], box["east"]),
    )


def is_alike(ticket: Ticket, other: Ticket | Row[Any]) -> bool:
    """Whether a ticket of the same township and category is about the same thing, by its place."""
    named = ticket.area is not None and ticket.compound_id is not None
    if named and (other.compound_id, other.area) == (ticket.compound_id, ticket.area):
        return True
    if None in (ticket.lng, ticket.lat, other.lng, other.lat):
        return False
    return distance_m(ticket.lng, ticket.lat, other.lng, other.lat) <= NEAR_M  # type: ignore[arg-type]


def mark_repeats(session: Session, ticket: Ticket) -> None:
    """Notes on a ticket which ones it may duplicate, those that came from elsewhere under its
    number and open ones alike, and which closed one it repeats: the one closed last, at most 30
    days before this one occurred."""
    alike = [other for other in _others(session, ticket) if is_alike(ticket, other)]
    same = [*_under_its_number(session, ticket), *(o for o in alike if o.state is not State.closed)]
    ticket.possible_duplicate_of = list(dict.fromkeys(str(other.id) for other in same))
    closed = [other for other in alike if other.state is State.closed]
    newest = max(closed, key=lambda other: other.closed_at, default=None)
    ticket.recurrence_of_id = newest.id if newest else None


def _under_its_number(session: Session, ticket: Ticket) -> Sequence[Row[Any]]:
    """Tickets of the town that the same source numbers the same, whatever became of them; what was
    taken back does not count."""
    if not ticket.external_number:
        return ()
    with session.no_autoflush:
        return session.execute(
            select(Ticket.id)
            .where(
                Ticket.town_id == ticket.town_id,
                Ticket.source == ticket.source,
                Ticket.external_number == ticket.external_number,
                Ticket.id != ticket.id,
                Ticket.state != State.withdrawn,
            )
            .order_by(Ticket.reported_at.desc(), Ticket.id.desc())
            .limit(20)
        ).all()


def _others(session: Session, ticket: Ticket) -> Sequence[Row[Any]]:
    """Tickets of the category in a box around it or in its compound and area, newest first."""
    in_an_area = ticket.compound_id is not None and ticket.area is not None
    box = _box(ticket.lng, ticket.lat) if ticket.lng is not None and ticket.lat is not None else {}
    if not in_an_area and not box:
        return ()
    began = ticket.occurred_at
    said = {"own_id": ticket.id, "from_at": began - RECURRENCE, "to_at": began, **box}
    said |= {name: getattr(ticket, name) for name in ("town_id", "category_code")}
    if in_an_area:
        said |= {"compound_id": ticket.compound_id, "area": ticket.area}
    with session.no_autoflush:
        return fetch(session, _others_asked(in_an_area, bool(box)), said)


@cache
def _others_asked(in_an_area: bool, at_a_point: bool) -> Any:
    """Those of the category that are open, or were closed in the stretch: built once a shape."""
    was_closed = and_(
        Ticket.state == State.closed,
        Ticket.closed_at.between(bindparam("from_at"), bindparam("to_at")),
    )
    same_area = and_(
        Ticket.compound_id == bindparam("compound_id"), Ticket.area == bindparam("area")
    )
    near = _in_box({name: bindparam(name) for name in ("south", "north", "west", "east")})
    alike = [*([same_area] if in_an_area else []), *([near] if at_a_point else [])]
    return (
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
            Ticket.town_id == bindparam("town_id"),
            Ticket.category_code == bindparam("category_code"),
            Ticket.id != bindparam("own_id"),
            or_(Ticket.state.in_(OPEN_STATES), was_closed),
            or_(*alike),
        )
        .order_by(Ticket.reported_at.desc(), Ticket.id.desc())
        .limit(200)
    )
