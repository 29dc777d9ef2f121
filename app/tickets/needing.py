"""For how long tickets need their photos."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.catalogue.models import KeptAs
from app.photos.retention.rules import Need
from app.tickets.models import OPEN_STATES, Ticket, TicketPhoto


def needed_by_tickets(session: Session, photo_ids: Sequence[UUID]) -> Iterator[Need]:
    """What each ticket needs of some photos: until it came to its end, or, merged into another,
    until that one did. One query."""
    main = aliased(Ticket)
    asked = (
        select(TicketPhoto.photo_id, Ticket, main)
        .join(Ticket, Ticket.id == TicketPhoto.ticket_id)
        .outerjoin(main, main.id == Ticket.merged_into_id)
        .where(TicketPhoto.photo_id.in_(photo_ids))
    )
    for photo_id, *tickets in session.execute(asked):
        for ticket in tickets:
            if ticket is not None:
                yield Need(photo_id, KeptAs.ticket, _over_at(ticket), ticket.id)


def _over_at(ticket: Ticket) -> datetime | None:
    """When a ticket came to its end; None: it has not."""
    if ticket.state in OPEN_STATES:
        return None
    return ticket.closed_at or ticket.updated_at
