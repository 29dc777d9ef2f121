"""What was counted in advance, made exact for the instant of asking.

Tallies hold what tickets were last counted as. Of those that were written since, or that a limit
passed, that is taken away and what they count as now is added: a few hundred at most where a worker
runs. A worker that counts in between is noticed by the revision, and the reading begins again;
nobody waits for anybody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, union_all
from sqlalchemy.orm import Session

from app.tickets.figures.tallies.instants import rules_in_force
from app.tickets.figures.tallies.keeping import NAMES, counted_as
from app.tickets.figures.tallies.models import CountedTicket, Tally, TallyState, UncountedTicket
from app.tickets.figures.tallies.shares import Share
from app.tickets.figures.tallies.sums import (
    NONE_OF_IT,
    STANDING_ON,
    Amount,
    Grain,
    Span,
    added,
    spans,
)

MOST_TO_CORRECT = 2000
"""With more tickets to count again it is quicker to count them all, until a worker has come."""

TRIES = 3

SharesOf = Callable[[Session, Sequence[UUID], datetime], dict[UUID, list[Share]]]
Groups = dict[tuple[str, str], Amount]
"""Amounts by the key of the group and the name of what is counted; none of them is nothing."""


@dataclass(frozen=True)
class Asked:
    """A dimension, which is the n-th among the keys of a share; some days (None: the tickets as
    they stand); and for what is counted the name under which it is added up, others left out."""

    dimension: str
    place: int
    days: tuple[date, date] | None
    names: Mapping[str, str]

    @property
    def spans(self) -> list[Span]:
        """The tallies that make up the days."""
        if self.days is None:
            return [Span(Grain.standing, STANDING_ON, STANDING_ON)]
        return spans(*self.days)

    def group_of(self, share: Share) -> tuple[str, str] | None:
        """Where a share is added; None if nowhere."""
        name = self.names.get(share.counted)
        if name is None or not self._holds(share.on):
            return None
        return share.keys[self.place], name

    def _holds(self, on: date | None) -> bool:
        if self.days is None or on is None:
            return self.days is None and on is None
        return self.days[0] <= on <= self.days[1]


def groups_tallied(
    session: Session, asked: Asked, shares_of: SharesOf, now: datetime
) -> Groups | None:
    """The groups of a dimension, as the tickets are at an instant; five queries.

    None where there are no tallies to be used: the caller counts the tickets.
    """
    if not asked.spans:
        return None
    for _ in range(TRIES):
        revision = usable_revision(session)
        ids = tickets_to_correct(session, now) if revision is not None else None
        if ids is None:
            return None
        before = counted_as(session, ids)
        since = shares_of(session, ids, now).values()
        rows = session.execute(_tallied(asked)).all()
        if rows[0].revision == revision:
            return _put_together(asked, rows, before, since)
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


def _tallied(asked: Asked) -> Select[*tuple[Any, ...]]:
    """The sums of the tallies; one row without them when there is none, for the revision."""
    name = case(asked.names, value=Tally.counted).label("name")
    parts = [
        select(Tally.key, name, *(getattr(Tally, amount) for amount in NAMES)).where(
            Tally.dimension == asked.dimension,
            Tally.grain == span.grain.value,
            Tally.on_day.between(span.first, span.last),
            Tally.counted.in_(sorted(asked.names)),
        )
        for span in asked.spans
    ]
    rows = union_all(*parts).subquery()
    sums = (func.sum(rows.c[amount]).label(amount) for amount in NAMES)
    found = select(rows.c.key, rows.c.name, *sums).group_by(rows.c.key, rows.c.name).subquery()
    return select(TallyState.revision, found).outerjoin_from(TallyState, found, TallyState.id > 0)


def _put_together(
    asked: Asked,
    rows: Sequence[Any],
    before: Iterable[list[Share]],
    since: Iterable[list[Share]],
) -> Groups:
    found: Groups = {}
    for _, key, name, *amount in rows:
        if name is not None:
            found[key, name] = tuple(map(int, amount))
    for times, changes in ((-1, before), (1, since)):
        for share in chain.from_iterable(changes):
            group = asked.group_of(share)
            if group is not None:
                amount = (times * each for each in (1, *share.holds))
                found[group] = added(found.get(group, NONE_OF_IT), amount)
    return {group: amount for group, amount in found.items() if any(amount)}
