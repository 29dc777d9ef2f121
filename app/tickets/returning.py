"""Suspended tickets come back by themselves when their date has come: the worker looks for them,
and whoever does something to one before that finds it at work again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.kernel.moments import moment_of
from app.tickets.actions import Action
from app.tickets.handling.standstill import run_on
from app.tickets.handling.timeline import append_event
from app.tickets.models import State, Ticket

AT_ONCE = 200


def resume_due_tickets(session: Session, now: datetime) -> int:
    """Resumes the suspended tickets whose date has come, at most 200; how many there were.

    The limit runs on from now: nobody could act before. The timeline names no person. Doing it
    twice resumes nothing twice.
    """
    due = session.scalars(
        select(Ticket)
        .where(Ticket.suspended_until <= now, Ticket.state == State.suspended)
        .options(joinedload(Ticket.community), selectinload(Ticket.legs))
        .order_by(Ticket.suspended_until, Ticket.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Ticket)
    ).all()
    for ticket in due:
        resume_by_itself(session, ticket, now)
    session.flush()
    return len(due)


def resume_by_itself(session: Session, ticket: Ticket, now: datetime) -> None:
    """Resumes a suspended ticket whose date has come: nobody did, so the timeline names nobody."""
    changes = run_on(session, ticket, now=now)
    ticket.state = State.dispatched
    ticket.version += 1
    ticket.updated_at = now
    append_event(
        session,
        ticket,
        actor=None,
        post=None,
        moment=moment_of(now, None, None),
        action=Action.resume.value,
        from_state=State.suspended,
        changes=changes,
    )
