"""Reads about tickets: who sees which, one ticket whole, those near a point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.kernel.errors import NotThere
from app.kernel.geo import distance_m
from app.people.access import Actor, ActorPost, allowing_post
from app.people.models import OrganisationType, Person, Role
from app.people.predicates import RESPONSIBLE_ROLES, is_community
from app.tickets.circumstances import matter_of
from app.tickets.fetching import tickets_listed, whole_ticket
from app.tickets.intake.repeats import NEAR_M, within_box
from app.tickets.models import OPEN_STATES, Leg, Ticket, TicketWitness

_EVERYWHERE = "everywhere"
"""What an administrator of the county sees: a deployment is one county's."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that the actor sees a ticket: those who may act on it, administrators
    above it, whoever reported it, and an organisation that was responsible once."""
    return or_(sees_now(actor), *_once_answered_for(actor))


def sees_now(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that the actor sees a ticket as it is, not as it was handed over."""
    return or_(*ways_of_seeing(actor))


def ways_of_seeing(actor: Actor) -> list[ColumnElement[bool]]:
    """The SQL conditions of which one holds for a ticket that the actor sees as it is; tickets are
    found quickly by each of them."""
    if sees_all(actor):
        return [true()]
    known = {way: None for post in actor.posts for way in _ways_of_post(post)}
    return [*reported_by(actor), *(column == value for column, value in known)]


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees every ticket there is, as an administrator of the county does."""
    return any((_EVERYWHERE, None) in _ways_of_post(post) for post in actor.posts)


def communities_seen(actor: Actor) -> list[UUID]:
    """The communities whose tickets the actor sees for a post there or over them alone; not the
    towns, which no ticket leaves."""
    ways = (way for post in actor.posts for way in _ways_of_post(post))
    return [value for column, value in ways if column is Ticket.community_id and value]


def reported_by(actor: Actor) -> list[ColumnElement[bool]]:
    """The SQL conditions that the actor reported a ticket, or one that was merged into it."""
    witnessed = select(TicketWitness.ticket_id).where(TicketWitness.person_id == actor.person_id)
    return [Ticket.reporter_id == actor.person_id, Ticket.id.in_(witnessed)]


def witnesses_of(session: Session, ticket: Ticket) -> Sequence[Person]:
    """Who reported the same thing in tickets merged into this one, the first first."""
    if not ticket.witness_ids:
        return []
    return session.scalars(
        select(Person)
        .join(TicketWitness, TicketWitness.person_id == Person.id)
        .where(TicketWitness.ticket_id == ticket.id)
        .order_by(TicketWitness.at, Person.id)
    ).all()


def answering(actor: Actor) -> list[UUID]:
    """The actor's organisations that can be responsible, and so can have been."""
    return [post.organisation_id for post in actor.posts_as(*RESPONSIBLE_ROLES)]


def _once_answered_for(actor: Actor) -> list[ColumnElement[bool]]:
    mine = answering(actor)
    legs = select(Leg.ticket_id).where(Leg.organisation_id.in_(mine))
    return [Ticket.id.in_(legs)] if mine else []


def _ways_of_post(post: ActorPost) -> Iterator[tuple[Any, UUID | None]]:
    """A column of tickets and the value it has where the post sees them; EVERYWHERE has none."""
    if post.role is Role.supervisor:
        if post.organisation_type is OrganisationType.management_group:
            yield from ((Ticket.community_id, given) for given in sorted(post.given))
        else:
            yield Ticket.town_id, post.town_id
    elif post.role is Role.administrator:
        if post.organisation_type is OrganisationType.town:
            yield Ticket.town_id, post.organisation_id
        else:
            yield _EVERYWHERE, None
    else:
        if is_community(post):
            yield Ticket.community_id, post.organisation_id
        yield Ticket.responsible_id, post.organisation_id


def ticket_in_sight(
    session: Session, actor: Actor, ticket_id: UUID | None, *, for_update: bool = False
) -> Ticket:
    """The ticket with an id, when the actor sees it; raises NotThere.

    For an update it is locked before it is read, so that all of what is read is of one version.
    """
    ticket = whole_ticket(session, ticket_id, for_update=for_update) if ticket_id else None
    if ticket is None or allowing_post(actor, "tickets.read", matter_of(ticket)) is None:
        raise NotThere("没有这张工单，或不在您的范围内。")
    return ticket


@dataclass(frozen=True)
class Nearby:
    """An open ticket near a point."""

    ticket: Ticket
    metres: float


def open_tickets_nearby(
    session: Session, actor: Actor, *, lng: float, lat: float, category: str | None
) -> list[Nearby]:
    """Open tickets within 30 m of a WGS-84 point that the actor sees, the nearest first."""
    asked = (
        select(Ticket.id, Ticket.lng, Ticket.lat)
        .where(
            sees_now(actor),
            Ticket.state.in_(OPEN_STATES),
            within_box(lng, lat),
            Ticket.category_code == category if category else Ticket.id.is_not(None),
        )
        .limit(100)
    )
    metres = {row.id: distance_m(lng, lat, row.lng, row.lat) for row in session.execute(asked)}
    near = sorted((each for each in metres if metres[each] <= NEAR_M), key=lambda e: metres[e])
    return [Nearby(ticket, metres[ticket.id]) for ticket in tickets_listed(session, near)]
