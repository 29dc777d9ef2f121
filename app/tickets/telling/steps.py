"""Tells of the steps of tickets: the timeline is the outbox, written with every step.

A step waits until a worker has told those whom it concerns, or has found that it concerns nobody.
So telling costs what people do nothing, and is neither lost nor done twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.kernel.clock import shanghai_day
from app.notices.quiet import quiet_until
from app.notices.service import News, tell
from app.sla.limits import LimitUnit
from app.tickets.actions import Action
from app.tickets.models import UNTOLD, Ticket, TicketEvent
from app.tickets.telling.occasions import (
    OCCASIONS,
    TO_THE_RESPONSIBLE,
    TO_WHO_ASKED,
    TO_WHO_REPORTED,
)
from app.tickets.telling.people import Recipients
from app.tickets.telling.phrases import about, sentence

AT_ONCE = 100
STILL_NEWS = timedelta(days=7)
"""What nobody could be told for longer is no news any more: lists show where it stands."""

TOLD = 1
_REQUESTS = (Action.send_back.value, Action.request_extension.value)
_URGENT = sorted(unit for unit in LimitUnit if unit.is_urgent)


def steps_to_tell(session: Session, now: datetime) -> bool:
    """Whether a step waits that may be told now."""
    waiting = select(TicketEvent.id).where(UNTOLD, *_may_be_told(now)).limit(1)
    return session.scalar(waiting) is not None


def tell_steps(session: Session, now: datetime) -> int:
    """Tells those whom 100 steps concern, the oldest first; how many steps there were.

    In the quiet hours only of danger; the rest waits for the morning.
    """
    session.execute(
        update(TicketEvent).where(UNTOLD, TicketEvent.at < now - STILL_NEWS).values(news_state=TOLD)
    )
    events = _waiting(session, now)
    tickets = _tickets(session, {event.ticket_id for event in events})
    recipients = Recipients(session, shanghai_day(now))
    for event in events:
        _tell(session, tickets[event.ticket_id], event, recipients)
        event.news_state = TOLD
    session.flush()
    return len(events)


def _may_be_told(now: datetime) -> tuple[ColumnElement[bool], ...]:
    if quiet_until(now) is None:
        return ()
    concerns_nobody = TicketEvent.action.not_in(sorted(OCCASIONS))
    # One by one: a list of all tickets for danger would be made at every look.
    of_danger = exists().where(Ticket.id == TicketEvent.ticket_id, Ticket.limit_unit.in_(_URGENT))
    return (or_(concerns_nobody, of_danger),)


def _waiting(session: Session, now: datetime) -> Sequence[TicketEvent]:
    return session.scalars(
        select(TicketEvent)
        .where(UNTOLD, *_may_be_told(now))
        .order_by(TicketEvent.at, TicketEvent.ticket_id, TicketEvent.sequence)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=TicketEvent)
    ).all()


def _tickets(session: Session, ids: Iterable[UUID]) -> dict[UUID, Ticket]:
    asked = select(Ticket).where(Ticket.id.in_(sorted(ids)))
    seen = joinedload(Ticket.community), joinedload(Ticket.responsible)
    places = joinedload(Ticket.compound), joinedload(Ticket.cell)
    return {one.id: one for one in session.scalars(asked.options(*seen, *places))}


def _tell(session: Session, ticket: Ticket, event: TicketEvent, recipients: Recipients) -> None:
    """Nobody is told what they did; of what is not so any more, nobody."""
    occasion = OCCASIONS.get(event.action)
    if occasion is None or not occasion.still_so(ticket):
        return
    people = _concerned(session, ticket, event, recipients)
    text = sentence(ticket, occasion.said(ticket, event))
    news = News(occasion.kind, ticket.id, text, about(ticket), urgent=ticket.limit.is_urgent)
    tell(session, people - {event.actor_id}, news, now=event.at)


def _concerned(
    session: Session, ticket: Ticket, event: TicketEvent, recipients: Recipients
) -> frozenset[UUID]:
    if event.action in TO_THE_RESPONSIBLE and ticket.responsible is not None:
        assigned = recipients.instead([ticket.assignee_id] if ticket.assignee_id else [])
        return assigned or recipients.of(ticket.responsible)
    if event.action in TO_WHO_ASKED:
        return recipients.instead(_who_asked(session, event))
    if event.action in TO_WHO_REPORTED:
        witnesses = (UUID(each) for each in ticket.witness_ids)
        return recipients.instead([ticket.reporter_id, *witnesses])
    return frozenset()


def _who_asked(session: Session, event: TicketEvent) -> list[UUID]:
    """Who made the request that a step answers."""
    asked = session.scalar(
        select(TicketEvent.actor_id)
        .where(
            TicketEvent.ticket_id == event.ticket_id,
            TicketEvent.sequence < event.sequence,
            TicketEvent.action.in_(_REQUESTS),
        )
        .order_by(TicketEvent.sequence.desc())
        .limit(1)
    )
    return [asked] if asked else []
