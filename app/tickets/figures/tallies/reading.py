"""What was counted in advance, made exact for the instant of asking.

Tallies hold what tickets were last counted as. Of those that were written since, or that a limit
passed, that is taken away and what they count as now is added: a few hundred at most where a worker
runs. A worker that counts in between is noticed by the revision, and the reading begins again;
nobody waits for anybody.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from app.tickets.figures.tallies.instants import rules_in_force
from app.tickets.figures.tallies.keeping import NAMES, counted_as
from app.tickets.figures.tallies.models import CountedTicket, Tally, TallyState, UncountedTicket
from app.tickets.figures.tallies.shares import Share
from app.tickets.figures.tallies.sums import STANDING_ON, Amount, Cell, Span, Sums

MOST_TO_CORRECT = 2000
"""With more tickets to count again it is quicker to count them all, until a worker has come."""

TRIES = 3

SharesOf = Callable[[Session, Sequence[UUID], datetime], dict[UUID, list[Share]]]
Groups = dict[tuple[str, str], Amount]
"""Amounts by the key of the group and by what is counted; none of them is nothing."""


def groups_tallied(
    session: Session, dimension: str, wanted: Iterable[Span], shares_of: SharesOf, now: datetime
) -> Groups | None:
    """The groups of a dimension over some spans, as the tickets are at an instant; five queries.

    None where there are no tallies to be used: the caller counts the tickets.
    """
    asked = list(wanted)
    for _ in range(TRIES):
        revision = usable_revision(session)
        ids = tickets_to_correct(session, now) if revision is not None else None
        if ids is None:
            return None
        sums = _corrections(session, ids, shares_of, now)
        rows = session.execute(_tallied(dimension, asked)).all()
        if rows[0].revision == revision:
            return _put_together(rows, sums, dimension, asked)
    return None


def usable_revision(session: Session) -> int | None:
    """The revision of the tallies, when they are of all tickets and by the rules of today."""
    asked = select(TallyState.revision).where(
        TallyState.built, TallyState.rules == rules_in_force()
    )
    return session.scalar(asked)


def tickets_to_correct(session: Session, now: datetime) -> list[UUID] | None:
    """Tickets that do not count any more, or not yet, as they were last counted; None when they
    are too many."""
    parts = (
        select(UncountedTicket.ticket_id),
        select(CountedTicket.ticket_id).where(CountedTicket.valid_until <= now),
        select(CountedTicket.ticket_id).where(CountedTicket.valid_from >= now),
    )
    limited = [part.limit(MOST_TO_CORRECT + 1).subquery() for part in parts]
    found = session.scalars(union_all(*(select(part) for part in limited))).all()
    return None if len(found) > MOST_TO_CORRECT else list(dict.fromkeys(found))


def _corrections(session: Session, ids: Sequence[UUID], shares_of: SharesOf, now: datetime) -> Sums:
    sums = Sums()
    for shares in counted_as(session, ids):
        sums.add(shares, -1)
    for shares in shares_of(session, ids, now).values():
        sums.add(shares)
    return sums


def _tallied(dimension: str, wanted: Sequence[Span]) -> Select[*tuple[Any, ...]]:
    """The sums of the tallies; one row without them when there is none, for the revision."""
    parts = [
        select(Tally.key, Tally.counted, *(getattr(Tally, name) for name in NAMES)).where(
            Tally.dimension == dimension,
            Tally.grain == span.grain.value,
            Tally.on_day.between(span.first, span.last),
        )
        for span in wanted
    ]
    rows = union_all(*parts).subquery()
    sums = (func.sum(rows.c[name]).label(name) for name in NAMES)
    groups = select(rows.c.key, rows.c.counted, *sums).group_by(rows.c.key, rows.c.counted)
    found = groups.subquery()
    return select(TallyState.revision, found).outerjoin_from(TallyState, found, TallyState.id > 0)


def _put_together(
    rows: Sequence[Any], sums: Sums, dimension: str, wanted: Sequence[Span]
) -> Groups:
    found = Sums()
    for _, key, counted, *amount in rows:
        if counted is not None:
            found.put(_cell(dimension, key, counted), tuple(map(int, amount)))
    for cell, amount in sums.amounts.items():
        if cell.dimension == dimension and _within(cell, wanted):
            found.put(_cell(dimension, cell.key, cell.counted), amount)
    return {(cell.key, cell.counted): amount for cell, amount in found.changed().items()}


def _within(cell: Cell, wanted: Sequence[Span]) -> bool:
    return any(
        cell.grain == span.grain.value and span.first <= cell.on_day <= span.last for span in wanted
    )


def _cell(dimension: str, key: str, counted: str) -> Cell:
    """Of all days together."""
    return Cell(dimension, "", STANDING_ON, key, counted)
