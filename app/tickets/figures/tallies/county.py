"""The KPIs and the list of a whole county, from what was counted in advance."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.access import Actor
from app.people.models import Organisation, OrganisationType
from app.tickets.figures.counting import NOTHING, Figure, Period, figures_by_group
from app.tickets.figures.definitions import DENOMINATORS, KPIS, Kpi, kpis_of
from app.tickets.figures.grouping import By
from app.tickets.figures.scope import Scope
from app.tickets.figures.summary import Row, Sum, SummaryBy, put_together, sums_of_tickets
from app.tickets.figures.tallies.reading import Asked, Groups, groups_tallied
from app.tickets.figures.tallies.shares import (
    FIGURES_BY,
    LISTS_BY,
    NOBODY,
    figure_shares,
    list_shares,
)
from app.tickets.models import OPEN_STATES, Source, State
from app.tickets.narrowing import TicketFilter
from app.tickets.queries import sees_all

_OF = {denominator.name: kpis_of(denominator) for denominator in DENOMINATORS}

FiguresByGroup = dict[Any, dict[Kpi, Figure]]


def figures_asked(session: Session, scope: Scope, period: Period, by: By | None) -> FiguresByGroup:
    """The figures by the key of each group, counted in advance where that was done."""
    found = figures_tallied(session, scope, period, by)
    return figures_by_group(session, scope, period, by) if found is None else found


def figures_tallied(
    session: Session, scope: Scope, period: Period, by: By | None
) -> FiguresByGroup | None:
    """What `figures_by_group` says, for a whole county; None where it has to be asked."""
    if not scope.countywide or by not in (None, *FIGURES_BY):
        return None
    dimension = by or By.organisation
    days = period.from_on, period.to_on
    asked = Asked(dimension.value, FIGURES_BY.index(dimension), days, {one: one for one in _OF})
    groups = groups_tallied(session, asked, figure_shares, period.now)
    if groups is None:
        return None
    found: FiguresByGroup = {}
    for (key, counted), (total, *counts) in groups.items():
        of_the_group = found.setdefault(_group(by, key), dict.fromkeys(KPIS, NOTHING))
        for kpi, count in zip(_OF[counted], counts, strict=False):
            known = of_the_group[kpi]
            of_the_group[kpi] = Figure(known.numerator + count, known.denominator + total)
    return found


def _group(by: By | None, key: str) -> Any:
    """The key of a group as the counting of tickets gives it."""
    match by:
        case None:
            return ""
        case By.source:
            return Source(key)
        case By.category:
            return key
        case _:
            return UUID(hex=key) if key != NOBODY else None


def sums_asked(
    session: Session, actor: Actor, wanted: TicketFilter, by: SummaryBy, *, now: datetime
) -> list[Sum]:
    """A list summed up, counted in advance where that was done."""
    found = sums_tallied(session, actor, wanted, by, now=now)
    return sums_of_tickets(session, actor, wanted, by, now=now) if found is None else found


def sums_tallied(
    session: Session, actor: Actor, wanted: TicketFilter, by: SummaryBy, *, now: datetime
) -> list[Sum] | None:
    """What `sums_of_tickets` says of all tickets of a county, or of those in some states; None
    where it has to be asked."""
    if by not in LISTS_BY or not _of_the_county(actor, wanted):
        return None
    states = wanted.states or tuple(State)
    names = {
        one.value: one.value if by is SummaryBy.state else _open_or_over(one) for one in states
    }
    asked = Asked(by.value, LISTS_BY.index(by), None, names)
    groups = groups_tallied(session, asked, list_shares, now)
    return None if groups is None else put_together(_rows(session, groups, by), by)


_OPEN, _OVER = "open", "over"


def _open_or_over(state: State) -> str:
    return _OPEN if state in OPEN_STATES else _OVER


def _of_the_county(actor: Actor, wanted: TicketFilter) -> bool:
    """Whether all tickets there are may be listed, by their state at most."""
    under = wanted.under
    if under is not None and under.type is not OrganisationType.county:
        return False
    rest = replace(wanted, states=(), under=None, pending=tuple(wanted.pending))
    return sees_all(actor) and rest == TicketFilter(limit=wanted.limit, cursor=wanted.cursor)


def _rows(session: Session, groups: Groups, by: SummaryBy) -> list[Row]:
    names = _names(session, groups, by)
    found = []
    for (key, state), (total, green, yellow, red, _) in groups.items():
        code, name = (state, state) if by is SummaryBy.state else names[key]
        is_open = total if state == _OPEN or state in OPEN_STATES else 0
        found.append(Row(code, name, total, is_open, green, yellow, red))
    return found


def _names(
    session: Session, groups: Groups, by: SummaryBy
) -> dict[str, tuple[str | None, str | None]]:
    """The code and name of each key; one query for organisations."""
    keys = {key for key, _ in groups}
    if by in (SummaryBy.state, SummaryBy.category):
        return {key: _code_and_name(key) for key in keys}
    ids = [UUID(hex=key) for key in keys if key != NOBODY]
    asked = select(Organisation.id, Organisation.code, Organisation.name)
    rows = session.execute(asked.where(Organisation.id.in_(ids))) if ids else ()
    found = {row.id.hex: (row.code, row.name) for row in rows}
    return {**found, NOBODY: (None, None)}


def _code_and_name(key: str) -> tuple[str, str]:
    code, _, name = key.partition(" ")
    return code, name
