"""What a list is narrowed to: conditions on tickets as they are, and on those handed over.

Who handed a ticket over finds it as it was then: dispatched, without a limit, changed last when it
was handed over. What has changed since is looked at only in tickets that the actor sees now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.grid.models import Cell, Compound
from app.grid.queries import under_organisation
from app.kernel.clock import shanghai_day
from app.people.models import COMMUNITY_TYPES, Organisation, OrganisationType, Post
from app.sla.lights import Light
from app.tickets.models import LIT_STATES, Leg, PendingKind, SecondLook, State, Ticket

NONE = "-"
"""Stands for those that are in no cell or compound, or nobody's to put right."""

COMPANIES = (OrganisationType.property_company, OrganisationType.enforcement_body)
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class TicketFilter:
    """What a list of tickets is narrowed to; None and empty mean all, save that `among` no tickets
    there are none. Both ends of the time of report are included."""

    states: Sequence[State] = ()
    under: Organisation | None = None
    compound: str | None = None
    cell: str | None = None
    category: str | None = None
    responsible: str | None = None
    light: Light | None = None
    mine: bool = False
    second_look: SecondLook | None = None
    pending: Sequence[PendingKind] = ()
    assignee: UUID | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    updated_since: datetime | None = None
    words: str | None = None
    among: Sequence[UUID] | None = None
    by_due: bool = False
    by_external_due: bool = False
    limit: int = 20
    cursor: str | None = None

    @property
    def each_word(self) -> list[str]:
        """The words that are asked for, all of them at once."""
        return (self.words or "").split()

    @property
    def in_one_small_place(self) -> bool:
        """Whether a cell, a compound or a community is named, so that few tickets are in question
        whoever asks."""
        of_a_community = self.under is not None and self.under.type in COMMUNITY_TYPES
        in_a_place = self.cell or self.compound
        return of_a_community or (in_a_place is not None and in_a_place != NONE)


def as_they_are(wanted: TicketFilter, *, now: datetime) -> Conditions:
    """The conditions on tickets that the actor sees now; the states are left to the caller."""
    found = [*_reported(wanted), *_now_under(wanted, now)]
    if wanted.compound is not None:
        found.append(_is(Ticket.compound_id, Compound.id, Compound.code, wanted.compound))
    if wanted.cell is not None:
        found.append(_is(Ticket.cell_id, Cell.id, Cell.code, wanted.cell))
    if wanted.category is not None:
        found.append(Ticket.category_code == wanted.category)
    if wanted.responsible is not None:
        code = wanted.responsible
        found.append(_is(Ticket.responsible_id, Organisation.id, Organisation.code, code))
    if wanted.light is not None:
        found.append(has_light(wanted.light, now))
    if wanted.second_look is not None:
        # Spelt out, so that the index of those that wait can be used.
        found.append(Ticket.second_look == literal_column(f"'{wanted.second_look.value}'"))
    if wanted.pending:
        found.append(Ticket.pending_kind.in_(wanted.pending))
    if wanted.assignee is not None:
        found.append(_assigned_to(wanted.assignee))
    if wanted.updated_since is not None:
        found.append(Ticket.updated_at >= wanted.updated_since)
    return [*found, *(_has_word(word, _compound_named(word)) for word in wanted.each_word)]


def as_left(
    wanted: TicketFilter, organisation_ids: Sequence[UUID], *, now: datetime
) -> Conditions | None:
    """The conditions on tickets that some organisations handed over, as they left them; None when
    there can be none."""
    somebodys = wanted.responsible not in (None, NONE)
    of_now = somebodys or wanted.light or wanted.mine or wanted.second_look or wanted.pending
    of_companies = wanted.under is not None and wanted.under.type in COMPANIES
    undispatched = wanted.states and State.dispatched not in wanted.states
    if of_now or wanted.assignee or of_companies or undispatched:
        return None
    found = [*_reported(wanted), *_left_under(wanted, organisation_ids, now)]
    for path, code in (("compound", wanted.compound), ("cell", wanted.cell)):
        if code is not None:
            left = text_as_left(organisation_ids, path, "code")
            found.append(left.is_(None) if code == NONE else left == code)
    if wanted.category is not None:
        found.append(text_as_left(organisation_ids, "category", "code") == wanted.category)
    if wanted.updated_since is not None:
        left_since = select(Leg.ticket_id).where(
            Leg.organisation_id.in_(organisation_ids), Leg.to_at >= wanted.updated_since
        )
        found.append(Ticket.id.in_(left_since))
    for word in wanted.each_word:
        name = text_as_left(organisation_ids, "compound", "name")
        found.append(_has_word(word, name.icontains(word, autoescape=True)))
    return found


def _assigned_to(person_id: UUID) -> ColumnElement[bool]:
    """Assigned to somebody: whose organisation has an index of what it is responsible for."""
    homes = select(Post.organisation_id).where(Post.person_id == person_id)
    return and_(Ticket.assignee_id == person_id, Ticket.responsible_id.in_(homes))


def compounds_named(word: str) -> Any:
    """The ids of the compounds in whose name a word is."""
    return select(Compound.id).where(Compound.name.icontains(word, autoescape=True))


def _compound_named(word: str) -> ColumnElement[bool]:
    return Ticket.compound_id.in_(compounds_named(word))


def _has_word(word: str, in_the_compound: ColumnElement[bool]) -> ColumnElement[bool]:
    """A word begins the number, or is in the description or in the compound's name."""
    return or_(
        Ticket.number.startswith(word, autoescape=True),
        Ticket.description.icontains(word, autoescape=True),
        in_the_compound,
    )


def _is(
    column: InstrumentedAttribute[UUID | None],
    named: InstrumentedAttribute[UUID],
    code: InstrumentedAttribute[str],
    given: str,
) -> ColumnElement[bool]:
    """A column of ids names what has the code given; `-`: it names nothing."""
    if given == NONE:
        return column.is_(None)
    return column == select(named).where(code == given).scalar_subquery()


def text_as_left(organisation_ids: Sequence[UUID], *path: str) -> ColumnElement[Any]:
    """A text of the ticket as one of the organisations left it, the last time that it did."""
    return (
        select(Leg.as_left[path].as_string())
        .where(Leg.ticket_id == Ticket.id, Leg.organisation_id.in_(organisation_ids))
        .order_by(Leg.sequence.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )


def _reported(wanted: TicketFilter) -> Conditions:
    found: Conditions = [] if wanted.among is None else [Ticket.id.in_(wanted.among)]
    if wanted.reported_from is not None:
        found.append(Ticket.reported_at >= wanted.reported_from)
    if wanted.reported_to is not None:
        found.append(Ticket.reported_at <= wanted.reported_to)
    return found


def _now_under(wanted: TicketFilter, now: datetime) -> Conditions:
    """Its subtree; a company or an enforcement body stands for what it is responsible for."""
    under = wanted.under
    if under is None or under.type is OrganisationType.county:
        return []
    if under.type in COMPANIES:
        return [Ticket.responsible_id == under.id]
    if under.type is OrganisationType.town:
        return [Ticket.town_id == under.id]
    if under.type in COMMUNITY_TYPES:
        return [Ticket.community_id == under.id]
    day = shanghai_day(now)
    communities = select(Organisation.id).where(under_organisation(under, day=day))
    return [Ticket.community_id.in_(communities)]


def _left_under(
    wanted: TicketFilter, organisation_ids: Sequence[UUID], now: datetime
) -> Conditions:
    under = wanted.under
    if under is None:
        return []
    if under.type is OrganisationType.town:
        return [Ticket.town_id == under.id]
    day = shanghai_day(now)
    codes = select(Organisation.code).where(under_organisation(under, day=day))
    return [text_as_left(organisation_ids, "community", "code").in_(codes)]


def has_light(light: Light, now: datetime) -> ColumnElement[bool]:
    running = Ticket.state.in_(LIT_STATES)
    if light is Light.red:
        return and_(running, Ticket.due_at < now)
    if light is Light.yellow:
        return and_(running, Ticket.due_at >= now, Ticket.yellow_at < now)
    return and_(running, Ticket.yellow_at >= now)
