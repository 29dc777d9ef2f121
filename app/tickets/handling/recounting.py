"""The clocks of tickets that wait for something are counted again when time itself has changed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.catalogue.models import PausePeriod, Stage
from app.people.models import Organisation
from app.tickets.handling.clocks import count_due, stage_due_at
from app.tickets.models import OPEN_STATES, State, Ticket
from app.work.service import enqueue

RECOUNT = "recount_clocks"
"""The kind of job that counts on where a pause was ordered or ended."""

AT_ONCE = 500
"""How many tickets are counted again in one transaction."""

A_MINUTE = timedelta(minutes=1)


def recount_clocks(session: Session, ticket: Ticket, *, judged: bool = False) -> bool:
    """Counts filing, rectifying and checking again, whichever runs; whether anything changed.

    A leg that ended keeps what was judged; with `judged` it is judged anew if it was provisional.
    """
    known = _clocks(ticket)
    leg = ticket.last_leg
    if leg is not None and leg.to_at is None:
        count_due(session, ticket, leg)
    elif leg is not None and leg.to_at is not None and judged and ticket.due_provisional:
        count_due(session, ticket, leg)
        leg.in_time = leg.to_at <= leg.due_at
    if ticket.state is State.reported:
        begun = ticket.filing_restarted_at or ticket.reported_at
        ticket.filing_due_at = stage_due_at(session, Stage.filing, ticket, start=begun)
    if ticket.state is State.rectified and ticket.rectified_at is not None:
        begun = ticket.rectified_at
        ticket.check_due_at = stage_due_at(session, Stage.checking, ticket, start=begun)
    return known != _clocks(ticket)


def _clocks(ticket: Ticket) -> tuple[object, ...]:
    return (
        ticket.due_at,
        ticket.yellow_at,
        ticket.due_provisional,
        ticket.filing_due_at,
        ticket.check_due_at,
    )


def pause_changed(session: Session, pause: PausePeriod, now: datetime) -> None:
    """Counts the clocks of the open tickets again over which a pause was ordered or ended.

    The first 500 at once; a job a minute later takes all, and with them whatever was reported while
    this went on and could not know of it.
    """
    _recount(session, pause, None, now)
    _count_on(session, pause.id, None, now=now, run_at=now + A_MINUTE)


def recount_under_pause(
    session: Session, pause_id: UUID, *, after: UUID | None, now: datetime
) -> None:
    """Counts the clocks of 500 open tickets under a pause again, those behind an id, and makes the
    job for the next. Doing it twice changes nothing the second time."""
    pause = session.get_one(PausePeriod, pause_id)
    last = _recount(session, pause, after, now)
    if last is not None:
        _count_on(session, pause_id, last, now=now, run_at=now)


def _recount(
    session: Session, pause: PausePeriod, after: UUID | None, now: datetime
) -> UUID | None:
    """The last ticket looked at, when there may be more behind it."""
    asked = _open_tickets_under(pause)
    if after is not None:
        asked = asked.where(Ticket.id > after)
    tickets = session.scalars(asked.order_by(Ticket.id).limit(AT_ONCE)).all()
    for ticket in tickets:
        if recount_clocks(session, ticket):
            ticket.updated_at = now
    session.flush()
    return tickets[-1].id if len(tickets) == AT_ONCE else None


def _open_tickets_under(pause: PausePeriod) -> Select[Ticket]:
    area = pause.organisation
    under = Organisation.path >= area.path, Organisation.path < area.path_end
    asked = (
        select(Ticket)
        .where(
            Ticket.community_id.in_(select(Organisation.id).where(*under)),
            Ticket.state.in_(OPEN_STATES),
        )
        .options(joinedload(Ticket.community), selectinload(Ticket.legs))
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )
    if pause.categories is not None:
        asked = asked.where(Ticket.category_code.in_(pause.categories))
    return asked


def _count_on(
    session: Session, pause_id: UUID, after: UUID | None, *, now: datetime, run_at: datetime
) -> None:
    payload = {"pause": str(pause_id), "after": str(after) if after else None}
    enqueue(session, RECOUNT, payload, now=now, run_at=run_at)
