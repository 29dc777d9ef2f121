"""Lists of tickets: narrowed, in order, by keyset.

Who handed a ticket over finds it as it was then: dispatched, without a limit, changed last when it
was handed over. So what has changed since is looked at only in tickets that the actor sees now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, not_, or_, select, true
from sqlalchemy.orm import Session

from app.grid.models import Compound
from app.grid.queries import under_organisation
from app.kernel.clock import parse_instant, shanghai_day
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.people.models import Organisation, OrganisationType
from app.sla.lights import Light
from app.tickets.models import Leg, SecondLook, State, Ticket
from app.tickets.queries import answering, reported_by, sees_now, visible_to, whole


@dataclass(frozen=True)
class TicketFilter:
    """What a list of tickets is narrowed to; None and empty mean all. Both ends of the time of
    report are included."""

    states: Sequence[State] = ()
    under: Organisation | None = None
    compound: str | None = None
    cell: str | None = None
    category: str | None = None
    responsible: str | None = None
    light: Light | None = None
    mine: bool = False
    second_look: SecondLook | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    updated_since: datetime | None = None
    words: str | None = None
    by_due: bool = False
    limit: int = 20
    cursor: str | None = None


def tickets_page(
    session: Session, actor: Actor, wanted: TicketFilter, *, now: datetime
) -> Page[Ticket]:
    """A page of the tickets the actor sees: newest first, or those due first."""
    due = _due_in_sight(actor)
    asked: Select[Any] = select(Ticket, due.label("due")).where(visible_to(actor))
    asked = asked.where(*_conditions(actor, wanted, now)).options(*whole())
    asked = _by_due(asked, wanted, due) if wanted.by_due else _by_report(asked, wanted)
    rows = session.execute(asked.limit(wanted.limit + 1)).all()
    page = cut_page(rows, wanted.limit, _due_position if wanted.by_due else _report_position)
    return Page([row.Ticket for row in page.items], page.next_cursor)


def _by_report(asked: Select[Any], wanted: TicketFilter) -> Select[Any]:
    if wanted.cursor:
        at, after = decode_cursor(wanted.cursor, parse_instant, _id)
        asked = asked.where(
            or_(Ticket.reported_at < at, and_(Ticket.reported_at == at, Ticket.id < after))
        )
    return asked.order_by(Ticket.reported_at.desc(), Ticket.id.desc())


def _by_due(asked: Select[Any], wanted: TicketFilter, due: ColumnElement[Any]) -> Select[Any]:
    """The earliest due first; what was never due comes last, by its id."""
    if wanted.cursor:
        at, after = decode_cursor(wanted.cursor, _instant_or_none, _id)
        behind = and_(due.is_(None), Ticket.id > after)
        if at is not None:
            behind = or_(due > at, and_(due == at, Ticket.id > after), due.is_(None))
        asked = asked.where(behind)
    return asked.order_by(due.is_(None), due, Ticket.id)


def _due_in_sight(actor: Actor) -> ColumnElement[Any]:
    """When a ticket is due, as far as the actor may know."""
    if not answering(actor):
        return Ticket.due_at.expression
    return case((sees_now(actor), Ticket.due_at), else_=None)


def _id(value: Any) -> UUID:
    return UUID(str(value))


def _instant_or_none(value: Any) -> datetime | None:
    return None if value is None else parse_instant(value)


def _report_position(row: Row[Any]) -> tuple[Any, ...]:
    return row.Ticket.reported_at.isoformat(), str(row.Ticket.id)


def _due_position(row: Row[Any]) -> tuple[Any, ...]:
    return row.due.isoformat() if row.due else None, str(row.Ticket.id)


def _conditions(actor: Actor, wanted: TicketFilter, now: datetime) -> list[ColumnElement[bool]]:
    return [
        *_place_conditions(wanted, now),
        *_time_conditions(wanted),
        *_word_conditions(wanted),
        *_progress_conditions(actor, wanted, now),
    ]


def _place_conditions(wanted: TicketFilter, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.under is not None:
        found.append(_of_organisation(wanted.under, shanghai_day(now)))
    if wanted.compound is not None:
        found.append(Ticket.compound.has(code=wanted.compound))
    if wanted.cell is not None:
        found.append(Ticket.cell.has(code=wanted.cell))
    if wanted.category is not None:
        found.append(Ticket.category_code == wanted.category)
    return found


def _time_conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.reported_from is not None:
        found.append(Ticket.reported_at >= wanted.reported_from)
    if wanted.reported_to is not None:
        found.append(Ticket.reported_at <= wanted.reported_to)
    return found


def _word_conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    """Each word begins the number, or is in the description or in the compound's name."""
    return [
        or_(
            Ticket.number.startswith(word, autoescape=True),
            Ticket.description.icontains(word, autoescape=True),
            Ticket.compound.has(Compound.name.icontains(word, autoescape=True)),
        )
        for word in (wanted.words or "").split()
    ]


def _progress_conditions(
    actor: Actor, wanted: TicketFilter, now: datetime
) -> list[ColumnElement[bool]]:
    """What is asked of things that change: of a ticket handed over, as it was then."""
    present: list[ColumnElement[bool]] = []
    if wanted.responsible is not None:
        present.append(Ticket.responsible.has(code=wanted.responsible))
    if wanted.light is not None:
        present.append(_has_light(wanted.light, now))
    if wanted.mine:
        present.append(reported_by(actor))
    if wanted.second_look is not None:
        present.append(Ticket.second_look == wanted.second_look)
    found = [and_(sees_now(actor), *present)] if present else []
    if wanted.states:
        left: ColumnElement[bool] = true() if State.dispatched in wanted.states else false()
        found.append(_as_seen(actor, Ticket.state.in_(wanted.states), left))
    if wanted.updated_since is not None:
        left_since = select(Leg.ticket_id).where(
            Leg.organisation_id.in_(answering(actor)), Leg.to_at >= wanted.updated_since
        )
        now_since = Ticket.updated_at >= wanted.updated_since
        found.append(_as_seen(actor, now_since, Ticket.id.in_(left_since)))
    return found


def _as_seen(
    actor: Actor, present: ColumnElement[bool], left: ColumnElement[bool]
) -> ColumnElement[bool]:
    """A condition on what the actor sees now, and another on what was handed over."""
    if not answering(actor):
        return present
    now = func.coalesce(sees_now(actor), false())
    return or_(and_(now, present), and_(not_(now), left))


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
