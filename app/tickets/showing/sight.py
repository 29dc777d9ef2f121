"""What a viewer of a ticket may know: all of it, without the reporter, or as it was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.grid.models import Compound
from app.people.access import Actor
from app.people.models import Role
from app.people.predicates import (
    administrator_of_the_place,
    any_of,
    reported_it,
    staff_of_the_place,
    witnessed_it,
)
from app.photos.access import SeenThrough, seen_columns
from app.tickets.actions import Action
from app.tickets.circumstances import matter_of_place
from app.tickets.models import Leg, Ticket, TicketEvent, TicketPhoto
from app.tickets.queries import visible_to

_knows_reporter = any_of(staff_of_the_place, reported_it, witnessed_it, administrator_of_the_place)


@dataclass(frozen=True)
class Sight:
    """How much of one ticket a viewer sees.

    `whole`: with the reporter, and the reporter's device and fix. `left`: the last leg of an
    organisation that was responsible and is no longer; the viewer sees the ticket as it was then.
    """

    whole: bool
    left: Leg | None = None

    @property
    def as_left(self) -> dict[str, Any]:
        """What the ticket was when it was handed over; empty while it is not."""
        return (self.left.as_left or {}) if self.left else {}

    @property
    def version(self) -> int | None:
        """The version that the hand-over made: the last one in sight; None: no end."""
        return self.as_left.get("version")

    def holds_event(self, sequence: int) -> bool:
        """Whether an entry of the timeline is in sight; the hand-over itself is the last."""
        return self.version is None or sequence <= self.version

    def shows(self, event: TicketEvent, actor: Actor) -> bool:
        """The same; who explained a photo after the hand-over sees what they said."""
        own = event.action == Action.explain and event.actor_id == actor.person_id
        return own or self.holds_event(event.sequence)

    def holds_photos(self, sequence: int) -> bool:
        """Whether the photos of an entry of the timeline are in sight: those before the
        hand-over."""
        return self.version is None or sequence < self.version


def sight_of(actor: Actor, ticket: Ticket) -> Sight:
    """What the actor sees of a ticket that is visible to them."""
    if _knows_reporter(actor, matter_of_place(ticket)):
        return Sight(whole=True)
    if ticket.responsible_id in actor.organisation_ids:
        return Sight(whole=_is_staff(actor, ticket))
    mine = [leg for leg in ticket.legs if leg.organisation_id in actor.organisation_ids]
    return Sight(whole=False, left=mine[-1] if mine else None)


def _is_staff(actor: Actor, ticket: Ticket) -> bool:
    """A community that answers for a neighbour's ticket is staff too, not a company."""
    posts = actor.posts_as(Role.warden, Role.lead)
    return any(post.organisation_id == ticket.responsible_id for post in posts)


def _used_in_tickets(actor: Actor, photo_ids: Sequence[UUID]) -> Select[Any]:
    return (
        select(*seen_columns(TicketPhoto.photo_id, Ticket.id, TicketEvent.sequence))
        .join(Ticket, Ticket.id == TicketPhoto.ticket_id)
        .join(TicketEvent, TicketEvent.id == TicketPhoto.event_id)
        .where(TicketPhoto.photo_id.in_(photo_ids), visible_to(actor))
    )


def _used_before_handed_over(
    session: Session, actor: Actor, rows: Sequence[Row[*tuple[Any, ...]]]
) -> set[UUID]:
    """Those that a visible ticket used before it was handed over; one query."""
    named = joinedload(Ticket.community), joinedload(Ticket.legs).joinedload(Leg.organisation)
    asked = select(Ticket).options(*named).where(Ticket.id.in_({row[2] for row in rows}))
    tickets = {ticket.id: ticket for ticket in session.scalars(asked).unique()}
    return {row[1] for row in rows if sight_of(actor, tickets[row[2]]).holds_photos(row[3])}


SEEN_IN_TICKETS = SeenThrough(_used_in_tickets, _used_before_handed_over)


def is_used_in_a_ticket(session: Session, photo_id: UUID) -> bool:
    """Whether a ticket uses a photo."""
    used = select(TicketPhoto.id).where(TicketPhoto.photo_id == photo_id).limit(1)
    return session.scalar(used) is not None


def ticket_numbers_seen(
    session: Session, actor: Actor, ticket_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """The numbers of those of some tickets that the actor sees."""
    if not ticket_ids:
        return {}
    asked = select(Ticket.id, Ticket.number).where(Ticket.id.in_(ticket_ids), visible_to(actor))
    return {row.id: row.number for row in session.execute(asked)}


def tickets_seen(
    session: Session, actor: Actor, ticket_ids: Sequence[UUID], compound: Compound
) -> set[UUID]:
    """Those of some tickets that the actor sees and that can be about a compound: its own, and
    those of its community that name no compound."""
    without = Ticket.compound_id.is_(None) & (Ticket.community_id == compound.organisation_id)
    about_it = or_(Ticket.compound_id == compound.id, without)
    asked = select(Ticket.id).where(Ticket.id.in_(ticket_ids), visible_to(actor), about_it)
    return set(session.scalars(asked))
