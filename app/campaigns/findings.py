"""What a campaign came upon: the tickets of its place, its months and the six actions. Derived, so
that nobody reports a problem twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.catalogue.models import Action
from app.catalogue.queries import categories_in_force
from app.kernel.clock import day_start, parse_instant
from app.kernel.paging import Page, cut_page, decode_cursor
from app.people.access import Actor
from app.tickets.fetching import tickets_listed
from app.tickets.models import State, Ticket
from app.tickets.queries import visible_to

NOT_FOUND = (State.voided, State.rejected, State.withdrawn)


@dataclass(frozen=True)
class Found:
    """How many problems of an action were found, and how many of them are put right."""

    found: int = 0
    closed: int = 0


def findings_by_action(session: Session, campaign: Campaign, *, day: date) -> dict[Action, Found]:
    """The tickets of a campaign counted by action; at most two queries."""
    actions = _actions(session, campaign, day)
    rows = session.execute(
        select(
            Ticket.category_code,
            func.count(),
            func.sum(case((Ticket.state == State.closed, 1), else_=0)),
        )
        .where(_belongs(campaign, actions))
        .group_by(Ticket.category_code)
    )
    counts = dict.fromkeys(Action, Found())
    for code, found, closed in rows:
        known = counts[actions[code]]
        counts[actions[code]] = Found(known.found + found, known.closed + int(closed))
    return counts


def findings_page(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    *,
    day: date,
    limit: int,
    cursor: str | None,
) -> Page[Ticket]:
    """A page of the tickets of a campaign that the actor sees, the newest first; each has its
    before- and after-picture."""
    asked = select(Ticket.id, Ticket.reported_at).where(
        _belongs(campaign, _actions(session, campaign, day)), visible_to(actor)
    )
    if cursor is not None:
        at, last = decode_cursor(cursor, parse_instant, str)
        later = and_(Ticket.reported_at == at, Ticket.number < last)
        asked = asked.where((Ticket.reported_at < at) | later)
    asked = asked.order_by(Ticket.reported_at.desc(), Ticket.number.desc()).limit(limit + 1)
    ids = [row.id for row in session.execute(asked)]
    tickets = tickets_listed(session, ids)
    return cut_page(tickets, limit, lambda one: (one.reported_at.isoformat(), one.number))


def _actions(session: Session, campaign: Campaign, day: date) -> Mapping[str, Action]:
    """The action of each category that belongs to one."""
    known = categories_in_force(session, day=day, town_id=campaign.town_id)
    return {each.code: each.action for each in known if each.action is not None}


def _belongs(campaign: Campaign, actions: Mapping[str, Action]) -> ColumnElement[bool]:
    """Reported in its place from the first of its month to the day it was completed."""
    conditions = [
        Ticket.compound_id == campaign.compound_id,
        Ticket.category_code.in_(sorted(actions)),
        Ticket.state.not_in(NOT_FOUND),
        Ticket.reported_at >= day_start(date.fromisoformat(f"{campaign.month}-01")),
    ]
    if campaign.completed_on is not None:
        behind = day_start(campaign.completed_on + timedelta(days=1))
        conditions.append(Ticket.reported_at < behind)
    if campaign.area is not None:
        conditions.append(Ticket.area == campaign.area)
    return and_(*conditions)
