"""Reads about tickets: who sees which, lists by keyset, one ticket whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.grid.models import Compound
from app.grid.queries import under_organisation
from app.kernel.clock import parse_instant, shanghai_day
from app.kernel.errors import NotThere
from app.kernel.geo import distance_m
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor, ActorPost, allowing_post, is_community
from app.people.models import Organisation, OrganisationType, Role
from app.photos.evidence import PhotoRole
from app.photos.models import Photo
from app.sla.lights import Light
from app.tickets.intake.repeats import NEAR_M, within_box
from app.tickets.models import OPEN_STATES, Leg, State, Ticket, TicketEvent, TicketPhoto
from app.tickets.workflow import matter_of


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that the actor sees a ticket: those who may act on it, administrators
    above it, and whoever reported it."""
    seen: list[Any] = [Ticket.reporter_id == actor.person_id]
    for post in actor.posts:
        seen.extend(_seen_by_post(post))
    return or_(*seen)


def _seen_by_post(post: ActorPost) -> list[Any]:
    if post.role is Role.supervisor:
        if post.organisation_type is OrganisationType.management_group:
            return [Ticket.community_id.in_(post.given)] if post.given else []
        return [Ticket.town_id == post.town_id]
    if post.role is Role.administrator:
        return [_under(post)]
    answered_for = select(Leg.ticket_id).where(Leg.organisation_id == post.organisation_id)
    of_the_place = [Ticket.community_id == post.organisation_id] if is_community(post) else []
    return [*of_the_place, Ticket.id.in_(answered_for)]


def _under(post: ActorPost) -> ColumnElement[bool]:
    if post.organisation_type is OrganisationType.town:
        return Ticket.town_id == post.organisation_id
    towns = select(Organisation.id).where(
        Organisation.path >= post.path, Organisation.path < post.path + "g"
    )
    return Ticket.town_id.in_(towns)


def _whole() -> tuple[Any, ...]:
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
    """The ticket with an id, when the actor sees it; raises NotThere."""
    asked = select(Ticket).where(Ticket.id == ticket_id).options(*_whole())
    if for_update:
        asked = asked.with_for_update(of=Ticket).execution_options(populate_existing=True)
    ticket = session.scalar(asked) if ticket_id else None
    if ticket is None or allowing_post(actor, "tickets.read", matter_of(ticket)) is None:
        raise NotThere("没有这张工单，或不在您的范围内。")
    return ticket


@dataclass(frozen=True)
class TicketFilter:
    """What a list of tickets is narrowed to; None and empty mean all."""

    states: Sequence[State] = ()
    under: Organisation | None = None
    compound: str | None = None
    cell: str | None = None
    category: str | None = None
    responsible: str | None = None
    light: Light | None = None
    mine: bool = False
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    updated_since: datetime | None = None
    words: str | None = None
    by_due: bool = False
    limit: int = field(default=20)
    cursor: str | None = None


def tickets_page(
    session: Session, actor: Actor, wanted: TicketFilter, *, now: datetime
) -> Page[Ticket]:
    """A page of the tickets the actor sees: newest first, or those due first."""
    conditions = _conditions(actor, wanted, now)
    asked: Select[Any] = select(Ticket).where(visible_to(actor), *conditions)
    asked = asked.options(*_whole()).limit(wanted.limit + 1)
    asked = _by_due(asked, wanted) if wanted.by_due else _by_report(asked, wanted)
    rows = session.scalars(asked).all()
    return cut_page(rows, wanted.limit, _due_position if wanted.by_due else _report_position)


def _by_report(asked: Select[Any], wanted: TicketFilter) -> Select[Any]:
    if wanted.cursor:
        at, after = decode_cursor(wanted.cursor, parse_instant, UUID)
        asked = asked.where(
            or_(Ticket.reported_at < at, and_(Ticket.reported_at == at, Ticket.id < after))
        )
    return asked.order_by(Ticket.reported_at.desc(), Ticket.id.desc())


def _by_due(asked: Select[Any], wanted: TicketFilter) -> Select[Any]:
    """The earliest due first; what has no limit running comes last, by its id."""
    if wanted.cursor:
        at, after = decode_cursor(wanted.cursor, _instant_or_none, UUID)
        if at is None:
            asked = asked.where(Ticket.due_at.is_(None), Ticket.id > after)
        else:
            asked = asked.where(
                or_(
                    Ticket.due_at > at,
                    and_(Ticket.due_at == at, Ticket.id > after),
                    Ticket.due_at.is_(None),
                )
            )
    return asked.order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id)


def _instant_or_none(value: Any) -> datetime | None:
    return None if value is None else parse_instant(value)


def _report_position(ticket: Ticket) -> tuple[Any, ...]:
    return ticket.reported_at.isoformat(), str(ticket.id)


def _due_position(ticket: Ticket) -> tuple[Any, ...]:
    return ticket.due_at.isoformat() if ticket.due_at else None, str(ticket.id)


def _conditions(actor: Actor, wanted: TicketFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[Any] = []
    if wanted.states:
        found.append(Ticket.state.in_(wanted.states))
    if wanted.under is not None:
        found.append(_of_organisation(wanted.under, shanghai_day(now)))
    if wanted.compound is not None:
        found.append(Ticket.compound.has(code=wanted.compound))
    if wanted.cell is not None:
        found.append(Ticket.cell.has(code=wanted.cell))
    if wanted.category is not None:
        found.append(Ticket.category_code == wanted.category)
    if wanted.responsible is not None:
        found.append(Ticket.responsible.has(code=wanted.responsible))
    if wanted.light is not None:
        found.append(_has_light(wanted.light, now))
    if wanted.mine:
        found.append(Ticket.reporter_id == actor.person_id)
    return [*found, *_time_conditions(wanted), *_word_conditions(wanted)]


def _time_conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.reported_from is not None:
        found.append(Ticket.reported_at >= wanted.reported_from)
    if wanted.reported_to is not None:
        found.append(Ticket.reported_at <= wanted.reported_to)
    if wanted.updated_since is not None:
        found.append(Ticket.updated_at >= wanted.updated_since)
    return found


def _word_conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    if wanted.words is None:
        return []
    return [
        or_(
            Ticket.number.startswith(wanted.words, autoescape=True),
            Ticket.description.contains(wanted.words, autoescape=True),
            Ticket.compound.has(Compound.name.contains(wanted.words, autoescape=True)),
        )
    ]


def _of_organisation(under: Organisation, day: date) -> ColumnElement[bool]:
    """Its subtree; a company or an enforcement body stands for what it is responsible for."""
    if under.type in (OrganisationType.property_company, OrganisationType.enforcement_body):
        return Ticket.responsible_id == under.id
    if under.type is OrganisationType.town:
        return Ticket.town_id == under.id
    return Ticket.community_id.in_(
        select(Organisation.id).where(under_organisation(under, day=day))
    )


def _has_light(light: Light, now: datetime) -> ColumnElement[bool]:
    running = Ticket.state == State.dispatched
    if light is Light.red:
        return and_(running, Ticket.due_at < now)
    if light is Light.yellow:
        return and_(running, Ticket.due_at >= now, Ticket.yellow_at < now)
    return and_(running, Ticket.yellow_at >= now)


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
            visible_to(actor),
            Ticket.state.in_(OPEN_STATES),
            within_box(lng, lat, NEAR_M),
            Ticket.category_code == category if category else Ticket.id.is_not(None),
        )
        .options(*_whole())
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
