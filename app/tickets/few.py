"""Tickets in question when they are few: those of a rare word, those changed since a moment ago.

Descriptions are found by their pairs of neighbouring characters (migration 0007): on SQLite in a
full-text table, on PostgreSQL by an index over a function. That gives all tickets that can be meant
and some more; the condition on the text itself decides. A word with many tickets needs no index:
the newest that have it are soon met.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    column,
    func,
    literal,
    select,
    table,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.tickets.models import Ticket
from app.tickets.narrowing import TicketFilter, compounds_named

FEW = 500
"""Reading so many by their ids costs what it costs to meet a page of them among 100,000."""

_words = table("ticket_words", column("ticket_id", Uuid()), column("ticket_words", Text()))
_LAST = chr(0x10FFFF)

Ids = list[Select[Any]]


def few_in_question(session: Session, wanted: TicketFilter) -> Sequence[UUID] | None:
    """The ids among which the tickets asked for are, when they are few.

    They are fetched, not asked for inside the query that uses them: a database that does not know
    how few they are would rather read every ticket in order.
    """
    if wanted.among is not None:
        return wanted.among
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    asked: list[Ids] = []
    if wanted.updated_since is not None:
        since = select(Ticket.id).where(Ticket.updated_at >= wanted.updated_since)
        asked.append([since.order_by(Ticket.updated_at.desc())])
    for word in sorted(wanted.each_word, key=len, reverse=True):
        if len(word) > 1:
            asked.append(_with_word(word, on_postgresql=on_postgresql))
    few = next((ids for ids in asked if _are_few(session, ids)), None)
    if few is None:
        return None
    return session.scalars(union(*(select(ids.subquery()) for ids in few))).all()


def _are_few(session: Session, ids: Ids) -> bool:
    """Counts no further than is needed to know."""
    one = literal(1).label("one")
    rows = (select(each.with_only_columns(one).limit(FEW).subquery()) for each in ids)
    capped = union_all(*rows).limit(FEW).subquery()
    count = session.scalar(select(func.count()).select_from(capped))
    return (count or 0) < FEW


def _with_word(word: str, *, on_postgresql: bool) -> Ids:
    """Of all tickets in whose number, description or compound's name a word can be."""
    begins = _begins_on_postgresql(word) if on_postgresql else _begins(word)
    described = _described_on_postgresql(word) if on_postgresql else _described(word)
    in_compounds = select(Ticket.id).where(Ticket.compound_id.in_(compounds_named(word)))
    return [described, in_compounds, *([select(Ticket.id).where(begins)] if word.isascii() else [])]


def _begins(word: str) -> ColumnElement[bool]:
    return Ticket.number.between(word, word + _LAST)


def _begins_on_postgresql(word: str) -> ColumnElement[bool]:
    """By byte, whatever the collation of the database."""
    first, last = Ticket.number.op("~>=~", is_comparison=True), Ticket.number.op("~<=~")
    both: ColumnElement[bool] = first(word) & last(word + _LAST)
    return both


def _described(word: str) -> Select[Any]:
    plain = "".join(char.lower() if char.isascii() else char for char in word)
    pairs = " AND ".join((one + other).encode().hex() for one, other in pairwise(plain))
    return select(_words.c.ticket_id).where(_words.c.ticket_words.op("MATCH")(pairs))


def _described_on_postgresql(word: str) -> Select[Any]:
    strings = ARRAY(Text())
    known = func.ticket_pairs(Ticket.description, type_=strings)
    return select(Ticket.id).where(known.contains(func.ticket_pairs(word, type_=strings)))
