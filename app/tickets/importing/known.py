"""What is a ticket already: by its township, where it came from, and its number there."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.tickets.models import State, Ticket
from app.tickets.words import Source

Number = tuple[UUID, Source, str]


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket that is there."""

    id: UUID
    number: str


def known_numbers(
    session: Session, towns: Iterable[UUID], numbers: Iterable[str]
) -> dict[Number, KnownTicket]:
    """The tickets of some townships that came from elsewhere under some numbers, the first of
    each; what was taken back does not count."""
    rows = session.execute(
        select(Ticket.town_id, Ticket.source, Ticket.external_number, Ticket.id, Ticket.number)
        .where(
            Ticket.town_id.in_(list(towns)),
            Ticket.external_number.in_(set(numbers)),
            Ticket.state != State.withdrawn,
        )
        .order_by(Ticket.reported_at.desc(), Ticket.id.desc())
    )
    return {
        (row.town_id, row.source, row.external_number): KnownTicket(row.id, row.number)
        for row in rows
        if row.external_number is not None
    }
