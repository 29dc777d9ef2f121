"""Limits that were counted before a year's working days were announced are counted again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.catalogue.models import Stage
from app.catalogue.queries import work_calendar
from app.sla.limits import Limit, due_at
from app.tickets.handling.clocks import show_limit, stage_due_at, standstills_of
from app.tickets.models import State, Ticket


def recompute_provisional_dues(session: Session, *, now: datetime) -> int:
    """Counts the limits of open tickets again that cross a year announced meanwhile; how many
    tickets changed.

    The limit of the newest leg is counted again when it was provisional and nobody has checked the
    work; filing and checking that wait always are. Nothing is appended to the timeline and the
    version stays: nobody did anything to the ticket.
    """
    changed = [ticket for ticket in _waiting(session) if _recompute(session, ticket)]
    for ticket in changed:
        ticket.updated_at = now
    session.flush()
    return len(changed)


def _waiting(session: Session) -> Sequence[Ticket]:
    provisional = and_(Ticket.due_provisional, Ticket.state == State.dispatched)
    staged = Ticket.state.in_((State.reported, State.rectified))
    return session.scalars(
        select(Ticket)
        .where(or_(provisional, staged))
        .options(selectinload(Ticket.legs))
        .order_by(Ticket.id)
        .with_for_update()
    ).all()


def _recompute(session: Session, ticket: Ticket) -> bool:
    known = (ticket.due_at, ticket.due_provisional, ticket.filing_due_at, ticket.check_due_at)
    town_id = ticket.town_id
    if ticket.due_provisional:
        _recompute_leg(session, ticket)
    if ticket.state is State.reported:
        begun = ticket.filing_restarted_at or ticket.reported_at
        ticket.filing_due_at = stage_due_at(session, Stage.filing, town_id=town_id, start=begun)
    if ticket.state is State.rectified and ticket.rectified_at is not None:
        begun = ticket.rectified_at
        ticket.check_due_at = stage_due_at(session, Stage.checking, town_id=town_id, start=begun)
    return known != (
        ticket.due_at,
        ticket.due_provisional,
        ticket.filing_due_at,
        ticket.check_due_at,
    )


def _recompute_leg(session: Session, ticket: Ticket) -> None:
    leg = ticket.last_leg
    assert leg is not None
    limit = Limit(leg.limit_amount, leg.limit_unit)
    pauses = standstills_of(leg)
    due = due_at(leg.limit_from_at, limit, work_calendar(session), pauses)
    leg.due_at, ticket.due_provisional = due.at, due.provisional
    if leg.to_at is not None:
        leg.in_time = leg.to_at <= leg.due_at
    show_limit(session, ticket, leg)
