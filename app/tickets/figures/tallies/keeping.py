"""Counts in advance: what was written and what time has changed, a part in each transaction.

A ticket is counted by the rules as it is now; what it was last counted as is taken away, what it
counts as is added, and the note that it was written goes, all or nothing. So the tallies are at
every moment the sum of what the tickets were last counted as, and `reading.py` makes up for the
rest.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import rows_changed
from app.tickets.figures.tallies.instants import Between, rules_in_force, valid_between
from app.tickets.figures.tallies.models import CountedTicket, Tally, TallyState, UncountedTicket
from app.tickets.figures.tallies.shares import (
    COUNTS,
    Share,
    figure_shares,
    list_shares,
    read,
    written,
)
from app.tickets.figures.tallies.sums import Amount, Cell, Sums
from app.tickets.models import Ticket

AT_ONCE = 300
"""How many tickets are counted in one transaction: on SQLite others wait for it to end."""

NAMES = ("total", *(f"count_{number}" for number in range(1, COUNTS + 1)))
"""The columns of an amount, in its order."""


def something_to_count(session: Session, now: datetime) -> bool:
    """Whether tallies are behind."""
    state = session.scalar(select(TallyState))
    if state is None or not state.built or state.rules != rules_in_force():
        return state is not None
    noted = session.scalar(select(UncountedTicket.id).limit(1)) is not None
    return noted or session.execute(_passed(now, 1)).first() is not None


def count_in_advance(session: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Counts some hundred tickets; how many, at least one while something is left to do and no
    other worker is at it.

    Tallies by other rules than today's are thrown away first, and all tickets gone through.
    """
    state = session.scalar(select(TallyState).with_for_update(skip_locked=True))
    if state is None:
        return 0
    state.revision += 1
    if state.rules != rules_in_force():
        begin_anew(session, state)
        return 1
    ids = _uncounted(session, now, at_once) if state.built else _next(session, state, at_once)
    _count(session, ids, now)
    session.flush()
    return max(1, len(ids))


def begin_anew(session: Session, state: TallyState) -> None:
    """Forgets all tallies. The notes go too: their tickets are gone through, and later than this,
    so as they are then."""
    for table in (Tally, CountedTicket, UncountedTicket):
        session.execute(delete(table))
    state.rules, state.built, state.walked_to = rules_in_force(), False, None


def _next(session: Session, state: TallyState, at_once: int) -> Sequence[UUID]:
    asked = select(Ticket.id).order_by(Ticket.id).limit(at_once)
    if state.walked_to is not None:
        asked = asked.where(Ticket.id > state.walked_to)
    ids = session.scalars(asked).all()
    state.built = len(ids) < at_once
    state.walked_to = ids[-1] if ids else state.walked_to
    return ids


def _uncounted(session: Session, now: datetime, at_once: int) -> Sequence[UUID]:
    """Those written longest ago; then those that a limit passed, if there is room."""
    noted = select(UncountedTicket).order_by(UncountedTicket.id).limit(at_once)
    notes = session.scalars(noted).all()
    # One by one: a note with a smaller number may be seen only when its transaction ends.
    seen = delete(UncountedTicket).where(UncountedTicket.id.in_([note.id for note in notes]))
    rows_changed(session, seen.execution_options(synchronize_session=False))
    ids = dict.fromkeys(note.ticket_id for note in notes)
    if len(notes) < at_once:
        ids |= dict.fromkeys(session.scalars(_passed(now, at_once)))
    return list(ids)


def _passed(now: datetime, most: int) -> Select[UUID]:
    """Tickets counted before a limit passed, or by a clock that was ahead."""
    limits = (CountedTicket.valid_until < now, CountedTicket.valid_from > now)
    parts = [select(CountedTicket.ticket_id).where(limit).limit(most) for limit in limits]
    both = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return select(both.c.ticket_id)


def _count(session: Session, ids: Sequence[UUID], now: datetime) -> None:
    sums = Sums()
    for shares in counted_as(session, ids):
        sums.add(shares, -1)
    figures, listed = figure_shares(session, ids, now), list_shares(session, ids, now)
    found = {one: figures.get(one, []) + listed[one] for one in ids if one in listed}
    for shares in found.values():
        sums.add(shares)
    _keep(session, ids, found, valid_between(session, ids, now))
    _add(session, sums.changed())


def counted_as(session: Session, ids: Sequence[UUID]) -> list[list[Share]]:
    """What each of some tickets was last counted as, of those that were; one query."""
    asked = select(CountedTicket.shares).where(CountedTicket.ticket_id.in_(ids))
    return [read(kept) for kept in session.scalars(asked)] if ids else []


def _keep(
    session: Session,
    ids: Sequence[UUID],
    found: dict[UUID, list[Share]],
    between: dict[UUID, Between],
) -> None:
    known = delete(CountedTicket).where(CountedTicket.ticket_id.in_(ids))
    session.execute(known.execution_options(synchronize_session=False))
    rows = []
    for ticket_id, shares in found.items():
        since, until = between[ticket_id]
        kept = {"ticket_id": ticket_id, "shares": written(shares)}
        rows.append({**kept, "valid_from": since, "valid_until": until})
    if rows:
        session.connection().execute(insert(CountedTicket.__table__), rows)  # type: ignore[arg-type]


def _add(session: Session, amounts: dict[Cell, Amount]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(Tally.__table__)
    added = {name: Tally.__table__.c[name] + fresh.excluded[name] for name in NAMES}
    asked = fresh.on_conflict_do_update(index_elements=list(Cell._fields), set_=added)
    rows = [
        {**cell._asdict(), **dict(zip(NAMES, amount, strict=True))}
        for cell, amount in amounts.items()
    ]
    if rows:
        session.connection().execute(asked, rows)
