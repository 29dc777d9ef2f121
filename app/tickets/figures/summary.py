"""Tickets summed up as the list shows them: by state, by place, by who is responsible.

What is counted is what the list would show the same viewer, those handed over as they were then.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from app.grid.models import Cell, Compound
from app.people.access import Actor
from app.people.models import Organisation
from app.sla.lights import Light
from app.tickets.figures.counting import one_if
from app.tickets.figures.grouping import Group
from app.tickets.models import OPEN_STATES, STATE_LABELS, Leg, State, Ticket
from app.tickets.narrowing import (
    NONE,
    TicketFilter,
    as_left,
    as_they_are,
    has_light,
    text_as_left,
)
from app.tickets.queries import answering, reported_by, sees_now, ways_of_seeing


class SummaryBy(StrEnum):
    """What a list is summed up by; an organisation is a community or village."""

    state = "state"
    category = "category"
    organisation = "organisation"
    cell = "cell"
    responsible = "responsible"
    compound = "compound"


@dataclass(frozen=True)
class Sum:
    """One group of a list: how many tickets, how many of them open, how many under each light."""

    group: Group
    total: int
    open: int
    lights: dict[Light, int]


class Row(NamedTuple):
    """Tickets of one code and name that were counted: all, the open ones, those of each light."""

    code: str | None
    name: str | None
    total: int
    open: int
    green: int
    yellow: int
    red: int


@dataclass(frozen=True)
class _Key:
    """Where the code and name of a group are: now, and in what was handed over (None: nowhere)."""

    code: Any
    name: Any
    joined: Any = None
    on: Any = None
    left: tuple[str, ...] | None = None


def _text(column: Any) -> ColumnElement[Any]:
    return type_coerce(column, String())


_KEYS = {
    SummaryBy.state: _Key(Ticket.state, Ticket.state),
    SummaryBy.category: _Key(Ticket.category_code, Ticket.category_name, left=("category",)),
    SummaryBy.organisation: _Key(
        Organisation.code,
        Organisation.name,
        Organisation,
        Organisation.id == Ticket.community_id,
        ("community",),
    ),
    SummaryBy.cell: _Key(Cell.code, Cell.name, Cell, Cell.id == Ticket.cell_id, ("cell",)),
    SummaryBy.responsible: _Key(
        Organisation.code, Organisation.name, Organisation, Organisation.id == Ticket.responsible_id
    ),
    SummaryBy.compound: _Key(
        Compound.code, Compound.name, Compound, Compound.id == Ticket.compound_id, ("compound",)
    ),
}
_NOBODY = {
    SummaryBy.cell: "不在网格内",
    SummaryBy.compound: "不在小区内",
    SummaryBy.responsible: "还没有责任单位",
}


def sums_of_tickets(
    session: Session, actor: Actor, wanted: TicketFilter, by: SummaryBy, *, now: datetime
) -> list[Sum]:
    """A list summed up, the groups in the order of their codes (states in theirs), that of none
    last; one query."""
    parts = [_present(actor, wanted, by, now)]
    handed_over = _handed_over(actor, wanted, by, now)
    if handed_over is not None:
        parts.append(handed_over)
    rows = union_all(*parts).subquery()
    sums = [func.sum(rows.c[name]) for name in ("is_open", *Light)]
    asked = select(rows.c.code, rows.c.name, func.count(), *sums)
    found = session.execute(asked.group_by(rows.c.code, rows.c.name))
    return put_together((Row(*row) for row in found), by)


def put_together(rows: Iterable[Row], by: SummaryBy) -> list[Sum]:
    """The groups by their codes, in their order; one has a name that its tickets have."""
    ordered = sorted(rows, key=_order(by))
    return [_sum(list(group), by) for _, group in groupby(ordered, key=lambda row: row.code)]


def _present(
    actor: Actor, wanted: TicketFilter, by: SummaryBy, now: datetime
) -> Select[*tuple[Any, ...]]:
    key = _KEYS[by]
    ways = reported_by(actor) if wanted.mine else ways_of_seeing(actor)
    states = [Ticket.state.in_(wanted.states)] if wanted.states else []
    asked = select(
        _text(key.code).label("code"),
        _text(key.name).label("name"),
        one_if(Ticket.state.in_(OPEN_STATES)).label("is_open"),
        *(one_if(has_light(light, now)).label(light.value) for light in Light),
    ).select_from(Ticket)
    if key.joined is not None:
        asked = asked.outerjoin(key.joined, key.on)
    return asked.where(or_(false(), *ways), *states, *as_they_are(wanted, now=now))


def _handed_over(
    actor: Actor, wanted: TicketFilter, by: SummaryBy, now: datetime
) -> Select[*tuple[Any, ...]] | None:
    """What the actor's organisations handed over: as the list shows it, and open for others, so
    neither open nor with a light for them."""
    mine = answering(actor)
    conditions = as_left(wanted, mine, now=now) if mine else None
    if conditions is None:
        return None
    code, name = _as_left(by, mine)
    nothing = [literal(0).label(light.value) for light in Light]
    asked = select(code.label("code"), name.label("name"), literal(0).label("is_open"), *nothing)
    return asked.select_from(Ticket).where(_left_by(actor, mine), *conditions)


def _as_left(by: SummaryBy, mine: list[UUID]) -> tuple[Any, Any]:
    path = _KEYS[by].left
    if path is not None:
        return text_as_left(mine, *path, "code"), text_as_left(mine, *path, "name")
    nobodys = by is SummaryBy.responsible
    word = type_coerce(null(), String()) if nobodys else literal(State.dispatched.value, String())
    return word, word


def _left_by(actor: Actor, mine: list[UUID]) -> ColumnElement[bool]:
    left = select(Leg.ticket_id).where(Leg.organisation_id.in_(mine), Leg.as_left.is_not(None))
    return and_(Ticket.id.in_(left), not_(func.coalesce(sees_now(actor), false())))


def _order(by: SummaryBy) -> Callable[[Any], tuple[bool, Any]]:
    places = {state.value: place for place, state in enumerate(State)}
    if by is SummaryBy.state:
        return lambda row: (False, places[row.code])
    return lambda row: (row.code is None, row.code or "")


def _sum(rows: list[Row], by: SummaryBy) -> Sum:
    code, name = rows[0].code, max(row.name or "" for row in rows)
    if by is SummaryBy.state:
        name = STATE_LABELS[State(str(code))]
    group = Group(NONE, _NOBODY[by]) if code is None else Group(code, name)
    lights = {light: sum(getattr(row, light.value) for row in rows) for light in Light}
    return Sum(group, sum(row.total for row in rows), sum(row.open for row in rows), lights)
