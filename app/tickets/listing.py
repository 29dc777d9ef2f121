"""Lists of tickets: narrowed, in order, by keyset.

An actor sees tickets in several ways: as reporter, of a town, of a community, of a responsible
organisation, and those handed over. The first of each way are read in order from an index of that
way and put together by their ids; only then are the tickets of one page loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_
from sqlalchemy.orm import Session

from app.kernel.clock import parse_instant
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.tickets.fetching import tickets_listed
from app.tickets.few import few_in_question
from app.tickets.models import Ticket
from app.tickets.narrowing import Conditions
from app.tickets.narrowing import TicketFilter as TicketFilter
from app.tickets.ways import UNKNOWN, Ways, first_asked, kept_newest, ways_to

Found = list[Row[tuple[UUID, datetime | None]]]


@dataclass(frozen=True)
class _Search:
    """Where to look, and how many to find: one more than a page holds."""

    session: Session
    ways: Ways
    most: int

    def first(self, ways: Conditions, at: Any, *, newest: bool = False) -> Found:
        """The first ids of some ways."""
        return list(self.session.execute(first_asked(ways, at, self.most, newest=newest)))


def tickets_page(
    session: Session, actor: Actor, wanted: TicketFilter, *, now: datetime
) -> Page[Ticket]:
    """A page of the tickets the actor sees: newest first, those due first, or only those that have
    a due time from elsewhere, the earliest first."""
    page = ticket_ids_page(session, actor, wanted, now=now)
    return Page(tickets_listed(session, page.items), page.next_cursor)


def ticket_ids_page(
    session: Session, actor: Actor, wanted: TicketFilter, *, now: datetime
) -> Page[UUID]:
    """The ids of a page of tickets."""
    found = _found(session, actor, wanted, now)
    order = _order(wanted).__name__
    page = cut_page(found, wanted.limit, lambda row: (order, *_position(row)))
    return Page([row.id for row in page.items], page.next_cursor)


def _found(session: Session, actor: Actor, wanted: TicketFilter, now: datetime) -> Found:
    kept = kept_newest(actor, wanted, now=now)
    if kept is not None:
        return list(session.execute(kept.asked, kept.values))
    few = few_in_question(session, wanted)
    search = _Search(session, ways_to(actor, wanted, few=few, now=now), wanted.limit + 1)
    return _order(wanted)(search, wanted.cursor)


def _order(wanted: TicketFilter) -> Callable[[_Search, str | None], Found]:
    if wanted.by_external_due:
        return _due_elsewhere_first
    return _due_first if wanted.by_due else _newest


def _position(row: Any) -> tuple[Any, ...]:
    return row.at.isoformat() if row.at else None, str(row.id)


def _newest(search: _Search, cursor: str | None) -> Found:
    at, behind = Ticket.reported_at, []
    if cursor:
        last, last_id = _last(cursor, _newest, parse_instant)
        same = and_(at == last, Ticket.id < last_id)
        behind = [at <= last, or_(at < last, same)]
    ways = [and_(way, *behind) for way in (*search.ways.now, *search.ways.handed_over)]
    return search.first(ways, at, newest=True)


def _due_first(search: _Search, cursor: str | None) -> Found:
    """The earliest due first; what was never due comes last, by its id. No limit runs any more in
    what was handed over."""
    due, behind, found = Ticket.due_at, [], []
    last, last_id = _last(cursor, _due_first, _instant_or_none) if cursor else (None, None)
    if last is not None or not cursor:
        if last is not None:
            behind = [due >= last, or_(due > last, and_(due == last, Ticket.id > last_id))]
        ways = [and_(way, due.is_not(None), *behind) for way in search.ways.now]
        found = search.first(ways, due)
        last_id = None
    if len(found) < search.most:
        behind = [Ticket.id > last_id] if last_id else []
        never = [and_(way, due.is_(None)) for way in search.ways.now]
        ways = [and_(way, *behind) for way in (*never, *search.ways.handed_over)]
        found += search.first(ways, UNKNOWN)
    return found[: search.most]


def _due_elsewhere_first(search: _Search, cursor: str | None) -> Found:
    """Only what has a due time from elsewhere, the earliest first."""
    due, behind = Ticket.external_due_at, []
    if cursor:
        last, last_id = _last(cursor, _due_elsewhere_first, parse_instant)
        behind = [due >= last, or_(due > last, and_(due == last, Ticket.id > last_id))]
    return search.first([and_(way, due.is_not(None), *behind) for way in search.ways.now], due)


def _last(
    cursor: str, order: Callable[..., Found], instant: Callable[[Any], Any]
) -> tuple[Any, UUID]:
    """The last row of the page before; raises BadCursor for a page in another order."""

    def same(name: Any) -> None:
        if name != order.__name__:
            raise ValueError(name)

    _, at, ticket_id = decode_cursor(cursor, same, instant, _id)
    return at, ticket_id


def _id(value: Any) -> UUID:
    return UUID(str(value))


def _instant_or_none(value: Any) -> datetime | None:
    return None if value is None else parse_instant(value)
