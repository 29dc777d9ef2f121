"""Reminds of limits: finds the tickets of which a rung may have come, and tells what has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from app.catalogue.models import Audience
from app.catalogue.queries import work_calendar
from app.catalogue.reminders import Rung, rungs_in_force
from app.escalations.clocks import running_clock
from app.escalations.ladder import RunningClock, climb
from app.escalations.models import TicketLadder, ToldRung
from app.escalations.wording import news_of
from app.kernel.clock import parse_instant, shanghai_day
from app.kernel.facts import REMINDED_SINCE, deployment_fact, record_fact
from app.kernel.ids import new_id
from app.notices.quiet import quiet_until
from app.notices.service import tell
from app.tickets.indexes import RUNNING, UNCHECKED, UNFILED
from app.tickets.models import Ticket
from app.tickets.telling.people import Recipients
from app.work.service import enqueue

REMIND = "remind_of_limits"
"""The kind of job that reminds, and that goes on where one part was not all."""

AT_ONCE = 50
"""How many tickets are looked at in one transaction: half a second at most, in which nobody else
writes where the database has one writer."""

Instant = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

WAYS: tuple[tuple[TextClause, Instant, Instant], ...] = (
    (RUNNING, Ticket.yellow_at, Ticket.due_at),
    (UNFILED, Ticket.filing_due_at, Ticket.filing_due_at),
    (UNCHECKED, Ticket.check_due_at, Ticket.check_due_at),
)
"""Each clock: whose it is, the first instant past which a rung may have come, and the due time."""


def remind_of_limits(session: Session, now: datetime) -> None:
    """Tells every rung that has come, once, of 50 tickets, and makes the job for the next.

    What comes in the quiet hours waits for their end, unless the limit is for danger. The first
    time it only notes when it began: what was late before that is told by lists, not by a flood.
    """
    if deployment_fact(session, REMINDED_SINCE) is None:
        record_fact(session, REMINDED_SINCE, now.isoformat())
    round_ = _Round(session, now)
    left = AT_ONCE
    for state, first, due in WAYS:
        tickets = session.scalars(to_look_at(state, first, due, now).limit(left)).all()
        for ticket in tickets:
            round_.look_at(ticket, getattr(ticket, due.key))
        left -= len(tickets)
        if not left:
            enqueue(session, REMIND, {}, now=now)
            break
    round_.keep()


def to_look_at(state: TextClause, first: Instant, due: Instant, now: datetime) -> Select[Ticket]:
    """Found by the partial index of the state: what was looked at and has not changed is passed."""
    news: ColumnElement[bool] = or_(
        TicketLadder.ticket_id.is_(None),
        TicketLadder.version != Ticket.version,
        TicketLadder.due_at != due,
        TicketLadder.looked_on != shanghai_day(now),
        TicketLadder.next_at < now,
    )
    return (
        select(Ticket)
        .outerjoin(TicketLadder, TicketLadder.ticket_id == Ticket.id)
        .where(state, first < now, news)
        .order_by(first, Ticket.id)
        .options(
            joinedload(Ticket.community),
            joinedload(Ticket.responsible),
            selectinload(Ticket.legs),
        )
    )


class _Round:
    """One round of reminding: what holds today, and what is told."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._today = shanghai_day(now)
        self._quiet_until = quiet_until(now)
        self._since = parse_instant(deployment_fact(session, REMINDED_SINCE) or now.isoformat())
        self._calendar = work_calendar(session)
        self._recipients = Recipients(session, self._today)
        self._stands: dict[UUID, dict[str, Any]] = {}

    def look_at(self, ticket: Ticket, due: datetime) -> None:
        """Tells what has come of a ticket, and notes where it stands."""
        clock = running_clock(self._session, ticket)
        next_at = None if clock is None else self._climb(ticket, clock)
        self._stands[ticket.id] = {
            "ticket_id": ticket.id,
            "version": ticket.version,
            "due_at": due,
            "looked_on": self._today,
            "next_at": next_at,
        }

    def keep(self) -> None:
        """Writes where the tickets stand that were looked at."""
        if not self._stands:
            return
        fresh = self._insert(TicketLadder)
        columns = ("version", "due_at", "looked_on", "next_at")
        newest = {name: getattr(fresh.excluded, name) for name in columns}
        kept = fresh.on_conflict_do_update(index_elements=["ticket_id"], set_=newest)
        self._session.execute(kept, [self._stands[each] for each in sorted(self._stands)])

    def _climb(self, ticket: Ticket, clock: RunningClock) -> datetime | None:
        """Tells the rungs that have come; when to look again."""
        now, told = self._now, self._told(ticket, clock)
        rungs = rungs_in_force(self._session, day=self._today, town_id=ticket.town_id)
        found = climb(clock, rungs, self._calendar, told=told, since=self._since, now=now)
        if found.come and self._quiet_until and not ticket.limit.is_urgent:
            return self._quiet_until
        for rung in found.passed:
            self._note(ticket, clock, rung)
        for rung in found.come:
            if self._note(ticket, clock, rung):
                audience, people = self._told_to(rung, ticket)
                news = news_of(ticket, clock, audience, now=now)
                tell(self._session, people, news, now=now)
        return found.next_at

    def _told(self, ticket: Ticket, clock: RunningClock) -> Sequence[Rung]:
        asked = select(ToldRung).where(
            ToldRung.ticket_id == ticket.id,
            ToldRung.clock == clock.kind,
            ToldRung.begun == clock.begun,
        )
        rows = self._session.scalars(asked)
        return [Rung(row.clock, row.percent, row.audience) for row in rows]

    def _note(self, ticket: Ticket, clock: RunningClock, rung: Rung) -> bool:
        """Whether nobody has told the rung before."""
        row = self._insert(ToldRung).values(
            id=new_id(),
            ticket_id=ticket.id,
            clock=clock.kind,
            begun=clock.begun,
            percent=rung.percent,
            audience=rung.audience,
            told_at=self._now,
        )
        noted = row.on_conflict_do_nothing(
            index_elements=["ticket_id", "clock", "begun", "percent", "audience"]
        ).returning(ToldRung.id)
        return self._session.scalar(noted) is not None

    def _insert(self, kind: type[TicketLadder | ToldRung]) -> Any:
        postgres = self._session.get_bind().dialect.name == "postgresql"
        return (postgresql if postgres else sqlite).insert(kind)

    def _told_to(self, rung: Rung, ticket: Ticket) -> tuple[Audience, frozenset[UUID]]:
        """Those a rung is for; where there are none, those above them."""
        known, asked = self._recipients, rung.audience
        if asked is Audience.responsible and ticket.responsible is not None:
            assigned = known.instead([ticket.assignee_id] if ticket.assignee_id else [])
            if found := assigned | known.of(ticket.responsible):
                return asked, found
        if asked is not Audience.supervisors and (found := known.of(ticket.community)):
            return Audience.lead, found
        return Audience.supervisors, known.supervisors(ticket.community)
