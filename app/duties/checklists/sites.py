"""The sites of checklists, and how their items stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.catalogue.desk.models import SiteKind, UnitKind
from app.catalogue.desk.queries import ChecklistView, ItemView, desk_known, on_day
from app.duties.checklists.models import ItemState
from app.grid.models import Compound
from app.kernel.clock import shanghai_day
from app.kernel.errors import NotThere
from app.people.models import Organisation, OrganisationType
from app.rounds.queries import Scope
from app.tickets.models import State, Ticket

FIXED = (State.closed,)
GONE = (State.rejected, State.voided, State.withdrawn)
"""A ticket that came to nothing leaves the item missing, and room for another."""


@dataclass(frozen=True, slots=True)
class Site:
    """A unit, or a compound of it, at which a checklist is looked through."""

    unit: Organisation
    compound: Compound | None = None

    @property
    def id(self) -> UUID:
        """What its items are kept under."""
        return self.compound.id if self.compound else self.unit.id

    @property
    def code(self) -> str:
        """By which sites are listed."""
        return self.compound.code if self.compound else self.unit.code


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stands: there, missing, or never seen (None); since when it was last seen so,
    and the ticket under way."""

    view: ItemView
    present: bool | None = None
    seen_on: date | None = None
    ticket: Ticket | None = None


def item_of(view: ItemView, state: ItemState | None) -> Item:
    """How an item stands: one whose ticket was closed after it was last seen is there again."""
    if state is None:
        return Item(view)
    ticket = state.ticket
    if state.present or ticket is None or ticket.state in GONE:
        return Item(view, state.present, state.seen_on)
    closed_at = ticket.closed_at if ticket.state in FIXED else None
    if closed_at is not None and closed_at >= state.seen_at:
        return Item(view, True, shanghai_day(closed_at))
    return Item(view, False, state.seen_on, None if closed_at else ticket)


def checklist_named(session: Session, code: str, *, day: date) -> ChecklistView:
    """The checklist with a code that holds on a day; raises NotThere."""
    found = next((c for c in on_day(desk_known(session).checklists, day) if c.code == code), None)
    if found is None:
        raise NotThere("没有这份清单。")
    return found


def unit_kind(unit: Organisation) -> UnitKind | None:
    """The kind of unit that an organisation is by its type."""
    return UnitKind(unit.type.value) if unit.type.value in set(UnitKind) else None


def sites_of(
    session: Session,
    scope: Scope,
    checklist: ChecklistView,
    *,
    after: str | None = None,
    limit: int | None = None,
) -> list[Site]:
    """The sites of a checklist in a scope by code, behind a code; one query. Of squares those that
    were looked at."""
    types = [OrganisationType(each.value) for each in sorted(checklist.units)]
    lasts = or_(Organisation.retired_on.is_(None), Organisation.retired_on > scope.day)
    there = and_(scope.holds(), lasts, Organisation.type.in_(types))
    if checklist.site is SiteKind.compound:
        return _compounds(session, there, scope.day, after, limit)
    asked: Select[Any] = select(Organisation).where(there)
    if checklist.site is SiteKind.square:
        seen = select(ItemState.site_id).where(ItemState.checklist == checklist.code)
        asked = asked.where(Organisation.id.in_(seen))
    if after is not None:
        asked = asked.where(Organisation.code > after)
    rows = session.scalars(asked.order_by(Organisation.code).limit(limit))
    return [Site(unit) for unit in rows]


def _compounds(
    session: Session,
    there: ColumnElement[bool],
    day: date,
    after: str | None,
    limit: int | None,
) -> list[Site]:
    asked = (
        select(Compound)
        .join(Compound.organisation)
        .options(contains_eager(Compound.organisation))
        .where(there, Compound.in_service(day))
    )
    if after is not None:
        asked = asked.where(Compound.code > after)
    rows = session.scalars(asked.order_by(Compound.code).limit(limit))
    return [Site(one.organisation, one) for one in rows]


States = Mapping[tuple[UUID, str], ItemState]


def states_of(session: Session, checklist: ChecklistView, sites: Sequence[Site]) -> States:
    """How the items of some sites stand by site and code, with their tickets; one query."""
    of_them = ItemState.site_id.in_([site.id for site in sites])
    rows = session.scalars(_states().where(ItemState.checklist == checklist.code, of_them))
    return {(row.site_id, row.item): row for row in rows}


def all_states(session: Session, scope: Scope) -> dict[str, dict[tuple[UUID, str], ItemState]]:
    """The same of all checklists and all sites in a scope, by checklist; one query."""
    home = Organisation.id == ItemState.organisation_id
    found: dict[str, dict[tuple[UUID, str], ItemState]] = {}
    for row in session.scalars(_states().join(Organisation, home).where(scope.holds())):
        found.setdefault(row.checklist, {})[row.site_id, row.item] = row
    return found


def _states() -> Select[ItemState]:
    return select(ItemState).options(
        joinedload(ItemState.ticket).load_only(Ticket.number, Ticket.state, Ticket.closed_at)
    )


def items_at(checklist: ChecklistView, site: Site, states: States) -> list[Item]:
    """Every item that a site needs, as it stands."""
    kind = unit_kind(site.unit)
    needed = checklist.items_for(kind) if kind else ()
    return [item_of(view, states.get((site.id, view.code))) for view in needed]
