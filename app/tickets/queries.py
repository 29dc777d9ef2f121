"""Reads about tickets: who sees which, one ticket whole, those near a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.kernel.errors import NotThere
from app.kernel.geo import distance_m
from app.people.access import Actor, ActorPost, allowing_post, is_community
from app.people.models import Organisation, OrganisationType, Person, Role
from app.photos.evidence import PhotoRole
from app.photos.models import Photo
from app.tickets.intake.repeats import NEAR_M, within_box
from app.tickets.models import OPEN_STATES, Leg, Ticket, TicketEvent, TicketPhoto, TicketWitness
from app.tickets.workflow import matter_of


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that the actor sees a ticket: those who may act on it, administrators
    above it, whoever reported it, and an organisation that was responsible once."""
    return or_(sees_now(actor), *_once_answered_for(actor))


def sees_now(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that the actor sees a ticket as it is, not as it was handed over."""
    seen: list[Any] = [reported_by(actor)]
    for post in actor.posts:
        seen.extend(_seen_by_post(post))
    return or_(*seen)


def reported_by(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that the actor reported a ticket, or one that was merged into it."""
    witnessed = select(TicketWitness.ticket_id).where(TicketWitness.person_id == actor.person_id)
    return or_(Ticket.reporter_id == actor.person_id, Ticket.id.in_(witnessed))


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
    roles = (Role.warden, Role.lead, Role.property_staff, Role.enforcement_staff)
    return [post.organisation_id for post in actor.posts_as(*roles)]


def _once_answered_for(actor: Actor) -> list[ColumnElement[bool]]:
    mine = answering(actor)
    legs = select(Leg.ticket_id).where(Leg.organisation_id.in_(mine))
    return [Ticket.id.in_(legs)] if mine else []


def _seen_by_post(post: ActorPost) -> list[Any]:
    if post.role is Role.supervisor:
        if post.organisation_type is OrganisationType.management_group:
            return [Ticket.community_id.in_(post.given)] if post.given else []
        return [Ticket.town_id == post.town_id]
    if post.role is Role.administrator:
        return [_under(post)]
    of_the_place = [Ticket.community_id == post.organisation_id] if is_community(post) else []
    return [*of_the_place, Ticket.responsible_id == post.organisation_id]


def _under(post: ActorPost) -> ColumnElement[bool]:
    if post.organisation_type is OrganisationType.town:
        return Ticket.town_id == post.organisation_id
    towns = select(Organisation.id).where(
        Organisation.path >= post.path, Organisation.path < post.path + "g"
    )
    return Ticket.town_id.in_(towns)


def whole() -> tuple[Any, ...]:
    """What a ticket is shown with, in one query and one for its legs."""
    return (
        joinedload(Ticket.community),
        joinedload(Ticket.responsible),
        joinedload(Ticket.cell),
        joinedload(Ticket.compound),
        joinedload(Ticket.reporter),
        joinedload(Ticket.assignee),
        selectinload(Ticket.legs).joinedload(Leg.organisation),
    )


def ticket_in_sight(
    session: Session, actor: Actor, ticket_id: UUID | None, *, for_update: bool = False
) -> Ticket:
    """The ticket with an id, when the actor sees it; raises NotThere.

    For an update it is locked before it is read, so that all of what is read is of one version.
    """
    asked = select(Ticket).where(Ticket.id == ticket_id).options(*whole())
    if for_update and ticket_id:
        session.execute(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update())
        asked = asked.execution_options(populate_existing=True)
    ticket = session.scalar(asked) if ticket_id else None
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
        select(Ticket)
        .where(
            sees_now(actor),
            Ticket.state.in_(OPEN_STATES),
            within_box(lng, lat, NEAR_M),
            Ticket.category_code == category if category else Ticket.id.is_not(None),
        )
        .options(*whole())
        .limit(100)
    )
    found = [
        Nearby(ticket, distance_m(lng, lat, ticket.lng, ticket.lat))
        for ticket in session.scalars(asked)
        if ticket.lng is not None and ticket.lat is not None
    ]
    near = [each for each in found if each.metres <= NEAR_M]
    return sorted(near, key=lambda each: each.metres)


def timeline_of(session: Session, ticket: Ticket) -> Sequence[TicketEvent]:
    """The timeline, oldest first."""
    return session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id)
        .options(joinedload(TicketEvent.actor), joinedload(TicketEvent.organisation))
        .order_by(TicketEvent.sequence)
    ).all()


def photos_of(session: Session, ticket: Ticket) -> Sequence[TicketPhoto]:
    """The photos in use in a ticket, in their order."""
    return session.scalars(
        select(TicketPhoto)
        .where(TicketPhoto.ticket_id == ticket.id)
        .options(joinedload(TicketPhoto.photo).joinedload(Photo.blob))
        .order_by(TicketPhoto.sequence)
    ).all()


def covers_of(session: Session, tickets: Sequence[Ticket]) -> dict[UUID, UUID]:
    """The first before-photo of each ticket, by ticket."""
    first = (
        select(TicketPhoto.ticket_id, func.min(TicketPhoto.sequence).label("sequence"))
        .where(
            TicketPhoto.ticket_id.in_([ticket.id for ticket in tickets]),
            TicketPhoto.role == PhotoRole.BEFORE,
        )
        .group_by(TicketPhoto.ticket_id)
        .subquery()
    )
    rows = session.execute(
        select(TicketPhoto.ticket_id, TicketPhoto.photo_id).join(
            first,
            and_(
                TicketPhoto.ticket_id == first.c.ticket_id,
                TicketPhoto.sequence == first.c.sequence,
            ),
        )
    )
    return {row.ticket_id: row.photo_id for row in rows}
