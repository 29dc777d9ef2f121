"""Tickets with what is shown of them. Each statement is built once: that costs more than asking."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, bindparam, case, cast, exists, func, select
from sqlalchemy.orm import (
    Session,
    aliased,
    defer,
    joinedload,
    load_only,
    selectinload,
    with_expression,
)
from sqlalchemy.orm.attributes import set_committed_value

from app.grid.models import Cell, Compound
from app.people.models import Organisation, Person
from app.photos.evidence import PhotoRole, Verdict
from app.photos.models import Photo
from app.tickets.actions import Action
from app.tickets.models import Leg, SecondLook, Ticket, TicketEvent, TicketPhoto

_NAMED = Organisation.code, Organisation.name
_LEG_IN_A_LIST = (
    *(Leg.ticket_id, Leg.sequence, Leg.organisation_id, Leg.to_at, Leg.as_left),
    *(Leg.outcome, Leg.sent_back, Leg.extension_count),
)
_LOCKED = select(Ticket.id).where(Ticket.id == bindparam("ticket_id")).with_for_update()


def whole_ticket(session: Session, ticket_id: UUID, *, for_update: bool = False) -> Ticket | None:
    """A ticket with its legs and all that it names; for an update it is locked first, and read
    anew."""
    if for_update:
        session.execute(_LOCKED, {"ticket_id": ticket_id})
    named, fresh = {"ids": [ticket_id]}, {"populate_existing": for_update}
    ticket: Ticket | None = session.scalar(_whole(), named, execution_options=fresh)
    if ticket is not None:
        legs = session.scalars(_legs(), named, execution_options=fresh).all()
        set_committed_value(ticket, "legs", list(legs))
    return ticket


@cache
def _whole() -> Select[Any]:
    return select(Ticket).where(_with_ids(Ticket.id)).options(*_with_all_it_names())


def whole() -> tuple[Any, ...]:
    """What a ticket is shown with, in one query and one for its legs."""
    return (*_with_all_it_names(), selectinload(Ticket.legs).joinedload(Leg.organisation))


def _with_all_it_names() -> tuple[Any, ...]:
    return (
        joinedload(Ticket.community),
        joinedload(Ticket.responsible),
        joinedload(Ticket.cell),
        joinedload(Ticket.compound).defer(Compound.outline),
        joinedload(Ticket.reporter).load_only(Person.name),
        joinedload(Ticket.assignee).load_only(Person.name),
    )


@cache
def _legs() -> Select[Any]:
    return (
        select(Leg)
        .where(_with_ids(Leg.ticket_id))
        .options(joinedload(Leg.organisation))
        .order_by(Leg.sequence)
    )


def tickets_listed(session: Session, ids: Sequence[UUID]) -> list[Ticket]:
    """The tickets with these ids in their order, with what a list shows of each."""
    return _in_order(session, _listed(), ids)


def tickets_named(session: Session, ids: Sequence[UUID]) -> list[Ticket]:
    """The tickets with these ids in their order, with what their fields name and no more."""
    return _in_order(session, _named(), ids)


def _in_order(session: Session, asked: Select[Any], ids: Sequence[UUID]) -> list[Ticket]:
    if not ids:
        return []
    found = {ticket.id: ticket for ticket in session.scalars(asked, {"ids": ids})}
    tickets = [found[ticket_id] for ticket_id in ids]
    _give_legs(session, tickets)
    return tickets


def _give_legs(session: Session, tickets: Sequence[Ticket]) -> None:
    legs: dict[UUID, list[Leg]] = {ticket.id: [] for ticket in tickets}
    for leg in session.scalars(_bare_legs(), {"ids": list(legs)}):
        legs[leg.ticket_id].append(leg)
    for ticket in tickets:
        set_committed_value(ticket, "legs", legs[ticket.id])


@cache
def _bare_legs() -> Select[Any]:
    asked = select(Leg).where(_with_ids(Leg.ticket_id)).order_by(Leg.sequence)
    return asked.options(load_only(*_LEG_IN_A_LIST))


@cache
def _listed() -> Select[Any]:
    return select(Ticket).where(_with_ids(Ticket.id)).options(*_with_names_and_cover())


@cache
def _named() -> Select[Any]:
    return select(Ticket).where(_with_ids(Ticket.id)).options(*_with_names())


def listed() -> tuple[Any, ...]:
    """What a ticket is listed with, its cover included, in one query and one for its legs."""
    return (*_with_names_and_cover(), selectinload(Ticket.legs).load_only(*_LEG_IN_A_LIST))


def _with_names_and_cover() -> tuple[Any, ...]:
    before = _photo_in_use(PhotoRole.BEFORE).order_by(TicketPhoto.sequence)
    after = _photo_in_use(PhotoRole.AFTER).order_by(TicketPhoto.sequence.desc())
    return (
        with_expression(Ticket.cover_id, before.limit(1).scalar_subquery()),
        with_expression(Ticket.after_cover_id, after.limit(1).scalar_subquery()),
        *_with_doubts(after),
        *_with_names(),
    )


def _with_names() -> tuple[Any, ...]:
    return (
        defer(Ticket.position),
        joinedload(Ticket.community).load_only(*_NAMED, Organisation.path),
        joinedload(Ticket.responsible).load_only(*_NAMED, Organisation.type),
        joinedload(Ticket.cell).load_only(Cell.code, Cell.name),
        joinedload(Ticket.compound).load_only(Compound.code, Compound.name),
        joinedload(Ticket.reporter).load_only(Person.name),
        joinedload(Ticket.assignee).load_only(Person.name),
    )


def _with_doubts(after: Select[UUID]) -> tuple[Any, ...]:
    """What the rules look at of photos and closings, which a list does not load."""
    newest = after.with_only_columns(TicketPhoto.event_id).limit(1).correlate(Ticket)
    doubtful = aliased(TicketPhoto)
    here = doubtful.ticket_id == Ticket.id, doubtful.verdict == Verdict.CONTRADICTED
    of_newest = doubtful.role == PhotoRole.AFTER, doubtful.event_id == newest.scalar_subquery()
    makers = (
        select(func.aggregate_strings(cast(Photo.maker_id, String), ","))
        .join(doubtful, doubtful.photo_id == Photo.id)
        .where(*here)
    )
    closer = (
        select(TicketEvent.actor_id)
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.action == Action.close.value)
        .order_by(TicketEvent.sequence.desc())
        .limit(1)
    )
    waits = Ticket.second_look == SecondLook.waiting
    return (
        with_expression(Ticket.after_contradicted, exists().where(*here, *of_newest)),
        with_expression(Ticket.contradicted_makers, makers.scalar_subquery()),
        with_expression(Ticket.looked_at_closer_id, case((waits, closer.scalar_subquery()))),
    )


def _photo_in_use(role: PhotoRole) -> Select[UUID]:
    used = TicketPhoto.ticket_id == Ticket.id, TicketPhoto.role == role
    return select(TicketPhoto.photo_id).where(*used)


def timeline_of(session: Session, ticket: Ticket) -> Sequence[TicketEvent]:
    """The timeline, oldest first."""
    return session.scalars(_timeline(), {"ids": [ticket.id]}).all()


@cache
def _timeline() -> Select[Any]:
    return (
        select(TicketEvent)
        .where(_with_ids(TicketEvent.ticket_id))
        .options(
            joinedload(TicketEvent.actor).load_only(Person.name),
            joinedload(TicketEvent.organisation).load_only(*_NAMED),
        )
        .order_by(TicketEvent.sequence)
    )


def photos_of(session: Session, ticket: Ticket) -> Sequence[TicketPhoto]:
    """The photos in use in a ticket, in their order."""
    return session.scalars(_photos(), {"ids": [ticket.id]}).all()


@cache
def _photos() -> Select[Any]:
    return (
        select(TicketPhoto)
        .where(_with_ids(TicketPhoto.ticket_id))
        .options(joinedload(TicketPhoto.photo).joinedload(Photo.blob))
        .order_by(TicketPhoto.sequence)
    )


def _with_ids(column: Any) -> Any:
    return column.in_(bindparam("ids", expanding=True))
