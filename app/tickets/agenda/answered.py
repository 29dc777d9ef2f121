"""What was answered: requests of an organisation that were decided, and why work came back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.tickets.actions import Action
from app.tickets.models import Leg, Ticket, TicketEvent

DECIDED_WITHIN = timedelta(days=14)
REQUESTS = (Action.send_back, Action.request_extension)
ANSWERS = (
    Action.accept_send_back,
    Action.refuse_send_back,
    Action.grant_extension,
    Action.refuse_extension,
)


def decided(
    session: Session, organisation_ids: Sequence[UUID], *, now: datetime, limit: int
) -> list[Row[Any]]:
    """The newest answers of the last 14 days to what some organisations asked for.

    A row has `ticket_id`, `action` (the answer), `note`, `changes`, `at`, `asked_at`, `total`.
    """
    since = now - DECIDED_WITHIN
    answer, request = aliased(TicketEvent), aliased(TicketEvent)
    newest = _newest_request_before(answer)
    asked = (
        select(
            answer.ticket_id,
            answer.action,
            answer.note,
            answer.changes,
            answer.at,
            request.at.label("asked_at"),
            func.count().over().label("total"),
        )
        .join(request, and_(request.ticket_id == answer.ticket_id, request.sequence == newest))
        .where(
            answer.ticket_id.in_(_changed_since(organisation_ids, since)),
            answer.action.in_(ANSWERS),
            answer.at >= since,
            request.organisation_id.in_(organisation_ids),
        )
        .order_by(answer.at.desc(), answer.ticket_id, answer.sequence.desc())
        .limit(limit)
    )
    return list(session.execute(asked))


def _newest_request_before(answer: Any) -> Any:
    """The sequence of what an answer answers: nothing else is pending in between."""
    earlier = aliased(TicketEvent)
    return (
        select(func.max(earlier.sequence))
        .where(
            earlier.ticket_id == answer.ticket_id,
            earlier.sequence < answer.sequence,
            earlier.action.in_(REQUESTS),
        )
        .scalar_subquery()
    )


def _changed_since(organisation_ids: Sequence[UUID], since: datetime) -> Select[UUID]:
    """The tickets that organisations are or were responsible for, if anything happened since."""
    return (
        select(Leg.ticket_id)
        .join(Ticket, Ticket.id == Leg.ticket_id)
        .where(Leg.organisation_id.in_(organisation_ids), Ticket.updated_at >= since)
    )


def returns_of(session: Session, ticket_ids: Sequence[UUID]) -> dict[UUID, TicketEvent]:
    """Of each of some tickets the newest entry that sent it back to work."""
    if not ticket_ids:
        return {}
    again = (Action.return_, Action.reopen)
    events = session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.action.in_(again))
        .order_by(TicketEvent.sequence)
    )
    return {event.ticket_id: event for event in events}
