"""What a viewer of a ticket may know: all of it, without the reporter, or as it was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.access import (
    Actor,
    administrator_of_the_place,
    any_of,
    reported_it,
    staff_of_the_place,
)
from app.people.models import Role
from app.tickets.models import Ticket, TicketPhoto
from app.tickets.queries import visible_to
from app.tickets.workflow import matter_of

_knows_reporter = any_of(staff_of_the_place, reported_it, administrator_of_the_place)


@dataclass(frozen=True)
class Sight:
    """How much of one ticket a viewer sees.

    `whole`: with the reporter, and the reporter's device and fix. `until`: the hand-over, for an
    organisation that was responsible and is no longer.
    """

    whole: bool
    until: datetime | None = None


def sight_of(actor: Actor, ticket: Ticket) -> Sight:
    """What the actor sees of a ticket that is visible to them."""
    if _knows_reporter(actor, matter_of(ticket)):
        return Sight(whole=True)
    if ticket.responsible_id in actor.organisation_ids:
        return Sight(whole=_is_staff(actor, ticket))
    ends = [leg.to_at for leg in ticket.legs if leg.organisation_id in actor.organisation_ids]
    return Sight(whole=False, until=max((end for end in ends if end), default=None))


def _is_staff(actor: Actor, ticket: Ticket) -> bool:
    """A community that answers for a neighbour's ticket is staff too, not a company."""
    posts = actor.posts_as(Role.warden, Role.lead)
    return any(post.organisation_id == ticket.responsible_id for post in posts)


def photos_seen_in_tickets(session: Session, actor: Actor, photo_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some photos that the actor sees because a visible ticket uses them, and used them
    before the ticket was handed over."""
    rows = session.execute(
        select(TicketPhoto.photo_id, TicketPhoto.attached_at, Ticket)
        .join(Ticket, Ticket.id == TicketPhoto.ticket_id)
        .where(TicketPhoto.photo_id.in_(photo_ids), visible_to(actor))
    ).all()
    seen = set()
    for row in rows:
        until = sight_of(actor, row.Ticket).until
        if until is None or row.attached_at <= until:
            seen.add(row.photo_id)
    return seen


def is_used_in_a_ticket(session: Session, photo_id: UUID) -> bool:
    """Whether a ticket uses a photo."""
    used = select(TicketPhoto.id).where(TicketPhoto.photo_id == photo_id).limit(1)
    return session.scalar(used) is not None


def tickets_seen(session: Session, actor: Actor, ticket_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some tickets that the actor sees."""
    asked = select(Ticket.id).where(Ticket.id.in_(ticket_ids), visible_to(actor))
    return set(session.scalars(asked))
