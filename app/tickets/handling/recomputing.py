"""Limits that were counted before a year's working days were announced are counted again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.tickets.handling.recounting import recount_clocks
from app.tickets.models import State, Ticket

AT_WORK = (State.dispatched, State.suspended, State.referred)


def recompute_provisional_dues(session: Session, *, now: datetime) -> int:
    """Counts the limits of open tickets again that cross a year announced meanwhile; how many
    tickets changed.

    The limit of the newest leg is counted again when it was provisional and nobody has checked the
    work; filing and checking that wait always are. Nothing is appended to the timeline and the
    version stays: nobody did anything to the ticket.
    """
    waiting = _waiting(session)
    changed = [ticket for ticket in waiting if recount_clocks(session, ticket, judged=True)]
    for ticket in changed:
        ticket.updated_at = now
    session.flush()
    return len(changed)


def _waiting(session: Session) -> Sequence[Ticket]:
    provisional = and_(Ticket.due_provisional, Ticket.state.in_(AT_WORK))
    staged = Ticket.state.in_((State.reported, State.rectified))
    return session.scalars(
        select(Ticket)
        .where(or_(provisional, staged))
        .options(joinedload(Ticket.community), selectinload(Ticket.legs))
        .order_by(Ticket.id)
        .with_for_update(of=Ticket)
    ).all()
